//! Where a person is signed in, and which applications act in their name.

use askama::Template;

use crate::web::pages::ClientView;
use crate::web::pages::account::Frame;
use crate::web::pages::admin::Moment;
use crate::web::pages::sign::Permission;

/// Sessions and browsers.
#[derive(Debug, Clone, Template)]
#[template(path = "account/sessions.html")]
pub struct SessionsPage {
    /// The frame.
    pub account: Frame,
    /// The sessions, this one first.
    pub sessions: Vec<SessionRow>,
    /// The browsers.
    pub devices: Vec<DeviceRow>,
}

/// A session.
#[derive(Debug, Clone)]
pub struct SessionRow {
    /// The browser.
    pub device: String,
    /// From where.
    pub address: String,
    /// How they proved themselves.
    pub factors: String,
    /// Since when.
    pub began: Moment,
    /// Last seen.
    pub seen: Moment,
    /// Whether it is the one that looks at this page.
    pub is_this: bool,
    /// Whether the sign-in is not complete.
    pub is_pending: bool,
    /// Whether it was made on a telephone or tablet.
    pub is_mobile: bool,
    /// The page that ends it.
    pub end: String,
    /// The page that says it is a stranger's.
    pub disown: String,
}

/// A browser that was used to sign in.
#[derive(Debug, Clone)]
pub struct DeviceRow {
    /// What it is called.
    pub label: String,
    /// First seen.
    pub first: Moment,
    /// Last seen.
    pub seen: Moment,
    /// Whether it is the one that looks at this page.
    pub is_this: bool,
    /// Until when it spares the second step; empty where it does not.
    pub trusted_until: String,
    /// The page that forgets it.
    pub forget: String,
}

/// Connected applications.
#[derive(Debug, Clone, Template)]
#[template(path = "account/apps.html")]
pub struct AppsPage {
    /// The frame.
    pub account: Frame,
    /// The applications.
    pub apps: Vec<AppRow>,
}

/// An application.
#[derive(Debug, Clone)]
pub struct AppRow {
    /// What it is called, and its picture.
    pub client: ClientView,
    /// What it may do.
    pub permissions: Vec<Permission>,
    /// Since when.
    pub since: Moment,
    /// When it last did.
    pub used: Option<Moment>,
    /// The page that takes it back.
    pub revoke: String,
}
