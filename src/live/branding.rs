//! How this server presents itself, as this node knows it.

use std::sync::{Arc, PoisonError, RwLock};

use crate::live::Live;
use crate::policy::branding::Branding;
use crate::store::{Store, StoreError, settings};

/// The branding of this node.
#[derive(Default)]
pub struct Brand {
    held: RwLock<Arc<Branding>>,
    /// Held over the read and the replacement, so that whoever replaces last has read last.
    loading: tokio::sync::Mutex<()>,
}

impl Brand {
    /// Replaces the branding by what Postgres holds.
    pub async fn load(&self, store: &Store) -> Result<(), StoreError> {
        let _last = self.loading.lock().await;
        let kept = settings::find(store.pool(), Branding::KEY).await?;
        let branding = kept.map(serde_json::from_value).transpose();
        let branding = branding.map_err(|_| StoreError::Corrupt("branding".into()))?;
        let branding = Arc::new(branding.unwrap_or_default());
        *self.held.write().unwrap_or_else(PoisonError::into_inner) = branding;
        Ok(())
    }
}

impl Live {
    /// The branding as last heard of. Unlike everything else here it is not asked for anew where the
    /// feed is late: nothing is decided by it, and a page without a database still has its dress.
    pub fn branding(&self) -> Arc<Branding> {
        Arc::clone(&self.brand.held.read().unwrap_or_else(PoisonError::into_inner))
    }
}
