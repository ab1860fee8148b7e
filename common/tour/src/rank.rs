//! How much a reader needs to know a symbol, by who uses it.

use std::collections::BTreeSet;

use docpack::{EdgeKind, Role};

use crate::code::Code;
use crate::parts::Parts;

/// Users beyond this make a symbol no more important.
const MAX_USERS: u64 = 40;

/// A symbol that the README shows in code is worth this many users.
const DOCUMENTED: u64 = 24;
/// And so is one that the main file of the package passes on.
const PASSED_ON: u64 = 12;

/// What is known of who uses each symbol.
pub(crate) struct Ranks {
    scores: Vec<u64>,
    documented: Vec<bool>,
}

impl Ranks {
    /// Counts the files that use each symbol: other parts count more than the own, tests the least.
    pub(crate) fn new(code: &Code<'_>, parts: &Parts<'_>) -> Self {
        let written = code_words(code);
        let documented: Vec<bool> = code
            .all()
            .map(|at| {
                let is_shown = code.is_ours(at) && code.is_public(at) && code.owner_type(at).is_none();
                is_shown && written.contains(code.symbols[at].name.as_str())
            })
            .collect();
        let passed_on = passed_on(code);
        let bonus = |at: usize| {
            u64::from(documented[at]) * DOCUMENTED + u64::from(passed_on.contains(&at)) * PASSED_ON
        };
        let scores = code.all().map(|at| score(code, parts, at) + bonus(at)).collect();
        Self { scores, documented }
    }

    /// Returns a symbol's score; comparable within one pack.
    pub(crate) fn of(&self, at: usize) -> u64 {
        self.scores[at]
    }

    /// Tells whether the README shows the symbol in code.
    pub(crate) fn is_documented(&self, at: usize) -> bool {
        self.documented[at]
    }

    /// Sorts symbols, the most used first.
    pub(crate) fn sort(&self, symbols: &mut [usize]) {
        symbols.sort_by_key(|at| (std::cmp::Reverse(self.of(*at)), *at));
    }
}

fn score(code: &Code<'_>, parts: &Parts<'_>, at: usize) -> u64 {
    let own = parts.of(code.path(at));
    let (mut near, mut far, mut examples, mut tests) = (0, 0, 0, 0);
    for path in code.users(at) {
        let is_ours = parts.of(path);
        let role = code.file(path).and_then(|file| file.role.as_ref()?.known());
        match (is_ours, role) {
            (Some(part), _) if Some(part) == own => near += 1,
            (Some(_), _) => far += 1,
            (None, Some(Role::Test | Role::Benchmark)) => tests += 1,
            (None, _) => examples += 1,
        }
    }
    let is_public = u64::from(code.is_public(at));
    3 * far.min(MAX_USERS)
        + 2 * near.min(MAX_USERS)
        + is_public * (2 * examples.min(MAX_USERS) + tests.min(MAX_USERS))
}

/// Lists what the main file nearest to the root imports: those who import it see that.
fn passed_on(code: &Code<'_>) -> BTreeSet<usize> {
    const NAMES: [&str; 5] = ["__init__.py", "index.ts", "index.js", "mod.ts", "lib.rs"];
    let is_main = |at: &usize| {
        let name = code.path(*at).rsplit('/').next().unwrap_or_default();
        code.symbols[*at].parent.is_none() && NAMES.contains(&name)
    };
    let depth = |at: usize| code.path(at).matches('/').count();
    let mains: Vec<usize> = code.ours().filter(is_main).collect();
    let Some(top) = mains.iter().map(|at| depth(*at)).min() else { return BTreeSet::new() };
    let links = mains.iter().filter(|at| depth(**at) == top).flat_map(|at| code.leaving(*at));
    links.filter(|link| link.kind == EdgeKind::Imports).map(|link| link.other).collect()
}

/// Lists the words that stand in code of the README.
fn code_words<'a>(code: &Code<'a>) -> BTreeSet<&'a str> {
    let mut words = BTreeSet::new();
    let Some((_, text)) = crate::purpose::readme(code.records) else { return words };
    let mut in_block = false;
    for line in text.lines() {
        if line.trim_start().starts_with("```") {
            in_block = !in_block;
            continue;
        }
        // The lines of an HTML heading are indented too.
        if in_block || (line.starts_with("    ") && !line.trim_start().starts_with('<')) {
            words.extend(identifiers(line));
        } else {
            // Between backticks.
            line.split('`').skip(1).step_by(2).for_each(|span| words.extend(identifiers(span)));
        }
    }
    words
}

fn identifiers(text: &str) -> impl Iterator<Item = &str> {
    let words = text.split(|c: char| !c.is_alphanumeric() && c != '_');
    words.filter(|word| word.len() > 2)
}
