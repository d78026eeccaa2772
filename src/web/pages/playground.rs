//! The playground: every message of a sign-in, as it happens.

use askama::Template;
use serde::{Deserialize, Serialize};

use crate::web::pages::Form;

/// Something that was checked.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Check {
    /// Whether it holds.
    pub holds: bool,
    /// What.
    pub text: String,
}

impl Check {
    /// `text` holds or not.
    pub fn of(holds: bool, text: &str) -> Self {
        Self { holds, text: text.to_owned() }
    }

    /// It holds.
    pub fn passed(text: &str) -> Self {
        Self::of(true, text)
    }

    /// It does not.
    pub fn failed(text: &str) -> Self {
        Self::of(false, text)
    }
}

/// A token looked into.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct DecodedToken {
    /// What kind it is.
    pub name: String,
    /// Its header, as JSON.
    pub header: String,
    /// Its claims, as JSON.
    pub claims: String,
}

/// One request and its answer.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Message {
    /// What it is.
    pub title: String,
    /// What it is for, in a sentence.
    pub about: String,
    /// What was sent.
    pub request: String,
    /// What came back; empty where nothing does.
    pub response: String,
    /// The tokens in it.
    pub tokens: Vec<DecodedToken>,
    /// What was checked.
    pub checks: Vec<Check>,
    /// What the audit log says about the refusal, where it was one.
    pub refusal: String,
}

/// Something that can be done next.
#[derive(Debug, Clone, Copy)]
pub struct Action {
    /// Its name in the form.
    pub name: &'static str,
    /// Its words.
    pub label: &'static str,
}

/// The playground.
#[derive(Debug, Clone, Template)]
#[template(path = "playground.html")]
pub struct PlaygroundPage {
    /// Where the sign-in begins.
    pub start: Form,
    /// Where the next step goes.
    pub step: Form,
    /// What has happened, oldest first.
    pub messages: Vec<Message>,
    /// What can be done next.
    pub actions: Vec<Action>,
    /// The client.
    pub client_id: &'static str,
    /// The scope that is asked for.
    pub scope: &'static str,
    /// The API that the access token is for.
    pub resource: String,
}

impl PlaygroundPage {
    /// Whether `index` is the newest message, which is shown open.
    pub fn is_newest(&self, index: &usize) -> bool {
        index + 1 == self.messages.len()
    }
}
