//! A second look at the best hits: a larger model compares the query with the texts of these alone.

use std::collections::BTreeSet;

use crate::index::Index;
use crate::names::Tier;
use crate::query::Query;
use crate::search::{Found, Hit};
use crate::words::each_word;

/// So many hits are compared: each costs a model some milliseconds, and those behind are rarely meant.
pub const MAX_COMPARED: usize = 50;
/// Words of the path and the name that stand before a symbol's text, the last ones of more.
const MAX_HEADER_WORDS: usize = 24;
/// Models read the first 64 tokens, which are in the first bytes of any text.
const MAX_TEXT_BYTES: usize = 1_000;

/// Writes what a model reads of a symbol: the words of its path and name, then the beginning of its own text.
pub fn compared_text(path: &str, qualified_name: &str, own: &str) -> String {
    let mut words: Vec<String> = Vec::new();
    for text in [path, qualified_name] {
        each_word(text, &mut |word| {
            if !words.iter().any(|known| known == word) {
                words.push(word.to_owned());
            }
        });
    }
    let mut text = words[words.len().saturating_sub(MAX_HEADER_WORDS)..].join(" ");
    // The signs of comments would cost the model up to three tokens a line.
    let is_sign = |c: char| c.is_whitespace() || matches!(c, '/' | '*');
    for line in own[..own.floor_char_boundary(MAX_TEXT_BYTES)].lines() {
        text.push('\n');
        text.push_str(line.trim_start_matches(is_sign).trim_end());
    }
    text
}

/// Lists the symbols whose texts are compared: of the hits by words and meaning, the best.
pub fn compared(found: &Found, n_symbols: usize) -> Vec<u32> {
    let best = found.hits.iter().filter(|hit| hit.tier == Tier::Words).take(MAX_COMPARED);
    best.map(|hit| hit.document).filter(|place| (*place as usize) < n_symbols).collect()
}

impl Index {
    /// Puts the best hits by words and meaning in the order that cosines of a larger model give them.
    ///
    /// Hits of other tiers, and those behind the ones that were compared, stay where they are.
    pub fn reranked(&self, query: &Query, found: Found, cosines: &[(u32, f64)]) -> Found {
        let is_by_words = |hit: &Hit| hit.tier == Tier::Words;
        let start = found.hits.iter().take_while(|hit| hit.tier < Tier::Words).count();
        let n_compared =
            found.hits[start..].iter().take(MAX_COMPARED).take_while(|hit| is_by_words(hit)).count();
        let mut hits = found.hits;
        let behind = hits.split_off(start + n_compared);
        let places: BTreeSet<u32> = hits.split_off(start).iter().map(|hit| hit.document).collect();
        hits.extend(self.search(query, cosines, |place| places.contains(&place), places.len()).hits);
        // Scores of one tier fall, also from those that were compared to those that were not.
        let least = hits.last().map_or(f64::MAX, |hit| hit.score);
        let capped =
            |hit: Hit| Hit { score: if is_by_words(&hit) { hit.score.min(least) } else { hit.score }, ..hit };
        hits.extend(behind.into_iter().map(capped));
        Found { hits, n_matches: found.n_matches }
    }
}
