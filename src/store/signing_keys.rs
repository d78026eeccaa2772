//! `signing_keys`: sealed, with the times that say which state each is in. Every write tells the feed.

use sqlx::PgExecutor;
use time::OffsetDateTime;

use super::error::call;
use super::pool::Conn;
use super::rows::alg;
use super::{Result, StoreError};
use crate::crypto::jwt::Alg;

/// The advisory lock of those who make or retire keys.
const LOCK: i64 = 0x706f_7274_6b65_7973;

/// What the sealed bytes of a key are bound to, besides its `kid`.
pub const KEY_PURPOSE: &str = "signing-key";

/// A signing key as stored.
#[derive(Debug, Clone)]
pub struct StoredKey {
    /// Its RFC 7638 thumbprint.
    pub kid: String,
    /// What it signs with.
    pub alg: Alg,
    /// As the JWKS shows it.
    pub public_jwk: serde_json::Value,
    /// The sealed PKCS#8.
    pub sealed: Vec<u8>,
    /// When it was made.
    pub created_at: OffsetDateTime,
    /// Its life.
    pub times: KeyTimes,
}

/// When a key changes its state: next, active, retiring, gone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KeyTimes {
    /// From when it signs.
    pub activates_at: OffsetDateTime,
    /// From when it signs no more, but is published.
    pub retires_at: Option<OffsetDateTime>,
    /// From when it is not even published.
    pub removed_at: Option<OffsetDateTime>,
}

/// Waits until nobody else makes or retires keys, and keeps it so until the transaction ends.
pub async fn hold(conn: &mut Conn) -> Result<()> {
    let lock = sqlx::query!(r#"select pg_advisory_xact_lock($1)::text as "held""#, LOCK);
    call(lock.fetch_one(conn)).await.map(drop)
}

/// Every key, oldest first, also those gone but not swept.
pub async fn all(db: impl PgExecutor<'_>) -> Result<Vec<StoredKey>> {
    let rows = sqlx::query_as!(
        Row,
        "select kid, alg, public_jwk, sealed, created_at, activates_at, retires_at, removed_at
        from signing_keys
        order by created_at, kid"
    );
    call(rows.fetch_all(db)).await?.into_iter().map(StoredKey::try_from).collect()
}

/// Stores a new key.
pub async fn insert(db: impl PgExecutor<'_>, key: &StoredKey) -> Result<()> {
    let insert = sqlx::query!(
        "with told as (insert into feed (kind, subject) values ('key', $1))
        insert into signing_keys (kid, alg, public_jwk, sealed, created_at, activates_at, retires_at,
            removed_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8)",
        key.kid,
        key.alg.as_str(),
        key.public_jwk,
        key.sealed,
        key.created_at,
        key.times.activates_at,
        key.times.retires_at,
        key.times.removed_at
    );
    call(insert.execute(db)).await.map(drop)
}

/// Replaces a key's times.
pub async fn set_times(db: impl PgExecutor<'_>, kid: &str, times: KeyTimes) -> Result<bool> {
    let update = sqlx::query!(
        "with told as (insert into feed (kind, subject) values ('key', $1))
        update signing_keys set activates_at = $2, retires_at = $3, removed_at = $4 where kid = $1",
        kid,
        times.activates_at,
        times.retires_at,
        times.removed_at
    );
    Ok(call(update.execute(db)).await?.rows_affected() == 1)
}

struct Row {
    kid: String,
    alg: String,
    public_jwk: serde_json::Value,
    sealed: Vec<u8>,
    created_at: OffsetDateTime,
    activates_at: OffsetDateTime,
    retires_at: Option<OffsetDateTime>,
    removed_at: Option<OffsetDateTime>,
}

impl TryFrom<Row> for StoredKey {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self> {
        Ok(Self {
            kid: row.kid,
            alg: alg(&row.alg)?,
            public_jwk: row.public_jwk,
            sealed: row.sealed,
            created_at: row.created_at,
            times: KeyTimes {
                activates_at: row.activates_at,
                retires_at: row.retires_at,
                removed_at: row.removed_at,
            },
        })
    }
}
