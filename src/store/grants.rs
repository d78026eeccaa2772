//! `grants`: one row for as long as a grant lives; a rotation touches no indexed column.

use sqlx::PgExecutor;
use sqlx::types::Json;
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

use super::Result;
use super::error::call;
use super::pool::Conn;
use super::rows::GrantRow;
use super::used_jtis::Jti;
use crate::identity::session::Proof;
use crate::protocol::binding::Binding;
use crate::protocol::client::{ClientId, Rotation};
use crate::protocol::grant::{Grant, RefreshToken};

/// Most grants that [`revoke_for_client`] revokes at once.
pub const REVOKE_BATCH: i64 = 1000;

/// A refresh token presented, and what its grant becomes.
#[derive(Debug, Clone)]
pub struct Rotate {
    /// What was presented.
    pub token: RefreshToken,
    /// By whom.
    pub client_id: ClientId,
    /// When.
    pub now: OffsetDateTime,
    /// The grant's next idle end; its absolute end bounds it.
    pub idle_ends_at: OffsetDateTime,
    /// Whether the token is replaced.
    pub rotation: Rotation,
    /// What its sender showed to hold.
    pub shown: Option<Binding>,
    /// Whether that must be what the grant is bound to, and not just something ([`Binding::admits`]); one
    /// that is bound to nothing yet is then bound to it.
    pub pinned: bool,
    /// The `jti` of the proof that showed it.
    pub jti: Option<Jti>,
}

impl Rotate {
    /// By how much the generation advances.
    pub(super) const fn step(&self) -> i32 {
        match self.rotation {
            Rotation::Always => 1,
            Rotation::Never => 0,
        }
    }
}

/// Binds the grant to `shown`, where it is bound to nothing yet; whether it was.
pub async fn bind(db: impl PgExecutor<'_>, id: Uuid, shown: Binding) -> Result<bool> {
    let bind = sqlx::query!(
        "update grants set cnf = $2 where id = $1 and cnf is null and revoked_at is null",
        id,
        shown.to_string()
    );
    Ok(call(bind.execute(db)).await?.rows_affected() == 1)
}

/// Uses the refresh token: compares its generation, advances it where the client rotates, and returns
/// the grant as it is then. Nothing where any condition fails; [`find`] tells which (RFC 6749 §6). A
/// public client's grant is bound from then on to what it shows (RFC 9449 §5).
/// [`Store::rotate`](super::Store::rotate) does the same for many at once, and uses up the `jti`, which
/// must have been used up before this.
pub async fn rotate(db: impl PgExecutor<'_>, rotate: &Rotate) -> Result<Option<Grant>> {
    let row = sqlx::query_as!(
        GrantRow,
        r#"update grants set generation = generation + $7,
            rotated_at = case when $7 = 0 then rotated_at else $5 end,
            used_at = $5, idle_ends_at = least($6, ends_at),
            cnf = coalesce(cnf, case when $9 then $8 end)
        where id = $1 and salt = $2 and client_id = $3 and generation = $4 and refreshable
            and revoked_at is null and idle_ends_at > $5 and ends_at > $5
            and (cnf is null or cnf = $8 or ($8 is not null and not $9))
        returning id, salt, client_id, user_id, session_id, scope, resources, claims, auth_at,
            proofs as "proofs: Json<Vec<Proof>>", nonce, lifetime, generation, rotated_at,
            idle_ends_at, ends_at, revoked_at, revoke_reason, created_at, cnf"#,
        rotate.token.grant_id,
        rotate.token.salt.as_slice(),
        rotate.client_id.as_str(),
        rotate.token.generation,
        rotate.now,
        rotate.idle_ends_at,
        rotate.step(),
        rotate.shown.map(|shown| shown.to_string()),
        rotate.pinned
    );
    call(row.fetch_optional(db)).await?.map(Grant::try_from).transpose()
}

/// The grant, dead or alive.
pub async fn find(db: impl PgExecutor<'_>, id: Uuid) -> Result<Option<Grant>> {
    let row = sqlx::query_as!(
        GrantRow,
        r#"select id, salt, client_id, user_id, session_id, scope, resources, claims, auth_at,
            proofs as "proofs: Json<Vec<Proof>>", nonce, lifetime, generation, rotated_at,
            idle_ends_at, ends_at, revoked_at, revoke_reason, created_at, cnf
        from grants where id = $1"#,
        id
    );
    call(row.fetch_optional(db)).await?.map(Grant::try_from).transpose()
}

/// The person's live grants (their connected apps), newest first, 200 at most.
pub async fn list(
    db: impl PgExecutor<'_>,
    user_id: Uuid,
    now: OffsetDateTime,
) -> Result<Vec<Grant>> {
    let rows = sqlx::query_as!(
        GrantRow,
        r#"select id, salt, client_id, user_id, session_id, scope, resources, claims, auth_at,
            proofs as "proofs: Json<Vec<Proof>>", nonce, lifetime, generation, rotated_at,
            idle_ends_at, ends_at, revoked_at, revoke_reason, created_at, cnf
        from grants
        where user_id = $1 and revoked_at is null and idle_ends_at > $2 and ends_at > $2
        order by id desc
        limit 200"#,
        user_id,
        now
    );
    call(rows.fetch_all(db)).await?.into_iter().map(Grant::try_from).collect()
}

/// Why and when something ends before its time.
#[derive(Debug, Clone, Copy)]
pub struct End<'a> {
    /// Why, in a word for the audit log.
    pub reason: &'a str,
    /// When.
    pub now: OffsetDateTime,
    /// The longest life of any access token: as long as its revocation must be remembered.
    pub longest_token: Duration,
}

