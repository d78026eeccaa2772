//! Mails that tell people what happened to their account: short, why it came, what to do.

use crate::crypto::secret::Secret;
use crate::endpoints::cx::Cx;
use crate::identity::user::User;
use crate::store::mails::Mail;

/// Tells the owner that guessing their second factor was stopped.
pub fn second_factor_paused(cx: &Cx, recipient: &str) -> Mail {
    let host = cx.issuer_name();
    let text = format!(
        "Somebody who knows your password typed many wrong codes at {host}.\n\n\
         We have paused your authenticator, so that the guessing cannot go on.\n\
         Ask your administrator to set a new password and to let you in again.\n"
    );
    mail(cx, recipient, &format!("Your second step at {host} is paused"), text)
}

/// The code that completes a sign-in.
pub fn mail_code(cx: &Cx, recipient: &str, code: &Secret) -> Mail {
    let host = cx.issuer_name();
    let (first, last) = code.expose().split_at_checked(4).unwrap_or((code.expose(), ""));
    let text = format!(
        "Your code to sign in at {host}:\n\n{first} {last}\n\n\
         It works once, for ten minutes, on the page that asked for it. Never tell it to anybody: \
         nobody from {host} will ask you for it.\n\n\
         You did not sign in? Then somebody knows your password: change it.\n"
    );
    mail(cx, recipient, &format!("Your sign-in code for {host}"), text)
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

fn mail(cx: &Cx, recipient: &str, subject: &str, text_body: String) -> Mail {
    let escaped = text_body.replace('&', "&amp;").replace('<', "&lt;");
    let paragraphs = escaped.split("\n\n").map(str::trim).collect::<Vec<_>>().join("</p><p>");
    Mail {
        id: cx.id(),
        recipient: recipient.to_owned(),
        subject: subject.to_owned(),
        text_body,
        html_body: format!(
            "<!doctype html><html lang=\"en\"><body><p>{paragraphs}</p></body></html>"
        ),
        created_at: cx.now,
        tries: 0,
        sent_at: None,
        last_error: None,
    }
}
