//! Registered clients, read once and kept until the feed says that one changed.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use quick_cache::sync::Cache;

use crate::crypto::jwt::PublicKeys;
use crate::live::Live;
use crate::protocol::client::{Client, ClientId, ClientKeys};
use crate::store::{StoreError, clients};

/// How many clients a node remembers; the others are read when they ask.
const CAPACITY: usize = 20_000;

/// A client with its registered keys parsed.
#[derive(Debug)]
pub struct LoadedClient {
    /// The registration.
    pub client: Arc<Client>,
    /// Its keys, where they were registered by value.
    pub keys: Option<PublicKeys>,
}

/// The clients this node has met lately.
pub struct Clients {
    by_id: Cache<ClientId, Arc<LoadedClient>>,
    /// Counts invalidations, so that a row read before a change is not kept after it.
    changes: AtomicU64,
}

impl Default for Clients {
    fn default() -> Self {
        Self { by_id: Cache::new(CAPACITY), changes: AtomicU64::new(0) }
    }
}

impl Clients {
    /// Drops the client called `id`.
    pub fn forget(&self, id: &str) {
        self.changes.fetch_add(1, Ordering::AcqRel);
        if let Some(id) = ClientId::parse(id) {
            self.by_id.remove(&id);
        }
    }

    /// Drops all.
    pub fn forget_all(&self) {
        self.changes.fetch_add(1, Ordering::AcqRel);
        self.by_id.clear();
    }
}

impl Live {
    /// The client called `id`, if it is registered.
    ///
    /// # Errors
    /// Where it is not in memory and Postgres does not answer.
    pub async fn client(&self, id: &ClientId) -> Result<Option<Arc<LoadedClient>>, StoreError> {
        let fresh = self.is_fresh();
        if fresh && let Some(client) = self.clients.by_id.get(id) {
            return Ok(Some(client));
        }
        let before = self.clients.changes.load(Ordering::Acquire);
        let Some(client) = clients::find(self.store.pool(), id).await? else { return Ok(None) };
        let client = self.upon(client);
        let loaded =
            Arc::new(LoadedClient { keys: inline_keys(&client), client: Arc::new(client) });
        if fresh && before == self.clients.changes.load(Ordering::Acquire) {
            self.clients.by_id.insert(id.clone(), Arc::clone(&loaded));
            // A change may have come between the look and the insert: then the row goes again.
            if before != self.clients.changes.load(Ordering::Acquire) {
                self.clients.by_id.remove(id);
            }
        }
        Ok(Some(loaded))
    }
}

/// Keys registered by value; one broken registration hurts that client only (it has no keys).
fn inline_keys(client: &Client) -> Option<PublicKeys> {
    match client.auth.keys()? {
        ClientKeys::Inline(jwks) => PublicKeys::from_jwks(jwks).ok(),
        ClientKeys::Uri(_) => None,
    }
}
