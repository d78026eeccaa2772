//! A person's own password: forgotten, changed, disowned.
//!
//! **Invariant: a new password ends what the old one opened.** Sessions and grants end in the
//! transaction that stores the hash, its owner is told, and no second factor is spared by it
//! (SECURITY.md PW-10 to PW-12).

use serde_json::json;
use uuid::Uuid;

use super::ending::{Ended, carry_out};
use super::letters::Letter;
use super::post::{self, For, Post};
use super::{Change, Cx, Done, ManageError, PRODUCT, Result, Told, letters};
use crate::crypto::secret::Secret;
use crate::identity::ending::Cause;
use crate::identity::link::Purpose;
use crate::identity::password::{self, Protection, Weakness};
use crate::identity::throttle::{self, Limit, Place};
use crate::identity::user::User;
use crate::store::attempts::{Admission, Delays};
use crate::store::links::{self, Link};
use crate::store::undoing;
use crate::store::{Conn, attempts, factors, users};

/// The password that `typed` would be for this account; the caller hashes it.
///
/// # Errors
/// Where Postgres does not answer.
pub async fn choose(cx: &Cx<'_>, user: &User, typed: &Secret) -> Result<Chosen> {
    let enrolled = factors::list(cx.store.pool(), user.id).await?;
    let protection = if enrolled.iter().any(|factor| factor.confirmed_at.is_some()) {
        Protection::WithSecondFactor
    } else {
        Protection::Alone
    };
    let (username, email) = (&user.username, user.email.as_deref());
    let context = password::Context { product: PRODUCT, username, email };
    Ok(match password::choose(typed.expose(), protection, &context) {
        Ok(password) => Chosen::Good(password),
        Err(weakness) => Chosen::Weak(weakness),
    })
}

/// What a password is worth that somebody chose.
#[derive(Debug, Clone)]
pub enum Chosen {
    /// It may be hashed, in this form.
    Good(Secret),
    /// It is not good enough.
    Weak(Weakness),
}

/// The account that the reset link behind `token` is about; nothing where the link is dead.
pub async fn resetting(cx: &Cx<'_>, token: &Secret) -> Result<Option<User>> {
    let Some(link) = post::look(cx, Purpose::ResetPassword, token).await? else { return Ok(None) };
    let Some(id) = link.user_id else { return Ok(None) };
    Ok(users::find(cx.store.pool(), id).await?.filter(|user| has_address(user, &link.address)))
}

/// Spends the reset link behind `token` and makes the password the one behind `hash`. Everything that
/// was signed in ends, every browser is a stranger's again, and the counters of failures begin anew.
pub async fn reset(
    cx: &Cx<'_>,
    post: &Post<'_>,
    token: &Secret,
    hash: &Secret,
) -> Result<Done<User>> {
    let mut tx = cx.begin().await?;
    let link = post::spend(&mut tx, cx, Purpose::ResetPassword, token).await?;
    let user = owner_at(&mut tx, &link).await?;
    users::set_password_hash(&mut *tx, user.id, hash, cx.now).await?;
    users::note_password_by_mail(&mut *tx, user.id, cx.now).await?;
    // Whoever read the mail reads that address.
    users::verify_email(&mut *tx, user.id, &link.address, cx.now).await?;
    let ended = carry_out(&mut tx, cx, user.id, Cause::PasswordReset).await?;
    forgive(&mut tx, cx, &user).await?;
    let told = Told::user("password.reset", user.id, ended.details());
    cx.tell_of_owner(&mut tx, told).await?;
    post.notify(&mut tx, cx, &user, letters::password_changed(cx.now)).await?;
    tx.commit().await?;
    Ok(Done::new(user, [Change::revocations()]))
}

/// What becomes of the person's other sessions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Others {
    /// They end, with what they allowed.
    End,
    /// They go on.
    Keep,
}

