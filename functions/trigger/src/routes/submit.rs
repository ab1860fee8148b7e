//! `POST /v1/jobs` and `…/retry`: a job from an address, or from a job that is over.

use std::time::Duration;

use accounts::{Accounts, Plan};
use axum::Json;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::IntoResponse;
use docpack::Digest;
use ledger::{Claim, JobRow};
use pipeline::{
    BuildOptions, BuildRequest, InstalledSource, JobFamily, JobId, NewJob, Phase, PipelineError, QueueGroup,
    StateDocument, Tenant,
};
use runtime::host::local::choose_run;
use source::Look;
use source::config::{SourceConfig, Token};
use source::filter::{FilterParams, Filters};
use source::spec::SourceSpec;
use stage_ingest::AccessError;

use crate::app::App;
use crate::caller::Caller;
use crate::codes;
use crate::failure::{Answered, Failure};
use crate::http::door::{job_id, now};
use crate::http::read::json;
use crate::job_view::{links, summary};
use crate::notices::await_job;
use crate::rechecks;
use crate::routes::me::of;
use crate::routes::notices::target;
use crate::sharing::refresh;
use crate::sync;
use crate::wire::{JobEstimate, JobRequest, SubmittedJob};

/// How long a key stands for its request.
const KEY_LIFETIME: Duration = Duration::from_secs(24 * 3_600);
const MAX_KEY_BYTES: usize = 255;
/// When somebody whose jobs all run should ask again.
const RETRY_SECONDS: u64 = 30;
/// The reader's word for a repository that is not there, or that is not shown.
pub(crate) const REPO_NOT_FOUND: &str = "repo_not_found";

pub(super) async fn create(
    State(app): State<App>,
    caller: Caller,
    headers: HeaderMap,
    body: Body,
) -> Answered {
    let key = idempotency_key(&headers)?;
    let mut request: JobRequest = json(&headers, body, None).await?;
    let callback_url = match request.callback_url.take() {
        Some(url) => Some(callback(&app, &url).await?),
        None => None,
    };
    request.callback_url.clone_from(&callback_url);
    let Some(key) = key else {
        let order = Order::of(&app, &caller, request, None).await?;
        let _one_at_a_time = app.account_lock(caller.name()).lock().await;
        let job = order.choose(&app).await?;
        let state = order.submit(&app, job).await?;
        return accepted(&app, &caller, &state, order.estimate, callback_url).await;
    };
    let text = serde_json::to_vec(&request).map_err(Failure::internal)?;
    let digest = Digest::of(&text).to_string();
    // Requests of one key come one after the other; of several processes the ledger lets one name the job.
    let _one_at_a_time = app.key_lock(&format!("{} {key}", caller.name())).lock().await;
    let since = now(&app).0.saturating_sub(KEY_LIFETIME.as_millis() as u64);
    if let Some(claim) = app.ledger().claim(caller.name(), &key, since).await?
        && let Some(state) = claimed(&app, &caller, &claim, &digest).await?
    {
        return accepted(&app, &caller, &state, answer_of(&claim)?, callback_url).await;
    }
    let order = Order::of(&app, &caller, request, None).await?;
    let _one_of_account = app.account_lock(caller.name()).lock().await;
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
    accepted(&app, &caller, &state, answer_of(&claim)?, callback_url).await
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
    // What failed is tried again for nothing; what is there is made again at the price of another job. A job that was
    // not counted, because a push ended it, is counted now.
    let name = if state.phase == Phase::Completed { format!("again {job}") } else { job.to_string() };
    charge(&app, &caller, &name).await?;
    let state = app.coordinator().retry(&owner, &job, makers).await?;
    accepted(&app, &caller, &state, size, None).await
}

