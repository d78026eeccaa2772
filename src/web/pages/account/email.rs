//! Another address of mail.

use askama::Template;

use crate::web::pages::account::Frame;
use crate::web::pages::admin::Change;

/// The form.
#[derive(Debug, Clone, Template)]
#[template(path = "account/email.html")]
pub struct EmailPage {
    /// The frame.
    pub account: Frame,
    /// The form.
    pub change: Change,
    /// The address, or what was typed before.
    pub email: String,
    /// Whether there is none that is still to be proved.
    pub is_proved: bool,
}
