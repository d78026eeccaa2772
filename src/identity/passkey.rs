//! Passkeys and security keys as the rules see them (WebAuthn Level 3 §7).

use serde_json::Value;
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

use crate::crypto::seal::MacKey;
use crate::crypto::webauthn::{HeldKey, NewKey, Used, Wanted};
use crate::identity::factor::FactorKind;

/// The most keys of one person (SECURITY.md §4).
pub const MOST_KEYS: usize = 20;
/// How long a challenge may be answered (SECURITY.md §4).
pub const CEREMONY: Duration = Duration::minutes(5);
/// How long "Not now" keeps the offer of a passkey away.
pub const OFFER_AGAIN: Duration = Duration::days(30);
/// The longest name of a key, in characters.
pub const LONGEST_LABEL: usize = 64;

/// A key that somebody registered.
#[derive(Debug, Clone)]
pub struct Key {
    /// The row.
    pub id: Uuid,
    /// Whose.
    pub user_id: Uuid,
    /// Its id, unique over all people.
    pub credential_id: Vec<u8>,
    /// What a signature of it is worth.
    pub kind: FactorKind,
    /// The person's name for it.
    pub label: String,
    /// What verifies its signatures.
    pub public: Value,
    /// The model it claims to be.
    pub aaguid: Uuid,
    /// How it can be reached.
    pub transports: Vec<String>,
    /// The last counter it signed with.
    pub counter: u32,
    /// Whether it may ever be copied.
    pub backup_eligible: bool,
    /// Whether it is copied now.
    pub backed_up: bool,
    /// When it was added.
    pub created_at: OffsetDateTime,
    /// When it was last used.
    pub used_at: Option<OffsetDateTime>,
    /// The device that it was made on, while that is known.
    pub device_id: Option<Uuid>,
}

impl Key {
    /// As ceremonies need it.
    pub fn held(&self) -> HeldKey<'_> {
        HeldKey {
            credential_id: &self.credential_id,
            public: &self.public,
            transports: &self.transports,
        }
    }

    /// What is wrong with a verified use of it, if anything: whether a key may be copied never
    /// changes, and what may not be copied is not (WebAuthn §6.1.3); a counter that does not grow
    /// tells of a copy (§6.1.1).
    pub const fn judge(&self, used: &Used) -> Judgement {
        if used.backup_eligible != self.backup_eligible || used.backed_up && !used.backup_eligible {
            return Judgement::Altered;
        }
        if used.counter > self.counter || used.counter == 0 && self.counter == 0 {
            return Judgement::Good;
        }
        Judgement::Copied
    }
}

/// What a verified use of a key comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Judgement {
    /// Nothing is odd.
    Good,
    /// The counter did not grow: there may be two of it.
    Copied,
    /// It says other things of itself than when it was registered.
    Altered,
}

/// What becomes of a key whose counter did not grow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CopiedPolicy {
    /// It is refused, its owner is told, and all their sessions and grants end: whoever has the copy may
    /// sit in any of them.
    Revoke,
    /// It is refused, and its owner is told.
    Refuse,
    /// It is taken; the audit log and its owner are told.
    Report,
}

/// What a signature of `key`, registered as `wanted`, is worth.
pub const fn kind_of(wanted: Wanted, key: &NewKey) -> FactorKind {
    match wanted {
        Wanted::SecurityKey => FactorKind::SecurityKey,
        Wanted::Passkey if key.is_hardware => FactorKind::HardwareKey,
        Wanted::Passkey => FactorKind::Passkey,
    }
}

/// What a ceremony is for: the answer to one is none to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ceremony {
    /// Making a passkey.
    Passkey,
    /// Making a security key.
    SecurityKey,
    /// A sign-in by whoever the passkey belongs to.
    SignIn,
    /// A sign-in by somebody who gave a user name.
    NamedSignIn,
    /// A second step.
    SecondStep,
}

impl Ceremony {
    /// As stored.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Passkey => "passkey",
            Self::SecurityKey => "security_key",
            Self::SignIn => "sign_in",
            Self::NamedSignIn => "named_sign_in",
            Self::SecondStep => "second_step",
        }
    }

    /// The registration of `wanted`.
    pub const fn registration(wanted: Wanted) -> Self {
        match wanted {
            Wanted::Passkey => Self::Passkey,
            Wanted::SecurityKey => Self::SecurityKey,
        }
    }
}

