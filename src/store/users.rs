//! `users`. The password hash is read by its own function, never with the rest.

use sqlx::PgExecutor;
use sqlx::types::Json;
use time::OffsetDateTime;
use uuid::Uuid;

use super::error::call;
use super::pool::Conn;
use super::rows::{UserRow, role_names};
use super::sessions::PasswordOf;
use super::{PAGE_LIMIT, Page, Result};
use crate::crypto::secret::Secret;
use crate::identity::user::User;

/// The account, disabled or not.
pub async fn find(db: impl PgExecutor<'_>, id: Uuid) -> Result<Option<User>> {
    let row = sqlx::query_as!(
        UserRow,
        r#"select id, username, email, email_verified, roles,
            claims as "claims: Json<serde_json::Map<String, serde_json::Value>>",
            password_hash is not null as "has_password!",
            password_due_at is not null as "password_due!", disabled_at, created_at, updated_at
        from users where id = $1"#,
        id
    );
    call(row.fetch_optional(db)).await?.map(User::try_from).transpose()
}

/// The account that signs in as `login`: a user name in canonical form, or else an e-mail address.
pub async fn find_by_login(db: impl PgExecutor<'_>, login: &str) -> Result<Option<User>> {
    let row = sqlx::query_as!(
        UserRow,
        r#"select id, username, email, email_verified, roles,
            claims as "claims: Json<serde_json::Map<String, serde_json::Value>>",
            password_hash is not null as "has_password!",
            password_due_at is not null as "password_due!", disabled_at, created_at, updated_at
        from users where username = $1 or lower(email) = lower($1)
        order by username = $1 desc
        limit 1"#,
        login
    );
    call(row.fetch_optional(db)).await?.map(User::try_from).transpose()
}

/// Reads the account and locks it until the transaction ends.
pub async fn hold(conn: &mut Conn, id: Uuid) -> Result<Option<User>> {
    let row = sqlx::query_as!(
        UserRow,
        r#"select id, username, email, email_verified, roles,
            claims as "claims: Json<serde_json::Map<String, serde_json::Value>>",
            password_hash is not null as "has_password!",
            password_due_at is not null as "password_due!", disabled_at, created_at, updated_at
        from users where id = $1
        for no key update"#,
        id
    );
    call(row.fetch_optional(conn)).await?.map(User::try_from).transpose()
}

/// The account's password hash (a PHC string), where it has one, and since when.
pub async fn password_hash(
    db: impl PgExecutor<'_>,
    id: Uuid,
) -> Result<Option<(Secret, PasswordOf)>> {
    let row =
        sqlx::query!("select password_hash, password_changed_at from users where id = $1", id);
    let found = call(row.fetch_optional(db)).await?;
    Ok(found.and_then(|row| {
        let hash = Secret::new(row.password_hash?);
        Some((hash, PasswordOf { changed_at: row.password_changed_at }))
    }))
}

/// Makes an account without a password; a user name or e-mail address that is taken is a conflict
/// (`users_username_key`, `users_email`).
pub async fn insert(db: impl PgExecutor<'_>, user: &User) -> Result<()> {
    let insert = sqlx::query!(
        "insert into users (id, username, email, email_verified, roles, claims, disabled_at,
            created_at, updated_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        user.id,
        user.username.as_str(),
        user.email,
        user.email_verified,
        &role_names(&user.roles),
        Json(&user.claims) as _,
        user.disabled_at,
        user.created_at,
        user.updated_at
    );
    call(insert.execute(db)).await.map(drop)
}

/// Replaces name, address, roles and claims; false where there is no such account. With an address its
/// links die ([`crate::identity::link::Purpose::dies_with_credentials`]).
pub async fn update(db: impl PgExecutor<'_>, user: &User) -> Result<bool> {
    let update = sqlx::query!(
        "with dead as (
            delete from mail_links l using users u
            where l.user_id = $1 and l.used_at is null and l.purpose <> 'disown' and u.id = $1
                and lower(u.email) is distinct from lower($3)
        )
        update users set username = $2, email = $3, email_verified = $4, roles = $5, claims = $6,
            updated_at = $7
        where id = $1",
        user.id,
        user.username.as_str(),
        user.email,
        user.email_verified,
        &role_names(&user.roles),
        Json(&user.claims) as _,
        user.updated_at
    );
    Ok(call(update.execute(db)).await?.rows_affected() == 1)
}

/// Sets a new password's hash. With the old one die the links on their way
/// ([`crate::identity::link::Purpose::dies_with_credentials`]).
pub async fn set_password_hash(
    db: impl PgExecutor<'_>,
    id: Uuid,
    hash: &Secret,
    now: OffsetDateTime,
) -> Result<bool> {
    let update = sqlx::query!(
        "with dead as (
            delete from mail_links where user_id = $1 and used_at is null and purpose <> 'disown'
        )
        update users set password_hash = $2, password_changed_at = $3, password_due_at = null,
            updated_at = $3
        where id = $1",
        id,
        hash.expose(),
        now
    );
    Ok(call(update.execute(db)).await?.rows_affected() == 1)
}

/// Takes the account's password away: nobody signs in with one until another is set.
pub async fn clear_password(
    db: impl PgExecutor<'_>,
    id: Uuid,
    now: OffsetDateTime,
) -> Result<bool> {
    let update = sqlx::query!(
        "update users set password_hash = null, password_changed_at = $2, password_due_at = null,
            updated_at = $2
        where id = $1",
        id,
        now
    );
    Ok(call(update.execute(db)).await?.rows_affected() == 1)
}

