//! Carries out what ends what: one function for password changes, resets, lost factors, strangers
//! and administrators.
//!
//! **Invariant:** sessions end before grants are revoked, in the caller's transaction, so that no
//! code on its way makes a grant afterwards.

use serde_json::{Value, json};
use uuid::Uuid;

use super::{Cx, Result};
use crate::identity::ending::{Cause, Devices, Grants, Password, Sessions};
use crate::store::undoing::Undone;
use crate::store::{Conn, devices, grants, links, sessions, users};

/// How much ended: for the audit event of what caused it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Ended {
    /// Sessions.
    pub sessions: usize,
    /// Remembered browsers.
    pub devices: u64,
}

impl Ended {
    /// As the audit log has it.
    pub fn details(self) -> Value {
        json!({ "sessions": self.sessions, "devices": self.devices })
    }

    /// The same, with what a stranger had added.
    pub fn with(self, undone: &Undone) -> Value {
        json!({
            "sessions": self.sessions,
            "devices": self.devices,
            "removed_factors": undone.factors,
            "removed_recovery_codes": undone.recovery_codes,
            "kept_account": undone.deletion,
        })
    }
}

/// Ends what `cause` ends ([`Cause::ends`]) of the account, in the caller's transaction. The caller
/// writes the audit event, commits, and tells this node of
/// [`Change::revocations`](super::Change).
pub async fn carry_out(conn: &mut Conn, cx: &Cx<'_>, user_id: Uuid, cause: Cause) -> Result<Ended> {
    let ends = cause.ends();
    let end = cx.end(cause.reason());
    // Before the sessions: the browser that is kept is found by the session that sits in it.
    let devices = match ends.devices {
        Devices::Kept | Devices::One(_) => 0,
        Devices::AllBut(session) => devices::forget_all(&mut *conn, user_id, Some(session)).await?,
        Devices::All => devices::forget_all(&mut *conn, user_id, None).await?,
    };
    let over = match ends.sessions {
        Sessions::One(session) => {
            usize::from(sessions::end_own(&mut *conn, user_id, session, &end).await?)
        }
        Sessions::OnDevice(device) => {
            sessions::end_on_device(&mut *conn, user_id, device, &end).await?.len()
        }
        Sessions::AllBut(session) => {
            sessions::end_all(&mut *conn, user_id, Some(session), &end).await?.len()
        }
        Sessions::All => sessions::end_all(&mut *conn, user_id, None, &end).await?.len(),
    };
    match ends.grants {
        // The store revokes them with their sessions.
        Grants::OfTheSessions => {}
        Grants::OnDevice(device) => {
            grants::revoke_for_device(&mut *conn, user_id, device, &end).await?;
        }
        Grants::AllBut(session) => {
            grants::revoke_for_user_but(&mut *conn, user_id, session, &end).await?;
        }
        Grants::All => drop(grants::revoke_for_user(&mut *conn, user_id, &end).await?),
    }
    // Last: until then what is on the device is found by it.
    let devices = match ends.devices {
        Devices::One(id) => u64::from(devices::forget(&mut *conn, user_id, id).await?),
        Devices::Kept | Devices::AllBut(_) | Devices::All => devices,
    };
    // What was asked for in a session that is over must not come true afterwards.
    links::kill_under_way(&mut *conn, user_id).await?;
    if ends.password == Password::Due {
        users::demand_new_password(&mut *conn, user_id, cx.now).await?;
    }
    Ok(Ended { sessions: over, devices })
}
