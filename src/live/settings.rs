//! The settings that administrators change while the server runs.

use std::sync::{Arc, PoisonError, RwLock};

use crate::live::Live;
use crate::policy::settings::PolicySettings;
use crate::store::{Store, StoreError, settings};

/// The settings of this node.
#[derive(Default)]
pub struct Policies {
    held: RwLock<Arc<PolicySettings>>,
    /// Held over the read and the replacement, so that whoever replaces last has read last.
    loading: tokio::sync::Mutex<()>,
}

impl Policies {
    /// Replaces the settings by what Postgres holds.
    pub async fn load(&self, store: &Store) -> Result<(), StoreError> {
        let _last = self.loading.lock().await;
        let kept = settings::find(store.pool(), PolicySettings::KEY).await?;
        let policy = kept.map(serde_json::from_value).transpose();
        let policy = policy.map_err(|_| StoreError::Corrupt("policy settings".into()))?;
        let policy = Arc::new(policy.unwrap_or_default());
        *self.held.write().unwrap_or_else(PoisonError::into_inner) = policy;
        Ok(())
    }
}

impl Live {
    /// The policy in force.
    ///
    /// # Errors
    /// Where the feed is late and Postgres does not answer.
    pub async fn policy(&self) -> Result<Arc<PolicySettings>, StoreError> {
        if !self.is_fresh() {
            self.policies.load(&self.store).await?;
        }
        Ok(Arc::clone(&self.policies.held.read().unwrap_or_else(PoisonError::into_inner)))
    }
}
