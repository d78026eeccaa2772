//! The keys of clients that registered a `jwks_uri`: fetched when needed, kept for a minute, and
//! fetched again when a client signs with a key that we have not met.

use std::sync::Arc;
use std::time::{Duration, Instant};

use quick_cache::sync::Cache;
use tokio::sync::Mutex;
use url::Url;

use crate::crypto::jwt::PublicKeys;
use crate::crypto::secret::Fingerprint;
use crate::live::outbound::{Outbound, OutboundError};

/// How long fetched keys are used.
const KEPT_FOR: Duration = Duration::from_secs(55);
/// How soon an unknown `kid` may cause another fetch.
const AGAIN_AFTER: Duration = Duration::from_secs(5);
/// How many documents are kept.
const CAPACITY: usize = 1_000;

/// What came of the last fetch.
struct Fetched {
    keys: Option<Arc<PublicKeys>>,
    at: Instant,
}

/// Client keys by their address.
pub struct ClientKeySets {
    outbound: Outbound,
    /// The lock of an entry is held over its fetch, so that there is one at a time.
    by_uri: Cache<Url, Arc<Mutex<Option<Fetched>>>>,
}

impl ClientKeySets {
    /// Nothing fetched yet.
    pub fn new(outbound: Outbound) -> Self {
        Self { outbound, by_uri: Cache::new(CAPACITY) }
    }

    /// The keys at `uri`, fetched anew when they are old or lack what `wanted` names.
    ///
    /// # Errors
    /// Where they cannot be fetched or read.
    pub async fn get(
        &self,
        uri: &Url,
        wanted: Wanted<'_>,
        now: Instant,
    ) -> Result<Arc<PublicKeys>, OutboundError> {
        let entry = self
            .by_uri
            .get_or_insert_with(uri, || Ok::<_, std::convert::Infallible>(Arc::default()))
            .unwrap_or_default();
        let mut held = entry.lock().await;
        if let Some(last) = held.as_ref() {
            let age = now.saturating_duration_since(last.at);
            match &last.keys {
                Some(keys) if age < AGAIN_AFTER || (wanted.is_among(keys) && age < KEPT_FOR) => {
                    return Ok(Arc::clone(keys));
                }
                None if age < AGAIN_AFTER => {
                    return Err(OutboundError::Unusable("the last fetch failed just now"));
                }
                Some(_) | None => {}
            }
        }
        let fetched = self.fetch(uri).await;
        *held = Some(Fetched { keys: fetched.as_ref().ok().map(Arc::clone), at: now });
        fetched
    }

    async fn fetch(&self, uri: &Url) -> Result<Arc<PublicKeys>, OutboundError> {
        let document = self.outbound.json(uri).await?;
        let keys = PublicKeys::from_jwks(&document)
            .map_err(|_| OutboundError::Unusable("it is not a set of public keys"))?;
        Ok(Arc::new(keys))
    }
}

/// What a request shows of a client's keys.
#[derive(Debug, Clone, Copy)]
pub enum Wanted<'a> {
    /// A key of this `kid`; any, where an assertion names none.
    Key(Option<&'a str>),
    /// The key that comes with the certificate of this SHA-256.
    Certificate(&'a Fingerprint),
}

impl Wanted<'_> {
    fn is_among(self, keys: &PublicKeys) -> bool {
        match self {
            Self::Key(kid) => kid.is_none_or(|kid| keys.has(kid)),
            Self::Certificate(thumbprint) => keys.has_certificate(thumbprint),
        }
    }
}
