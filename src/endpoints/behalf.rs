//! What the server does on behalf of people who are not signed in, through the manage layer.

use crate::endpoints::cx::Cx;
use crate::manage::{self, post::Post};
use crate::policy::permission::Actor;
use crate::store::sessions::Origin;
use crate::web::letters;

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

    /// The mail of this server, in the language of the request to whoever has set none.
    pub fn post(&self) -> Post<'a> {
        let post = Post::new(&self.cx.app.settings.issuer, letters::write);
        post.speaking(self.cx.text().language())
    }
}
