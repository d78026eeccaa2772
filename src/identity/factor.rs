//! Factors: what a person can prove themselves with, and what each counts as.

use time::OffsetDateTime;
use uuid::Uuid;

/// A kind of proof. New kinds (passkey, e-mail code) are added here and nowhere else first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FactorKind {
    /// Something known.
    Password,
    /// A time-based code (RFC 6238).
    Totp,
    /// One of the codes printed at enrolment.
    RecoveryCode,
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
