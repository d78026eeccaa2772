//! What people prove themselves with besides a password, seen and removed by an administrator.

use serde::Serialize;
use serde_json::json;
use time::OffsetDateTime;
use uuid::Uuid;

use crate::identity::ending::Cause;
use crate::identity::factor::{Factor, FactorKind};
use crate::identity::passkey::Key;
use crate::identity::user::User;
use crate::manage::account::factors::drop_lone_codes;
use crate::manage::post::Notice;
use crate::manage::{Change, Cx, Done, ManageError, Result, Told, ending};
use crate::policy::permission::AdminPermission;
use crate::store::{factors, webauthn};

/// A factor as it is shown: never with what it is proved by.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct FactorView {
    /// The row.
    pub id: Uuid,
    /// `totp`, `security_key`, `passkey` or `hardware_key`.
    #[schema(value_type = String)]
    pub kind: FactorKind,
    /// The person's name for it.
    pub label: String,
    /// The model that a key claims to be.
    pub aaguid: Option<Uuid>,
    /// Whether a key may be copied to other devices.
    pub synced: Option<bool>,
    /// When it was added.
    #[schema(value_type = String, format = DateTime)]
    #[serde(with = "time::serde::rfc3339")]
    pub created_at: OffsetDateTime,
    /// When it was last used.
    #[schema(value_type = Option<String>, format = DateTime)]
    #[serde(with = "time::serde::rfc3339::option")]
    pub used_at: Option<OffsetDateTime>,
}

impl From<&Key> for FactorView {
    fn from(key: &Key) -> Self {
        Self {
            id: key.id,
            kind: key.kind,
            label: key.label.clone(),
            aaguid: Some(key.aaguid),
            synced: Some(key.backup_eligible),
            created_at: key.created_at,
            used_at: key.used_at,
        }
    }
}

impl From<&Factor> for FactorView {
    fn from(factor: &Factor) -> Self {
        Self {
            id: factor.id,
            kind: factor.kind,
            label: factor.label.clone(),
            aaguid: None,
            synced: None,
            created_at: factor.created_at,
            used_at: factor.used_at,
        }
    }
}

/// The person's factors: keys first, then authenticators.
pub async fn list(cx: &Cx<'_>, user_id: Uuid) -> Result<Vec<FactorView>> {
    let user = super::show(cx, user_id).await?;
    let store = cx.store.pool();
    let keys = webauthn::list(store, user.id).await?;
    let others = factors::list(store, user.id).await?;
    let confirmed = others.iter().filter(|factor| factor.is_confirmed());
    Ok(keys.iter().map(FactorView::from).chain(confirmed.map(FactorView::from)).collect())
}

/// Writes the mail that tells the owner of a removal: to whom, and what it was called.
pub type Write<'a> = &'a (dyn Fn(&User, &str) -> Option<Notice> + Sync);

/// Removes one of the person's factors and ends their sessions, for whoever held it may sit in one.
pub async fn remove(
    cx: &Cx<'_>,
    user_id: Uuid,
    factor_id: Uuid,
    notice: Option<Write<'_>>,
) -> Result<Done<FactorView>> {
    cx.check(AdminPermission::UsersWrite)?;
    let held = list(cx, user_id).await?;
    let factor = held.into_iter().find(|factor| factor.id == factor_id);
    let factor = factor.ok_or(ManageError::NotFound("factor"))?;
    let mut tx = cx.begin().await?;
    let user = super::hold(&mut tx, cx, user_id).await?;
    let is_gone = webauthn::delete(&mut *tx, user_id, factor_id).await?.is_some()
        || factors::delete(&mut *tx, user_id, factor_id).await?;
    if !is_gone {
        return Err(ManageError::NotFound("factor"));
    }
    drop_lone_codes(&mut tx, cx, user_id).await?;
    let ended = ending::carry_out(&mut tx, cx, user_id, Cause::FactorTaken).await?.sessions;
    if let Some(notice) = notice.and_then(|write| write(&user, &factor.label)) {
        notice.send(&mut tx).await?;
    }
    let details = json!({ "kind": factor.kind, "label": factor.label, "sessions": ended });
    let told = Told::new("factor.removed", "factor", factor_id.to_string(), details);
    cx.tell(&mut tx, Told { user_id: Some(user_id), ..told }).await?;
    tx.commit().await?;
    Ok(Done::new(factor, [Change::revocations()]))
}
