//! Questions about small packs with known answers, and about random ones.

// `query` in the workspace; the package has a longer name.
extern crate doctown_query as query;

mod impact;
mod names;
mod pack;
mod path;
mod relations;
