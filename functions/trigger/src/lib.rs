//! The HTTP API: a repository's address in, a job and its events out, and a look into the docpacks that were made.
//!
//! [`contract`] is the one table of operations; the router and [`openapi`] are both made from it.
//! It knows no vendor's store or queue, and nothing of what a stage computes.

pub mod codes;
pub mod contract;
pub mod openapi;
pub mod wire;
