//! `doctown schedule`: builds at set times, over a folder or a bucket.

use std::path::Path;
use std::sync::Arc;

use pipeline::{CancelFlag, Clock, Coordinator, PinnedEmbedder, PipelineError, Ports, Tenant};
use runtime::config::{Config, StoreConfig};
use runtime::host::local::LocalFolders;
use runtime::store::AnyStore;
use runtime::{DirectoryStore, LocalPorts, LocalQueue, SystemClock};
use schedule::{ScheduleError, ScheduleList, SourceBuilder, Submitted, Tick};
use source::config::SourceConfig;

use crate::args::ScheduleAction;
use crate::failure::{Exit, Failure};
use crate::output::{data, json, table};
use crate::reading::{self, block_on, unreadable};
use crate::setting;

/// Between two ticks of a server; schedules count in minutes.
const TICK_SECONDS: u64 = 60;

pub(crate) fn schedule(action: &ScheduleAction, config: &Config, as_json: bool) -> Result<(), Failure> {
    match action {
        ScheduleAction::Set { file } => set(file, config, as_json),
        ScheduleAction::Show => show(config, as_json),
        ScheduleAction::Tick => tick(config, as_json),
    }
}

/// Stores the list; schedules that are in the old list too keep their place in time.
fn set(file: &Path, config: &Config, as_json: bool) -> Result<(), Failure> {
    let text = std::fs::read_to_string(file).map_err(|error| {
        let message = format!("cannot read `{}`: {error}", file.display());
        Failure::new(Exit::Usage, "input_unreadable", message).with_help(FORM)
    })?;
    let list = ScheduleList::parse(&text).map_err(|error| malformed(&error))?;
    let list = block_on(async {
        let coordinator = reading::coordinator(config).await?;
        let tenant = Tenant::local();
        let before = coordinator.schedules(&tenant).await.map_err(|error| unreadable(&error))?;
        let list = list.beginning(SystemClock.now(), &before.unwrap_or_else(ScheduleList::empty));
        coordinator.put_schedules(&tenant, &list).await.map_err(|error| unreadable(&error))?;
        Ok(list)
    })?;
    tell("schedule set", &list, as_json);
    Ok(())
}

fn show(config: &Config, as_json: bool) -> Result<(), Failure> {
    let list = block_on(async {
        let list = reading::coordinator(config).await?.schedules(&Tenant::local()).await;
        Ok(list.map_err(|error| unreadable(&error))?.unwrap_or_else(ScheduleList::empty))
    })?;
    tell("schedule show", &list, as_json);
    Ok(())
}

/// Submits once what a server or the AWS stack submits each minute.
fn tick(config: &Config, as_json: bool) -> Result<(), Failure> {
    let tick = block_on(async {
        match &config.store {
            StoreConfig::Folder(_) => local_tick(config).await,
            StoreConfig::S3 { .. } => cloud_tick(config).await,
        }
    })?;
    if as_json {
        json("schedule tick", &tick);
        return Ok(());
    }
    data(&format!(
        "{} unfinished jobs checked, {} messages sent again, {} jobs ended",
        tick.n_jobs, tick.n_resent, tick.n_closed
    ));
    for due in &tick.scheduled {
        let what = match &due.submitted {
            Submitted::Job(job) => format!("job {job}"),
            Submitted::Unchanged { job, commit } => format!("unchanged since job {job} (commit {commit})"),
            Submitted::NotYet { reason } => format!("not submitted: {reason}"),
        };
        data(&format!("{} {} {}: {what}", due.window, due.schedule, due.repo));
    }
    Ok(())
}

/// Leaves the messages in the queue that `doctown serve` works on.
async fn local_tick(config: &Config) -> Result<Tick, Failure> {
    let folder = setting::store_folder(config)?;
    let store = DirectoryStore::open(folder).map_err(|error| unreadable(&error))?;
    let queue = LocalQueue::open(&LocalFolders::of_store(folder).served_queue(), SystemClock);
    let queue = queue.map_err(|error| {
        Failure::new(Exit::Failed, "store_unavailable", error.to_string())
            .with_help("a running `doctown serve` submits what is due by itself")
    })?;
    let ports = LocalPorts { store: AnyStore::Directory(store), queue, clock: SystemClock, observer: None };
    run_tick(Arc::new(Coordinator::new(Arc::new(ports), "schedule")), config).await
}

#[cfg(feature = "aws")]
async fn cloud_tick(config: &Config) -> Result<Tick, Failure> {
    run_tick(Arc::new(crate::cloud::coordinator(config).await?), config).await
}

#[cfg(not(feature = "aws"))]
async fn cloud_tick(config: &Config) -> Result<Tick, Failure> {
    // Reports that this program has no S3.
    reading::coordinator(config).await.map(|_| Tick::default())
}

async fn run_tick<P: Ports>(coordinator: Arc<Coordinator<P>>, config: &Config) -> Result<Tick, Failure> {
    let builder = SourceBuilder::new(Arc::clone(&coordinator), config)?;
    Tick::run(&coordinator, &builder).await.map_err(|error| unreadable(&error))
}

/// Submits what is due once a minute until the server stops.
pub(crate) async fn keep<P: Ports>(
    coordinator: Coordinator<P>,
    source: SourceConfig,
    embedder: Option<PinnedEmbedder>,
    stop: CancelFlag,
) {
    let coordinator = Arc::new(coordinator);
    let builder = SourceBuilder::for_itself(Arc::clone(&coordinator), source, embedder);
    while !stop.is_set() {
        if let Err(error) = tick_if_any(&coordinator, &builder).await {
            tracing::warn!("schedules could not be run, the next try is in a minute: {error}");
        }
        let begun = SystemClock.now();
        while !stop.is_set() && SystemClock.now().since(begun).as_secs() < TICK_SECONDS {
            SystemClock.sleep(crate::serve::STOP_LOOK).await;
        }
    }
}

/// Looks at nothing where there are no schedules: the server's worker looks for lost messages itself.
async fn tick_if_any<P: Ports>(
    coordinator: &Coordinator<P>,
    builder: &SourceBuilder<P>,
) -> Result<(), PipelineError> {
    for tenant in coordinator.tenants().await? {
        let list = coordinator.schedules::<ScheduleList>(&tenant).await?;
        if list.is_some_and(|list| !list.schedules.is_empty()) {
            Tick::run(coordinator, builder).await?;
            break;
        }
    }
    Ok(())
}

fn tell(command: &str, list: &ScheduleList, as_json: bool) {
    if as_json {
        return json(command, list);
    }
    let rows: Vec<_> = list
        .schedules
        .iter()
        .map(|schedule| {
            vec![
                schedule.name.clone(),
                schedule.cron.clone(),
                schedule.repos.len().to_string(),
                schedule.owner.clone(),
            ]
        })
        .collect();
    data(&table(&["schedule", "times (UTC)", "repositories", "owner"], &rows));
}

fn malformed(error: &ScheduleError) -> Failure {
    Failure::new(Exit::InputRefused, "schedules_malformed", error.to_string()).with_help(FORM)
}

const FORM: &str = "a list looks like {\"schema\":\"doctown.schedules/1\",\"schedules\":[{\"name\":\"nightly\",\"cron\":\"0 3 * * *\",\"repos\":[\"owner/repo\"]}]}";
