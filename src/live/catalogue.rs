//! The APIs and their scopes.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use crate::live::Live;
use crate::protocol::resource::Resource;
use crate::protocol::scope::Scope;
use crate::protocol::target;
use crate::store::apis::{self, Api, ApiScope};
use crate::store::{Store, StoreError};

/// Every API, found by its identifier or by one of its scopes.
#[derive(Debug, Default)]
pub struct ApiCatalogue {
    apis: HashMap<Resource, Api>,
    targets: target::Catalogue,
}

impl ApiCatalogue {
    /// The catalogue of `apis`.
    pub fn new(apis: Vec<Api>) -> Self {
        let names = |api: &Api| api.scopes.iter().map(|scope| scope.name.clone()).collect();
        let pairs = apis.iter().map(|api| (api.resource.clone(), names(api)));
        let targets = target::Catalogue::new(pairs);
        let apis = apis.into_iter().map(|api| (api.resource.clone(), api)).collect();
        Self { apis, targets }
    }

    /// What the rules for audiences need of it.
    pub const fn targets(&self) -> &target::Catalogue {
        &self.targets
    }

    /// The API called `resource`.
    pub fn api(&self, resource: &Resource) -> Option<&Api> {
        self.apis.get(resource)
    }

    /// The scope called `name`, and its API.
    pub fn scope(&self, name: &str) -> Option<(&ApiScope, &Api)> {
        let api = self.api(self.targets.resource_of(name)?)?;
        api.scopes.iter().find(|scope| scope.name == name).map(|scope| (scope, api))
    }

    /// Whether any of `scope` is for administrators only.
    pub fn reserves(&self, scope: &Scope) -> bool {
        scope.iter().any(|name| self.scope(name).is_some_and(|(one, _)| one.administrators_only))
    }
}

/// The APIs of this node.
#[derive(Default)]
pub struct Catalogue {
    held: RwLock<Arc<ApiCatalogue>>,
    /// Held over the read and the replacement, so that whoever replaces last has read last.
    loading: tokio::sync::Mutex<()>,
}

impl Catalogue {
    /// Replaces the catalogue by what Postgres holds.
    pub async fn load(&self, store: &Store) -> Result<(), StoreError> {
        let _last = self.loading.lock().await;
        let catalogue = Arc::new(ApiCatalogue::new(apis::all(store.pool()).await?));
        *self.held.write().unwrap_or_else(PoisonError::into_inner) = catalogue;
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
        Ok(Arc::clone(&self.catalogue.held.read().unwrap_or_else(PoisonError::into_inner)))
    }
}
