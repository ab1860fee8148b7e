//! Plain data that stages pass to each other, in the docpack's vocabulary.
//!
//! These types are internal. Their version is part of every artifact's key ([`VERSION`]), so a new
//! build ignores the artifacts of an older one instead of migrating them. Only `functions/pack` maps them
//! to the docpack's public records. Nothing here computes, except [`role`], which several layers need for a path.

pub mod assembly;
pub mod body;
pub mod context;
pub mod facts;
pub mod flow;
pub mod ingest;
pub mod resolution;
pub mod role;
pub mod vectors;

/// Part of every artifact's key; raise it with any change to these types or to what fills them.
pub const VERSION: u32 = 9;
