//! `devices`: the browsers that people signed in from.

use sqlx::PgExecutor;
use time::OffsetDateTime;
use uuid::Uuid;

use super::error::call;
use super::rows::fingerprint;
use super::{Result, StoreError};
use crate::crypto::secret::Fingerprint;

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

/// Forgets one of the person's devices; false where it is none of theirs.
pub async fn forget(db: impl PgExecutor<'_>, user_id: Uuid, id: Uuid) -> Result<bool> {
    let delete = sqlx::query!("delete from devices where user_id = $1 and id = $2", user_id, id);
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
