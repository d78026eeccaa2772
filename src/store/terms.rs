//! `terms_acceptances`: which terms a person accepted, and when.

use sqlx::PgExecutor;
use time::OffsetDateTime;
use uuid::Uuid;

use super::Result;
use super::error::call;

/// Notes that the person accepted this version; the first time counts.
pub async fn accept(
    db: impl PgExecutor<'_>,
    user_id: Uuid,
    version: &str,
    now: OffsetDateTime,
) -> Result<()> {
    let insert = sqlx::query!(
        "insert into terms_acceptances (user_id, version, accepted_at) values ($1, $2, $3)
        on conflict do nothing",
        user_id,
        version,
        now
    );
    call(insert.execute(db)).await.map(drop)
}

/// What the person accepted, newest first.
pub async fn list(db: impl PgExecutor<'_>, user_id: Uuid) -> Result<Vec<(String, OffsetDateTime)>> {
    let rows = sqlx::query!(
        "select version, accepted_at from terms_acceptances where user_id = $1
        order by accepted_at desc",
        user_id
    );
    Ok(call(rows.fetch_all(db))
        .await?
        .into_iter()
        .map(|row| (row.version, row.accepted_at))
        .collect())
}
