//! Communities of units: what refers to each other, lies together and reads alike.

use std::collections::BTreeMap;

use docpack::EdgeKind;

use super::louvain::{WeightedGraph, louvain, renumber};
use super::units::Units;
use crate::neighbours::Neighbours;
use crate::repository::Repository;
use crate::vectors::SymbolVectors;

/// Resolutions tried, from few large communities to many small ones.
const RESOLUTIONS: &[f64] = &[0.4, 0.7, 1.0, 1.5, 2.2, 3.3, 5.0, 8.0, 12.0, 20.0];
/// Clusters aimed at, as a share of `sqrt(n / 2)`: what fits a map that a person takes in.
const WANTED_SHARE: f64 = 0.7;
/// Smaller groups join the group they are tied to most.
const MIN_CLUSTER_SYMBOLS: u32 = 4;
/// A group above this share of all symbols, or so many, is divided once more.
const MAX_CLUSTER_SHARE: f64 = 0.2;
const MIN_DIVIDED_SYMBOLS: u32 = 80;
/// Divisions of one group; what still holds together then is one thing.
const MAX_DIVISIONS: usize = 3;

/// What a reference weighs by its kind, times its confidence.
const KIND_WEIGHTS: &[(EdgeKind, f64)] = &[
    (EdgeKind::Calls, 1.0),
    (EdgeKind::Extends, 1.2),
    (EdgeKind::Implements, 1.0),
    (EdgeKind::ReferencesType, 0.6),
    (EdgeKind::References, 0.6),
    (EdgeKind::Imports, 0.3),
];
/// What lying in one file weighs, to the file; and one file to its folder.
const FILE_WEIGHT: f64 = 1.0;
const FOLDER_WEIGHT: f64 = 0.8;
/// What a neighbour weighs at cosine 1, falling to nothing at [`LIKENESS_FLOOR`].
const LIKENESS_WEIGHT: f64 = 1.5;
const LIKENESS_FLOOR: f64 = 0.4;
/// Neighbours of each symbol that tie.
const N_LIKE: usize = 8;

/// Labels every symbol; without vectors references and places alone decide.
pub(super) fn communities(
    repository: &Repository<'_>,
    vectors: &SymbolVectors,
    neighbours: &Neighbours,
) -> Vec<u32> {
    let units = Units::new(repository);
    let folders = folders(repository, &units);
    let n_folders = folders.iter().max().map_or(0, |&last| last as usize + 1);
    let mut pairs = reference_pairs(repository, &units);
    pairs.extend(likeness_pairs(&units, vectors, neighbours));
    pairs.extend(place_pairs(repository, &units, &folders));
    // Folders are nodes of the graph and of no cluster.
    let graph = WeightedGraph::new(units.heads.len() + n_folders, pairs);
    let mut sizes = units.sizes.clone();
    sizes.resize(graph.len(), 0);
    let communities = Partition { graph: &graph, sizes: &sizes }.communities();
    let label_of: Vec<u32> = units.unit_of.iter().map(|&unit| communities[unit as usize]).collect();
    renumber(&label_of).0
}

/// The folder of each unit, numbered from 0 in the order of paths.
fn folders(repository: &Repository<'_>, units: &Units) -> Vec<u32> {
    let mut number_of: BTreeMap<&str, u32> =
        units.heads.iter().map(|&head| (repository.folder(head), 0)).collect();
    (0_u32..).zip(number_of.values_mut()).for_each(|(number, slot)| *slot = number);
    units.heads.iter().map(|&head| number_of[repository.folder(head)]).collect()
}