/// Revokes those of `ids` that live, with the access tokens they gave; the ids that it killed.
///
/// A grant not used within the longest token's life (and a minute, for the grace of a rotation) has no
/// live token, and needs no row in `revocations`. Where this node's clock and the database's differ,
/// the row is written and kept by whichever makes it last longer.
pub async fn revoke(db: impl PgExecutor<'_>, ids: &[Uuid], end: &End<'_>) -> Result<Vec<Uuid>> {
    let revoke = sqlx::query_scalar!(
        "with held as (
            select id from grants where id = any($1) and revoked_at is null
            order by id
            for no key update
        ), dead as (
            update grants g set revoked_at = $2, revoke_reason = $3
            from held where g.id = held.id and g.revoked_at is null
            returning g.id, g.used_at
        ), listed as (
            insert into revocations (id, kind, subject, revoked_at, expires_at, reason)
            select id, 'grant', id::text, $2,
                greatest($2, used_at, clock_timestamp()) + make_interval(secs => $4), $3
            from dead
            where used_at > least($2, clock_timestamp()) - make_interval(secs => $4)
                - interval '1 minute'
            on conflict (kind, subject) do nothing
            returning id
        ), told as (
            insert into feed (kind, subject) select 'revocation', id::text from listed
        )
        select id from dead",
        ids,
        end.now,
        end.reason,
        end.longest_token.as_seconds_f64()
    );
    call(revoke.fetch_all(db)).await
}

/// [`revoke`] all of a person's grants. Their sessions must have been ended before in the same
/// transaction, or a code on its way may make another.
pub async fn revoke_for_user(conn: &mut Conn, user_id: Uuid, end: &End<'_>) -> Result<Vec<Uuid>> {
    let ids = sqlx::query_scalar!(
        "select id from grants where user_id = $1 and revoked_at is null",
        user_id
    );
    let ids = call(ids.fetch_all(&mut *conn)).await?;
    revoke(conn, &ids, end).await
}

/// [`revoke`] a person's grants but those of one session. The other sessions must have been ended
/// before in the same transaction.
pub async fn revoke_for_user_but(
    conn: &mut Conn,
    user_id: Uuid,
    session_id: Uuid,
    end: &End<'_>,
) -> Result<Vec<Uuid>> {
    let ids = sqlx::query_scalar!(
        "select id from grants where user_id = $1 and session_id <> $2 and revoked_at is null",
        user_id,
        session_id
    );
    let ids = call(ids.fetch_all(&mut *conn)).await?;
    revoke(conn, &ids, end).await
}

/// [`revoke`] a client's grants, [`REVOKE_BATCH`] at most: call it until it kills none.
pub async fn revoke_for_client(
    conn: &mut Conn,
    client_id: &ClientId,
    end: &End<'_>,
) -> Result<Vec<Uuid>> {
    let ids = sqlx::query_scalar!(
        "select id from grants where client_id = $1 and revoked_at is null limit $2",
        client_id.as_str(),
        REVOKE_BATCH
    );
    let ids = call(ids.fetch_all(&mut *conn)).await?;
    revoke(conn, &ids, end).await
}

/// [`revoke`] all that a person allowed one client.
pub async fn revoke_for_consent(
    conn: &mut Conn,
    user_id: Uuid,
    client_id: &ClientId,
    end: &End<'_>,
) -> Result<Vec<Uuid>> {
    let ids = sqlx::query_scalar!(
        "select id from grants where user_id = $1 and client_id = $2 and revoked_at is null",
        user_id,
        client_id.as_str()
    );
    let ids = call(ids.fetch_all(&mut *conn)).await?;
    revoke(conn, &ids, end).await
}

/// [`revoke`] all grants of a session.
pub async fn revoke_for_session(
    conn: &mut Conn,
    session_id: Uuid,
    end: &End<'_>,
) -> Result<Vec<Uuid>> {
    revoke_for_sessions(conn, &[session_id], end).await
}

/// [`revoke`] all grants of these sessions.
pub async fn revoke_for_sessions(
    conn: &mut Conn,
    session_ids: &[Uuid],
    end: &End<'_>,
) -> Result<Vec<Uuid>> {
    let ids = sqlx::query_scalar!(
        "select id from grants where session_id = any($1) and revoked_at is null",
        session_ids
    );
    let ids = call(ids.fetch_all(&mut *conn)).await?;
    revoke(conn, &ids, end).await
}

/// [`revoke`] a person's grants that were given on a device. Its sessions must have been ended before
/// in the same transaction.
pub async fn revoke_for_device(
    conn: &mut Conn,
    user_id: Uuid,
    device_id: Uuid,
    end: &End<'_>,
) -> Result<Vec<Uuid>> {
    let ids = sqlx::query_scalar!(
        "select id from grants where user_id = $1 and device_id = $2 and revoked_at is null",
        user_id,
        device_id
    );
    let ids = call(ids.fetch_all(&mut *conn)).await?;
    revoke(conn, &ids, end).await
}

/// [`revoke`] a session's grants that end with it; those for offline access live on.
pub async fn revoke_session_bound(
    conn: &mut Conn,
    session_id: Uuid,
    end: &End<'_>,
) -> Result<Vec<Uuid>> {
    let ids = sqlx::query_scalar!(
        "select id from grants
        where session_id = $1 and lifetime = 'session' and revoked_at is null",
        session_id
    );
    let ids = call(ids.fetch_all(&mut *conn)).await?;
    revoke(conn, &ids, end).await
}
