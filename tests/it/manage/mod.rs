//! What administrators do, against a real database.

mod apply;
mod clients;
mod keys;
mod passwords;
mod setup;
mod users;

use std::sync::Arc;

use portcullis::ambient::{Clock, SystemClock, SystemEntropy};
use portcullis::crypto::seal::{MacKey, MasterKey, Seal};
use portcullis::crypto::secret::Secret;
use portcullis::live::passwords::Passwords;
use portcullis::manage::users::{NewUser, UserForm};
use portcullis::manage::{Cx, Secrets};
use portcullis::policy::permission::Actor;
use portcullis::store::sessions::Origin;
use portcullis::store::{Store, StoreConfig};
use serde_json::Value;
use time::{Duration, OffsetDateTime};

use crate::support::db::Db;

/// A PHC string that nobody's password has: most tests never sign in.
pub const HASH: &str = "$argon2id$v=19$m=19456,t=2,p=1$q0Vb0n2oT6mJ3xX1l5cDdw$mUO5Vv0r8a8m9JwGm0Yb7m5o2Qh2o3a1r0u7wUqkD3I";

/// A database, and keys to work on it with.
pub struct House {
    pub store: Store,
    pub seal: Seal,
    pub pepper: MacKey,
    pub origin: Origin,
    pub db: Db,
}

impl House {
    pub async fn new() -> Self {
        let db = Db::fresh().await;
        let url = Secret::new(db.url().to_owned());
        let config = StoreConfig { connections: 20, ..StoreConfig::new(url) };
        let master = MasterKey::mint(&SystemEntropy);
        Self {
            store: Store::connect(&config).await.unwrap(),
            seal: Seal::new(&master, &[]),
            pepper: MacKey::derive(&master, "pepper"),
            origin: Origin::default(),
            db,
        }
    }

    pub fn cx<'a>(&'a self, actor: &'a Actor) -> Cx<'a> {
        Cx {
            store: &self.store,
            now: now(),
            entropy: &SystemEntropy,
            actor,
            origin: &self.origin,
            secrets: Secrets { seal: &self.seal, pepper: &self.pepper },
            longest_token: Duration::hours(1),
        }
    }

    /// How many audit events have this action.
    pub async fn told(&self, action: &str) -> usize {
        use portcullis::store::audit::{AuditQuery, list};
        let query =
            AuditQuery { action: Some(action.to_owned()), limit: 200, ..AuditQuery::default() };
        list(self.store.pool(), &query).await.unwrap().items.len()
    }
}

pub fn now() -> OffsetDateTime {
    let now = SystemClock.now();
    now.replace_microsecond(now.microsecond()).unwrap()
}

pub fn passwords() -> Passwords {
    Passwords::new(2, 100, Arc::new(SystemEntropy))
}

pub fn person(form: Value) -> NewUser {
    NewUser::parse(&serde_json::from_value::<UserForm>(form).unwrap()).unwrap()
}
