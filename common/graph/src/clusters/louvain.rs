//! Communities by modularity, Louvain's way, in a fixed order.

/// Levels of merging, and passes over the nodes of one level; both end long before on real graphs.
const MAX_LEVELS: usize = 32;
const MAX_PASSES: usize = 64;
/// A move must gain more than rounding could have made up.
const MIN_GAIN: f64 = 1e-10;

/// An undirected weighted graph; every edge is listed at both of its ends.
pub(super) struct WeightedGraph {
    starts: Vec<usize>,
    /// The other end and the weight, by other end.
    edges: Vec<(u32, f64)>,
    /// Twice the weight of what lies within a merged node.
    loops: Vec<f64>,
}

impl WeightedGraph {
    /// Sums the weights of equal pairs, whichever way round they are written.
    ///
    /// Weights that are not positive and pairs of a node with itself are left out.
    pub(super) fn new(n_nodes: usize, pairs: impl IntoIterator<Item = (u32, u32, f64)>) -> Self {
        Self::with_loops(vec![0.0; n_nodes], pairs)
    }

    fn with_loops(loops: Vec<f64>, pairs: impl IntoIterator<Item = (u32, u32, f64)>) -> Self {
        let mut ends: Vec<(u32, u32, f64)> = pairs
            .into_iter()
            .filter(|&(a, b, weight)| a != b && weight > 0.0)
            .flat_map(|(a, b, weight)| [(a, b, weight), (b, a, weight)])
            .collect();
        // Weights take part in the order, so that sums are the same in whatever order pairs came.
        ends.sort_unstable_by(|x, y| (x.0, x.1).cmp(&(y.0, y.1)).then(x.2.total_cmp(&y.2)));
        let mut starts = vec![0; loops.len() + 1];
        let mut edges = Vec::new();
        for run in ends.chunk_by(|x, y| (x.0, x.1) == (y.0, y.1)) {
            edges.push((run[0].1, run.iter().map(|end| end.2).sum()));
            starts[run[0].0 as usize + 1] = edges.len();
        }
        for node in 1..starts.len() {
            starts[node] = starts[node].max(starts[node - 1]);
        }
        Self { starts, edges, loops }
    }

    pub(super) fn len(&self) -> usize {
        self.loops.len()
    }

    pub(super) fn edges(&self, node: usize) -> &[(u32, f64)] {
        &self.edges[self.starts[node]..self.starts[node + 1]]
    }

    fn strength(&self, node: usize) -> f64 {
        self.loops[node] + self.edges(node).iter().map(|edge| edge.1).sum::<f64>()
    }

    /// The part of the graph among `nodes`, renumbered in their order.
    pub(super) fn among(&self, nodes: &[u32]) -> Self {
        let mut place = vec![u32::MAX; self.len()];
        for (new, &node) in (0_u32..).zip(nodes) {
            place[node as usize] = new;
        }
        let pairs = nodes.iter().flat_map(|&node| {
            let from = place[node as usize];
            let place = &place;
            self.edges(node as usize).iter().filter_map(move |&(other, weight)| {
                let to = place[other as usize];
                (to != u32::MAX && from < to).then_some((from, to, weight))
            })
        });
        Self::new(nodes.len(), pairs.collect::<Vec<_>>())
    }

    fn merged(&self, community_of: &[u32], n_communities: usize) -> Self {
        let mut loops = vec![0.0; n_communities];
        let mut pairs = Vec::with_capacity(self.edges.len() / 2);
        for node in 0..self.len() {
            let own = community_of[node];
            loops[own as usize] += self.loops[node];
            for &(other, weight) in self.edges(node) {
                let theirs = community_of[other as usize];
                if own == theirs {
                    loops[own as usize] += weight;
                } else if node < other as usize {
                    pairs.push((own, theirs, weight));
                }
            }
        }
        Self::with_loops(loops, pairs)
    }
}