/// Makes the password of `user`, who is in the session `here` and proved themselves just now, the one
/// behind `hash`.
pub async fn change(
    cx: &Cx<'_>,
    post: &Post<'_>,
    (user, here): (&User, Uuid),
    hash: &Secret,
    others: Others,
) -> Result<Done<()>> {
    let mut tx = cx.begin().await?;
    let user = users::hold(&mut tx, user.id).await?.ok_or(ManageError::NotFound("user"))?;
    users::set_password_hash(&mut *tx, user.id, hash, cx.now).await?;
    let ended = match others {
        Others::Keep => Ended::default(),
        Others::End => carry_out(&mut tx, cx, user.id, Cause::PasswordChanged { here }).await?,
    };
    let told = Told::user("password.change", user.id, ended.details());
    cx.tell_of_owner(&mut tx, told).await?;
    post.notify(&mut tx, cx, &user, letters::password_changed(cx.now)).await?;
    tx.commit().await?;
    Ok(Done::new((), [Change::revocations()]))
}

/// Spends the "this was not me" link behind `token`: everything that is signed in ends, the password
/// is good no more, what was added to the account since the instant that the link told of is gone, an
/// address that was changed meanwhile is what it was, and a mail lets the owner set a new password.
pub async fn disown(cx: &Cx<'_>, post: &Post<'_>, token: &Secret) -> Result<Done<()>> {
    let mut tx = cx.begin().await?;
    let link = post::spend(&mut tx, cx, Purpose::Disown, token).await?;
    let mut user = owner(&mut tx, link.user_id).await?;
    if !has_address(&user, &link.address) {
        let holder = users::find_by_login(&mut *tx, &link.address.to_lowercase()).await?;
        if holder.is_none_or(|other| other.id == user.id) {
            user.email = Some(link.address.clone());
            user.email_verified = true;
            user.updated_at = cx.now;
            users::update(&mut *tx, &user).await?;
        }
    }
    // Before the sessions end: what is removed must open nothing any more.
    let undone = undoing::remove_since(&mut *tx, user.id, link.created_at).await?;
    let ended = carry_out(&mut tx, cx, user.id, Cause::Disowned).await?;
    users::clear_password(&mut *tx, user.id, cx.now).await?;
    links::kill_all(&mut *tx, user.id).await?;
    let details = ended.with(&undone);
    cx.tell_of_owner(&mut tx, Told::user("account.disown", user.id, details)).await?;
    // Another address than the one that the notice went to may be whose it was not.
    if has_address(&user, &link.address) {
        send_reset(&mut tx, cx, post, &user, letters::reset_password).await?;
    }
    tx.commit().await?;
    Ok(Done::new((), [Change::revocations()]))
}

/// Spends the link behind `token`, which proves that the account's address is its owner's.
pub async fn verify_email(cx: &Cx<'_>, token: &Secret) -> Result<Done<()>> {
    let mut tx = cx.begin().await?;
    let link = post::spend(&mut tx, cx, Purpose::VerifyEmail, token).await?;
    let user = owner(&mut tx, link.user_id).await?;
    if !users::verify_email(&mut *tx, user.id, &link.address, cx.now).await? {
        return Err(post::GONE);
    }
    cx.tell_of_owner(&mut tx, Told::user("email.verify", user.id, json!({}))).await?;
    tx.commit().await?;
    Ok(Done::new((), []))
}

/// Spends the link behind `token`, which makes the address that it was sent to the account's. The old
/// address is told, and can take the account back.
pub async fn change_email(cx: &Cx<'_>, post: &Post<'_>, token: &Secret) -> Result<Done<()>> {
    let mut tx = cx.begin().await?;
    let link = post::spend(&mut tx, cx, Purpose::ChangeEmail, token).await?;
    let before = owner(&mut tx, link.user_id).await?;
    let after = User {
        email: Some(link.address.clone()),
        email_verified: true,
        updated_at: cx.now,
        ..before.clone()
    };
    users::update(&mut *tx, &after).await?;
    cx.tell_of_owner(&mut tx, Told::user("email.change", before.id, json!({}))).await?;
    post.notify(&mut tx, cx, &before, letters::address_changed(cx.now)).await?;
    tx.commit().await?;
    Ok(Done::new((), []))
}

