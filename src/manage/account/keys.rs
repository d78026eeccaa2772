//! Passkeys and security keys of a person, changed by themselves (SECURITY.md TO-07).

use serde_json::json;
use uuid::Uuid;

use crate::identity::ending::Cause;
use crate::identity::enrolment::{Demand, Removal, removal};
use crate::identity::passkey::{Key, label};
use crate::manage::account::factors::standing;
use crate::manage::post::Notice;
use crate::manage::{Change, Cx, Done, Invalid, ManageError, Result, Told, ending};
use crate::store::{recovery_codes, users, webauthn};

/// The owner's keys, oldest first.
pub async fn list(cx: &Cx<'_>) -> Result<Vec<Key>> {
    Ok(webauthn::list(cx.store.pool(), cx.owner()?.id).await?)
}

/// Gives a key another name.
pub async fn rename(cx: &Cx<'_>, id: Uuid, typed: &str) -> Result<Done<()>> {
    let owner = cx.owner()?;
    let empty = || Invalid::new("label", "it is empty", "give it a name that you know it by");
    let name = label(typed).ok_or_else(empty)?;
    let mut tx = cx.begin().await?;
    if !webauthn::rename(&mut *tx, owner.id, id, &name).await? {
        return Err(ManageError::NotFound("key"));
    }
    let told = Told::new("key.rename", "key", id.to_string(), json!({ "label": name }));
    cx.tell(&mut tx, Told { user_id: Some(owner.id), ..told }).await?;
    tx.commit().await?;
    Ok(Done::new((), []))
}

/// Removes a key, and ends what may have been got with it. The last factor stays where `demand` says
/// that the account must have one.
pub async fn remove(
    cx: &Cx<'_>,
    id: Uuid,
    demand: Demand,
    notice: Option<&Notice>,
) -> Result<Done<()>> {
    let owner = cx.owner()?;
    let mut tx = cx.begin().await?;
    // The row is held, so that of two removals at once the second sees the first.
    users::hold(&mut tx, owner.id).await?.ok_or(ManageError::NotFound("user"))?;
    match removal(&standing(&mut tx, owner.id).await?, id, demand) {
        Removal::Unknown => return Err(ManageError::NotFound("key")),
        Removal::Refused => {
            return Err(ManageError::Conflict(
                "your account must have a second step; add another one, then remove this",
            ));
        }
        Removal::OfOne => {}
        Removal::OfTheLast => {
            recovery_codes::replace_all(&mut tx, owner.id, &[], cx.now).await?;
        }
    }
    let removed = webauthn::delete(&mut *tx, owner.id, id).await?;
    let (label, kind) = removed.ok_or(ManageError::NotFound("key"))?;
    let cause = Cause::FactorRemoved { here: owner.session_id };
    let ended = ending::carry_out(&mut tx, cx, owner.id, cause).await?;
    let details = json!({ "label": label, "kind": kind, "ended": ended.details() });
    let told = Told::new("key.remove", "key", id.to_string(), details);
    cx.tell(&mut tx, Told { user_id: Some(owner.id), ..told }).await?;
    if let Some(notice) = notice {
        notice.send(&mut tx).await?;
    }
    tx.commit().await?;
    Ok(Done::new((), [Change::revocations()]))
}
