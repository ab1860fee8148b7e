//! Communities of units: what refers to each other, lies together and reads alike.

use std::collections::BTreeMap;

use docpack::EdgeKind;

use super::louvain::{WeightedGraph, louvain, renumber};
use super::units::Units;
use crate::neighbours::Neighbours;
use crate::repository::{Repository, folder_of};
use crate::vectors::SymbolVectors;

/// Resolutions tried, from few large communities to many small ones.
const RESOLUTIONS: &[f64] = &[0.4, 0.7, 1.0, 1.5, 2.2, 3.3, 5.0, 8.0, 12.0, 20.0];
/// Clusters aimed at, as a share of `sqrt(n / 2)`: what fits a map that a person takes in.
const WANTED_SHARE: f64 = 0.7;
/// Groups smaller than this, and than this share of `sqrt(n)`, join the group they are tied to most.
const MIN_CLUSTER_SYMBOLS: u32 = 4;
const MIN_CLUSTER_SHARE: f64 = 0.2;
/// A group above this many times the wanted mean size, and so many symbols, is divided once more.
const MAX_CLUSTER_TIMES: f64 = 4.0;
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
/// What lying in one file weighs, to the file; one file to its folder; one folder to the one around it.
const FILE_WEIGHT: f64 = 1.0;
const FOLDER_WEIGHT: f64 = 0.8;
const OUTER_FOLDER_WEIGHT: f64 = 0.5;
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
    let folders = Folders::new(repository, &units);
    let mut pairs = reference_pairs(repository, &units);
    pairs.extend(likeness_pairs(&units, vectors, neighbours));
    pairs.extend(place_pairs(repository, &units, &folders));
    // Folders are nodes of the graph and of no cluster.
    let graph = WeightedGraph::new(units.heads.len() + folders.outer_of.len(), pairs);
    let mut sizes = units.sizes.clone();
    sizes.resize(graph.len(), 0);
    let communities = Partition::new(&graph, &sizes).communities();
    let label_of: Vec<u32> = units.unit_of.iter().map(|&unit| communities[unit as usize]).collect();
    renumber(&label_of).0
}

/// Folders that hold files, and those around them, numbered in path order.
struct Folders {
    /// Of each unit.
    of_unit: Vec<u32>,
    /// Of each folder, the one around it.
    outer_of: Vec<Option<u32>>,
}

impl Folders {
    fn new(repository: &Repository<'_>, units: &Units) -> Self {
        let mut number_of: BTreeMap<&str, u32> = BTreeMap::new();
        for &head in &units.heads {
            let around = std::iter::successors(Some(repository.folder(head)), |path| outer_folder(path));
            number_of.extend(around.map(|path| (path, 0)));
        }
        (0_u32..).zip(number_of.values_mut()).for_each(|(number, slot)| *slot = number);
        let outer = |path: &&str| outer_folder(path).map(|outer| number_of[outer]);
        Self {
            of_unit: units.heads.iter().map(|&head| number_of[repository.folder(head)]).collect(),
            outer_of: number_of.keys().map(outer).collect(),
        }
    }
}

/// The folder around a folder; the root has none.
fn outer_folder(path: &str) -> Option<&str> {
    (path != ".").then(|| folder_of(path))
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

/// Ties of units to the module that holds them, of files to their folder, of folders to the outer one.
fn place_pairs(repository: &Repository<'_>, units: &Units, folders: &Folders) -> Vec<(u32, u32, f64)> {
    let n_units = units.heads.len() as u32;
    let mut n_files = vec![0_u32; folders.outer_of.len()];
    for (&head, &folder) in units.heads.iter().zip(&folders.of_unit) {
        n_files[folder as usize] += u32::from(repository.is_file_symbol(head));
    }
    let mut n_inner = vec![0_u32; folders.outer_of.len()];
    folders.outer_of.iter().flatten().for_each(|&outer| n_inner[outer as usize] += 1);
    // A folder of a hundred files is a heap, one of three is a thought.
    let crowded = |weight: f64, n_inside: u32| weight / f64::from(n_inside.max(1)).sqrt();
    let of_unit = |(unit, (&head, &folder)): (u32, (&u32, &u32))| match repository.node(head).parent {
        Some(parent) => (unit, units.unit_of[parent as usize], FILE_WEIGHT),
        None => (unit, n_units + folder, crowded(FOLDER_WEIGHT, n_files[folder as usize])),
    };
    let of_folder = |(folder, outer): (u32, &Option<u32>)| {
        let outer = (*outer)?;
        Some((n_units + folder, n_units + outer, crowded(OUTER_FOLDER_WEIGHT, n_inner[outer as usize])))
    };
    let of_units = (0_u32..).zip(units.heads.iter().zip(&folders.of_unit)).map(of_unit);
    of_units.chain((0_u32..).zip(&folders.outer_of).filter_map(of_folder)).collect()
}

struct Partition<'a> {
    graph: &'a WeightedGraph,
    /// The symbols that each node stands for; folders stand for none.
    sizes: &'a [u32],
    n_symbols: f64,
    /// Clusters aimed at.
    n_wanted: f64,
}

impl<'a> Partition<'a> {
    fn new(graph: &'a WeightedGraph, sizes: &'a [u32]) -> Self {
        let n_symbols = f64::from(sizes.iter().sum::<u32>());
        Self { graph, sizes, n_symbols, n_wanted: (WANTED_SHARE * (n_symbols / 2.0).sqrt()).max(1.0) }
    }

    /// Takes the resolution whose count of clusters comes nearest to the wanted one.
    fn communities(&self) -> Vec<u32> {
        let mut best: Option<(f64, Vec<u32>)> = None;
        for &resolution in RESOLUTIONS {
            let found = self.at(resolution);
            let distance = (self.n_clusters(&found) as f64 / self.n_wanted).ln().abs();
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

    fn at(&self, resolution: f64) -> Vec<u32> {
        let mut community_of = louvain(self.graph.among(&self.all()), resolution);
        let limit = MIN_DIVIDED_SYMBOLS.max((MAX_CLUSTER_TIMES * self.n_symbols / self.n_wanted) as u32);
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
    /// Those tied to nothing are joined with each other; folders wait for what joins them.
    fn join_small(&self, community_of: &[u32]) -> Vec<u32> {
        let mut members = self.members(community_of);
        let mut community_of = community_of.to_vec();
        let mut order: Vec<u32> = (0..members.len() as u32).collect();
        order.sort_by_key(|&community| (self.size(&members[community as usize]), community));
        let least = MIN_CLUSTER_SYMBOLS.max((MIN_CLUSTER_SHARE * self.n_symbols.sqrt()) as u32);
        let mut stray: Option<u32> = None;
        for community in order {
            let nodes = std::mem::take(&mut members[community as usize]);
            let size = self.size(&nodes);
            if size == 0 || size >= least {
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
