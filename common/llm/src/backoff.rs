//! How long to wait before a question is asked again.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime};

use reqwest::StatusCode;
use reqwest::header::{DATE, HeaderMap, RETRY_AFTER};

/// Spreads the waits of many tasks; it changes when something is asked, never what comes out.
pub(crate) struct Jitter(AtomicU64);

impl Jitter {
    pub(crate) fn seeded(seed: u64) -> Self {
        Self(AtomicU64::new(seed))
    }

    /// Returns the wait after the n-th failure: between half and all of `first * 2^(n-1)`, up to a limit.
    pub(crate) fn backoff(&self, n_failures: u32, first: Duration, longest: Duration) -> Duration {
        let doublings = n_failures.saturating_sub(1).min(16);
        let full = first.saturating_mul(1 << doublings).min(longest);
        let half = full / 2;
        half + half.mul_f64(self.fraction())
    }

    /// SplitMix64, scaled to 0..1.
    fn fraction(&self) -> f64 {
        const STEP: u64 = 0x9e37_79b9_7f4a_7c15;
        let mut z = self.0.fetch_add(STEP, Ordering::Relaxed).wrapping_add(STEP);
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^= z >> 31;
        (z >> 11) as f64 / (1_u64 << 53) as f64
    }
}

/// Reads how long a server wants to be left alone.
///
/// In order of precision: `retry-after-ms`, `Retry-After` in seconds or as a date, and, where a rate limit
/// was hit, OpenAI's `x-ratelimit-reset-*` of what has nothing remaining.
pub(crate) fn retry_after(status: StatusCode, headers: &HeaderMap) -> Option<Duration> {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).map(str::trim);
    let milliseconds = text("retry-after-ms").and_then(|text| text.parse().ok());
    let told = milliseconds.and_then(|ms: f64| Duration::try_from_secs_f64(ms / 1000.0).ok());
    let told = told.or_else(|| text(RETRY_AFTER.as_str()).and_then(|text| seconds_or_date(text, headers)));
    if told.is_some() || status != StatusCode::TOO_MANY_REQUESTS {
        return told;
    }
    let resets = ["requests", "tokens"].into_iter().filter_map(|what| {
        let remaining = text(&format!("x-ratelimit-remaining-{what}"));
        let is_used_up = remaining.is_none_or(|remaining| remaining == "0");
        text(&format!("x-ratelimit-reset-{what}")).filter(|_| is_used_up).and_then(span)
    });
    resets.max()
}

fn seconds_or_date(text: &str, headers: &HeaderMap) -> Option<Duration> {
    if let Ok(seconds) = text.parse::<f64>() {
        return Duration::try_from_secs_f64(seconds).ok();
    }
    let until = httpdate::parse_http_date(text).ok()?;
    // Against the server's own clock, where it tells it: ours may differ.
    let told_now = headers.get(DATE).and_then(|date| httpdate::parse_http_date(date.to_str().ok()?).ok());
    let now = told_now.unwrap_or_else(SystemTime::now);
    Some(until.duration_since(now).unwrap_or(Duration::ZERO))
}

/// Reads `1h2m3.5s` or `20ms`.
fn span(text: &str) -> Option<Duration> {
    let mut total = 0.0;
    let mut rest = text;
    while !rest.is_empty() {
        let n_digits = rest.find(|c: char| !c.is_ascii_digit() && c != '.')?;
        let number: f64 = rest[..n_digits].parse().ok()?;
        let units = &rest[n_digits..];
        let n_letters = units.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(units.len());
        total += number
            * match &units[..n_letters] {
                "ms" => 0.001,
                "s" => 1.0,
                "m" => 60.0,
                "h" => 3600.0,
                "d" => 86_400.0,
                _ => return None,
            };
        rest = &units[n_letters..];
    }
    Duration::try_from_secs_f64(total).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    type Headers = &'static [(&'static str, &'static str)];

    fn wait(status: u16, headers: Headers) -> Option<u128> {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.insert(*name, value.parse().expect("a header"));
        }
        let status = StatusCode::from_u16(status).expect("a status");
        retry_after(status, &map).map(|wait| wait.as_millis())
    }

    #[test]
    fn waits_are_read_in_every_form_that_servers_use() {
        let date =
            &[("retry-after", "Sun, 06 Nov 1994 08:49:40 GMT"), ("date", "Sun, 06 Nov 1994 08:49:37 GMT")];
        let past =
            &[("retry-after", "Sun, 06 Nov 1994 08:49:00 GMT"), ("date", "Sun, 06 Nov 1994 08:49:37 GMT")];
        let cases: [(u16, Headers, Option<u128>); 13] = [
            (429, &[("retry-after", "2")], Some(2000)),
            (503, &[("retry-after", "2")], Some(2000)),
            (429, &[("retry-after", "0.5")], Some(500)),
            (429, &[("retry-after-ms", "20"), ("retry-after", "2")], Some(20)),
            (429, date, Some(3000)),
            (429, past, Some(0)),
            (429, &[("x-ratelimit-reset-requests", "6m0s")], Some(360_000)),
            (
                429,
                &[("x-ratelimit-reset-tokens", "20ms"), ("x-ratelimit-reset-requests", "1.5s")],
                Some(1500),
            ),
            (429, &[("x-ratelimit-reset-tokens", "9s"), ("x-ratelimit-remaining-tokens", "7")], None),
            (500, &[("x-ratelimit-reset-requests", "1s")], None),
            (429, &[("retry-after", "soon")], None),
            (429, &[("retry-after", "-1")], None),
            (429, &[], None),
        ];
        for (status, headers, expected) in cases {
            assert_eq!(wait(status, headers), expected, "{status} {headers:?}");
        }
    }

    #[test]
    fn backoff_doubles_within_its_bounds_and_differs_between_seeds() {
        let (first, longest) = (Duration::from_millis(500), Duration::from_secs(8));
        let waits = |seed| {
            let jitter = Jitter::seeded(seed);
            (1..=8).map(|n| jitter.backoff(n, first, longest)).collect::<Vec<_>>()
        };
        for (n, wait) in waits(1).into_iter().enumerate() {
            let full = (first * (1 << n)).min(longest);
            assert!(wait >= full / 2 && wait <= full, "{wait:?} after {} failures", n + 1);
        }
        assert_ne!(waits(1), waits(2));
        assert_eq!(waits(1), waits(1));
    }
}
