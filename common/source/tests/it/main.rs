//! The crate at its public door: what a user types, and what files come out.

mod archives;
mod failures;
mod filters;
mod folders;
mod git_hosts;
mod github_api;
mod same_tree;
mod specs;
mod support;
