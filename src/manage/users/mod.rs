//! People's accounts: made, changed, disabled.
//!
//! **Invariant: an administrator can always sign in** (AD-05): no change takes the last one, however
//! many are made at once.

pub mod devices;
mod factors;
pub mod form;
pub mod keys;
pub mod view;

use std::net::IpAddr;

use serde::Deserialize;
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::post::Notice;
use super::{Applied, Change, Cx, Done, Invalid, ManageError, Result, Told, ending};
use crate::crypto::secret::Secret;
use crate::identity::ending::Cause;
use crate::identity::password::Protection;
use crate::identity::role::Role;
use crate::identity::throttle::{self, Limit, Place};
use crate::identity::user::{PasswordState, User};
use crate::policy::permission::{Actor, AdminPermission};
use crate::store::users::{self, UserQuery};
use crate::store::{Conn, Page, attempts};

pub(super) use factors::enrol_confirmed;
pub use factors::{TOTP_LABEL, TOTP_PURPOSE, recovery_fingerprint};
pub use form::{NewUser, UserForm};
pub use view::UserView;

/// The account with this id.
pub async fn show(cx: &Cx<'_>, id: Uuid) -> Result<User> {
    cx.check(AdminPermission::UsersRead)?;
    users::find(cx.store.pool(), id).await?.ok_or(ManageError::NotFound("user"))
}

/// The account that signs in as `login`: for the command line, where people have names.
pub async fn find(cx: &Cx<'_>, login: &str) -> Result<User> {
    cx.check(AdminPermission::UsersRead)?;
    let login = form::username(login)?;
    let found = users::find_by_login(cx.store.pool(), login.as_str()).await?;
    found.ok_or(ManageError::NotFound("user"))
}

/// A page of the accounts, oldest first.
pub async fn list(cx: &Cx<'_>, query: &UserQuery) -> Result<Page<User, Uuid>> {
    cx.check(AdminPermission::UsersRead)?;
    Ok(users::list(cx.store.pool(), query).await?)
}

/// Whether the actor may make accounts: to be asked before a password is hashed.
pub fn check_create(cx: &Cx<'_>) -> Result<()> {
    cx.check(AdminPermission::UsersWrite)
}

/// Makes an account. `hash` is the PHC string of [`NewUser::password`]; [`NewUser::imported`] stands in
/// for it.
pub async fn create(cx: &Cx<'_>, new: &NewUser, hash: Option<&Secret>) -> Result<Done<User>> {
    let mut tx = cx.begin().await?;
    let user = create_in(&mut tx, cx, new, hash).await?;
    tx.commit().await?;
    Ok(Done::new(user, []))
}

/// [`create`] in a transaction of the caller's.
pub async fn create_in(
    conn: &mut Conn,
    cx: &Cx<'_>,
    new: &NewUser,
    hash: Option<&Secret>,
) -> Result<User> {
    cx.check(AdminPermission::UsersWrite)?;
    let roles = new.roles.clone().unwrap_or_default();
    check_roles(cx, &roles)?;
    let mut user = User {
        id: cx.id(),
        username: new.username.clone(),
        email: new.email.clone(),
        email_verified: new.email.is_some() && new.email_verified == Some(true),
        roles,
        claims: new.claims.clone().unwrap_or_default(),
        password: PasswordState::Unset,
        disabled_at: None,
        created_at: cx.now,
        updated_at: cx.now,
    };
    users::insert(&mut *conn, &user).await?;
    if let Some(hash) = hash.or(new.imported.as_ref()) {
        users::set_password_hash(&mut *conn, user.id, hash, cx.now).await?;
        user.password = PasswordState::Set;
    }
    if let Some(seed) = &new.totp {
        enrol_confirmed(&mut *conn, cx, user.id, seed).await?;
    }
    let details = json!({
        "user": UserView::of(&user), "totp": new.totp.is_some(), "imported": new.imported.is_some(),
    });
    cx.tell(conn, Told::user("user.create", user.id, details)).await?;
    Ok(user)
}

/// What is to be different about an account; what is absent stays as it is.
#[derive(Debug, Clone, Default, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UserChanges {
    /// Where mail goes; an empty text removes it.
    pub email: Option<String>,
    /// Whether the address is known to be theirs; false for a new address where absent.
    pub email_verified: Option<bool>,
    /// All their roles.
    pub roles: Option<Vec<String>>,
    /// All their claims.
    #[schema(value_type = Option<Object>)]
    pub claims: Option<Map<String, Value>>,
}

/// Writes the notice that an account has another address, to the one before.
pub type Moved<'a> = &'a (dyn Fn(&User) -> Option<Notice> + Sync);

