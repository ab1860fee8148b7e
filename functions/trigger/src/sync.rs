//! The ledger behind the store: jobs that are not over are looked at until they are.

use std::collections::{HashMap, HashSet};
use std::time::{Duration, Instant};

use ledger::{JobFilter, JobRow, LOCAL_USER, LedgerError, Whose, docpack_row};
use pipeline::receipt::receipt;
use pipeline::{Clock, JobId, PipelineError, Ports, StateDocument, Tenant};
use source::spec::SourceSpec;

use crate::app::App;
use crate::failure::Answered;
use crate::sharing::refresh;
#[cfg(feature = "process")]
use crate::sharing::refresh_all;

const EVERY: Duration = Duration::from_secs(2);
/// A list of all jobs that are not over costs ten times what a look at one does.
const LOOKS_PER_LIST: u64 = 5;
/// Jobs of one look; more than are ever not over on one machine.
const MAX_JOBS: u32 = 1_000;
/// A row without a job is of a submission that was cut short, or of a job that was forgotten.
const ORPHAN_AGE: Duration = Duration::from_secs(300);

/// Brings the ledger up to date until the server stops.
pub(crate) async fn run(app: App) {
    let mut behind = Behind::default();
    for n_looks in 0_u64.. {
        tokio::select! {
            () = app.stopped() => return,
            () = tokio::time::sleep(EVERY) => {}
        }
        pass("ledger", sync(&app, &mut behind).await);
        if n_looks.is_multiple_of(LOOKS_PER_LIST) {
            pass("store", adopt(&app, &mut behind).await);
        }
    }
}

fn pass(asked: &str, looked: Result<(), LedgerError>) {
    if let Err(error) = looked {
        tracing::warn!("the ledger is behind: the {asked} gave no list of jobs: {error}");
    }
}

/// Jobs that could not be brought up to date; each is told once.
#[derive(Default)]
struct Behind(HashMap<String, String>);

impl Behind {
    /// Notes how a job went; tells why where it is another reason than before.
    fn note(&mut self, job: &str, went: Result<(), LedgerError>) {
        let Err(error) = went else {
            self.0.remove(job);
            return;
        };
        let reason = error.to_string();
        if self.0.get(job) == Some(&reason) {
            return;
        }
        tracing::warn!(job.id = %job, "the ledger is behind: {reason}");
        if self.0.len() >= MAX_JOBS as usize {
            self.0.clear();
        }
        self.0.insert(job.to_owned(), reason);
    }
}

/// Fills a ledger without any job from the store: a new database needs nobody who knows the command for it.
#[cfg(feature = "process")]
pub(crate) async fn fill_if_empty(app: App) {
    if !app.ledger().count_jobs().await.is_ok_and(|counts| counts.is_empty()) {
        return;
    }
    let name_of = |source: &str| name_of(&app, source);
    match ledger::rebuild(app.ledger(), app.coordinator(), name_of, app.prices()).await {
        Ok(rebuilt) => tracing::info!(
            n_jobs = rebuilt.n_jobs,
            n_docpacks = rebuilt.n_docpacks,
            n_left_out = rebuilt.n_left_out,
            "an empty ledger was filled from the store"
        ),
        Err(error) => tracing::warn!("the ledger is behind: {error}"),
    }
    if let Some(accounts) = app.accounts()
        && let Err(error) = refresh_all(app.ledger(), accounts).await
    {
        tracing::warn!("who may read docpacks is not known: {error}");
    }
}

/// Between two looks for finished jobs of other processes.
const LOOK_FOR_OTHERS: Duration = Duration::from_secs(1);

/// Jobs of the store that this process has seen.
#[derive(Debug, Default)]
pub(crate) struct Others {
    seen: HashSet<JobId>,
    looked_at: Option<Instant>,
}

/// Adds the finished jobs of other processes, such as `doctown build`, and drops those that are gone.
///
/// Does nothing where the store is not shared, and at most once a second.
pub(crate) async fn adopt_others(app: &App) -> Answered<()> {
    let mut others = app.others().lock().await;
    let is_fresh = others.looked_at.is_some_and(|at| at.elapsed() < LOOK_FOR_OTHERS);
    if !app.settings().shares_store || is_fresh {
        return Ok(());
    }
    let local = Tenant::local();
    if others.looked_at.is_none() {
        // Jobs that were removed while this process did not run are gone too.
        let known =
            app.ledger().jobs(Whose::Owner(LOCAL_USER), &JobFilter::default(), None, MAX_JOBS).await?;
        others.seen = known.iter().filter_map(|row| row.id.parse().ok()).collect();
    }
    let in_store: HashSet<_> = app.coordinator().all_jobs(&local).await?.into_iter().collect();
    // Gone ones first: a docpack's row keeps its job as long as there is one.
    for gone in others.seen.difference(&in_store) {
        app.ledger().forget_job(LOCAL_USER, &gone.to_string()).await?;
    }
    let mut left = HashSet::new();
    for job in in_store.difference(&others.seen) {
        if let Err(error) = adopt_job(app, &local, job).await {
            tracing::warn!(job.id = %job, "a job of another process was left out: {error}");
            left.insert(job.clone());
        }
    }
    others.seen = in_store.difference(&left).cloned().collect();
    others.looked_at = Some(Instant::now());
    Ok(())
}

