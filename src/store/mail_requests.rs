//! `mail_requests`: what was asked for in forms that answer everybody alike. Whoever writes one does
//! the same work whether the name is anybody's or nobody's (SECURITY.md PW-08).

use std::net::IpAddr;

use sqlx::PgExecutor;
use time::OffsetDateTime;
use uuid::Uuid;

use super::error::{call, corrupt};
use super::{Result, StoreError};
use crate::identity::language::Language;
use crate::identity::link::Purpose;

/// A request for a mail.
#[derive(Debug, Clone)]
pub struct MailRequest {
    /// The row.
    pub id: Uuid,
    /// Which link the mail is to hold.
    pub purpose: Purpose,
    /// The user name or address that was typed.
    pub login: String,
    /// From where.
    pub address: Option<IpAddr>,
    /// What the browser calls itself.
    pub user_agent: String,
    /// In which language.
    pub language: Language,
    /// When.
    pub created_at: OffsetDateTime,
}

/// Writes a request.
pub async fn insert(db: impl PgExecutor<'_>, request: &MailRequest) -> Result<()> {
    let insert = sqlx::query!(
        "insert into mail_requests (id, purpose, login, address, user_agent, language,
            created_at)
        values ($1, $2, $3, $4, $5, $6, $7)",
        request.id,
        request.purpose.as_str(),
        request.login,
        request.address as _,
        request.user_agent,
        request.language.tag(),
        request.created_at
    );
    call(insert.execute(db)).await.map(drop)
}

/// Takes the oldest request that nobody else is at; it is gone with the caller's transaction.
pub async fn take(db: impl PgExecutor<'_>) -> Result<Option<MailRequest>> {
    let row = sqlx::query_as!(
        Row,
        r#"delete from mail_requests where id = (
            select id from mail_requests order by id limit 1 for update skip locked)
        returning id, purpose, login, address as "address: IpAddr", user_agent, language,
            created_at"#
    );
    call(row.fetch_optional(db)).await?.map(MailRequest::try_from).transpose()
}

/// Drops the request with this id, which cannot be answered.
pub async fn drop_one(db: impl PgExecutor<'_>, id: Uuid) -> Result<()> {
    let delete = sqlx::query!("delete from mail_requests where id = $1", id);
    call(delete.execute(db)).await.map(drop)
}

/// Deletes `limit` requests that were written before `before`.
pub async fn sweep(db: impl PgExecutor<'_>, before: OffsetDateTime, limit: i64) -> Result<u64> {
    let delete = sqlx::query!(
        "delete from mail_requests where id in (
            select id from mail_requests where created_at < $1 limit $2 for update skip locked)",
        before,
        limit
    );
    Ok(call(delete.execute(db)).await?.rows_affected())
}

struct Row {
    id: Uuid,
    purpose: String,
    login: String,
    address: Option<IpAddr>,
    user_agent: String,
    language: String,
    created_at: OffsetDateTime,
}

impl TryFrom<Row> for MailRequest {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self> {
        Ok(Self {
            id: row.id,
            purpose: Purpose::parse(&row.purpose).ok_or_else(|| corrupt("purpose of a request"))?,
            login: row.login,
            address: row.address,
            user_agent: row.user_agent,
            language: Language::of_tag(&row.language).unwrap_or_default(),
            created_at: row.created_at,
        })
    }
}
