//! The ledger from the store alone.

use docpack::records::Manifest;
use docpack::{Digest, ReadError, ReadLimits};
use pipeline::key::{ArtifactPrefix, ObjectKey};
use pipeline::port::StoreError;
use pipeline::receipt::{PriceTable, receipt};
use pipeline::{
    ArtifactStore, Coordinator, DocpackRef, Phase, PipelineError, Ports, StateDocument, Tenant, Timestamp,
};

use crate::docpacks::DocpackRow;
use crate::jobs::{JobRow, repository_id};
use crate::{LOCAL_USER, Ledger, LedgerError};

/// The manifest is the archive's first entry; it lists entries, so it stays below this.
const MANIFEST_READ_BYTES: u64 = 4 << 20;
/// Most are shorter than this.
const FIRST_READ_BYTES: u64 = 64 << 10;

/// What was written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Rebuilt {
    pub n_jobs: u64,
    pub n_docpacks: u64,
    /// Objects that could not be read; they are named in the log.
    pub n_left_out: u64,
}

/// Writes every job and docpack of all tenants into the ledger; what is there already is brought up to date.
///
/// `name_of` finds a repository's own name in its address; `prices` says what jobs cost, and without it no cost is noted.
pub async fn rebuild<P: Ports>(
    ledger: &Ledger,
    coordinator: &Coordinator<P>,
    name_of: impl Fn(&str) -> String,
    prices: Option<&PriceTable>,
) -> Result<Rebuilt, LedgerError> {
    let mut rebuilt = Rebuilt::default();
    for tenant in coordinator.tenants().await? {
        rebuild_tenant(ledger, coordinator, &tenant, &name_of, prices, &mut rebuilt).await?;
    }
    Ok(rebuilt)
}

async fn rebuild_tenant<P: Ports>(
    ledger: &Ledger,
    coordinator: &Coordinator<P>,
    tenant: &Tenant,
    name_of: &impl Fn(&str) -> String,
    prices: Option<&PriceTable>,
    rebuilt: &mut Rebuilt,
) -> Result<(), LedgerError> {
    for state in states(coordinator, tenant, rebuilt).await? {
        ledger.add_user(state.tenant.as_str()).await?;
        let name = name_of(&state.request.source);
        let mut row = JobRow::of(&state, &name);
        if let (Some(prices), true) = (prices, state.phase.is_terminal()) {
            let receipt = receipt(&**coordinator.ports(), &state.tenant, &state.job).await?;
            row.cost_micro_usd = prices.price(&receipt).ok().map(|it| it.total_micro_usd);
        }
        ledger.put_job(&row).await?;
        rebuilt.n_jobs += 1;
        if let Some(row) = docpack_row(coordinator, &state, &name).await? {
            ledger.put_docpack(&row).await?;
            rebuilt.n_docpacks += 1;
        }
    }
    for (owner, job, ordered_at) in coordinator.orders(tenant).await? {
        ledger.put_order(tenant.as_str(), owner.as_str(), job.as_str(), ordered_at.0).await?;
    }
    let (n_docpacks, n_left_out) = unclaimed(ledger, coordinator, tenant).await?;
    rebuilt.n_docpacks += n_docpacks;
    rebuilt.n_left_out += n_left_out;
    Ok(())
}

/// Reads every job, in the order in which they ended: a docpack that several made is the first one's.
async fn states<P: Ports>(
    coordinator: &Coordinator<P>,
    tenant: &Tenant,
    rebuilt: &mut Rebuilt,
) -> Result<Vec<StateDocument>, LedgerError> {
    let mut states = Vec::new();
    for job in coordinator.all_jobs(tenant).await? {
        match coordinator.state(tenant, &job).await {
            Ok(state) => states.push(state),
            Err(PipelineError::NoSuchJob { .. }) => {}
            Err(error) if error.is_of_one_job() => {
                tracing::warn!(job.id = %job, "left out: {error}");
                rebuilt.n_left_out += 1;
            }
            Err(error) => return Err(error.into()),
        }
    }
    states.sort_by_key(|state| (state.phases.last().map(|last| last.at), state.job.clone()));
    Ok(states)
}

/// Reads what a list shows of the docpack of a job that has one.
pub async fn docpack_row<P: Ports>(
    coordinator: &Coordinator<P>,
    state: &StateDocument,
    name: &str,
) -> Result<Option<DocpackRow>, LedgerError> {
    let (Some(result), Some(last)) = (&state.result, state.phases.last()) else { return Ok(None) };
    let key = result.key(&state.tenant);
    let Some(manifest) = manifest(coordinator.ports().store(), &key).await? else { return Ok(None) };
    let repository = repository_id(&state.request.source);
    let row = row(&manifest, result, &key, Some((state, last.at)), repository, name);
    Ok(Some(row))
}

