//! `mails`: the outbox. A mail is written with what it tells of, and sent afterwards.

use sqlx::PgExecutor;
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

use super::Result;
use super::error::call;

/// A mail, sent or not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mail {
    /// The row.
    pub id: Uuid,
    /// To whom.
    pub recipient: String,
    /// Its subject line.
    pub subject: String,
    /// Its body as text.
    pub text_body: String,
    /// Its body as HTML.
    pub html_body: String,
    /// When it was written.
    pub created_at: OffsetDateTime,
    /// How often it was tried.
    pub tries: i32,
    /// When a server took it.
    pub sent_at: Option<OffsetDateTime>,
    /// What the server said the last time that it did not.
    pub last_error: Option<String>,
}

/// Writes a mail, to be sent at once.
pub async fn insert(db: impl PgExecutor<'_>, mail: &Mail) -> Result<()> {
    let insert = sqlx::query!(
        "insert into mails (id, recipient, subject, text_body, html_body, created_at, next_try_at,
            tries, sent_at, last_error)
        values ($1, $2, $3, $4, $5, $6, $6, $7, $8, $9)",
        mail.id,
        mail.recipient,
        mail.subject,
        mail.text_body,
        mail.html_body,
        mail.created_at,
        mail.tries,
        mail.sent_at,
        mail.last_error
    );
    call(insert.execute(db)).await.map(drop)
}

/// Takes up to `limit` mails that are due. They are the caller's for `lease`; one that it neither
/// sends nor fails by then (a crash) is due again.
pub async fn take_due(
    db: impl PgExecutor<'_>,
    now: OffsetDateTime,
    lease: Duration,
    limit: i64,
) -> Result<Vec<Mail>> {
    let take = sqlx::query_as!(
        Mail,
        "update mails set next_try_at = $2, tries = tries + 1
        where id in (
            select id from mails where sent_at is null and next_try_at <= $1
            order by next_try_at
            limit $3
            for update skip locked
        )
        returning id, recipient, subject, text_body, html_body, created_at, tries, sent_at, last_error",
        now,
        now + lease,
        limit
    );
    call(take.fetch_all(db)).await
}

/// Notes that a server took the mail.
pub async fn mark_sent(db: impl PgExecutor<'_>, id: Uuid, now: OffsetDateTime) -> Result<bool> {
    let update = sqlx::query!(
        "update mails set sent_at = $2, last_error = null where id = $1 and sent_at is null",
        id,
        now
    );
    Ok(call(update.execute(db)).await?.rows_affected() == 1)
}

/// Notes that no server took the mail, and when to try again.
pub async fn mark_failed(
    db: impl PgExecutor<'_>,
    id: Uuid,
    error: &str,
    next_try_at: OffsetDateTime,
) -> Result<bool> {
    let update = sqlx::query!(
        "update mails set last_error = $2, next_try_at = $3 where id = $1 and sent_at is null",
        id,
        error,
        next_try_at
    );
    Ok(call(update.execute(db)).await?.rows_affected() == 1)
}

/// The newest mails, for the development inbox.
pub async fn latest(db: impl PgExecutor<'_>, limit: i64) -> Result<Vec<Mail>> {
    let rows = sqlx::query_as!(
        Mail,
        "select id, recipient, subject, text_body, html_body, created_at, tries, sent_at, last_error
        from mails
        order by id desc
        limit $1",
        limit
    );
    call(rows.fetch_all(db)).await
}

/// One mail.
pub async fn find(db: impl PgExecutor<'_>, id: Uuid) -> Result<Option<Mail>> {
    let row = sqlx::query_as!(
        Mail,
        "select id, recipient, subject, text_body, html_body, created_at, tries, sent_at, last_error
        from mails where id = $1",
        id
    );
    call(row.fetch_optional(db)).await
}
