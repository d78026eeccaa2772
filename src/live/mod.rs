//! What each node keeps in memory, and the feed from Postgres that keeps it true.
//!
//! **Invariant:** memory answers only while the feed was read within the last second; when it is
//! older, every question goes to Postgres until the node has caught up. A node gets slower, never
//! wrong (DESIGN.md §6).

pub mod branding;
pub mod catalogue;
pub mod client_keys;
pub mod clients;
pub mod feed;
pub mod issued;
pub mod journal;
pub mod keys;
pub mod leaks;
pub mod origins;
pub mod outbound;
pub mod passwords;
pub mod revocations;
pub mod settings;
pub mod verified;

use std::sync::Arc;

use time::OffsetDateTime;

use crate::ambient::Clock;
use crate::crypto::seal::Seal;
use crate::live::branding::Brand;
use crate::live::catalogue::Catalogue;
use crate::live::clients::Clients;
use crate::live::feed::Freshness;
use crate::live::keys::Keys;
use crate::live::origins::Origins;
use crate::live::revocations::Revocations;
use crate::live::settings::Policies;
use crate::live::verified::VerifiedTokens;
use crate::protocol::client::{Client, ServerRules};
use crate::store::{Store, StoreError};

/// One node's memory of what Postgres holds.
pub struct Live {
    store: Store,
    clock: Arc<dyn Clock>,
    seal: Arc<Seal>,
    freshness: Freshness,
    clients: Clients,
    rules: ServerRules,
    origins: Origins,
    catalogue: Catalogue,
    keys: Keys,
    policies: Policies,
    brand: Brand,
    revocations: Revocations,
    /// Access tokens whose signature was checked before.
    pub verified: VerifiedTokens,
}

impl Live {
    /// An empty memory that answers from Postgres until [`feed::follow`] has loaded it.
    pub fn new(store: Store, clock: Arc<dyn Clock>, seal: Arc<Seal>) -> Self {
        Self {
            freshness: Freshness::new(Arc::clone(&clock)),
            clients: Clients::default(),
            rules: ServerRules::default(),
            origins: Origins::default(),
            catalogue: Catalogue::default(),
            keys: Keys::default(),
            policies: Policies::default(),
            brand: Brand::default(),
            revocations: Revocations::default(),
            verified: VerifiedTokens::default(),
            store,
            clock,
            seal,
        }
    }

    /// The same, where the server asks this of every client.
    #[must_use]
    pub fn under(self, rules: ServerRules) -> Self {
        Self { rules, ..self }
    }

    /// `client` as it is under what the server asks of every client.
    pub fn upon(&self, client: Client) -> Client {
        self.rules.upon(client)
    }

    /// Whether memory may answer now.
    pub fn is_fresh(&self) -> bool {
        self.freshness.is_fresh()
    }

    /// Whether a full snapshot was ever loaded: before that the node is not ready.
    pub fn is_loaded(&self) -> bool {
        self.freshness.is_loaded()
    }

    /// How far the database's clock is ahead of this node's now, in milliseconds.
    pub fn clock_offset_ms(&self) -> i64 {
        let offset = (self.database_time() - self.clock.now()).whole_milliseconds();
        i64::try_from(offset).unwrap_or(i64::MAX)
    }

    /// The time by the database's clock, by which all nodes switch keys at the same instant. It was
    /// read with the feed and goes on with the monotonic clock: no jump of this node's clock moves it.
    pub fn database_time(&self) -> OffsetDateTime {
        self.freshness.database_time().unwrap_or_else(|| self.clock.now())
    }

    /// Loads everything afresh.
    ///
    /// # Errors
    /// Where Postgres does not answer, or holds a key that this node cannot open.
    pub async fn reload(&self) -> Result<(), StoreError> {
        self.catalogue.load(&self.store).await?;
        self.keys.load(&self.store, &self.seal).await?;
        self.policies.load(&self.store).await?;
        self.brand.load(&self.store).await?;
        self.revocations.load(&self.store).await?;
        self.clients.forget_all();
        self.origins.forget();
        Ok(())
    }
}
