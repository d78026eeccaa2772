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

/// What every page of the account shows around its content (`layout/account.html`): a field called
/// `account` in its struct.
#[derive(Debug, Clone, Default)]
pub struct Frame {
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
    /// Its words.
    pub label: &'static str,
    /// Its address.
    pub href: &'static str,
    /// Its icon in the sprite.
    pub icon: &'static str,
    /// Whether the page belongs to it.
    pub is_current: bool,
}

/// Label, address, icon of each section.
const SECTIONS: [(&str, &str, &str); 7] = [
    ("Overview", "/account", "layout-dashboard"),
    ("Profile", "/account/profile", "user"),
    ("Security", "/account/security", "shield-check"),
    ("Devices and sessions", "/account/sessions", "smartphone"),
    ("Connected apps", "/account/apps", "app-window"),
    ("Activity", "/account/activity", "clock"),
    ("Privacy", "/account/privacy", "lock"),
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
