//! Instants as people read them.

use time::format_description::well_known::Rfc3339;
use time::{Duration, OffsetDateTime};

/// An instant, in words and to the second.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Moment {
    /// RFC 3339 in UTC, to the second.
    pub exact: String,
    /// As seen from now.
    pub text: String,
}

impl Moment {
    /// `at` as seen from `now`.
    pub fn of(at: OffsetDateTime, now: OffsetDateTime) -> Self {
        let at = at.to_offset(time::UtcOffset::UTC).replace_nanosecond(0).unwrap_or(at);
        let exact = at.format(&Rfc3339).unwrap_or_default();
        let text = words(now - at).unwrap_or_else(|| at.date().to_string());
        Self { exact, text }
    }
}

/// How long ago, or how long until; nothing where the date says it better.
fn words(ago: Duration) -> Option<String> {
    let length = ago.abs();
    if length < Duration::minutes(1) {
        return Some(if ago.is_negative() { "in a moment" } else { "just now" }.to_owned());
    }
    let (number, unit) = match length.whole_minutes() {
        minutes @ 0..60 => (minutes, "minute"),
        minutes @ 60..1440 => (minutes / 60, "hour"),
        minutes @ 1440..43_200 => (minutes / 1440, "day"),
        _ => return None,
    };
    let plural = if number == 1 { "" } else { "s" };
    Some(if ago.is_negative() {
        format!("in {number} {unit}{plural}")
    } else {
        format!("{number} {unit}{plural} ago")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_instant_is_told_from_now_and_kept_exactly() {
        let now = OffsetDateTime::from_unix_timestamp(1_700_000_000).unwrap();
        let text = |ago| Moment::of(now - ago, now).text;
        assert_eq!(text(Duration::seconds(5)), "just now");
        assert_eq!(text(Duration::minutes(1)), "1 minute ago");
        assert_eq!(text(Duration::hours(5)), "5 hours ago");
        assert_eq!(text(-Duration::days(2)), "in 2 days");
        assert_eq!(text(Duration::days(100)), "2023-08-06");
        assert_eq!(Moment::of(now, now).exact, "2023-11-14T22:13:20Z");
    }
}
