//! Adapters by their contracts, the attempt loop under faults, and the hosts.

extern crate doctown_runtime as runtime;

mod adapters;
#[cfg(feature = "aws")]
mod aws;
mod faulty;
mod follow_up;
mod hosts;
mod job;
mod manual_clock;
#[cfg(feature = "runpod")]
mod runpod;
mod settings;
mod simulation;
mod toy;
mod turns;
