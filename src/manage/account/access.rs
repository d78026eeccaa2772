//! Where a person is signed in, from which browsers, and which applications act in their name.

use serde_json::json;
use uuid::Uuid;

use crate::identity::ending::Cause;
use crate::manage::ending::{self, Ended};
use crate::manage::post::Notice;
use crate::manage::{Change, Cx, Done, ManageError, Result, Told};
use crate::protocol::client::ClientId;
use crate::store::{connected, consents, sessions, undoing, users};

/// Ends one session of the person and revokes its grants.
pub async fn end_session(cx: &Cx<'_>, session: Uuid) -> Result<Done<()>> {
    let owner = cx.owner()?;
    let mut tx = cx.begin().await?;
    let cause = Cause::SessionEnded { session };
    if ending::carry_out(&mut tx, cx, owner.id, cause).await?.sessions == 0 {
        return Err(ManageError::NotFound("session"));
    }
    let told = Told::new("session.end", "session", session.to_string(), json!({}));
    cx.tell(&mut tx, Told { user_id: Some(owner.id), ..told }).await?;
    tx.commit().await?;
    Ok(Done::new((), [Change::revocations()]))
}

/// Ends all sessions of the person but the one they sit in, and revokes the grants of those.
pub async fn end_others(cx: &Cx<'_>) -> Result<Done<Ended>> {
    let owner = cx.owner()?;
    let mut tx = cx.begin().await?;
    let cause = Cause::OthersEnded { here: owner.session_id };
    let ended = ending::carry_out(&mut tx, cx, owner.id, cause).await?;
    cx.tell(&mut tx, Told::user("user.end_other_sessions", owner.id, ended.details())).await?;
    tx.commit().await?;
    Ok(Done::new(ended, [Change::revocations()]))
}

/// Says that a stranger sits in `session`: ends it and all others, with every grant that was not
/// given here, forgets the browsers, takes away the keys, authenticators and recovery codes that were
/// added since it began, and wants another password. `notice` goes out with it.
pub async fn disown(cx: &Cx<'_>, session: Uuid, notice: Option<&Notice>) -> Result<Done<Ended>> {
    let owner = cx.owner()?;
    if session == owner.session_id {
        return Err(ManageError::Conflict("this is the session that you sit in"));
    }
    let live = sessions::list(cx.store.pool(), owner.id, cx.now).await?;
    let stranger = live.iter().find(|entry| entry.session.id == session);
    let since = stranger.ok_or(ManageError::NotFound("session"))?.session.created_at;
    let mut tx = cx.begin().await?;
    // The row is held, so that a key that is being added is either seen here or comes too late.
    users::hold(&mut tx, owner.id).await?.ok_or(ManageError::NotFound("user"))?;
    let undone = undoing::remove_since(&mut *tx, owner.id, since).await?;
    let alone = Cause::SessionEnded { session };
    if ending::carry_out(&mut tx, cx, owner.id, alone).await?.sessions == 0 {
        return Err(ManageError::NotFound("session"));
    }
    let cause = Cause::NotMe { here: owner.session_id };
    let mut ended = ending::carry_out(&mut tx, cx, owner.id, cause).await?;
    ended.sessions += 1;
    let told = Told::new("session.disown", "session", session.to_string(), ended.with(&undone));
    cx.tell(&mut tx, Told { user_id: Some(owner.id), ..told }).await?;
    if let Some(notice) = notice {
        notice.send(&mut tx).await?;
    }
    tx.commit().await?;
    Ok(Done::new(ended, [Change::revocations()]))
}

/// Takes back all that the person allowed the client: consent, grants, and access tokens
/// (SECURITY.md CO-03).
pub async fn revoke_app(cx: &Cx<'_>, client_id: &ClientId) -> Result<Done<()>> {
    let owner = cx.owner()?;
    let held = connected::list(cx.store.pool(), owner.id, cx.now).await?;
    if !held.iter().any(|app| app.client_id == *client_id) {
        return Err(ManageError::NotFound("application"));
    }
    let mut tx = cx.begin().await?;
    let end = cx.end("taken back by the person");
    let grants = consents::revoke(&mut tx, owner.id, client_id, &end).await?.len();
    let told = Told::client("consent.revoke", client_id.as_str(), json!({ "grants": grants }));
    cx.tell(&mut tx, Told { user_id: Some(owner.id), ..told }).await?;
    tx.commit().await?;
    Ok(Done::new((), [Change::revocations()]))
}
