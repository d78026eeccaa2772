//! The only readers of time and randomness: everything else takes them as values.

use std::time::Instant;

use rand::TryRng;
use time::OffsetDateTime;
use uuid::Uuid;

/// Where the time comes from.
pub trait Clock: Send + Sync {
    /// The wall clock, in UTC.
    fn now(&self) -> OffsetDateTime;
    /// The clock that never jumps, for ages and timeouts.
    fn instant(&self) -> Instant;
}

/// Where randomness comes from.
pub trait Entropy: Send + Sync {
    /// Fills `bytes` with unpredictable bits.
    fn fill(&self, bytes: &mut [u8]);
}

/// The machine's clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is the one place that reads the clock")]
    fn now(&self) -> OffsetDateTime {
        OffsetDateTime::now_utc()
    }

    fn instant(&self) -> Instant {
        Instant::now()
    }
}

/// The operating system's generator.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemEntropy;

impl Entropy for SystemEntropy {
    #[expect(clippy::expect_used, reason = "a server without randomness must not go on")]
    fn fill(&self, bytes: &mut [u8]) {
        rand::rngs::SysRng.try_fill_bytes(bytes).expect("the operating system has no randomness");
    }
}

/// `N` unpredictable bytes.
pub fn bytes<const N: usize>(entropy: &dyn Entropy) -> [u8; N] {
    let mut bytes = [0; N];
    entropy.fill(&mut bytes);
    bytes
}

/// A new row id: `UUIDv7`, so that ids sort by the time they were made (RFC 9562 §5.7).
pub fn id(now: OffsetDateTime, entropy: &dyn Entropy) -> Uuid {
    let millis = u64::try_from(now.unix_timestamp_nanos() / 1_000_000).unwrap_or(0);
    uuid::Builder::from_unix_timestamp_millis(millis, &bytes(entropy)).into_uuid()
}
