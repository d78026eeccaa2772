//! `revocations`: access tokens dead before their time. Every write tells the feed.

use sqlx::PgExecutor;
use time::OffsetDateTime;
use uuid::Uuid;

use super::error::{call, corrupt};
use super::{Result, StoreError};

/// What a revocation kills.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RevocationKind {
    /// The one token with this `jti`.
    Token,
    /// Every token of the grant with this id.
    Grant,
    /// Every token that the client with this id was issued up to then.
    Client,
}

impl RevocationKind {
    /// The word for it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Token => "token",
            Self::Grant => "grant",
            Self::Client => "client",
        }
    }
}

/// A revocation, for as long as a token lives that it can touch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Revocation {
    /// The row; for a grant, the grant's own id.
    pub id: Uuid,
    /// What it kills.
    pub kind: RevocationKind,
    /// Which one.
    pub subject: String,
    /// Tokens issued up to then are dead.
    pub revoked_at: OffsetDateTime,
    /// When the last of them would have expired anyway.
    pub expires_at: OffsetDateTime,
    /// Why.
    pub reason: String,
}

/// Revokes; what was revoked before is revoked up to the later time. A node whose clock is behind the
/// database's revokes up to the database's.
pub async fn insert(db: impl PgExecutor<'_>, revocation: &Revocation) -> Result<()> {
    let insert = sqlx::query!(
        "with listed as (
            insert into revocations as r (id, kind, subject, revoked_at, expires_at, reason)
            values ($1, $2, $3, greatest($4, clock_timestamp()), $5, $6)
            on conflict (kind, subject) do update set
                revoked_at = greatest(r.revoked_at, excluded.revoked_at),
                expires_at = greatest(r.expires_at, excluded.expires_at)
            returning id
        )
        insert into feed (kind, subject) select 'revocation', id::text from listed",
        revocation.id,
        revocation.kind.as_str(),
        revocation.subject,
        revocation.revoked_at,
        revocation.expires_at,
        revocation.reason
    );
    call(insert.execute(db)).await.map(drop)
}

/// Every revocation that can still touch a token, by the database's clock.
pub async fn live(db: impl PgExecutor<'_>) -> Result<Vec<Revocation>> {
    let rows = sqlx::query_as!(
        Row,
        "select id, kind, subject, revoked_at, expires_at, reason from revocations
        where expires_at > clock_timestamp()"
    );
    call(rows.fetch_all(db)).await?.into_iter().map(Revocation::try_from).collect()
}

/// Those with these ids, as the feed names them.
pub async fn by_ids(db: impl PgExecutor<'_>, ids: &[Uuid]) -> Result<Vec<Revocation>> {
    let rows = sqlx::query_as!(
        Row,
        "select id, kind, subject, revoked_at, expires_at, reason from revocations
        where id = any($1)",
        ids
    );
    call(rows.fetch_all(db)).await?.into_iter().map(Revocation::try_from).collect()
}

/// Those of one token: its `jti`, its grant and its client, for a node whose memory is late.
pub async fn touching(
    db: impl PgExecutor<'_>,
    jti: &str,
    grant_id: &str,
    client_id: &str,
) -> Result<Vec<Revocation>> {
    let rows = sqlx::query_as!(
        Row,
        "select id, kind, subject, revoked_at, expires_at, reason from revocations
        where (kind, subject) in (('token', $1), ('grant', $2), ('client', $3))",
        jti,
        grant_id,
        client_id
    );
    call(rows.fetch_all(db)).await?.into_iter().map(Revocation::try_from).collect()
}

struct Row {
    id: Uuid,
    kind: String,
    subject: String,
    revoked_at: OffsetDateTime,
    expires_at: OffsetDateTime,
    reason: String,
}

impl TryFrom<Row> for Revocation {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self> {
        let kind = match row.kind.as_str() {
            "token" => RevocationKind::Token,
            "grant" => RevocationKind::Grant,
            "client" => RevocationKind::Client,
            _ => return Err(corrupt("revocation kind")),
        };
        Ok(Self {
            id: row.id,
            kind,
            subject: row.subject,
            revoked_at: row.revoked_at,
            expires_at: row.expires_at,
            reason: row.reason,
        })
    }
}
