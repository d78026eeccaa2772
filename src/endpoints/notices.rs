//! Mails that tell people what happened to their account, from the pages where it happens.

use crate::endpoints::behalf::Behalf;
use crate::endpoints::cx::Cx;
use crate::endpoints::refusal::Failure;
use crate::endpoints::setup::fault;
use crate::identity::user::User;
use crate::manage::post::{self, Letter, Post};
use crate::manage::{letters, passwords};
use crate::store::Conn;
use crate::store::mails::Mail;

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

/// Tells the owner that a key was added to their account.
pub fn key_added(cx: &Cx, recipient: &str, label: &str) -> Mail {
    let host = cx.issuer_name();
    let text = format!(
        "A passkey or security key was added to your account at {host}: {label}\n\n\
         If this was not you, remove it under Passkeys in your account, sign out everywhere, and\n\
         tell your administrator.\n"
    );
    mail(cx, recipient, &format!("A key was added to your account at {host}"), text)
}

/// Tells the owner that a key was removed from their account.
pub fn key_removed(cx: &Cx, recipient: &str, label: &str) -> Mail {
    let host = cx.issuer_name();
    let text = format!(
        "A passkey or security key was removed from your account at {host}: {label}\n\n\
         If this was not you, change your password and tell your administrator.\n"
    );
    mail(cx, recipient, &format!("A key was removed from your account at {host}"), text)
}

/// Tells the owner that a key may have been copied.
pub fn key_copied(cx: &Cx, recipient: &str, label: &str) -> Mail {
    let host = cx.issuer_name();
    let text = format!(
        "Somebody signed in, or tried to, at {host} with a key of yours that counts its uses, and the\n\
         count did not fit: {label}\n\n\
         There may be a copy of it. Remove it under Passkeys in your account and add it anew.\n"
    );
    mail(cx, recipient, &format!("A key of yours at {host} may have been copied"), text)
}

/// What a mail says: its subject and its text, for the host that sends it.
type Words = fn(&str) -> (String, String);

/// The mail with these words, where the person has an address.
pub fn for_person(cx: &Cx, user: &User, words: Words) -> Option<Mail> {
    let recipient = user.email.as_deref()?;
    let (subject, text) = words(cx.issuer_name());
    Some(mail(cx, recipient, &subject, text))
}

/// What to do whose doing it was not.
const NOT_YOU: &str =
    "If it was not you, sign in, choose a new password and look at your sessions.\n";

/// A new authenticator can open the account.
pub fn factor_added(host: &str) -> (String, String) {
    let text = format!("An authenticator was added to your account at {host}.\n\n{NOT_YOU}");
    (format!("New authenticator at {host}"), text)
}

/// An authenticator opens the account no more.
pub fn factor_removed(host: &str) -> (String, String) {
    let text = format!(
        "An authenticator was removed from your account at {host}, and you were signed out \
         everywhere else.\n\n{NOT_YOU}"
    );
    (format!("Authenticator removed at {host}"), text)
}

/// The recovery codes are others now.
pub fn codes_renewed(host: &str) -> (String, String) {
    let text = format!(
        "New recovery codes were made for your account at {host}. The old ones do not work any \
         more.\n\n{NOT_YOU}"
    );
    (format!("New recovery codes at {host}"), text)
}

/// A stranger was thrown out.
pub fn session_disowned(host: &str) -> (String, String) {
    let text = format!(
        "A session of your account at {host} was reported as not yours.\n\n\
         We have ended it and all others, and taken back what apps were allowed in them.\n\
         Choose a new password now: somebody may know the old one.\n"
    );
    (format!("A stranger was signed out at {host}"), text)
}

/// The account is on its way out.
pub fn account_closing(host: &str) -> (String, String) {
    let text = format!(
        "Your account at {host} is going to be deleted, as you asked.\n\n\
         If you change your mind, or if it was not you, sign in and keep it. Once it is deleted \
         nobody can bring it back.\n"
    );
    (format!("Your account at {host} will be deleted"), text)
}

/// A letter of these paragraphs. Whoever did not do what it tells sets a new password, which ends all
/// that was opened with the old one.
fn mail(cx: &Cx, recipient: &str, subject: &str, text: String) -> Mail {
    let post = Post::of(&cx.app.settings.issuer);
    let letter = Letter {
        subject: subject.to_owned(),
        paragraphs: text.split("\n\n").map(|part| part.trim().replace('\n', " ")).collect(),
        button: None,
        disown: post.at("/login/forgot"),
        why: letters::because_of_safety(&post),
    };
    letter.mail(cx.id(), recipient, cx.now)
}
