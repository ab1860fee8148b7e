//! Answers questions about the code in a docpack: which symbol a name means, its callers and callees,
//! how one symbol reaches another, and what a change to it may affect.
//!
//! In: a [`Lookup`](docpack::lookup::Lookup), the rows of a pack's symbols and relations. Out: rows, in an
//! order that depends only on the pack. Every search counts its steps and stops at a limit, so a
//! large or hostile pack costs a bounded amount of work; the answer then says that it is incomplete.
//! This crate does not know where a pack comes from and writes no text for people.
//!
//! ```
//! # extern crate doctown_query as query;
//! use docpack::lookup::Lookup;
//! use query::{Map, Named, find};
//!
//! let map = Map::new(Lookup::default());
//! assert_eq!(find(&map, "Flask.route", &|_| true), Named::Nothing { near: vec![] });
//! ```

mod impact;
mod map;
mod names;
mod near;
mod path;
mod relations;

pub use impact::{Affected, Impact, ImpactParams, Through, impact};
pub use map::Map;
pub use names::{Named, find};
pub use path::{Route, Step, path};
pub use relations::{
    OpenCall, Reference, callees, callers, callers_are_complete, is_call_of, open_calls, possible_callers,
};
