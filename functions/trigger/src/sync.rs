//! The ledger behind the store: jobs that are not over are looked at until they are.

use std::time::Duration;

use ledger::{JobRow, docpack_row};
use pipeline::receipt::receipt;
use pipeline::{Clock, JobId, PipelineError, Ports, StateDocument};
use source::spec::SourceSpec;

use crate::app::App;
use crate::failure::Answered;

const EVERY: Duration = Duration::from_secs(2);
/// Jobs of one look; more than are ever not over on one machine.
const MAX_JOBS: u32 = 1_000;
/// A row without a job is of a submission that was cut short, or of a job that was forgotten.
const ORPHAN_AGE: Duration = Duration::from_secs(300);

/// Brings the ledger up to date until the server stops.
pub(crate) async fn run(app: App) {
    loop {
        tokio::select! {
            () = app.stopped() => return,
            () = tokio::time::sleep(EVERY) => {}
        }
        if let Err(failure) = sync(&app).await {
            tracing::warn!("the ledger is behind: {}", failure.detail);
        }
    }
}

/// Looks at every job that the ledger takes for not over.
async fn sync(app: &App) -> Answered<()> {
    for row in app.ledger().jobs_not_over(MAX_JOBS).await? {
        let Ok(job) = row.id.parse::<JobId>() else { continue };
        match app.coordinator().state(app.tenant(), &job).await {
            Ok(state) if state.rev == row.rev => {}
            Ok(state) => put(app, &state).await?,
            Err(PipelineError::NoSuchJob { .. }) => {
                let age = app.ports().clock().now().since(pipeline::Timestamp(row.created_at));
                if age > ORPHAN_AGE {
                    app.ledger().forget_job(&row.owner, &row.id).await?;
                }
            }
            Err(error) => return Err(error.into()),
        }
    }
    Ok(())
}

/// Brings one job's row up to date.
pub(crate) async fn sync_job(app: &App, job: &JobId) -> Answered<()> {
    let state = app.coordinator().state(app.tenant(), job).await?;
    put(app, &state).await
}

/// Writes what a state says; the docpack comes first, so that a job that is over has one to show.
pub(crate) async fn put(app: &App, state: &StateDocument) -> Answered<()> {
    let name = name_of(app, &state.request.source);
    let mut row = JobRow::of(state, &name);
    app.ledger().add_user(&state.owner).await?;
    if state.phase.is_terminal() {
        if let Some(pack) = docpack_row(app.coordinator(), state, &name).await? {
            app.ledger().put_docpack(&pack).await?;
        }
        let receipt = receipt(app.ports(), app.tenant(), &state.job).await?;
        row.cost_micro_usd =
            app.prices().and_then(|prices| prices.price(&receipt).ok()).map(|it| it.total_micro_usd);
    }
    Ok(app.ledger().put_job(&row).await?)
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
