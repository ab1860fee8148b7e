//! `doctown` from outside: what a user types, what comes out, what is left when it is killed.

mod bad_input;
mod build;
mod injection;
mod inspect;
mod packages;
mod program;
mod prose;
mod remote;
mod resume;
mod serve;
mod stage;
mod vectors;
