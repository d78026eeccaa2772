//! What was added to an account since an instant, taken away again in one statement: for its owner, who
//! says that it was not they who did.

use sqlx::PgExecutor;
use time::OffsetDateTime;
use uuid::Uuid;

use super::Result;
use super::error::call;

/// What was taken away.
#[derive(Debug, Clone, Default)]
pub struct Undone {
    /// The names of keys and authenticators.
    pub factors: Vec<String>,
    /// How many recovery codes.
    pub recovery_codes: i64,
    /// Whether the account was to be deleted.
    pub deletion: bool,
}

/// Removes the keys, authenticators and recovery codes that were made at or after `since`, and a
/// deletion that was asked for then. Where no factor is left, the recovery codes go too: they stand in
/// for one, and are none by themselves.
pub async fn remove_since(
    db: impl PgExecutor<'_>,
    user_id: Uuid,
    since: OffsetDateTime,
) -> Result<Undone> {
    let row = sqlx::query!(
        r#"with keys as (
            delete from webauthn_keys where user_id = $1 and created_at >= $2 returning label
        ), others as (
            delete from factors where user_id = $1 and created_at >= $2 returning label
        ), kept as (
            select exists (select from webauthn_keys where user_id = $1 and created_at < $2)
                or exists (select from factors
                    where user_id = $1 and created_at < $2 and confirmed_at is not null) as any
        ), codes as (
            delete from recovery_codes using kept
            where user_id = $1 and (created_at >= $2 or not kept.any) returning 1
        ), deletion as (
            delete from account_deletions where user_id = $1 and requested_at >= $2 returning 1
        )
        select array(select label from keys union all select label from others) as "factors!",
            (select count(*) from codes) as "recovery_codes!",
            exists (select from deletion) as "deletion!""#,
        user_id,
        since
    );
    let row = call(row.fetch_one(db)).await?;
    Ok(Undone { factors: row.factors, recovery_codes: row.recovery_codes, deletion: row.deletion })
}
