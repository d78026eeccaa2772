//! Gets the server's certificate by itself and renews it (ACME, RFC 8555): one node orders, all show what
//! the authority asks for and serve what comes.
//!
//! The authority looks at port 443 of each name, in a handshake (`tls-alpn-01`, RFC 8737): the listener
//! that serves everybody answers it, and nothing else has to be opened.
//!
//! What is due is judged by the database's time, and whose turn it is by the database: a node whose clock
//! is wrong, or that starts over and over, orders no more than the others.

mod account;
mod due;
mod order;

use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};
use time::OffsetDateTime;
use tokio::sync::watch;

use crate::ambient::{self, Clock, Entropy};
use crate::config::ExternalAccount;
use crate::crypto::seal::Seal;
use crate::live::Live;
use crate::live::issued::{Issued, Kept};
use crate::live::outbound::Outbound;
use crate::store::acme::{self, CHALLENGE_PURPOSE, Claim, StoredChallenge, Wanted};
use crate::store::audit::{self, Actor, AuditEvent, Outcome, Target};
use crate::store::{self, Store, is_transient};

use self::order::Got;

/// How often a node looks for what another has put down.
const EVERY: Duration = Duration::from_secs(2);
/// How long an order may take; well within [`LEASE`], so that what it got can be stored.
const ORDER: Duration = Duration::from_mins(7);
/// For how long a node has it to itself; then another may try.
const LEASE: time::Duration = time::Duration::minutes(10);
/// How often a certificate is tried to be stored while the database does not answer, and how far apart.
const STORINGS: u32 = 12;
/// See [`STORINGS`].
const BETWEEN_STORINGS: Duration = Duration::from_secs(5);
/// The most that is told of why there is no certificate, in characters.
const LONGEST_REASON: usize = 1_000;

/// Whoever gets the certificate.
pub struct Acme {
    /// The database.
    pub store: Store,
    /// Its time.
    pub live: Arc<Live>,
    /// Seals the keys in it.
    pub seal: Arc<Seal>,
    /// Randomness.
    pub entropy: Arc<dyn Entropy>,
    /// The time, for the audit log.
    pub clock: Arc<dyn Clock>,
    /// Calls the authority.
    pub outbound: Outbound,
    /// What handshakes show.
    pub issued: Arc<Issued>,
    /// Which certificate.
    pub wanted: Wanted,
    /// The issuer's host: what a certificate of before must be for, to be shown meanwhile.
    pub host: String,
    /// Whom the authority writes to.
    pub contact: Option<String>,
    /// The account elsewhere that ours is bound to.
    pub external_account: Option<ExternalAccount>,
}

/// What this node shows.
#[derive(Default)]
pub struct Showing {
    /// Every certificate of the database.
    kept: Vec<Kept>,
    /// When somebody asked for another.
    asked_at: Option<OffsetDateTime>,
    /// Which of them: what it was ordered as, and when it was stored.
    shown: Option<(Wanted, OffsetDateTime)>,
    challenges: Vec<StoredChallenge>,
    /// The turn of this node, while it is at it.
    claim: Option<Claim>,
}

impl Acme {
    /// Takes up what there is, before anybody is served.
    pub async fn first_look(&self) -> Showing {
        let mut showing = Showing::default();
        if let Err(error) = self.take_up(&mut showing).await {
            tracing::warn!(error = format!("{error:#}"), "the certificate waits");
        }
        showing
    }

    /// Gets and renews it until `stop`.
    pub async fn run(self, mut showing: Showing, mut stop: watch::Receiver<bool>) {
        while !*stop.borrow() {
            tokio::select! {
                looked = self.look(&mut showing) => if let Err(error) = looked {
                    tracing::warn!(error = format!("{error:#}"), "the certificate waits");
                },
                _ = stop.changed() => break,
            }
            tokio::select! {
                () = tokio::time::sleep(EVERY) => {}
                _ = stop.changed() => {}
            }
        }
        // Half an order counts as one: a server that is started over and over must not order each time.
        if let Some(claim) = showing.claim.take() {
            let why = "the server was stopped in the middle of the order";
            if let Err(error) = self.fail(&showing, claim, why).await {
                tracing::warn!(error = format!("{error:#}"), "the next certificate waits");
            }
        }
    }

