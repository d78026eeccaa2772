//! Trouble, in plain words, with what a developer must know.

use askama::Template;

use crate::web::respond::Undressed;
use crate::web::text::Text;

/// What went wrong, what to do, and the number to quote.
#[derive(Debug, Clone, Template)]
#[template(path = "error.html")]
pub struct ErrorPage {
    /// Its voice.
    pub text: Text,
    /// What went wrong, in plain words.
    pub title: String,
    /// What the person can do.
    pub what_to_do: String,
    /// The OAuth error code, or ours.
    pub code: String,
    /// What the developer must know; names the parameter. It is English in every language.
    pub detail: String,
    /// The refusal id.
    pub refusal_id: String,
}

impl ErrorPage {
    /// The page for `refusal`, which is answered with `status`.
    pub(crate) fn of(text: Text, status: u16, refusal: &Undressed, refusal_id: &str) -> Self {
        let (title, what_to_do) = words(&text, status, refusal.code);
        Self {
            text,
            title,
            what_to_do,
            code: refusal.code.to_owned(),
            detail: refusal.detail.clone(),
            refusal_id: refusal_id.to_owned(),
        }
    }
}

fn words(text: &Text, status: u16, code: &str) -> (String, String) {
    let (title, what_to_do) = match status {
        // Refusals of our own forms; those of the protocol go back to the application.
        400 | 403 if code == "access_denied" => ("error-stale", "error-stale-do"),
        404 => ("error-nothing", "error-nothing-do"),
        405 => ("error-method", "error-method-do"),
        408 | 413 | 414 => ("error-request", "error-request-do"),
        429 => ("error-too-many", "error-too-many-do"),
        503 => ("error-busy", "error-busy-do"),
        500..600 => ("error-fault", "error-fault-do"),
        _ => ("error-link", "error-link-do"),
    };
    (text.say(title), text.say(what_to_do))
}
