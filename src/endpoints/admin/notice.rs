//! What a page says after a change: an address names one of these sentences, never its own.

use crate::protocol::params::Params;

/// The parameter that names the sentence.
const NAME: &str = "done";
const SENTENCES: [(&str, &str); 18] = [
    ("client-saved", "The application was saved."),
    ("client-disabled", "The application is disabled. Its tokens are dead."),
    ("client-enabled", "The application is enabled again."),
    ("user-created", "The account was created."),
    ("user-saved", "The account was saved."),
    ("user-disabled", "The account is disabled. Its sessions and tokens have ended."),
    ("user-enabled", "The account is enabled again."),
    ("password-demanded", "At the next sign-in they must set a new password."),
    ("session-ended", "The session has ended."),
    ("sessions-ended", "All sessions have ended."),
    ("factor-removed", "It was removed, and their sessions have ended."),
    ("device-removed", "The device was removed, with all that was bound to it."),
    ("keys-rotated", "New keys sign from now on. The old ones stay published for a while."),
    ("api-saved", "The API was saved."),
    ("api-removed", "The API was removed."),
    ("invitation-sent", "The invitation is on its way."),
    ("invitation-withdrawn", "The invitation is withdrawn. Its link opens nothing any more."),
    ("settings-saved", "The settings were saved."),
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
