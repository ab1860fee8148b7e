//! The crate's promises, checked from outside.

mod canonical;
mod round_trip;
mod sample;
