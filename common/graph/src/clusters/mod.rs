//! Every symbol in exactly one group, by one of three methods.

#[cfg(feature = "kmeans")]
mod centres;
mod communities;
mod dense;
mod louvain;
mod spread;
mod units;

use std::cmp::Reverse;

use docpack::{ClusterId, SymbolId};

use crate::assemble::{AssembleError, AssembleParams, Clustering};
use crate::metrics::is_reference;
use crate::neighbours::Neighbours;
use crate::repository::Repository;
use crate::vectors::SymbolVectors;

/// A partition of all symbols, the largest group first, then by cluster id.
pub(crate) struct Grouping {
    pub(crate) cluster_ids: Vec<ClusterId>,
    /// Of each group, ascending.
    pub(crate) members: Vec<Vec<u32>>,
    /// The group of each node.
    pub(crate) group_of: Vec<u32>,
}

/// Groups all symbols as the parameters ask.
pub(crate) fn group(
    repository: &Repository<'_>,
    vectors: &SymbolVectors,
    neighbours: &Neighbours,
    params: &AssembleParams,
) -> Result<Grouping, AssembleError> {
    if repository.is_empty() {
        return Ok(Grouping::new(repository, &[]));
    }
    let needs_vectors = params.clustering != Clustering::Communities;
    if needs_vectors && vectors.is_empty() {
        return Err(AssembleError::NeedsVectors { clustering: params.clustering });
    }
    let label_of = match params.clustering {
        Clustering::Communities => communities::communities(repository, vectors, neighbours),
        #[cfg(feature = "kmeans")]
        Clustering::Kmeans => spread::to_all(
            repository,
            &spread::by_node(repository, vectors, &centres::around_centres(vectors, params.seed)?),
        ),
        #[cfg(not(feature = "kmeans"))]
        Clustering::Kmeans => return Err(AssembleError::NotBuilt { clustering: params.clustering }),
        Clustering::Hdbscan => {
            spread::to_all(repository, &spread::by_node(repository, vectors, &dense::dense_regions(vectors)?))
        }
    };
    Ok(Grouping::new(repository, &label_of))
}

impl Grouping {
    fn new(repository: &Repository<'_>, label_of: &[u32]) -> Self {
        let n_labels = label_of.iter().max().map_or(0, |&last| last as usize + 1);
        let mut by_label: Vec<Vec<u32>> = vec![Vec::new(); n_labels];
        for (node, &label) in (0_u32..).zip(label_of) {
            by_label[label as usize].push(node);
        }
        let mut groups: Vec<(ClusterId, Vec<u32>)> = by_label
            .into_iter()
            .filter(|nodes| !nodes.is_empty())
            .map(|nodes| {
                let ids: Vec<SymbolId> = nodes.iter().map(|&node| repository.id(node)).collect();
                (ClusterId::derive(&ids), nodes)
            })
            .collect();
        groups.sort_by_key(|(cluster_id, nodes)| (Reverse(nodes.len()), *cluster_id));
        let mut group_of = vec![0; label_of.len()];
        for (group, (_, nodes)) in (0_u32..).zip(&groups) {
            nodes.iter().for_each(|&node| group_of[node as usize] = group);
        }
        let (cluster_ids, members) = groups.into_iter().unzip();
        Self { cluster_ids, members, group_of }
    }

    /// Mean cosine of each group's vectors to their centre; without two vectors, the share of the
    /// references at its members that stay inside.
    pub(crate) fn cohesion(&self, repository: &Repository<'_>, vectors: &SymbolVectors) -> Vec<f64> {
        let inside = self.inside_shares(repository);
        let of_one = |(nodes, inside): (&Vec<u32>, f64)| mean_cosine(nodes, vectors).unwrap_or(inside);
        self.members.iter().zip(inside).map(of_one).collect()
    }

    fn inside_shares(&self, repository: &Repository<'_>) -> Vec<f64> {
        let (mut inside, mut all) = (vec![0_u32; self.members.len()], vec![0_u32; self.members.len()]);
        for link in repository.links.iter().filter(|link| is_reference(link.kind)) {
            let (a, b) =
                (self.group_of[link.source as usize] as usize, self.group_of[link.target as usize] as usize);
            all[a] += 1;
            if a == b {
                inside[a] += 1;
            } else {
                all[b] += 1;
            }
        }
        inside
            .iter()
            .zip(&all)
            .map(|(&i, &a)| if a == 0 { 0.0 } else { f64::from(i) / f64::from(a) })
            .collect()
    }
}

/// The mean cosine to the normalised centre is the length of the mean of unit vectors.
fn mean_cosine(nodes: &[u32], vectors: &SymbolVectors) -> Option<f64> {
    let rows: Vec<u32> = nodes.iter().filter_map(|&node| vectors.row_of(node)).collect();
    if rows.len() < 2 {
        return None;
    }
    let mut sum = vec![0.0_f64; vectors.rows.ncols()];
    for &row in &rows {
        sum.iter_mut()
            .zip(vectors.rows.row(row as usize))
            .for_each(|(total, &value)| *total += f64::from(value));
    }
    let length = sum.iter().map(|value| value * value).sum::<f64>().sqrt();
    Some((length / rows.len() as f64).min(1.0))
}