    /// Takes up what there is, and gets a certificate where it is time and nobody else does.
    async fn look(&self, showing: &mut Showing) -> anyhow::Result<()> {
        self.take_up(showing).await?;
        self.show(showing).await?;
        let kept = showing.kept.iter().find(|kept| kept.wanted == self.wanted);
        if showing.asked_at.is_none() && !due::is_due(kept, self.live.database_time()) {
            return Ok(());
        }
        let seen = kept.map(|kept| kept.stored.issued_at);
        let unusable = kept.and_then(|kept| kept.chain.as_ref().err().cloned());
        let id = ambient::id(self.clock.now(), self.entropy.as_ref());
        let claim = acme::claim(self.store.pool(), &self.wanted, id, seen, LEASE).await?;
        let Some(claim) = claim else { return Ok(()) };
        showing.claim = Some(claim);
        let ended = self.get(showing, claim, unusable).await;
        showing.claim = None;
        ended
    }

    /// Uses the turn `claim`, which came because the certificate that there is may be `unusable`.
    async fn get(
        &self,
        showing: &mut Showing,
        claim: Claim,
        unusable: Option<String>,
    ) -> anyhow::Result<()> {
        let ordered = async {
            if let Some(why) = unusable {
                let details = json!({ "error": why });
                self.tell("certificate.unusable", Outcome::Failure, details).await?;
            }
            self.order(showing).await
        };
        let ordered = tokio::time::timeout(ORDER, ordered).await;
        let kept = match ordered.unwrap_or_else(|_| Err(anyhow::anyhow!("it took too long"))) {
            Ok(got) => self.keep(claim, &got).await,
            Err(error) => Err(error),
        };
        match kept {
            Ok(()) => self.take_up(showing).await,
            Err(error) => self.fail(showing, claim, &format!("{error:#}")).await,
        }
    }

    /// Stores what was got: it is not lost where the database does not answer for a moment.
    async fn keep(&self, claim: Claim, got: &Got) -> anyhow::Result<()> {
        let event = self.event("certificate.issued", Outcome::Success, got.told());
        let mut left = STORINGS;
        loop {
            match self.store_it(claim, got, &event).await {
                Ok(true) => return Ok(()),
                Ok(false) => anyhow::bail!("another node has taken over meanwhile"),
                Err(error) if left > 0 && is_transient(&error) => {
                    tracing::warn!(%error, "the new certificate is not stored yet");
                    left -= 1;
                    tokio::time::sleep(BETWEEN_STORINGS).await;
                }
                Err(error) => return Err(error.into()),
            }
        }
    }

    /// Ends the turn `claim` with what it got. Whether it was still its turn.
    async fn store_it(&self, claim: Claim, got: &Got, event: &AuditEvent) -> store::Result<bool> {
        let mut tx = self.store.begin().await?;
        let certificate = (got.pem.as_str(), got.key.as_slice());
        let is_ours = acme::issued(&mut *tx, &self.wanted, claim, certificate, due::HOLD).await?;
        if is_ours {
            audit::insert(&mut *tx, event).await?;
        }
        tx.commit().await?;
        Ok(is_ours)
    }

