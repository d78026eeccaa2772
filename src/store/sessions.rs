//! `sessions`. Ending one revokes its grants in the same transaction.

use std::net::IpAddr;

use sqlx::PgExecutor;
use sqlx::types::Json;
use time::OffsetDateTime;
use uuid::Uuid;

use super::error::call;
use super::grants::{self, End};
use super::pool::Conn;
use super::session_rows::{Row, RowWithUser, stage_word};
use super::{Result, devices};
use crate::crypto::secret::Fingerprint;
use crate::identity::session::Session;
use crate::identity::user::User;

/// Where a session was begun.
#[derive(Debug, Clone, Default)]
pub struct Origin {
    /// The browser's address.
    pub address: Option<IpAddr>,
    /// What the browser calls itself.
    pub user_agent: String,
}

/// Which of an account's passwords was proved: the one set at this instant, or never changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PasswordOf {
    /// When it was set.
    pub changed_at: Option<OffsetDateTime>,
}

/// A session as its owner sees it in a list.
#[derive(Debug, Clone)]
pub struct SessionEntry {
    /// The session.
    pub session: Session,
    /// Where it was begun.
    pub origin: Origin,
    /// Its device's label, where that is known.
    pub device: Option<String>,
}

/// Begins a session; of an account that is to be deleted, or has a password that others may know, never
/// a complete one. None, and false, where the account was disabled meanwhile, or its password is not the
/// one of `password_of` any more: whoever waited for the hash must not outrun the change of it. The
/// account is locked for that, so that a change that comes after ends this session too.
pub async fn insert(
    db: impl PgExecutor<'_>,
    session: &Session,
    origin: &Origin,
    password_of: Option<PasswordOf>,
) -> Result<bool> {
    let insert = sqlx::query!(
        "with owner as (
            select id, password_due_at from users
            where id = $3 and disabled_at is null
                and (not $14 or password_changed_at is not distinct from $15)
            for share
        )
        insert into sessions (id, fingerprint, user_id, auth_at, proofs, stage, device_id, address,
            user_agent, created_at, seen_at, idle_ends_at, ends_at)
        select $1, $2, $3, $4, $5,
            case when exists (select from account_deletions where user_id = $3)
                or owner.password_due_at is not null
                then 'pending' else $6::text end,
            $7, $8, $9, $10, $11, $12, $13
        from owner",
        session.id,
        session.fingerprint.as_bytes().as_slice(),
        session.user_id,
        session.authentication.auth_at,
        Json(&session.authentication.factors) as _,
        stage_word(session.stage),
        session.device_id,
        origin.address as _,
        origin.user_agent,
        session.created_at,
        session.seen_at,
        session.idle_ends_at,
        session.ends_at,
        password_of.is_some(),
        password_of.and_then(|password| password.changed_at)
    );
    Ok(call(insert.execute(db)).await?.rows_affected() == 1)
}

/// The live session behind a cookie with its person; none where it ended or the person is disabled.
/// Of an account that is to be deleted only a sign-in under way is found: no door opens, but its
/// owner can change their mind.
pub async fn find_by_fingerprint(
    db: impl PgExecutor<'_>,
    cookie: &Fingerprint,
    now: OffsetDateTime,
) -> Result<Option<(Session, User)>> {
    let row = sqlx::query_as!(
        RowWithUser,
        r#"select s.id, s.fingerprint, s.user_id, s.auth_at,
            s.proofs as "proofs: Json<Vec<crate::identity::session::Proof>>", s.stage, s.device_id,
            s.bound_at is not null as "is_bound!",
            s.created_at, s.seen_at, s.idle_ends_at, s.ends_at,
            u.username, u.email, u.email_verified, u.roles,
            u.claims as "claims: Json<serde_json::Map<String, serde_json::Value>>",
            u.password_hash is not null as "has_password!",
            u.password_due_at is not null as "password_due!", u.created_at as user_created_at,
            u.updated_at as user_updated_at
        from sessions s
        join users u on u.id = s.user_id
        where s.fingerprint = $1 and s.ended_at is null and s.idle_ends_at > $2 and s.ends_at > $2
            and u.disabled_at is null
            and (s.stage = 'pending'
                or not exists (select from account_deletions d where d.user_id = u.id))"#,
        cookie.as_bytes().as_slice(),
        now
    );
    call(row.fetch_optional(db)).await?.map(<(Session, User)>::try_from).transpose()
}

/// Replaces cookie, proofs, stage, device and ends after an authentication: compare-and-swap on the
/// cookie, so that of two answers to one page exactly one counts. An account that is to be deleted
/// stays at the door, and so does a sign-in with a password that others may know.
pub async fn advance(
    db: impl PgExecutor<'_>,
    old_cookie: &Fingerprint,
    session: &Session,
) -> Result<bool> {
    let update = sqlx::query!(
        "update sessions set fingerprint = $3, user_id = $4, auth_at = $5, proofs = $6,
            stage = case when exists (select from account_deletions where user_id = $4)
                or stage = 'pending'
                    and exists (select from users where id = $4 and password_due_at is not null)
                then 'pending' else $7::text end,
            device_id = $8, seen_at = $9, idle_ends_at = $10, ends_at = $11
        where id = $1 and fingerprint = $2 and ended_at is null",
        session.id,
        old_cookie.as_bytes().as_slice(),
        session.fingerprint.as_bytes().as_slice(),
        session.user_id,
        session.authentication.auth_at,
        Json(&session.authentication.factors) as _,
        stage_word(session.stage),
        session.device_id,
        session.seen_at,
        session.idle_ends_at,
        session.ends_at
    );
    Ok(call(update.execute(db)).await?.rows_affected() == 1)
}

