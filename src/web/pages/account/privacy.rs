//! What is stored, and the end of it.

use askama::Template;

use crate::web::pages::Form;
use crate::web::pages::account::Frame;
use crate::web::pages::admin::{Change, Moment};
use crate::web::text::Text;

/// Download and deletion.
#[derive(Debug, Clone, Template)]
#[template(path = "account/privacy.html")]
pub struct PrivacyPage {
    /// The frame.
    pub account: Frame,
    /// How long a deletion can be taken back, in words.
    pub grace: String,
}

/// The download.
#[derive(Debug, Clone, Template)]
#[template(path = "account/export.html")]
pub struct ExportPage {
    /// The frame.
    pub account: Frame,
    /// The form.
    pub change: Change,
}

/// The deletion.
#[derive(Debug, Clone, Template)]
#[template(path = "account/delete.html")]
pub struct DeletePage {
    /// The frame.
    pub account: Frame,
    /// The form.
    pub change: Change,
    /// What must be typed.
    pub username: String,
    /// How long it can be taken back, in words.
    pub grace: String,
}

/// The account is on its way out.
#[derive(Debug, Clone, Template)]
#[template(path = "account/closed.html")]
pub struct ClosedPage {
    /// Its voice.
    pub text: Text,
    /// From when it is gone.
    pub erases: Moment,
    /// The day of that, in words.
    pub date: String,
}

/// The sign-in of somebody whose account is on its way out.
#[derive(Debug, Clone, Template)]
#[template(path = "account/closing.html")]
pub struct ClosingPage {
    /// Its voice.
    pub text: Text,
    /// The form that keeps it.
    pub form: Form,
    /// Whose.
    pub username: String,
    /// From when it is gone.
    pub erases: Moment,
    /// The day of that, in words.
    pub date: String,
}