/// Reads the job that a key stands for; `None` where it was named and not yet made.
async fn claimed(app: &App, caller: &Caller, claim: &Claim, digest: &str) -> Answered<Option<StateDocument>> {
    if claim.request_digest != digest {
        return Err(Failure::new(
            codes::IDEMPOTENCY_KEY_REUSED,
            "the first request with this key had another body",
        ));
    }
    let job = job_id(&claim.job_id)?;
    // No two tenants have one job.
    for tenant in [Some(caller.tenant()), caller.account().cloned()].into_iter().flatten() {
        match app.coordinator().state(&tenant, &job).await {
            Ok(state) => return Ok(Some(state)),
            Err(PipelineError::NoSuchJob { .. }) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(None)
}

fn answer_of(claim: &Claim) -> Answered<JobEstimate> {
    serde_json::from_str(&claim.answer).map_err(Failure::internal)
}

/// Checks where the end of a job is to be posted.
async fn callback(app: &App, url: &str) -> Answered<String> {
    const FIELD: &str = "/callback_url";
    if app.grants().is_none() {
        let detail = "this server sends no webhooks: it has no accounts, or no keys to seal secrets with";
        return Err(Failure::field(codes::INVALID_FIELD, FIELD, detail));
    }
    target(app, FIELD, url).await
}

/// A push that is built, as GitHub told of it a moment ago.
pub(crate) struct Pushed {
    /// Reads the one repository.
    pub(crate) token: Token,
    pub(crate) source: InstalledSource,
    pub(crate) is_private: bool,
    /// Whether the account's person owns the repository; another owner's is built while the person may see it.
    pub(crate) is_own: bool,
    pub(crate) commit: String,
}

/// Makes the job of a push, or finds the one that is there. Repeating it is harmless.
pub(crate) async fn submit_pushed(
    app: &App,
    caller: &Caller,
    request: JobRequest,
    pushed: Pushed,
) -> Answered<StateDocument> {
    let order = Order::of(app, caller, request, Some(pushed)).await?;
    let _one_of_account = app.account_lock(caller.name()).lock().await;
    let job = order.choose(app).await?;
    let state = order.submit(app, job).await?;
    ordered(app, caller, &state, None).await?;
    Ok(state)
}

/// Makes the job that an account wants made by itself, unless the source is at the commit `seen`; returns it with its
/// commit. Repeating it is harmless.
pub(crate) async fn submit_if_new(
    app: &App,
    caller: &Caller,
    request: JobRequest,
    seen: Option<&str>,
) -> Answered<Option<(StateDocument, Option<String>)>> {
    let order = Order::of(app, caller, request, None).await?;
    if seen.is_some() && order.commit.as_deref() == seen {
        return Ok(None);
    }
    let _one_of_account = app.account_lock(caller.name()).lock().await;
    let job = order.choose(app).await?;
    let state = order.submit(app, job).await?;
    ordered(app, caller, &state, None).await?;
    Ok(Some((state, order.commit)))
}

async fn accepted(
    app: &App,
    caller: &Caller,
    state: &StateDocument,
    estimate: JobEstimate,
    callback_url: Option<String>,
) -> Answered {
    ordered(app, caller, state, callback_url).await?;
    let row = JobRow::of(state, &sync::name_of(app, &state.request.source));
    let links = links(&row, state.phase);
    let location = [(header::LOCATION, links.this.clone())];
    let submitted = SubmittedJob { job: summary(&row), links, estimate };
    Ok((StatusCode::ACCEPTED, location, Json(submitted)).into_response())
}

/// Notes who ordered a job.
async fn ordered(
    app: &App,
    caller: &Caller,
    state: &StateDocument,
    callback_url: Option<String>,
) -> Answered<()> {
    if let Some(account) = caller.account() {
        app.coordinator().order(account, &state.tenant, &state.job).await?;
        let (owner, job) = (state.tenant.as_str(), state.job.as_str());
        app.ledger().put_order(account.as_str(), owner, job, now(app).0).await?;
        await_job(app, account.as_str(), owner, job, callback_url).await?;
    }
    sync::put(app, state).await?;
    if let (Some(accounts), Some(made)) = (app.accounts(), &state.result) {
        refresh(app.ledger(), accounts, state.tenant.as_str(), &made.docpack_id.to_string()).await?;
    }
    Ok(())
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
    /// Whose the job is: everybody's of a public repository, the account's of a private one.
    tenant: Tenant,
    /// The commit that a job would read now, where the source tells.
    commit: Option<String>,
    request: BuildRequest,
    fingerprint: Option<Digest>,
    embedder: Option<pipeline::PinnedEmbedder>,
    estimate: JobEstimate,
    /// Whether what was built of this commit answers a private repository too: a push is seen to once.
    is_pushed: bool,
}

impl Order {
    async fn of(app: &App, caller: &Caller, request: JobRequest, pushed: Option<Pushed>) -> Answered<Self> {
        let JobRequest { repo_url, git_ref, mut options, tags, callback_url: _ } = request;
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
        cap_model(app, caller, &mut options).await?;
        let embedder = app.embedder(&options).await?;
        // Nobody is charged before the estimate was read and agreed to.
        options.approve |= options.prose.is_some();
        let spec = SourceSpec::parse(&repo_url, app.source())?;
        sized(app, None, &options)?;
        let (tenant, look) = match &pushed {
            None => look(app, caller, &spec, &options).await?,
            Some(pushed) => look_pushed(app, caller, &spec, &options, pushed).await?,
        };
        fits_plan(app, caller, look.stored_bytes).await?;
        let estimate = sized(app, look.size_bytes, &options)?;
        Ok(Self {
            caller: caller.clone(),
            tenant,
            commit: pushed.as_ref().map(|it| it.commit.clone()).or(look.revision.commit_hash),
            fingerprint: spec.fingerprint(),
            request: BuildRequest {
                source: spec.canonical(app.source()),
                options,
                tags,
                installed: pushed.as_ref().filter(|it| it.is_private).map(|it| it.source),
            },
            embedder,
            estimate,
            is_pushed: pushed.is_some(),
        })
    }

    /// Finds the run of this build that is not over, or names the next one. Accounts share what was made of the same
    /// commit of a public repository.
    async fn choose(&self, app: &App) -> Answered<JobId> {
        let (tool, tenant) = (pipeline::tool(self.embedder.as_ref()), &self.tenant);
        let family = JobFamily::derive(tenant, &self.request.source, &self.request.options, &tool);
        if (*tenant == Tenant::public() || self.is_pushed)
            && let Some((_, newest)) = app.coordinator().newest_run(tenant, &family).await?
            && newest.phase == Phase::Completed
            && newest.resolved_commit.is_some()
            && newest.resolved_commit == self.commit
        {
            return Ok(newest.job);
        }
        Ok(choose_run(app.coordinator(), tenant, &family, self.fingerprint).await?.job)
    }

    /// Makes the job unless it is there.
    async fn submit(&self, app: &App, job: JobId) -> Answered<StateDocument> {
        let tenant = self.tenant.clone();
        charge(app, &self.caller, job.as_str()).await?;
        if let Some(account) = self.caller.account() {
            self.check_running(app, account, &job).await?;
            app.coordinator().order(account, &tenant, &job).await?;
        }
        match app.coordinator().state(&tenant, &job).await {
            // Answered by what is there.
            Ok(state) if state.phase.is_terminal() => return Ok(state),
            // Submitting again what is under way is harmless, and sends a lost message again.
            Ok(_) | Err(PipelineError::NoSuchJob { .. }) => {}
            Err(error) => return Err(error.into()),
        }
        let queue_group = match (self.caller.account(), app.accounts()) {
            (Some(account), Some(accounts)) => {
                let shares = plan_of(accounts, account.as_str()).await?.queue_shares;
                QueueGroup::of(account, shares, &job)
            }
            _ => QueueGroup::default(),
        };
        let new = NewJob {
            owner: tenant.to_string(),
            queue_group,
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

impl Order {
    /// Refuses a job of an account that has as many running as its plan allows; then it is not counted either.
    async fn check_running(&self, app: &App, account: &Tenant, job: &JobId) -> Answered<()> {
        let account = account.as_str();
        let Some(accounts) = app.accounts() else { return Ok(()) };
        if app.ledger().owner_of_ordered(account, job.as_str()).await?.is_some() {
            return Ok(());
        }
        let n_running = app.ledger().count_running(account).await?;
        let limit = plan_of(accounts, account).await?.parallel_jobs;
        if n_running < limit
            || app.coordinator().state(&self.tenant, job).await.is_ok_and(|it| it.phase.is_terminal())
        {
            return Ok(());
        }
        accounts.uncharge(account, job.as_str()).await?;
        let detail = format!("{n_running} of {limit} jobs are running");
        Err(Failure::new(codes::TOO_MANY_JOBS, detail).retry_after(RETRY_SECONDS))
    }
}

/// Looks at a repository: as everybody may, and where GitHub shows it to nobody, in the name of who asks.
async fn look(
    app: &App,
    caller: &Caller,
    spec: &SourceSpec,
    options: &BuildOptions,
) -> Answered<(Tenant, Look)> {
    let absent = match app.looks().at(spec, options, app.source(), "").await {
        Ok(look) => return Ok((caller.tenant(), look)),
        Err(failure) if failure.code == REPO_NOT_FOUND && app.accounts().is_some() => failure,
        Err(failure) => return Err(failure),
    };
    rechecks::note_absent(app, spec).await?;
    let (Some(grants), Ok(person)) = (app.grants(), caller.person()) else { return Err(absent) };
    let now = now(app).0;
    // A member of an account needs the right to see the repository, and so does the account that reads it.
    let mut seen = None;
    for reader in [&person.own, &person.account] {
        let config = match stage_ingest::read_as(grants, reader.as_str(), app.source(), now).await {
            Ok(config) => config,
            Err(AccessError::NoGrant) => return Err(absent),
            Err(error) => return Err(error.into()),
        };
        let at_github = rechecks::at_github(spec, config.clone()).await;
        // A repository elsewhere is nobody's in particular.
        if !matches!(at_github, Ok(Some(_))) {
            return Err(absent);
        }
        seen = Some(app.looks().at(spec, options, &config, reader.as_str()).await?);
    }
    let look = seen.ok_or(absent)?;
    let plan = plan_of(of(app)?, person.account.as_str()).await?;
    match plan.private_repositories {
        true => Ok((person.account.clone(), look)),
        false => Err(Failure::new(codes::PRIVATE_NOT_IN_PLAN, "the repository is private")),
    }
}

/// Looks at a repository that was pushed to, with the right of the installation.
async fn look_pushed(
    app: &App,
    caller: &Caller,
    spec: &SourceSpec,
    options: &BuildOptions,
    pushed: &Pushed,
) -> Answered<(Tenant, Look)> {
    let github_token = Some(pushed.token.clone());
    let public_only = !pushed.is_private;
    let config = SourceConfig { github_token, public_only, local_paths: false, ..app.source().clone() };
    if !pushed.is_private {
        // Everybody may read it; with the App's own limit of requests.
        return Ok((caller.tenant(), app.looks().at(spec, options, &config, "").await?));
    }
    let person = caller.person()?;
    if !plan_of(of(app)?, person.account.as_str()).await?.private_repositories {
        return Err(Failure::new(codes::PRIVATE_NOT_IN_PLAN, "the repository is private"));
    }
    if !pushed.is_own {
        // Whoever installed the App may have left the organisation since.
        let off = || Failure::new(codes::REPOSITORY_ACCESS_REQUIRED, "the server keeps no tokens of people");
        let grants = app.grants().ok_or_else(off)?;
        let own = stage_ingest::read_as(grants, person.own.as_str(), app.source(), now(app).0).await?;
        rechecks::at_github(spec, own).await?;
    }
    let reader = format!("{} {}", person.account, pushed.source.installation);
    Ok((person.account.clone(), app.looks().at(spec, options, &config, &reader).await?))
}

/// Keeps what a language model may cost to what the account's plan allows, however much was asked for.
async fn cap_model(app: &App, caller: &Caller, options: &mut BuildOptions) -> Answered<()> {
    let (Some(prose), Some(limit)) = (&mut options.prose, model_limit(app, caller).await?) else {
        return Ok(());
    };
    if limit == 0 {
        return Err(Failure::new(codes::MODEL_NOT_IN_PLAN, "the operator's model is not part of the plan"));
    }
    prose.budget_micro_usd = Some(prose.budget_micro_usd.map_or(limit, |budget| budget.min(limit)));
    Ok(())
}

/// Returns the most that the operator's language model may cost for a job; `None` where nothing limits it.
pub(super) async fn model_limit(app: &App, caller: &Caller) -> Answered<Option<u64>> {
    match (app.accounts(), caller.account()) {
        (Some(accounts), Some(account)) => {
            Ok(Some(plan_of(accounts, account.as_str()).await?.model_micro_usd_per_job))
        }
        _ => Ok(None),
    }
}

/// Refuses a repository that is larger than the account's plan allows.
async fn fits_plan(app: &App, caller: &Caller, stored_bytes: Option<u64>) -> Answered<()> {
    let (Some(accounts), Some(account), Some(stored_bytes)) =
        (app.accounts(), caller.account(), stored_bytes)
    else {
        return Ok(());
    };
    let limit_mb = plan_of(accounts, account.as_str()).await?.max_repository_mb;
    if stored_bytes <= limit_mb.saturating_mul(1_000_000) {
        return Ok(());
    }
    let detail = format!(
        "with its history it has {} MB, the limit is {limit_mb} MB",
        stored_bytes.div_ceil(1_000_000)
    );
    Err(Failure::new(codes::REPOSITORY_EXCEEDS_PLAN, detail))
}

/// Finds the plan of an account; one that was just deleted has the smallest.
pub(super) async fn plan_of(accounts: &Accounts, account: &str) -> Answered<&'static Plan> {
    let user = accounts.user(account).await?;
    Ok(accounts::plan(user.as_ref().map_or("free", |user| &user.plan)))
}

/// Counts a job of an account's month, once for each name.
async fn charge(app: &App, caller: &Caller, name: &str) -> Answered<()> {
    if let (Some(accounts), Some(account)) = (app.accounts(), caller.account()) {
        let limit = plan_of(accounts, account.as_str()).await?.jobs_per_month;
        accounts.charge(account.as_str(), limit, name, now(app).0).await?;
    }
    Ok(())
}

/// Estimates by size; refuses options of a model that cannot be asked.
fn sized(app: &App, size_bytes: Option<u64>, options: &BuildOptions) -> Answered<JobEstimate> {
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