/// Finds communities, numbered by their first node; a higher resolution gives smaller ones.
pub(super) fn louvain(graph: WeightedGraph, resolution: f64) -> Vec<u32> {
    let mut community_of: Vec<u32> = (0..graph.len() as u32).collect();
    let mut level = graph;
    for _ in 0..MAX_LEVELS {
        let (moved, n_communities) = renumber(&move_nodes(&level, resolution));
        community_of.iter_mut().for_each(|community| *community = moved[*community as usize]);
        if n_communities == level.len() {
            break;
        }
        level = level.merged(&moved, n_communities);
    }
    renumber(&community_of).0
}

/// Moves each node in turn to the neighbouring community that gains most, until none moves.
fn move_nodes(graph: &WeightedGraph, resolution: f64) -> Vec<u32> {
    let strength: Vec<f64> = (0..graph.len()).map(|node| graph.strength(node)).collect();
    let total: f64 = strength.iter().sum();
    let mut community_of: Vec<u32> = (0..graph.len() as u32).collect();
    if total <= 0.0 {
        return community_of;
    }
    let mut community_strength = strength.clone();
    let mut ties: Vec<f64> = vec![0.0; graph.len()];
    let mut touched: Vec<u32> = Vec::new();
    for _ in 0..MAX_PASSES {
        let mut has_moved = false;
        for node in 0..graph.len() {
            let own = community_of[node];
            for &(other, weight) in graph.edges(node) {
                let community = community_of[other as usize];
                if ties[community as usize] == 0.0 {
                    touched.push(community);
                }
                ties[community as usize] += weight;
            }
            community_strength[own as usize] -= strength[node];
            let gain = |community: u32| {
                ties[community as usize]
                    - resolution * community_strength[community as usize] * strength[node] / total
            };
            let mut best = (gain(own), own);
            for &community in &touched {
                let gained = gain(community);
                let is_tie = (gained - best.0).abs() <= MIN_GAIN;
                if gained > best.0 + MIN_GAIN || is_tie && best.1 != own && community < best.1 {
                    best = (gained, community);
                }
            }
            community_strength[best.1 as usize] += strength[node];
            community_of[node] = best.1;
            has_moved |= best.1 != own;
            touched.drain(..).for_each(|community| ties[community as usize] = 0.0);
        }
        if !has_moved {
            break;
        }
    }
    community_of
}

/// Numbers labels from 0 in order of first use; returns how many there are.
pub(super) fn renumber(labels: &[u32]) -> (Vec<u32>, usize) {
    let size = labels.iter().max().map_or(0, |&last| last as usize + 1);
    let mut new_of = vec![u32::MAX; size];
    let mut n_labels = 0;
    let renumbered = labels
        .iter()
        .map(|&label| {
            let new = &mut new_of[label as usize];
            if *new == u32::MAX {
                *new = n_labels;
                n_labels += 1;
            }
            *new
        })
        .collect();
    (renumbered, n_labels as usize)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_triangles_with_a_bridge_are_two_communities() {
        let pairs =
            [(0, 1, 1.0), (1, 2, 1.0), (0, 2, 1.0), (3, 4, 1.0), (4, 5, 1.0), (3, 5, 1.0), (2, 3, 1.0)];
        assert_eq!(louvain(WeightedGraph::new(6, pairs), 1.0), [0, 0, 0, 1, 1, 1]);
    }

    #[test]
    fn a_ring_of_cliques_falls_into_its_cliques() {
        let clique = |start: u32| (0..5).flat_map(move |a| (0..a).map(move |b| (start + a, start + b, 1.0)));
        let ring = (0..8_u32).map(|it| (it * 5, (it + 1) % 8 * 5 + 1, 0.5));
        let pairs: Vec<_> = (0..8).flat_map(|it| clique(it * 5)).chain(ring).collect();
        let expected: Vec<u32> = (0..40).map(|node| node / 5).collect();
        assert_eq!(louvain(WeightedGraph::new(40, pairs), 1.0), expected);
    }

    #[test]
    fn nodes_without_edges_stay_alone() {
        assert_eq!(louvain(WeightedGraph::new(3, []), 1.0), [0, 1, 2]);
        assert!(louvain(WeightedGraph::new(0, []), 1.0).is_empty());
    }
}
