//! The first page of the account.

use askama::Template;

use crate::web::pages::account::Frame;
use crate::web::pages::admin::Moment;

/// Who the person is, and what would make their account safer.
#[derive(Debug, Clone, Template)]
#[template(path = "account/overview.html")]
pub struct OverviewPage {
    /// The frame.
    pub account: Frame,
    /// Their name; may be empty.
    pub name: String,
    /// What they sign in with.
    pub username: String,
    /// Where mail goes; may be empty.
    pub email: String,
    /// Whether the address is known to be theirs.
    pub email_verified: bool,
    /// Since when they have the account.
    pub since: Moment,
    /// What to do next.
    pub advice: Vec<Advice>,
}

/// One thing that would make the account safer, in messages of the catalogue.
#[derive(Debug, Clone, Copy)]
pub struct Advice {
    /// What to do.
    pub title: &'static str,
    /// Why.
    pub text: &'static str,
    /// The words of its link.
    pub link: &'static str,
    /// Where it is done.
    pub href: &'static str,
}
