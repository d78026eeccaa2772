//! `sessions` that are bound to a key of the device.

use serde_json::Value;
use sqlx::PgExecutor;
use time::OffsetDateTime;
use uuid::Uuid;

use super::Result;
use super::error::{call, corrupt};
use crate::crypto::jwt::{Alg, PublicJwk};
use crate::crypto::secret::Fingerprint;

/// Binds the live, complete session of this cookie to `key`; false where it is not there or has a key.
pub async fn bind(
    db: impl PgExecutor<'_>,
    id: Uuid,
    cookie: &Fingerprint,
    key: &PublicJwk,
    now: OffsetDateTime,
) -> Result<bool> {
    let update = sqlx::query!(
        "update sessions set bound_key = $3, bound_at = $4
        where id = $1 and fingerprint = $2 and bound_key is null and stage = 'established'
            and ended_at is null and idle_ends_at > $4 and ends_at > $4",
        id,
        cookie.as_bytes().as_slice(),
        as_kept(key),
        now
    );
    Ok(call(update.execute(db)).await?.rows_affected() == 1)
}

/// A live session that is bound.
#[derive(Debug, Clone)]
pub struct Bound {
    /// The session.
    pub id: Uuid,
    /// Whose.
    pub user_id: Uuid,
    /// The device that it was begun on.
    pub device_id: Option<Uuid>,
    /// The key that it is bound to.
    pub key: PublicJwk,
}

/// The live, bound session of this cookie.
pub async fn find(
    db: impl PgExecutor<'_>,
    cookie: &Fingerprint,
    now: OffsetDateTime,
) -> Result<Option<Bound>> {
    let row = sqlx::query!(
        r#"select id, user_id, device_id, bound_key as "bound_key!" from sessions
        where fingerprint = $1 and bound_key is not null and ended_at is null
            and idle_ends_at > $2 and ends_at > $2"#,
        cookie.as_bytes().as_slice(),
        now
    );
    let Some(row) = call(row.fetch_optional(db)).await? else { return Ok(None) };
    let key = PublicJwk::parse(&row.bound_key).ok_or_else(|| corrupt("key of a session"))?;
    Ok(Some(Bound { id: row.id, user_id: row.user_id, device_id: row.device_id, key }))
}

/// Whether the session was bound after `since`.
pub async fn was_bound_since(
    db: impl PgExecutor<'_>,
    id: Uuid,
    since: OffsetDateTime,
) -> Result<bool> {
    let bound = sqlx::query_scalar!(
        r#"select exists(select from sessions where id = $1 and bound_at > $2) as "bound!""#,
        id,
        since
    );
    call(bound.fetch_one(db)).await
}

/// Whether the session is, or was while it lived, bound to a key; not where it is forgotten.
pub async fn has_key(db: impl PgExecutor<'_>, id: Uuid) -> Result<bool> {
    let found = sqlx::query_scalar!(
        r#"select exists(select from sessions where id = $1 and bound_key is not null) as "has!""#,
        id
    );
    call(found.fetch_one(db)).await
}

/// Whether the session lives and is bound.
pub async fn lives(db: impl PgExecutor<'_>, id: Uuid, now: OffsetDateTime) -> Result<bool> {
    let lives = sqlx::query_scalar!(
        r#"select exists(
            select from sessions
            where id = $1 and bound_key is not null and ended_at is null
                and idle_ends_at > $2 and ends_at > $2
        ) as "lives!""#,
        id,
        now
    );
    call(lives.fetch_one(db)).await
}

/// The public numbers and nothing else.
fn as_kept(key: &PublicJwk) -> Value {
    let alg = key.algs().first().copied().unwrap_or(Alg::Es256);
    key.to_value(alg, &key.thumbprint())
}
