//! Our signing keys and their life: next → active → retiring → gone, told by timestamps alone.
//!
//! Exactly one key per algorithm signs: the one activated last. A key is published before it
//! signs, for longer than verifiers keep a key set, and stays published after, for longer than
//! its last token lives (OIDC Core §10.1.1). What is due is decided by [`plan`] and done by the
//! caller, who holds a lock; a decision carried out twice is a mistake, one carried out late is
//! not.

mod plan;
#[cfg(test)]
mod tests;

use serde_json::{Value, json};
use time::OffsetDateTime;

pub use plan::{KeyAction, KeyTimes, Schedule, plan, rotate_at_once, state};

use crate::crypto::jwt::{Alg, PublicKeys, SigningKey};

/// Where a key stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyState {
    /// Published, not used yet.
    Next,
    /// Signs.
    Active,
    /// Signs no more; its tokens are still good.
    Retiring,
    /// Neither published nor believed.
    Gone,
}

impl KeyState {
    /// The word for it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Next => "next",
            Self::Active => "active",
            Self::Retiring => "retiring",
            Self::Gone => "gone",
        }
    }
}

/// A key with the times of its life.
#[derive(Debug)]
pub struct KeyEntry {
    /// The key.
    pub key: SigningKey,
    /// From when it signs.
    pub activates_at: OffsetDateTime,
    /// When it stopped to sign.
    pub retires_at: Option<OffsetDateTime>,
    /// When it was taken out of the key set. Once set it is not believed any more.
    pub removed_at: Option<OffsetDateTime>,
}

/// All keys of one moment, ready to sign and to verify; a change makes a new set.
#[derive(Debug, Default)]
pub struct KeySet {
    /// By activation, oldest first.
    entries: Vec<KeyEntry>,
    public: PublicKeys,
}

impl KeySet {
    /// The set of `entries`, in any order.
    pub fn new(mut entries: Vec<KeyEntry>) -> Self {
        entries.sort_by(|a, b| (a.activates_at, a.key.kid()).cmp(&(b.activates_at, b.key.kid())));
        let believed = entries.iter().filter(|entry| entry.removed_at.is_none());
        let public = PublicKeys::of(believed.map(|entry| &entry.key));
        Self { entries, public }
    }

    /// The key that signs with `alg` at `now`.
    pub fn active(&self, alg: Alg, now: OffsetDateTime) -> Option<&SigningKey> {
        self.entries
            .iter()
            .rev()
            .find(|entry| entry.key.alg() == alg && may_sign(entry, now))
            .map(|entry| &entry.key)
    }

    /// The JWK Set to publish (RFC 7517 §5): every key that is not gone, by activation.
    pub fn jwks(&self, now: OffsetDateTime) -> Vec<u8> {
        let published =
            self.entries.iter().filter(|entry| entry.removed_at.is_none_or(|at| at > now));
        let keys: Vec<Value> = published.map(|entry| entry.key.public_jwk()).collect();
        json!({ "keys": keys }).to_string().into_bytes()
    }

    /// What our own tokens are checked against: every key not removed.
    pub const fn public_keys(&self) -> &PublicKeys {
        &self.public
    }
}

fn may_sign(entry: &KeyEntry, now: OffsetDateTime) -> bool {
    entry.activates_at <= now
        && entry.retires_at.is_none_or(|at| at > now)
        && entry.removed_at.is_none()
}
