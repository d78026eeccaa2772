//! What a page says after a change: an address names one of these sentences, never its own.

use crate::protocol::params::Params;
use crate::web::text::Text;

/// The parameter that names the sentence.
const NAME: &str = "done";
/// Each with its message.
const SENTENCES: [(&str, &str); 17] = [
    ("profile", "account-done-profile"),
    ("added", "account-done-added"),
    ("key-added", "account-done-key-added"),
    ("renamed", "account-done-renamed"),
    ("removed", "account-done-removed"),
    ("codes", "account-done-codes"),
    ("session", "account-done-session"),
    ("sessions", "account-done-sessions"),
    ("disowned", "account-done-disowned"),
    ("device-removed", "account-done-device-removed"),
    ("app", "account-done-app"),
    ("kept", "account-done-kept"),
    ("email-sent", "account-done-email-sent"),
    ("email-proof", "account-done-email-proof"),
    ("email-same", "account-done-email-same"),
    ("password-only", "account-done-password-only"),
    ("password", "account-done-password"),
];

/// `path` with the sentence called `name`.
pub fn with(path: &str, name: &'static str) -> String {
    format!("{path}?{NAME}={name}")
}

/// The sentence that `params` name, in the voice of `text`; empty where they name none.
pub fn of(text: &Text, params: &Params) -> String {
    let asked = params.get(NAME).unwrap_or_default();
    let found = SENTENCES.iter().find(|(name, _)| *name == asked);
    found.map_or_else(String::new, |(_, id)| text.say(id))
}
