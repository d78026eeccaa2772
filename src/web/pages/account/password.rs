//! A new password.

use askama::Template;

use crate::web::pages::account::Frame;
use crate::web::pages::admin::Change;

/// The form.
#[derive(Debug, Clone, Template)]
#[template(path = "account/password.html")]
pub struct PasswordPage {
    /// The frame.
    pub account: Frame,
    /// The form.
    pub change: Change,
    /// Whose, for password managers.
    pub username: String,
    /// Whether the password there is must be given too.
    pub asks_current: bool,
    /// How long it must be at least.
    pub min: usize,
    /// Whether the other sessions are to end.
    pub end_others: bool,
}
