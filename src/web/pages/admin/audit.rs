//! The audit log.

use askama::Template;

use crate::web::pages::admin::{Badge, Fact, Moment, Pager, Tick};
use crate::web::pages::console::Console;

/// The log, newest first.
#[derive(Debug, Clone, Template)]
#[template(path = "admin/audit.html")]
pub struct AuditPage {
    /// The frame.
    pub console: Console,
    /// What is asked for.
    pub filter: AuditFilter,
    /// The events.
    pub rows: Vec<EventRow>,
    /// Where the log goes on.
    pub pager: Pager,
    /// The refusal id that was looked up and not found; empty where none was.
    pub not_found: String,
}

/// The text in the filter.
#[derive(Debug, Clone, Default)]
pub struct AuditFilter {
    /// Who did it, by id.
    pub actor: String,
    /// What was done, or its beginning.
    pub action: String,
    /// About whom or what, by id.
    pub subject: String,
    /// From where.
    pub address: String,
    /// How it ended.
    pub outcomes: Vec<Tick>,
    /// Kinds of events that are often asked for, as links.
    pub links: Vec<FilterLink>,
    /// Whether anything at all is asked for.
    pub is_set: bool,
}

/// A kind of event that is often asked for.
#[derive(Debug, Clone, Copy)]
pub struct FilterLink {
    /// The list.
    pub href: &'static str,
    /// Its words.
    pub label: &'static str,
}

/// An event in the list.
#[derive(Debug, Clone)]
pub struct EventRow {
    /// Its page.
    pub href: String,
    /// When.
    pub at: Moment,
    /// What was done.
    pub action: String,
    /// How it ended.
    pub outcome: Badge,
    /// Who did it.
    pub actor: String,
    /// To what.
    pub target: String,
    /// From where.
    pub address: String,
}

/// One event with all its fields.
#[derive(Debug, Clone, Template)]
#[template(path = "admin/event.html")]
pub struct EventPage {
    /// The frame.
    pub console: Console,
    /// What was done.
    pub action: String,
    /// How it ended.
    pub outcome: Badge,
    /// Why it was refused; empty where it was not.
    pub why: Vec<Fact>,
    /// The fields.
    pub facts: Vec<Fact>,
    /// What else was written down, as JSON.
    pub details: String,
    /// The events around it, as links.
    pub related: Vec<(String, &'static str)>,
}
