//! What runs stages: the whole pipeline in one process, or one unit alone.

pub mod local;
pub mod once;
pub mod serve;
mod units;
