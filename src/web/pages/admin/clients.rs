//! Applications.

use askama::Template;

use crate::web::pages::admin::{Badge, Change, Fact, Moment, Pager, Select, TickGroup};
use crate::web::pages::console::Console;

/// The list.
#[derive(Debug, Clone, Template)]
#[template(path = "admin/clients.html")]
pub struct ClientsPage {
    /// The frame.
    pub console: Console,
    /// What is searched for.
    pub search: String,
    /// The applications.
    pub rows: Vec<ClientRow>,
    /// Where the list goes on.
    pub pager: Pager,
}

/// An application in the list.
#[derive(Debug, Clone)]
pub struct ClientRow {
    /// Its page.
    pub href: String,
    /// Its name.
    pub name: String,
    /// Its id.
    pub id: String,
    /// What kind it is.
    pub kind: &'static str,
    /// Whether it may be used.
    pub badge: Badge,
    /// When it was registered.
    pub created: Moment,
}

/// The first question about a new application.
#[derive(Debug, Clone, Template)]
#[template(path = "admin/client_kind.html")]
pub struct ClientKindPage {
    /// The frame.
    pub console: Console,
    /// The kinds.
    pub kinds: Vec<KindView>,
}

/// A kind of application.
#[derive(Debug, Clone, Copy)]
pub struct KindView {
    /// Its form.
    pub href: &'static str,
    /// Its icon.
    pub icon: &'static str,
    /// Its name.
    pub title: &'static str,
    /// What it is, as a sentence.
    pub text: &'static str,
}

/// The form of an application, new or not.
#[derive(Debug, Clone, Template)]
#[template(path = "admin/client_form.html")]
pub struct ClientFormPage {
    /// The frame.
    pub console: Console,
    /// What is done.
    pub heading: String,
    /// What was chosen for it and why; may be empty.
    pub lead: &'static str,
    /// Where to go instead.
    pub back: String,
    /// The form.
    pub change: Change,
    /// What is typed in it.
    pub fields: ClientFields,
    /// Whether people sign in to it, so that it has redirect URIs.
    pub has_people: bool,
    /// Whether it may look at the tokens of APIs.
    pub may_introspect: bool,
    /// Whether it is there already, so that everything may be changed.
    pub is_edit: bool,
    /// What it may ask for.
    pub scopes: Vec<TickGroup>,
    /// Whose tokens it may introspect.
    pub introspect: TickGroup,
    /// The grants it may use.
    pub grants: TickGroup,
    /// What its requests must bring.
    pub demands: TickGroup,
    /// Everything with a few values.
    pub selects: Vec<Select>,
}

/// The text in the form of an application.
#[derive(Debug, Clone, Default)]
pub struct ClientFields {
    /// The id that it will have; empty when it has one.
    pub client_id: String,
    /// The name shown to people.
    pub client_name: String,
    /// One per line.
    pub redirect_uris: String,
    /// One per line.
    pub post_logout_redirect_uris: String,
    /// A JWK Set.
    pub jwks: String,
    /// Where a JWK Set is.
    pub jwks_uri: String,
    /// What its certificate names.
    pub certificate_name: String,
    /// Its home page.
    pub client_uri: String,
    /// Its picture.
    pub logo_uri: String,
    /// Its privacy policy.
    pub policy_uri: String,
    /// Its terms of service.
    pub tos_uri: String,
    /// Its colours.
    pub accent: String,
}

/// An application with a new secret, which is shown this once.
#[derive(Clone, Template)]
#[template(path = "admin/client_ready.html")]
pub struct ClientReadyPage {
    /// The frame.
    pub console: Console,
    /// What was done.
    pub heading: String,
    /// Its id.
    pub client_id: String,
    /// Its secret, where it has one.
    pub secret: Option<String>,
    /// How long the old secret is still good; empty where there is none.
    pub overlap: String,
    /// The issuer.
    pub issuer: String,
    /// Code to begin with.
    pub snippets: Vec<Snippet>,
    /// Its page.
    pub href: String,
}

/// Code that somebody can begin with.
#[derive(Clone)]
pub struct Snippet {
    /// Language and library.
    pub title: &'static str,
    /// How to install what it needs; empty where it needs nothing.
    pub install: &'static str,
    /// The code.
    pub code: String,
}

/// One application.
#[derive(Clone, Template)]
#[template(path = "admin/client.html")]
pub struct ClientPage {
    /// The frame.
    pub console: Console,
    /// Its name.
    pub name: String,
    /// Its id.
    pub client_id: String,
    /// Its page.
    pub href: String,
    /// Whether it may be used.
    pub badge: Badge,
    /// Whether it is disabled.
    pub is_disabled: bool,
    /// What kind it is.
    pub kind: &'static str,
    /// How it is registered.
    pub facts: Vec<Fact>,
    /// Whether it proves itself with a secret.
    pub has_secret: bool,
    /// Its secrets.
    pub secrets: Vec<SecretRow>,
    /// Code to begin with.
    pub snippets: Vec<Snippet>,
    /// What it did and what was done to it.
    pub audit: String,
}

/// A secret: when, not what.
#[derive(Debug, Clone)]
pub struct SecretRow {
    /// When it was made.
    pub created: Moment,
    /// When it ends, if it does.
    pub expires: Option<Moment>,
    /// Whether it is good.
    pub badge: Badge,
}
