//! Devices of a person: what each holds, and the end of it.

use serde::Serialize;
use serde_json::{Value, json};
use time::OffsetDateTime;
use uuid::Uuid;

use super::keys::Write;
use crate::identity::ending::Cause;
use crate::identity::factor::FactorKind;
use crate::identity::passkey::Key;
use crate::manage::account::factors::drop_lone_codes;
use crate::manage::{Change, Cx, Done, ManageError, Result, Told, ending};
use crate::policy::permission::AdminPermission;
use crate::protocol::binding::Binding;
use crate::store::devices::{self, Device, HeldApp};
use crate::store::sessions::{self, SessionEntry};
use crate::store::{Conn, webauthn};

/// A device as it is shown, with all that it holds.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct DeviceView {
    /// The row.
    pub id: Uuid,
    /// Browser and system.
    pub label: String,
    /// When somebody first signed in on it.
    #[schema(value_type = String, format = DateTime)]
    #[serde(with = "time::serde::rfc3339")]
    pub first_seen_at: OffsetDateTime,
    /// When somebody last did.
    #[schema(value_type = String, format = DateTime)]
    #[serde(with = "time::serde::rfc3339")]
    pub seen_at: OffsetDateTime,
    /// Until when it spares its owner the second factor.
    #[schema(value_type = Option<String>, format = DateTime)]
    #[serde(with = "time::serde::rfc3339::option")]
    pub trusted_until: Option<OffsetDateTime>,
    /// The live sessions in its browser.
    pub sessions: Vec<Uuid>,
    /// Whether one of them is bound to a key that the device holds.
    pub bound: bool,
    /// The passkeys and security keys that were made on it.
    pub keys: Vec<HeldKey>,
    /// What was allowed on it and lives.
    pub applications: Vec<HeldGrant>,
}

/// A key that was made on a device.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct HeldKey {
    /// The row.
    pub id: Uuid,
    /// Its owner's name for it.
    pub label: String,
    /// `security_key`, `passkey` or `hardware_key`.
    #[schema(value_type = String)]
    pub kind: FactorKind,
}

/// What an application holds that was allowed on a device.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct HeldGrant {
    /// The application.
    pub client_id: String,
    /// What it is called.
    pub name: String,
    /// What its tokens are bound to: `dpop`, `certificate`, or nothing.
    pub bound_by: Option<&'static str>,
    /// Thumbprint of the DPoP key or certificate.
    pub thumbprint: Option<String>,
    /// Whether it outlives the session.
    pub offline: bool,
    /// When it last got a token.
    #[schema(value_type = String, format = DateTime)]
    #[serde(with = "time::serde::rfc3339")]
    pub used_at: OffsetDateTime,
}

impl From<&Key> for HeldKey {
    fn from(key: &Key) -> Self {
        Self { id: key.id, label: key.label.clone(), kind: key.kind }
    }
}

impl From<&HeldApp> for HeldGrant {
    fn from(app: &HeldApp) -> Self {
        Self {
            client_id: app.client_id.as_str().to_owned(),
            name: app.name.clone(),
            bound_by: app.binding.map(|binding| match binding {
                Binding::Key(_) => "dpop",
                Binding::Certificate(_) => "certificate",
            }),
            thumbprint: app.binding.map(Binding::thumbprint),
            offline: app.offline,
            used_at: app.used_at,
        }
    }
}

/// What became of a device that was removed.
#[derive(Debug, Clone, Serialize)]
pub struct Taken {
    /// What it was called.
    pub label: String,
    /// How many sessions ended.
    pub sessions: usize,
    /// The keys that went with it, by their names.
    pub keys: Vec<String>,
    /// The applications that lost what was allowed there.
    pub applications: Vec<String>,
}

impl Taken {
    fn details(&self) -> Value {
        json!({
            "label": self.label,
            "sessions": self.sessions,
            "keys": self.keys,
            "applications": self.applications,
        })
    }
}

