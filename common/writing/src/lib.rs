//! Turns contexts into texts with a model: its questions, their budget, and the check of its answers.
//!
//! In: a unit of the generate stage, its contexts, and a [`Writer`]. Out: summaries or overviews, each
//! verified or extracted, a record of every call, and the usage. [`estimate`] predicts the usage,
//! [`by_size`] even before anything is read.
//! [`Prepared`] asks one question outside of any job.
//! Replies are cached under a digest of the question and requested once; the order of their arrival has no
//! effect. It deliberately knows no adapter of a store and no process.

mod account;
mod ask;
mod audit;
mod batch;
mod estimate;
mod family;
mod kept;
mod recover;
mod share;
mod single;
mod terms;
mod write;

pub use audit::{Asker, AuditLine};
pub use batch::cancel_batch;
pub use estimate::{SizeEstimate, UnitCosts, by_size, estimate};
pub use single::{Checked, Prepared, SingleAnswer, SingleQuestion};
pub use terms::{MAX_MODEL_BYTES, MAX_MODELS, Terms, Writer, WriterError};
pub use write::{Written, write};