/// Ties by reference, weaker to what everyone refers to.
fn reference_pairs(repository: &Repository<'_>, units: &Units) -> Vec<(u32, u32, f64)> {
    let mut referrers: Vec<u32> = vec![0; units.heads.len()];
    let mut pairs: BTreeMap<(u32, u32), f64> = BTreeMap::new();
    for link in &repository.links {
        let weight = KIND_WEIGHTS.iter().find(|it| it.0 == link.kind).map_or(0.0, |it| it.1);
        let (source, target) = (units.unit_of[link.source as usize], units.unit_of[link.target as usize]);
        if source == target || weight == 0.0 {
            continue;
        }
        let sum = pairs.entry((source, target)).or_insert_with(|| {
            referrers[target as usize] += 1;
            0.0
        });
        *sum += weight * link.edge.confidence.clamp(0.0, 1.0);
    }
    let damped = |((source, target), sum): ((u32, u32), f64)| {
        // A logger that five hundred call says nothing about any of them.
        (source, target, sum.sqrt() / (1.0 + f64::from(referrers[target as usize]) / 4.0).sqrt())
    };
    pairs.into_iter().map(damped).collect()
}

/// Ties by likeness, evened out between units of many and of few vectors.
fn likeness_pairs(units: &Units, vectors: &SymbolVectors, neighbours: &Neighbours) -> Vec<(u32, u32, f64)> {
    let unit_of_row: Vec<u32> = vectors.nodes.iter().map(|&node| units.unit_of[node as usize]).collect();
    let mut n_rows: Vec<u32> = vec![0; units.heads.len()];
    unit_of_row.iter().for_each(|&unit| n_rows[unit as usize] += 1);
    let mut pairs: BTreeMap<(u32, u32), f64> = BTreeMap::new();
    for (row, &unit) in (0_u32..).zip(&unit_of_row) {
        for &(similarity, other) in neighbours.of(row).iter().take(N_LIKE) {
            let near = unit_of_row[other as usize];
            let above = (f64::from(similarity) - LIKENESS_FLOOR) / (1.0 - LIKENESS_FLOOR);
            if near != unit && above > 0.0 {
                *pairs.entry((unit, near)).or_default() += above;
            }
        }
    }
    let evened = |((a, b), sum): ((u32, u32), f64)| {
        let rows = f64::from(n_rows[a as usize]) * f64::from(n_rows[b as usize]);
        (a, b, LIKENESS_WEIGHT * sum / rows.sqrt())
    };
    pairs.into_iter().map(evened).collect()
}

/// Ties of units to the module that holds them, and of files to their folder.
fn place_pairs(repository: &Repository<'_>, units: &Units, folders: &[u32]) -> Vec<(u32, u32, f64)> {
    let n_units = units.heads.len() as u32;
    let mut n_files = vec![0_u32; folders.len() + 1];
    let is_file = |head: u32| repository.is_file_symbol(head);
    for (&head, &folder) in units.heads.iter().zip(folders) {
        n_files[folder as usize] += u32::from(is_file(head));
    }
    let of_one = |(unit, (&head, &folder)): (u32, (&u32, &u32))| match repository.node(head).parent {
        Some(parent) => (unit, units.unit_of[parent as usize], FILE_WEIGHT),
        // A folder of a hundred files is a heap, one of three is a thought.
        None => (unit, n_units + folder, FOLDER_WEIGHT / f64::from(n_files[folder as usize].max(1)).sqrt()),
    };
    (0_u32..).zip(units.heads.iter().zip(folders)).map(of_one).collect()
}

struct Partition<'a> {
    graph: &'a WeightedGraph,
    /// The symbols that each node stands for.
    sizes: &'a [u32],
}

