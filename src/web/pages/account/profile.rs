//! What a person says of themselves.

use askama::Template;

use crate::web::pages::account::Frame;
use crate::web::pages::admin::{Change, Tick};

/// What is known of them, and by whom it can be changed.
#[derive(Debug, Clone, Template)]
#[template(path = "account/profile.html")]
pub struct ProfilePage {
    /// The frame.
    pub account: Frame,
    /// What they may change: label and value, an empty one where nothing is known.
    pub own: Vec<(String, String)>,
    /// What they sign in with.
    pub username: String,
    /// Where mail goes; may be empty.
    pub email: String,
    /// Whether the address is known to be theirs.
    pub email_verified: bool,
    /// What was set for them by others: name and value.
    pub others: Vec<(String, String)>,
}

/// The form of what they may change.
#[derive(Debug, Clone, Template)]
#[template(path = "account/profile_form.html")]
pub struct ProfileFormPage {
    /// The frame.
    pub account: Frame,
    /// The form.
    pub change: Change,
    /// The fields of text.
    pub fields: Vec<ProfileField>,
    /// The languages.
    pub languages: Vec<Tick>,
    /// The time zone.
    pub zoneinfo: String,
}

/// One field of text.
#[derive(Debug, Clone)]
pub struct ProfileField {
    /// The claim.
    pub name: &'static str,
    /// What it is called.
    pub label: String,
    /// What browsers fill it in from.
    pub autocomplete: &'static str,
    /// `text` or `tel`.
    pub kind: &'static str,
    /// What is typed in it.
    pub value: String,
    /// What to know; may be empty.
    pub hint: String,
}
