//! The crate's public functions on two versions of a repository, each written as text.

extern crate doctown_compare as compare;

mod pack;
mod properties;
mod reports;
mod rules;
