//! Pages of the console that are one list or one form: keys, settings, and the closed door.

use askama::Template;

use crate::manage::branding::BrandingView;
use crate::web::pages::admin::{Badge, Change, Fact, Moment, Select, Tick, TickGroup};
use crate::web::pages::console::Console;
use crate::web::text::{LogoView, Text};

/// The signing keys.
#[derive(Debug, Clone, Template)]
#[template(path = "admin/keys.html")]
pub struct KeysPage {
    /// The frame.
    pub console: Console,
    /// The keys.
    pub rows: Vec<KeyRow>,
}

/// A signing key in the list.
#[derive(Debug, Clone)]
pub struct KeyRow {
    /// Its RFC 7638 thumbprint.
    pub kid: String,
    /// What it signs with.
    pub alg: &'static str,
    /// Where it stands.
    pub state: Badge,
    /// What that means.
    pub meaning: &'static str,
    /// From when it signs.
    pub activates: Moment,
    /// From when it signs no more.
    pub retires: Option<Moment>,
    /// From when it is not published.
    pub removed: Option<Moment>,
}

/// What holds for everybody.
#[derive(Debug, Clone, Template)]
#[template(path = "admin/settings.html")]
pub struct SettingsPage {
    /// The frame.
    pub console: Console,
    /// The form.
    pub change: Change,
    /// Of whom a second factor is demanded.
    pub mfa: Select,
    /// Who may sign up.
    pub sign_up: Select,
    /// Whose sessions are bound to their device.
    pub bound_sessions: Select,
    /// The version of the terms; empty for none.
    pub terms_version: String,
    /// Where the terms are; empty for nowhere.
    pub terms_uri: String,
    /// Which factors count.
    pub factors: TickGroup,
    /// How many days an enrolment may be put off.
    pub grace: String,
    /// How many days a browser may be trusted.
    pub trusted_device: String,
    /// Whether codes by mail count.
    pub email_codes: Tick,
    /// The rules, one a line.
    pub rules: String,
    /// What is set in the configuration and cannot be changed here.
    pub facts: Vec<Fact>,
}

/// How this server presents itself.
#[derive(Debug, Clone, Template)]
#[template(path = "admin/branding.html")]
pub struct BrandingPage {
    /// The frame.
    pub console: Console,
    /// The form.
    pub change: Change,
    /// What was typed, or what is set.
    pub fields: BrandingView,
    /// The picture as it is now.
    pub logo: Option<LogoView>,
    /// For whoever says nothing about theirs.
    pub language: Select,
}

/// Shown to people who do not administer this server.
#[derive(Debug, Clone, Template)]
#[template(path = "admin/forbidden.html")]
pub struct ForbiddenPage {
    /// Its voice.
    pub text: Text,
    /// Who is signed in.
    pub account: String,
    /// The refusal id.
    pub refusal_id: String,
}
