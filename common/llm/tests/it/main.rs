//! The crate at its public door, against a server on this machine that answers as a script says.

extern crate doctown_llm as llm;

mod audit;
mod batch;
mod bodies;
mod budget;
mod endpoints;
mod fallback;
mod faults;
mod pacing;
mod prices;
mod real;
mod shapes;
mod support;
mod tokens;