/// Changes an account; `moved` goes out where its address is another.
pub async fn update(
    cx: &Cx<'_>,
    id: Uuid,
    changes: &UserChanges,
    moved: Option<Moved<'_>>,
) -> Result<Done<User>> {
    let mut tx = cx.begin().await?;
    let before = users::find(&mut *tx, id).await?;
    let (user, _) = update_in(&mut tx, cx, id, changes).await?;
    // Whoever reads the address of an account can take it: the one before hears that it is another.
    if let Some(before) = before.filter(|before| before.email != user.email)
        && let Some(notice) = moved.and_then(|write| write(&before))
    {
        notice.send(&mut tx).await?;
    }
    tx.commit().await?;
    Ok(Done::new(user, [Change::revocations()]))
}

/// [`update`] in a transaction of the caller's; says whether anything was different.
pub async fn update_in(
    conn: &mut Conn,
    cx: &Cx<'_>,
    id: Uuid,
    changes: &UserChanges,
) -> Result<(User, Applied)> {
    cx.check(AdminPermission::UsersWrite)?;
    let before = hold(conn, cx, id).await?;
    let mut after = changed(&before, changes)?;
    if after.roles != before.roles {
        check_roles(cx, &after.roles)?;
        if is_administrator(&before) && !is_administrator(&after) {
            keep_an_administrator(conn, &before).await?;
        }
    }
    let (old, new) = (UserView::of(&before), UserView::of(&after));
    if old == new {
        return Ok((before, Applied::Unchanged));
    }
    after.updated_at = cx.now;
    users::update(&mut *conn, &after).await?;
    if is_administrator(&before) && !is_administrator(&after) {
        // What was given to the administrator is not theirs any more, wherever it is now.
        ending::carry_out(&mut *conn, cx, id, Cause::RoleLost).await?;
    }
    if !is_administrator(&before) && is_administrator(&after) {
        ending::carry_out(&mut *conn, cx, id, Cause::RoleGiven).await?;
    }
    let told = Told::user("user.update", id, json!({ "before": old, "after": new }));
    cx.tell(conn, told).await?;
    Ok((after, Applied::Updated))
}

fn changed(before: &User, changes: &UserChanges) -> Result<User> {
    let mut after = before.clone();
    if let Some(text) = &changes.email {
        let email = form::email(text)?;
        if email != after.email {
            after.email = email;
            after.email_verified = false;
        }
    }
    if let Some(verified) = changes.email_verified {
        if verified && after.email.is_none() {
            let mend = "give email, or leave email_verified out";
            return Err(Invalid::new("email_verified", "there is no address", mend).into());
        }
        after.email_verified = verified;
    }
    if let Some(names) = &changes.roles {
        after.roles = form::roles(names)?;
    } else {
        after.roles.sort();
    }
    if let Some(given) = &changes.claims {
        after.claims = form::claims(given.clone())?;
    }
    Ok(after)
}

/// The password that `typed` would be for this account; the caller hashes it for [`set_password`].
/// At the command line only: through the other doors nobody sets another person's password (AD-06).
pub async fn check_password(cx: &Cx<'_>, user: &User, typed: &Secret) -> Result<Secret> {
    at_the_command_line(cx)?;
    let factors = crate::store::factors::list(cx.store.pool(), user.id).await?;
    let enrolled = factors.iter().any(|factor| factor.confirmed_at.is_some());
    let protection = if enrolled { Protection::WithSecondFactor } else { Protection::Alone };
    Ok(form::choose(typed, protection, (&user.username, user.email.as_deref()))?)
}

/// Sets the account's password to the one behind `hash`, and ends its sessions.
pub async fn set_password(cx: &Cx<'_>, id: Uuid, hash: &Secret) -> Result<Done<()>> {
    let mut tx = cx.begin().await?;
    set_password_in(&mut tx, cx, id, hash).await?;
    tx.commit().await?;
    Ok(Done::new((), [Change::revocations()]))
}

/// [`set_password`] in a transaction of the caller's.
pub async fn set_password_in(conn: &mut Conn, cx: &Cx<'_>, id: Uuid, hash: &Secret) -> Result<()> {
    cx.check(AdminPermission::UsersWrite)?;
    at_the_command_line(cx)?;
    if !users::set_password_hash(&mut *conn, id, hash, cx.now).await? {
        return Err(ManageError::NotFound("user"));
    }
    let ended = ending::carry_out(&mut *conn, cx, id, Cause::SetByOperator).await?.sessions;
    forgive(&mut *conn, cx, id).await?;
    cx.tell(conn, Told::user("user.set_password", id, json!({ "sessions": ended }))).await
}

/// Demands a new password, because others may know the one there is: it opens nothing any more but the
/// way to another, and everything that is signed in ends.
pub async fn demand_new_password(cx: &Cx<'_>, id: Uuid) -> Result<Done<()>> {
    cx.check(AdminPermission::UsersWrite)?;
    let mut tx = cx.begin().await?;
    if !hold(&mut tx, cx, id).await?.password.is_set() {
        return Err(ManageError::Conflict("the account has no password"));
    }
    let ended = ending::carry_out(&mut tx, cx, id, Cause::PasswordDemanded).await?;
    cx.tell(&mut tx, Told::user("user.demand_password", id, ended.details())).await?;
    tx.commit().await?;
    Ok(Done::new((), [Change::revocations()]))
}