/// The person's devices, last seen first, 100 at most.
pub(in crate::manage) async fn held(
    conn: &mut Conn,
    user_id: Uuid,
    now: OffsetDateTime,
) -> Result<Vec<DeviceView>> {
    let known = devices::list(&mut *conn, user_id).await?;
    let trusted = devices::trusted(&mut *conn, user_id, now).await?;
    let live = sessions::list(&mut *conn, user_id, now).await?;
    let keys = webauthn::list(&mut *conn, user_id).await?;
    let apps = devices::apps(&mut *conn, user_id, now).await?;
    let view = |device: Device| {
        let here = |id: &Option<Uuid>| *id == Some(device.id);
        let sits = |entry: &&SessionEntry| here(&entry.session.device_id);
        let trust = trusted.iter().find(|one| one.id == device.id);
        DeviceView {
            id: device.id,
            first_seen_at: device.created_at,
            seen_at: device.seen_at,
            trusted_until: trust.map(|one| one.trusted_until),
            sessions: live.iter().filter(sits).map(|entry| entry.session.id).collect(),
            bound: live.iter().filter(sits).any(|entry| entry.session.is_bound),
            keys: keys.iter().filter(|key| here(&key.device_id)).map(HeldKey::from).collect(),
            applications: apps
                .iter()
                .filter(|app| app.device_id == device.id)
                .map(HeldGrant::from)
                .collect(),
            label: device.label,
        }
    };
    Ok(known.into_iter().map(view).collect())
}

/// The person's devices, for an administrator.
pub async fn list(cx: &Cx<'_>, user_id: Uuid) -> Result<Vec<DeviceView>> {
    cx.check(AdminPermission::SessionsRead)?;
    super::show(cx, user_id).await?;
    held(&mut *cx.store.begin().await?, user_id, cx.now).await
}

/// Removes one of the person's devices and all that is bound to it: sessions, grants, also those for
/// offline access, keys, trust. Where a key goes, everything else ends too: it may have been used
/// elsewhere.
pub async fn remove(
    cx: &Cx<'_>,
    user_id: Uuid,
    device: Uuid,
    notice: Option<Write<'_>>,
) -> Result<Done<Taken>> {
    cx.check(AdminPermission::SessionsWrite)?;
    cx.check(AdminPermission::UsersWrite)?;
    let mut tx = cx.begin().await?;
    let user = super::hold(&mut tx, cx, user_id).await?;
    let taken = take(&mut tx, cx, user_id, device, Cause::FactorTaken).await?;
    if let Some(notice) = notice.and_then(|write| write(&user, &taken.label)) {
        notice.send(&mut tx).await?;
    }
    tx.commit().await?;
    Ok(Done::new(taken, [Change::revocations()]))
}

/// Takes the device away, in a transaction of the caller's, who holds the account's row. `key_gone` is
/// what it is to the account that a key goes.
pub(in crate::manage) async fn take(
    conn: &mut Conn,
    cx: &Cx<'_>,
    user_id: Uuid,
    device: Uuid,
    key_gone: Cause,
) -> Result<Taken> {
    let label = devices::label(&mut *conn, user_id, device).await?;
    let label = label.ok_or(ManageError::NotFound("device"))?;
    let apps = devices::apps(&mut *conn, user_id, cx.now).await?.into_iter();
    let apps = apps.filter(|app| app.device_id == device);
    let mut applications: Vec<String> = apps.map(|app| app.client_id.as_str().to_owned()).collect();
    let keys = webauthn::delete_of_device(&mut *conn, user_id, device).await?;
    if !keys.is_empty() {
        drop_lone_codes(&mut *conn, cx, user_id).await?;
    }
    let cause = Cause::DeviceRemoved { device };
    let mut sessions = ending::carry_out(&mut *conn, cx, user_id, cause).await?.sessions;
    if !keys.is_empty() {
        sessions += ending::carry_out(&mut *conn, cx, user_id, key_gone).await?.sessions;
    }
    applications.sort_unstable();
    applications.dedup();
    let taken = Taken { label, sessions, keys, applications };
    let told = Told::new("device.remove", "device", device.to_string(), taken.details());
    cx.tell(conn, Told { user_id: Some(user_id), ..told }).await?;
    Ok(taken)
}
