//! Trouble, in plain words, with what a developer must know.

use askama::Template;

/// What went wrong, what to do, and the number to quote.
#[derive(Debug, Clone, Template)]
#[template(path = "error.html")]
pub struct ErrorPage {
    /// What went wrong, in plain words.
    pub title: &'static str,
    /// What the person can do.
    pub what_to_do: &'static str,
    /// The OAuth error code, or ours.
    pub code: String,
    /// What the developer must know; names the parameter.
    pub detail: String,
    /// The refusal id.
    pub refusal_id: String,
}

impl ErrorPage {
    /// The page for an error of `status` called `code`.
    pub fn of(status: u16, code: &str, detail: &str, refusal_id: &str) -> Self {
        let (title, what_to_do) = words(status, code);
        Self {
            title,
            what_to_do,
            code: code.to_owned(),
            detail: detail.to_owned(),
            refusal_id: refusal_id.to_owned(),
        }
    }
}

fn words(status: u16, code: &str) -> (&'static str, &'static str) {
    match status {
        // Refusals of our own forms; those of the protocol go back to the application.
        400 | 403 if code == "access_denied" => (
            "This page does not hold any more",
            "It may be too old, or another site sent you here. Go back to the application and start again from there.",
        ),
        404 => ("There is nothing here", "Check the address, or go back to where you came from."),
        405 => {
            ("That does not work here", "Go back to the application and start again from there.")
        }
        408 | 413 | 414 => (
            "That request did not get through",
            "Go back and try again with less, or on a better connection.",
        ),
        429 => ("Too many tries", "Wait a minute, then try again."),
        503 => ("We are busy just now", "Wait a few seconds, then reload this page."),
        500..600 => (
            "Something went wrong on our side",
            "Try again in a moment. If it happens again, tell the people who run this server.",
        ),
        _ => (
            "This sign-in link does not work",
            "The application that sent you here made a mistake. Go back to it and try again; if it keeps happening, tell its makers what stands below.",
        ),
    }
}
