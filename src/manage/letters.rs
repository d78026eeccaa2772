//! The letters of this server: which messages of the catalogue each is made of. What they say stands
//! in `locales/<language>/mail.ftl`; the layer that speaks languages writes them out.

use time::OffsetDateTime;

/// A button in a letter.
#[derive(Debug, Clone)]
pub struct Button {
    /// The message on it.
    pub label: &'static str,
    /// Where it leads.
    pub href: String,
}

/// A letter: what happened, what to do, why it came. Every text is the id of a message, which may name
/// the `host`, the `label`, from where (`from`) and when (`when`).
#[derive(Debug, Clone)]
pub struct Letter {
    /// Its subject, which is also its heading.
    pub subject: &'static str,
    /// What there is to say.
    pub paragraphs: &'static [&'static str],
    /// The one thing to do; none where there is nothing.
    pub button: Option<Button>,
    /// Where "this was not me" leads; empty where it makes no sense.
    pub disown: String,
    /// Why it came.
    pub why: &'static str,
    /// What it is about.
    pub label: String,
    /// From where it was done.
    pub from: String,
    /// When it was done.
    pub at: Option<OffsetDateTime>,
}

impl Letter {
    const fn of(
        subject: &'static str,
        paragraphs: &'static [&'static str],
        why: &'static str,
    ) -> Self {
        Self {
            subject,
            paragraphs,
            button: None,
            disown: String::new(),
            why,
            label: String::new(),
            from: String::new(),
            at: None,
        }
    }

    /// A notice about the safety of an account.
    pub const fn notice(subject: &'static str, paragraphs: &'static [&'static str]) -> Self {
        Self::of(subject, paragraphs, "mail-why-safety")
    }

    fn with(self, label: &'static str, href: String) -> Self {
        Self { button: Some(Button { label, href }), ..self }
    }
}

/// Sets a new password.
pub fn reset_password(href: String) -> Letter {
    let paragraphs = &["mail-reset-do", "mail-reset-factor"];
    Letter::of("mail-reset-subject", paragraphs, "mail-reset-why").with("mail-reset-button", href)
}

/// Lets the owner in while strangers guess.
pub fn unlock(href: String) -> Letter {
    let paragraphs = &["mail-unlock-what", "mail-unlock-do"];
    Letter::of("mail-unlock-subject", paragraphs, "mail-why-account")
        .with("mail-unlock-button", href)
}

/// Tells that guessing codes was stopped, and sets a new password.
pub fn second_factor_paused(href: String) -> Letter {
    let paragraphs = &["mail-paused-why", "mail-paused-done", "mail-paused-do"];
    Letter::of("mail-paused-subject", paragraphs, "mail-why-account")
        .with("mail-reset-button", href)
}

/// Proves an address.
pub fn verify_email(href: String) -> Letter {
    Letter::of("mail-verify-subject", &["mail-verify-do"], "mail-verify-why")
        .with("mail-verify-button", href)
}

/// Proves an address that is to become the account's.
pub fn change_email(href: String) -> Letter {
    Letter::of("mail-address-subject", &["mail-address-do"], "mail-address-why")
        .with("mail-address-button", href)
}

/// Makes an account.
pub fn sign_up(href: String) -> Letter {
    Letter::of("mail-signup-subject", &["mail-signup-do"], "mail-signup-why")
        .with("mail-signup-button", href)
}

/// There is an account already.
pub fn has_account(href: String) -> Letter {
    let paragraphs = &["mail-known-what", "mail-known-do"];
    Letter::of("mail-known-subject", paragraphs, "mail-known-why").with("mail-known-button", href)
}

/// Invites somebody.
pub fn invitation(href: String) -> Letter {
    Letter::of("mail-invite-subject", &["mail-invite-do"], "mail-invite-why")
        .with("mail-invite-button", href)
}

/// A new password holds.
pub fn password_changed(at: OffsetDateTime) -> Letter {
    let letter = Letter::notice("mail-password-subject", &["mail-password-what"]);
    Letter { at: Some(at), ..letter }
}

/// The account has another address; this one goes to the old.
pub fn address_changed(at: OffsetDateTime) -> Letter {
    let letter = Letter::notice("mail-moved-subject", &["mail-moved-what"]);
    Letter { at: Some(at), ..letter }
}

/// Another address was asked for; it is the account's once it is proved.
pub fn address_asked(at: OffsetDateTime) -> Letter {
    let letter = Letter::notice("mail-asked-subject", &["mail-asked-what"]);
    Letter { at: Some(at), ..letter }
}

/// Somebody signed in from a browser that was not known.
pub fn new_device(device: &str, from: &str, at: OffsetDateTime) -> Letter {
    let letter = Letter::notice("mail-device-subject", &["mail-device-what", "mail-device-do"]);
    Letter { label: device.to_owned(), from: from.to_owned(), at: Some(at), ..letter }
}
