//! What libraries do to the world outside, as data: one table per language.

use docpack::Effect;

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

impl BodyWords {
    /// Finds what a call does; the longest path that fits counts.
    pub(crate) fn sink(&'static self, path: &str) -> Option<&'static Sink> {
        let fits = |known: &str| match known.ends_with(['.', ':', '/']) {
            // What a call gives is another thing, unless the table says so.
            true => path.strip_prefix(known).is_some_and(|rest| !rest.contains("()")),
            false => path == known,
        };
        let all = self
            .sinks
            .iter()
            .flat_map(|sink| sink.paths.iter().map(move |known| (known.len(), sink, *known)));
        all.filter(|(_, _, known)| fits(known)).max_by_key(|(length, ..)| *length).map(|(_, sink, _)| sink)
    }
}
