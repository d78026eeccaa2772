//! What applications hold of a person: consents and live grants together, one row per client.

use sqlx::PgExecutor;
use time::OffsetDateTime;
use uuid::Uuid;

use super::error::call;
use super::rows::{client_id, scope};
use super::{Result, StoreError};
use crate::protocol::client::ClientId;
use crate::protocol::scope::Scope;

/// An application that may do something in the person's name.
#[derive(Debug, Clone)]
pub struct ConnectedApp {
    /// Which.
    pub client_id: ClientId,
    /// What it is called.
    pub name: String,
    /// What it was allowed or holds, all together.
    pub scope: Scope,
    /// Since when.
    pub since: OffsetDateTime,
    /// When it last got a token; unknown where it holds no grant any more.
    pub used_at: Option<OffsetDateTime>,
}

/// The person's applications, last used first, 200 at most.
pub async fn list(
    db: impl PgExecutor<'_>,
    user_id: Uuid,
    now: OffsetDateTime,
) -> Result<Vec<ConnectedApp>> {
    let rows = sqlx::query_as!(
        Row,
        r#"with held as (
            select client_id, scope, granted_at as since, null::timestamptz as used_at
            from consents where user_id = $1
            union all
            select client_id, scope, created_at, used_at
            from grants
            where user_id = $1 and revoked_at is null and idle_ends_at > $2 and ends_at > $2
        )
        select c.id, c.name, min(h.since) as "since!", max(h.used_at) as used_at,
            array(select distinct unnest(o.scope) from held o where o.client_id = c.id order by 1)
                as "scope!"
        from held h
        join clients c on c.id = h.client_id
        group by c.id, c.name
        order by max(h.used_at) desc nulls last, c.id
        limit 200"#,
        user_id,
        now
    );
    call(rows.fetch_all(db)).await?.into_iter().map(ConnectedApp::try_from).collect()
}

struct Row {
    id: String,
    name: String,
    since: OffsetDateTime,
    used_at: Option<OffsetDateTime>,
    scope: Vec<String>,
}

impl TryFrom<Row> for ConnectedApp {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self> {
        Ok(Self {
            client_id: client_id(&row.id)?,
            name: row.name,
            scope: scope(row.scope)?,
            since: row.since,
            used_at: row.used_at,
        })
    }
}
