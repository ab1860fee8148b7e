//! Seconds since the epoch as RFC 3339 in UTC.

/// What stands for the time of something without a commit.
pub(crate) const EPOCH: &str = "1970-01-01T00:00:00Z";

const DAY_SECONDS: i64 = 86_400;

/// The last second of the year 9999: later years have no RFC 3339 form.
const MAX_SECONDS: i64 = 253_402_300_799;

/// Writes `seconds` as `YYYY-MM-DDThh:mm:ssZ`; commits can claim any time, so it is clamped to 0..=9999.
pub(crate) fn rfc3339(seconds: i64) -> String {
    let seconds = seconds.clamp(0, MAX_SECONDS);
    let (year, month, day) = civil(seconds / DAY_SECONDS);
    let second = seconds % DAY_SECONDS;
    format!("{year:04}-{month:02}-{day:02}T{:02}:{:02}:{:02}Z", second / 3600, second / 60 % 60, second % 60)
}

/// Turns days since the epoch into a date, by counting in 400-year eras that begin on 1 March.
fn civil(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let era = days / 146_097;
    let day_of_era = days % 146_097;
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
    (era * 400 + year_of_era + i64::from(month <= 2), month, day)
}

#[cfg(test)]
mod tests {
    use super::rfc3339;

    #[test]
    fn days_that_calendars_get_wrong() {
        for (seconds, expected) in [
            (0, "1970-01-01T00:00:00Z"),
            (951_782_400, "2000-02-29T00:00:00Z"),
            (1_709_202_645, "2024-02-29T10:30:45Z"),
            (4_107_542_399, "2100-02-28T23:59:59Z"),
            (4_107_542_400, "2100-03-01T00:00:00Z"),
            (i64::MAX, "9999-12-31T23:59:59Z"),
            (i64::MIN, "1970-01-01T00:00:00Z"),
        ] {
            assert_eq!(rfc3339(seconds), expected, "{seconds} s");
        }
    }
}
