//! Our account at the authority: the one of before, or a new one where that is lost.

use anyhow::Context as _;
use instant_acme::{
    Account, AccountBuilder, AccountCredentials, Error, ExternalAccountKey, NewAccount, NewOrder,
    Order,
};
use serde_json::json;

use super::Acme;
use crate::live::outbound::acme::AcmeTransport;
use crate::store::acme::{self, ACCOUNT_PURPOSE};
use crate::store::audit::Outcome;

/// What an authority says that does not know our account (RFC 8555 §6.7).
const UNKNOWN: &str = "urn:ietf:params:acme:error:accountDoesNotExist";

impl Acme {
    /// A new order of our account; of a new account where the authority has forgotten the one of before.
    pub(super) async fn new_order(&self, order: &NewOrder<'_>) -> anyhow::Result<Order> {
        match self.account().await?.new_order(order).await {
            Err(Error::Api(problem)) if problem.r#type.as_deref() == Some(UNKNOWN) => {
                let account = self.replace_account(&problem.to_string()).await?;
                Ok(account.new_order(order).await?)
            }
            ordered => Ok(ordered?),
        }
    }

    async fn account(&self) -> anyhow::Result<Account> {
        let sealed = acme::account(self.store.pool(), &self.wanted.directory).await?;
        let Some(sealed) = sealed else { return self.new_account().await };
        match self.credentials(&sealed).await {
            Ok(credentials) => Ok(self.builder().from_credentials(credentials).await?),
            Err(why) => self.replace_account(&format!("{why:#}")).await,
        }
    }

    /// What is in `sealed`; sealed anew where an older master key sealed it.
    async fn credentials(&self, sealed: &[u8]) -> anyhow::Result<AccountCredentials> {
        let directory = &self.wanted.directory;
        let opened = self.seal.open(ACCOUNT_PURPOSE, directory.as_bytes(), sealed)?;
        let credentials = serde_json::from_slice(&opened).context("the stored account")?;
        if !self.seal.is_current(sealed) {
            let anew = self.sealed(&opened)?;
            let kept = acme::reseal_account(self.store.pool(), directory, (sealed, &anew)).await;
            if let Err(error) = kept {
                tracing::warn!(%error, "the account at the authority stays under an older key");
            }
        }
        Ok(credentials)
    }

    async fn replace_account(&self, why: &str) -> anyhow::Result<Account> {
        tracing::warn!(why, "the account at the authority is replaced");
        let account = self.new_account().await?;
        let details = json!({ "error": why });
        self.tell("certificate.account_replaced", Outcome::Success, details).await?;
        Ok(account)
    }

    async fn new_account(&self) -> anyhow::Result<Account> {
        let directory = &self.wanted.directory;
        let contact = self.contact.as_ref().map(|address| format!("mailto:{address}"));
        let contact: Vec<&str> = contact.as_deref().into_iter().collect();
        let new = NewAccount {
            contact: &contact,
            terms_of_service_agreed: true,
            only_return_existing: false,
        };
        let external = self.external_account.as_ref();
        let external = external
            .map(|account| ExternalAccountKey::new(account.key_id.clone(), account.key.expose()));
        let made = self.builder().create(&new, directory.clone(), external.as_ref());
        let (account, credentials) = made.await?;
        let plain = zeroize::Zeroizing::new(serde_json::to_vec(&credentials)?);
        let (sealed, now) = (self.sealed(&plain)?, self.clock.now());
        acme::keep_account(self.store.pool(), directory, &sealed, now).await?;
        Ok(account)
    }

    fn builder(&self) -> AccountBuilder {
        Account::builder_with_http(Box::new(AcmeTransport(self.outbound.clone())))
    }

    fn sealed(&self, credentials: &[u8]) -> anyhow::Result<Vec<u8>> {
        let directory = self.wanted.directory.as_bytes();
        let entropy = self.entropy.as_ref();
        Ok(self.seal.seal(ACCOUNT_PURPOSE, directory, credentials, entropy)?)
    }
}
