//! The signing keys, opened and parsed, and the JWKS document made from them.

use std::sync::{Arc, PoisonError, RwLock};

use bytes::Bytes;
use time::{Duration, OffsetDateTime};

use crate::crypto::jwt::SigningKey;
use crate::crypto::keyset::{KeyEntry, KeySet};
use crate::crypto::seal::Seal;
use crate::live::Live;
use crate::store::signing_keys::{self, KEY_PURPOSE, StoredKey};
use crate::store::{Store, StoreError};

/// How long the rendered document is used: key states change with time alone.
const RENDERED_FOR: Duration = Duration::seconds(1);

/// The key set of this node.
pub struct Keys {
    set: RwLock<Arc<KeySet>>,
    /// Held over the read and the replacement, so that whoever replaces last has read last.
    loading: tokio::sync::Mutex<()>,
    document: RwLock<(OffsetDateTime, Bytes)>,
}

impl Default for Keys {
    fn default() -> Self {
        Self {
            set: RwLock::new(Arc::new(KeySet::new(Vec::new()))),
            loading: tokio::sync::Mutex::default(),
            document: RwLock::new((OffsetDateTime::UNIX_EPOCH, Bytes::new())),
        }
    }
}

impl Keys {
    /// Replaces the set by what Postgres holds. A key that does not open is left out and told:
    /// one broken row must not stop the others.
    pub async fn load(&self, store: &Store, seal: &Seal) -> Result<(), StoreError> {
        let _last = self.loading.lock().await;
        let rows = signing_keys::all(store.pool()).await?;
        let entries = rows.iter().filter_map(|row| open(row, seal)).collect();
        *self.set.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(KeySet::new(entries));
        let mut document = self.document.write().unwrap_or_else(PoisonError::into_inner);
        document.0 = OffsetDateTime::UNIX_EPOCH;
        Ok(())
    }

    fn set(&self) -> Arc<KeySet> {
        Arc::clone(&self.set.read().unwrap_or_else(PoisonError::into_inner))
    }
}

fn open(row: &StoredKey, seal: &Seal) -> Option<KeyEntry> {
    let opened = seal.open(KEY_PURPOSE, row.kid.as_bytes(), &row.sealed);
    let key = opened.and_then(|pkcs8| SigningKey::from_pkcs8(&row.kid, row.alg, &pkcs8));
    match key {
        Ok(key) => Some(KeyEntry {
            key,
            activates_at: row.times.activates_at,
            retires_at: row.times.retires_at,
            removed_at: row.times.removed_at,
        }),
        Err(error) => {
            tracing::error!(kid = row.kid, %error, "a signing key cannot be opened");
            None
        }
    }
}

impl Live {
    /// The keys to sign and verify with.
    ///
    /// # Errors
    /// Where the feed is late and Postgres does not answer.
    pub async fn keys(&self) -> Result<Arc<KeySet>, StoreError> {
        if !self.is_fresh() {
            self.keys.load(&self.store, &self.seal).await?;
        }
        Ok(self.keys.set())
    }

    /// The JWKS document (RFC 7517 §5). It is answered from memory even while Postgres is away:
    /// what was published stays true.
    pub fn jwks(&self) -> Bytes {
        let now = self.database_time();
        {
            let held = self.keys.document.read().unwrap_or_else(PoisonError::into_inner);
            if now - held.0 < RENDERED_FOR {
                return held.1.clone();
            }
        }
        let rendered = Bytes::from(self.keys.set().jwks(now));
        let mut held = self.keys.document.write().unwrap_or_else(PoisonError::into_inner);
        *held = (now, rendered.clone());
        rendered
    }
}
