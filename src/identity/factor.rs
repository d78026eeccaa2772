//! Factors: what a person can prove themselves with, and what each counts as.

use time::OffsetDateTime;
use uuid::Uuid;

/// A kind of proof. New kinds are added here and nowhere else first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FactorKind {
    /// Something known.
    Password,
    /// A code sent to the account's mail address.
    EmailCode,
    /// A time-based code (RFC 6238).
    Totp,
    /// One of the codes printed at enrolment.
    RecoveryCode,
    /// A WebAuthn key that was touched, and verified nobody.
    SecurityKey,
    /// A WebAuthn key that verified its user: held, and known or born with, in one act.
    Passkey,
    /// A passkey that, by its attestation, never leaves its hardware.
    HardwareKey,
}

impl FactorKind {
    /// Every kind.
    pub const ALL: [Self; 7] = [
        Self::Password,
        Self::EmailCode,
        Self::Totp,
        Self::RecoveryCode,
        Self::SecurityKey,
        Self::Passkey,
        Self::HardwareKey,
    ];

    /// As stored and logged.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Password => "password",
            Self::EmailCode => "email_code",
            Self::Totp => "totp",
            Self::RecoveryCode => "recovery_code",
            Self::SecurityKey => "security_key",
            Self::Passkey => "passkey",
            Self::HardwareKey => "hardware_key",
        }
    }

    /// The kind called `text`.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text)
    }

    /// What it proves before anything else; see also [`Self::is_two_factors`].
    pub const fn class(self) -> FactorClass {
        match self {
            Self::Password => FactorClass::Knowledge,
            Self::EmailCode
            | Self::Totp
            | Self::RecoveryCode
            | Self::SecurityKey
            | Self::Passkey
            | Self::HardwareKey => FactorClass::Possession,
        }
    }

    /// How much it is worth.
    pub const fn strength(self) -> Strength {
        match self {
            Self::Password => Strength::Known,
            Self::EmailCode => Strength::Mailed,
            Self::Totp | Self::RecoveryCode => Strength::Code,
            Self::SecurityKey => Strength::Key,
            Self::Passkey => Strength::VerifiedKey,
            Self::HardwareKey => Strength::HardwareKey,
        }
    }

    /// Whether it is two factors by itself: the key checked a PIN or a finger before it signed
    /// (NIST SP 800-63B §3.1.6).
    pub fn is_two_factors(self) -> bool {
        self.strength() >= Strength::VerifiedKey
    }

    /// Whether a proof of it cannot be made for another site (NIST SP 800-63B §3.2.5).
    pub fn is_phishing_resistant(self) -> bool {
        self.strength() >= Strength::Key
    }

    /// Whether it can follow a password as the second factor.
    pub const fn is_second(self) -> bool {
        matches!(self.class(), FactorClass::Possession)
    }
}

/// What a factor proves; two factors of one class are still one factor (NIST SP 800-63B §2.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum FactorClass {
    /// Something known.
    Knowledge,
    /// Something held.
    Possession,
}

/// How hard it is to take a factor away from its owner or to use it without them, weakest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Strength {
    /// Something known.
    Known,
    /// Whoever reads the mail has it.
    Mailed,
    /// A code that can be read out to a stranger.
    Code,
    /// A key that answers to this site only.
    Key,
    /// A key that also verified who holds it.
    VerifiedKey,
    /// The same, and it cannot be copied out of its hardware.
    HardwareKey,
}

/// A second factor that a person has enrolled.
#[derive(Debug, Clone)]
pub struct Factor {
    /// The row.
    pub id: Uuid,
    /// Whose.
    pub user_id: Uuid,
    /// Which kind.
    pub kind: FactorKind,
    /// The person's name for it.
    pub label: String,
    /// The sealed TOTP seed.
    pub sealed: Vec<u8>,
    /// The last time step that was accepted, so that no code works twice (RFC 6238 §5.2).
    pub last_step: i64,
    /// Since when it counts; not before a first code proved it.
    pub confirmed_at: Option<OffsetDateTime>,
    /// When it was enrolled.
    pub created_at: OffsetDateTime,
    /// When it was last used.
    pub used_at: Option<OffsetDateTime>,
}

impl Factor {
    /// Whether it counts: a first code proved that the person holds it.
    pub const fn is_confirmed(&self) -> bool {
        self.confirmed_at.is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_finds_itself_and_is_stored_as_it_is_serialised() {
        for kind in FactorKind::ALL {
            assert_eq!(FactorKind::parse(kind.as_str()), Some(kind));
            assert_eq!(serde_json::json!(kind), kind.as_str());
        }
        assert_eq!(FactorKind::parse("magic"), None);
    }

    #[test]
    fn a_password_is_no_second_factor() {
        let second: Vec<_> = FactorKind::ALL.into_iter().filter(|kind| kind.is_second()).collect();
        assert_eq!(second, FactorKind::ALL[1..]);
    }

    #[test]
    fn strength_grows_from_a_mailed_code_to_a_key_in_hardware() {
        use FactorKind::{EmailCode, HardwareKey, Passkey, RecoveryCode, SecurityKey, Totp};
        let ladder = [EmailCode, Totp, SecurityKey, Passkey, HardwareKey].map(FactorKind::strength);
        assert!(ladder.is_sorted_by(|a, b| a < b));
        assert_eq!(Totp.strength(), RecoveryCode.strength());
    }

    #[test]
    fn keys_resist_phishing_and_only_verifying_ones_are_two_factors() {
        use FactorKind::{HardwareKey, Passkey, SecurityKey};
        let of = |is: fn(FactorKind) -> bool| {
            FactorKind::ALL.into_iter().filter(|kind| is(*kind)).collect::<Vec<_>>()
        };
        assert_eq!(of(FactorKind::is_phishing_resistant), [SecurityKey, Passkey, HardwareKey]);
        assert_eq!(of(FactorKind::is_two_factors), [Passkey, HardwareKey]);
    }
}
