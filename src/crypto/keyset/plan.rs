//! When keys are made, retired and removed, as a pure function of their times.

use time::{Duration, OffsetDateTime};

use super::KeyState;
use crate::crypto::jwt::Alg;

/// What clocks may differ by, and a slow cache.
const SLACK: Duration = Duration::seconds(60);

/// The times of one key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyTimes {
    /// Its name.
    pub kid: String,
    /// Its algorithm.
    pub alg: Alg,
    /// From when it signs.
    pub activates_at: OffsetDateTime,
    /// When it stopped to sign.
    pub retires_at: Option<OffsetDateTime>,
    /// When it was taken out of the key set.
    pub removed_at: Option<OffsetDateTime>,
}

impl KeyTimes {
    fn may_sign(&self, now: OffsetDateTime) -> bool {
        self.activates_at <= now && self.retires_at.is_none_or(|at| at > now)
    }
}

/// How long keys live.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Schedule {
    /// How long a key signs.
    pub rotate_every: Duration,
    /// How long it is published before it signs.
    pub publish_before: Duration,
    /// How long it stays published after.
    pub keep_after: Duration,
}

impl Schedule {
    /// The schedule for a key set that may be cached for `jwks_max_age` and tokens that live for
    /// `longest_token`: published two cache ages and a minute before, kept one token life, one
    /// cache age and a minute after. A period too short for that is lengthened.
    pub fn new(rotate_every: Duration, jwks_max_age: Duration, longest_token: Duration) -> Self {
        let publish_before = jwks_max_age.saturating_mul(2).saturating_add(SLACK);
        let keep_after = longest_token.saturating_add(SLACK).saturating_add(jwks_max_age);
        let rotate_every = rotate_every.max(publish_before.saturating_mul(2));
        Self { rotate_every, publish_before, keep_after }
    }
}

/// One thing to do about the keys of an algorithm.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KeyAction {
    /// Make a key and publish it; it signs from then on.
    MakeNext {
        /// The `activates_at` of the new key.
        activates_at: OffsetDateTime,
    },
    /// Note that a key signs no more; its successor took over.
    Retire {
        /// Which.
        kid: String,
        /// The `retires_at` to note: when the successor took over.
        at: OffsetDateTime,
    },
    /// Take a key out of the key set: no token of it is good any more.
    Remove {
        /// Which.
        kid: String,
        /// The `removed_at` to note.
        at: OffsetDateTime,
    },
}

/// What is due at `now` for the keys of `alg`; empty as a rule. The first start gets a key that
/// signs at once; after that every key is published `publish_before` before it signs.
pub fn plan(
    keys: &[KeyTimes],
    alg: Alg,
    now: OffsetDateTime,
    schedule: &Schedule,
) -> Vec<KeyAction> {
    let keys = kept(keys, alg);
    let signing = keys.iter().rev().find(|key| key.may_sign(now));
    let mut actions = Vec::new();
    match signing {
        None => actions.push(KeyAction::MakeNext { activates_at: now }),
        Some(active) => actions.extend(successor(&keys, active, now, schedule)),
    }
    for (at, key) in keys.iter().enumerate() {
        let after = keys.get(at + 1).filter(|after| after.activates_at <= now);
        actions.extend(ending(key, after.copied(), now, schedule));
    }
    actions
}

/// Where `key` stands among `keys` at `now`: of those that may sign, the one activated last does.
pub fn state(key: &KeyTimes, keys: &[KeyTimes], now: OffsetDateTime) -> KeyState {
    let signing = kept(keys, key.alg).into_iter().rev().find(|key| key.may_sign(now));
    if key.removed_at.is_some_and(|at| at <= now) {
        KeyState::Gone
    } else if key.activates_at > now {
        KeyState::Next
    } else if signing.is_some_and(|one| one.kid == key.kid) {
        KeyState::Active
    } else {
        KeyState::Retiring
    }
}

/// What to do to change the key of `alg` at once (`portcullis key rotate`): a new key signs from
/// now, the old one stays published, a key still waiting is dropped, for it may be known too.
///
/// Verifiers with a cached key set meet a key that they have not seen; they fetch again on an
/// unknown `kid`, as OIDC Core §10.1.1 has them do.
pub fn rotate_at_once(keys: &[KeyTimes], alg: Alg, now: OffsetDateTime) -> Vec<KeyAction> {
    let mut actions = vec![KeyAction::MakeNext { activates_at: now }];
    for key in kept(keys, alg) {
        if key.activates_at > now {
            actions.push(remove(key, now));
        } else if key.may_sign(now) {
            actions.push(KeyAction::Retire { kid: key.kid.clone(), at: now });
        }
    }
    actions
}

/// The keys of `alg` that were not removed, oldest first.
fn kept(keys: &[KeyTimes], alg: Alg) -> Vec<&KeyTimes> {
    let mut kept: Vec<&KeyTimes> =
        keys.iter().filter(|key| key.alg == alg && key.removed_at.is_none()).collect();
    kept.sort_by(|a, b| (a.activates_at, &a.kid).cmp(&(b.activates_at, &b.kid)));
    kept
}

fn successor(
    keys: &[&KeyTimes],
    active: &KeyTimes,
    now: OffsetDateTime,
    schedule: &Schedule,
) -> Option<KeyAction> {
    let waiting = keys.iter().any(|key| key.activates_at > now);
    let due_at = active.activates_at.saturating_add(schedule.rotate_every);
    let earliest = now.saturating_add(schedule.publish_before);
    (!waiting && due_at <= earliest).then_some(KeyAction::MakeNext { activates_at: earliest })
}

/// What is due at the end of the life of `key`, whose successor is `after` once that signs.
fn ending(
    key: &KeyTimes,
    after: Option<&KeyTimes>,
    now: OffsetDateTime,
    schedule: &Schedule,
) -> Vec<KeyAction> {
    let noted = key.retires_at.filter(|at| *at <= now);
    let Some(ended_at) = noted.or(after.map(|after| after.activates_at)) else {
        return Vec::new();
    };
    let retire = KeyAction::Retire { kid: key.kid.clone(), at: ended_at };
    let over = ended_at.saturating_add(schedule.keep_after) <= now;
    let due = [noted.is_none().then_some(retire), over.then(|| remove(key, now))];
    due.into_iter().flatten().collect()
}

fn remove(key: &KeyTimes, now: OffsetDateTime) -> KeyAction {
    KeyAction::Remove { kid: key.kid.clone(), at: now }
}
