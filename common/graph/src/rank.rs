//! PageRank over the references between symbols.

use petgraph::graph::{DiGraph, NodeIndex};
use petgraph::visit::EdgeRef;

/// The share of attention that follows a reference, as in the original paper.
const DAMPING: f64 = 0.85;
/// Rounds of the power iteration; each leaves at most 0.85 of the error of the one before.
const MAX_ROUNDS: usize = 60;
/// The sum of changes below which another round would not show in 6 decimals of a scaled rank.
const TOLERANCE: f64 = 1e-9;

/// Ranks nodes by weighted PageRank, the highest scaled to 1.
///
/// `attention` is how much of a node's rank follows its references, 0 to 1; the rest goes to all alike.
/// petgraph's own `page_rank` visits every pair of nodes and knows no weights.
pub(crate) fn page_rank(graph: &DiGraph<(), f64>, attention: &[f64]) -> Vec<f64> {
    let n_nodes = graph.node_count();
    if n_nodes == 0 {
        return Vec::new();
    }
    let even = 1.0 / n_nodes as f64;
    let out_weight: Vec<f64> =
        graph.node_indices().map(|node| graph.edges(node).map(|it| it.weight()).sum()).collect();
    let follows = |node: usize| if out_weight[node] > 0.0 { attention[node] } else { 0.0 };
    let mut rank = vec![even; n_nodes];
    for _ in 0..MAX_ROUNDS {
        let to_all: f64 = rank.iter().enumerate().map(|(node, rank)| rank * (1.0 - follows(node))).sum();
        let mut next = vec![(1.0 - DAMPING) * even + DAMPING * to_all * even; n_nodes];
        for node in 0..n_nodes {
            let passed_on = DAMPING * rank[node] * follows(node);
            for edge in graph.edges(NodeIndex::new(node)) {
                next[edge.target().index()] += passed_on * edge.weight() / out_weight[node];
            }
        }
        let change: f64 = next.iter().zip(&rank).map(|(a, b)| (a - b).abs()).sum();
        rank = next;
        if change < TOLERANCE {
            break;
        }
    }
    let highest = rank.iter().copied().fold(f64::MIN_POSITIVE, f64::max);
    rank.into_iter().map(|value| value / highest).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_used_by_what_is_used_ranks_highest() {
        let graph = DiGraph::<(), f64>::from_edges([(0, 2, 1.0), (1, 2, 1.0), (2, 3, 1.0)]);
        let rank = page_rank(&graph, &[1.0; 4]);
        assert_eq!(rank[3], 1.0);
        assert!(rank[2] > rank[0] && rank[0] == rank[1]);
    }

    #[test]
    fn without_references_all_rank_alike() {
        let mut graph = DiGraph::new();
        graph.add_node(());
        graph.add_node(());
        assert_eq!(page_rank(&graph, &[1.0; 2]), [1.0, 1.0]);
        assert!(page_rank(&DiGraph::new(), &[]).is_empty());
    }
}
