//! APIs and their scopes.

use askama::Template;

use crate::web::pages::admin::{Change, Select};
use crate::web::pages::console::Console;

/// The list.
#[derive(Debug, Clone, Template)]
#[template(path = "admin/apis.html")]
pub struct ApisPage {
    /// The frame.
    pub console: Console,
    /// The APIs.
    pub rows: Vec<ApiRow>,
}

/// An API in the list.
#[derive(Debug, Clone)]
pub struct ApiRow {
    /// Its form; empty where it cannot be changed.
    pub edit: String,
    /// The page that removes it.
    pub remove: String,
    /// Its name.
    pub name: String,
    /// Its identifier.
    pub resource: String,
    /// How long its tokens live.
    pub lifetime: String,
    /// What signs its tokens.
    pub alg: &'static str,
    /// Whether it is part of Portcullis.
    pub is_built_in: bool,
    /// Names and descriptions of its scopes.
    pub scopes: Vec<ScopeRow>,
}

/// A scope of an API.
#[derive(Debug, Clone)]
pub struct ScopeRow {
    /// Its name.
    pub name: String,
    /// What people read at consent.
    pub description: String,
    /// Whether only administrators may be given it.
    pub is_reserved: bool,
}

/// The form of an API, new or not.
#[derive(Debug, Clone, Template)]
#[template(path = "admin/api_form.html")]
pub struct ApiFormPage {
    /// The frame.
    pub console: Console,
    /// What is done.
    pub heading: String,
    /// The form.
    pub change: Change,
    /// Whether the API is there already.
    pub is_edit: bool,
    /// What is typed in it.
    pub fields: ApiFields,
    /// What signs its tokens.
    pub alg: Select,
}

/// The text in the form of an API.
#[derive(Debug, Clone, Default)]
pub struct ApiFields {
    /// Its identifier.
    pub resource: String,
    /// Its name.
    pub name: String,
    /// How long its tokens live.
    pub access_token_lifetime: String,
    /// One per line: the name, a space, what people read.
    pub scopes: String,
    /// The names of those that only administrators may be given, separated by spaces.
    pub reserved: String,
}
