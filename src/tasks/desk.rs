//! Answers requests for mails, soon after they were written and on whichever node is first.

use std::sync::Arc;
use std::time::Duration;

use time::OffsetDateTime;
use tokio::sync::{Notify, watch};

use crate::ambient::{Clock, Entropy};
use crate::crypto::seal::{MacKey, Seal};
use crate::live::Live;
use crate::manage::post::{Post, Writer};
use crate::manage::{self, ManageError, requests};
use crate::policy::permission::Actor;
use crate::store::Store;
use crate::store::sessions::Origin;

/// How often it looks when nobody rings: for what a node wrote that is gone.
const EVERY: Duration = Duration::from_secs(5);

/// What it works with.
pub struct Desk {
    /// Postgres.
    pub store: Store,
    /// What this node remembers of it.
    pub live: Arc<Live>,
    /// The clock.
    pub clock: Arc<dyn Clock>,
    /// Randomness.
    pub entropy: Arc<dyn Entropy>,
    /// Seals rows.
    pub seal: Arc<Seal>,
    /// Names counters.
    pub pepper: MacKey,
    /// The issuer, which every link begins with.
    pub issuer: String,
    /// What knows the words of letters.
    pub writer: Writer,
    /// The longest life of any access token.
    pub longest_token: time::Duration,
}

/// Answers what was asked for until `stop`, at once when `bell` rings.
pub async fn run(desk: Desk, bell: Arc<Notify>, mut stop: watch::Receiver<bool>) {
    while !*stop.borrow() {
        if let Err(error) = desk.round().await {
            tracing::warn!(%error, "a request for a mail waits");
        }
        tokio::select! {
            () = tokio::time::sleep(EVERY) => {}
            () = bell.notified() => {}
            _ = stop.changed() => {}
        }
    }
}

impl Desk {
    /// Answers all that waits.
    ///
    /// # Errors
    /// Where Postgres does not answer, or a request had to be dropped.
    pub async fn round(&self) -> Result<(), ManageError> {
        let actor = Actor::System;
        let origin = Origin { address: None, user_agent: String::new() };
        let cx = manage::Cx {
            store: &self.store,
            now: self.now(),
            entropy: self.entropy.as_ref(),
            actor: &actor,
            origin: &origin,
            secrets: manage::Secrets { seal: &self.seal, pepper: &self.pepper },
            longest_token: self.longest_token,
        };
        let post = Post::new(&self.issuer, self.writer);
        let sign_up = self.live.policy().await?.sign_up;
        while requests::answer_next(&cx, &post, sign_up).await? {}
        Ok(())
    }

    fn now(&self) -> OffsetDateTime {
        let now = self.clock.now();
        now.replace_microsecond(now.microsecond()).unwrap_or(now)
    }
}
