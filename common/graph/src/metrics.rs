//! Degrees, centrality, density, modularity.

use docpack::EdgeKind;
use petgraph::graph::{DiGraph, NodeIndex};

use crate::rank::page_rank;
use crate::repository::{Link, Repository};

/// How much of the rank of tests, benchmarks and examples follows their references, against 1 elsewhere:
/// a function with a hundred tests is well tested, not central.
const SUPPORT_ATTENTION: f64 = 0.1;

/// Numbers of each node, by node.
pub(crate) struct Metrics {
    /// PageRank, the highest 1.
    pub(crate) centrality: Vec<f64>,
    /// Callers.
    pub(crate) in_degree: Vec<u32>,
    /// Callees.
    pub(crate) out_degree: Vec<u32>,
    /// Ordered pairs that refer to each other, of all that could.
    pub(crate) density: f64,
}

impl Metrics {
    pub(crate) fn new(repository: &Repository<'_>) -> Self {
        let n_nodes = repository.len();
        let mut graph = DiGraph::with_capacity(n_nodes, repository.links.len());
        repository.all().for_each(|_| {
            graph.add_node(());
        });
        let (mut in_degree, mut out_degree) = (vec![0; n_nodes], vec![0; n_nodes]);
        let mut n_pairs = 0_u64;
        // Links are ordered by pair, so each pair is one run.
        for pair in repository.links.chunk_by(|a, b| (a.source, a.target) == (b.source, b.target)) {
            let (source, target) = (pair[0].source as usize, pair[0].target as usize);
            if pair.iter().any(|link| link.kind == EdgeKind::Calls) {
                in_degree[target] += 1;
                out_degree[source] += 1;
            }
            let weight: f64 = pair.iter().map(|link| rank_weight(link)).sum();
            if weight > 0.0 && source != target {
                n_pairs += 1;
                graph.add_edge(NodeIndex::new(source), NodeIndex::new(target), weight);
            }
        }
        let possible = n_nodes as f64 * (n_nodes as f64 - 1.0);
        let density = if possible > 0.0 { n_pairs as f64 / possible } else { 0.0 };
        let attention: Vec<f64> = repository
            .nodes
            .iter()
            .map(|node| if node.is_support { SUPPORT_ATTENTION } else { 1.0 })
            .collect();
        Self { centrality: page_rank(&graph, &attention), in_degree, out_degree, density }
    }
}

/// What a link adds to the rank of its target; where it is written how often counts a little.
fn rank_weight(link: &Link<'_>) -> f64 {
    if !is_reference(link.kind) {
        return 0.0;
    }
    link.edge.confidence.clamp(0.0, 1.0) * (1.0 + f64::from(link.n_sites()).ln())
}

/// Tells whether the kind is one symbol's use of another, not a place or a likeness.
pub(crate) fn is_reference(kind: EdgeKind) -> bool {
    !matches!(kind, EdgeKind::Contains | EdgeKind::Related | EdgeKind::CoChanged)
}

/// How much more the references stay within groups than chance would have it, -0.5 to 1.
pub(crate) fn modularity(repository: &Repository<'_>, group_of: &[u32]) -> f64 {
    let n_groups = group_of.iter().max().map_or(0, |&last| last as usize + 1);
    let (mut inside, mut ends) = (vec![0.0; n_groups], vec![0.0; n_groups]);
    let mut total = 0.0;
    for link in repository.links.iter().filter(|link| is_reference(link.kind) && link.source != link.target) {
        let (a, b) = (group_of[link.source as usize] as usize, group_of[link.target as usize] as usize);
        total += 1.0;
        ends[a] += 1.0;
        ends[b] += 1.0;
        if a == b {
            inside[a] += 1.0;
        }
    }
    if total == 0.0 {
        return 0.0;
    }
    inside.iter().zip(&ends).map(|(i, e): (&f64, &f64)| i / total - (e / (2.0 * total)).powi(2)).sum()
}
