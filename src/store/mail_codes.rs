//! `mail_codes`: one live code for each sign-in, kept as a MAC, good once.

use sqlx::PgExecutor;
use time::OffsetDateTime;
use uuid::Uuid;

use super::Result;
use super::error::call;
use crate::crypto::secret::Fingerprint;

/// A code that was sent.
#[derive(Debug, Clone)]
pub struct MailCode<'a> {
    /// The sign-in that it may complete.
    pub session_id: Uuid,
    /// Whose.
    pub user_id: Uuid,
    /// A MAC of the code, its owner and its session.
    pub code: Fingerprint,
    /// Where it was sent.
    pub email: &'a str,
    /// When.
    pub created_at: OffsetDateTime,
    /// Until when it counts.
    pub expires_at: OffsetDateTime,
}

/// Makes `code` the only live one of its sign-in.
pub async fn put(db: impl PgExecutor<'_>, code: &MailCode<'_>) -> Result<()> {
    let put = sqlx::query!(
        "insert into mail_codes (session_id, user_id, code_hash, email, created_at, expires_at)
        values ($1, $2, $3, $4, $5, $6)
        on conflict (session_id) do update set user_id = excluded.user_id,
            code_hash = excluded.code_hash, email = excluded.email,
            created_at = excluded.created_at, expires_at = excluded.expires_at",
        code.session_id,
        code.user_id,
        code.code.as_bytes().as_slice(),
        code.email,
        code.created_at,
        code.expires_at
    );
    call(put.execute(db)).await.map(drop)
}

/// What a code must match to be spent.
#[derive(Debug, Clone)]
pub struct Presented<'a> {
    /// The sign-in in which it is given.
    pub session_id: Uuid,
    /// Whose sign-in.
    pub user_id: Uuid,
    /// A MAC of what was typed.
    pub code: &'a Fingerprint,
    /// When.
    pub now: OffsetDateTime,
}

/// Uses up the code: true for exactly one of those who try. It counts only while the address that it
/// was sent to is still the account's, and verified.
pub async fn spend(db: impl PgExecutor<'_>, presented: &Presented<'_>) -> Result<bool> {
    let spend = sqlx::query!(
        "delete from mail_codes c using users u
        where c.session_id = $1 and c.user_id = $2 and c.code_hash = $3 and c.expires_at > $4
            and u.id = c.user_id and u.email_verified and lower(u.email) = lower(c.email)",
        presented.session_id,
        presented.user_id,
        presented.code.as_bytes().as_slice(),
        presented.now
    );
    Ok(call(spend.execute(db)).await?.rows_affected() == 1)
}

/// Whether a live code was sent for this sign-in.
pub async fn is_sent(
    db: impl PgExecutor<'_>,
    session_id: Uuid,
    now: OffsetDateTime,
) -> Result<bool> {
    let sent = sqlx::query_scalar!(
        r#"select exists(
            select from mail_codes where session_id = $1 and expires_at > $2
        ) as "sent!""#,
        session_id,
        now
    );
    call(sent.fetch_one(db)).await
}
