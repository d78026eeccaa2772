//! `factors`: what people have enrolled beside their password.

use sqlx::PgExecutor;
use time::OffsetDateTime;
use uuid::Uuid;

use super::error::{call, corrupt};
use super::{Result, StoreError};
use crate::identity::factor::{Factor, FactorKind};

/// The person's factors, confirmed or not, oldest first.
pub async fn list(db: impl PgExecutor<'_>, user_id: Uuid) -> Result<Vec<Factor>> {
    let rows = sqlx::query_as!(
        Row,
        "select id, user_id, kind, label, sealed, last_step, confirmed_at, created_at, used_at
        from factors where user_id = $1
        order by created_at, id",
        user_id
    );
    call(rows.fetch_all(db)).await?.into_iter().map(Factor::try_from).collect()
}

/// Enrols a factor.
pub async fn insert(db: impl PgExecutor<'_>, factor: &Factor) -> Result<()> {
    let insert = sqlx::query!(
        "insert into factors (id, user_id, kind, label, sealed, last_step, confirmed_at, created_at,
            used_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        factor.id,
        factor.user_id,
        factor.kind.as_str(),
        factor.label,
        factor.sealed,
        factor.last_step,
        factor.confirmed_at,
        factor.created_at,
        factor.used_at
    );
    call(insert.execute(db)).await.map(drop)
}

/// Makes a factor count, its first code's `step` being used up; once only.
pub async fn confirm(
    db: impl PgExecutor<'_>,
    id: Uuid,
    step: i64,
    now: OffsetDateTime,
) -> Result<bool> {
    let update = sqlx::query!(
        "update factors set confirmed_at = $3, used_at = $3, last_step = $2
        where id = $1 and confirmed_at is null and last_step < $2",
        id,
        step,
        now
    );
    Ok(call(update.execute(db)).await?.rows_affected() == 1)
}

/// Uses up the time step of an accepted code: true for exactly one of those who try (RFC 6238 §5.2).
pub async fn advance_step(
    db: impl PgExecutor<'_>,
    id: Uuid,
    step: i64,
    now: OffsetDateTime,
) -> Result<bool> {
    let update = sqlx::query!(
        "update factors set last_step = $2, used_at = $3 where id = $1 and last_step < $2",
        id,
        step,
        now
    );
    Ok(call(update.execute(db)).await?.rows_affected() == 1)
}

/// Gives one of the person's factors another name.
pub async fn rename(db: impl PgExecutor<'_>, user_id: Uuid, id: Uuid, label: &str) -> Result<bool> {
    let update = sqlx::query!(
        "update factors set label = $3 where user_id = $1 and id = $2",
        user_id,
        id,
        label
    );
    Ok(call(update.execute(db)).await?.rows_affected() == 1)
}

/// Removes one of the person's factors.
pub async fn delete(db: impl PgExecutor<'_>, user_id: Uuid, id: Uuid) -> Result<bool> {
    let delete = sqlx::query!("delete from factors where user_id = $1 and id = $2", user_id, id);
    Ok(call(delete.execute(db)).await?.rows_affected() == 1)
}

/// What else decides on an account's second factors.
#[derive(Debug, Clone, Copy)]
pub struct Standing {
    /// How many recovery codes are unused.
    pub recovery_codes: i64,
    /// Since when the person puts off an enrolment.
    pub owing_since: Option<OffsetDateTime>,
    /// Whether the password was set by a link in a mail, and by nothing else since.
    pub password_by_mail: bool,
}

/// How the account stands; as one that has nothing, where there is none.
pub async fn standing(db: impl PgExecutor<'_>, user_id: Uuid) -> Result<Standing> {
    let row = sqlx::query_as!(
        Standing,
        r#"select factor_owed_at as owing_since,
            coalesce(password_by_mail_at >= password_changed_at, password_by_mail_at is not null)
                as "password_by_mail!",
            (select count(*) from recovery_codes
            where user_id = users.id and used_at is null) as "recovery_codes!"
        from users where id = $1"#,
        user_id
    );
    let none = Standing { recovery_codes: 0, owing_since: None, password_by_mail: false };
    Ok(call(row.fetch_optional(db)).await?.unwrap_or(none))
}

/// Notes that the person puts off an enrolment; the first time counts.
pub async fn put_off(db: impl PgExecutor<'_>, user_id: Uuid, now: OffsetDateTime) -> Result<()> {
    let update = sqlx::query!(
        "update users set factor_owed_at = $2 where id = $1 and factor_owed_at is null",
        user_id,
        now
    );
    call(update.execute(db)).await.map(drop)
}

struct Row {
    id: Uuid,
    user_id: Uuid,
    kind: String,
    label: String,
    sealed: Vec<u8>,
    last_step: i64,
    confirmed_at: Option<OffsetDateTime>,
    created_at: OffsetDateTime,
    used_at: Option<OffsetDateTime>,
}

impl TryFrom<Row> for Factor {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self> {
        let kind = match row.kind.as_str() {
            "totp" => FactorKind::Totp,
            _ => return Err(corrupt("factor kind")),
        };
        Ok(Self {
            id: row.id,
            user_id: row.user_id,
            kind,
            label: row.label,
            sealed: row.sealed,
            last_step: row.last_step,
            confirmed_at: row.confirmed_at,
            created_at: row.created_at,
            used_at: row.used_at,
        })
    }
}
