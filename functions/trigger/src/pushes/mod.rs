//! Builds a docpack at every push to the repositories that the GitHub App is installed on.
//!
//! A delivery is only stored by the request that brings it (`routes::github`). Everything else is done from the tables
//! of accounts, in steps that can be repeated: a delivery says that something changed, GitHub is asked what, and a
//! branch that may have another head is noted. Each branch is worked on by one process at a time and has one job at a
//! time: a job that waits reads the newest head when it begins, one that runs is ended for a newer head unless it is
//! almost done, and when it is over the head is compared again. A branch with an open pull request is built if the
//! account wants a comment or a check that can fail: the delivery `pull_request` says so when one is opened, which
//! `push` does not.

mod against;
mod check;
mod comment;
mod daily;
mod deliveries;
mod heads;

use std::time::Duration;

use accounts::{Accounts, Built, Head, Installation, InstalledRepository};
use compare::Gate;
use futures_util::future::join_all;
use github::{App as GithubApp, GithubError, Pull, WebhookSecrets};
use pipeline::{JobId, Tenant};
use runtime::config::GithubAppConfig;
use runtime::host::StartError;
use source::config::SourceConfig;

use crate::app::App;
use crate::failure::{Answered, Failure, title_of};
use crate::http::door::now;

pub(crate) use daily::adopt;

/// Deliveries of one round.
const MAX_DELIVERIES: usize = 200;
/// Branches that are worked on side by side; each asks GitHub some four times.
const HEADS_AT_ONCE: usize = 8;
const FIRST_DELAY: Duration = Duration::from_secs(5);
const MAX_DELAY: Duration = Duration::from_secs(3_600);

/// How pushes are worked on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PushLimits {
    /// Between two rounds; a delivery that comes begins one at once. Zero leaves all to other processes.
    pub every: Duration,
    /// How long one process may take for one delivery or branch before another one takes it.
    pub lease: Duration,
    /// Between two looks at a job that runs.
    pub look_every: Duration,
    /// A push this soon after the branch's last job was begun waits until no other one follows: of many pushes in a
    /// row the first and the last are built. A branch that is never quiet gets a job each time this has passed.
    pub rest: Duration,
    /// How long such a push waits for another one; longer with each push and each job in a row.
    pub quiet: Duration,
    /// The longest such wait.
    pub max_quiet: Duration,
    /// After so many attempts a delivery or a push is given up, and its outcome says why.
    pub max_attempts: u64,
    /// Between two comparisons of everything with GitHub.
    pub reconcile_every: Duration,
    /// Between two repositories of a large installation: GitHub lets an installation ask 5,000 times an hour.
    pub spacing: Duration,
}

impl Default for PushLimits {
    fn default() -> Self {
        Self {
            every: Duration::from_secs(1),
            lease: Duration::from_secs(120),
            look_every: Duration::from_secs(3),
            rest: Duration::from_secs(15),
            quiet: Duration::from_secs(1),
            max_quiet: Duration::from_secs(5),
            max_attempts: 12,
            reconcile_every: Duration::from_secs(24 * 3_600),
            spacing: Duration::from_secs(2),
        }
    }
}

/// The GitHub App of a server.
#[derive(Debug, Clone)]
pub struct PushApp {
    pub app: GithubApp,
    /// Without any no delivery is taken; what is installed is still compared with GitHub once a day.
    pub secrets: WebhookSecrets,
}

impl PushApp {
    /// Takes what the settings say of the App.
    pub fn of(config: &GithubAppConfig, source: &SourceConfig) -> Result<Self, StartError> {
        let app = stage_ingest::github_app(config, source)?;
        let secrets = config.webhook_secrets.as_ref().map(|secrets| secrets.expose()).unwrap_or_default();
        Ok(Self { app, secrets: WebhookSecrets::new(secrets.split(',')) })
    }
}

/// Reads the rules that a repository's check runs fail by.
pub(crate) fn gates(repository: &InstalledRepository) -> Vec<Gate> {
    repository.fails_on.iter().filter_map(|word| Gate::of_word(word)).collect()
}

/// Writes rules as the tables have them, each once.
pub(crate) fn words(gates: &[Gate]) -> Vec<String> {
    let chosen = Gate::ALL.into_iter().filter(|gate| gates.contains(gate));
    chosen.map(|gate| gate.word().to_owned()).collect()
}

/// What every step needs.
#[derive(Clone, Copy)]
struct Pushes<'a> {
    app: &'a App,
    accounts: &'a Accounts,
    github: &'a PushApp,
}

