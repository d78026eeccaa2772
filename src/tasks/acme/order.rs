//! One order: the proof that the names are ours, and the certificate for it.

use std::time::Duration;

use instant_acme::{
    AuthorizationHandle, AuthorizationStatus, ChallengeType, Identifier, NewOrder, Order,
    OrderStatus, RetryPolicy,
};
use serde_json::{Value, json};
use time::format_description::well_known::Rfc3339;

use super::{Acme, LEASE, Showing};
use crate::crypto::acme::{self as crypto, Chain};
use crate::store::acme::{self, CERTIFICATE_PURPOSE, CHALLENGE_PURPOSE, StoredChallenge};

/// How long all nodes take at most to show a challenge.
const SPREAD: Duration = Duration::from_secs(5);
/// How long the authority may take for each of its steps.
const PATIENCE: Duration = Duration::from_mins(2);

/// A certificate that serves.
pub(super) struct Got {
    /// Its chain.
    pub(super) pem: String,
    /// The sealed PKCS#8 of its key.
    pub(super) key: Vec<u8>,
    chain: Chain,
}

impl Got {
    /// What the audit log tells of it.
    pub(super) fn told(&self) -> Value {
        let until = self.chain.validity.until.format(&Rfc3339).unwrap_or_default();
        json!({
            "serial": self.chain.serial,
            "sha256": self.chain.fingerprint,
            "until": until,
        })
    }
}

impl Acme {
    /// Gets a certificate that is worth to be kept.
    pub(super) async fn order(&self, showing: &mut Showing) -> anyhow::Result<Got> {
        let names: Vec<_> = self.wanted.names.iter().cloned().map(Identifier::Dns).collect();
        let mut order = self.new_order(&NewOrder::new(&names)).await?;
        let proved = self.prove(&mut order, showing).await;
        if let Err(error) = acme::hide(self.store.pool(), &self.wanted.names).await {
            tracing::warn!(%error, "a challenge is shown until it is too old");
        }
        proved?;
        let request = crypto::request(&self.wanted.names)?;
        order.finalize_csr(&request.der).await?;
        let pem = order.poll_certificate(&RetryPolicy::new().timeout(PATIENCE)).await?;
        let chain = Chain::read(&pem, &request.key)?;
        chain.check(&self.wanted.names, self.live.database_time())?;
        let (row, entropy) = (self.wanted.row(), self.entropy.as_ref());
        let key = self.seal.seal(CERTIFICATE_PURPOSE, row.as_bytes(), &request.key, entropy)?;
        Ok(Got { pem, key, chain })
    }

    /// Shows the authority that the names are ours.
    async fn prove(&self, order: &mut Order, showing: &mut Showing) -> anyhow::Result<()> {
        let mut authorizations = order.authorizations();
        while let Some(authorization) = authorizations.next().await {
            self.prove_one(authorization?, showing).await?;
        }
        let why = match order.poll_ready(&RetryPolicy::new().timeout(PATIENCE)).await {
            Ok(OrderStatus::Ready) => return Ok(()),
            Ok(status) => format!("the order is {status:?}"),
            Err(error) => error.to_string(),
        };
        let found = found(order).await;
        let why = if found.is_empty() { why } else { found.join("; ") };
        anyhow::bail!("the authority did not accept the proof: {why}");
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
}

/// What the authority found where it looked (RFC 8555 §8), for each name that it did not accept.
async fn found(order: &mut Order) -> Vec<String> {
    let mut found = Vec::new();
    let mut authorizations = order.authorizations();
    while let Some(authorization) = authorizations.next().await {
        let Ok(mut authorization) = authorization else { continue };
        let Ok(state) = authorization.refresh().await else { continue };
        for problem in state.challenges.iter().filter_map(|challenge| challenge.error.as_ref()) {
            let name = state.identifier().to_string();
            let parts = [Some(name), problem.r#type.clone(), problem.detail.clone()];
            found.push(parts.into_iter().flatten().collect::<Vec<_>>().join(": "));
        }
    }
    found
}
