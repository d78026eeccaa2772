//! One page for one act: what will happen, and the button that does it.

use askama::Template;

use crate::web::pages::admin::{Change, Tick};
use crate::web::pages::console::Console;

/// What an act does, asked before it is done.
#[derive(Debug, Clone, Template)]
#[template(path = "admin/action.html")]
pub struct ActionPage {
    /// The frame.
    pub console: Console,
    /// The act as a question.
    pub heading: String,
    /// What it does, one sentence each.
    pub effects: Vec<String>,
    /// Ways to do it, of which one is chosen; may be empty.
    pub choices: Vec<Tick>,
    /// What the choice is about.
    pub choices_label: &'static str,
    /// The form.
    pub change: Change,
    /// The words on the button.
    pub submit: &'static str,
    /// Whether something ends by it.
    pub is_danger: bool,
    /// Where to go instead.
    pub back: String,
}

/// The field of [`ActionPage::choices`].
pub const CHOICE: &str = "choice";