/// Adds docpacks whose job was forgotten; when they were made is then the commit's time.
async fn unclaimed<P: Ports>(
    ledger: &Ledger,
    coordinator: &Coordinator<P>,
    tenant: &Tenant,
) -> Result<(u64, u64), LedgerError> {
    let (mut n_docpacks, mut n_left_out) = (0, 0);
    let store = coordinator.ports().store();
    let keys = store.list(&ArtifactPrefix::Docpacks.of(tenant)).await.map_err(PipelineError::from)?;
    for key in keys {
        let Some((docpack_id, archive_sha256)) = digests_of(&key) else { continue };
        if ledger.docpack(tenant.as_str(), &docpack_id.to_string()).await?.is_some() {
            continue;
        }
        let Some(manifest) = manifest(coordinator.ports().store(), &key).await? else {
            n_left_out += 1;
            continue;
        };
        let size_bytes = size_of(store, &key).await?;
        let result = DocpackRef { docpack_id, archive_sha256, size_bytes };
        let source = manifest.source.repo_url.clone().unwrap_or_default();
        let name = source.rsplit('/').next().unwrap_or_default().to_owned();
        ledger.add_user(tenant.as_str()).await?;
        let of_tenant = row(&manifest, &result, &key, None, repository_id(&source), &name);
        ledger.put_docpack(&DocpackRow { owner: tenant.to_string(), ..of_tenant }).await?;
        n_docpacks += 1;
    }
    Ok((n_docpacks, n_left_out))
}

fn row(
    manifest: &Manifest,
    result: &DocpackRef,
    key: &ObjectKey,
    made_by: Option<(&StateDocument, Timestamp)>,
    repository: String,
    name: &str,
) -> DocpackRow {
    let committed_at = manifest.created_at.replace('Z', ".000Z").parse().unwrap_or_default();
    let source = &manifest.source;
    DocpackRow {
        owner: made_by.map_or(LOCAL_USER, |(state, _)| state.tenant.as_str()).to_owned(),
        id: result.docpack_id.to_string(),
        job_id: made_by.map(|(state, _)| state.job.to_string()),
        repository,
        name: name.to_owned(),
        repo_url: source.repo_url.clone(),
        git_ref: source.git_ref.clone(),
        commit_hash: source.commit_hash.clone(),
        is_partial: made_by.map_or(!manifest.missing.is_empty(), |(state, _)| state.phase == Phase::Partial),
        checksum: result.archive_sha256.to_string(),
        size_bytes: result.size_bytes,
        storage_url: key.to_string(),
        // Accounts know that, not the store.
        is_public: false,
        is_withdrawn: false,
        statistics: manifest.statistics.clone(),
        created_at: made_by.map_or(committed_at, |(_, at)| at).0,
    }
}

/// Reads the manifest from the archive's beginning; `None` for what is gone or is no docpack.
pub async fn manifest<S: ArtifactStore>(store: &S, key: &ObjectKey) -> Result<Option<Manifest>, LedgerError> {
    for n_bytes in [FIRST_READ_BYTES, MANIFEST_READ_BYTES] {
        let head = match store.get_range(key, 0..n_bytes).await {
            Ok(head) => head,
            Err(StoreError::NotFound { .. }) => return Ok(None),
            Err(error) => return Err(PipelineError::from(error).into()),
        };
        match docpack::read_manifest(head.as_slice(), &ReadLimits::default()) {
            Ok(manifest) => return Ok(Some(manifest)),
            // It may go on behind what was read.
            Err(ReadError::Truncated) if n_bytes < MANIFEST_READ_BYTES && head.len() as u64 == n_bytes => {}
            Err(error) => {
                tracing::warn!("left `{key}` out: {error}");
                return Ok(None);
            }
        }
    }
    Ok(None)
}

/// Measures an object piece by piece: there is no other way to ask for its size.
async fn size_of<S: ArtifactStore>(store: &S, key: &ObjectKey) -> Result<u64, PipelineError> {
    let mut n_bytes = 0;
    loop {
        let read = store.get_range(key, n_bytes..n_bytes + MANIFEST_READ_BYTES).await?.len() as u64;
        n_bytes += read;
        if read < MANIFEST_READ_BYTES {
            return Ok(n_bytes);
        }
    }
}

/// Reads the digests in a docpack's name: `…/DOCPACK_ID/ARCHIVE.docpack`.
fn digests_of(key: &ObjectKey) -> Option<(Digest, Digest)> {
    let mut parts = key.as_str().rsplit('/');
    let archive = parts.next()?.strip_suffix(".docpack")?;
    let digest = |hex: &str| format!("sha256:{hex}").parse().ok();
    Some((digest(parts.next()?)?, digest(archive)?))
}
