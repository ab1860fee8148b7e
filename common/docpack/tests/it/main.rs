//! The crate's promises, checked from outside.

mod canonical;
mod compat;
mod format;
mod future;
mod hostile;
mod mutation;
mod partial;
mod parts;
mod round_trip;
mod sample;
mod schemas;
mod tampered;
mod unpacked;
