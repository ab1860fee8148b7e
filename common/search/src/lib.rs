//! Finds symbols, files, folders and sections of a pack by names, by words and by meaning.
//!
//! In: [`Document`]s, which [`each_document`] makes from a pack's records, and a [`Query`]. Out: [`Hit`]s, best first.
//! An exact name always comes first, whatever the scores of words and vectors; [`Tier`] lists the tiers.
//! This crate embeds no text: the caller supplies the documents near a query, which [`Vectors`] finds for the query's
//! vector.
//! It reads no file. The same documents and query give the same order on every machine and in
//! `website/src/lib/search`, the TypeScript version.
//!
//! ```
//! # extern crate doctown_search as search;
//! use search::{Document, Index, Query, Tier};
//!
//! let mut index = Index::default();
//! index.add(&Document {
//!     name: "url_for".into(),
//!     qualified_name: "flask.helpers.url_for".into(),
//!     documentation: "Generates a URL to an endpoint.".into(),
//!     ..Document::default()
//! });
//! let found = index.search(&Query::parse("how are urls generated"), &[], |_| true, 10);
//! assert_eq!((found.hits[0].document, found.hits[0].tier), (0, Tier::Words));
//! let found = index.search(&Query::parse("helpers.url_for"), &[], |_| true, 10);
//! assert_eq!(found.hits[0].tier, Tier::Exact);
//! ```

pub mod bytes;
mod document;
mod index;
mod names;
mod query;
mod records;
mod rerank;
mod role;
mod search;
mod stored;
mod vectors;
pub mod words;

pub use document::{Document, Field, Kind};
pub use index::Index;
pub use names::Tier;
pub use query::Query;
pub use records::{Records, each_document};
pub use rerank::{MAX_COMPARED, compared, compared_text};
pub use search::{Found, Hit, MAX_NEAR};
pub use vectors::{Owner, Vectors, owners};
