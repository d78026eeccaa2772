//! The first run: making the first administrator.

use askama::Template;

use crate::web::pages::Form;
use crate::web::text::Text;

/// Step one: the account. Steps two and three are the pages in [`crate::web::pages::sign`].
#[derive(Debug, Clone, Template)]
#[template(path = "setup.html")]
pub struct SetupPage {
    /// Its voice.
    pub text: Text,
    /// Where it goes.
    pub form: Form,
    /// What was typed before.
    pub username: String,
    /// What was typed before.
    pub email: String,
    /// What went wrong; empty where nothing did.
    pub error: String,
    /// The name of the field it is about; empty where it is about none.
    pub field: &'static str,
}

/// The link was used or is too old.
#[derive(Debug, Clone, Template)]
#[template(path = "setup_used.html")]
pub struct SetupUsedPage {
    /// Its voice.
    pub text: Text,
}
