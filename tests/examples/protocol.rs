//! Searches the model of the job protocol with bounds that you choose; tests/README.md has examples.

use std::io::Write;
use std::ops::RangeInclusive;
use std::process::ExitCode;

use protocol::Protocol;
use protocol::catalogue;
use protocol::defect::Defect;
use protocol::livelock::search_ends;
use protocol::scenario::Scenario;
use protocol::search::{Report, search};

#[path = "../it/protocol/mod.rs"]
mod protocol;

const USAGE: &str = "\
usage: protocol SCENARIO [BOUND=NUMBER]... [defect=NAME] [ends] [threads=NUMBER]
       protocol table [threads=NUMBER]

SCENARIO  one of the catalogue, listed below
BOUND     workers shards group_units max_attempts max_receives max_resends reaper delays history deadline
          crashes restarts losses duplicates lapses missed_leases stalls late_writes lost_answers
          interrupts flakes cancels
defect    leaves out one line of the protocol, listed below
ends      looks for states from which the job cannot end, instead of broken promises
table     searches the whole catalogue and prints a table
";

/// What to search, and how.
struct Search {
    protocol: Protocol,
    n_threads: usize,
    is_for_ends: bool,
}

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let mut out = std::io::stdout().lock();
    let done = match args.split_first() {
        Some((first, rest)) if first == "table" => table(&mut out, rest),
        Some((first, rest)) => parse(first, rest).and_then(|asked| run(&mut out, &asked)),
        None => Err("no scenario is named".to_owned()),
    };
    match done {
        Ok(code) => code,
        Err(reason) => {
            let mut err = std::io::stderr().lock();
            let scenarios: Vec<&str> = catalogue::ALL.iter().map(|entry| entry.0).collect();
            let written =
                writeln!(err, "{reason}\n\n{USAGE}\nscenarios: {scenarios:?}\ndefects: {:?}", Defect::ALL);
            written.map_or(ExitCode::FAILURE, |()| ExitCode::from(2))
        }
    }
}

fn parse(name: &str, args: &[String]) -> Result<Search, String> {
    let scenario = catalogue::named(name).ok_or_else(|| format!("there is no scenario `{name}`"))?;
    let protocol = Protocol { scenario, defect: None };
    let mut asked = Search { protocol, n_threads: 1, is_for_ends: false };
    for arg in args {
        match arg.split_once('=') {
            None if arg == "ends" => asked.is_for_ends = true,
            Some(("defect", defect)) => asked.protocol.defect = Some(defect_named(defect)?),
            Some((key, number)) => {
                let number = number.parse().map_err(|_| format!("`{arg}`: expected a number up to 255"))?;
                match key {
                    "threads" => asked.n_threads = usize::from(number),
                    _ => set(&mut asked.protocol.scenario, key, number)?,
                }
            }
            None => return Err(format!("`{arg}` is not understood")),
        }
    }
    Ok(asked)
}

fn defect_named(name: &str) -> Result<Defect, String> {
    let found = Defect::ALL.into_iter().find(|defect| format!("{defect:?}") == name);
    found.ok_or_else(|| format!("there is no defect `{name}`"))
}

fn set(scenario: &mut Scenario, key: &str, number: u8) -> Result<(), String> {
    let (limits, faults) = (&mut scenario.limits, &mut scenario.faults);
    match key {
        "workers" => scenario.n_workers = within(key, number, 1..=protocol::world::MAX_WORKERS)?,
        "shards" => scenario.shards = catalogue::shards(within(key, number, 0..=3)?),
        "group_units" => scenario.group_units = within(key, number, 1..=3)?,
        "reaper" => scenario.reaper = number > 0,
        "delays" => scenario.delays = number > 0,
        "history" => scenario.history = number > 0,
        "deadline" => scenario.may_pass.deadline = number > 0,
        "max_attempts" => limits.max_attempts = number,
        "max_receives" => limits.max_receives = number,
        "max_resends" => limits.max_resends = number,
        "crashes" => faults.crashes = number,
        "restarts" => faults.restarts = number,
        "losses" => faults.losses = number,
        "duplicates" => faults.duplicates = number,
        "lapses" => faults.lapses = number,
        "missed_leases" => faults.missed_leases = number,
        "stalls" => faults.stalls = number,
        "late_writes" => faults.late_writes = number,
        "lost_answers" => faults.lost_answers = number,
        "interrupts" => faults.interrupts = number,
        "flakes" => faults.flakes = number,
        "cancels" => faults.cancels = number,
        _ => return Err(format!("there is no bound `{key}`")),
    }
    Ok(())
}

fn within(key: &str, number: u8, range: RangeInclusive<usize>) -> Result<usize, String> {
    let number = usize::from(number);
    let reason = || format!("`{key}={number}`: expected {} to {}", range.start(), range.end());
    range.contains(&number).then_some(number).ok_or_else(reason)
}

fn run(out: &mut impl Write, asked: &Search) -> Result<ExitCode, String> {
    let unwritten = |error: std::io::Error| format!("cannot write: {error}");
    if asked.is_for_ends {
        let found = search_ends(&asked.protocol);
        writeln!(out, "{} of {} states cannot end", found.n_endless, found.n_states).map_err(unwritten)?;
        found.example.iter().try_for_each(|state| writeln!(out, "{state}")).map_err(unwritten)?;
        return Ok(code(found.n_endless == 0));
    }
    let report = search(&asked.protocol, asked.n_threads);
    write!(out, "{report}").map_err(unwritten)?;
    Ok(code(report.is_well()))
}

fn table(out: &mut impl Write, args: &[String]) -> Result<ExitCode, String> {
    let unwritten = |error: std::io::Error| format!("cannot write: {error}");
    writeln!(out, "| scenario | states | steps | depth | s | broken |\n|---|---|---|---|---|---|")
        .map_err(unwritten)?;
    for (name, _) in catalogue::ALL {
        let asked = parse(name, args)?;
        let Report { n_states, n_generated, depth, took, broken, .. } =
            search(&asked.protocol, asked.n_threads);
        let (seconds, broken) = (took.as_secs_f64(), broken.first().map_or("", |broken| broken.promise));
        writeln!(out, "| {name} | {n_states} | {n_generated} | {depth} | {seconds:.1} | {broken} |")
            .map_err(unwritten)?;
    }
    Ok(ExitCode::SUCCESS)
}

fn code(is_well: bool) -> ExitCode {
    if is_well { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
