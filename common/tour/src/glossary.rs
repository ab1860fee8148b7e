//! The terms of the repository in its authors' words.

use std::collections::BTreeMap;

use docpack::Topic;
use docpack::records::{TourItem, TourSection};

use crate::View;
use crate::item::{self, With, item, quoted, symbol};
use crate::passages::{Named, Passage, Standing};
use crate::text::lead;

/// Terms that are told.
const MAX_TERMS: usize = 12;
/// Terms under one heading; fewer are words that happen to be set in bold.
const MIN_TERMS: usize = 3;
/// A term with as many definitions stands for something else each time.
const MAX_DEFINED: usize = 3;
/// A longer one is a sentence.
const MAX_TERM_CHARS: usize = 30;
/// Types that were told of before.
const N_TOLD: usize = 8;

/// Lists the terms that the documentation defines, and the types behind the core types that a comment describes, by name.
pub(crate) fn section(view: &View<'_>) -> Option<TourSection> {
    let types = crate::types::central(view);
    let described: Vec<(String, TourItem)> = types
        .into_iter()
        .skip(N_TOLD)
        .filter_map(|at| {
            let quote = lead(view.code.symbols[at])?;
            let name = view.code.name(at);
            let term = item(format!("`{name}`")).with([symbol(&view.code, at)]).quoting(Some(quote));
            Some((name, term))
        })
        .collect();
    let defined = defined(view);
    let n_left_out = described.len().saturating_sub(MAX_TERMS) + defined.len().saturating_sub(MAX_TERMS);
    let mut told: Vec<_> = described.into_iter().take(MAX_TERMS).collect();
    told.extend(defined.into_iter().take(MAX_TERMS));
    told.sort_by_cached_key(|(name, _)| (name.to_lowercase(), name.clone()));
    let items = told.into_iter().map(|(_, term)| term).collect();
    item::section(Topic::Glossary, "Glossary", items, n_left_out, None)
}

/// Lists the terms that the documentation defines; one of the code only where it is told nowhere else.
fn defined(view: &View<'_>) -> Vec<(String, TourItem)> {
    let core: Vec<usize> = crate::types::central(view).into_iter().take(crate::types::MAX_TYPES).collect();
    let telling: Vec<bool> =
        (0..view.passages.documents.len()).map(|at| crate::documentation::is_telling(view, at)).collect();
    let is_told = |passage: &&Passage<'_>| match passage.subject {
        Some(Named::Path(_)) => false,
        Some(Named::Symbol(at)) => !core.contains(&at),
        None => true,
    };
    let mut found: Vec<&Passage<'_>> = view.passages.list.iter().filter(is_told).collect();
    // A table defines terms where its page explains; elsewhere it lists options and keys.
    let explains = |document: usize| {
        crate::documentation::explains(view, document)
            || crate::documentation::is_concept(view.passages.documents[document].document.as_ref())
    };
    found.retain(|passage| {
        telling[passage.document] && (passage.standing != Standing::Entry || explains(passage.document))
    });
    let place = |passage: &Passage<'_>| (passage.document, passage.section);
    let mut n_terms: BTreeMap<(usize, Option<usize>), usize> = BTreeMap::new();
    for passage in view.passages.list.iter().filter(|passage| passage.term.is_some()) {
        *n_terms.entry(place(passage)).or_default() += 1;
    }
    found.retain(|passage| n_terms.get(&place(passage)).is_some_and(|n| *n >= MIN_TERMS));
    // Pages that explain define the terms of the whole; the sort is stable.
    let worth: Vec<usize> =
        (0..view.passages.documents.len()).map(|at| crate::documentation::worth(view, at)).collect();
    found.sort_by_key(|passage| std::cmp::Reverse(worth[passage.document]));
    let mut n_defined: BTreeMap<&str, usize> = BTreeMap::new();
    for term in found.iter().filter_map(|passage| passage.term.as_deref()) {
        *n_defined.entry(term).or_default() += 1;
    }
    // What is said again and again of different things, such as "Default:", is no term.
    let found = found.into_iter().filter(|passage| {
        passage.term.as_deref().is_some_and(|term| n_defined.get(term).is_none_or(|n| *n < MAX_DEFINED))
    });
    let of_term = |passage: &Passage<'_>| {
        let term = passage.term.as_ref().filter(|term| term.chars().count() <= MAX_TERM_CHARS)?;
        Some((term.clone(), quoted(view.passages.quote(passage))))
    };
    found.filter_map(of_term).collect()
}
