//! The end of an account: wished by its owner, put off for a while, then done for good.

use serde_json::json;
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

use crate::identity::ending::Cause;
use crate::manage::post::Notice;
use crate::manage::{Change, Cx, Done, Invalid, ManageError, Result, Told, ending};
use crate::policy::permission::Actor;
use crate::store::deletions::{self, Deletion};
use crate::store::{self, audit_erasure, users};

/// How many accounts one round erases.
const ROUND: usize = 100;

/// Puts the account on its way out: it is signed out everywhere, opens no door, and is erased after
/// `grace`. `typed` must be its user name. The last administrator stays.
pub async fn request(
    cx: &Cx<'_>,
    typed: &str,
    grace: Duration,
    notice: Option<&Notice>,
) -> Result<Done<OffsetDateTime>> {
    let owner = cx.owner()?;
    let mut tx = cx.begin().await?;
    // Before the row itself, in the order of everybody who locks administrators.
    let administrators = users::administrators(&mut tx).await?;
    let user = users::hold(&mut tx, owner.id).await?.ok_or(ManageError::NotFound("user"))?;
    if typed.trim().to_lowercase() != user.username.as_str() {
        return Err(Invalid::new("confirm", "it is not your user name", "type it as shown").into());
    }
    if administrators == [owner.id] {
        return Err(ManageError::Conflict(
            "you are the last administrator; make another one first",
        ));
    }
    let deletion = Deletion { user_id: owner.id, requested_at: cx.now, erases_at: cx.now + grace };
    deletions::insert(&mut *tx, &deletion).await?;
    let ended = ending::carry_out(&mut tx, cx, owner.id, Cause::Closing).await?;
    cx.tell(&mut tx, Told::user("account.close", owner.id, ended.details())).await?;
    if let Some(notice) = notice {
        notice.send(&mut tx).await?;
    }
    tx.commit().await?;
    Ok(Done::new(deletion.erases_at, [Change::revocations()]))
}

/// Keeps the account of `user_id` after all. The caller has seen all proofs that its sign-in owes;
/// it has no session that [`Cx::owner`] would know.
pub async fn keep(cx: &Cx<'_>, user_id: Uuid) -> Result<Done<()>> {
    if !matches!(cx.actor, Actor::User { id, .. } if *id == user_id) {
        return Err(ManageError::NotHere("only its owner keeps an account"));
    }
    let mut tx = cx.begin().await?;
    if !deletions::cancel(&mut *tx, user_id, cx.now).await? {
        return Err(ManageError::NotFound("account to be deleted"));
    }
    cx.tell(&mut tx, Told::user("account.keep", user_id, json!({}))).await?;
    tx.commit().await?;
    Ok(Done::new((), []))
}

/// Erases the accounts whose time has come, by the database's clock; how many. The log keeps what
/// was done under their ids, and nothing that tells who they were. Safe on every node at once.
pub async fn erase_due(cx: &Cx<'_>) -> Result<usize> {
    if !matches!(cx.actor, Actor::System) {
        return Err(ManageError::NotHere("accounts are erased by the server itself"));
    }
    let now = store::now(cx.store.pool()).await?.min(cx.now);
    let mut erased = 0;
    for _ in 0..ROUND {
        if !erase_one(cx, now).await? {
            break;
        }
        erased += 1;
    }
    Ok(erased)
}

/// The log first, in small steps; then the account, in one.
async fn erase_one(cx: &Cx<'_>, now: OffsetDateTime) -> Result<bool> {
    let Some(due) = deletions::find_due(cx.store.pool(), now).await? else { return Ok(false) };
    let mut changed = audit_erasure::BATCH.unsigned_abs();
    while changed == audit_erasure::BATCH.unsigned_abs() {
        let mut tx = cx.begin().await?;
        changed = audit_erasure::pseudonymise(&mut tx, due.user_id).await?;
        tx.commit().await?;
    }
    let mut tx = cx.begin().await?;
    if deletions::hold_due(&mut tx, due.user_id, now).await?.is_none() {
        // Another node was faster.
        return Ok(true);
    }
    audit_erasure::pseudonymise(&mut tx, due.user_id).await?;
    deletions::erase(&mut tx, due.user_id).await?;
    cx.tell(&mut tx, Told::user("account.erase", due.user_id, json!({ "erased": true }))).await?;
    tx.commit().await?;
    Ok(true)
}
