//! `settings`: what administrators decide, as JSON by name. Every write tells the feed.

use serde_json::Value;
use sqlx::PgExecutor;
use time::OffsetDateTime;

use super::Result;
use super::error::call;

/// The setting, where somebody made one.
pub async fn find(db: impl PgExecutor<'_>, key: &str) -> Result<Option<Value>> {
    let value = sqlx::query_scalar!("select value from settings where key = $1", key);
    call(value.fetch_optional(db)).await
}

/// Every setting, by name.
pub async fn all(db: impl PgExecutor<'_>) -> Result<Vec<(String, Value)>> {
    let rows = sqlx::query!("select key, value from settings order by key");
    Ok(call(rows.fetch_all(db)).await?.into_iter().map(|row| (row.key, row.value)).collect())
}

/// Makes or replaces a setting.
pub async fn set(
    db: impl PgExecutor<'_>,
    key: &str,
    value: &Value,
    now: OffsetDateTime,
) -> Result<()> {
    let upsert = sqlx::query!(
        "with told as (insert into feed (kind, subject) values ('settings', $1))
        insert into settings (key, value, updated_at) values ($1, $2, $3)
        on conflict (key) do update set value = excluded.value, updated_at = excluded.updated_at",
        key,
        value,
        now
    );
    call(upsert.execute(db)).await.map(drop)
}

/// Makes a setting where there is none; false where there was one.
pub async fn insert(
    db: impl PgExecutor<'_>,
    key: &str,
    value: &Value,
    now: OffsetDateTime,
) -> Result<bool> {
    let insert = sqlx::query_scalar!(
        "with made as (
            insert into settings (key, value, updated_at) values ($1, $2, $3)
            on conflict (key) do nothing
            returning key
        )
        insert into feed (kind, subject) select 'settings', key from made",
        key,
        value,
        now
    );
    Ok(call(insert.execute(db)).await?.rows_affected() == 1)
}
