//! `pushed_requests`: authorization requests that clients sent themselves (RFC 9126), by the SHA-256
//! of their `request_uri`.

use sqlx::PgExecutor;
use time::OffsetDateTime;

use super::error::call;
use super::rows::client_id;
use super::{Result, StoreError};
use crate::crypto::secret::Fingerprint;
use crate::protocol::client::ClientId;
use crate::protocol::pushed::PushedRequest;

/// Stores a request.
pub async fn insert(
    db: impl PgExecutor<'_>,
    sha256: &Fingerprint,
    request: &PushedRequest,
    now: OffsetDateTime,
) -> Result<()> {
    let insert = sqlx::query!(
        "insert into pushed_requests (sha256, client_id, query, expires_at, created_at)
        values ($1, $2, $3, $4, $5)",
        sha256.as_bytes().as_slice(),
        request.client_id.as_str(),
        request.query,
        request.expires_at,
        now
    );
    call(insert.execute(db)).await.map(drop)
}

/// The request, which is brought here at `now`, unless a code was issued for it or it was swept.
pub async fn open(
    db: impl PgExecutor<'_>,
    sha256: &Fingerprint,
    now: OffsetDateTime,
) -> Result<Option<PushedRequest>> {
    let row = sqlx::query_as!(
        Row,
        r#"with opened as (
            update pushed_requests set opened_at = $2
            where sha256 = $1 and opened_at is null and expires_at > $2
        )
        select client_id, query, expires_at from pushed_requests where sha256 = $1"#,
        sha256.as_bytes().as_slice(),
        now
    );
    call(row.fetch_optional(db)).await?.map(PushedRequest::try_from).transpose()
}

/// Uses the request up, as a code is issued for it: true for exactly one of those who try (RFC 9126
/// §7.3).
pub async fn spend(
    db: impl PgExecutor<'_>,
    sha256: &Fingerprint,
    client_id: &ClientId,
) -> Result<bool> {
    let delete = sqlx::query!(
        "delete from pushed_requests where sha256 = $1 and client_id = $2",
        sha256.as_bytes().as_slice(),
        client_id.as_str()
    );
    Ok(call(delete.execute(db)).await?.rows_affected() == 1)
}

/// Forgets at most `limit` that were over before `before`.
pub(super) async fn sweep(
    db: impl PgExecutor<'_>,
    before: OffsetDateTime,
    limit: i64,
) -> Result<u64> {
    let delete = sqlx::query!(
        "delete from pushed_requests where sha256 in (
            select sha256 from pushed_requests where expires_at < $1 limit $2 for update skip locked)",
        before,
        limit
    );
    Ok(call(delete.execute(db)).await?.rows_affected())
}

/// [`sweep`] those that no browser brought.
pub(super) async fn sweep_unopened(
    db: impl PgExecutor<'_>,
    before: OffsetDateTime,
    limit: i64,
) -> Result<u64> {
    let delete = sqlx::query!(
        "delete from pushed_requests where sha256 in (
            select sha256 from pushed_requests where expires_at < $1 and opened_at is null
            limit $2 for update skip locked)",
        before,
        limit
    );
    Ok(call(delete.execute(db)).await?.rows_affected())
}

struct Row {
    client_id: String,
    query: String,
    expires_at: OffsetDateTime,
}

impl TryFrom<Row> for PushedRequest {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self> {
        let client_id = client_id(&row.client_id)?;
        Ok(Self { client_id, query: row.query, expires_at: row.expires_at })
    }
}
