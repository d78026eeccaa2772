//! The APIs and their scopes.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use crate::live::Live;
use crate::protocol::api::{Api, ApiCatalogue};
use crate::store::{Store, StoreError, apis};

/// The APIs of this node.
#[derive(Default)]
pub struct Catalogue(RwLock<Arc<ApiCatalogue>>);

impl Catalogue {
    /// Replaces the catalogue by what Postgres holds.
    pub async fn load(&self, store: &Store) -> Result<(), StoreError> {
        let apis: HashMap<String, Api> = apis::all(store)
            .await?
            .into_iter()
            .map(|api| (api.resource.as_str().to_owned(), api))
            .collect();
        let catalogue = Arc::new(ApiCatalogue::new(apis));
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = catalogue;
        Ok(())
    }
}

impl Live {
    /// The APIs and scopes known now.
    ///
    /// # Errors
    /// Where the feed is late and Postgres does not answer.
    pub async fn catalogue(&self) -> Result<Arc<ApiCatalogue>, StoreError> {
        if !self.is_fresh() {
            self.catalogue.load(&self.store).await?;
        }
        Ok(Arc::clone(&self.catalogue.0.read().unwrap_or_else(PoisonError::into_inner)))
    }
}
