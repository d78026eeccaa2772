//! Mails that tell people what happened to their account: short, why it came, what to do.

use crate::crypto::secret::Secret;
use crate::endpoints::cx::Cx;
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
