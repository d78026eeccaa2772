//! The first page of the console.

use askama::Template;

use crate::web::pages::admin::audit::EventRow;
use crate::web::pages::console::Console;

/// How things stand.
#[derive(Debug, Clone, Template)]
#[template(path = "admin/overview.html")]
pub struct OverviewPage {
    /// The frame.
    pub console: Console,
    /// The issuer.
    pub issuer: String,
    /// Numbers.
    pub figures: Vec<Figure>,
    /// What somebody should look at.
    pub attention: Vec<Attention>,
    /// What a new server still wants.
    pub checklist: Vec<Task>,
    /// What happened last.
    pub recent: Vec<EventRow>,
}

impl OverviewPage {
    /// How many of the checklist are done.
    pub fn done(&self) -> usize {
        self.checklist.iter().filter(|task| task.is_done).count()
    }
}

/// A number and the list behind it.
#[derive(Debug, Clone)]
pub struct Figure {
    /// What is counted.
    pub label: &'static str,
    /// How many.
    pub value: String,
    /// The list.
    pub href: &'static str,
}

/// Something that somebody should look at.
#[derive(Debug, Clone)]
pub struct Attention {
    /// What is the matter.
    pub text: String,
    /// Where it is mended.
    pub href: String,
    /// The words of the link.
    pub link: &'static str,
}

/// A step of the first run.
#[derive(Debug, Clone, Copy)]
pub struct Task {
    /// Whether it is done.
    pub is_done: bool,
    /// What.
    pub title: &'static str,
    /// Why.
    pub text: &'static str,
    /// Where; empty where it is not done in a browser.
    pub href: &'static str,
}
