//! Labels of some symbols spread to all: to members, containers, files, folders.

use std::collections::BTreeMap;

use crate::repository::Repository;
use crate::vectors::SymbolVectors;

/// Turns labels by vector row into labels by node.
pub(super) fn by_node(
    repository: &Repository<'_>,
    vectors: &SymbolVectors,
    label_of_row: &[u32],
) -> Vec<Option<u32>> {
    let mut labels = vec![None; repository.len()];
    for (&node, &label) in vectors.nodes.iter().zip(label_of_row) {
        labels[node as usize] = Some(label);
    }
    labels
}

/// Labels every symbol.
///
/// One without a label follows the nearest enclosing symbol that has one, else most of what it
/// encloses, else most of its file, its folder, the repository. Ties go to the lower label.
pub(super) fn to_all(repository: &Repository<'_>, labels: &[Option<u32>]) -> Vec<u32> {
    let mut enclosed: BTreeMap<u32, Votes> = BTreeMap::new();
    let mut by_file: BTreeMap<u32, Votes> = BTreeMap::new();
    let mut by_folder: BTreeMap<&str, Votes> = BTreeMap::new();
    let mut all = Votes::default();
    for node in repository.all() {
        let Some(label) = labels[node as usize] else { continue };
        repository.ancestors(node).for_each(|at| enclosed.entry(at).or_default().add(label));
        by_file.entry(repository.node(node).file).or_default().add(label);
        by_folder.entry(repository.folder(node)).or_default().add(label);
        all.add(label);
    }
    let of_one = |node: u32| {
        labels[node as usize]
            .or_else(|| {
                // The file's own symbol encloses everything; it decides last, with the file.
                let mut enclosing = repository.ancestors(node).filter(|&at| !repository.is_file_symbol(at));
                enclosing.find_map(|at| labels[at as usize])
            })
            .or_else(|| enclosed.get(&node).and_then(Votes::winner))
            .or_else(|| by_file.get(&repository.node(node).file).and_then(Votes::winner))
            .or_else(|| by_folder.get(repository.folder(node)).and_then(Votes::winner))
            .or_else(|| all.winner())
            .unwrap_or_default()
    };
    repository.all().map(of_one).collect()
}

#[derive(Default)]
struct Votes(BTreeMap<u32, u32>);

impl Votes {
    fn add(&mut self, label: u32) {
        *self.0.entry(label).or_default() += 1;
    }

    fn winner(&self) -> Option<u32> {
        let most = self.0.values().max()?;
        self.0.iter().find(|(_, votes)| *votes == most).map(|(&label, _)| label)
    }
}
