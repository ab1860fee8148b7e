//! A query to documents, best first.

use std::ops::Bound;

use serde::{Deserialize, Serialize};

use crate::document::Field;
use crate::index::{Index, Posting, WEIGHT_UNITS, fields_of};
use crate::names::Tier;
use crate::query::{Query, Term};

/// How soon repetition stops to count: a word of this weight counts half of what it can.
const HALF_WEIGHT: f64 = 2.0;
/// What a word counts that only begins as the last one of the query.
const COMPLETION_SHARE: f64 = 0.6;
/// What another word for one of the query counts.
const OTHER_WORD_SHARE: f64 = 0.4;
/// What a document gets that holds none of the query's weight but one word of no rarity.
const LEAST_COVERAGE: f64 = 0.4;
/// What a name adds that consists of the query's words and nothing else.
const WHOLE_NAME_BONUS: f64 = 0.4;
/// Vectors of unrelated texts are as near as this.
const MIN_SIMILARITY: f64 = 0.25;
/// What the nearest document gets for its vector, where the best by words gets 1 for its words.
const MEANING_SHARE: f64 = 1.0;
const NAME_BIT: u8 = 1;

/// More of the documents nearest to a query's vector change nothing among the first hits.
pub const MAX_NEAR: usize = 200;

/// A document that was found.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Hit {
    /// In the order in which documents were added.
    pub document: u32,
    pub tier: Tier,
    /// Comparable within one tier of one answer.
    pub score: f64,
    /// The fields that hold words of the query; empty where only the vectors are near.
    pub fields: Vec<Field>,
    /// Cosine of its vector to the query's.
    pub similarity: Option<f64>,
}

/// The best hits, and how many documents match at all.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Found {
    pub hits: Vec<Hit>,
    pub n_matches: usize,
}

/// What is gathered about one document.
#[derive(Clone, Copy, Default)]
struct Match {
    tier: Option<Tier>,
    /// By words.
    points: f64,
    /// How much of the query's rarity it holds.
    covered: f64,
    n_name_terms: u8,
    fields: u8,
    similarity: Option<f64>,
}

/// Matches by document, and which documents have one.
struct Matches {
    by_place: Vec<Match>,
    touched: Vec<u32>,
    is_touched: Vec<bool>,
}

impl Matches {
    fn new(n_documents: usize) -> Self {
        Self {
            by_place: vec![Match::default(); n_documents],
            touched: Vec::new(),
            is_touched: vec![false; n_documents],
        }
    }

    fn at(&mut self, place: u32) -> Option<&mut Match> {
        let is_touched = self.is_touched.get_mut(place as usize)?;
        if !*is_touched {
            *is_touched = true;
            self.touched.push(place);
        }
        self.by_place.get_mut(place as usize)
    }
}

impl Index {
    /// Finds documents by names, then by words, and by `near`: documents with their vectors' cosine to the query's.
    ///
    /// Equal indexes and queries give equal answers, on every machine and in the TypeScript mirror.
    pub fn search(
        &self,
        query: &Query,
        near: &[(u32, f64)],
        is_wanted: impl Fn(u32) -> bool,
        limit: usize,
    ) -> Found {
        let mut matches = Matches::new(self.len());
        let rarity = self.add_words(query, &mut matches);
        self.add_names(query, &mut matches);
        for (place, similarity) in near.iter().filter(|(_, similarity)| *similarity >= MIN_SIMILARITY) {
            if let Some(found) = matches.at(*place) {
                found.similarity = Some(*similarity);
            }
        }
        let places: Vec<u32> = matches.touched.iter().copied().filter(|place| is_wanted(*place)).collect();
        let ranking = Ranking::of(self, query, &matches, &places, rarity);
        let mut ranked: Vec<(Tier, f64, u32)> = places.iter().map(|place| ranking.key(*place)).collect();
        ranked.sort_unstable_by(|a, b| a.0.cmp(&b.0).then(b.1.total_cmp(&a.1)).then(a.2.cmp(&b.2)));
        let hits = ranked.iter().take(limit).map(|(tier, score, place)| {
            let found = matches.by_place[*place as usize];
            Hit {
                document: *place,
                tier: *tier,
                score: *score,
                fields: fields_of(found.fields),
                similarity: found.similarity,
            }
        });
        Found { hits: hits.collect(), n_matches: ranked.len() }
    }

    /// Adds what the words of the query are worth, and returns the rarity of all of them.
    fn add_words(&self, query: &Query, matches: &mut Matches) -> f64 {
        let mut worths = vec![(0.0, 0); self.len()];
        let mut all = 0.0;
        for term in &query.terms {
            let mut holders = Vec::new();
            for (stem, postings) in self.completions(term) {
                let share = if *stem == *term.stem { 1.0 } else { COMPLETION_SHARE };
                let rarity = self.rarity(postings.len());
                for posting in postings {
                    raise(&mut worths, &mut holders, posting, share * rarity);
                }
            }
            for postings in term.others.iter().filter_map(|stem| self.postings.get(stem.as_str())) {
                let rarity = self.rarity(postings.len());
                for posting in postings {
                    raise(&mut worths, &mut holders, posting, OTHER_WORD_SHARE * rarity);
                }
            }
            let rarity = self.rarity(self.postings.get(term.stem.as_str()).map_or(1, Vec::len));
            all += rarity;
            for place in holders {
                let (points, fields) = std::mem::take(&mut worths[place as usize]);
                let Some(found) = matches.at(place) else { continue };
                found.points += points;
                found.covered += rarity;
                found.fields |= fields;
                found.n_name_terms += fields & NAME_BIT;
            }
        }
        all
    }

