//! `devices`: the browsers that people signed in from.

use sqlx::PgExecutor;
use time::OffsetDateTime;
use uuid::Uuid;

use super::error::call;
use super::rows::{binding, client_id, fingerprint};
use super::{Result, StoreError};
use crate::crypto::secret::Fingerprint;
use crate::protocol::binding::Binding;
use crate::protocol::client::ClientId;

/// A browser that somebody signed in from.
#[derive(Debug, Clone)]
pub struct Device {
    /// The row.
    pub id: Uuid,
    /// Whose.
    pub user_id: Uuid,
    /// SHA-256 of its cookie.
    pub fingerprint: Fingerprint,
    /// What people read: browser and system.
    pub label: String,
    /// First seen.
    pub created_at: OffsetDateTime,
    /// Last seen, to the day.
    pub seen_at: OffsetDateTime,
}

/// The person's device that holds this cookie.
pub async fn find(
    db: impl PgExecutor<'_>,
    user_id: Uuid,
    cookie: &Fingerprint,
) -> Result<Option<Device>> {
    let row = sqlx::query_as!(
        Row,
        "select id, user_id, fingerprint, label, created_at, seen_at from devices
        where user_id = $1 and fingerprint = $2",
        user_id,
        cookie.as_bytes().as_slice()
    );
    call(row.fetch_optional(db)).await?.map(Device::try_from).transpose()
}

/// Remembers a device, or that it was seen again; the id of its row, new or old.
pub async fn upsert(db: impl PgExecutor<'_>, device: &Device) -> Result<Uuid> {
    let id = sqlx::query_scalar!(
        "insert into devices (id, user_id, fingerprint, label, created_at, seen_at)
        values ($1, $2, $3, $4, $5, $6)
        on conflict (user_id, fingerprint) do update
            set label = excluded.label, seen_at = greatest(devices.seen_at, excluded.seen_at)
        returning id",
        device.id,
        device.user_id,
        device.fingerprint.as_bytes().as_slice(),
        device.label,
        device.created_at,
        device.seen_at
    );
    call(id.fetch_one(db)).await
}

/// Notes that the device was seen, once a day at most.
pub async fn touch(db: impl PgExecutor<'_>, id: Uuid, now: OffsetDateTime) -> Result<()> {
    let update = sqlx::query!(
        "update devices set seen_at = $2 where id = $1 and seen_at < $2::timestamptz - interval '1 day'",
        id,
        now
    );
    call(update.execute(db)).await.map(drop)
}

/// Whether the person signed in from any browser but this one.
pub async fn has_other(db: impl PgExecutor<'_>, user_id: Uuid, id: Uuid) -> Result<bool> {
    let found = sqlx::query_scalar!(
        r#"select exists (select 1 from devices where user_id = $1 and id <> $2) as "found!""#,
        user_id,
        id
    );
    call(found.fetch_one(db)).await
}

/// What must hold for a browser to spare its owner the second factor.
#[derive(Debug, Clone, Copy)]
pub struct Claimed<'a> {
    /// Who says so.
    pub user_id: Uuid,
    /// The browser's cookie.
    pub cookie: &'a Fingerprint,
    /// The secret of the trust.
    pub trust: &'a Fingerprint,
    /// Trust from before this instant is over by the policy of the day.
    pub not_before: OffsetDateTime,
    /// The present.
    pub now: OffsetDateTime,
}

/// Whether the browser is trusted: not for longer than was said, and not since before the password
/// was changed.
pub async fn is_trusted(db: impl PgExecutor<'_>, claimed: &Claimed<'_>) -> Result<bool> {
    let found = sqlx::query_scalar!(
        r#"select exists(
            select from devices d
            join users u on u.id = d.user_id
            where d.user_id = $1 and d.fingerprint = $2 and d.trust_fingerprint = $3
                and d.trusted_at > $4 and d.trusted_until > $5
                and (u.password_changed_at is null or u.password_changed_at < d.trusted_at)
        ) as "trusted!""#,
        claimed.user_id,
        claimed.cookie.as_bytes().as_slice(),
        claimed.trust.as_bytes().as_slice(),
        claimed.not_before,
        claimed.now
    );
    call(found.fetch_one(db)).await
}

