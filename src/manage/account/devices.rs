//! Devices of a person, seen and removed by themselves.

use uuid::Uuid;

use crate::identity::ending::Cause;
use crate::identity::enrolment::Demand;
use crate::manage::account::factors::standing;
use crate::manage::post::Notice;
use crate::manage::users::devices::{self, DeviceView, Taken};
use crate::manage::{Change, Cx, Done, ManageError, Result};
use crate::store::{users, webauthn};

/// The devices of `owner`, who sits in a session of theirs: to see them takes no fresh proof. Last seen
/// first, 100 at most.
pub async fn list(cx: &Cx<'_>, owner: Uuid) -> Result<Vec<DeviceView>> {
    devices::held(&mut *cx.store.begin().await?, owner, cx.now).await
}

/// Removes a device and all that is bound to it. It stays where the account's only second factors were
/// made on it and `demand` says that the account must have one.
pub async fn remove(
    cx: &Cx<'_>,
    device: Uuid,
    demand: Demand,
    notice: Option<&Notice>,
) -> Result<Done<Taken>> {
    let owner = cx.owner()?;
    let mut tx = cx.begin().await?;
    // The row is held, so that of two removals at once the second sees the first.
    users::hold(&mut tx, owner.id).await?.ok_or(ManageError::NotFound("user"))?;
    let keys = webauthn::list(&mut *tx, owner.id).await?;
    let going = keys.iter().filter(|key| key.device_id == Some(device)).count();
    let is_last = going > 0 && standing(&mut tx, owner.id).await?.len() == going;
    if is_last && demand == Demand::SecondFactor {
        return Err(ManageError::Conflict(
            "your account must have a second step, and the only one was made on this device; add \
             another one, then remove this",
        ));
    }
    let key_gone = Cause::FactorRemoved { here: owner.session_id };
    let taken = devices::take(&mut tx, cx, owner.id, device, key_gone).await?;
    if let Some(notice) = notice {
        notice.send(&mut tx).await?;
    }
    tx.commit().await?;
    Ok(Done::new(taken, [Change::revocations()]))
}
