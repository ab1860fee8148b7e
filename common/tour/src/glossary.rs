//! The terms of the repository in its authors' words.

use docpack::Topic;
use docpack::records::{TourItem, TourSection};

use crate::View;
use crate::item::{self, With, item, symbol};
use crate::text::comment;

/// Terms that are told.
const MAX_TERMS: usize = 12;
/// Types that were told of before.
const N_TOLD: usize = 8;

/// Lists the types behind the core types that an author describes, by name.
pub(crate) fn section(view: &View<'_>) -> Option<TourSection> {
    let types = crate::types::central(view);
    let described: Vec<(String, TourItem)> = types
        .into_iter()
        .skip(N_TOLD)
        .filter_map(|at| {
            let quote = comment(view.code.symbols[at])?;
            let name = view.code.name(at);
            let term = item(format!("`{name}`")).with([symbol(&view.code, at)]).quoting(Some(quote));
            Some((name, term))
        })
        .collect();
    let n_left_out = described.len().saturating_sub(MAX_TERMS);
    let mut told: Vec<_> = described.into_iter().take(MAX_TERMS).collect();
    told.sort_by_cached_key(|(name, _)| (name.to_lowercase(), name.clone()));
    let items = told.into_iter().map(|(_, term)| term).collect();
    item::section(Topic::Glossary, "Glossary", items, n_left_out, None)
}