/// A trust that begins.
#[derive(Debug, Clone, Copy)]
pub struct Trust<'a> {
    /// The browser.
    pub device_id: Uuid,
    /// Whose it is.
    pub user_id: Uuid,
    /// Its secret.
    pub secret: &'a Fingerprint,
    /// From when.
    pub now: OffsetDateTime,
    /// Until when.
    pub until: OffsetDateTime,
}

/// Trusts the browser; false where it is not the person's.
pub async fn trust(db: impl PgExecutor<'_>, trust: &Trust<'_>) -> Result<bool> {
    let update = sqlx::query!(
        "update devices set trust_fingerprint = $3, trusted_at = $4, trusted_until = $5
        where id = $1 and user_id = $2",
        trust.device_id,
        trust.user_id,
        trust.secret.as_bytes().as_slice(),
        trust.now,
        trust.until
    );
    Ok(call(update.execute(db)).await?.rows_affected() == 1)
}

/// Trusts the person's browsers no more, or one of them. What was spared because of it is owed again:
/// by their sessions at the next step, by their grants at the next refresh. How many were trusted.
pub async fn distrust(
    db: impl PgExecutor<'_>,
    user_id: Uuid,
    device_id: Option<Uuid>,
) -> Result<u64> {
    let distrust = sqlx::query_scalar!(
        r#"with gone as (
            update devices
            set trust_fingerprint = null, trusted_at = null, trusted_until = null
            where user_id = $1 and trusted_at is not null and ($2::uuid is null or id = $2)
            returning id
        ), asked as (
            update sessions s
            set proofs = (select coalesce(jsonb_agg(proof - 'alone'), '[]')
                from jsonb_array_elements(s.proofs) proof)
            where s.user_id = $1 and ($2::uuid is null or s.device_id = $2)
                and s.proofs @> '[{"alone": "trusted_device"}]'
            returning id
        ), grants_asked as (
            update grants g
            set proofs = (select coalesce(jsonb_agg(proof - 'alone'), '[]')
                from jsonb_array_elements(g.proofs) proof)
            where g.user_id = $1 and g.proofs @> '[{"alone": "trusted_device"}]'
                and ($2::uuid is null or g.device_id = $2)
        )
        select count(*) as "gone!" from gone"#,
        user_id,
        device_id
    );
    let gone: i64 = call(distrust.fetch_one(db)).await?;
    Ok(u64::try_from(gone).unwrap_or(0))
}

/// A trusted browser, as its owner and administrators see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrustedDevice {
    /// The row.
    pub id: Uuid,
    /// Browser and system.
    pub label: String,
    /// Since when.
    pub trusted_at: OffsetDateTime,
    /// Until when.
    pub trusted_until: OffsetDateTime,
}

/// The browsers that spare the person the second factor, the newest trust first, 100 at most.
pub async fn trusted(
    db: impl PgExecutor<'_>,
    user_id: Uuid,
    now: OffsetDateTime,
) -> Result<Vec<TrustedDevice>> {
    let rows = sqlx::query_as!(
        TrustedDevice,
        r#"select id, label, trusted_at as "trusted_at!", trusted_until as "trusted_until!"
        from devices
        where user_id = $1 and trusted_until > $2
        order by trusted_at desc, id
        limit 100"#,
        user_id,
        now
    );
    call(rows.fetch_all(db)).await
}

/// The person's devices, last seen first, 100 at most.
pub async fn list(db: impl PgExecutor<'_>, user_id: Uuid) -> Result<Vec<Device>> {
    let rows = sqlx::query_as!(
        Row,
        "select id, user_id, fingerprint, label, created_at, seen_at from devices
        where user_id = $1
        order by seen_at desc, id
        limit 100",
        user_id
    );
    call(rows.fetch_all(db)).await?.into_iter().map(Device::try_from).collect()
}

