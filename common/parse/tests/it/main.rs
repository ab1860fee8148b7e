//! Tests through the public functions of the crate.

mod chunk;
mod hostile;
mod languages;
mod resolve;
