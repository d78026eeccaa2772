//! One page for one act: what will happen, and the button that does it.

use askama::Template;

use crate::web::pages::account::Frame;
use crate::web::pages::admin::Change;

/// What an act does, asked before it is done.
#[derive(Debug, Clone, Template)]
#[template(path = "account/action.html")]
pub struct ActionPage {
    /// The frame.
    pub account: Frame,
    /// The act as a question.
    pub heading: String,
    /// What it does, one sentence each.
    pub effects: Vec<String>,
    /// The form.
    pub change: Change,
    /// The words on the button.
    pub submit: String,
    /// Whether something ends by it.
    pub is_danger: bool,
    /// Where to go instead.
    pub back: &'static str,
}
