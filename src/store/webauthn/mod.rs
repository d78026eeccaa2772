//! `webauthn_keys` and `webauthn_people`: passkeys and security keys, and whom they know.

pub mod ceremonies;
pub mod sign_in;

use serde_json::Value;
use sqlx::PgExecutor;
use time::OffsetDateTime;
use uuid::Uuid;

use super::error::{call, corrupt};
use super::{Result, StoreError};
use crate::identity::factor::FactorKind;
use crate::identity::passkey::{Key, OFFER_AGAIN};

/// The person's keys, oldest first.
pub async fn list(db: impl PgExecutor<'_>, user_id: Uuid) -> Result<Vec<Key>> {
    let rows = sqlx::query_as!(
        Row,
        "select id, user_id, credential_id, kind, label, public, aaguid, transports, counter,
            backup_eligible, backed_up, created_at, used_at, device_id
        from webauthn_keys where user_id = $1
        order by created_at, id",
        user_id
    );
    call(rows.fetch_all(db)).await?.into_iter().map(Key::try_from).collect()
}

/// The kinds of the person's keys.
pub async fn kinds(db: impl PgExecutor<'_>, user_id: Uuid) -> Result<Vec<FactorKind>> {
    let kinds =
        sqlx::query_scalar!("select distinct kind from webauthn_keys where user_id = $1", user_id);
    call(kinds.fetch_all(db)).await?.iter().map(|name| kind(name)).collect()
}

/// The keys that verify their user of whoever signs in as `login` and may, and who that is.
pub async fn list_for_login(
    db: impl PgExecutor<'_>,
    login: &str,
) -> Result<(Option<Uuid>, Vec<(Vec<u8>, Vec<String>)>)> {
    let rows = sqlx::query!(
        r#"select u.id as "user_id!", k.credential_id as "credential_id?", k.transports as "transports?"
        from (
            select id from users
            where (username = $1 or lower(email) = lower($1)) and disabled_at is null
            order by username = $1 desc
            limit 1
        ) u
        left join webauthn_keys k on k.user_id = u.id and k.kind <> 'security_key'
        order by k.created_at, k.id"#,
        login
    );
    let rows = call(rows.fetch_all(db)).await?;
    let user_id = rows.first().map(|row| row.user_id);
    let keys = rows.into_iter().filter_map(|row| row.credential_id.zip(row.transports));
    Ok((user_id, keys.collect()))
}

/// Adds a key; one that anybody has already is a conflict (`webauthn_keys_credential_id_key`).
pub async fn insert(db: impl PgExecutor<'_>, key: &Key) -> Result<()> {
    let insert = sqlx::query!(
        "insert into webauthn_keys (id, user_id, credential_id, kind, label, public, aaguid,
            transports, counter, backup_eligible, backed_up, created_at, used_at, device_id)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
        key.id,
        key.user_id,
        key.credential_id,
        key.kind.as_str(),
        key.label,
        key.public,
        key.aaguid,
        &key.transports,
        i64::from(key.counter),
        key.backup_eligible,
        key.backed_up,
        key.created_at,
        key.used_at,
        key.device_id
    );
    call(insert.execute(db)).await.map(drop)
}

/// Notes a use of the person's key: true where its counter grew by it, or where it has none. Of two
/// uses with one counter exactly one is noted (WA-07).
pub async fn advance(
    db: impl PgExecutor<'_>,
    id: Uuid,
    counter: u32,
    backed_up: bool,
    now: OffsetDateTime,
) -> Result<bool> {
    let update = sqlx::query!(
        "update webauthn_keys set counter = $2, backed_up = $3, used_at = $4
        where id = $1 and (counter < $2 or (counter = 0 and $2 = 0))",
        id,
        i64::from(counter),
        backed_up,
        now
    );
    Ok(call(update.execute(db)).await?.rows_affected() == 1)
}

/// Notes a use of a key whose counter did not grow, where policy takes it.
pub async fn touch(db: impl PgExecutor<'_>, id: Uuid, now: OffsetDateTime) -> Result<bool> {
    let update = sqlx::query!("update webauthn_keys set used_at = $2 where id = $1", id, now);
    Ok(call(update.execute(db)).await?.rows_affected() == 1)
}

/// Gives the person's key another name.
pub async fn rename(db: impl PgExecutor<'_>, user_id: Uuid, id: Uuid, label: &str) -> Result<bool> {
    let update = sqlx::query!(
        "update webauthn_keys set label = $3 where user_id = $1 and id = $2",
        user_id,
        id,
        label
    );
    Ok(call(update.execute(db)).await?.rows_affected() == 1)
}

