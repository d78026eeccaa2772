//! Days and instants as people write them, in one place.

use time::{Duration, OffsetDateTime};

use super::Text;

impl Text {
    /// The day of `instant`, in UTC: `25 November 2026`.
    pub fn day(&self, instant: OffsetDateTime) -> String {
        self.dated(instant).say("date-day")
    }

    /// Day and minute of `instant`, in UTC: `25 November 2026, 22:45 UTC`. The exact instant belongs
    /// in the `datetime` and the `title` of the element around it.
    pub fn moment(&self, instant: OffsetDateTime) -> String {
        let clock = format!("{:02}:{:02}", instant.hour(), instant.minute());
        self.dated(instant).with("clock", clock).say("date-moment")
    }

    /// How long before `now` it was: `5 minutes ago`; the day where that says it better, and where it
    /// is still to come.
    pub fn ago(&self, instant: OffsetDateTime, now: OffsetDateTime) -> String {
        let ago = now - instant;
        if ago.abs() < Duration::minutes(1) {
            return self.say("account-just-now");
        }
        let (count, id) = match ago.whole_minutes() {
            minutes @ 0..60 => (minutes, "account-minutes-ago"),
            minutes @ 60..1440 => (minutes / 60, "account-hours-ago"),
            minutes @ 1440..43_200 => (minutes / 1440, "account-days-ago"),
            _ => return self.day(instant),
        };
        self.with("count", count).say(id)
    }

    /// A length of time in whole days, or hours where it is shorter: `14 days`.
    pub fn length(&self, span: Duration) -> String {
        match (span.whole_days(), span.whole_hours()) {
            (0, hours) => self.with("count", hours).say("account-hours"),
            (days, _) => self.with("count", days).say("account-days"),
        }
    }

    fn dated(&self, instant: OffsetDateTime) -> super::Sentence {
        let month = self.say(match instant.month() {
            time::Month::January => "date-january",
            time::Month::February => "date-february",
            time::Month::March => "date-march",
            time::Month::April => "date-april",
            time::Month::May => "date-may",
            time::Month::June => "date-june",
            time::Month::July => "date-july",
            time::Month::August => "date-august",
            time::Month::September => "date-september",
            time::Month::October => "date-october",
            time::Month::November => "date-november",
            time::Month::December => "date-december",
        });
        let (year, day) = (instant.year().to_string(), u32::from(instant.day()));
        self.with("year", year).with("month", month).with("day", day)
    }
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;
    use crate::identity::language::Language;

    #[test]
    fn an_instant_is_written_as_its_readers_write_it() {
        let said =
            Language::ALL.map(|tag| Text::of(tag).moment(datetime!(2026-03-01 07:05:59 UTC)));
        let want = [
            "1 March 2026, 07:05 UTC",
            "1. März 2026, 07:05 UTC",
            "1er mars 2026 à 07:05 UTC",
            "1 de marzo de 2026, 07:05 UTC",
            "2026年3月1日 07:05 UTC",
        ];
        assert_eq!(said, want);
    }

    #[test]
    fn an_instant_is_told_from_now() {
        let now = datetime!(2026-03-31 07:05:59 UTC);
        let said = |tag: Language, ago: Duration| Text::of(tag).ago(now - ago, now);
        assert_eq!(said(Language::English, Duration::seconds(5)), "just now");
        assert_eq!(said(Language::English, Duration::seconds(-5)), "just now");
        assert_eq!(said(Language::English, Duration::minutes(1)), "1 minute ago");
        assert_eq!(said(Language::German, Duration::hours(5)), "vor 5 Stunden");
        assert_eq!(said(Language::French, Duration::days(1)), "il y a 1 jour");
        assert_eq!(said(Language::Japanese, Duration::days(29)), "29 日前");
        assert_eq!(said(Language::Spanish, Duration::days(30)), "1 de marzo de 2026");
        assert_eq!(said(Language::English, Duration::days(-1)), "1 April 2026");
    }

    #[test]
    fn lengths_are_told_in_days_or_hours() {
        let text = Text::of(Language::English);
        let table = [(14 * 24, "14 days"), (24, "1 day"), (5, "5 hours"), (1, "1 hour")];
        for (hours, words) in table {
            assert_eq!(text.length(Duration::hours(hours)), words);
        }
    }

    #[test]
    fn a_day_needs_no_clock() {
        let day = datetime!(2026-11-25 23:59 UTC);
        assert_eq!(Text::of(Language::French).day(day), "25 novembre 2026");
    }
}
