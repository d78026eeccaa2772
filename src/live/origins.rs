//! The origins of applications that run in browsers, read once and kept until a client changes.

use std::collections::HashSet;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

use crate::live::Live;
use crate::store::{StoreError, clients};

/// Where public clients live.
#[derive(Default)]
pub struct Origins {
    known: RwLock<Option<Arc<HashSet<String>>>>,
    /// Counts invalidations, so that rows read before a change are not kept after it.
    changes: AtomicU64,
}

impl Origins {
    /// Drops all: a client changed.
    pub fn forget(&self) {
        self.changes.fetch_add(1, Ordering::AcqRel);
        *self.known.write().unwrap_or_else(PoisonError::into_inner) = None;
    }

    fn known(&self) -> Option<Arc<HashSet<String>>> {
        self.known.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Keeps what was read, unless a client changed since `before`.
    fn keep(&self, origins: &Arc<HashSet<String>>, before: u64) {
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        if before == self.changes.load(Ordering::Acquire) {
            *known = Some(Arc::clone(origins));
        }
    }
}

impl Live {
    /// Whether a redirect URI of an enabled public client is at `origin`, exactly as written.
    ///
    /// # Errors
    /// Where it is not in memory and Postgres does not answer.
    pub async fn is_browser_origin(&self, origin: &str) -> Result<bool, StoreError> {
        let fresh = self.is_fresh();
        if let Some(known) = self.origins.known().filter(|_| fresh) {
            return Ok(known.contains(origin));
        }
        let before = self.origins.changes.load(Ordering::Acquire);
        let read = clients::browser_origins(self.store.pool()).await?;
        let origins = Arc::new(HashSet::from_iter(read));
        if fresh {
            self.origins.keep(&origins, before);
        }
        Ok(origins.contains(origin))
    }
}