/// Removes the person's key; its name and kind, where there was one.
pub async fn delete(
    db: impl PgExecutor<'_>,
    user_id: Uuid,
    id: Uuid,
) -> Result<Option<(String, FactorKind)>> {
    let delete = sqlx::query!(
        "delete from webauthn_keys where user_id = $1 and id = $2 returning label, kind",
        user_id,
        id
    );
    let Some(row) = call(delete.fetch_optional(db)).await? else { return Ok(None) };
    Ok(Some((row.label, kind(&row.kind)?)))
}

/// Removes the person's keys that were made on the device; their names.
pub async fn delete_of_device(
    db: impl PgExecutor<'_>,
    user_id: Uuid,
    device_id: Uuid,
) -> Result<Vec<String>> {
    let delete = sqlx::query_scalar!(
        "delete from webauthn_keys where user_id = $1 and device_id = $2 returning label",
        user_id,
        device_id
    );
    call(delete.fetch_all(db)).await
}

/// What keys call the person: `fresh`, where nothing was before.
pub async fn handle(db: impl PgExecutor<'_>, user_id: Uuid, fresh: Uuid) -> Result<Uuid> {
    let handle = sqlx::query_scalar!(
        "insert into webauthn_people (user_id, handle) values ($1, $2)
        on conflict (user_id) do update set handle = webauthn_people.handle
        returning handle",
        user_id,
        fresh
    );
    call(handle.fetch_one(db)).await
}

/// What keys call the person, where they ever began to make one.
pub async fn find_handle(db: impl PgExecutor<'_>, user_id: Uuid) -> Result<Option<Uuid>> {
    let handle =
        sqlx::query_scalar!("select handle from webauthn_people where user_id = $1", user_id);
    call(handle.fetch_optional(db)).await
}

/// Whether the person may be offered a passkey: they did not say "not now" lately, nor "never".
pub async fn may_offer(
    db: impl PgExecutor<'_>,
    user_id: Uuid,
    now: OffsetDateTime,
) -> Result<bool> {
    let held_back = sqlx::query_scalar!(
        r#"select exists(
            select from webauthn_people
            where user_id = $1 and (declined_at is not null or offered_at > $2)
        ) as "held_back!""#,
        user_id,
        now - OFFER_AGAIN
    );
    Ok(!call(held_back.fetch_one(db)).await?)
}

/// What somebody said to the offer of a passkey.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Declined {
    /// Not now.
    ForNow,
    /// Do not ask again.
    ForEver,
}

/// Notes the answer to the offer.
pub async fn decline(
    db: impl PgExecutor<'_>,
    user_id: Uuid,
    fresh: Uuid,
    declined: Declined,
    now: OffsetDateTime,
) -> Result<()> {
    let for_ever = (declined == Declined::ForEver).then_some(now);
    let upsert = sqlx::query!(
        "insert into webauthn_people (user_id, handle, offered_at, declined_at)
        values ($1, $2, $3, $4)
        on conflict (user_id) do update
            set offered_at = excluded.offered_at,
                declined_at = coalesce(webauthn_people.declined_at, excluded.declined_at)",
        user_id,
        fresh,
        now,
        for_ever
    );
    call(upsert.execute(db)).await.map(drop)
}

fn kind(name: &str) -> Result<FactorKind> {
    let kind = FactorKind::parse(name).filter(|kind| kind.is_phishing_resistant());
    kind.ok_or_else(|| corrupt("kind of key"))
}

struct Row {
    id: Uuid,
    user_id: Uuid,
    credential_id: Vec<u8>,
    kind: String,
    label: String,
    public: Value,
    aaguid: Uuid,
    transports: Vec<String>,
    counter: i64,
    backup_eligible: bool,
    backed_up: bool,
    created_at: OffsetDateTime,
    used_at: Option<OffsetDateTime>,
    device_id: Option<Uuid>,
}

impl TryFrom<Row> for Key {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self> {
        Ok(Self {
            id: row.id,
            user_id: row.user_id,
            credential_id: row.credential_id,
            kind: kind(&row.kind)?,
            label: row.label,
            public: row.public,
            aaguid: row.aaguid,
            transports: row.transports,
            counter: u32::try_from(row.counter).map_err(|_| corrupt("counter of a key"))?,
            backup_eligible: row.backup_eligible,
            backed_up: row.backed_up,
            created_at: row.created_at,
            used_at: row.used_at,
            device_id: row.device_id,
        })
    }
}
