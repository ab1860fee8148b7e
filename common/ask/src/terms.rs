//! The words of a question with their weights, and how much of them a text holds.

use std::collections::BTreeMap;

use search::Query;
use search::words::{each_word, stem};

use crate::index::Index;
use crate::question::Question;

/// What another word for one of the question counts.
const OTHER_SHARE: f64 = 0.5;
/// A word of a text is denied by one that stands at most so many words before it.
const DENIAL_REACH: usize = 3;
/// What every word weighs where none of the question stands anywhere.
const LEAST_WEIGHT: f64 = 1.0;

/// The words of a question, by the place of each.
pub(crate) struct Terms {
    /// As typed.
    pub(crate) words: Vec<String>,
    weights: Vec<f64>,
    by_stem: BTreeMap<String, Vec<(usize, f64)>>,
    /// Words that the question denies, with their places.
    denied: BTreeMap<String, usize>,
    is_known: Vec<bool>,
}

/// How much of each word a text holds, 0 to 1.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Held(pub(crate) Vec<f64>);

impl Terms {
    pub(crate) fn of(question: &Question, index: &Index) -> Self {
        let mut by_stem: BTreeMap<String, Vec<(usize, f64)>> = BTreeMap::new();
        let mut denied = BTreeMap::new();
        let (mut rarities, mut is_known) = (Vec::new(), Vec::new());
        for (at, (stem, _)) in question.words.iter().enumerate() {
            let others = question.others(stem);
            let own = index.words.rarity_of(stem);
            let any = own.or_else(|| others.iter().find_map(|other| index.words.rarity_of(other)));
            rarities.push(any);
            // A single letter is no word, and may still be a name.
            let is_name = || !index.words.search(&Query::parse(stem), &[], |_| true, 1).hits.is_empty();
            is_known.push(any.is_some() || is_name());
            let equals = question.equals(stem);
            let own_share = if equals.is_empty() { 1.0 } else { OTHER_SHARE };
            if !equals.is_empty() {
                denied.insert(stem.clone(), at);
            }
            by_stem.entry(stem.clone()).or_default().push((at, own_share));
            for equal in equals {
                by_stem.entry(equal.to_owned()).or_default().push((at, 1.0));
            }
            for word in question.handling(stem) {
                by_stem.entry(word.to_owned()).or_default().push((at, 1.0));
            }
            for other in others {
                by_stem.entry(other.to_owned()).or_default().push((at, OTHER_SHARE));
            }
        }
        for (stem, places) in question.joined.iter().filter(|(stem, _)| index.words.rarity_of(stem).is_some())
        {
            for at in places {
                is_known[*at] = true;
                by_stem.entry(stem.clone()).or_default().push((*at, 1.0));
            }
        }
        // A word that stands nowhere weighs as much as the others do on average.
        let n_found = rarities.iter().flatten().count().max(1) as f64;
        let usual = (rarities.iter().flatten().sum::<f64>() / n_found).max(LEAST_WEIGHT);
        let weights = rarities.into_iter().map(|rarity| rarity.unwrap_or(usual)).collect();
        let words = question.words.iter().map(|(_, word)| word.clone()).collect();
        Self { words, weights, by_stem, denied, is_known }
    }

    /// Looks which words a text holds.
    pub(crate) fn held(&self, text: &str) -> Held {
        let mut held = Held(vec![0.0; self.weights.len()]);
        each_word(text, &mut |word| {
            for (at, share) in self.by_stem.get(stem(word)).into_iter().flatten() {
                held.0[*at] = f64::max(held.0[*at], *share);
            }
        });
        if !self.denied.is_empty() {
            self.hold_denied(text, &mut held);
        }
        held
    }

    /// Counts a denied word fully where the text denies it too: "if no route matches", `if !match`.
    fn hold_denied(&self, text: &str, held: &mut Held) {
        let text = text.replace('!', " not ");
        let (mut at, mut denial) = (0_usize, None);
        each_word(&text, &mut |word| {
            at += 1;
            if Question::is_denial(word) {
                denial = Some(at);
            }
            if let Some(place) = self.denied.get(stem(word))
                && denial.is_some_and(|denial| at - denial <= DENIAL_REACH)
            {
                held.0[*place] = 1.0;
            }
        });
    }

    /// Returns how much of the question's weight is held, 0 to 1.
    pub(crate) fn worth(&self, held: &Held) -> f64 {
        let all: f64 = self.weights.iter().sum();
        let own: f64 = held.0.iter().zip(&self.weights).map(|(share, weight)| share * weight).sum();
        if all > 0.0 { own / all } else { 0.0 }
    }

    /// Returns the larger of the weight and the number of words that are held, 0 to 1: a rare verb may weigh too much.
    pub(crate) fn share(&self, held: &Held) -> f64 {
        let n_held: f64 = held.0.iter().sum();
        self.worth(held).max(n_held / self.words.len().max(1) as f64)
    }

    /// Returns how much of the question a text holds, 0 to 1.
    pub(crate) fn worth_of(&self, text: &str) -> f64 {
        self.worth(&self.held(text))
    }

    /// Lists the words of the question that stand nowhere.
    pub(crate) fn unknown(&self) -> Vec<String> {
        let words = self.words.iter().zip(&self.is_known);
        words.filter(|(_, is_known)| !**is_known).map(|(word, _)| word.clone()).collect()
    }

    /// Lists the words that are held.
    pub(crate) fn told(&self, held: &Held) -> Vec<String> {
        let words = self.words.iter().zip(&held.0);
        words.filter(|(_, share)| **share > 0.0).map(|(word, _)| word.clone()).collect()
    }
}

impl Held {
    /// Takes the more of two.
    pub(crate) fn or(mut self, other: &Self) -> Self {
        for (own, other) in self.0.iter_mut().zip(&other.0) {
            *own = own.max(*other);
        }
        self
    }
}
