//! What the pages show: plain values and templates, nothing of HTTP. [`crate::web::respond::page`]
//! sends them.

pub mod account;
pub mod admin;
pub mod console;
pub mod dev;
pub mod error;
pub mod passkey;
pub mod playground;
pub mod recover;
pub mod setup;
pub mod sign;

/// Where a form goes, and the hidden fields that tie it to its browser and its step.
#[derive(Debug, Clone, Default)]
pub struct Form {
    /// The path it is posted to.
    pub action: String,
    /// The token of [`crate::web::csrf::Csrf`].
    pub csrf: String,
    /// The sealed step of the flow; empty where there is none.
    pub flow: String,
}

/// An application as people see it.
#[derive(Debug, Clone, Default)]
pub struct ClientView {
    /// Its name.
    pub name: String,
    /// The host its answers go to: the one thing about it that was checked. Empty for an app on the
    /// person's own device.
    pub host: String,
    /// Its picture; the page's policy must let it in.
    pub logo: Option<String>,
    /// Its privacy policy.
    pub policy: Option<String>,
    /// Its terms of service.
    pub terms: Option<String>,
}

impl ClientView {
    /// What stands in the place of a missing picture.
    pub fn initial(&self) -> String {
        self.name
            .chars()
            .find(|c| c.is_alphanumeric())
            .map_or_else(|| "?".to_owned(), |initial| initial.to_uppercase().collect())
    }
}
