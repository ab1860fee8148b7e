//! Computes metrics, neighbours, clusters, labels, positions and symbol contexts from facts and vectors.
//!
//! In: the facts of every file, the linker's edges and, if there are any, one vector per chunk.
//! Out: an [`Assembly`](model::assembly::Assembly), then a
//! [`SymbolContext`](model::context::SymbolContext) per symbol and one
//! [`RepositoryContext`](model::context::RepositoryContext).
//! This crate does not know the origin of facts and vectors, writes no texts except cluster labels,
//! and reads no file. The order of its input, threads and repeated runs do not change its output.
//!
//! ```
//! # extern crate doctown_graph as graph;
//! use graph::{AssembleParams, Clustering, Repository};
//! use model::resolution::Resolution;
//!
//! let resolution = Resolution::default();
//! let repository = Repository::new(&[], &resolution);
//! let params = AssembleParams { clustering: Clustering::Communities, seed: graph::DEFAULT_SEED };
//! let assembly = graph::assemble(&repository, None, &params)?;
//! assert!(assembly.clusters.is_empty());
//! assert_eq!(graph::contexts(&repository, &assembly).count(), 0);
//! # Ok::<(), graph::AssembleError>(())
//! ```

mod assemble;
mod clusters;
mod contexts;
mod coupling;
mod documents;
mod labels;
mod layout;
mod metrics;
mod names;
mod neighbours;
mod open_calls;
mod overview;
mod packages;
mod rank;
mod repository;
mod round;
mod standing;
mod support;
mod vectors;
mod words;

pub use assemble::{AssembleError, AssembleParams, Clustering, DEFAULT_SEED, MAX_HDBSCAN_VECTORS, assemble};
pub use contexts::contexts;
pub use neighbours::{MAX_EXACT_VECTORS, MAX_RELATED_EDGES, RELATED_FLOOR};
pub use overview::{RepositoryNotes, repository_context};
pub use repository::Repository;
pub use vectors::{VectorError, Vectors};
