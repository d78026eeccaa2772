//! Ways back in, and ways in: asking for a mail, and the pages that its links lead to.

use askama::Template;

use crate::web::pages::Form;
use crate::web::text::Text;

/// Asks for a user name, and says nothing about it.
#[derive(Debug, Clone, Template)]
#[template(path = "ask_mail.html")]
pub struct AskMailPage {
    /// Its voice.
    pub text: Text,
    /// Where it goes.
    pub form: Form,
    /// The heading.
    pub title: String,
    /// What will happen.
    pub intro: String,
    /// What was typed before.
    pub username: String,
    /// What went wrong; empty where nothing did.
    pub error: String,
}

/// Asks for an address.
#[derive(Debug, Clone, Template)]
#[template(path = "signup.html")]
pub struct SignUpPage {
    /// Its voice.
    pub text: Text,
    /// Where it goes.
    pub form: Form,
    /// What will happen.
    pub intro: String,
    /// What was typed before.
    pub email: String,
    /// What went wrong; empty where nothing did.
    pub error: String,
}

/// Says what happened, and leads on.
#[derive(Debug, Clone, Template)]
#[template(path = "notice.html")]
pub struct NoticePage {
    /// Its voice.
    pub text: Text,
    /// The icon in the sprite.
    pub icon: &'static str,
    /// The heading.
    pub title: String,
    /// What there is to say.
    pub paragraphs: Vec<String>,
    /// Where to go.
    pub href: &'static str,
    /// The words on that link.
    pub label: String,
}

/// One button: what a link in a mail does.
#[derive(Clone, Template)]
#[template(path = "open_link.html")]
pub struct OpenPage {
    /// Its voice.
    pub text: Text,
    /// Where it goes.
    pub form: Form,
    /// The link's secret.
    pub token: String,
    /// The heading, as a question.
    pub title: String,
    /// What the button does.
    pub what: String,
    /// The words on it.
    pub submit: String,
    /// Whether something ends by it.
    pub is_danger: bool,
}

/// A new password.
#[derive(Clone, Template)]
#[template(path = "reset.html")]
pub struct ResetPage {
    /// Its voice.
    pub text: Text,
    /// Where it goes.
    pub form: Form,
    /// The link's secret.
    pub token: String,
    /// Whose.
    pub account: String,
    /// What went wrong; empty where nothing did.
    pub error: String,
}

/// A sign-in whose password others may know: another one, or the mail that leads to it.
#[derive(Debug, Clone, Template)]
#[template(path = "new_password.html")]
pub struct RenewPage {
    /// Its voice.
    pub text: Text,
    /// Where it goes.
    pub form: Form,
    /// Whose.
    pub account: String,
    /// Whether a link is sent, and nothing typed.
    pub by_mail: bool,
    /// What went wrong; empty where nothing did.
    pub error: String,
}

/// A new account, for whoever reads its address.
#[derive(Clone, Template)]
#[template(path = "join.html")]
pub struct JoinPage {
    /// Its voice.
    pub text: Text,
    /// Where it goes.
    pub form: Form,
    /// The link's secret.
    pub token: String,
    /// The address, which is proved.
    pub email: String,
    /// Whether the user name is given.
    pub is_given: bool,
    /// The user name, given or typed before.
    pub username: String,
    /// Whether there are terms to accept.
    pub has_terms: bool,
    /// Where they are to be read; empty where nowhere.
    pub terms_uri: String,
    /// Whether they were accepted before.
    pub accepted: bool,
    /// What went wrong; empty where nothing did.
    pub error: String,
    /// The name of the field it is about; empty where it is about none.
    pub field: &'static str,
}
