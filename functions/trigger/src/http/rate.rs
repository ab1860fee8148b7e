//! How many requests one account or address may make.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use axum::http::{HeaderMap, HeaderValue};

const MINUTE: Duration = Duration::from_secs(60);
/// Nobody signs in more programs, and codes stay open for 15 minutes: an address has few of all that can be open.
const SIGN_INS_PER_MINUTE: u32 = 20;
/// Accounts and addresses that are remembered; past it those that would be full again are forgotten, then all.
const MAX_BUCKETS: usize = 50_000;

/// What is counted together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Class {
    Reads,
    Writes,
    /// Requests that showed an invalid key or session.
    Refusals,
    /// Requests to sign in a program.
    SignIns,
}

/// Whose requests are counted together.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Who {
    Network(IpAddr),
    Account(String),
}

/// A bucket per account or address and class that fills evenly.
#[derive(Debug)]
pub(crate) struct Rates {
    reads_per_minute: u32,
    writes_per_minute: u32,
    buckets: Mutex<HashMap<(Who, Class), Bucket>>,
}

#[derive(Debug, Clone, Copy)]
struct Bucket {
    tokens: f64,
    at: Instant,
}

/// Whether a request may go on, and what its client is told.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Allowance {
    class: Class,
    limit: u32,
    remaining: u32,
    /// Until the bucket is full again.
    reset: Duration,
    /// Set where the request is refused.
    pub(crate) wait: Option<Duration>,
}

impl Rates {
    pub(crate) fn new(reads_per_minute: u32, writes_per_minute: u32) -> Self {
        Self { reads_per_minute, writes_per_minute, buckets: Mutex::default() }
    }

    /// Takes one request of an address; `None` without a limit.
    pub(crate) fn take(&self, address: IpAddr, class: Class) -> Option<Allowance> {
        self.take_at(Who::Network(network(address)), class, Instant::now())
    }

    /// Takes one request of an account; `None` without a limit.
    pub(crate) fn take_of_account(&self, account: &str, class: Class) -> Option<Allowance> {
        self.take_at(Who::Account(account.to_owned()), class, Instant::now())
    }

    /// Returns how long an address has to wait that showed too many invalid keys; `None` for any other.
    pub(crate) fn refusals_left(&self, address: IpAddr) -> Option<Duration> {
        let limit = self.limit(Class::Refusals);
        let buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        let bucket = buckets.get(&(Who::Network(network(address)), Class::Refusals))?;
        let per_second = f64::from(limit) / MINUTE.as_secs_f64();
        let tokens = bucket.tokens + bucket.at.elapsed().as_secs_f64() * per_second;
        (tokens < 1.0).then(|| Duration::from_secs_f64((1.0 - tokens) / per_second))
    }

    fn limit(&self, class: Class) -> u32 {
        match class {
            Class::Reads => self.reads_per_minute,
            Class::Writes | Class::Refusals => self.writes_per_minute,
            Class::SignIns => self.writes_per_minute.min(SIGN_INS_PER_MINUTE),
        }
    }

    fn take_at(&self, who: Who, class: Class, now: Instant) -> Option<Allowance> {
        let limit = self.limit(class);
        if limit == 0 {
            return None;
        }
        let per_second = f64::from(limit) / MINUTE.as_secs_f64();
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        if buckets.len() >= MAX_BUCKETS {
            buckets.retain(|_, bucket| now.saturating_duration_since(bucket.at) < MINUTE);
        }
        if buckets.len() >= MAX_BUCKETS {
            buckets.clear();
        }
        let full = f64::from(limit);
        let bucket = buckets.entry((who, class)).or_insert(Bucket { tokens: full, at: now });
        let since = now.saturating_duration_since(bucket.at).as_secs_f64();
        bucket.tokens = (bucket.tokens + since * per_second).min(full);
        bucket.at = now;
        let wait = (bucket.tokens < 1.0).then(|| Duration::from_secs_f64((1.0 - bucket.tokens) / per_second));
        if wait.is_none() {
            bucket.tokens -= 1.0;
        }
        let reset = Duration::from_secs_f64((full - bucket.tokens) / per_second);
        Some(Allowance { class, limit, remaining: bucket.tokens as u32, reset, wait })
    }
}

/// A host has a whole /64 of IPv6 to itself.
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => IpAddr::V6((u128::from(address) & !u128::from(u64::MAX)).into()),
        address => address,
    }
}

impl Allowance {
    /// Writes the headers of the draft on rate limits.
    pub(crate) fn tell(&self, headers: &mut HeaderMap) {
        let name = match self.class {
            Class::Reads => "reads",
            Class::Writes => "writes",
            Class::Refusals => "refusals",
            Class::SignIns => "sign-ins",
        };
        let policy = format!("\"{name}\";q={};w=60", self.limit);
        let state = format!("\"{name}\";r={};t={}", self.remaining, self.reset.as_secs_f64().ceil() as u64);
        for (name, value) in [("ratelimit-policy", policy), ("ratelimit", state)] {
            if let Ok(value) = HeaderValue::from_str(&value) {
                headers.insert(name, value);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bucket_empties_and_fills_and_is_of_one_address() {
        let rates = Rates::new(60, 2);
        let (one, other) = (IpAddr::from([192, 0, 2, 1]), IpAddr::from([192, 0, 2, 2]));
        let now = Instant::now();
        let take = |address, after_ms| {
            rates
                .take_at(Who::Network(network(address)), Class::Writes, now + Duration::from_millis(after_ms))
                .expect("there is a limit")
        };
        assert_eq!((take(one, 0).remaining, take(one, 0).remaining), (1, 0));
        let refused = take(one, 0).wait.expect("the bucket is empty");
        assert!((29.0..=30.0).contains(&refused.as_secs_f64()), "{refused:?}");
        assert_eq!(take(other, 0).wait, None);
        assert_eq!(take(one, 30_001).wait, None);
        assert!(take(one, 30_002).wait.is_some());
    }

    #[test]
    fn no_limit_tells_nothing_and_addresses_of_one_host_share() {
        let rates = Rates::new(0, 1);
        let now = Instant::now();
        let one: IpAddr = "2001:db8::1".parse().expect("an address");
        let same_host: IpAddr = "2001:db8::2".parse().expect("an address");
        let take = |address, class| rates.take_at(Who::Network(network(address)), class, now);
        assert_eq!(take(one, Class::Reads), None);
        assert_eq!(take(one, Class::Writes).and_then(|taken| taken.wait), None);
        assert!(take(same_host, Class::Writes).is_some_and(|taken| taken.wait.is_some()));
    }

    #[test]
    fn an_account_has_a_bucket_of_its_own_and_invalid_keys_another() {
        let rates = Rates::new(0, 1);
        let address = IpAddr::from([192, 0, 2, 1]);
        let is_let_in = |taken: Option<Allowance>| taken.is_some_and(|taken| taken.wait.is_none());
        assert!(is_let_in(rates.take(address, Class::Writes)));
        assert!(!is_let_in(rates.take(address, Class::Writes)));
        assert!(is_let_in(rates.take_of_account("a-1", Class::Writes)));
        assert!(!is_let_in(rates.take_of_account("a-1", Class::Writes)));
        assert!(is_let_in(rates.take_of_account("a-2", Class::Writes)));
        assert_eq!(rates.refusals_left(address), None);
        assert!(is_let_in(rates.take(address, Class::Refusals)));
        assert!(rates.refusals_left(address).is_some());
    }
}
