//! Builds at set times, and the reaper of what was lost.
//!
//! In: a list of schedules in the store, and the present moment. Out: jobs, at most one for each
//! repository and window, and none where the repository's commit has a docpack already.
//! A tick may be repeated, run twice at once, or be missed: the next one does what is left to do.

mod build;
mod list;
mod tick;

pub use build::SourceBuilder;
pub use list::{SCHEDULES_SCHEMA, Schedule, ScheduleError, ScheduleList};
pub use tick::{Builder, Scheduled, Submitted, Tick};