/// The name that `typed` comes to; nothing where nothing is left of it.
pub fn label(typed: &str) -> Option<String> {
    let words: Vec<&str> = typed.split_whitespace().collect();
    let text: String = words.join(" ").chars().filter(|c| !c.is_control()).collect();
    let label: String = text.chars().take(LONGEST_LABEL).collect();
    (!label.is_empty()).then_some(label)
}

/// The keys that an account called `login` would have if it had any: always the same for one name,
/// different for each, and of the sizes that real ones have (WebAuthn §14.6.2).
pub fn decoys(mac: &MacKey, login: &str) -> Vec<(Vec<u8>, Vec<String>)> {
    let tag = |part: u8| mac.tag(&[b"decoy", login.as_bytes(), &[part]]);
    let [dice, which, ..] = tag(0);
    let count = if dice < 52 { 2 } else { 1 };
    (0..count).map(|index| decoy(which.wrapping_add(index * 97), &tag, index + 1)).collect()
}

fn decoy(which: u8, tag: &impl Fn(u8) -> [u8; 32], part: u8) -> (Vec<u8>, Vec<String>) {
    let (length, transports): (usize, &[&str]) = match which {
        0..110 => (32, &["hybrid", "internal"]),
        110..200 => (20, &["hybrid", "internal"]),
        200..225 => (16, &["hybrid", "internal"]),
        _ => (64, &["nfc", "usb"]),
    };
    let bytes = [tag(part), tag(part + 100)].concat();
    let id = bytes.into_iter().take(length).collect();
    (id, transports.iter().map(|name| String::from(*name)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ambient::SystemEntropy;
    use crate::crypto::seal::MasterKey;

    fn key(counter: u32, backup_eligible: bool) -> Key {
        Key {
            id: Uuid::nil(),
            user_id: Uuid::nil(),
            credential_id: vec![1],
            kind: FactorKind::Passkey,
            label: String::new(),
            public: Value::Null,
            aaguid: Uuid::nil(),
            transports: Vec::new(),
            counter,
            backup_eligible,
            backed_up: false,
            created_at: OffsetDateTime::UNIX_EPOCH,
            used_at: None,
            device_id: None,
        }
    }

    #[expect(clippy::fn_params_excessive_bools, reason = "they are the flags of a table")]
    fn used(counter: u32, backup_eligible: bool, backed_up: bool) -> Used {
        Used { counter, backup_eligible, backed_up }
    }

    #[test]
    fn a_counter_grows_or_is_not_there() {
        for (stored, given, judgement) in [
            (0, 0, Judgement::Good),
            (0, 1, Judgement::Good),
            (7, 8, Judgement::Good),
            (7, 7, Judgement::Copied),
            (7, 6, Judgement::Copied),
            (7, 0, Judgement::Copied),
        ] {
            assert_eq!(key(stored, false).judge(&used(given, false, false)), judgement);
        }
    }

    #[test]
    fn what_may_be_copied_never_changes() {
        assert_eq!(key(0, true).judge(&used(0, true, true)), Judgement::Good);
        assert_eq!(key(0, true).judge(&used(0, true, false)), Judgement::Good);
        assert_eq!(key(0, true).judge(&used(0, false, false)), Judgement::Altered);
        assert_eq!(key(0, false).judge(&used(0, true, false)), Judgement::Altered);
        assert_eq!(key(0, false).judge(&used(0, false, true)), Judgement::Altered);
    }

    #[test]
    fn a_decoy_is_stable_for_a_name_and_different_for_another() {
        let mac = MacKey::derive(&MasterKey::mint(&SystemEntropy), "test");
        let names = (0..200).map(|number| format!("user{number}"));
        let all: Vec<_> = names.map(|name| decoys(&mac, &name)).collect();
        assert_eq!(all[0], decoys(&mac, "user0"));
        assert!(all.iter().all(|keys| matches!(keys.len(), 1 | 2)));
        assert!(all.iter().any(|keys| keys.len() == 2));
        let mut ids: Vec<_> = all.iter().flatten().map(|(id, _)| id.clone()).collect();
        let lengths: std::collections::BTreeSet<_> = ids.iter().map(Vec::len).collect();
        assert_eq!(lengths, [16, 20, 32, 64].into());
        let count = ids.len();
        ids.sort();
        ids.dedup();
        assert_eq!(ids.len(), count);
    }

    #[test]
    fn a_label_is_one_short_line() {
        assert_eq!(label("  My\tphone \n"), Some("My phone".to_owned()));
        assert_eq!(label(" \u{7} "), None);
        assert_eq!(label(&"x".repeat(99)).map(|text| text.len()), Some(64));
    }
}
