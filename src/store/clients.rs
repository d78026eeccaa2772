//! `clients` and `client_secrets`. Every write tells the feed, in the same statement.

use sqlx::PgExecutor;
use time::OffsetDateTime;

use super::client_rows::{Flat, Row};
use super::error::call;
use super::pool::Conn;
use super::rows::client_id;
use super::{PAGE_LIMIT, Page, Result};
use crate::protocol::client::{Client, ClientId, ClientSecret};

/// The client with its secrets, also the expired and the disabled.
pub async fn find(db: impl PgExecutor<'_>, id: &ClientId) -> Result<Option<Client>> {
    Ok(find_many(db, std::slice::from_ref(id)).await?.pop())
}

/// Those of `ids` that exist, by id, each with its secrets, in one round trip.
pub async fn find_many(db: impl PgExecutor<'_>, ids: &[ClientId]) -> Result<Vec<Client>> {
    let ids: Vec<String> = ids.iter().map(|id| id.as_str().to_owned()).collect();
    let rows = sqlx::query_as!(
        Row,
        r#"select c.id, c.name, c.auth_method, c.jwks, c.jwks_uri, c.redirect_uris,
            c.post_logout_redirect_uris, c.grant_types, c.scope, c.consent, c.profile, c.introspect,
            c.id_token_alg, c.rotation, c.mfa, c.client_uri, c.logo_uri, c.policy_uri, c.tos_uri,
            c.accent, c.dpop_bound, c.certificate_bound, c.pushed_only, c.certificate_name, c.disabled_at, c.created_at,
            coalesce(s.ids, '{}') as "secret_ids!",
            coalesce(s.fingerprints, '{}') as "secret_fingerprints!",
            coalesce(s.expires, '{}') as "secret_expires!: Vec<Option<OffsetDateTime>>",
            coalesce(s.created, '{}') as "secret_created!"
        from clients c
        left join lateral (
            select array_agg(id order by created_at, id) as ids,
                array_agg(fingerprint order by created_at, id) as fingerprints,
                array_agg(expires_at order by created_at, id) as expires,
                array_agg(created_at order by created_at, id) as created
            from client_secrets where client_id = c.id
        ) s on true
        where c.id = any($1)
        order by c.id"#,
        &ids
    );
    call(rows.fetch_all(db)).await?.into_iter().map(Client::try_from).collect()
}

/// Every client's id, in order, for a first load.
pub async fn ids(db: impl PgExecutor<'_>) -> Result<Vec<ClientId>> {
    let rows = sqlx::query_scalar!("select id from clients order by id");
    call(rows.fetch_all(db)).await?.iter().map(|id| client_id(id)).collect()
}

/// The origins of the applications that run in browsers: where the redirect URIs of public clients
/// are. Addresses with a private-use scheme have none.
pub async fn browser_origins(db: impl PgExecutor<'_>) -> Result<Vec<String>> {
    let rows = sqlx::query_scalar!(
        r#"select distinct substring(uri from '^https?://[^/?]+') as "origin!"
        from clients, unnest(redirect_uris) as uri
        where auth_method = 'none' and disabled_at is null and uri ~ '^https?://'"#
    );
    call(rows.fetch_all(db)).await
}

/// Every client, read in pieces.
pub async fn all(conn: &mut Conn) -> Result<Vec<Client>> {
    let ids = ids(&mut *conn).await?;
    let mut clients = Vec::with_capacity(ids.len());
    for piece in ids.chunks(1000) {
        clients.extend(find_many(&mut *conn, piece).await?);
    }
    Ok(clients)
}

/// Which page of the clients is wanted.
#[derive(Debug, Clone, Default)]
pub struct ClientQuery {
    /// Part of the id or the name, in any case.
    pub search: Option<String>,
    /// [`Page::next`] of the page before.
    pub after: Option<ClientId>,
    /// Rows wanted, [`PAGE_LIMIT`] at most.
    pub limit: i64,
}

/// A page of the clients, by id.
pub async fn list(conn: &mut Conn, query: &ClientQuery) -> Result<Page<Client, ClientId>> {
    let limit = query.limit.clamp(1, PAGE_LIMIT);
    let ids = sqlx::query_scalar!(
        "select id from clients
        where id > coalesce($1, '')
            and ($2::text is null or strpos(lower(id), lower($2)) > 0
                or strpos(lower(name), lower($2)) > 0)
        order by id
        limit $3::bigint + 1",
        query.after.as_ref().map(ClientId::as_str),
        query.search.as_deref(),
        limit
    );
    let ids = call(ids.fetch_all(&mut *conn)).await?;
    let ids = ids.iter().map(|id| client_id(id)).collect::<Result<Vec<_>>>()?;
    let page = Page::cut(ids, limit, ClientId::clone);
    Ok(Page { items: find_many(conn, &page.items).await?, next: page.next })
}

