//! Which documents hold a word, and how much it weighs there.

use std::collections::BTreeMap;

use crate::document::{Document, FIELDS, Field};
use crate::names::Names;
use crate::query::n_stems;
use crate::role;
use crate::words::{each_word, is_stop_word, stem};

/// Weights are kept as whole numbers of this part, so that every machine keeps the same ones.
pub(crate) const WEIGHT_UNITS: f64 = 64.0;
const MIN_WORD_CHARS: usize = 2;

/// One word in one document.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Posting {
    pub(crate) document: u32,
    pub(crate) weight: u16,
    /// A bit for each field that holds the word.
    pub(crate) fields: u8,
}

/// Documents that can be searched. It keeps names and words, and nothing of the texts.
#[derive(Debug, Default)]
pub struct Index {
    pub(crate) postings: BTreeMap<Box<str>, Vec<Posting>>,
    pub(crate) names: Names,
    /// By place of the document.
    pub(crate) facts: Vec<Facts>,
    /// Counted by place of the term; kept to be used again.
    scratch: Vec<(String, u8)>,
}

/// What is known of a document before there is a query.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Facts {
    pub(crate) prior: f64,
    pub(crate) role: u8,
    pub(crate) n_name_stems: u8,
}

impl Index {
    pub(crate) fn of_parts(
        postings: BTreeMap<Box<str>, Vec<Posting>>,
        names: Names,
        facts: Vec<Facts>,
    ) -> Self {
        Self { postings, names, facts, scratch: Vec::new() }
    }

    /// Adds a document; the first has place 0.
    pub fn add(&mut self, document: &Document<'_>) {
        let place = self.facts.len() as u32;
        let lengths = self.gather(document);
        let mut gathered = std::mem::take(&mut self.scratch);
        gathered.sort_unstable();
        for group in gathered.chunk_by(|a, b| a.0 == b.0) {
            self.keep(place, group, &lengths);
        }
        gathered.clear();
        self.scratch = gathered;
        self.names.add(&document.name, &document.qualified_name);
        self.facts.push(Facts {
            prior: document.prior(),
            role: role::place(&document.role),
            n_name_stems: n_stems(&document.name),
        });
    }

    /// Returns the number of documents.
    pub fn len(&self) -> usize {
        self.facts.len()
    }

    /// Tells whether there is no document.
    pub fn is_empty(&self) -> bool {
        self.facts.is_empty()
    }

    /// Collects stems with the place of their field, and returns how many each field has.
    fn gather(&mut self, document: &Document<'_>) -> [u32; FIELDS.len()] {
        let mut lengths = [0; FIELDS.len()];
        for ((at, rule), text) in (0_u8..).zip(&FIELDS).zip(document.texts()) {
            let mut n_words = 0;
            each_word(text, &mut |word| {
                let is_left_out = word.chars().nth(MIN_WORD_CHARS - 1).is_none()
                    || !rule.keeps_stop_words && is_stop_word(word);
                if n_words < rule.max_words && !is_left_out {
                    n_words += 1;
                    self.scratch.push((stem(word).to_owned(), at));
                }
            });
            lengths[usize::from(at)] = n_words as u32;
        }
        lengths
    }

    /// Keeps what a stem weighs in a document, all its fields together.
    fn keep(&mut self, place: u32, group: &[(String, u8)], lengths: &[u32; FIELDS.len()]) {
        let Some((stem, _)) = group.first() else { return };
        let (mut weight, mut fields) = (0.0, 0);
        for in_field in group.chunk_by(|a, b| a.1 == b.1) {
            let at = usize::from(in_field[0].1);
            let rule = &FIELDS[at];
            let length =
                1.0 - rule.length_share + rule.length_share * f64::from(lengths[at]) / rule.usual_words;
            weight += rule.weight * in_field.len() as f64 / length;
            fields |= 1 << at;
        }
        let weight = (weight * WEIGHT_UNITS).floor().clamp(1.0, f64::from(u16::MAX)) as u16;
        let posting = Posting { document: place, weight, fields };
        match self.postings.get_mut(stem.as_str()) {
            Some(postings) => postings.push(posting),
            None => {
                self.postings.insert(stem.as_str().into(), vec![posting]);
            }
        }
    }
}

/// The fields of a posting's bits.
pub(crate) fn fields_of(bits: u8) -> Vec<Field> {
    let at = FIELDS.iter().enumerate().filter(|(at, _)| bits & (1 << at) != 0);
    at.map(|(_, rule)| rule.field).collect()
}