/// Sends a link that proves the address of `user` or, where `new` is given, that makes it theirs.
/// Nothing is sent where there is no address.
pub async fn send_address_link(
    conn: &mut Conn,
    cx: &Cx<'_>,
    post: &Post<'_>,
    user: &User,
    new: Option<&str>,
) -> Result<()> {
    let purpose = if new.is_some() { Purpose::ChangeEmail } else { Purpose::VerifyEmail };
    let Some(address) = new.or(user.email.as_deref()) else { return Ok(()) };
    let secret = post::issue(conn, cx, &For::person(purpose, user.id, address)).await?;
    let href = post.url(purpose, &secret);
    let letter = match new {
        Some(_) => {
            // The address there is hears of it first, while it can still say no.
            post.notify(conn, cx, user, letters::address_asked(cx.now)).await?;
            letters::change_email(href)
        }
        None => letters::verify_email(href),
    };
    post.send_to(conn, cx, (user, address), &letter).await
}

/// Spends the unlock link behind `token`; the account that the browser is to be known for.
pub async fn unlock(conn: &mut Conn, cx: &Cx<'_>, token: &Secret) -> Result<User> {
    let link = post::spend(conn, cx, Purpose::Unlock, token).await?;
    let user = owner_at(conn, &link).await?;
    cx.tell_of_owner(conn, Told::user("account.unlock", user.id, json!({}))).await?;
    Ok(user)
}

/// Sends a letter with a link that sets a new password.
pub async fn send_reset(
    conn: &mut Conn,
    cx: &Cx<'_>,
    post: &Post<'_>,
    user: &User,
    letter: fn(String) -> Letter,
) -> Result<()> {
    let Some(email) = &user.email else { return Ok(()) };
    let purpose = Purpose::ResetPassword;
    let secret = post::issue(conn, cx, &For::person(purpose, user.id, email)).await?;
    post.send_to(conn, cx, (user, email), &letter(post.url(purpose, &secret))).await
}

/// Starts the person's counters anew, with that of the place they are at. Codes may be guessed anew three
/// times a month at most.
async fn forgive(conn: &mut Conn, cx: &Cx<'_>, user: &User) -> Result<()> {
    let place = Place::of(None, cx.origin.address.unwrap_or([0, 0, 0, 0].into()));
    let key = |limit| throttle::key(cx.secrets.pepper, limit, &user.username, place);
    let mut keys = vec![key(Limit::Password), key(Limit::PasswordTotal)];
    let limit = Limit::Pardon;
    let reset_after_s = i32::try_from(limit.forget_after().whole_seconds()).unwrap_or(i32::MAX);
    let delays = Delays { seconds: limit.delays(), reset_after_s };
    let pardon = attempts::admit(&mut *conn, &key(limit), delays, cx.now).await?;
    if matches!(pardon, Admission::Admitted { .. }) {
        keys.push(key(Limit::SecondFactor));
    }
    Ok(attempts::clear(conn, &keys).await?)
}

/// The account of a link that was just spent, locked.
async fn owner(conn: &mut Conn, id: Option<Uuid>) -> Result<User> {
    let id = id.ok_or(post::GONE)?;
    users::hold(conn, id).await?.ok_or(post::GONE)
}

/// The same, where the address that the link was sent to is still the account's: whoever reads a
/// mailbox that was left behind has no say.
async fn owner_at(conn: &mut Conn, link: &Link) -> Result<User> {
    let user = owner(conn, link.user_id).await?;
    if has_address(&user, &link.address) { Ok(user) } else { Err(post::GONE) }
}

fn has_address(user: &User, address: &str) -> bool {
    user.email.as_deref().is_some_and(|email| email.eq_ignore_ascii_case(address))
}
