//! A grant: what a person allowed one client in one session, one row for as long as it lives.

use time::{Duration, OffsetDateTime};
use uuid::Uuid;

use crate::protocol::code::Authorization;

/// How long the just-replaced refresh token still gets the same successor.
pub const GRACE: Duration = Duration::seconds(10);

/// A grant and the state of its refresh token.
#[derive(Debug, Clone)]
pub struct Grant {
    /// What was allowed; [`Authorization::grant_id`] is this row.
    pub authorization: Authorization,
    /// Part of every refresh token of this grant, so that its id alone forges none.
    pub salt: [u8; 16],
    /// Number of the refresh token that is good now.
    pub generation: i32,
    /// When that token replaced the one before.
    pub rotated_at: Option<OffsetDateTime>,
    /// Whether it outlives the browser session (`offline_access`, OIDC Core §11).
    pub lifetime: Lifetime,
    /// When it ends if unused.
    pub idle_ends_at: OffsetDateTime,
    /// When it ends whatever happens.
    pub ends_at: OffsetDateTime,
    /// Since when it is dead, and why.
    pub revoked: Option<(OffsetDateTime, String)>,
    /// When the person allowed it.
    pub created_at: OffsetDateTime,
}

/// What a grant's end is tied to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lifetime {
    /// It ends when the person signs out.
    Session,
    /// It outlives sign-out (OIDC Core §11), but not an ended, revoked session.
    Offline,
}

/// A refresh token taken apart, its MAC already checked (`protocol::grant::RefreshToken::open`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RefreshToken {
    /// The grant.
    pub grant_id: Uuid,
    /// The grant's own salt.
    pub salt: [u8; 16],
    /// Which of the grant's tokens this is.
    pub generation: i32,
}