/// Works on pushes until the server stops. Does nothing without accounts or without an App.
pub(crate) async fn run(app: App) {
    if app.push_app().is_none() || app.settings().pushes.every.is_zero() {
        return;
    }
    loop {
        // A round that panics is over like any other: what it began is taken up again when its lease ends.
        let rounding = tokio::spawn({
            let app = app.clone();
            async move { app.work_on_pushes().await }
        });
        if let Err(error) = rounding.await {
            tracing::error!("a round of pushes was cut short: {error}");
        }
        tokio::select! {
            () = app.stopped() => return,
            () = app.deliveries().notified() => {}
            () = tokio::time::sleep(app.settings().pushes.every) => {}
        }
    }
}

/// Does what is due now, once.
pub(crate) async fn round(app: &App) -> Answered<()> {
    let (Some(accounts), Some(github)) = (app.accounts(), app.push_app()) else { return Ok(()) };
    let pushes = Pushes { app, accounts, github };
    let lease = pushes.lease_ms();
    for _ in 0..MAX_DELIVERIES {
        if app.is_stopping() {
            return Ok(());
        }
        let Some(delivery) = accounts.take_delivery(now(app).0, lease).await? else { break };
        Box::pin(deliveries::work(pushes, delivery)).await?;
    }
    let mut due = Vec::new();
    while due.len() < HEADS_AT_ONCE
        && let Some(head) = accounts.take_head(now(app).0, lease).await?
    {
        due.push(head);
    }
    for worked in join_all(due.into_iter().map(|head| Box::pin(heads::work(pushes, head)))).await {
        worked?;
    }
    Box::pin(daily::reconcile_if_due(pushes)).await
}

impl Pushes<'_> {
    fn now(self) -> u64 {
        now(self.app).0
    }

    fn limits(self) -> PushLimits {
        self.app.settings().pushes
    }

    fn lease_ms(self) -> u64 {
        self.limits().lease.as_millis() as u64
    }

    /// Asks GitHub, on a thread that may wait.
    async fn ask<T: Send + 'static>(
        self,
        ask: impl FnOnce(&GithubApp) -> Result<T, GithubError> + Send + 'static,
    ) -> Answered<Result<T, GithubError>> {
        let github = self.github.app.clone();
        tokio::task::spawn_blocking(move || ask(&github)).await.map_err(Failure::internal)
    }

    /// Finds an installation whose jobs somebody gets, and asks GitHub for one that is new here.
    async fn installation(self, id: u64) -> Answered<Installation> {
        let (known, is_new) = match self.accounts.installation(id).await? {
            Some(known) => (known, false),
            None => (kept(&self.ask(move |github| github.installation(id)).await??, None), true),
        };
        // Nothing is kept or done for people who have no account.
        self.account(&known).await?;
        if is_new {
            self.accounts.put_installation(&known, self.now()).await?;
        }
        match known.is_suspended {
            true => Err(GithubError::Suspended.into()),
            false => Ok(known),
        }
    }

    /// Finds the account that an installation's jobs are made for.
    async fn account(self, installation: &Installation) -> Answered<accounts::User> {
        let found = self.accounts.account_of_installation(installation).await?;
        found.ok_or_else(|| outcome("no_account", "nobody who signed in has this installation"))
    }

    /// Asks GitHub for a repository of an installation with that installation's own right, and keeps what it says.
    ///
    /// A repository that the installation does not reach is forgotten: whoever names it gets nothing.
    async fn repository(
        self,
        installation: u64,
        repository: u64,
    ) -> Answered<Result<(InstalledRepository, bool), GithubError>> {
        let found = self
            .ask(move |github| {
                let token =
                    github.token(installation, Some(repository), github::Permissions::ReadContents)?;
                github::repository(github, &token, repository)
            })
            .await?;
        match found {
            Ok(found) => {
                let is_new = self.accounts.installed(installation, repository).await?.is_none();
                self.accounts.put_installed(&installed(installation, &found)).await?;
                let kept = self.accounts.installed(installation, repository).await?;
                Ok(kept.map(|kept| (kept, is_new)).ok_or(GithubError::Absent { what: "repository" }))
            }
            Err(error @ (GithubError::NotCovered | GithubError::Absent { .. })) => {
                self.remove_repository(installation, repository).await?;
                Ok(Err(error))
            }
            Err(error) => Ok(Err(error)),
        }
    }

    /// Lists the open pull requests of a branch into branches that are built, where anything is done about them.
    ///
    /// Those of forks are not among them: what others wrote is neither built nor read for the account.
    async fn pulls(
        self,
        installation: &Installation,
        repository: &InstalledRepository,
        branch: &str,
    ) -> Answered<Vec<Pull>> {
        if !repository.builds_pulls() || !installation.may_write_pulls || installation.is_suspended {
            return Ok(Vec::new());
        }
        let (at, id, branch_name) = (installation.id, repository.id, branch.to_owned());
        let owner = repository.full_name.split('/').next().unwrap_or_default().to_owned();
        let listed = self.ask(move |github| github::open_pulls(github, at, id, &owner, &branch_name)).await?;
        match listed {
            Ok(mut pulls) => {
                let bases = repository.built_branches();
                pulls.retain(|pull| pull.base != branch && bases.contains(&pull.base));
                Ok(pulls)
            }
            Err(error) => self.without_pulls(installation, error).await.map(|()| Vec::new()),
        }
    }

    /// Notes what an installation still allows after GitHub refused a pull request, so that its owner is shown it.
    async fn without_pulls(self, installation: &Installation, error: GithubError) -> Answered<()> {
        match error {
            GithubError::NotCovered => {
                let id = installation.id;
                let found = self.ask(move |github| github.installation(id)).await??;
                self.accounts.put_installation(&kept(&found, None), self.now()).await?;
                Ok(())
            }
            GithubError::Absent { .. } => Ok(()),
            error => Err(error.into()),
        }
    }

    /// Notes that every branch of a repository that is built may have another head.
    async fn want(self, repository: &InstalledRepository, due_at: u64) -> Answered<()> {
        if repository.is_building {
            for branch in repository.built_branches() {
                self.accounts.want_head(repository.installation, repository.id, &branch, due_at).await?;
            }
        }
        Ok(())
    }

    /// Ends the private jobs of a repository that the App no longer reaches, and forgets it.
    async fn remove_repository(self, installation: u64, repository: u64) -> Answered<()> {
        for head in self.accounts.heads(installation, repository).await? {
            self.cancel(&head).await?;
        }
        Ok(self.accounts.remove_installed(installation, repository).await?)
    }

    /// Does so for all repositories of an installation.
    async fn remove_installation(self, installation: u64) -> Answered<()> {
        self.cancel_all(installation).await?;
        Ok(self.accounts.remove_installation(installation).await?)
    }

    async fn cancel_all(self, installation: u64) -> Answered<()> {
        for repository in self.accounts.installed_at(installation).await? {
            for head in self.accounts.heads(installation, repository.id).await? {
                self.cancel(&head).await?;
            }
        }
        Ok(())
    }

    /// Ends a job that reads what the App no longer reaches; what everybody may read can be finished.
    async fn cancel(self, head: &Head) -> Answered<()> {
        let Some((owner, job)) = job_of(head) else { return Ok(()) };
        if owner == Tenant::public() {
            return Ok(());
        }
        match self.app.coordinator().cancel(&owner, &job).await {
            Ok(_) | Err(pipeline::PipelineError::NoSuchJob { .. }) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }
}

