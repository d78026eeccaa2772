//! The first administrator: a one-time link, and what comes in through it.

use serde_json::json;
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

use super::users::{NewUser, create_in, recovery_fingerprint};
use super::{Cx, Invalid, ManageError, Result, Told};
use crate::crypto::recovery;
use crate::crypto::secret::{Fingerprint, Secret};
use crate::identity::role::Role;
use crate::policy::permission::AdminPermission;
use crate::store::{Conn, recovery_codes, setup_links, users};

/// How long a link is good.
pub const LINK_LIFETIME: Duration = Duration::minutes(15);

/// The prefix of links, for secret scanners.
const PREFIX: &str = "pc_setup_";
const EXISTS: ManageError = ManageError::Conflict(
    "there is an administrator already; sign in as one, or give somebody the role at the command \
     line: portcullis user create --role administrator, or portcullis user set-password",
);

/// A one-time link.
#[derive(Debug, Clone)]
pub struct SetupLink {
    /// The secret part of its address.
    pub token: Secret,
    /// When it stops to be good.
    pub expires_at: OffsetDateTime,
}

/// Makes a link; those before it are dead. Only while there is no administrator.
pub async fn issue(cx: &Cx<'_>) -> Result<SetupLink> {
    cx.check(AdminPermission::UsersWrite)?;
    let mut tx = cx.begin().await?;
    if users::count_administrators(&mut tx).await? > 0 {
        return Err(EXISTS);
    }
    let token = Secret::mint(PREFIX, cx.entropy);
    let expires_at = cx.now + LINK_LIFETIME;
    setup_links::insert(&mut *tx, &token.fingerprint(), cx.now, expires_at).await?;
    let told = Told::new("setup_link.issue", "setup_link", "", json!({}));
    cx.tell(&mut tx, told).await?;
    tx.commit().await?;
    Ok(SetupLink { token, expires_at })
}

/// Whether there is no administrator yet, so that a link may be made.
pub async fn is_open(cx: &Cx<'_>) -> Result<bool> {
    let mut tx = cx.begin().await?;
    Ok(users::count_administrators(&mut tx).await? == 0)
}

/// Whether the link behind `token` would open the door now.
pub async fn is_live(cx: &Cx<'_>, token: &Secret) -> Result<bool> {
    Ok(setup_links::is_live(cx.store.pool(), &token.fingerprint(), cx.now).await?)
}

/// The first administrator, as they came in.
#[derive(Debug, Clone)]
pub struct FirstAdministrator {
    /// The account.
    pub id: Uuid,
    /// To be shown this once.
    pub recovery_codes: Vec<Secret>,
}

/// Spends the link behind `token` and makes the first administrator, whose password is behind `hash`
/// and whose authenticator proved itself with a code of `step`. Of any number who try at once,
/// exactly one comes in.
pub async fn complete(
    cx: &Cx<'_>,
    token: &Secret,
    first: &NewUser,
    (hash, step): (&Secret, i64),
) -> Result<FirstAdministrator> {
    cx.check(AdminPermission::UsersWrite)?;
    if first.totp.is_none() {
        let mend = "enrol an authenticator app";
        return Err(Invalid::new("code", "an administrator needs a second factor", mend).into());
    }
    let first = NewUser { roles: Some(vec![Role::Administrator]), ..first.clone() };
    let mut tx = cx.begin().await?;
    if !setup_links::spend(&mut *tx, &token.fingerprint(), cx.now).await? {
        return Err(ManageError::NotFound("setup link, or it was used or is over"));
    }
    if users::count_administrators(&mut tx).await? > 0 {
        return Err(EXISTS);
    }
    let user = create_in(&mut tx, cx, &first, Some(hash)).await?;
    use_up(&mut tx, cx, user.id, step).await?;
    let codes = recovery::mint(cx.entropy);
    let names =
        codes.iter().filter_map(|code| recovery_fingerprint(cx.secrets.pepper, user.id, code));
    let names: Vec<Fingerprint> = names.collect();
    recovery_codes::replace_all(&mut tx, user.id, &names, cx.now).await?;
    let told = Told::user("setup.complete", user.id, json!({}));
    cx.tell(&mut tx, told).await?;
    tx.commit().await?;
    Ok(FirstAdministrator { id: user.id, recovery_codes: codes })
}

/// The code that proved the authenticator is used up, so that nobody who saw it signs in with it.
async fn use_up(conn: &mut Conn, cx: &Cx<'_>, user_id: Uuid, step: i64) -> Result<()> {
    for factor in crate::store::factors::list(&mut *conn, user_id).await? {
        crate::store::factors::advance_step(&mut *conn, factor.id, step, cx.now).await?;
    }
    Ok(())
}
