//! Mails that tell people what happened to their account, from the pages where it happens.

use crate::endpoints::behalf::Behalf;
use crate::endpoints::cx::Cx;
use crate::endpoints::refusal::Failure;
use crate::endpoints::setup::fault;
use crate::identity::user::User;
use crate::manage::letters::{self, Letter};
use crate::manage::passwords;
use crate::manage::post::Notice;
use crate::store::Conn;
use crate::store::mails::Mail;
use crate::web::letters::write;

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
    match at_new_device(cx, user, label) {
        Some(notice) => Ok(notice.send(conn).await?),
        None => Ok(()),
    }
}

/// The notice of that.
pub fn at_new_device(cx: &Cx, user: &User, label: &str) -> Option<Notice> {
    let own = Behalf::of(cx);
    let letter = letters::new_device(label, &cx.address.to_string(), cx.now);
    Notice::new(&own.manage(), &own.post(), user, letter)
}

/// What a mail says: messages of the catalogue, each of which may name the `host` that sends it
/// and the `label` of what it is about.
#[derive(Debug, Clone, Copy)]
pub struct Words {
    subject: &'static str,
    paragraphs: &'static [&'static str],
}

/// The code that completes a sign-in: its `label`.
const MAIL_CODE: Words = Words {
    subject: "mail-code-subject",
    paragraphs: &["mail-code-why", "mail-code-digits", "mail-code-how", "mail-code-not-you"],
};
/// A key was added: its `label` is told.
pub const KEY_ADDED: Words = Words {
    subject: "mail-key-added-subject",
    paragraphs: &["mail-key-added-why", "mail-key-added-do"],
};
/// A key was removed.
pub const KEY_REMOVED: Words = Words {
    subject: "mail-key-removed-subject",
    paragraphs: &["mail-key-removed-why", "mail-key-removed-do"],
};
/// A key may have been copied.
pub const KEY_COPIED: Words = Words {
    subject: "mail-key-copied-subject",
    paragraphs: &["mail-key-copied-why", "mail-key-copied-do"],
};
/// Somebody had the cookies of a bound session, and not its key.
pub const COOKIES_COPIED: Words = Words {
    subject: "mail-cookies-copied-subject",
    paragraphs: &["mail-cookies-copied-why", "mail-cookies-copied-do"],
};
/// A new authenticator can open the account.
pub const FACTOR_ADDED: Words = Words {
    subject: "mail-factor-added-subject",
    paragraphs: &["mail-factor-added-why", "mail-not-you"],
};
/// An authenticator opens the account no more.
pub const FACTOR_REMOVED: Words = Words {
    subject: "mail-factor-removed-subject",
    paragraphs: &["mail-factor-removed-why", "mail-not-you"],
};
/// The recovery codes are others now.
pub const CODES_RENEWED: Words = Words {
    subject: "mail-codes-renewed-subject",
    paragraphs: &["mail-codes-renewed-why", "mail-not-you"],
};
/// A device was removed, with all that was bound to it.
pub const DEVICE_REMOVED: Words = Words {
    subject: "mail-device-removed-subject",
    paragraphs: &["mail-device-removed-why", "mail-device-removed-do"],
};
/// A stranger was thrown out.
pub const SESSION_DISOWNED: Words = Words {
    subject: "mail-disowned-subject",
    paragraphs: &["mail-disowned-why", "mail-disowned-done", "mail-disowned-do"],
};
/// The account is on its way out.
pub const ACCOUNT_CLOSING: Words =
    Words { subject: "mail-closing-subject", paragraphs: &["mail-closing-why", "mail-closing-do"] };

/// The notice in these words, where the person has an address.
pub fn for_person(cx: &Cx, user: &User, words: Words) -> Option<Notice> {
    about(cx, user, words, "")
}

/// [`for_person`] about the thing that they call `label`.
pub fn about(cx: &Cx, user: &User, words: Words, label: &str) -> Option<Notice> {
    let own = Behalf::of(cx);
    Notice::new(&own.manage(), &own.post(), user, words.letter(label))
}

/// The notice that the account has another address, to the one before.
pub fn address_changed(cx: &Cx, before: &User) -> Option<Notice> {
    let own = Behalf::of(cx);
    Notice::new(&own.manage(), &own.post(), before, letters::address_changed(cx.now))
}

/// The mail with the code that completes a sign-in.
pub fn mail_code(cx: &Cx, user: &User, shown: &str) -> Option<Mail> {
    let recipient = user.email.as_deref()?;
    let letter = Letter { disown: cx.app.settings.url("/login/forgot"), ..MAIL_CODE.letter(shown) };
    let language = cx.text_for(user).language();
    Some(write(&letter, language, cx.issuer_name()).mail(cx.id(), recipient, cx.now))
}

impl Words {
    fn letter(self, label: &str) -> Letter {
        Letter { label: label.to_owned(), ..Letter::notice(self.subject, self.paragraphs) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity::language::Language;

    #[test]
    fn every_notice_has_words_in_every_language() {
        let all = [
            FACTOR_ADDED,
            FACTOR_REMOVED,
            CODES_RENEWED,
            SESSION_DISOWNED,
            ACCOUNT_CLOSING,
            KEY_ADDED,
            KEY_REMOVED,
            KEY_COPIED,
            DEVICE_REMOVED,
        ];
        for (notice, language) in all.iter().flat_map(|n| Language::ALL.map(|l| (n, l))) {
            let written = write(&notice.letter("Blue key"), language, "sso.example");
            assert!(written.subject.contains("sso.example"), "{language:?}: {}", written.subject);
            assert!(!written.text.contains("mail-"), "{language:?}: {}", written.text);
        }
    }
}
