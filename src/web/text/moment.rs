//! Days and instants as people write them, in one place.

use time::OffsetDateTime;

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
    fn a_day_needs_no_clock() {
        let day = datetime!(2026-11-25 23:59 UTC);
        assert_eq!(Text::of(Language::French).day(day), "25 novembre 2026");
    }
}