    /// The indexed words that a word of the query means: itself, and what it begins while it is being typed.
    fn completions<'a>(&'a self, term: &'a Term) -> impl Iterator<Item = (&'a str, &'a [Posting])> {
        let begun = self.postings.range::<str, _>((Bound::Included(term.stem.as_str()), Bound::Unbounded));
        begun
            .take_while(
                |(stem, _)| {
                    if term.is_open { stem.starts_with(&term.stem) } else { ***stem == *term.stem }
                },
            )
            .map(|(stem, postings)| (&**stem, postings.as_slice()))
    }

    /// Says how much a stem tells one document from another; `None` where no document holds it.
    pub fn rarity_of(&self, stem: &str) -> Option<f64> {
        self.postings.get(stem).map(|postings| self.rarity(postings.len()))
    }

    fn rarity(&self, n_holders: usize) -> f64 {
        let (n_documents, n_holders) = (self.len() as f64, n_holders as f64);
        log2(1.0 + (n_documents - n_holders + 0.5).max(0.5) / (n_holders + 0.5))
    }

    fn add_names(&self, query: &Query, matches: &mut Matches) {
        let mut raise = |place: u32, tier: Tier| {
            if let Some(found) = matches.at(place) {
                found.tier = Some(found.tier.map_or(tier, |other| other.min(tier)));
                found.fields |= NAME_BIT;
            }
        };
        self.names.each_fitting(query, &mut raise);
        self.names.each_within(query, &mut |place| raise(place, Tier::Within));
    }
}

/// Keeps the best that any meaning of a word is worth for a document.
fn raise(worths: &mut [(f64, u8)], holders: &mut Vec<u32>, posting: &Posting, rarity: f64) {
    let Some(worth) = worths.get_mut(posting.document as usize) else { return };
    if worth.1 == 0 {
        holders.push(posting.document);
    }
    let weight = f64::from(posting.weight) / WEIGHT_UNITS;
    let points = rarity * weight / (weight + HALF_WEIGHT);
    worth.0 = if points > worth.0 { points } else { worth.0 };
    worth.1 |= posting.fields;
}

/// What turns matches into keys to sort by.
struct Ranking<'a> {
    index: &'a Index,
    query: &'a Query,
    matches: &'a Matches,
    rarity: f64,
    most_points: f64,
    most_similarity: f64,
}

impl<'a> Ranking<'a> {
    fn of(index: &'a Index, query: &'a Query, matches: &'a Matches, places: &[u32], rarity: f64) -> Self {
        let mut ranking = Self { index, query, matches, rarity, most_points: 0.0, most_similarity: 0.0 };
        for place in places {
            let found = &matches.by_place[*place as usize];
            ranking.most_points = ranking.points(*place, found).max(ranking.most_points);
            ranking.most_similarity = found.similarity.unwrap_or(0.0).max(ranking.most_similarity);
        }
        ranking
    }

    /// The tier, the score within it, and the place.
    fn key(&self, place: u32) -> (Tier, f64, u32) {
        let found = &self.matches.by_place[place as usize];
        let facts = &self.index.facts[place as usize];
        let role = self.query.role_priors.get(usize::from(facts.role)).copied().unwrap_or(1.0);
        let by_name = found
            .tier
            .filter(|tier| *tier < Tier::Words || found.points == 0.0 && found.similarity.is_none());
        let tier = by_name.unwrap_or(Tier::Words);
        let score = match tier {
            Tier::Words => self.share_of_words(place, found) + MEANING_SHARE * self.share_of_meaning(found),
            Tier::Prefix | Tier::Within => self.index.names.share_typed(place, self.query).sqrt(),
            Tier::Exact | Tier::ExactIgnoringCase | Tier::SameLetters => 1.0,
        };
        (tier, rounded(score * role * facts.prior), place)
    }

    fn points(&self, place: u32, found: &Match) -> f64 {
        if found.points == 0.0 {
            return 0.0;
        }
        let coverage = LEAST_COVERAGE + (1.0 - LEAST_COVERAGE) * found.covered / self.rarity;
        let n_stems = f64::from(self.index.facts[place as usize].n_name_stems.max(1));
        let share_of_name = (f64::from(found.n_name_terms) / n_stems).min(1.0);
        found.points * coverage * (1.0 + WHOLE_NAME_BONUS * share_of_name)
    }

    fn share_of_words(&self, place: u32, found: &Match) -> f64 {
        if self.most_points > 0.0 { self.points(place, found) / self.most_points } else { 0.0 }
    }

    fn share_of_meaning(&self, found: &Match) -> f64 {
        let range = self.most_similarity - MIN_SIMILARITY;
        match found.similarity {
            Some(similarity) if range > 0.0 => (similarity - MIN_SIMILARITY) / range,
            _ => 0.0,
        }
    }
}

/// Scores that differ by less are equal.
fn rounded(score: f64) -> f64 {
    (score * 1e6 + 0.5).floor() / 1e6
}

/// The logarithm by squaring: the libraries of languages differ in its last digits.
fn log2(mut number: f64) -> f64 {
    let mut log = 0.0;
    while number >= 2.0 {
        number /= 2.0;
        log += 1.0;
    }
    let mut bit = 0.5;
    for _ in 0..20 {
        number *= number;
        if number >= 2.0 {
            number /= 2.0;
            log += bit;
        }
        bit /= 2.0;
    }
    log
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn logarithms_are_right_to_six_digits() {
        for number in [1.0_f64, 1.5, 2.0, 3.0, 1000.0, 123_456.7] {
            assert!((log2(number) - number.log2()).abs() < 2e-6, "{number}");
        }
    }
}
