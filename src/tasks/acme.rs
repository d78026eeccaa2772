//! Gets the server's certificate by itself and renews it (ACME, RFC 8555): one node orders, all show what
//! the authority asks for and serve what comes.
//!
//! The authority looks at port 443 of each name, in a handshake (`tls-alpn-01`, RFC 8737): the listener
//! that serves everybody answers it, and nothing else has to be opened.

use std::sync::Arc;
use std::time::Duration;

use instant_acme::{
    Account, AccountCredentials, AuthorizationHandle, AuthorizationStatus, ChallengeType,
    Identifier, NewAccount, NewOrder, Order, OrderStatus, RetryPolicy,
};
use serde_json::json;
use time::OffsetDateTime;
use tokio::sync::watch;

use crate::ambient::{self, Clock, Entropy};
use crate::crypto::acme::{self as crypto, Validity};
use crate::crypto::seal::Seal;
use crate::live::issued::Issued;
use crate::live::outbound::Outbound;
use crate::live::outbound::acme::AcmeTransport;
use crate::store::Store;
use crate::store::acme::{
    self, ACCOUNT_PURPOSE, CERTIFICATE_PURPOSE, CHALLENGE_PURPOSE, StoredCertificate,
    StoredChallenge, Wanted,
};
use crate::store::audit::{self, Actor, AuditEvent, Outcome, Target};

/// How often a node looks for what another has put down.
const EVERY: Duration = Duration::from_secs(2);
/// How long all nodes take at most to show a challenge.
const SPREAD: Duration = Duration::from_secs(5);
/// How long the authority may take for each of its steps.
const PATIENCE: Duration = Duration::from_mins(2);
/// How long an order may take; then another node may try.
const LEASE: time::Duration = time::Duration::minutes(10);

/// Whoever gets the certificate.
pub struct Acme {
    /// The database.
    pub store: Store,
    /// Seals the keys in it.
    pub seal: Arc<Seal>,
    /// Randomness.
    pub entropy: Arc<dyn Entropy>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Calls the authority.
    pub outbound: Outbound,
    /// What handshakes show.
    pub issued: Arc<Issued>,
    /// Which certificate.
    pub wanted: Wanted,
    /// Whom the authority writes to.
    pub contact: Option<String>,
}

/// What this node shows.
#[derive(Default)]
struct Showing {
    issued_at: Option<OffsetDateTime>,
    validity: Option<Validity>,
    challenges: Vec<StoredChallenge>,
    /// Whether this node has taken on to get the next.
    holds: bool,
}

impl Acme {
    /// Gets and renews it until `stop`.
    pub async fn run(self, mut stop: watch::Receiver<bool>) {
        let mut showing = Showing::default();
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
        // Half an order keeps no other node from making a whole one.
        if showing.holds
            && let Err(error) = acme::release(self.store.pool(), &self.wanted).await
        {
            tracing::warn!(%error, "the next certificate waits for a while");
        }
    }

    /// Takes up what there is, and gets a certificate where it is time and nobody else does.
    async fn look(&self, showing: &mut Showing) -> anyhow::Result<()> {
        self.take_up(showing).await?;
        self.show(showing).await?;
        let is_due =
            showing.validity.is_none_or(|validity| self.clock.now() >= validity.renew_at());
        if !is_due || !acme::claim(self.store.pool(), &self.wanted, LEASE).await? {
            return Ok(());
        }
        showing.holds = true;
        let got = match self.order(showing).await {
            Ok(certificate) => certificate,
            Err(error) => {
                let failures = acme::failed(self.store.pool(), &self.wanted).await?;
                showing.holds = false;
                let why = format!("{error:#}");
                tracing::error!(
                    error = why,
                    failures,
                    "there is no certificate from the authority"
                );
                return self.tell("certificate.failed", Outcome::Failure, &why).await;
            }
        };
        acme::issued(self.store.pool(), &self.wanted, &got).await?;
        showing.holds = false;
        self.tell("certificate.issued", Outcome::Success, "").await?;
        self.take_up(showing).await
    }

    async fn take_up(&self, showing: &mut Showing) -> anyhow::Result<()> {
        let Some(stored) = acme::find(self.store.pool(), &self.wanted).await? else {
            return Ok(());
        };
        if showing.issued_at == Some(stored.issued_at) {
            return Ok(());
        }
        let key = self.seal.open(CERTIFICATE_PURPOSE, self.row().as_bytes(), &stored.key)?;
        self.issued.take_up(&stored.chain, &key)?;
        showing.issued_at = Some(stored.issued_at);
        showing.validity = Validity::of_chain(&stored.chain);
        tracing::info!(names = ?self.wanted.names, "took up the certificate from the authority");
        Ok(())
    }

    async fn show(&self, showing: &mut Showing) -> anyhow::Result<()> {
        let challenges = acme::shown(self.store.pool()).await?;
        if challenges == showing.challenges {
            return Ok(());
        }
        let mut opened = Vec::with_capacity(challenges.len());
        for challenge in &challenges {
            opened.push(self.seal.open(
                CHALLENGE_PURPOSE,
                challenge.name.as_bytes(),
                &challenge.key,
            )?);
        }
        let each = challenges.iter().zip(&opened);
        self.issued.show(each.map(|(challenge, key)| {
            (challenge.name.clone(), challenge.certificate.clone(), key.as_slice())
        }))?;
        showing.challenges = challenges;
        Ok(())
    }

