//! Where a person is signed in, and which applications act in their name.

use askama::Template;

use crate::web::pages::ClientView;
use crate::web::pages::account::Frame;
use crate::web::pages::admin::Moment;
use crate::web::pages::sign::Permission;

/// Sessions and devices.
#[derive(Debug, Clone, Template)]
#[template(path = "account/sessions.html")]
pub struct SessionsPage {
    /// The frame.
    pub account: Frame,
    /// The sessions, this one first.
    pub sessions: Vec<SessionRow>,
    /// The devices, this one first.
    pub devices: Vec<DeviceRow>,
}

/// A session.
#[derive(Debug, Clone)]
#[expect(clippy::struct_excessive_bools, reason = "each is a mark beside the row")]
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
    /// Whether it is bound to a key of the device.
    pub is_bound: bool,
    /// Whether it was made on a telephone or tablet.
    pub is_mobile: bool,
    /// The page that ends it.
    pub end: String,
    /// The page that says it is a stranger's.
    pub disown: String,
}

/// A device that was used to sign in.
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
    /// Whether somebody is signed in on it.
    pub is_signed_in: bool,
    /// Whether a session on it is bound to a key of its own.
    pub is_bound: bool,
    /// Until when it spares the second step; empty where it does not.
    pub trusted_until: String,
    /// The names of the keys that were made on it.
    pub keys: Vec<String>,
    /// The applications that were allowed something on it.
    pub apps: Vec<DeviceAppRow>,
    /// The page that removes it.
    pub remove: String,
}

/// An application that was allowed something on a device.
#[derive(Debug, Clone)]
pub struct DeviceAppRow {
    /// What it is called.
    pub name: String,
    /// Whether its tokens are bound to a key.
    pub is_bound: bool,
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