    /// Ends the turn `claim` without a certificate, where it has not ended.
    async fn fail(&self, showing: &Showing, claim: Claim, why: &str) -> anyhow::Result<()> {
        let why: String = why.chars().take(LONGEST_REASON).collect();
        let now = self.live.database_time();
        let best = Kept::best(&showing.kept, &self.wanted, &self.host, now);
        let wait = due::wait(claim.failures, best.map(|(_, chain)| chain.validity.left(now)));
        let mut tx = self.store.begin().await?;
        if !acme::failed(&mut *tx, &self.wanted, claim, wait).await? {
            tracing::warn!(why, "the turn to get a certificate was over already");
            return Ok(());
        }
        let details = json!({ "error": why });
        audit::insert(&mut *tx, &self.event("certificate.failed", Outcome::Failure, details))
            .await?;
        tx.commit().await?;
        let failures = claim.failures + 1;
        tracing::error!(error = why, failures, "there is no certificate from the authority");
        Ok(())
    }

    /// Shows the best certificate that there is.
    async fn take_up(&self, showing: &mut Showing) -> anyhow::Result<()> {
        let rows = acme::all(self.store.pool()).await?;
        let mut before = std::mem::take(&mut showing.kept);
        showing.asked_at = None;
        for row in rows {
            if row.wanted == self.wanted {
                showing.asked_at = row.asked_at;
            }
            let Some(stored) = row.certificate else { continue };
            let is_same = |kept: &Kept| kept.wanted == row.wanted && kept.stored == stored;
            let kept = match before.iter().position(is_same) {
                Some(known) => before.swap_remove(known),
                None => self.open(row.wanted, stored),
            };
            showing.kept.push(kept);
        }
        let now = self.live.database_time();
        let best = Kept::best(&showing.kept, &self.wanted, &self.host, now);
        let Some((kept, chain)) = best else { return Ok(()) };
        let shown = Some((kept.wanted.clone(), kept.stored.issued_at));
        if showing.shown != shown {
            self.issued.take_up(chain);
            tracing::info!(
                names = ?kept.wanted.names,
                directory = kept.wanted.directory,
                "took up the certificate from the authority"
            );
            showing.shown = shown;
        }
        Ok(())
    }

    fn open(&self, wanted: Wanted, stored: acme::StoredCertificate) -> Kept {
        let kept = Kept::open(wanted, stored, &self.seal);
        if let Err(why) = &kept.chain {
            tracing::error!(names = ?kept.wanted.names, why, "a stored certificate is not usable");
        }
        kept
    }

    /// Shows the challenges that there are; one under another master key is another server's to answer.
    async fn show(&self, showing: &mut Showing) -> anyhow::Result<()> {
        let challenges = acme::shown(self.store.pool()).await?;
        if challenges == showing.challenges {
            return Ok(());
        }
        let mut opened = Vec::with_capacity(challenges.len());
        for challenge in &challenges {
            let name = challenge.name.as_bytes();
            match self.seal.open(CHALLENGE_PURPOSE, name, &challenge.key) {
                Ok(key) => opened.push((challenge, key)),
                Err(error) => tracing::warn!(%error, name = challenge.name, "a challenge waits"),
            }
        }
        self.issued.show(opened.iter().map(|(challenge, key)| {
            (challenge.name.clone(), challenge.certificate.clone(), key.as_slice())
        }))?;
        showing.challenges = challenges;
        Ok(())
    }

    /// Writes it to the audit log.
    async fn tell(
        &self,
        action: &'static str,
        outcome: Outcome,
        details: Value,
    ) -> anyhow::Result<()> {
        let event = self.event(action, outcome, details);
        Ok(audit::insert(self.store.pool(), &event).await?)
    }

    /// What the audit log tells of this certificate, with the directory.
    fn event(&self, action: &'static str, outcome: Outcome, mut details: Value) -> AuditEvent {
        let now = self.clock.now();
        let id = ambient::id(now, self.entropy.as_ref());
        let mut event = AuditEvent::new(id, now, action, outcome, Actor::System);
        event.target = Some(Target { kind: "certificate".into(), id: self.wanted.names.join(" ") });
        if let Some(details) = details.as_object_mut() {
            details.insert("directory".to_owned(), self.wanted.directory.clone().into());
        }
        event.details = details;
        event
    }
}
