//! References that cross folders.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use docpack::Evidence;
use model::assembly::Coupling;
use model::role;

use crate::metrics::is_reference;
use crate::repository::Repository;

/// Counts the places in one folder that refer to another: those between folders of the product first,
/// then heaviest first, then by name.
///
/// An edge found by following values is no dependency: the caller names nothing of the folder it leads to.
pub(crate) fn folder_coupling(repository: &Repository<'_>) -> Vec<Coupling> {
    let mut weights: BTreeMap<(&str, &str), u32> = BTreeMap::new();
    let is_named = |evidence| evidence != Evidence::Flow;
    for link in repository.links.iter().filter(|link| is_reference(link.kind) && is_named(link.edge.evidence))
    {
        let pair = (repository.folder(link.source), repository.folder(link.target));
        if pair.0 != pair.1 {
            let weight = weights.entry(pair).or_default();
            *weight = weight.saturating_add(link.n_sites());
        }
    }
    let mut coupling: Vec<Coupling> = weights
        .into_iter()
        .map(|((from, to), weight)| Coupling { from: from.to_owned(), to: to.to_owned(), weight })
        .collect();
    coupling.sort_by_key(|it| (is_support_folder(&it.from) || is_support_folder(&it.to), Reverse(it.weight)));
    coupling
}

/// Tells whether the files of a folder only support the product.
pub(crate) fn is_support_folder(folder: &str) -> bool {
    role::support(&format!("{folder}/")).is_some()
}
