//! `doctown schedule`: what is built at set times.

use std::path::Path;
use std::sync::Arc;

use pipeline::{Clock, Tenant};
use runtime::SystemClock;
use runtime::config::Config;
use schedule::{ScheduleError, ScheduleList, SourceBuilder, Submitted, Tick};

use crate::args::ScheduleAction;
use crate::cloud::{coordinator, unusable};
use crate::failure::{Exit, Failure};
use crate::output::{data, json, table};
use crate::reading::block_on;

pub(crate) fn schedule(action: &ScheduleAction, config: &Config, as_json: bool) -> Result<(), Failure> {
    match action {
        ScheduleAction::Set { file } => set(file, config, as_json),
        ScheduleAction::Show => show(config, as_json),
        ScheduleAction::Tick => tick(config, as_json),
    }
}

/// Stores the list; schedules that were there before go on where they were.
fn set(file: &Path, config: &Config, as_json: bool) -> Result<(), Failure> {
    let text = std::fs::read_to_string(file).map_err(|error| {
        Failure::new(Exit::Usage, "input_unreadable", format!("`{}`: {error}", file.display()))
    })?;
    let list = ScheduleList::parse(&text).map_err(|error| malformed(&error))?;
    let list = block_on(async {
        let coordinator = coordinator(config).await?;
        let tenant = Tenant::local();
        let before = coordinator.schedules(&tenant).await.map_err(|error| unusable(&error))?;
        let list = list.beginning(SystemClock.now(), &before.unwrap_or_else(ScheduleList::empty));
        coordinator.put_schedules(&tenant, &list).await.map_err(|error| unusable(&error))?;
        Ok(list)
    })?;
    tell("schedule set", &list, as_json);
    Ok(())
}

fn show(config: &Config, as_json: bool) -> Result<(), Failure> {
    let list = block_on(async {
        let list = coordinator(config).await?.schedules(&Tenant::local()).await;
        Ok(list.map_err(|error| unusable(&error))?.unwrap_or_else(ScheduleList::empty))
    })?;
    tell("schedule show", &list, as_json);
    Ok(())
}

/// Does now what the schedule's process does each minute.
fn tick(config: &Config, as_json: bool) -> Result<(), Failure> {
    let tick = block_on(async {
        let coordinator = Arc::new(coordinator(config).await?);
        let builder = SourceBuilder::new(Arc::clone(&coordinator), config)?;
        Tick::run(&coordinator, &Tenant::local(), &builder).await.map_err(|error| unusable(&error))
    })?;
    if as_json {
        json("schedule tick", &tick);
        return Ok(());
    }
    data(&format!(
        "{} jobs looked at, {} messages sent again, {} closed",
        tick.n_jobs, tick.n_resent, tick.n_closed
    ));
    for due in &tick.scheduled {
        let what = match &due.submitted {
            Submitted::Job(job) => format!("job {job}"),
            Submitted::Unchanged { job, commit } => format!("unchanged since job {job} of commit {commit}"),
            Submitted::NotYet { reason } => format!("not yet: {reason}"),
        };
        data(&format!("{} {} {}: {what}", due.window, due.schedule, due.repo));
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
    Failure::new(Exit::InputRefused, "schedules_malformed", error.to_string())
        .with_help("infra/README.md shows the form of the list")
}
