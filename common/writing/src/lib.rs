//! Contexts to words: what a model is asked, within which budget, and what of its answers is believed.
//!
//! In: a unit of the generate stage, its contexts, and a [`Writer`]. Out: summaries or overviews, each
//! verified or extractive, a record of every call, and what it took. [`estimate`] says beforehand what that is,
//! [`by_size`] before anything is read.
//! [`Prepared`] asks one question outside of any job.
//! Replies are kept under a digest of the question and asked for once; the order in which they come changes
//! nothing. It deliberately knows no adapter of a store and no process.

mod account;
mod ask;
mod audit;
mod batch;
mod estimate;
mod family;
mod recover;
mod share;
mod single;
mod terms;
mod write;

pub use audit::AuditLine;
pub use batch::cancel_batch;
pub use estimate::{SizeEstimate, UnitCosts, by_size, estimate};
pub use single::{Prepared, SingleAnswer, SingleQuestion};
pub use terms::{MAX_MODEL_BYTES, MAX_MODELS, Terms, Writer, WriterError};
pub use write::{Written, write};
