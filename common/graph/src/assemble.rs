//! The whole of assembly: one pass over neighbours feeds edges, clusters and the map.

use docpack::SymbolId;
use model::assembly::{Assembly, Cluster, SymbolMetrics};

use crate::clusters::{Grouping, group};
use crate::coupling::folder_coupling;
use crate::documents::sections_that_name;
use crate::labels::labels;
use crate::layout::layout;
use crate::metrics::{Metrics, modularity};
use crate::neighbours::{Neighbours, related_edges};
use crate::open_calls::OpenCalls;
use crate::repository::Repository;
use crate::round::to_6_decimals;
use crate::vectors::{SymbolVectors, Vectors};

/// The seed used where nobody asks for another.
pub const DEFAULT_SEED: u64 = 42;
/// HDBSCAN compares every pair point by point; this many take about a minute of one core.
pub const MAX_HDBSCAN_VECTORS: usize = 10_000;

/// How symbols are put into clusters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Clustering {
    /// Communities of the graph of references, places and nearest neighbours; needs no vectors.
    Communities,
    /// `sqrt(n / 2)` centres among the vectors.
    Kmeans,
    /// Dense regions among the vectors; what lies outside joins the nearest.
    Hdbscan,
}

impl Clustering {
    /// Every value, the default first.
    pub const ALL: &'static [Self] = &[Self::Communities, Self::Kmeans, Self::Hdbscan];

    /// Returns the word used in options.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Communities => "communities",
            Self::Kmeans => "kmeans",
            Self::Hdbscan => "hdbscan",
        }
    }

    /// Finds the value with this exact word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|it| it.as_str() == word)
    }
}

/// What may be chosen about an assembly.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AssembleParams {
    pub clustering: Clustering,
    pub seed: u64,
}

/// Why nothing was assembled.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AssembleError {
    #[error("clustering by `{}` needs vectors; embed first, or choose `communities`", .clustering.as_str())]
    NeedsVectors { clustering: Clustering },
    #[error(
        "clustering by `{}` takes at most {limit} vectors and there are {n_vectors}; choose `communities` or `kmeans`",
        .clustering.as_str()
    )]
    TooManyVectors { clustering: Clustering, n_vectors: usize, limit: usize },
    #[error(
        "clustering by `{}` is not part of this program; use a released one, or choose `communities`",
        .clustering.as_str()
    )]
    NotBuilt { clustering: Clustering },
    #[error("clustering by `{}` failed: {reason}; choose `communities`", .clustering.as_str())]
    Clustering { clustering: Clustering, reason: String },
}

/// Computes metrics, `related` edges, labelled clusters and positions.
///
/// Equal facts, edges, vectors and parameters give equal results in whatever order they come.
///
/// # Errors
/// `kmeans` and `hdbscan` without vectors, `kmeans` without the feature of that name, `hdbscan` with more than
/// [`MAX_HDBSCAN_VECTORS`].
pub fn assemble(
    repository: &Repository<'_>,
    vectors: Option<&Vectors>,
    params: &AssembleParams,
) -> Result<Assembly, AssembleError> {
    let vectors = SymbolVectors::new(repository, vectors);
    let neighbours = Neighbours::find(&vectors);
    let metrics = Metrics::new(repository);
    let grouping = group(repository, &vectors, &neighbours, params)?;
    let clusters = clusters(repository, &vectors, &grouping, &metrics);
    Ok(Assembly {
        metrics: symbol_metrics(repository, &metrics, &grouping),
        related: related_edges(repository, &vectors, &neighbours),
        layout: layout(repository, &metrics, &grouping),
        clusters,
        density: to_6_decimals(metrics.density),
        modularity: to_6_decimals(modularity(repository, &grouping.group_of)),
        coupling: folder_coupling(repository),
        neighbour_search: neighbours.search,
        named_in: sections_that_name(repository),
    })
}

/// The groups with ids, labels and cohesion, in their own order.
fn clusters(
    repository: &Repository<'_>,
    vectors: &SymbolVectors,
    grouping: &Grouping,
    metrics: &Metrics,
) -> Vec<Cluster> {
    let labels = labels(repository, grouping, &metrics.centrality);
    let cohesion = grouping.cohesion(repository, vectors);
    let described = grouping.members.iter().zip(labels).zip(cohesion);
    described
        .map(|((nodes, label), cohesion)| {
            let members: Vec<SymbolId> = nodes.iter().map(|&node| repository.id(node)).collect();
            (label, members, to_6_decimals(cohesion))
        })
        .zip(&grouping.cluster_ids)
        .map(|((label, members, cohesion), &cluster_id)| Cluster { cluster_id, label, members, cohesion })
        .collect()
}

fn symbol_metrics(repository: &Repository<'_>, metrics: &Metrics, grouping: &Grouping) -> Vec<SymbolMetrics> {
    let open_calls = OpenCalls::new(repository);
    let one = |node: u32| {
        let at = node as usize;
        SymbolMetrics {
            id: repository.id(node),
            cluster_id: grouping.cluster_ids.get(grouping.group_of[at] as usize).copied(),
            centrality: to_6_decimals(metrics.centrality[at]),
            in_degree: metrics.in_degree[at],
            out_degree: metrics.out_degree[at],
            callers_complete: !open_calls.could_mean(node),
        }
    };
    repository.all().map(one).collect()
}
