//! `doctown`: the whole pipeline in one process, one stage alone, and the commands that read packs.
//!
//! Results go to stdout; progress and messages go to stderr. Every command takes `--json`.
//! Exit codes are listed in `--help`.

mod args;
mod ask;
mod build;
#[cfg(feature = "aws")]
mod cloud;
mod desktop;
mod diff;
mod doctor;
mod events;
mod export;
mod failure;
mod github_app;
mod help;
mod hosted;
mod insights;
mod inspect;
mod jobs;
mod ledger;
mod margin;
#[cfg(all(feature = "jemalloc", target_os = "linux", target_env = "gnu"))]
mod memory;
mod open;
mod output;
mod patience;
mod people;
mod plan;
mod price;
mod progress;
mod prose;
mod reading;
mod schedules;
mod serve;
mod setting;
mod setup;
mod shorthand;
mod stage;
mod stages;
mod target;
mod timeline;
mod tour;
mod verified;
mod view;
#[cfg(not(feature = "aws"))]
mod without_cloud;

use std::process::ExitCode;

use clap::FromArgMatches;
use runtime::config::Config;

use crate::args::{Cli, Command, ConfigAction};
use crate::failure::{Exit, Failure};

fn main() -> ExitCode {
    #[cfg(all(feature = "jemalloc", target_os = "linux", target_env = "gnu"))]
    memory::give_to_parsers();
    let arguments: Vec<_> = std::env::args_os().collect();
    let mut command = help::command();
    if arguments.len() <= 1 {
        // A closed pipe is no failure, here as elsewhere.
        let _ = command.print_help();
        return ExitCode::SUCCESS;
    }
    let arguments = shorthand::expanded(&command, arguments);
    if let Some(failure) = shorthand::left_out(&command, &arguments) {
        return reported(&failure, arguments.iter().any(|argument| argument == "--json"));
    }
    let parsed =
        command.try_get_matches_from_mut(arguments).and_then(|matches| Cli::from_arg_matches(&matches));
    let cli = parsed.unwrap_or_else(|error| error.exit());
    match run(&cli) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => reported(&failure, cli.json),
    }
}

fn reported(failure: &Failure, json: bool) -> ExitCode {
    failure.report(json);
    failure.exit.into()
}

