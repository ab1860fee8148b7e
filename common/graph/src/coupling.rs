//! References that cross folders.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use model::assembly::Coupling;

use crate::metrics::is_reference;
use crate::repository::Repository;

/// Counts the places in one folder that refer to another, heaviest first, then by name.
pub(crate) fn folder_coupling(repository: &Repository<'_>) -> Vec<Coupling> {
    let mut weights: BTreeMap<(&str, &str), u32> = BTreeMap::new();
    for link in repository.links.iter().filter(|link| is_reference(link.kind)) {
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
    coupling.sort_by_key(|it| Reverse(it.weight));
    coupling
}
