//! A grant: what a person allowed one client in one session, one row for as long as it lives.

use time::{Duration, OffsetDateTime};
use uuid::Uuid;

use crate::protocol::binding::{Binding, Holder};
use crate::protocol::code::Authorization;
use crate::protocol::error::{ErrorCode, OAuthError};
use crate::protocol::resource::Resource;
use crate::protocol::scope::Scope;

#[cfg(test)]
mod tests;

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
    /// What its tokens are bound to.
    pub binding: Option<Binding>,
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

/// What to do with a refresh token that the one statement of the fast path did not rotate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RefreshVerdict {
    /// It is the good one: the next generation takes its place, or it stays where the client's
    /// tokens do not rotate.
    Rotate,
    /// It was just replaced: give the token of this generation again (SECURITY.md D2).
    GraceSuccessor(i32),
    /// It was replaced longer ago: the grant dies (RFC 9700 §4.14.2), and the client is refused.
    Reuse,
    /// The grant is dead.
    Dead(Death),
    /// Its sender does not hold what the grant is bound to.
    NotHeld,
    /// It is another client's, or none that this grant ever had.
    Refuse,
}

/// Why a grant is dead.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Death {
    /// Somebody ended it.
    Revoked,
    /// It was not used for too long.
    Idle,
    /// Its time was over.
    Ended,
}

impl Grant {
    /// What to do with `presented`, which `holder` sends now.
    pub fn judge(
        &self,
        presented: &RefreshToken,
        holder: &Holder<'_>,
        now: OffsetDateTime,
    ) -> RefreshVerdict {
        let own = presented.grant_id == self.authorization.grant_id
            && presented.salt == self.salt
            && presented.generation <= self.generation;
        if !own || self.authorization.client_id != *holder.client_id {
            return RefreshVerdict::Refuse;
        }
        if let Some(death) = self.death(now) {
            return RefreshVerdict::Dead(death);
        }
        if self.binding.is_some_and(|bound| !bound.admits(holder.shown, holder.pinned)) {
            return RefreshVerdict::NotHeld;
        }
        let is_previous = presented.generation.checked_add(1) == Some(self.generation);
        // Either way of the clock: one that was put back must not make an old token young again.
        let in_grace = self.rotated_at.is_some_and(|at| (now - at).abs() <= GRACE);
        match presented.generation == self.generation {
            true => RefreshVerdict::Rotate,
            false if is_previous && in_grace => RefreshVerdict::GraceSuccessor(self.generation),
            false => RefreshVerdict::Reuse,
        }
    }

    /// Why the grant is dead now, if it is.
    pub fn death(&self, now: OffsetDateTime) -> Option<Death> {
        if self.revoked.is_some() {
            Some(Death::Revoked)
        } else if now >= self.ends_at {
            Some(Death::Ended)
        } else if now >= self.idle_ends_at {
            Some(Death::Idle)
        } else {
            None
        }
    }

    /// The refresh token of `generation`.
    pub const fn refresh_token(&self, generation: i32) -> RefreshToken {
        RefreshToken { grant_id: self.authorization.grant_id, salt: self.salt, generation }
    }
}

/// The one refusal of every refresh token that is not good.
pub fn refused() -> OAuthError {
    ErrorCode::InvalidGrant
        .because("the refresh token is unknown, expired, revoked, used, or not yours")
        .at("refresh_token")
}

/// The scope of a refreshed access token: what is asked for, which the grant must have (RFC 6749 §6).
pub fn narrow_scope(requested: Option<&Scope>, granted: &Scope) -> Result<Scope, OAuthError> {
    match requested {
        None => Ok(granted.clone()),
        Some(scope) if scope.is_subset(granted) => Ok(scope.clone()),
        Some(_) => {
            Err(ErrorCode::InvalidScope.because("the scope is wider than was granted").at("scope"))
        }
    }
}

/// The resources of a token: those asked for, which the grant must have (RFC 8707 §2.2).
pub fn narrow_resources(
    requested: &[Resource],
    granted: &[Resource],
) -> Result<Vec<Resource>, OAuthError> {
    if requested.is_empty() {
        return Ok(granted.to_vec());
    }
    if requested.iter().all(|resource| granted.contains(resource)) {
        return Ok(requested.to_vec());
    }
    Err(ErrorCode::InvalidTarget.because("the resource was not granted").at("resource"))
}
