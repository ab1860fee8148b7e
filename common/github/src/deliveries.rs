//! Deliveries that did not arrive: GitHub lists them for three days, and sends none again by itself.

use std::collections::BTreeMap;

use serde::Deserialize;
use source::api::Verb;

use crate::GithubError;
use crate::app::{App, PER_PAGE, Wish, found, read};

/// Pages of deliveries that are read at a time, 100 each.
const MAX_DELIVERY_PAGES: usize = 50;

/// A delivery none of whose attempts was answered as it should be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FailedDelivery {
    /// GitHub's number of the last attempt, which is what can be repeated.
    pub id: u64,
    pub guid: String,
    /// RFC 3339, of the last attempt.
    pub delivered_at: String,
}

#[derive(Deserialize)]
struct Answer {
    id: u64,
    guid: String,
    delivered_at: String,
    #[serde(default)]
    status_code: u16,
}

impl App {
    /// Lists deliveries that failed since a time (RFC 3339 in UTC), the oldest first.
    pub fn failed_deliveries(&self, since: &str) -> Result<Vec<FailedDelivery>, GithubError> {
        // GitHub lists attempts, the newest first: of each delivery the newest one counts, unless one succeeded.
        let mut newest: BTreeMap<String, (FailedDelivery, bool)> = BTreeMap::new();
        let mut next: Option<(String, String)> = None;
        'pages: for _ in 0..MAX_DELIVERY_PAGES {
            let mut query = vec![PER_PAGE];
            query.extend(next.as_ref().map(|(name, value)| (name.as_str(), value.as_str())));
            let wish = Wish { query: &query, ..Wish::get(&["app", "hook", "deliveries"]) };
            let reply = found(self.ask(&wish)?, "delivery")?;
            for Answer { id, guid, delivered_at, status_code } in read::<Vec<Answer>>(&reply)? {
                if delivered_at.as_str() < since {
                    break 'pages;
                }
                let succeeded = (200..300).contains(&status_code);
                let delivery = FailedDelivery { id, guid: guid.clone(), delivered_at };
                newest.entry(guid).or_insert((delivery, false)).1 |= succeeded;
            }
            match reply.next {
                Some(page) => next = Some((page.name, page.value)),
                None => break,
            }
        }
        let failed = newest.into_values().filter(|(_, succeeded)| !succeeded).map(|(delivery, _)| delivery);
        let mut failed: Vec<FailedDelivery> = failed.collect();
        failed.sort_by(|a, b| (&a.delivered_at, a.id).cmp(&(&b.delivered_at, b.id)));
        Ok(failed)
    }

    /// Asks GitHub to send a delivery again, under the guid that it had.
    pub fn redeliver(&self, id: u64) -> Result<(), GithubError> {
        let path = ["app", "hook", "deliveries", &id.to_string(), "attempts"];
        let reply = self.ask(&Wish { verb: Verb::Post, ..Wish::get(&path) })?;
        found(reply, "delivery").map(drop)
    }
}
