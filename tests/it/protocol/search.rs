//! Running a search and telling what it found.

use std::fmt::{self, Write as _};
use std::time::{Duration, Instant};

use stateright::{Checker, HasDiscoveries, Model, Path};

use super::Protocol;
use super::action::Action;
use super::world::World;

/// As much of a step as tells it from others.
const MAX_STEP_CHARS: usize = 60;

/// What a search found.
#[derive(Debug)]
pub(crate) struct Report {
    pub(crate) n_states: usize,
    pub(crate) n_generated: usize,
    pub(crate) depth: usize,
    pub(crate) took: Duration,
    /// Promises that do not hold, each with the shortest way there.
    pub(crate) broken: Vec<Broken>,
    /// Ends that were not reached.
    pub(crate) missed: Vec<&'static str>,
}

#[derive(Debug)]
pub(crate) struct Broken {
    pub(crate) promise: &'static str,
    pub(crate) n_steps: usize,
    pub(crate) path: String,
}

impl Report {
    /// Whether every promise holds and every end was reached.
    pub(crate) fn is_well(&self) -> bool {
        self.broken.is_empty() && self.missed.is_empty()
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { n_states, n_generated, depth, took, broken, missed } = self;
        let seconds = took.as_secs_f64();
        writeln!(f, "{n_states} states, {n_generated} steps, depth {depth}, {seconds:.1} s")?;
        for Broken { promise, n_steps, path } in broken {
            writeln!(f, "broken in {n_steps} steps: {promise}\n{path}")?;
        }
        missed.iter().try_for_each(|goal| writeln!(f, "never reached: {goal}"))
    }
}

/// Visits every state, or every state up to the first broken promise.
pub(crate) fn search(protocol: &Protocol, n_threads: usize) -> Report {
    let began = Instant::now();
    let checker = protocol
        .clone()
        .checker()
        .finish_when(HasDiscoveries::AnyFailures)
        .threads(n_threads)
        .spawn_bfs()
        .join();
    let mut found = checker.discoveries();
    let (mut broken, mut missed) = (Vec::new(), Vec::new());
    for property in protocol.properties() {
        match (found.remove(property.name), property.expectation.discovery_is_failure()) {
            (Some(path), true) => broken.push(told(property.name, path)),
            (None, false) => missed.push(property.name),
            _ => {}
        }
    }
    Report {
        n_states: checker.unique_state_count(),
        n_generated: checker.state_count(),
        depth: checker.max_depth(),
        took: began.elapsed(),
        broken,
        missed,
    }
}

fn told(promise: &'static str, path: Path<World, Action>) -> Broken {
    let mut text = String::new();
    let steps = path.into_vec();
    let n_steps = steps.len() - 1;
    for (world, action) in steps {
        let phase = world.document.phase;
        let written = match action {
            Some(Action::Step { worker }) => writeln!(text, "{phase:?}: {}", spoken(&world, worker)),
            Some(action) => writeln!(text, "{phase:?}: {action:?}"),
            None => writeln!(text, "{world:?}"),
        };
        written.expect("a string takes everything");
    }
    Broken { promise, n_steps, path: text }
}

/// Names a worker by its errand: places change, since states that differ by them only are one.
fn spoken(world: &World, at: usize) -> String {
    let worker = world.workers[at];
    let who = worker.unit().map_or_else(|| format!("{:?}", worker.errand), |unit| format!("{unit:?}"));
    let what = format!("{:?}", worker.step);
    format!("{who} {}", what.chars().take(MAX_STEP_CHARS).collect::<String>())
}
