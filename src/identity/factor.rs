//! Factors: what a person can prove themselves with, and what each counts as.

use time::OffsetDateTime;
use uuid::Uuid;

/// A kind of proof. New kinds (passkey, e-mail code) are added here and nowhere else first.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum FactorKind {
    /// Something known.
    Password,
    /// A time-based code (RFC 6238).
    Totp,
    /// One of the codes printed at enrolment.
    RecoveryCode,
}

impl FactorKind {
    /// Every kind.
    pub const ALL: [Self; 3] = [Self::Password, Self::Totp, Self::RecoveryCode];

    /// As stored and logged.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Password => "password",
            Self::Totp => "totp",
            Self::RecoveryCode => "recovery_code",
        }
    }

    /// The kind called `text`.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text)
    }

    /// What it proves.
    pub const fn class(self) -> FactorClass {
        match self {
            Self::Password => FactorClass::Knowledge,
            Self::Totp | Self::RecoveryCode => FactorClass::Possession,
        }
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
        assert_eq!(FactorKind::parse("passkey"), None);
    }

    #[test]
    fn a_password_is_no_second_factor() {
        let second: Vec<_> = FactorKind::ALL.into_iter().filter(|kind| kind.is_second()).collect();
        assert_eq!(second, [FactorKind::Totp, FactorKind::RecoveryCode]);
    }
}
