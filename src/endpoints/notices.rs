//! Mails that tell people what happened to their account, from the pages where it happens.

use crate::endpoints::behalf::Behalf;
use crate::endpoints::cx::Cx;
use crate::endpoints::refusal::Failure;
use crate::endpoints::setup::fault;
use crate::identity::user::User;
use crate::manage::{letters, passwords, post};
use crate::store::Conn;

/// Tells the owner that guessing their second factor was stopped, with a link that sets a new password:
/// whoever guessed knows the old one.
///
/// # Errors
/// Where Postgres does not answer.
pub async fn second_factor_paused(cx: &Cx, user: &User) -> Result<(), Failure> {
    let own = Behalf::of(cx);
    let mut tx = cx.app.store.begin().await?;
    let letter = letters::second_factor_paused;
    passwords::send_reset(&mut tx, &own.manage(), &own.post(), user, letter)
        .await
        .map_err(fault)?;
    Ok(tx.commit().await?)
}

/// Tells the owner of a browser that the account was not used in before.
///
/// # Errors
/// Where Postgres does not answer.
pub async fn new_device(cx: &Cx, conn: &mut Conn, user: &User, label: &str) -> Result<(), Failure> {
    let own = Behalf::of(cx);
    let letter = letters::new_device(&own.post(), label, &cx.address.to_string(), cx.now);
    post::notify(conn, &own.manage(), &own.post(), user, letter).await.map_err(fault)
}

/// Tells the owner that a factor was added, removed or renewed, in the transaction that does it;
/// `what` says so: "An authenticator was added".
///
/// # Errors
/// Where Postgres does not answer.
pub async fn factor_changed(
    cx: &Cx,
    conn: &mut Conn,
    user: &User,
    what: &str,
) -> Result<(), Failure> {
    let own = Behalf::of(cx);
    let letter = letters::factor_changed(&own.post(), what, cx.now);
    post::notify(conn, &own.manage(), &own.post(), user, letter).await.map_err(fault)
}