/// Takes up jobs that others made: the schedule, or `doctown submit`. One that cannot be read holds up no other.
async fn adopt(app: &App, behind: &mut Behind) -> Result<(), LedgerError> {
    for (owner, job) in app.coordinator().all_active_jobs().await? {
        if app.is_stopping() {
            break;
        }
        behind.note(&job.to_string(), adopt_job(app, &owner, &job).await);
    }
    Ok(())
}

async fn adopt_job(app: &App, owner: &Tenant, job: &JobId) -> Result<(), LedgerError> {
    if app.ledger().job(owner.as_str(), job.as_str()).await?.is_some() {
        return Ok(());
    }
    match app.coordinator().state(owner, job).await {
        Ok(state) => write(app, &state).await,
        // The index has a job before its state stands.
        Err(PipelineError::NoSuchJob { .. }) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

/// Looks at every job that the ledger takes for not over. One that cannot be read holds up no other.
async fn sync(app: &App, behind: &mut Behind) -> Result<(), LedgerError> {
    for row in app.ledger().jobs_not_over(MAX_JOBS).await? {
        if app.is_stopping() {
            break;
        }
        behind.note(&row.id, sync_row(app, &row).await);
    }
    Ok(())
}

async fn sync_row(app: &App, row: &JobRow) -> Result<(), LedgerError> {
    let (Ok(owner), Ok(job)) = (row.owner.parse(), row.id.parse::<JobId>()) else { return Ok(()) };
    match app.coordinator().state(&owner, &job).await {
        Ok(state) if state.rev == row.rev => Ok(()),
        Ok(state) => write(app, &state).await,
        Err(PipelineError::NoSuchJob { .. }) => {
            let age = app.ports().clock().now().since(pipeline::Timestamp(row.created_at));
            if age > ORPHAN_AGE {
                app.ledger().forget_job(&row.owner, &row.id).await?;
            }
            Ok(())
        }
        Err(error) => Err(error.into()),
    }
}

/// Brings one job's row up to date.
pub(crate) async fn sync_job(app: &App, owner: &Tenant, job: &JobId) -> Answered<()> {
    let state = app.coordinator().state(owner, job).await?;
    put(app, &state).await
}

/// Writes what a state says; the docpack comes first, so that a job that is over has one to show.
pub(crate) async fn put(app: &App, state: &StateDocument) -> Answered<()> {
    Ok(write(app, state).await?)
}

async fn write(app: &App, state: &StateDocument) -> Result<(), LedgerError> {
    let name = name_of(app, &state.request.source);
    let mut row = JobRow::of(state, &name);
    app.ledger().add_user(state.tenant.as_str()).await?;
    let mut made = None;
    if state.phase.is_terminal() {
        if let Some(pack) = docpack_row(app.coordinator(), state, &name).await? {
            let is_new = app.ledger().docpack(&pack.owner, &pack.id).await?.is_none();
            app.ledger().put_docpack(&pack).await?;
            made = is_new.then_some(pack);
        }
        let receipt = receipt(app.ports(), &state.tenant, &state.job).await?;
        row.cost_micro_usd =
            app.prices().and_then(|prices| prices.price(&receipt).ok()).map(|it| it.total_micro_usd);
    }
    app.ledger().put_job(&row).await?;
    if let (Some(accounts), Some(pack)) = (app.accounts(), made)
        && let Err(error) = refresh(app.ledger(), accounts, &pack.owner, &pack.id).await
    {
        // Nobody but those who ordered it may read it until then.
        tracing::warn!(docpack = pack.id, "who may read it is not known: {error}");
    }
    Ok(())
}

/// The repository's own name; of what can no longer be parsed, its last part.
pub(crate) fn name_of(app: &App, source: &str) -> String {
    repository_name(source, app.source())
}

/// Names a repository by its address, for a ledger that is rebuilt.
pub fn repository_name(source: &str, config: &source::config::SourceConfig) -> String {
    SourceSpec::parse(source, config)
        .map_or_else(|_| source.rsplit('/').next().unwrap_or(source).to_owned(), |spec| spec.name())
}
