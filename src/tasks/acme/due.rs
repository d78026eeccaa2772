//! When a certificate is to be got, and how long to wait after a failure.

use time::{Duration, OffsetDateTime};

use crate::live::issued::Kept;

/// No certificate is ordered sooner after another, unless somebody asks for it.
pub(super) const HOLD: Duration = Duration::HOUR;
/// The longest wait after a failure.
const LONGEST: Duration = Duration::hours(6);
/// The longest wait after a failure where the certificate's end is near or over: authorities take no more
/// than a few failures an hour.
const URGENT: Duration = Duration::minutes(30);

/// Whether another than `kept`, the wanted one, is to be got.
pub(super) fn is_due(kept: Option<&Kept>, now: OffsetDateTime) -> bool {
    let Some(kept) = kept else { return true };
    let Ok(chain) = &kept.chain else { return true };
    let validity = chain.validity;
    // An authority that hands out what is nearly over is not asked again at once.
    now >= validity.renew_at().max(kept.stored.issued_at + validity.life() / 10)
}

/// How long nobody tries after a failure: a minute, then two, four, and no longer than what is `left` of the
/// certificate's life allows.
pub(super) fn wait(failures: i32, left: Option<Duration>) -> Duration {
    let doubled = Duration::MINUTE * 2_i32.pow(failures.clamp(0, 10).unsigned_abs());
    let longest = left.map_or(LONGEST, |left| Ord::clamp(left / 8_i32, URGENT, LONGEST));
    doubled.min(longest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wait_doubles_up_to_six_hours() {
        let waits = [0, 1, 2, 8, 9, 400].map(|failures| wait(failures, None).whole_minutes());
        assert_eq!(waits, [1, 2, 4, 256, 360, 360]);
    }

    #[test]
    fn the_wait_is_short_where_little_life_is_left() {
        let longest = |left| wait(20, Some(left)).whole_minutes();
        assert_eq!(longest(Duration::days(30)), 360);
        assert_eq!(longest(Duration::hours(8)), 60);
        assert_eq!(longest(Duration::hours(-1)), 30);
        assert_eq!(wait(0, Some(Duration::ZERO)), Duration::MINUTE);
    }
}