    /// The row of the certificate, for the seal.
    fn row(&self) -> String {
        format!("{} {}", self.wanted.directory, self.wanted.names.join(" "))
    }

    async fn order(&self, showing: &mut Showing) -> anyhow::Result<StoredCertificate> {
        let account = self.account().await?;
        let names: Vec<_> = self.wanted.names.iter().cloned().map(Identifier::Dns).collect();
        let mut order = account.new_order(&NewOrder::new(&names)).await?;
        let ordered = self.prove(&mut order, showing).await;
        acme::hide(self.store.pool(), &self.wanted.names).await?;
        ordered?;
        let request = crypto::request(&self.wanted.names)?;
        order.finalize_csr(&request.der).await?;
        let chain = order.poll_certificate(&RetryPolicy::new().timeout(PATIENCE)).await?;
        let row = self.row();
        let key = self.seal.seal(
            CERTIFICATE_PURPOSE,
            row.as_bytes(),
            &request.key,
            self.entropy.as_ref(),
        )?;
        Ok(StoredCertificate { chain, key, issued_at: self.clock.now() })
    }

    /// Shows the authority that the names are ours.
    async fn prove(&self, order: &mut Order, showing: &mut Showing) -> anyhow::Result<()> {
        let mut authorizations = order.authorizations();
        while let Some(authorization) = authorizations.next().await {
            self.prove_one(authorization?, showing).await?;
        }
        let status = order.poll_ready(&RetryPolicy::new().timeout(PATIENCE)).await?;
        if status != OrderStatus::Ready {
            anyhow::bail!("the authority did not accept the proof: the order is {status:?}");
        }
        Ok(())
    }

    async fn prove_one(
        &self,
        mut authorization: AuthorizationHandle<'_>,
        showing: &mut Showing,
    ) -> anyhow::Result<()> {
        if authorization.status == AuthorizationStatus::Valid {
            return Ok(());
        }
        if authorization.status != AuthorizationStatus::Pending {
            anyhow::bail!("an authorization is {:?} from the start", authorization.status);
        }
        let name = authorization.identifier().to_string();
        let challenge = authorization.challenge(ChallengeType::TlsAlpn01);
        let Some(mut challenge) = challenge else {
            anyhow::bail!("the authority offers no tls-alpn-01 for {name}");
        };
        let made = crypto::answer(&name, challenge.key_authorization().digest().as_ref())?;
        let entropy = self.entropy.as_ref();
        let key = self.seal.seal(CHALLENGE_PURPOSE, name.as_bytes(), &made.key, entropy)?;
        let stored = StoredChallenge { name, certificate: made.der, key };
        acme::show(self.store.pool(), &stored, LEASE).await?;
        self.show(showing).await?;
        // Whichever node the authority reaches must know it.
        tokio::time::sleep(SPREAD).await;
        Ok(challenge.set_ready().await?)
    }

    /// Our account there: the one of before, or a new one.
    async fn account(&self) -> anyhow::Result<Account> {
        let directory = &self.wanted.directory;
        let builder = Account::builder_with_http(Box::new(AcmeTransport(self.outbound.clone())));
        if let Some(sealed) = acme::account(self.store.pool(), directory).await? {
            let opened = self.seal.open(ACCOUNT_PURPOSE, directory.as_bytes(), &sealed)?;
            let credentials: AccountCredentials = serde_json::from_slice(&opened)?;
            return Ok(builder.from_credentials(credentials).await?);
        }
        let contact = self.contact.as_ref().map(|address| format!("mailto:{address}"));
        let contact: Vec<&str> = contact.as_deref().into_iter().collect();
        let new = NewAccount {
            contact: &contact,
            terms_of_service_agreed: true,
            only_return_existing: false,
        };
        let (account, credentials) = builder.create(&new, directory.clone(), None).await?;
        let plain = zeroize::Zeroizing::new(serde_json::to_vec(&credentials)?);
        let entropy = self.entropy.as_ref();
        let sealed = self.seal.seal(ACCOUNT_PURPOSE, directory.as_bytes(), &plain, entropy)?;
        acme::keep_account(self.store.pool(), directory, &sealed, self.clock.now()).await?;
        Ok(account)
    }

    async fn tell(&self, action: &'static str, outcome: Outcome, why: &str) -> anyhow::Result<()> {
        let now = self.clock.now();
        let id = ambient::id(now, self.entropy.as_ref());
        let mut event = AuditEvent::new(id, now, action, outcome, Actor::System);
        event.target = Some(Target { kind: "certificate".into(), id: self.wanted.names.join(" ") });
        event.details = json!({ "directory": self.wanted.directory, "error": why });
        audit::insert(self.store.pool(), &event).await?;
        Ok(())
    }
}
