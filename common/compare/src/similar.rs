//! How alike two symbols are, apart from their names: by signature and steps, or by members.

use std::collections::BTreeMap;

use docpack::SymbolKind;
use docpack::records::Symbol;

use crate::side::Side;

/// Fewer members or steps than this are alike by chance.
const MIN_PARTS: usize = 3;
/// A signature of fewer words than this says too little where bodies are unknown.
const MIN_WORDS: usize = 8;
/// The share of the body in the score of a callable.
const BODY_WEIGHT: f64 = 0.7;

/// What is compared of one symbol: parts with their counts.
pub(crate) struct Sketch {
    is_container: bool,
    /// Words of the signature without the symbol's own name.
    words: BTreeMap<String, usize>,
    /// Steps of a callable or members of a container; `None` where the pack does not record them.
    parts: Option<BTreeMap<String, usize>>,
}

impl Sketch {
    pub(crate) fn of(side: &Side<'_>, at: usize) -> Self {
        let symbol = side.symbols[at];
        let kind = symbol.kind.known();
        let is_container = kind.is_some_and(SymbolKind::is_type) || kind == Some(SymbolKind::Module);
        let words = symbol.signature.split(|c: char| !c.is_alphanumeric() && c != '_');
        let words = counted(words.filter(|it| !it.is_empty() && *it != symbol.name).map(str::to_owned));
        let parts = match is_container {
            true => Some(counted(side.children[at].iter().map(|child| member(side.symbols[*child])))),
            false => side.body(at).map(|body| {
                let step = |step: &docpack::records::Step| format!("{} {}", step.kind, step.text);
                counted(body.steps.iter().map(step))
            }),
        };
        Self { is_container, words, parts }
    }

    /// Says how alike two symbols are; `None` where too little is known to say.
    pub(crate) fn similarity(&self, other: &Self) -> Option<f64> {
        let words = dice(&self.words, &other.words);
        match (&self.parts, &other.parts) {
            (Some(a), Some(b)) => {
                let n_parts = total(a).min(total(b));
                let parts = dice(a, b);
                if n_parts < MIN_PARTS {
                    return None;
                }
                Some(if self.is_container {
                    parts
                } else {
                    BODY_WEIGHT * parts + (1.0 - BODY_WEIGHT) * words
                })
            }
            (None, None) => (total(&self.words).min(total(&other.words)) >= MIN_WORDS).then_some(words),
            _ => None,
        }
    }
}

fn member(symbol: &Symbol) -> String {
    format!("{} {} {}", symbol.kind, symbol.name, symbol.signature)
}

fn counted(items: impl Iterator<Item = String>) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    for item in items {
        *counts.entry(item).or_default() += 1;
    }
    counts
}

fn total(counts: &BTreeMap<String, usize>) -> usize {
    counts.values().sum()
}

/// Twice what both have, of what each has; two that have nothing are equal.
fn dice(a: &BTreeMap<String, usize>, b: &BTreeMap<String, usize>) -> f64 {
    let n_all = total(a) + total(b);
    if n_all == 0 {
        return 1.0;
    }
    let shared: usize = a.iter().map(|(item, n)| b.get(item).map_or(0, |m| *n.min(m))).sum();
    2.0 * shared as f64 / n_all as f64
}
