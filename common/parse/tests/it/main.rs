//! Tests through the public functions of the crate.

mod bodies;
mod chunk;
mod digest;
mod hostile;
mod languages;
mod resolve;
mod roles;
