//! A clock that a test can move.

use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Instant;

use portcullis::ambient::{Clock, SystemClock};
use time::{Duration, OffsetDateTime};

/// The machine's clock, moved by as much as a test says. Ages and timeouts are not moved.
#[derive(Debug, Default)]
pub struct MovedClock(AtomicI64);

impl MovedClock {
    /// Moves it forwards, or back.
    pub fn advance(&self, by: Duration) {
        self.0.fetch_add(i64::try_from(by.whole_milliseconds()).unwrap(), Ordering::SeqCst);
    }
}

impl Clock for MovedClock {
    fn now(&self) -> OffsetDateTime {
        SystemClock.now() + Duration::milliseconds(self.0.load(Ordering::SeqCst))
    }

    fn instant(&self) -> Instant {
        SystemClock.instant()
    }
}
