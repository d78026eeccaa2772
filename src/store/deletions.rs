//! `account_deletions`: accounts that their owners want gone, and the end of them.

use sqlx::PgExecutor;
use time::OffsetDateTime;
use uuid::Uuid;

use super::Result;
use super::error::call;
use super::pool::Conn;

/// An account that is to be deleted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Deletion {
    /// Whose.
    pub user_id: Uuid,
    /// Since when its owner wants it.
    pub requested_at: OffsetDateTime,
    /// From when it is gone.
    pub erases_at: OffsetDateTime,
}

/// Whether the account is to be deleted.
pub async fn find(db: impl PgExecutor<'_>, user_id: Uuid) -> Result<Option<Deletion>> {
    let row = sqlx::query_as!(
        Deletion,
        "select user_id, requested_at, erases_at from account_deletions where user_id = $1",
        user_id
    );
    call(row.fetch_optional(db)).await
}

/// Notes that the account is to be deleted; what was asked for first holds.
pub async fn insert(db: impl PgExecutor<'_>, deletion: &Deletion) -> Result<bool> {
    let insert = sqlx::query!(
        "insert into account_deletions (user_id, requested_at, erases_at) values ($1, $2, $3)
        on conflict (user_id) do nothing",
        deletion.user_id,
        deletion.requested_at,
        deletion.erases_at
    );
    Ok(call(insert.execute(db)).await?.rows_affected() == 1)
}

/// Keeps the account after all; false where it was not to be deleted, or its time has come.
pub async fn cancel(db: impl PgExecutor<'_>, user_id: Uuid, now: OffsetDateTime) -> Result<bool> {
    let delete = sqlx::query!(
        "delete from account_deletions where user_id = $1 and erases_at > $2",
        user_id,
        now
    );
    Ok(call(delete.execute(db)).await?.rows_affected() == 1)
}

/// One account whose time has come.
pub async fn find_due(db: impl PgExecutor<'_>, now: OffsetDateTime) -> Result<Option<Deletion>> {
    let row = sqlx::query_as!(
        Deletion,
        "select user_id, requested_at, erases_at from account_deletions
        where erases_at <= $1
        order by erases_at, user_id
        limit 1",
        now
    );
    call(row.fetch_optional(db)).await
}

/// That account, locked until the transaction ends; nothing where it is gone or kept meanwhile.
pub async fn hold_due(
    conn: &mut Conn,
    user_id: Uuid,
    now: OffsetDateTime,
) -> Result<Option<Deletion>> {
    let row = sqlx::query_as!(
        Deletion,
        "select user_id, requested_at, erases_at from account_deletions
        where user_id = $1 and erases_at <= $2
        for update",
        user_id,
        now
    );
    call(row.fetch_optional(conn)).await
}

/// Removes the account with all that hangs on it, and the mails to its address.
pub async fn erase(conn: &mut Conn, user_id: Uuid) -> Result<bool> {
    let mails = sqlx::query!(
        "delete from mails where lower(recipient) = (select lower(email) from users where id = $1)",
        user_id
    );
    call(mails.execute(&mut *conn)).await?;
    let delete = sqlx::query!("delete from users where id = $1", user_id);
    Ok(call(delete.execute(conn)).await?.rows_affected() == 1)
}
