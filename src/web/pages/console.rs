//! What every page of the admin console shows around its content (`layout/console.html`).

use crate::web::pages::Form;

/// The frame of a console page: a field called `console` in its struct.
#[derive(Debug, Clone, Default)]
pub struct Console {
    /// Who is signed in.
    pub username: String,
    /// The section this page belongs to: its path below `/admin`, empty for the overview.
    pub section: &'static str,
    /// What was just done, announced to screen readers; empty where nothing was.
    pub notice: String,
    /// Where a form that needs a fresh proof gets a challenge for a key; none where no key can help.
    pub key: Option<Form>,
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

/// Label, address, icon of each section that exists.
const SECTIONS: [(&str, &str, &str); 7] = [
    ("Overview", "/admin", "layout-dashboard"),
    ("Applications", "/admin/clients", "app-window"),
    ("APIs", "/admin/apis", "plug"),
    ("People", "/admin/users", "users"),
    ("Keys", "/admin/keys", "key-round"),
    ("Audit", "/admin/audit", "scroll-text"),
    ("Settings", "/admin/settings", "settings"),
];

impl Console {
    /// The links, this page's section marked.
    pub fn navigation(&self) -> Vec<NavItem> {
        let item = |(label, href, icon): (&'static str, &'static str, &'static str)| {
            let section = href.trim_start_matches("/admin").trim_start_matches('/');
            NavItem { label, href, icon, is_current: section == self.section }
        };
        SECTIONS.into_iter().map(item).collect()
    }
}
