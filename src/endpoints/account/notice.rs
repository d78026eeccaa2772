//! What a page says after a change: an address names one of these sentences, never its own.

use crate::protocol::params::Params;

/// The parameter that names the sentence.
const NAME: &str = "done";
const SENTENCES: [(&str, &str); 17] = [
    ("profile", "Your profile was saved."),
    ("added", "Your authenticator was added."),
    ("key-added", "Your key was added."),
    ("renamed", "The new name was saved."),
    ("removed", "It was removed. You were signed out everywhere else."),
    ("codes", "Your new recovery codes are in force. The old ones do not work any more."),
    ("session", "That session has ended."),
    ("sessions", "You are signed out everywhere else."),
    ("disowned", "That session, all others and their apps are signed out."),
    ("forgotten", "That browser is forgotten."),
    ("app", "The app has no access any more."),
    ("kept", "Your account stays."),
    ("email-sent", "A link is on its way to the new address. It is yours once you open it."),
    ("email-proof", "A link is on its way to your address. Open it to confirm that it is yours."),
    ("email-same", "That is your address already, and it is confirmed."),
    ("password-only", "Your password was changed."),
    ("password", "Your password was changed. You were signed out everywhere else."),
];

/// `path` with the sentence called `name`.
pub fn with(path: &str, name: &'static str) -> String {
    format!("{path}?{NAME}={name}")
}

/// The sentence that `params` name; empty where they name none.
pub fn of(params: &Params) -> String {
    let asked = params.get(NAME).unwrap_or_default();
    let found = SENTENCES.iter().find(|(name, _)| *name == asked);
    found.map_or_else(String::new, |(_, text)| (*text).to_owned())
}
