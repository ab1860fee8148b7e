//! `POST /v1/jobs` and `…/retry`: a job from an address, or from a job that is over.

use std::time::Duration;

use axum::Json;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::IntoResponse;
use docpack::Digest;
use ledger::{Claim, JobRow};
use pipeline::{BuildRequest, JobFamily, JobId, NewJob, Phase, PipelineError, StateDocument, Tenant};
use runtime::host::local::choose_run;
use source::filter::{FilterParams, Filters};
use source::spec::SourceSpec;

use crate::app::App;
use crate::caller::Caller;
use crate::codes;
use crate::failure::{Answered, Failure};
use crate::http::door::{job_id, now};
use crate::http::read::json;
use crate::job_view::{links, summary};
use crate::sharing::refresh;
use crate::sync;
use crate::wire::{JobEstimate, JobRequest, SubmittedJob};

/// How long a key stands for its request.
const KEY_LIFETIME: Duration = Duration::from_secs(24 * 3_600);
const MAX_KEY_BYTES: usize = 255;

pub(super) async fn create(
    State(app): State<App>,
    caller: Caller,
    headers: HeaderMap,
    body: Body,
) -> Answered {
    let key = idempotency_key(&headers)?;
    let request: JobRequest = json(&headers, body, None).await?;
    let Some(key) = key else {
        let order = Order::of(&app, &caller, request).await?;
        let job = order.choose(&app).await?;
        let state = order.submit(&app, job).await?;
        return accepted(&app, &caller, &state, order.estimate).await;
    };
    let text = serde_json::to_vec(&request).map_err(Failure::internal)?;
    let digest = Digest::of(&text).to_string();
    // Requests of one key come one after the other; of several processes the ledger lets one name the job.
    let _one_at_a_time = app.key_lock(&format!("{} {key}", caller.name())).lock().await;
    let since = now(&app).0.saturating_sub(KEY_LIFETIME.as_millis() as u64);
    if let Some(claim) = app.ledger().claim(caller.name(), &key, since).await?
        && let Some(state) = claimed(&app, &caller, &claim, &digest).await?
    {
        return accepted(&app, &caller, &state, answer_of(&claim)?).await;
    }
    let order = Order::of(&app, &caller, request).await?;
    let answer = serde_json::to_string(&order.estimate).map_err(Failure::internal)?;
    let claim =
        Claim { request_digest: digest.clone(), job_id: order.choose(&app).await?.to_string(), answer };
    // An account that has not ordered anything yet is unknown to the ledger.
    app.ledger().add_user(caller.name()).await?;
    let claim = app.ledger().bind_key(caller.name(), &key, &claim, now(&app).0, since).await?;
    let state = match claimed(&app, &caller, &claim, &digest).await? {
        Some(state) => state,
        None => order.submit(&app, job_id(&claim.job_id)?).await?,
    };
    accepted(&app, &caller, &state, answer_of(&claim)?).await
}

pub(super) async fn retry(State(app): State<App>, caller: Caller, Path(job): Path<String>) -> Answered {
    let job = job_id(&job)?;
    let owner = caller.owner_of(&app, &job).await?;
    let state = app.coordinator().state(&owner, &job).await?;
    if !state.phase.is_terminal() {
        return Err(PipelineError::NotOver { job, phase: state.phase }.into());
    }
    let options = state.request.options.clone();
    let makers = app.makers(&options).await?;
    let size = sized(&app, None, &options)?;
    if state.phase == Phase::Completed {
        // What failed is tried again for nothing; what is there is made again at the price of another job.
        charge(&app, &caller, &format!("again {job}")).await?;
    }
    let state = app.coordinator().retry(&owner, &job, makers).await?;
    accepted(&app, &caller, &state, size).await
}

