//! `setup_links`: the one-time door to the first administrator.

use sqlx::PgExecutor;
use time::OffsetDateTime;

use super::Result;
use super::error::call;
use crate::crypto::secret::Fingerprint;

/// Makes a link; those before it are dead.
pub async fn insert(
    db: impl PgExecutor<'_>,
    link: &Fingerprint,
    now: OffsetDateTime,
    expires_at: OffsetDateTime,
) -> Result<()> {
    let insert = sqlx::query!(
        "with dead as (delete from setup_links where fingerprint <> $1)
        insert into setup_links (fingerprint, created_at, expires_at) values ($1, $2, $3)",
        link.as_bytes().as_slice(),
        now,
        expires_at
    );
    call(insert.execute(db)).await.map(drop)
}

/// Whether the link would open the door now.
pub async fn is_live(
    db: impl PgExecutor<'_>,
    link: &Fingerprint,
    now: OffsetDateTime,
) -> Result<bool> {
    let live = sqlx::query_scalar!(
        r#"select exists (
            select 1 from setup_links where fingerprint = $1 and used_at is null and expires_at > $2
        ) as "live!""#,
        link.as_bytes().as_slice(),
        now
    );
    call(live.fetch_one(db)).await
}

/// Uses the link up: true for exactly one of those who try.
pub async fn spend(
    db: impl PgExecutor<'_>,
    link: &Fingerprint,
    now: OffsetDateTime,
) -> Result<bool> {
    let spend = sqlx::query!(
        "update setup_links set used_at = $2
        where fingerprint = $1 and used_at is null and expires_at > $2",
        link.as_bytes().as_slice(),
        now
    );
    Ok(call(spend.execute(db)).await?.rows_affected() == 1)
}
