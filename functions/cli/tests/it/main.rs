//! `doctown` from outside: what a user types, what comes out, what is left when it is killed.

mod ask;
mod bad_input;
mod batches;
mod build;
mod compat;
mod content;
mod diff;
mod everyday;
mod export;
mod fsck;
mod github_setup;
mod hosted;
mod injection;
mod insights;
mod inspect;
mod packages;
#[path = "../../../../common/insight/tests/it/payloads.rs"]
mod payloads;
mod program;
mod prose;
mod prose_faults;
mod prose_insights;
#[cfg(feature = "full")]
mod reference;
mod remote;
mod resume;
mod serve;
mod setup;
mod socket;
mod stage;
mod told_once;
mod tour;
mod vectors;
mod view;