/// Reads the job that a key stands for; `None` where it was named and not yet made.
async fn claimed(app: &App, caller: &Caller, claim: &Claim, digest: &str) -> Answered<Option<StateDocument>> {
    if claim.request_digest != digest {
        return Err(Failure::new(
            codes::IDEMPOTENCY_KEY_REUSED,
            "the first request with this key had another body",
        ));
    }
    match app.coordinator().state(&caller.tenant(), &job_id(&claim.job_id)?).await {
        Ok(state) => Ok(Some(state)),
        Err(PipelineError::NoSuchJob { .. }) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

fn answer_of(claim: &Claim) -> Answered<JobEstimate> {
    serde_json::from_str(&claim.answer).map_err(Failure::internal)
}

async fn accepted(app: &App, caller: &Caller, state: &StateDocument, estimate: JobEstimate) -> Answered {
    if let Some(account) = caller.account() {
        app.coordinator().order(account, &state.tenant, &state.job).await?;
        let (owner, job) = (state.tenant.as_str(), state.job.as_str());
        app.ledger().put_order(account.as_str(), owner, job, now(app).0).await?;
    }
    sync::put(app, state).await?;
    if let (Some(accounts), Some(made)) = (app.accounts(), &state.result) {
        refresh(app.ledger(), accounts, state.tenant.as_str(), &made.docpack_id.to_string()).await?;
    }
    let row = JobRow::of(state, &sync::name_of(app, &state.request.source));
    let links = links(&row, state.phase);
    let location = [(header::LOCATION, links.this.clone())];
    let submitted = SubmittedJob { job: summary(&row), links, estimate };
    Ok((StatusCode::ACCEPTED, location, Json(submitted)).into_response())
}

fn idempotency_key(headers: &HeaderMap) -> Answered<Option<String>> {
    let Some(value) = headers.get("idempotency-key") else { return Ok(None) };
    let is_usable = |key: &&str| {
        (1..=MAX_KEY_BYTES).contains(&key.len())
            && key.bytes().all(|byte| byte.is_ascii_graphic() || byte == b' ')
    };
    let key = value.to_str().ok().filter(is_usable);
    let refused =
        || Failure::new(codes::INVALID_IDEMPOTENCY_KEY, "expected 1 to 255 visible ASCII characters");
    key.map(|key| Some(key.to_owned())).ok_or_else(refused)
}

/// A request that was checked: what a job of it is.
struct Order {
    caller: Caller,
    /// The commit that a job would read now, where the source tells.
    commit: Option<String>,
    request: BuildRequest,
    fingerprint: Option<Digest>,
    embedder: Option<pipeline::PinnedEmbedder>,
    estimate: JobEstimate,
}

impl Order {
    async fn of(app: &App, caller: &Caller, request: JobRequest) -> Answered<Self> {
        let JobRequest { repo_url, git_ref, mut options, tags } = request;
        match (&options.git_ref, git_ref) {
            (Some(one), Some(other)) if *one != other => {
                return Err(Failure::field(
                    codes::INVALID_FIELD,
                    "/git_ref",
                    "`options.git_ref` says something else",
                ));
            }
            (_, Some(git_ref)) => options.git_ref = Some(git_ref),
            _ => {}
        }
        let params = FilterParams {
            include: options.include.clone(),
            exclude: options.exclude.clone(),
            keep_all: options.keep_all,
        };
        Filters::new(&params)?;
        let embedder = app.embedder(&options).await?;
        // Nobody is charged before the estimate was read and agreed to.
        options.approve |= options.prose.is_some();
        let spec = SourceSpec::parse(&repo_url, app.source())?;
        sized(app, None, &options)?;
        let look = app.looks().at(&spec, &options, app.source()).await?;
        let estimate = sized(app, look.size_bytes, &options)?;
        Ok(Self {
            caller: caller.clone(),
            commit: look.revision.commit_hash.clone(),
            fingerprint: spec.fingerprint(),
            request: BuildRequest { source: spec.canonical(app.source()), options, tags },
            embedder,
            estimate,
        })
    }

    /// Finds the run of this build that is not over, or names the next one. Accounts share what was made of the same
    /// commit of a public repository.
    async fn choose(&self, app: &App) -> Answered<JobId> {
        let (tool, tenant) = (pipeline::tool(self.embedder.as_ref()), self.caller.tenant());
        let family = JobFamily::derive(&tenant, &self.request.source, &self.request.options, &tool);
        if tenant == Tenant::public()
            && let Some((_, newest)) = app.coordinator().newest_run(&tenant, &family).await?
            && newest.phase == Phase::Completed
            && newest.resolved_commit.is_some()
            && newest.resolved_commit == self.commit
        {
            return Ok(newest.job);
        }
        Ok(choose_run(app.coordinator(), &tenant, &family, self.fingerprint).await?.job)
    }

    /// Makes the job unless it is there.
    async fn submit(&self, app: &App, job: JobId) -> Answered<StateDocument> {
        let tenant = self.caller.tenant();
        charge(app, &self.caller, job.as_str()).await?;
        if let Some(account) = self.caller.account() {
            app.coordinator().order(account, &tenant, &job).await?;
        }
        match app.coordinator().state(&tenant, &job).await {
            // Answered by what is there.
            Ok(state) if state.phase.is_terminal() => return Ok(state),
            // Submitting again what is under way is harmless, and sends a lost message again.
            Ok(_) | Err(PipelineError::NoSuchJob { .. }) => {}
            Err(error) => return Err(error.into()),
        }
        let new = NewJob {
            owner: tenant.to_string(),
            tenant,
            trace_id: job.trace_id(),
            job,
            request: self.request.clone(),
            source_fingerprint: self.fingerprint,
            parent: None,
            stage_versions: pipeline::release_versions(),
            embedder: self.embedder.clone(),
            time_limit: app.settings().time_limit,
        };
        Ok(app.coordinator().submit(new).await?)
    }
}

/// Counts a job of an account's month, once for each name.
async fn charge(app: &App, caller: &Caller, name: &str) -> Answered<()> {
    if let (Some(accounts), Some(account)) = (app.accounts(), caller.account()) {
        let user = accounts.user(account.as_str()).await?;
        let limit = user.map_or(0, |user| accounts::plan(&user.plan).jobs_per_month);
        accounts.charge(account.as_str(), limit, name, now(app).0).await?;
    }
    Ok(())
}

/// Estimates by size; refuses options of a model that cannot be asked.
fn sized(app: &App, size_bytes: Option<u64>, options: &pipeline::BuildOptions) -> Answered<JobEstimate> {
    let terms = match (&options.prose, app.writer()) {
        (None, _) => None,
        (Some(_), None) => {
            return Err(Failure::new(codes::MODEL_NOT_CONFIGURED, "no server of a language model is set"));
        }
        (Some(prose), Some(writer)) => {
            let refused = |error: writing::WriterError| {
                Failure::field(codes::INVALID_FIELD, "/options/prose", error.to_string())
            };
            if prose.models.is_empty() {
                return Err(Failure::field(codes::INVALID_FIELD, "/options/prose/models", "it is empty"));
            }
            Some(writer.terms(prose).map_err(refused)?)
        }
    };
    Ok(writing::by_size(size_bytes, terms.as_ref()).into())
}
