//! Passkeys and security keys in the account.

use askama::Template;

use crate::web::pages::account::Frame;
use crate::web::pages::admin::{Change, Moment};

/// The list.
#[derive(Debug, Clone, Template)]
#[template(path = "account/passkeys.html")]
pub struct PasskeysPage {
    /// The frame.
    pub account: Frame,
    /// The keys.
    pub keys: Vec<KeyRow>,
    /// Whether keys can be added at all.
    pub takes_keys: bool,
    /// Whether keys that are only touched can be added.
    pub takes_touched: bool,
}

/// A key in the list.
#[derive(Debug, Clone)]
pub struct KeyRow {
    /// Its owner's name for it.
    pub label: String,
    /// Whether it may be copied to other devices.
    pub is_synced: bool,
    /// Whether it signs in alone.
    pub is_passkey: bool,
    /// When it was added.
    pub added: Moment,
    /// When it was last used.
    pub used: Option<Moment>,
    /// The page that renames it.
    pub rename: String,
    /// The page that removes it.
    pub remove: String,
}

/// A new key.
#[derive(Debug, Clone, Template)]
#[template(path = "account/passkey.html")]
pub struct NewKeyPage {
    /// The frame.
    pub account: Frame,
    /// The form.
    pub change: Change,
    /// Whether it is a security key that is only touched.
    pub is_touched: bool,
    /// What its owner calls it.
    pub label: String,
}
