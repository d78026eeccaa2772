//! `mail_links`: links in mails, each spent by one statement.

use serde_json::Value;
use sqlx::PgExecutor;
use time::OffsetDateTime;
use uuid::Uuid;

use super::error::{call, corrupt};
use super::rows::fingerprint;
use super::{Result, StoreError};
use crate::crypto::secret::Fingerprint;
use crate::identity::link::Purpose;

/// A link.
#[derive(Debug, Clone)]
pub struct Link {
    /// The row.
    pub id: Uuid,
    /// SHA-256 of its secret.
    pub fingerprint: Fingerprint,
    /// What it opens.
    pub purpose: Purpose,
    /// Whose account it is about; none where it makes one.
    pub user_id: Option<Uuid>,
    /// The address that it was sent to.
    pub address: String,
    /// What else it carries: a JSON object.
    pub details: Value,
    /// When it was made.
    pub created_at: OffsetDateTime,
    /// When it stops to be good.
    pub expires_at: OffsetDateTime,
}

/// Makes a link. One that was live for the same purpose and person is dead by it, in the same
/// statement; links in notices are dead by nothing.
pub async fn insert(db: impl PgExecutor<'_>, link: &Link) -> Result<()> {
    let insert = sqlx::query!(
        "insert into mail_links (id, fingerprint, purpose, user_id, address, details, created_at,
            expires_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8)
        on conflict (purpose, (coalesce(user_id::text, lower(address))))
            where used_at is null and purpose <> 'disown'
        do update set fingerprint = excluded.fingerprint, address = excluded.address,
            details = excluded.details, created_at = excluded.created_at,
            expires_at = excluded.expires_at",
        link.id,
        link.fingerprint.as_bytes().as_slice(),
        link.purpose.as_str(),
        link.user_id,
        link.address,
        link.details,
        link.created_at,
        link.expires_at
    );
    call(insert.execute(db)).await.map(drop)
}

/// The link, where it would open its door now.
pub async fn find(
    db: impl PgExecutor<'_>,
    secret: &Fingerprint,
    purpose: Purpose,
    now: OffsetDateTime,
) -> Result<Option<Link>> {
    let row = sqlx::query_as!(
        Row,
        "select id, fingerprint, purpose, user_id, address, details, created_at, expires_at
        from mail_links l
        where fingerprint = $1 and purpose = $2 and used_at is null and expires_at > $3
            and (user_id is null or exists (
                select 1 from users u where u.id = l.user_id and u.disabled_at is null))",
        secret.as_bytes().as_slice(),
        purpose.as_str(),
        now
    );
    call(row.fetch_optional(db)).await?.map(Link::try_from).transpose()
}

/// Uses the link up: it is returned to exactly one of those who try. A disabled account's is dead.
pub async fn spend(
    db: impl PgExecutor<'_>,
    secret: &Fingerprint,
    purpose: Purpose,
    now: OffsetDateTime,
) -> Result<Option<Link>> {
    let row = sqlx::query_as!(
        Row,
        "update mail_links l set used_at = $3
        where fingerprint = $1 and purpose = $2 and used_at is null and expires_at > $3
            and (user_id is null or exists (
                select 1 from users u where u.id = l.user_id and u.disabled_at is null))
        returning id, fingerprint, purpose, user_id, address, details, created_at, expires_at",
        secret.as_bytes().as_slice(),
        purpose.as_str(),
        now
    );
    call(row.fetch_optional(db)).await?.map(Link::try_from).transpose()
}

/// The live links that make accounts by invitation, newest first, 200 at most.
pub async fn invitations(db: impl PgExecutor<'_>, now: OffsetDateTime) -> Result<Vec<Link>> {
    let rows = sqlx::query_as!(
        Row,
        "select id, fingerprint, purpose, user_id, address, details, created_at, expires_at
        from mail_links
        where purpose = 'invite' and used_at is null and expires_at > $1
        order by id desc
        limit 200",
        now
    );
    call(rows.fetch_all(db)).await?.into_iter().map(Link::try_from).collect()
}

/// The live invitation of `address`.
pub async fn invitation_of(
    db: impl PgExecutor<'_>,
    address: &str,
    now: OffsetDateTime,
) -> Result<Option<Link>> {
    let row = sqlx::query_as!(
        Row,
        "select id, fingerprint, purpose, user_id, address, details, created_at, expires_at
        from mail_links
        where purpose = 'invite' and lower(address) = lower($1) and used_at is null
            and expires_at > $2
        for update",
        address,
        now
    );
    call(row.fetch_optional(db)).await?.map(Link::try_from).transpose()
}

/// A link as its owner sees it: never its secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SentLink {
    /// What it opens.
    pub purpose: String,
    /// The address that it was sent to.
    pub address: String,
    /// When it was made.
    pub created_at: OffsetDateTime,
    /// When it stops to be good.
    pub expires_at: OffsetDateTime,
    /// When it was used.
    pub used_at: Option<OffsetDateTime>,
}

/// The links about the person's account that are kept, newest first, 200 at most.
pub async fn list(db: impl PgExecutor<'_>, user_id: Uuid) -> Result<Vec<SentLink>> {
    let rows = sqlx::query_as!(
        SentLink,
        "select purpose, address, created_at, expires_at, used_at
        from mail_links
        where user_id = $1
        order by id desc
        limit 200",
        user_id
    );
    call(rows.fetch_all(db)).await
}

/// Takes an invitation back; the address that it was sent to.
pub async fn withdraw(db: impl PgExecutor<'_>, id: Uuid) -> Result<Option<String>> {
    let delete = sqlx::query_scalar!(
        "delete from mail_links where id = $1 and purpose = 'invite' and used_at is null
        returning address",
        id
    );
    call(delete.fetch_optional(db)).await
}

/// Kills the links of the person that are not spent, but those by which they say that something was not
/// they ([`Purpose::dies_with_credentials`]).
pub async fn kill_under_way(db: impl PgExecutor<'_>, user_id: Uuid) -> Result<()> {
    let delete = sqlx::query!(
        "delete from mail_links where user_id = $1 and used_at is null and purpose <> 'disown'",
        user_id
    );
    call(delete.execute(db)).await.map(drop)
}

/// Kills every link of the person that is not spent.
pub async fn kill_all(db: impl PgExecutor<'_>, user_id: Uuid) -> Result<()> {
    let delete =
        sqlx::query!("delete from mail_links where user_id = $1 and used_at is null", user_id);
    call(delete.execute(db)).await.map(drop)
}

/// Deletes `limit` links that were over before `before`.
pub async fn sweep(db: impl PgExecutor<'_>, before: OffsetDateTime, limit: i64) -> Result<u64> {
    let delete = sqlx::query!(
        "delete from mail_links where id in (
            select id from mail_links where expires_at < $1 limit $2 for update skip locked)",
        before,
        limit
    );
    Ok(call(delete.execute(db)).await?.rows_affected())
}

struct Row {
    id: Uuid,
    fingerprint: Vec<u8>,
    purpose: String,
    user_id: Option<Uuid>,
    address: String,
    details: Value,
    created_at: OffsetDateTime,
    expires_at: OffsetDateTime,
}

impl TryFrom<Row> for Link {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self> {
        Ok(Self {
            id: row.id,
            fingerprint: fingerprint(&row.fingerprint)?,
            purpose: Purpose::parse(&row.purpose).ok_or_else(|| corrupt("purpose of a link"))?,
            user_id: row.user_id,
            address: row.address,
            details: row.details,
            created_at: row.created_at,
            expires_at: row.expires_at,
        })
    }
}
