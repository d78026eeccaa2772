//! People's browser sessions, seen and ended by an administrator.

use serde_json::json;
use uuid::Uuid;

use super::{Change, Cx, Done, ManageError, Result, Told, ending};
use crate::identity::ending::Cause;
use crate::policy::permission::AdminPermission;
use crate::store::connected::{self, ConnectedApp};
use crate::store::sessions::{self, SessionEntry};
use crate::store::users;

/// The live sessions of one person, newest first, 100 at most.
pub async fn list(cx: &Cx<'_>, user_id: Uuid) -> Result<Vec<SessionEntry>> {
    cx.check(AdminPermission::SessionsRead)?;
    known(cx, user_id).await?;
    Ok(sessions::list(cx.store.pool(), user_id, cx.now).await?)
}

/// The applications that act in the person's name, last used first, 200 at most.
pub async fn apps(cx: &Cx<'_>, user_id: Uuid) -> Result<Vec<ConnectedApp>> {
    cx.check(AdminPermission::SessionsRead)?;
    known(cx, user_id).await?;
    Ok(connected::list(cx.store.pool(), user_id, cx.now).await?)
}

/// Ends one session of the person and revokes its grants.
pub async fn end(cx: &Cx<'_>, user_id: Uuid, session_id: Uuid) -> Result<Done<()>> {
    cx.check(AdminPermission::SessionsWrite)?;
    let live = sessions::list(cx.store.pool(), user_id, cx.now).await?;
    if !live.iter().any(|entry| entry.session.id == session_id) {
        return Err(ManageError::NotFound("session"));
    }
    let mut tx = cx.begin().await?;
    let cause = Cause::SessionEnded { session: session_id };
    if ending::carry_out(&mut tx, cx, user_id, cause).await?.sessions == 0 {
        return Err(ManageError::NotFound("session"));
    }
    let told = Told::new("session.end", "session", session_id.to_string(), json!({}));
    cx.tell(&mut tx, Told { user_id: Some(user_id), ..told }).await?;
    tx.commit().await?;
    Ok(Done::new((), [Change::revocations()]))
}

/// Ends all sessions of the person and revokes all their grants: how many sessions it ended.
pub async fn end_all(cx: &Cx<'_>, user_id: Uuid) -> Result<Done<usize>> {
    cx.check(AdminPermission::SessionsWrite)?;
    known(cx, user_id).await?;
    let mut tx = cx.begin().await?;
    let cause = Cause::EndedByAdministrator;
    let ended = ending::carry_out(&mut tx, cx, user_id, cause).await?.sessions;
    cx.tell(&mut tx, Told::user("user.end_sessions", user_id, json!({ "sessions": ended })))
        .await?;
    tx.commit().await?;
    Ok(Done::new(ended, [Change::revocations()]))
}

async fn known(cx: &Cx<'_>, user_id: Uuid) -> Result<()> {
    let user = users::find(cx.store.pool(), user_id).await?;
    user.map(drop).ok_or(ManageError::NotFound("user"))
}