fn run(cli: &Cli) -> Result<(), Failure> {
    match &cli.command {
        Command::Inspect(args) => return inspect::inspect(args, cli.json),
        Command::Tour(args) => return tour::tour(args, cli),
        Command::Insights(args) => return insights::insights(args, cli),
        Command::Ask(args) => return ask::ask(args, cli, || configuration(cli)),
        Command::Search(args) => return ask::search(args, cli),
        Command::Show(args) => return ask::show(args, cli),
        Command::Callers(args) => return ask::callers(args, cli),
        Command::Callees(args) => return ask::callees(args, cli),
        Command::Path(args) => return ask::path(args, cli),
        Command::Impact(args) => return ask::impact(args, cli),
        Command::Diff(args) => return diff::diff(args, cli, || configuration(cli)),
        Command::Verify { pack } => return inspect::verify(pack, cli.json),
        Command::Export(args) => return export::export(args, cli),
        Command::View(args) => return view::view(&args.pack, &args.page, cli),
        Command::Open(args) => return open::open(args, cli, || configuration(cli)),
        Command::Plan => {
            plan::plan(cli.json);
            return Ok(());
        }
        Command::Completions { shell } => {
            let mut script = Vec::new();
            clap_complete::generate(*shell, &mut help::command(), "doctown", &mut script);
            output::exact(String::from_utf8_lossy(&script).trim_end());
            return Ok(());
        }
        _ => {}
    }
    let config = configuration(cli)?;
    // Kept to the end, which sends what is left of the traces.
    let _telemetry = runtime::telemetry::start(&config.log, &config.telemetry);
    match &cli.command {
        Command::Build(args) => build::build(args, &config, cli),
        Command::Estimate(args) => build::estimate(args, &config, cli),
        Command::Audit { job } => events::audit(job.as_deref(), &config),
        Command::Stage(args) => stage::stage(args, &config, cli),
        Command::Login(args) => hosted::login(args, &config, cli),
        Command::Logout(args) => hosted::logout(args.server.as_deref(), &config, cli),
        Command::Whoami(args) => hosted::whoami(args.server.as_deref(), &config, cli),
        Command::Library(args) => hosted::library(args, &config, cli),
        Command::Pull(args) => hosted::pull(args, &config, cli),
        Command::Events(args) => jobs::events(args, &config, cli),
        #[cfg(feature = "aws")]
        Command::Worker(args) => cloud::worker(args, &config),
        Command::Submit(args) => jobs::submit(args, &config, cli),
        Command::Approve(args) => jobs::approve(args, &config, cli.json),
        Command::Cancel(args) => jobs::cancel(args, &config, cli.json),
        Command::Retry(args) => jobs::retry(args, &config, cli.json),
        #[cfg(feature = "aws")]
        Command::Redrive(args) => cloud::redrive(args, &config, cli.json),
        Command::Schedule { action } => schedules::schedule(action, &config, cli.json),
        Command::Serve(args) => serve::serve(args, &config),
        Command::Accounts { action } => people::accounts(action, &config, cli.json),
        Command::Github { action } => github_app::run(action, &config, cli),
        Command::Ledger { action } => ledger::ledger(action, &config, cli.json),
        Command::Status(args) => jobs::status(args, &config, cli),
        Command::Jobs(args) => jobs::jobs(args, &config, cli.json),
        Command::Fsck(args) => jobs::fsck(args, &config, cli.json),
        Command::Timeline { job } => timeline::timeline(job, &config, cli.json),
        Command::Price { job } => price::price(job.as_deref(), &config, cli.json),
        Command::Setup(args) => setup::setup(args, &config, cli.json),
        Command::Doctor => doctor::doctor(&config, cli.json),
        Command::Config { action: ConfigAction::Show } => {
            show_config(&config, cli.json);
            Ok(())
        }
        Command::Tour(_)
        | Command::Insights(_)
        | Command::Ask(_)
        | Command::Search(_)
        | Command::Show(_)
        | Command::Callers(_)
        | Command::Callees(_)
        | Command::Path(_)
        | Command::Impact(_)
        | Command::Inspect(_)
        | Command::Diff(_)
        | Command::Verify { .. }
        | Command::Export(_)
        | Command::Open(_)
        | Command::View(_)
        | Command::Completions { .. }
        | Command::Plan => Ok(()),
    }
}

fn configuration(cli: &Cli) -> Result<Config, Failure> {
    let mut config = Config::from_env().map_err(|error| {
        Failure::new(Exit::Usage, "config_invalid", error.to_string())
            .with_help("`doctown config show` lists every setting")
    })?;
    match cli.verbose {
        // The command itself prints why its job failed; whoever serves many jobs has only the log.
        0 if !is_long_running(&cli.command) => {
            config.log.filter.push_str(",doctown_runtime::host::units=off")
        }
        0 => {}
        1 => config.log.filter = "info,ort=warn".to_owned(),
        _ => config.log.filter = "debug,ort=warn,hyper=info".to_owned(),
    }
    Ok(config)
}

fn is_long_running(command: &Command) -> bool {
    #[cfg(feature = "aws")]
    if matches!(command, Command::Worker(_)) {
        return true;
    }
    matches!(command, Command::Serve(_))
}

fn show_config(config: &Config, json: bool) {
    if json {
        return output::json("config show", &config.show());
    }
    let rows: Vec<_> = config
        .show()
        .iter()
        .map(|setting| {
            let value = setting.value.clone().unwrap_or_else(|| "-".to_owned());
            let origin = if setting.is_default { "default" } else { "environment" };
            vec![setting.name.to_owned(), value, origin.to_owned(), setting.help.to_owned()]
        })
        .collect();
    output::data(&output::table(&["setting", "value", "from", "what it does"], &rows));
}