/// Notes that the session was seen and puts off its idle end, once a minute at most.
pub async fn touch(
    db: impl PgExecutor<'_>,
    id: Uuid,
    now: OffsetDateTime,
    idle_ends_at: OffsetDateTime,
) -> Result<()> {
    let update = sqlx::query!(
        "update sessions set seen_at = $2, idle_ends_at = least($3, ends_at)
        where id = $1 and ended_at is null and seen_at <= $2::timestamptz - interval '1 minute'",
        id,
        now,
        idle_ends_at
    );
    call(update.execute(db)).await.map(drop)
}

/// The person's live sessions, newest first, 100 at most.
pub async fn list(
    db: impl PgExecutor<'_>,
    user_id: Uuid,
    now: OffsetDateTime,
) -> Result<Vec<SessionEntry>> {
    let rows = sqlx::query_as!(
        Row,
        r#"select s.id, s.fingerprint, s.user_id, s.auth_at,
            s.proofs as "proofs: Json<Vec<crate::identity::session::Proof>>", s.stage, s.device_id,
            s.bound_at is not null as "is_bound!",
            s.address as "address: IpAddr", s.user_agent, s.created_at, s.seen_at, s.idle_ends_at,
            s.ends_at, d.label as "device?"
        from sessions s
        left join devices d on d.id = s.device_id
        where s.user_id = $1 and s.ended_at is null and s.idle_ends_at > $2 and s.ends_at > $2
        order by s.id desc
        limit 100"#,
        user_id,
        now
    );
    call(rows.fetch_all(db)).await?.into_iter().map(SessionEntry::try_from).collect()
}

/// Ends one session and revokes all its grants; false where it had ended.
pub async fn end(conn: &mut Conn, id: Uuid, end: &End<'_>) -> Result<bool> {
    let ended = mark_ended(&mut *conn, id, end).await?;
    grants::revoke_for_session(conn, id, end).await?;
    Ok(ended)
}

/// [`end`], where it is a session of this person; false also where it is another's.
pub async fn end_own(conn: &mut Conn, user_id: Uuid, id: Uuid, end: &End<'_>) -> Result<bool> {
    let update = sqlx::query!(
        "update sessions set ended_at = $3, end_reason = $4
        where id = $2 and user_id = $1 and ended_at is null",
        user_id,
        id,
        end.now,
        end.reason
    );
    let ended = call(update.execute(&mut *conn)).await?.rows_affected() == 1;
    if ended {
        grants::revoke_for_session(conn, id, end).await?;
    }
    Ok(ended)
}

/// Ends the person's sessions on a device and revokes their grants; the ids of the sessions ended.
pub async fn end_on_device(
    conn: &mut Conn,
    user_id: Uuid,
    device_id: Uuid,
    end: &End<'_>,
) -> Result<Vec<Uuid>> {
    let update = sqlx::query_scalar!(
        "update sessions set ended_at = $3, end_reason = $4
        where user_id = $1 and device_id = $2 and ended_at is null
        returning id",
        user_id,
        device_id,
        end.now,
        end.reason
    );
    let ended = call(update.fetch_all(&mut *conn)).await?;
    grants::revoke_for_sessions(conn, &ended, end).await?;
    Ok(ended)
}

/// Ends one session because the person signed out: grants for offline access live on
/// (OIDC Core §11).
pub async fn sign_out(conn: &mut Conn, id: Uuid, end: &End<'_>) -> Result<bool> {
    let ended = mark_ended(&mut *conn, id, end).await?;
    grants::revoke_session_bound(conn, id, end).await?;
    Ok(ended)
}

/// Ends the person's sessions, but not `except`, and revokes the grants of those it ends; where
/// nothing is excepted, all their grants. No browser of theirs stays trusted. Returns the ids of the
/// sessions ended.
pub async fn end_all(
    conn: &mut Conn,
    user_id: Uuid,
    except: Option<Uuid>,
    end: &End<'_>,
) -> Result<Vec<Uuid>> {
    let update = sqlx::query_scalar!(
        "update sessions set ended_at = $3, end_reason = $4
        where user_id = $1 and ended_at is null and id is distinct from $2
        returning id",
        user_id,
        except,
        end.now,
        end.reason
    );
    let ended = call(update.fetch_all(&mut *conn)).await?;
    devices::distrust(&mut *conn, user_id, None).await?;
    match except {
        None => grants::revoke_for_user(conn, user_id, end).await?,
        Some(_) => grants::revoke_for_sessions(conn, &ended, end).await?,
    };
    Ok(ended)
}

async fn mark_ended(conn: &mut Conn, id: Uuid, end: &End<'_>) -> Result<bool> {
    let update = sqlx::query!(
        "update sessions set ended_at = $2, end_reason = $3 where id = $1 and ended_at is null",
        id,
        end.now,
        end.reason
    );
    Ok(call(update.execute(conn)).await?.rows_affected() == 1)
}
