//! What stages hand to each other: plain data over the docpack's vocabulary.
//!
//! These types are internal. Their version is part of every artifact's key ([`VERSION`]), so a new
//! build ignores what an older one wrote instead of migrating it. Only `functions/pack` maps them
//! to the docpack's public records. Nothing here computes, but for [`role`], which several layers ask of a path.

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
pub const VERSION: u32 = 5;
