//! People.

use askama::Template;

use crate::web::pages::admin::{Badge, Change, Fact, Moment, Pager};
use crate::web::pages::console::Console;

/// The list.
#[derive(Debug, Clone, Template)]
#[template(path = "admin/users.html")]
pub struct UsersPage {
    /// The frame.
    pub console: Console,
    /// What is searched for.
    pub search: String,
    /// The people.
    pub rows: Vec<UserRow>,
    /// Where the list goes on.
    pub pager: Pager,
}

/// A person in the list.
#[derive(Debug, Clone)]
pub struct UserRow {
    /// Their page.
    pub href: String,
    /// What they sign in with.
    pub username: String,
    /// Where mail goes.
    pub email: String,
    /// Whether they administer this server.
    pub is_administrator: bool,
    /// Whether they may sign in.
    pub badge: Badge,
    /// Since when they are here.
    pub created: Moment,
}

/// A new account, or what may be changed of one.
#[derive(Debug, Clone, Template)]
#[template(path = "admin/user_form.html")]
pub struct UserFormPage {
    /// The frame.
    pub console: Console,
    /// What is done.
    pub heading: String,
    /// The form.
    pub change: Change,
    /// Whether the account is there already.
    pub is_edit: bool,
    /// What is typed in it.
    pub fields: UserFields,
    /// Where to go instead.
    pub back: String,
}

/// The text in the form of an account.
#[derive(Debug, Clone, Default)]
pub struct UserFields {
    /// What they sign in with.
    pub username: String,
    /// Where mail goes.
    pub email: String,
    /// Whether the address is known to be theirs.
    pub email_verified: bool,
    /// Whether they administer this server.
    pub administrator: bool,
    /// Their other roles, separated by spaces.
    pub roles: String,
}

/// One account.
#[derive(Debug, Clone, Template)]
#[template(path = "admin/user.html")]
pub struct UserPage {
    /// The frame.
    pub console: Console,
    /// What they sign in with.
    pub username: String,
    /// Their page.
    pub href: String,
    /// Whether they may sign in.
    pub badge: Badge,
    /// Whether they are disabled.
    pub is_disabled: bool,
    /// Whether there is a password of which a new one can be demanded.
    pub may_demand_password: bool,
    /// What is known of them.
    pub facts: Vec<Fact>,
    /// What they prove themselves with besides a password.
    pub factors: Vec<FactorRow>,
    /// Where they are signed in.
    pub sessions: Vec<SessionRow>,
    /// The devices they signed in on.
    pub devices: Vec<DeviceRow>,
    /// What they did and what was done to them.
    pub audit: String,
}

/// What somebody proves themselves with besides a password.
#[derive(Debug, Clone)]
pub struct FactorRow {
    /// The page that removes it.
    pub remove: String,
    /// The person's name for it.
    pub label: String,
    /// What it is.
    pub kind: &'static str,
    /// Since when.
    pub added: Moment,
    /// Last used.
    pub used: Option<Moment>,
}

/// A device that somebody signed in on.
#[derive(Debug, Clone)]
pub struct DeviceRow {
    /// The page that removes it.
    pub remove: String,
    /// Browser and system.
    pub label: String,
    /// First seen.
    pub first: Moment,
    /// Last seen.
    pub seen: Moment,
    /// What it holds, one phrase each.
    pub holds: Vec<String>,
    /// Whether it is the one that looks at this page.
    pub is_this: bool,
}

/// Where somebody is signed in.
#[derive(Debug, Clone)]
pub struct SessionRow {
    /// The page that ends it.
    pub end: String,
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
    /// Whether a factor is still owed.
    pub is_pending: bool,
    /// Whether it is bound to a key of its device.
    pub is_bound: bool,
}

/// Whom to invite.
#[derive(Debug, Clone, Template)]
#[template(path = "admin/invite.html")]
pub struct InvitePage {
    /// The frame.
    pub console: Console,
    /// The form.
    pub change: Change,
    /// What is typed in it.
    pub fields: UserFields,
    /// Where to go instead.
    pub back: &'static str,
}

/// The invitations that nobody has taken up.
#[derive(Debug, Clone, Template)]
#[template(path = "admin/invitations.html")]
pub struct InvitationsPage {
    /// The frame.
    pub console: Console,
    /// The invitations.
    pub rows: Vec<InvitationRow>,
}

/// An invitation in the list.
#[derive(Debug, Clone)]
pub struct InvitationRow {
    /// Who is invited.
    pub email: String,
    /// What they will sign in with; empty where they choose.
    pub username: String,
    /// Their roles.
    pub roles: String,
    /// When it was sent.
    pub sent: Moment,
    /// When its link stops to be good.
    pub ends: Moment,
    /// The page that withdraws it.
    pub withdraw: String,
}
