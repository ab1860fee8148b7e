//! Starts builds at set times, and repairs jobs that lost messages.
//!
//! In: a list of schedules in the store, and the current time. Out: jobs, at most one for each
//! repository and window, and none if the repository's current commit already has a docpack.
//! A tick may be repeated, run twice at once, or be missed: the next one does the remaining work.

mod build;
mod list;
mod tick;

pub use build::SourceBuilder;
pub use list::{SCHEDULES_SCHEMA, Schedule, ScheduleError, ScheduleList};
pub use tick::{Builder, Scheduled, Submitted, Tick};
