//! Finds symbols, files, folders and sections of a pack by names, by words and by meaning.
//!
//! In: [`Document`]s, which [`each_document`] makes from a pack's records, and a [`Query`]. Out: [`Hit`]s, best first.
//! A name that was typed comes first, whatever words and vectors say; the tiers are listed at [`Tier`].
//! This crate embeds no text: it takes the documents that are near a query, which [`Vectors`] finds for a query's
//! vector, from its caller.
//! It reads no file, and the same documents and query give the same order on every machine and in
//! `website/src/lib/search`, which computes the same in TypeScript.
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

mod document;
mod index;
mod names;
mod query;
mod records;
mod role;
mod search;
mod vectors;
pub mod words;

pub use document::{Document, Field, Kind};
pub use index::Index;
pub use names::Tier;
pub use query::Query;
pub use records::{Records, each_document};
pub use search::{Found, Hit, MAX_NEAR};
pub use vectors::Vectors;
