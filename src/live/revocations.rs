//! The live revocations: which access tokens are dead before they expire.

use std::collections::HashMap;
use std::sync::{PoisonError, RwLock};

use time::{Duration, OffsetDateTime};
use uuid::Uuid;

use crate::live::Live;
use crate::protocol::client::ClientId;
use crate::protocol::token::TokenId;
use crate::store::revocations::{self, Revocation, RevocationKind};
use crate::store::{Store, StoreError};

/// A client's tokens issued this long after its revocation are dead too: two nodes' clocks may
/// differ by so much, and a token too many refused is better than one let through.
const SKEW: Duration = Duration::seconds(2);

/// What is dead, by what it is called.
#[derive(Default)]
struct Dead {
    tokens: HashMap<String, OffsetDateTime>,
    grants: HashMap<Uuid, OffsetDateTime>,
    clients: HashMap<String, (OffsetDateTime, OffsetDateTime)>,
}

impl Dead {
    fn add(&mut self, row: Revocation) {
        match row.kind {
            RevocationKind::Token => {
                self.tokens.insert(row.subject, row.expires_at);
            }
            RevocationKind::Grant => {
                if let Ok(grant) = Uuid::parse_str(&row.subject) {
                    self.grants.insert(grant, row.expires_at);
                }
            }
            RevocationKind::Client => {
                let known =
                    self.clients.entry(row.subject).or_insert((row.revoked_at, row.expires_at));
                *known = (known.0.max(row.revoked_at), known.1.max(row.expires_at));
            }
        }
    }

    fn has(&self, token: &TokenId, client: &ClientId) -> bool {
        if self.tokens.is_empty() && self.grants.is_empty() && self.clients.is_empty() {
            return false;
        }
        let client_died = self.clients.get(client.as_str()).map(|(at, _)| *at);
        token.grant_id.is_some_and(|grant| self.grants.contains_key(&grant))
            || client_died.is_some_and(|at| {
                i128::from(token.issued_at_ms()) * 1_000_000 <= (at + SKEW).unix_timestamp_nanos()
            })
            || self.tokens.contains_key(&token.to_string())
    }

    fn drop_expired(&mut self, now: OffsetDateTime) {
        self.tokens.retain(|_, end| *end > now);
        self.grants.retain(|_, end| *end > now);
        self.clients.retain(|_, (_, end)| *end > now);
    }
}

/// This node's copy of the revocation list.
#[derive(Default)]
pub struct Revocations(RwLock<Dead>);

impl Revocations {
    /// Replaces the copy by what Postgres holds.
    pub async fn load(&self, store: &Store) -> Result<(), StoreError> {
        let rows = revocations::live(store.pool()).await?;
        let mut dead = Dead::default();
        for row in rows {
            dead.add(row);
        }
        let mut held = self.0.write().unwrap_or_else(PoisonError::into_inner);
        // Rows learnt from the feed while the snapshot was read stay: a revocation is final.
        dead.tokens.extend(held.tokens.drain());
        dead.grants.extend(held.grants.drain());
        for (client, (at, end)) in held.clients.drain() {
            let known = dead.clients.entry(client).or_insert((at, end));
            *known = (known.0.max(at), known.1.max(end));
        }
        *held = dead;
        Ok(())
    }

    /// Adds the rows that the feed named.
    pub async fn learn(&self, store: &Store, ids: &[Uuid]) -> Result<(), StoreError> {
        let rows = revocations::by_ids(store.pool(), ids).await?;
        let mut held = self.0.write().unwrap_or_else(PoisonError::into_inner);
        for row in rows {
            held.add(row);
        }
        Ok(())
    }

    /// Forgets what has expired anyway.
    pub fn sweep(&self, now: OffsetDateTime) {
        self.0.write().unwrap_or_else(PoisonError::into_inner).drop_expired(now);
    }

    fn has(&self, token: &TokenId, client: &ClientId) -> bool {
        self.0.read().unwrap_or_else(PoisonError::into_inner).has(token, client)
    }
}

impl Live {
    /// Whether an access token was revoked, itself or with its grant or client.
    ///
    /// # Errors
    /// Where the feed is late and Postgres does not answer.
    pub async fn is_revoked(&self, token: &TokenId, client: &ClientId) -> Result<bool, StoreError> {
        if self.revocations.has(token, client) {
            return Ok(true);
        }
        if self.is_fresh() {
            return Ok(false);
        }
        let rows = {
            let grant = token.grant_id.map(|id| id.to_string()).unwrap_or_default();
            let store = self.store.pool();
            revocations::touching(store, &token.to_string(), &grant, client.as_str()).await?
        };
        let mut dead = Dead::default();
        for row in rows {
            dead.add(row);
        }
        Ok(dead.has(token, client))
    }

    /// Makes this node the first to know of revocations that it has just committed.
    ///
    /// # Errors
    /// Where Postgres does not answer: they are revoked, but we cannot say so yet.
    pub async fn learn_revocations(&self, ids: &[Uuid]) -> Result<(), StoreError> {
        if ids.is_empty() {
            return Ok(());
        }
        self.revocations.learn(&self.store, ids).await
    }

    /// Reads the whole list again, after a change that may have made many.
    ///
    /// # Errors
    /// Where Postgres does not answer.
    pub async fn reload_revocations(&self) -> Result<(), StoreError> {
        self.revocations.load(&self.store).await
    }

    /// Forgets revocations whose tokens have all expired.
    pub fn sweep_revocations(&self, now: OffsetDateTime) {
        self.revocations.sweep(now);
    }
}
