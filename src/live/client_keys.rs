//! The keys of clients that registered a `jwks_uri`: fetched when needed, kept for a minute, and
//! fetched again when a client signs with a key that we have not met.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use quick_cache::sync::Cache;
use url::Url;

use crate::crypto::jwt::PublicKeys;
use crate::live::outbound::{Outbound, OutboundError};

/// How long fetched keys are used.
const KEPT_FOR: Duration = Duration::from_secs(55);
/// How soon an unknown `kid` may cause another fetch.
const AGAIN_AFTER: Duration = Duration::from_secs(5);
/// How many documents are kept.
const CAPACITY: usize = 1_000;

/// A fetched key set.
struct Fetched {
    keys: Arc<PublicKeys>,
    at: Instant,
}

/// Client keys by their address.
pub struct ClientKeySets {
    outbound: Outbound,
    /// The lock of an entry is held for a copy only.
    by_uri: Cache<Url, Arc<Mutex<Option<Fetched>>>>,
}

impl ClientKeySets {
    /// Nothing fetched yet.
    pub fn new(outbound: Outbound) -> Self {
        Self { outbound, by_uri: Cache::new(CAPACITY) }
    }

    /// The keys at `uri`, fetched anew when they are old or lack `kid`.
    ///
    /// # Errors
    /// Where they cannot be fetched or read.
    pub async fn get(
        &self,
        uri: &Url,
        kid: Option<&str>,
        now: Instant,
    ) -> Result<Arc<PublicKeys>, OutboundError> {
        let entry = self
            .by_uri
            .get_or_insert_with(uri, || Ok::<_, std::convert::Infallible>(Arc::default()))
            .unwrap_or_default();
        if let Some(keys) = usable(&entry, kid, now) {
            return Ok(keys);
        }
        let document = self.outbound.json(uri).await?;
        let keys = PublicKeys::from_jwks(&document)
            .map_err(|_| OutboundError::Unusable("it is not a set of public keys"))?;
        let keys = Arc::new(keys);
        let fetched = Fetched { keys: Arc::clone(&keys), at: now };
        *entry.lock().unwrap_or_else(PoisonError::into_inner) = Some(fetched);
        Ok(keys)
    }
}

fn usable(
    entry: &Mutex<Option<Fetched>>,
    kid: Option<&str>,
    now: Instant,
) -> Option<Arc<PublicKeys>> {
    let held = entry.lock().unwrap_or_else(PoisonError::into_inner);
    let fetched = held.as_ref()?;
    let age = now.saturating_duration_since(fetched.at);
    let knows = kid.is_none_or(|kid| fetched.keys.has(kid));
    let good = age < AGAIN_AFTER || (knows && age < KEPT_FOR);
    good.then(|| Arc::clone(&fetched.keys))
}
