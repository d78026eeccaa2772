//! "My account": what its pages show.

pub mod access;
pub mod action;
pub mod activity;
pub mod email;
pub mod overview;
pub mod passkeys;
pub mod password;
pub mod privacy;
pub mod profile;
pub mod security;

use crate::web::text::Text;

/// What every page of the account shows around its content (`layout/account.html`): a field called
/// `account` in its struct.
#[derive(Debug, Clone, Default)]
pub struct Frame {
    /// Its voice.
    pub text: Text,
    /// Who is signed in.
    pub username: String,
    /// The section this page belongs to: its path below `/account`, empty for the overview.
    pub section: &'static str,
    /// What was just done, announced to screen readers; empty where nothing was.
    pub notice: String,
    /// Whether there is a console for them.
    pub is_administrator: bool,
}

/// A link of the navigation.
#[derive(Debug, Clone, Copy)]
pub struct NavItem {
    /// The message that names it.
    pub label: &'static str,
    /// Its address.
    pub href: &'static str,
    /// Its icon in the sprite.
    pub icon: &'static str,
    /// Whether the page belongs to it.
    pub is_current: bool,
}

/// Message, address, icon of each section.
const SECTIONS: [(&str, &str, &str); 7] = [
    ("account-overview", "/account", "layout-dashboard"),
    ("account-profile", "/account/profile", "user"),
    ("account-security", "/account/security", "shield-check"),
    ("account-sessions", "/account/sessions", "smartphone"),
    ("account-apps", "/account/apps", "app-window"),
    ("account-activity", "/account/activity", "clock"),
    ("account-privacy", "/account/privacy", "lock"),
];

impl Frame {
    /// The links, this page's section marked.
    pub fn navigation(&self) -> Vec<NavItem> {
        let item = |(label, href, icon): (&'static str, &'static str, &'static str)| {
            let section = href.trim_start_matches("/account").trim_start_matches('/');
            NavItem { label, href, icon, is_current: section == self.section }
        };
        SECTIONS.into_iter().map(item).collect()
    }
}
