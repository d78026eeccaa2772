//! How often somebody may try: token buckets in bounded memory (SECURITY.md DO-03).

use std::collections::HashMap;
use std::hash::{BuildHasher, Hash, RandomState};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// What is counted apart from what.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Class {
    /// A client that failed to authenticate, by client and address (CA-06).
    ClientAuthentication,
    /// Sign-in, code and recovery forms, by address.
    SignIn,
    /// Challenges and answers of passkeys, by address. Every sign-in page asks for one.
    Passkey,
    /// Authorization requests of nobody we know, by address.
    Authorize,
    /// Requests pushed in the name of a public client, by client, whoever sends them.
    PushedRequests,
    /// The setup page, by address.
    Setup,
}

/// How often: `per_minute` in the long run, `burst` at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rate {
    /// The long-run rate.
    pub per_minute: u32,
    /// How many may come at once after a pause.
    pub burst: u32,
}

impl Rate {
    const fn new(per_minute: u32, burst: u32) -> Self {
        Self { per_minute, burst }
    }
}

/// The rate of each class.
#[derive(Debug, Clone, Copy)]
pub struct Rates {
    /// For [`Class::ClientAuthentication`].
    pub client_authentication: Rate,
    /// For [`Class::SignIn`].
    pub sign_in: Rate,
    /// For [`Class::Authorize`].
    pub authorize: Rate,
    /// For [`Class::PushedRequests`].
    pub pushed_requests: Rate,
    /// For [`Class::Setup`].
    pub setup: Rate,
}

impl Default for Rates {
    fn default() -> Self {
        Self {
            client_authentication: Rate::new(100, 100),
            sign_in: Rate::new(60, 120),
            authorize: Rate::new(600, 600),
            pushed_requests: Rate::new(6_000, 6_000),
            setup: Rate::new(10, 10),
        }
    }
}

impl Rates {
    const fn of(&self, class: Class) -> Rate {
        match class {
            Class::ClientAuthentication => self.client_authentication,
            Class::SignIn | Class::Passkey => self.sign_in,
            Class::Authorize => self.authorize,
            Class::PushedRequests => self.pushed_requests,
            Class::Setup => self.setup,
        }
    }
}

/// Too often; come back after this long (`Retry-After`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("too many tries, come back in {} s", .0.as_secs())]
pub struct RetryAfter(pub Duration);

const SHARDS: usize = 16;

/// Counts tries on this node. Each key costs 16 bytes and is forgotten when it is full again; above
/// `most_keys` a new key displaces an old one, so that an attack costs memory to nobody.
pub struct Limiter {
    rates: Rates,
    start: Instant,
    hasher: RandomState,
    keys_per_shard: usize,
    /// Per key, when its bucket is full again (in microseconds after `start`): the "theoretical
    /// arrival time" of the generic cell rate algorithm. Locked per shard, never across an await.
    shards: [Mutex<HashMap<u64, u64>>; SHARDS],
}

impl Limiter {
    /// An empty limiter that remembers `most_keys` keys at most.
    pub fn new(rates: Rates, most_keys: usize, start: Instant) -> Self {
        let shards = std::array::from_fn(|_| Mutex::default());
        let keys_per_shard = (most_keys / SHARDS).max(1);
        Self { rates, start, hasher: RandomState::new(), keys_per_shard, shards }
    }

    /// Counts a try of `key` at `now`, or says when to come back.
    pub fn check(&self, class: Class, key: &impl Hash, now: Instant) -> Result<(), RetryAfter> {
        self.turn(class, key, now, Count::Yes)
    }

    /// Whether a try of `key` would be let in at `now`, without counting it: for limits on failures,
    /// which are counted with [`Self::check`] once the try has failed.
    pub fn allows(&self, class: Class, key: &impl Hash, now: Instant) -> Result<(), RetryAfter> {
        self.turn(class, key, now, Count::No)
    }

    fn turn(
        &self,
        class: Class,
        key: &impl Hash,
        now: Instant,
        count: Count,
    ) -> Result<(), RetryAfter> {
        let rate = self.rates.of(class);
        let step = 60_000_000 / u64::from(rate.per_minute.max(1));
        let room = step.saturating_mul(u64::from(rate.burst.max(1)));
        let now = u64::try_from(now.saturating_duration_since(self.start).as_micros()).unwrap_or(0);
        let hash = self.hasher.hash_one((class, key));
        let shard = usize::try_from(hash % SHARDS as u64).unwrap_or(0);
        let Some(shard) = self.shards.get(shard) else { return Ok(()) };
        let mut full_at = shard.lock().unwrap_or_else(PoisonError::into_inner);
        let after = full_at.get(&hash).copied().unwrap_or(0).max(now) + step;
        if after > now + room {
            return Err(RetryAfter(Duration::from_micros(after - now - room)));
        }
        if matches!(count, Count::Yes) {
            self.make_room(&mut full_at, now);
            full_at.insert(hash, after);
        }
        Ok(())
    }

    fn make_room(&self, full_at: &mut HashMap<u64, u64>, now: u64) {
        if full_at.len() < self.keys_per_shard {
            return;
        }
        full_at.retain(|_, at| *at > now);
        let surplus = (full_at.len() + 1).saturating_sub(self.keys_per_shard);
        let displaced: Vec<u64> = full_at.keys().take(surplus).copied().collect();
        for key in displaced {
            full_at.remove(&key);
        }
    }
}

#[derive(Clone, Copy)]
enum Count {
    Yes,
    No,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn limiter(most_keys: usize) -> (Limiter, Instant) {
        let start = Instant::now();
        (Limiter::new(Rates::default(), most_keys, start), start)
    }

    #[test]
    fn the_burst_is_let_in_and_then_the_rate() {
        let (limiter, now) = limiter(1000);
        for _ in 0..10 {
            limiter.check(Class::Setup, &"a", now).unwrap();
        }
        let RetryAfter(pause) = limiter.check(Class::Setup, &"a", now).unwrap_err();
        assert_eq!(pause, Duration::from_secs(6));
        limiter.check(Class::Setup, &"a", now + pause).unwrap();
        limiter.check(Class::Setup, &"a", now + pause).unwrap_err();
    }

    #[test]
    fn one_key_does_not_pay_for_another() {
        let (limiter, now) = limiter(1000);
        while limiter.check(Class::Setup, &"a", now).is_ok() {}
        limiter.check(Class::Setup, &"b", now).unwrap();
        limiter.check(Class::SignIn, &"a", now).unwrap();
    }

    #[test]
    fn asking_does_not_count() {
        let (limiter, now) = limiter(1000);
        for _ in 0..1000 {
            limiter.allows(Class::ClientAuthentication, &"a", now).unwrap();
        }
        for _ in 0..100 {
            limiter.check(Class::ClientAuthentication, &"a", now).unwrap();
        }
        limiter.allows(Class::ClientAuthentication, &"a", now).unwrap_err();
    }

    #[test]
    fn memory_is_bounded() {
        let (limiter, now) = limiter(160);
        for key in 0..100_000 {
            limiter.check(Class::SignIn, &key, now).unwrap();
        }
        let kept: usize = limiter.shards.iter().map(|shard| shard.lock().unwrap().len()).sum();
        assert!(kept <= 160, "{kept}");
    }
}
