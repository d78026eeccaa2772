//! What happened with the account.

use askama::Template;

use crate::web::pages::account::Frame;
use crate::web::pages::admin::{Moment, Pager};

/// The log, newest first.
#[derive(Debug, Clone, Template)]
#[template(path = "account/activity.html")]
pub struct ActivityPage {
    /// The frame.
    pub account: Frame,
    /// What happened.
    pub rows: Vec<ActivityRow>,
    /// Where the list goes on.
    pub pager: Pager,
}

/// One thing that happened.
#[derive(Debug, Clone)]
pub struct ActivityRow {
    /// What, in plain words.
    pub text: String,
    /// With which browser; may be empty.
    pub device: String,
    /// From where; may be empty.
    pub address: String,
    /// When.
    pub at: Moment,
    /// Its icon.
    pub icon: &'static str,
    /// Whether it should be looked at.
    pub is_warning: bool,
}