/// Registers a client with its secrets; an id that is taken is a conflict.
pub async fn insert(conn: &mut Conn, client: &Client) -> Result<()> {
    let flat = Flat::of(client);
    let insert = sqlx::query!(
        "with told as (insert into feed (kind, subject) values ('client', $1))
        insert into clients (id, name, auth_method, jwks, jwks_uri, redirect_uris,
            post_logout_redirect_uris, grant_types, scope, consent, profile, introspect, id_token_alg,
            rotation, mfa, client_uri, logo_uri, policy_uri, tos_uri, accent, disabled_at, created_at,
            updated_at, dpop_bound, pushed_only, certificate_bound, certificate_name)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19,
            $20, $21, $22, $22, $23, $24, $25, $26)",
        flat.id,
        flat.name,
        flat.auth_method,
        flat.jwks,
        flat.jwks_uri,
        &flat.redirect_uris,
        &flat.post_logout_redirect_uris,
        &flat.grant_types,
        &flat.scope,
        flat.consent,
        flat.profile,
        &flat.introspect,
        flat.id_token_alg,
        flat.rotation,
        flat.mfa,
        flat.client_uri,
        flat.logo_uri,
        flat.policy_uri,
        flat.tos_uri,
        flat.accent,
        client.disabled_at,
        client.created_at,
        flat.demands.dpop,
        flat.demands.pushed,
        flat.demands.certificate,
        flat.certificate_name
    );
    call(insert.execute(&mut *conn)).await?;
    for secret in client.auth.secrets().into_iter().flatten() {
        insert_secret(&mut *conn, &client.id, secret).await?;
    }
    Ok(())
}

/// Replaces all that is registered except the secrets, which go only where the new method has none.
/// Leaves `created_at` and `disabled_at`. False where there is no such client.
pub async fn update(conn: &mut Conn, client: &Client, now: OffsetDateTime) -> Result<bool> {
    let flat = Flat::of(client);
    let update = sqlx::query!(
        "with told as (insert into feed (kind, subject) values ('client', $1)),
        gone as (
            delete from client_secrets
            where client_id = $1 and $3 not in ('client_secret_basic', 'client_secret_post')
        )
        update clients set name = $2, auth_method = $3, jwks = $4, jwks_uri = $5, redirect_uris = $6,
            post_logout_redirect_uris = $7, grant_types = $8, scope = $9, consent = $10, profile = $11,
            introspect = $12, id_token_alg = $13, rotation = $14, mfa = $15, client_uri = $16,
            logo_uri = $17, policy_uri = $18, tos_uri = $19, accent = $20, updated_at = $21,
            dpop_bound = $22, pushed_only = $23, certificate_bound = $24, certificate_name = $25
        where id = $1",
        flat.id,
        flat.name,
        flat.auth_method,
        flat.jwks,
        flat.jwks_uri,
        &flat.redirect_uris,
        &flat.post_logout_redirect_uris,
        &flat.grant_types,
        &flat.scope,
        flat.consent,
        flat.profile,
        &flat.introspect,
        flat.id_token_alg,
        flat.rotation,
        flat.mfa,
        flat.client_uri,
        flat.logo_uri,
        flat.policy_uri,
        flat.tos_uri,
        flat.accent,
        now,
        flat.demands.dpop,
        flat.demands.pushed,
        flat.demands.certificate,
        flat.certificate_name
    );
    Ok(call(update.execute(conn)).await?.rows_affected() == 1)
}

/// Adds a secret; those before it stop to be good at `old_expires_at`, or sooner if they already were to.
pub async fn add_secret(
    conn: &mut Conn,
    id: &ClientId,
    secret: &ClientSecret,
    old_expires_at: OffsetDateTime,
) -> Result<()> {
    let expire = sqlx::query!(
        "update client_secrets set expires_at = least(expires_at, $2) where client_id = $1",
        id.as_str(),
        old_expires_at
    );
    call(expire.execute(&mut *conn)).await?;
    insert_secret(conn, id, secret).await
}

/// Makes `secrets` the client's only ones; those that stay keep their rows.
pub async fn replace_secrets(
    conn: &mut Conn,
    id: &ClientId,
    secrets: &[ClientSecret],
) -> Result<()> {
    let kept: Vec<Vec<u8>> =
        secrets.iter().map(|secret| secret.fingerprint.as_bytes().to_vec()).collect();
    let remove = sqlx::query!(
        "with told as (insert into feed (kind, subject) values ('client', $1))
        delete from client_secrets where client_id = $1 and fingerprint <> all($2)",
        id.as_str(),
        &kept
    );
    call(remove.execute(&mut *conn)).await?;
    for secret in secrets {
        insert_secret(&mut *conn, id, secret).await?;
    }
    Ok(())
}

/// Stops the client from doing anything; false where it already was, or is unknown.
pub async fn disable(db: impl PgExecutor<'_>, id: &ClientId, now: OffsetDateTime) -> Result<bool> {
    let update = sqlx::query!(
        "with told as (insert into feed (kind, subject) values ('client', $1))
        update clients set disabled_at = $2, updated_at = $2 where id = $1 and disabled_at is null",
        id.as_str(),
        now
    );
    Ok(call(update.execute(db)).await?.rows_affected() == 1)
}

/// Undoes [`disable`].
pub async fn enable(db: impl PgExecutor<'_>, id: &ClientId, now: OffsetDateTime) -> Result<bool> {
    let update = sqlx::query!(
        "with told as (insert into feed (kind, subject) values ('client', $1))
        update clients set disabled_at = null, updated_at = $2
        where id = $1 and disabled_at is not null",
        id.as_str(),
        now
    );
    Ok(call(update.execute(db)).await?.rows_affected() == 1)
}

async fn insert_secret(conn: &mut Conn, id: &ClientId, secret: &ClientSecret) -> Result<()> {
    let insert = sqlx::query!(
        "with told as (insert into feed (kind, subject) values ('client', $2))
        insert into client_secrets (id, client_id, fingerprint, expires_at, created_at)
        values ($1, $2, $3, $4, $5)
        on conflict (client_id, fingerprint) do update set expires_at = excluded.expires_at",
        secret.id,
        id.as_str(),
        secret.fingerprint.as_bytes().as_slice(),
        secret.expires_at,
        secret.created_at
    );
    call(insert.execute(conn)).await.map(drop)
}
