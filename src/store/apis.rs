//! `apis` and `api_scopes`: the audiences that tokens are made for. Every write tells the feed.

use sqlx::PgExecutor;
use sqlx::types::Json;
use time::{Duration, OffsetDateTime};

use super::error::call;
use super::pool::Conn;
use super::rows::{alg, resource};
use super::{Result, StoreError};
use crate::crypto::jwt::Alg;
use crate::protocol::resource::Resource;

/// An API that access tokens are made for.
#[derive(Debug, Clone)]
pub struct Api {
    /// Its audience (RFC 8707 §2).
    pub resource: Resource,
    /// The name shown to people.
    pub name: String,
    /// How long its access tokens live.
    pub access_token_lifetime: Duration,
    /// Signs its access tokens.
    pub signing_alg: Alg,
    /// Whether it is this server's own, so that nobody may remove it.
    pub built_in: bool,
    /// What it knows to be asked for.
    pub scopes: Vec<ApiScope>,
}

/// A scope of one API; its name belongs to no other.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct ApiScope {
    /// As clients ask for it.
    pub name: String,
    /// As people are told at consent.
    pub description: String,
    /// Whether only administrators may be given it.
    pub administrators_only: bool,
}

/// Every API with its scopes, in one round trip.
pub async fn all(db: impl PgExecutor<'_>) -> Result<Vec<Api>> {
    let rows = sqlx::query_as!(
        Row,
        r#"select a.resource, a.name, a.access_token_lifetime_s, a.signing_alg, a.built_in,
            coalesce(
                (select jsonb_agg(jsonb_build_object('name', s.name, 'description', s.description,
                    'administrators_only', s.administrators_only) order by s.name)
                from api_scopes s where s.resource = a.resource),
                '[]'
            ) as "scopes!: Json<Vec<ApiScope>>"
        from apis a
        order by a.resource"#
    );
    call(rows.fetch_all(db)).await?.into_iter().map(Api::try_from).collect()
}

/// Makes the API what `api` says, scopes included; a scope of another API is a conflict.
pub async fn upsert(conn: &mut Conn, api: &Api, now: OffsetDateTime) -> Result<()> {
    let upsert = sqlx::query!(
        "with told as (insert into feed (kind, subject) values ('api', $1)),
        gone as (
            delete from api_scopes where resource = $1 and name <> all($7)
        )
        insert into apis (resource, name, access_token_lifetime_s, signing_alg, built_in, created_at,
            updated_at)
        values ($1, $2, $3, $4, $5, $6, $6)
        on conflict (resource) do update set name = excluded.name,
            access_token_lifetime_s = excluded.access_token_lifetime_s,
            signing_alg = excluded.signing_alg, built_in = excluded.built_in,
            updated_at = excluded.updated_at",
        api.resource.as_str(),
        api.name,
        i32::try_from(api.access_token_lifetime.whole_seconds()).unwrap_or(i32::MAX),
        api.signing_alg.as_str(),
        api.built_in,
        now,
        &api.scopes.iter().map(|scope| scope.name.clone()).collect::<Vec<_>>()
    );
    call(upsert.execute(&mut *conn)).await?;
    for scope in &api.scopes {
        upsert_scope(&mut *conn, &api.resource, scope).await?;
    }
    Ok(())
}

/// Removes an API; false where it is unknown or this server's own.
pub async fn delete(db: impl PgExecutor<'_>, resource: &Resource) -> Result<bool> {
    let delete = sqlx::query!(
        "with told as (insert into feed (kind, subject) values ('api', $1))
        delete from apis where resource = $1 and not built_in",
        resource.as_str()
    );
    Ok(call(delete.execute(db)).await?.rows_affected() == 1)
}

async fn upsert_scope(conn: &mut Conn, resource: &Resource, scope: &ApiScope) -> Result<()> {
    let upsert = sqlx::query!(
        "insert into api_scopes (name, resource, description, administrators_only)
        values ($1, $2, $3, $4)
        on conflict (name) do update set description = excluded.description,
            administrators_only = excluded.administrators_only
        where api_scopes.resource = excluded.resource",
        scope.name,
        resource.as_str(),
        scope.description,
        scope.administrators_only
    );
    if call(upsert.execute(conn)).await?.rows_affected() == 1 {
        Ok(())
    } else {
        Err(StoreError::Conflict("api_scopes_pkey".to_owned()))
    }
}

struct Row {
    resource: String,
    name: String,
    access_token_lifetime_s: i32,
    signing_alg: String,
    built_in: bool,
    scopes: Json<Vec<ApiScope>>,
}

impl TryFrom<Row> for Api {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self> {
        Ok(Self {
            resource: resource(&row.resource)?,
            name: row.name,
            access_token_lifetime: Duration::seconds(row.access_token_lifetime_s.into()),
            signing_alg: alg(&row.signing_alg)?,
            built_in: row.built_in,
            scopes: row.scopes.0,
        })
    }
}
