//! What a person proves themselves with.

use askama::Template;

use crate::web::pages::account::Frame;
use crate::web::pages::admin::{Change, Moment};

/// Password, authenticators, recovery codes.
#[derive(Debug, Clone, Template)]
#[template(path = "account/security.html")]
pub struct SecurityPage {
    /// The frame.
    pub account: Frame,
    /// Whether a password is set.
    pub has_password: bool,
    /// When it was last changed, where that is known.
    pub password_changed: Option<Moment>,
    /// Whether others may know it.
    pub password_due: bool,
    /// How many passkeys and security keys there are.
    pub keys: usize,
    /// The authenticators.
    pub authenticators: Vec<FactorRow>,
    /// How many recovery codes are left; nothing where none can be had.
    pub recovery_codes: Option<u32>,
}

/// A factor in the list.
#[derive(Debug, Clone)]
pub struct FactorRow {
    /// Its owner's name for it.
    pub label: String,
    /// When it was added.
    pub added: Moment,
    /// When it was last used.
    pub used: Option<Moment>,
    /// The page that renames it.
    pub rename: String,
    /// The page that removes it.
    pub remove: String,
}

/// A new authenticator.
#[derive(Clone, Template)]
#[template(path = "account/authenticator.html")]
pub struct AuthenticatorPage {
    /// The frame.
    pub account: Frame,
    /// The form.
    pub change: Change,
    /// The picture, made by [`qr_svg`](crate::web::pages::sign::qr_svg): it goes in as it is.
    pub qr_svg: String,
    /// The key to type.
    pub key: String,
    /// The key in groups of four.
    pub key_in_groups: String,
    /// What its owner calls it; not `label`, which a macro of the template has for itself.
    pub typed: String,
}

/// Another name for a factor.
#[derive(Debug, Clone, Template)]
#[template(path = "account/rename.html")]
pub struct RenamePage {
    /// The frame.
    pub account: Frame,
    /// The form.
    pub change: Change,
    /// Its name; not `label`, as above.
    pub typed: String,
    /// What is done.
    pub what: String,
    /// Where to go instead.
    pub back: &'static str,
}

/// The recovery codes, shown once.
#[derive(Clone, Template)]
#[template(path = "account/recovery_codes.html")]
pub struct OwnCodesPage {
    /// The frame.
    pub account: Frame,
    /// The codes, in groups of four.
    pub codes: Vec<String>,
    /// Where "I have stored them" leads.
    pub onward: &'static str,
    /// Whose and where, for the printed page.
    pub whose: String,
}

impl OwnCodesPage {
    /// One code per line.
    pub fn text(&self) -> String {
        self.codes.join("\n")
    }

    /// The same as an address that browsers save as a file, without a script.
    pub fn address(&self) -> String {
        format!("data:text/plain;charset=utf-8,{}%0A", self.codes.join("%0A"))
    }
}