/// Notes that the password which was set `now` came by a link in a mail: until it is changed in another
/// way, a code by mail proves nothing more (ASVS 6.4.3).
pub async fn note_password_by_mail(
    db: impl PgExecutor<'_>,
    id: Uuid,
    now: OffsetDateTime,
) -> Result<()> {
    let update = sqlx::query!("update users set password_by_mail_at = $2 where id = $1", id, now);
    call(update.execute(db)).await.map(drop)
}

/// Marks the password, where there is one, as one that others may know.
pub async fn demand_new_password(
    db: impl PgExecutor<'_>,
    id: Uuid,
    now: OffsetDateTime,
) -> Result<bool> {
    let update = sqlx::query!(
        "update users set password_due_at = $2 where id = $1 and password_hash is not null",
        id,
        now
    );
    Ok(call(update.execute(db)).await?.rows_affected() == 1)
}

/// What is known of the account's password besides its hash.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct PasswordAge {
    /// When it was set; unknown where it never changed.
    pub changed_at: Option<OffsetDateTime>,
    /// Since when others may know it, so that it must be changed.
    pub due_at: Option<OffsetDateTime>,
}

/// How old the account's password is, and whether it must be changed.
pub async fn password_age(db: impl PgExecutor<'_>, id: Uuid) -> Result<PasswordAge> {
    let row = sqlx::query_as!(
        PasswordAge,
        "select password_changed_at as changed_at, password_due_at as due_at from users where id = $1",
        id
    );
    Ok(call(row.fetch_optional(db)).await?.unwrap_or_default())
}

/// Replaces the hash of the same password by a stronger one, unless the password changed meanwhile.
pub async fn rehash_password(
    db: impl PgExecutor<'_>,
    id: Uuid,
    old: &Secret,
    new: &Secret,
) -> Result<bool> {
    let update = sqlx::query!(
        "update users set password_hash = $3 where id = $1 and password_hash = $2",
        id,
        old.expose(),
        new.expose()
    );
    Ok(call(update.execute(db)).await?.rows_affected() == 1)
}

/// Stops the account from signing in. The caller ends its sessions in the same transaction
/// ([`super::sessions::end_all`]), which also stops codes on their way.
pub async fn disable(db: impl PgExecutor<'_>, id: Uuid, now: OffsetDateTime) -> Result<bool> {
    let update = sqlx::query!(
        "update users set disabled_at = $2, updated_at = $2 where id = $1 and disabled_at is null",
        id,
        now
    );
    Ok(call(update.execute(db)).await?.rows_affected() == 1)
}

/// Undoes [`disable`].
pub async fn enable(db: impl PgExecutor<'_>, id: Uuid, now: OffsetDateTime) -> Result<bool> {
    let update = sqlx::query!(
        "update users set disabled_at = null, updated_at = $2
        where id = $1 and disabled_at is not null",
        id,
        now
    );
    Ok(call(update.execute(db)).await?.rows_affected() == 1)
}

/// Notes that `address` is its owner's, where it is still the account's.
pub async fn verify_email(
    db: impl PgExecutor<'_>,
    id: Uuid,
    address: &str,
    now: OffsetDateTime,
) -> Result<bool> {
    let update = sqlx::query!(
        "update users set email_verified = true, updated_at = $3
        where id = $1 and lower(email) = lower($2)",
        id,
        address,
        now
    );
    Ok(call(update.execute(db)).await?.rows_affected() == 1)
}

/// How many [`administrators`] there are.
pub async fn count_administrators(conn: &mut Conn) -> Result<usize> {
    Ok(administrators(conn).await?.len())
}

/// The administrators who may sign in, those who want their account deleted apart. They are locked
/// until the transaction ends, so that two removals at once cannot take the last (AD-05).
pub async fn administrators(conn: &mut Conn) -> Result<Vec<Uuid>> {
    let ids = sqlx::query_scalar!(
        "select id from users
        where 'administrator' = any(roles) and disabled_at is null
            and not exists (select from account_deletions d where d.user_id = users.id)
        order by id
        for no key update"
    );
    call(ids.fetch_all(conn)).await
}

/// Which page of the accounts is wanted.
#[derive(Debug, Clone, Default)]
pub struct UserQuery {
    /// Part of the user name or e-mail address, in any case.
    pub search: Option<String>,
    /// [`Page::next`] of the page before.
    pub after: Option<Uuid>,
    /// Rows wanted, [`PAGE_LIMIT`] at most.
    pub limit: i64,
}

/// A page of the accounts, oldest first.
pub async fn list(db: impl PgExecutor<'_>, query: &UserQuery) -> Result<Page<User, Uuid>> {
    let limit = query.limit.clamp(1, PAGE_LIMIT);
    let rows = sqlx::query_as!(
        UserRow,
        r#"select id, username, email, email_verified, roles,
            claims as "claims: Json<serde_json::Map<String, serde_json::Value>>",
            password_hash is not null as "has_password!",
            password_due_at is not null as "password_due!", disabled_at, created_at, updated_at
        from users
        where id > coalesce($1, '00000000-0000-0000-0000-000000000000'::uuid)
            and ($2::text is null or strpos(username, lower($2)) > 0
                or strpos(lower(email), lower($2)) > 0)
        order by id
        limit $3::bigint + 1"#,
        query.after,
        query.search.as_deref(),
        limit
    );
    let rows = call(rows.fetch_all(db)).await?;
    let users = rows.into_iter().map(User::try_from).collect::<Result<Vec<_>>>()?;
    Ok(Page::cut(users, limit, |user| user.id))
}
