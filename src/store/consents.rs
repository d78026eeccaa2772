//! `consents`: what a person has already allowed a client.

use sqlx::PgExecutor;
use time::OffsetDateTime;
use uuid::Uuid;

use super::error::call;
use super::grants::{self, End};
use super::pool::Conn;
use super::rows::{client_id, resource_texts, resources, scope, scope_names};
use super::{Result, StoreError, codes};
use crate::protocol::client::ClientId;
use crate::protocol::resource::Resource;
use crate::protocol::scope::Scope;

/// What a person has allowed a client, all times together.
#[derive(Debug, Clone)]
pub struct Consent {
    /// Who.
    pub user_id: Uuid,
    /// Whom.
    pub client_id: ClientId,
    /// What.
    pub scope: Scope,
    /// For which APIs.
    pub resources: Vec<Resource>,
    /// When last.
    pub granted_at: OffsetDateTime,
}

/// What the person has allowed the client.
pub async fn find(
    db: impl PgExecutor<'_>,
    user_id: Uuid,
    client_id: &ClientId,
) -> Result<Option<Consent>> {
    let row = sqlx::query_as!(
        Row,
        "select user_id, client_id, scope, resources, granted_at from consents
        where user_id = $1 and client_id = $2",
        user_id,
        client_id.as_str()
    );
    call(row.fetch_optional(db)).await?.map(Consent::try_from).transpose()
}

/// All that the person has allowed, 200 clients at most.
pub async fn list(db: impl PgExecutor<'_>, user_id: Uuid) -> Result<Vec<Consent>> {
    let rows = sqlx::query_as!(
        Row,
        "select user_id, client_id, scope, resources, granted_at from consents
        where user_id = $1
        order by client_id
        limit 200",
        user_id
    );
    call(rows.fetch_all(db)).await?.into_iter().map(Consent::try_from).collect()
}

/// Adds to what the person has allowed the client.
pub async fn upsert(db: impl PgExecutor<'_>, consent: &Consent) -> Result<()> {
    let upsert = sqlx::query!(
        "insert into consents as c (user_id, client_id, scope, resources, granted_at)
        values ($1, $2, $3, $4, $5)
        on conflict (user_id, client_id) do update set
            scope = array(select distinct unnest(c.scope || excluded.scope) order by 1),
            resources = array(select distinct unnest(c.resources || excluded.resources) order by 1),
            granted_at = greatest(c.granted_at, excluded.granted_at)",
        consent.user_id,
        consent.client_id.as_str(),
        &scope_names(&consent.scope),
        &resource_texts(&consent.resources),
        consent.granted_at
    );
    call(upsert.execute(db)).await.map(drop)
}

/// Takes back all that the person allowed the client: consent, codes on their way, and grants.
/// Returns the grants that it killed.
pub async fn revoke(
    conn: &mut Conn,
    user_id: Uuid,
    client_id: &ClientId,
    end: &End<'_>,
) -> Result<Vec<Uuid>> {
    let delete = sqlx::query!(
        "delete from consents where user_id = $1 and client_id = $2",
        user_id,
        client_id.as_str()
    );
    call(delete.execute(&mut *conn)).await?;
    codes::delete_unredeemed(&mut *conn, user_id, client_id).await?;
    grants::revoke_for_consent(conn, user_id, client_id, end).await
}

struct Row {
    user_id: Uuid,
    client_id: String,
    scope: Vec<String>,
    resources: Vec<String>,
    granted_at: OffsetDateTime,
}

impl TryFrom<Row> for Consent {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self> {
        Ok(Self {
            user_id: row.user_id,
            client_id: client_id(&row.client_id)?,
            scope: scope(row.scope)?,
            resources: resources(&row.resources)?,
            granted_at: row.granted_at,
        })
    }
}
