//! What libraries do to the world outside, as data: one table per language.

use docpack::Effect;
use foldhash::{HashMap, HashSet};

/// What a language's table says of bodies beyond the forms of its nodes.
pub(crate) struct BodyWords {
    /// Calls that end what is around them, as written.
    pub(crate) raises: &'static [(&'static str, Raises)],
    /// Functions of the language itself that make, measure or convert values; their calls are no steps.
    pub(crate) silent: &'static [&'static str],
    /// Calls of known libraries, by the path behind their import.
    pub(crate) sinks: &'static [Sink],
    /// Values of the outside that are read without a call, of which fields and elements are single values.
    pub(crate) values: &'static [(&'static str, Effect)],
}

/// When a call ends what is around it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Raises {
    Always,
    /// Where its first argument does not hold.
    UnlessFirst,
    /// Where what its arguments say together does not hold: `assert_eq!(a, b)`.
    UnlessAll,
}

/// Calls with one effect.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Sink {
    pub(crate) effect: Effect,
    /// A path, or the beginning of paths where it ends as a path goes on: `logging.`.
    pub(crate) paths: &'static [&'static str],
    /// The argument that says whether a file is written instead: `open(path, "w")`.
    pub(crate) by_mode: bool,
}

impl Sink {
    pub(crate) const fn new(effect: Effect, paths: &'static [&'static str]) -> Self {
        Self { effect, paths, by_mode: false }
    }
}

/// A table's words, found by hash.
pub(crate) struct KnownWords {
    silent: HashSet<&'static str>,
    paths: HashMap<&'static str, &'static Sink>,
    /// Beginnings of paths, with what ends them.
    beginnings: HashMap<&'static str, &'static Sink>,
}

/// What a beginning of paths ends with.
const GOES_ON: [char; 3] = ['.', ':', '/'];

impl KnownWords {
    pub(crate) fn of(words: &'static BodyWords) -> Self {
        let all = || words.sinks.iter().flat_map(|sink| sink.paths.iter().map(move |path| (*path, sink)));
        Self {
            silent: words.silent.iter().copied().collect(),
            paths: all().filter(|(path, _)| !path.ends_with(GOES_ON)).collect(),
            beginnings: all().filter(|(path, _)| path.ends_with(GOES_ON)).collect(),
        }
    }

    /// Tells whether a function of the language itself makes, measures or converts a value.
    pub(crate) fn is_silent(&self, name: &str) -> bool {
        self.silent.contains(name)
    }

    /// Finds what a call does; the longest path that fits counts.
    pub(crate) fn sink(&self, path: &str) -> Option<&'static Sink> {
        if let Some(&sink) = self.paths.get(path) {
            return Some(sink);
        }
        path.rmatch_indices(GOES_ON).find_map(|(at, _)| {
            let (beginning, rest) = path.split_at(at + 1);
            // What a call gives is another thing, unless the table says so.
            self.beginnings.get(beginning).filter(|_| !rest.contains("()")).copied()
        })
    }
}
