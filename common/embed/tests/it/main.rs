//! The embedder at its public door, with the real model where it is set up.

mod class;
mod files;
mod installed;
mod model;
mod parity;
mod table;
mod transport;
