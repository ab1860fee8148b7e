//! The crate's public functions on small repositories written as text.

mod bad_input;
mod clusters;
mod contexts;
mod determinism;
mod documents;
mod fixture;
mod map;
mod standing;
