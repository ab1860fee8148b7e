//! Schedules as they are written down.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use croner::Cron;
use croner::parser::CronParser;
use pipeline::{BuildOptions, Tags, Timestamp};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Version of [`ScheduleList`].
pub const SCHEDULES_SCHEMA: &str = "doctown.schedules/1";
/// Each tick looks at all of them.
const MAX_SCHEDULES: usize = 1_000;
/// Of one schedule; more want a schedule each, so that they spread over time.
const MAX_REPOS: usize = 1_000;

/// Everything that is built at set times.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ScheduleList {
    /// Always `doctown.schedules/1`.
    pub schema: String,
    pub schedules: Vec<Schedule>,
}

/// Repositories that are built at the same times.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Schedule {
    /// Unique in the list; windows are remembered by it.
    pub name: String,
    /// Minute, hour, day of month, month, day of week, in UTC: `0 3 * * 1-5`.
    pub cron: String,
    /// Addresses as `doctown build` takes them.
    pub repos: Vec<String>,
    /// Who asks for the jobs.
    #[serde(default = "default_owner")]
    pub owner: String,
    #[serde(default)]
    pub options: BuildOptions,
    /// What every event of the jobs carries as `meta.tags`.
    #[serde(default, skip_serializing_if = "Tags::is_empty")]
    pub tags: Tags,
    /// Nothing is built for windows before this; set when the list is stored.
    #[serde(default)]
    pub since: Option<Timestamp>,
}

/// A list cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ScheduleError {
    #[error("the list of schedules cannot be read: {reason}")]
    Malformed { reason: String },
    #[error("schedule `{name}` has `{cron}` for its times: {reason}")]
    BadCron { name: String, cron: String, reason: String },
    #[error("two schedules are named `{name}`")]
    DuplicateName { name: String },
    #[error("{n} {what}, the limit is {limit}")]
    TooMany { n: usize, what: &'static str, limit: usize },
}

fn default_owner() -> String {
    "local".to_owned()
}

impl ScheduleList {
    /// Reads and checks a list.
    pub fn parse(text: &str) -> Result<Self, ScheduleError> {
        let malformed = |reason: String| ScheduleError::Malformed { reason };
        let list: Self = serde_json::from_str(text).map_err(|error| malformed(error.to_string()))?;
        if list.schema != SCHEDULES_SCHEMA {
            return Err(malformed(format!("`schema` is `{}`, expected `{SCHEDULES_SCHEMA}`", list.schema)));
        }
        if list.schedules.len() > MAX_SCHEDULES {
            return Err(ScheduleError::TooMany {
                n: list.schedules.len(),
                what: "schedules",
                limit: MAX_SCHEDULES,
            });
        }
        let mut names = BTreeSet::new();
        for schedule in &list.schedules {
            if !names.insert(&schedule.name) {
                return Err(ScheduleError::DuplicateName { name: schedule.name.clone() });
            }
            schedule.check()?;
        }
        Ok(list)
    }

    /// Has each schedule begin now, unless it is in `before` as it is: that one goes on.
    pub fn beginning(mut self, now: Timestamp, before: &Self) -> Self {
        for schedule in &mut self.schedules {
            let same =
                before.schedules.iter().find(|old| old.name == schedule.name && old.cron == schedule.cron);
            schedule.since = schedule.since.or(same.and_then(|old| old.since)).or(Some(now));
        }
        self
    }

    /// Makes a list without schedules.
    pub fn empty() -> Self {
        Self { schema: SCHEDULES_SCHEMA.to_owned(), schedules: Vec::new() }
    }
}

impl Schedule {
    fn check(&self) -> Result<(), ScheduleError> {
        if self.repos.len() > MAX_REPOS {
            return Err(ScheduleError::TooMany {
                n: self.repos.len(),
                what: "repositories",
                limit: MAX_REPOS,
            });
        }
        self.times().map(drop)
    }

    fn times(&self) -> Result<Cron, ScheduleError> {
        CronParser::new().parse(&self.cron).map_err(|error| ScheduleError::BadCron {
            name: self.name.clone(),
            cron: self.cron.clone(),
            reason: error.to_string(),
        })
    }

    /// Finds the newest window that has begun; `None` before the first one.
    pub fn window(&self, now: Timestamp) -> Result<Option<Timestamp>, ScheduleError> {
        let times = self.times()?;
        let Some(at) = i64::try_from(now.0).ok().and_then(DateTime::<Utc>::from_timestamp_millis) else {
            return Ok(None);
        };
        let found = times.find_previous_occurrence(&at, true).ok();
        let window = found.and_then(|at| u64::try_from(at.timestamp_millis()).ok()).map(Timestamp);
        Ok(window.filter(|window| self.since.is_none_or(|since| since <= *window)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(cron: &str) -> Result<ScheduleList, ScheduleError> {
        ScheduleList::parse(&format!(
            r#"{{"schema":"doctown.schedules/1","schedules":[{{"name":"n","cron":"{cron}","repos":["a/b"]}}]}}"#
        ))
    }

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn a_window_is_the_newest_time_that_has_come() {
        let nightly = list("30 3 * * *").unwrap().schedules.remove(0);
        let window = |now: &str| nightly.window(at(now)).unwrap().unwrap().to_string();
        assert_eq!(window("2026-03-02T03:29:59.999Z"), "2026-03-01T03:30:00.000Z");
        assert_eq!(window("2026-03-02T03:30:00.000Z"), "2026-03-02T03:30:00.000Z");
        assert_eq!(window("2026-03-02T23:00:00.000Z"), "2026-03-02T03:30:00.000Z");
        let weekdays = list("0 9 * * 1-5").unwrap().schedules.remove(0);
        // The 8th of March 2026 is a Sunday.
        assert_eq!(
            weekdays.window(at("2026-03-08T12:00:00.000Z")).unwrap(),
            Some(at("2026-03-06T09:00:00.000Z"))
        );
    }

    #[test]
    fn nothing_is_made_up_for_the_time_before_a_schedule_was_stored() {
        let now = at("2026-03-02T12:00:00.000Z");
        let stored = list("0 0 * * *").unwrap().beginning(now, &ScheduleList::empty());
        assert_eq!(stored.schedules[0].window(now).unwrap(), None);
        let later = at("2026-03-03T00:00:30.000Z");
        assert!(stored.schedules[0].window(later).unwrap().is_some());
        let again = list("0 0 * * *").unwrap().beginning(later, &stored);
        assert_eq!(again, stored, "storing the same list again starts nothing anew");
    }

    #[test]
    fn lists_that_cannot_be_meant_are_refused() {
        assert!(matches!(list("61 * * * *"), Err(ScheduleError::BadCron { .. })));
        assert!(matches!(list("every day"), Err(ScheduleError::BadCron { .. })));
        for text in ["", "[]", "{}", r#"{"schema":"doctown.schedules/2","schedules":[]}"#] {
            assert!(matches!(ScheduleList::parse(text), Err(ScheduleError::Malformed { .. })), "{text}");
        }
        let twice = r#"{"schema":"doctown.schedules/1","schedules":[
            {"name":"n","cron":"* * * * *","repos":[]},{"name":"n","cron":"* * * * *","repos":[]}]}"#;
        assert_eq!(ScheduleList::parse(twice), Err(ScheduleError::DuplicateName { name: "n".to_owned() }));
    }
}