/// Reads the job of a branch.
fn job_of(head: &Head) -> Option<(Tenant, JobId)> {
    let (job, owner) = head.job.as_ref()?;
    Some((owner.parse().ok()?, job.parse().ok()?))
}

/// Reads the job of a build.
fn job_of_build(built: &Built) -> Option<(Tenant, JobId)> {
    Some((built.owner.parse().ok()?, built.job.parse().ok()?))
}

/// An installation as the tables have it.
fn kept(found: &github::Installation, installer: Option<u64>) -> Installation {
    Installation {
        id: found.id,
        github_account: found.account_id,
        login: found.account_login.clone(),
        installer,
        is_suspended: found.is_suspended,
        may_write_checks: found.may_write_checks,
        may_write_pulls: found.may_write_pulls,
    }
}

fn installed(installation: u64, found: &github::Repository) -> InstalledRepository {
    InstalledRepository {
        installation,
        id: found.id,
        full_name: found.full_name.clone(),
        is_private: !found.is_public,
        default_branch: found.default_branch.clone(),
        branches: None,
        is_building: true,
        fails_on: Vec::new(),
        comments: false,
        delivered_at: None,
    }
}

/// Something that ends a step for good, under a stable word.
fn outcome(code: &'static str, detail: &str) -> Failure {
    Failure {
        code,
        status: 422,
        title: title_of(code).into(),
        help: "",
        detail: detail.into(),
        errors: Vec::new(),
        headers: Vec::new(),
    }
}

impl From<GithubError> for Failure {
    fn from(error: GithubError) -> Self {
        match error {
            GithubError::Source(error) => error.into(),
            error => {
                let status = if error.is_retryable() { 502 } else { 422 };
                Self { status, ..outcome(error.code(), &error.to_string()) }
            }
        }
    }
}

/// Reports whether the same step may succeed later.
pub(crate) fn is_temporary(failure: &Failure) -> bool {
    failure.status >= 500 || failure.status == 429
}

/// Returns how long to wait after so many attempts.
fn delay_ms(n_attempts: u64) -> u64 {
    let doubled = FIRST_DELAY.saturating_mul(1 << n_attempts.saturating_sub(1).min(12));
    doubled.min(MAX_DELAY).as_millis() as u64
}
