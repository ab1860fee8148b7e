//! BM25 over the words of symbols.

use std::collections::{BTreeMap, HashMap};

use docpack::records::Symbol;

use crate::explore::SymbolIdx;
use crate::explore::words::words;

/// The usual constants: how soon repetition stops to count, and how much length does.
const K1: f32 = 1.2;
const B: f32 = 0.75;
/// A word of a name counts as so many of a text.
const NAME_WEIGHT: f32 = 5.0;
const QUALIFIED_WEIGHT: f32 = 2.0;
const TEXT_WEIGHT: f32 = 1.0;
/// The last word of a query may be begun only; so many words may be meant by it.
const MAX_COMPLETIONS: usize = 64;
const COMPLETION_WEIGHT: f32 = 0.6;
/// What was typed is the name itself.
const EXACT_NAME_BONUS: f32 = 8.0;

/// Which symbols hold a word, and how often.
pub(super) struct Lexical {
    postings: BTreeMap<String, Vec<(SymbolIdx, f32)>>,
    lengths: Vec<f32>,
    mean_length: f32,
    names: HashMap<String, Vec<SymbolIdx>>,
}

impl Lexical {
    pub(super) fn of(symbols: &[Symbol]) -> Self {
        let mut postings: BTreeMap<String, Vec<(SymbolIdx, f32)>> = BTreeMap::new();
        let mut lengths = Vec::with_capacity(symbols.len());
        let mut names: HashMap<String, Vec<SymbolIdx>> = HashMap::new();
        for (idx, symbol) in (0..).zip(symbols) {
            let counts = counts(symbol);
            lengths.push(counts.values().sum());
            for (word, count) in counts {
                postings.entry(word).or_default().push((idx, count));
            }
            for name in [&symbol.name, &symbol.qualified_name] {
                names.entry(name.to_lowercase()).or_default().push(idx);
            }
        }
        let mean_length = lengths.iter().sum::<f32>() / (lengths.len().max(1) as f32);
        Self { postings, lengths, mean_length: mean_length.max(1.0), names }
    }

    /// Scores every symbol that holds a word of the query.
    pub(super) fn scores(&self, query: &str) -> HashMap<SymbolIdx, f32> {
        let mut scores = HashMap::new();
        let mut wanted = Vec::new();
        words(query, &mut |word| wanted.push(word));
        wanted.dedup();
        let ends_open = query.chars().last().is_some_and(|c| c.is_alphanumeric() || c == '_');
        for (place, word) in wanted.iter().enumerate() {
            self.add(word, 1.0, &mut scores);
            if ends_open && place + 1 == wanted.len() {
                self.add_completions(word, &mut scores);
            }
        }
        for idx in self.names.get(&query.trim().to_lowercase()).into_iter().flatten() {
            *scores.entry(*idx).or_insert(0.0) += EXACT_NAME_BONUS;
        }
        scores
    }

    fn add(&self, word: &str, weight: f32, scores: &mut HashMap<SymbolIdx, f32>) {
        let Some(holders) = self.postings.get(word) else { return };
        let (n_symbols, n_holders) = (self.lengths.len() as f32, holders.len() as f32);
        let rarity = ((n_symbols - n_holders + 0.5) / (n_holders + 0.5) + 1.0).ln();
        for (idx, count) in holders {
            let length = self.lengths[*idx as usize] / self.mean_length;
            let often = count * (K1 + 1.0) / (count + K1 * (1.0 - B + B * length));
            *scores.entry(*idx).or_insert(0.0) += weight * rarity * often;
        }
    }

    fn add_completions(&self, begun: &str, scores: &mut HashMap<SymbolIdx, f32>) {
        let longer = self.postings.range(begun.to_owned()..).take_while(|(word, _)| word.starts_with(begun));
        let longer = longer.filter(|(word, _)| *word != begun).take(MAX_COMPLETIONS);
        let words: Vec<&String> = longer.map(|(word, _)| word).collect();
        for word in words {
            self.add(word, COMPLETION_WEIGHT, scores);
        }
    }
}

fn counts(symbol: &Symbol) -> HashMap<String, f32> {
    let mut counts: HashMap<String, f32> = HashMap::new();
    let mut add = |text: &str, weight: f32| {
        words(text, &mut |word| *counts.entry(word).or_insert(0.0) += weight);
    };
    add(&symbol.name, NAME_WEIGHT);
    add(&symbol.qualified_name, QUALIFIED_WEIGHT);
    add(&symbol.signature, TEXT_WEIGHT);
    add(symbol.doc_comment.as_deref().unwrap_or_default(), TEXT_WEIGHT);
    add(symbol.documentation.as_ref().map_or("", |it| &it.summary), TEXT_WEIGHT);
    counts
}