/// Makes `seed` the account's authenticator, in a transaction of the caller's: for the apply file.
pub async fn set_totp_in(
    conn: &mut Conn,
    cx: &Cx<'_>,
    id: Uuid,
    seed: &crate::crypto::totp::Seed,
) -> Result<Applied> {
    cx.check(AdminPermission::UsersWrite)?;
    at_the_command_line(cx)?;
    let applied = factors::replace(conn, cx, id, seed).await?;
    if applied != Applied::Unchanged {
        let ended = ending::carry_out(&mut *conn, cx, id, Cause::SetByOperator).await?.sessions;
        cx.tell(conn, Told::user("user.set_totp", id, json!({ "sessions": ended }))).await?;
    }
    Ok(applied)
}

/// Stops the account from signing in, ends its sessions and revokes its grants.
pub async fn disable(cx: &Cx<'_>, id: Uuid) -> Result<Done<()>> {
    cx.check(AdminPermission::UsersWrite)?;
    let mut tx = cx.begin().await?;
    let user = hold(&mut tx, cx, id).await?;
    if user.disabled_at.is_none() {
        if is_administrator(&user) {
            keep_an_administrator(&mut tx, &user).await?;
        }
        users::disable(&mut *tx, id, cx.now).await?;
        let ended = ending::carry_out(&mut tx, cx, id, Cause::Disabled).await?.sessions;
        cx.tell(&mut tx, Told::user("user.disable", id, json!({ "sessions": ended }))).await?;
    }
    tx.commit().await?;
    Ok(Done::new((), [Change::revocations()]))
}

/// Lets a person try again whose limits were reached: an administrator vouches for them.
async fn forgive(conn: &mut Conn, cx: &Cx<'_>, id: Uuid) -> Result<()> {
    let Some(user) = users::find(&mut *conn, id).await? else { return Ok(()) };
    let anywhere = Place::of(None, IpAddr::from([0, 0, 0, 0]));
    let keys = [Limit::PasswordTotal, Limit::SecondFactor]
        .map(|limit| throttle::key(cx.secrets.pepper, limit, &user.username, anywhere));
    Ok(attempts::clear(conn, &keys).await?)
}

/// Undoes [`disable`] and lets a person in again whose limits were reached; sessions and grants
/// from before stay ended.
pub async fn enable(cx: &Cx<'_>, id: Uuid) -> Result<Done<()>> {
    cx.check(AdminPermission::UsersWrite)?;
    let mut tx = cx.begin().await?;
    hold(&mut tx, cx, id).await?;
    forgive(&mut tx, cx, id).await?;
    if users::enable(&mut *tx, id, cx.now).await? {
        cx.tell(&mut tx, Told::user("user.enable", id, json!({}))).await?;
    }
    tx.commit().await?;
    Ok(Done::new((), []))
}

/// The account, locked. All administrators are locked before it, in one order, so that two who take
/// each other's role at once wait for each other and neither deadlock nor both succeed.
async fn hold(conn: &mut Conn, cx: &Cx<'_>, id: Uuid) -> Result<User> {
    let seen = users::find(&mut *conn, id).await?.ok_or(ManageError::NotFound("user"))?;
    if is_administrator(&seen) {
        users::count_administrators(&mut *conn).await?;
    }
    let user = users::hold(conn, id).await?.ok_or(ManageError::NotFound("user"))?;
    if is_administrator(&user) {
        // Whoever cannot make an administrator cannot change one.
        cx.actor.may_grant_role(&Role::Administrator)?;
    }
    Ok(user)
}

/// Refuses where `user` is the last administrator who can sign in.
async fn keep_an_administrator(conn: &mut Conn, user: &User) -> Result<()> {
    if users::administrators(conn).await? == [user.id] {
        return Err(ManageError::Conflict(
            "this is the last administrator; make another one first",
        ));
    }
    Ok(())
}

pub(super) fn check_roles(cx: &Cx<'_>, roles: &[Role]) -> Result<()> {
    for role in roles {
        cx.actor.may_grant_role(role)?;
    }
    Ok(())
}

fn is_administrator(user: &User) -> bool {
    user.roles.contains(&Role::Administrator)
}

fn at_the_command_line(cx: &Cx<'_>) -> Result<()> {
    match cx.actor {
        Actor::Cli | Actor::System => Ok(()),
        Actor::User { .. } | Actor::Client { .. } => Err(ManageError::NotHere(
            "nobody sets another person's password or authenticator here; the command line does",
        )),
    }
}