/// What the person's device of this id is called.
pub async fn label(db: impl PgExecutor<'_>, user_id: Uuid, id: Uuid) -> Result<Option<String>> {
    let label = sqlx::query_scalar!(
        "select label from devices where user_id = $1 and id = $2",
        user_id,
        id
    );
    call(label.fetch_optional(db)).await
}

/// What an application holds that was allowed on a device.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeldApp {
    /// The device; it may be forgotten by now.
    pub device_id: Uuid,
    /// The application.
    pub client_id: ClientId,
    /// What it is called.
    pub name: String,
    /// The key or certificate that its tokens are bound to.
    pub binding: Option<Binding>,
    /// Whether it outlives the session.
    pub offline: bool,
    /// When it last got a token.
    pub used_at: OffsetDateTime,
}

/// What applications hold of the person that was allowed on any device, last used first, 500 at most.
pub async fn apps(
    db: impl PgExecutor<'_>,
    user_id: Uuid,
    now: OffsetDateTime,
) -> Result<Vec<HeldApp>> {
    let rows = sqlx::query_as!(
        HeldRow,
        r#"select g.device_id as "device_id!", g.client_id, c.name, g.cnf,
            bool_or(g.lifetime = 'offline') as "offline!", max(g.used_at) as "used_at!"
        from grants g
        join clients c on c.id = g.client_id
        where g.user_id = $1 and g.device_id is not null and g.revoked_at is null
            and g.idle_ends_at > $2 and g.ends_at > $2
        group by g.device_id, g.client_id, c.name, g.cnf
        order by max(g.used_at) desc, g.client_id, g.cnf
        limit 500"#,
        user_id,
        now
    );
    let rows = call(rows.fetch_all(db)).await?;
    let app = |row: HeldRow| {
        let HeldRow { device_id, client_id: id, name, cnf, offline, used_at } = row;
        let binding = cnf.as_deref().map(binding).transpose()?;
        Ok(HeldApp { device_id, client_id: client_id(&id)?, name, binding, offline, used_at })
    };
    rows.into_iter().map(app).collect()
}

/// Forgets one of the person's devices; false where it is none of theirs. What was spared because it
/// was trusted is owed again.
pub async fn forget(db: impl PgExecutor<'_>, user_id: Uuid, id: Uuid) -> Result<bool> {
    let delete = sqlx::query!(
        r#"with asked as (
            update grants g
            set proofs = (select coalesce(jsonb_agg(proof - 'alone'), '[]')
                from jsonb_array_elements(g.proofs) proof)
            where g.user_id = $1 and g.proofs @> '[{"alone": "trusted_device"}]'
                and g.device_id = $2
        )
        delete from devices where user_id = $1 and id = $2"#,
        user_id,
        id
    );
    Ok(call(delete.execute(db)).await?.rows_affected() == 1)
}

/// Forgets all the person's devices, but not the one that `session` sits in: how many.
pub async fn forget_all(
    db: impl PgExecutor<'_>,
    user_id: Uuid,
    session: Option<Uuid>,
) -> Result<u64> {
    let delete = sqlx::query!(
        "delete from devices
        where user_id = $1 and id is distinct from (select device_id from sessions where id = $2)",
        user_id,
        session
    );
    Ok(call(delete.execute(db)).await?.rows_affected())
}

struct HeldRow {
    device_id: Uuid,
    client_id: String,
    name: String,
    cnf: Option<String>,
    offline: bool,
    used_at: OffsetDateTime,
}

struct Row {
    id: Uuid,
    user_id: Uuid,
    fingerprint: Vec<u8>,
    label: String,
    created_at: OffsetDateTime,
    seen_at: OffsetDateTime,
}

impl TryFrom<Row> for Device {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self> {
        Ok(Self {
            id: row.id,
            user_id: row.user_id,
            fingerprint: fingerprint(&row.fingerprint)?,
            label: row.label,
            created_at: row.created_at,
            seen_at: row.seen_at,
        })
    }
}