impl Partition<'_> {
    /// Takes the resolution whose count of clusters comes nearest to the wanted one.
    fn communities(&self) -> Vec<u32> {
        let n_symbols: u32 = self.sizes.iter().sum();
        let wanted = (WANTED_SHARE * (f64::from(n_symbols) / 2.0).sqrt()).max(1.0);
        let mut best: Option<(f64, Vec<u32>)> = None;
        for &resolution in RESOLUTIONS {
            let found = self.at(resolution, n_symbols);
            let distance = (self.n_clusters(&found) as f64 / wanted).ln().abs();
            let is_past = best.as_ref().is_some_and(|(least, _)| distance > *least);
            if best.as_ref().is_none_or(|(least, _)| distance < *least - 1e-9) {
                best = Some((distance, found));
            }
            if is_past {
                break;
            }
        }
        best.map(|(_, found)| found).unwrap_or_default()
    }

    fn at(&self, resolution: f64, n_symbols: u32) -> Vec<u32> {
        let mut community_of = louvain(self.graph.among(&self.all()), resolution);
        let limit = MIN_DIVIDED_SYMBOLS.max((f64::from(n_symbols) * MAX_CLUSTER_SHARE) as u32);
        let mut finer = resolution;
        for _ in 0..MAX_DIVISIONS {
            finer *= 2.0;
            if !self.divide(&mut community_of, limit, finer) {
                break;
            }
        }
        self.join_small(&community_of)
    }

    fn all(&self) -> Vec<u32> {
        (0..self.graph.len() as u32).collect()
    }

    fn members(&self, community_of: &[u32]) -> Vec<Vec<u32>> {
        let n_communities = community_of.iter().max().map_or(0, |&last| last as usize + 1);
        let mut members = vec![Vec::new(); n_communities];
        for (node, &community) in (0_u32..).zip(community_of) {
            members[community as usize].push(node);
        }
        members
    }

    fn size(&self, nodes: &[u32]) -> u32 {
        nodes.iter().map(|&node| self.sizes[node as usize]).sum()
    }

    fn n_clusters(&self, community_of: &[u32]) -> usize {
        self.members(community_of).iter().filter(|nodes| self.size(nodes) > 0).count()
    }

    /// Divides communities above `limit` symbols; tells whether any fell apart.
    fn divide(&self, community_of: &mut [u32], limit: u32, resolution: f64) -> bool {
        let members = self.members(community_of);
        let mut next = members.len() as u32;
        for nodes in members.iter().filter(|nodes| self.size(nodes) > limit) {
            let parts = louvain(self.graph.among(nodes), resolution);
            for (&node, part) in nodes.iter().zip(&parts) {
                community_of[node as usize] =
                    if *part == 0 { community_of[node as usize] } else { next + part - 1 };
            }
            next += parts.iter().max().copied().unwrap_or_default();
        }
        next > members.len() as u32
    }

    /// Joins small communities, the smallest first, to the one they are tied to most.
    ///
    /// Those tied to nothing are joined with each other.
    fn join_small(&self, community_of: &[u32]) -> Vec<u32> {
        let mut members = self.members(community_of);
        let mut community_of = community_of.to_vec();
        let mut order: Vec<u32> = (0..members.len() as u32).collect();
        order.sort_by_key(|&community| (self.size(&members[community as usize]), community));
        let mut stray: Option<u32> = None;
        for community in order {
            let nodes = std::mem::take(&mut members[community as usize]);
            if self.size(&nodes) >= MIN_CLUSTER_SYMBOLS {
                members[community as usize] = nodes;
                continue;
            }
            let target =
                self.most_tied(&nodes, &community_of, community).unwrap_or(*stray.get_or_insert(community));
            nodes.iter().for_each(|&node| community_of[node as usize] = target);
            members[target as usize].extend(nodes);
        }
        renumber(&community_of).0
    }

    fn most_tied(&self, nodes: &[u32], community_of: &[u32], own: u32) -> Option<u32> {
        let mut ties: BTreeMap<u32, f64> = BTreeMap::new();
        for &node in nodes {
            for &(other, weight) in self.graph.edges(node as usize) {
                *ties.entry(community_of[other as usize]).or_default() += weight;
            }
        }
        ties.remove(&own);
        let most = ties.values().copied().fold(0.0, f64::max);
        ties.into_iter().find(|it| it.1 >= most).map(|it| it.0)
    }
}
