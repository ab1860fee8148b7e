//! What is never torn apart: a top-level item with everything inside it.

use std::collections::BTreeMap;

use docpack::SymbolKind;

use crate::names::{bare_type, impl_target};
use crate::repository::Repository;

/// Symbols joined into units; each unit is named by its first symbol.
pub(super) struct Units {
    /// The unit of each node.
    pub(super) unit_of: Vec<u32>,
    /// The symbol each unit is named by.
    pub(super) heads: Vec<u32>,
    /// The number of symbols of each unit.
    pub(super) sizes: Vec<u32>,
}

impl Units {
    /// Joins members with their type or function, and impl blocks and receivers with their type.
    pub(super) fn new(repository: &Repository<'_>) -> Self {
        let types = types_by_name(repository);
        let head_of: Vec<u32> = repository
            .all()
            .map(|node| {
                let top = top_item(repository, node);
                target_type(repository, &types, top).map_or(top, |target| top_item(repository, target))
            })
            .collect();
        let mut heads = head_of.clone();
        heads.sort_unstable();
        heads.dedup();
        let unit_of: Vec<u32> = head_of
            .iter()
            .map(|head| heads.binary_search(head).expect("every head was collected above") as u32)
            .collect();
        let mut sizes = vec![0; heads.len()];
        unit_of.iter().for_each(|&unit| sizes[unit as usize] += 1);
        Self { unit_of, heads, sizes }
    }
}

/// The outermost symbol around `node` that is no module.
fn top_item(repository: &Repository<'_>, node: u32) -> u32 {
    let is_item = |at: &u32| repository.symbol(*at).kind != SymbolKind::Module;
    if !is_item(&node) {
        return node;
    }
    repository.ancestors(node).take_while(is_item).last().unwrap_or(node)
}

/// Types by folder and name; `None` where two share both.
fn types_by_name<'a>(repository: &Repository<'a>) -> BTreeMap<(&'a str, &'a str), Option<u32>> {
    let mut types = BTreeMap::new();
    for node in repository.all().filter(|&node| repository.symbol(node).kind.is_type()) {
        let key = (repository.folder(node), repository.symbol(node).name.as_str());
        types.entry(key).and_modify(|found| *found = None).or_insert(Some(node));
    }
    types
}

/// The type that an impl block or a method with a receiver belongs to, where its folder has one.
fn target_type(
    repository: &Repository<'_>,
    types: &BTreeMap<(&str, &str), Option<u32>>,
    node: u32,
) -> Option<u32> {
    let symbol = repository.symbol(node);
    let name = match symbol.kind {
        SymbolKind::Impl => impl_target(&symbol.name),
        SymbolKind::Method => {
            symbol.modifiers.iter().find_map(|it| it.strip_prefix("receiver:")).map(bare_type)?
        }
        _ => return None,
    };
    types.get(&(repository.folder(node), name)).copied().flatten()
}
