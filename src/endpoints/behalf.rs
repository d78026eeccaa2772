//! What the server does on behalf of people who are not signed in, through the manage layer.

use crate::endpoints::cx::Cx;
use crate::endpoints::refusal::Failure;
use crate::endpoints::setup::{Wrong, fault};
use crate::manage::post::Post;
use crate::manage::{self, Invalid, ManageError};
use crate::policy::permission::Actor;
use crate::store::sessions::Origin;

/// The server itself: what it does for people it lets nobody else do.
static SERVER: Actor = Actor::System;

/// A request, as the manage layer wants it.
pub struct Behalf<'a> {
    cx: &'a Cx,
    origin: Origin,
}

impl<'a> Behalf<'a> {
    /// Whatever `cx` asks for.
    pub fn of(cx: &'a Cx) -> Self {
        Self { cx, origin: cx.origin() }
    }

    /// What `manage` wants to know.
    pub fn manage(&self) -> manage::Cx<'_> {
        self.cx.manage(&SERVER, &self.origin)
    }

    /// The mail of this server.
    pub fn post(&self) -> Post<'a> {
        Post::of(&self.cx.app.settings.issuer)
    }
}

/// Why a form is shown again, where its sender can mend it.
///
/// # Errors
/// The failure, where they cannot.
pub fn mendable(error: ManageError) -> Result<Wrong, Failure> {
    match error {
        ManageError::Invalid(invalid) => Ok(Wrong::of(&invalid)),
        ManageError::Conflict(taken) => {
            Ok(Wrong::of(&Invalid::new("username", taken, "choose another")))
        }
        other => Err(fault(other)),
    }
}
