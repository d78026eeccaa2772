//! A browser session: who signed in, how, when, and until when it holds.

use time::OffsetDateTime;
use uuid::Uuid;

use crate::crypto::secret::Fingerprint;
use crate::identity::factor::FactorKind;

/// How and when a person proved themselves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Authentication {
    /// When the last factor of the sign-in was given (`auth_time`, OIDC Core §2).
    pub auth_at: OffsetDateTime,
    /// What was given, in order, each with its time.
    pub factors: Vec<Proof>,
}

/// One factor given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Proof {
    /// Which kind.
    pub kind: FactorKind,
    /// When.
    #[serde(with = "time::serde::timestamp")]
    pub at: OffsetDateTime,
}

/// A browser session as stored; its cookie holds the secret whose fingerprint this is.
#[derive(Debug, Clone)]
pub struct Session {
    /// The `sid` of ID tokens.
    pub id: Uuid,
    /// SHA-256 of the cookie, new at every authentication and step-up.
    pub fingerprint: Fingerprint,
    /// Whose.
    pub user_id: Uuid,
    /// What was proved.
    pub authentication: Authentication,
    /// Whether all that the account owes was given; before that it opens no door.
    pub stage: Stage,
    /// The browser it was made in.
    pub device_id: Option<Uuid>,
    /// When it began.
    pub created_at: OffsetDateTime,
    /// Last seen, to the minute.
    pub seen_at: OffsetDateTime,
    /// When it ends if unused.
    pub idle_ends_at: OffsetDateTime,
    /// When it ends whatever happens.
    pub ends_at: OffsetDateTime,
}

/// How far a sign-in has got.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// Something is still owed: good for the sign-in pages only.
    Pending,
    /// Complete.
    Established,
}
