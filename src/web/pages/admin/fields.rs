//! Forms that change something, and the fields in them.

use crate::web::pages::Form;

/// A form that changes something.
#[derive(Debug, Clone, Default)]
pub struct Change {
    /// Where it goes.
    pub form: Form,
    /// Whether a fresh code must come with it, because the last one is too old.
    pub asks_code: bool,
    /// What stood against it the last time.
    pub problem: Option<Problem>,
}

impl Change {
    /// What is wrong with the field `name`; empty where nothing is.
    pub fn at(&self, name: &str) -> &str {
        match &self.problem {
            Some(problem) if problem.field == name => &problem.text,
            Some(_) | None => "",
        }
    }

    /// What is wrong with the form; empty where nothing is.
    pub fn summary(&self) -> &str {
        self.problem.as_ref().map_or("", |problem| &problem.text)
    }
}

/// Why a change was not made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The field at fault; empty where it is the whole.
    pub field: String,
    /// What to change, as sentences.
    pub text: String,
}

impl Problem {
    /// The field that proves who is at the browser.
    pub const CODE: &'static str = "code";

    /// `reason`, which begins in lower case and has no full stop, said of `field`.
    pub fn new(field: impl Into<String>, reason: &str) -> Self {
        let mut letters = reason.chars();
        let first: String = letters.next().map(|c| c.to_uppercase().collect()).unwrap_or_default();
        let stop = if reason.ends_with('.') { "" } else { "." };
        Self { field: field.into(), text: format!("{first}{}{stop}", letters.as_str()) }
    }
}

/// One of several values.
#[derive(Debug, Clone)]
pub struct Select {
    /// The field.
    pub name: &'static str,
    /// What it is called.
    pub label: &'static str,
    /// What it means.
    pub hint: &'static str,
    /// The values.
    pub choices: Vec<Tick>,
}

/// A value that is chosen or not: a check box, a radio button, an option.
#[derive(Debug, Clone, Default)]
pub struct Tick {
    /// The field, or the option's value.
    pub name: String,
    /// What it is called.
    pub label: String,
    /// What it means; may be empty.
    pub hint: String,
    /// Whether it is chosen.
    pub is_on: bool,
}

/// Check boxes that belong together.
#[derive(Debug, Clone, Default)]
pub struct TickGroup {
    /// What they have in common.
    pub title: String,
    /// What to know before choosing; may be empty.
    pub warning: String,
    /// Whether they are folded away until asked for.
    pub is_folded: bool,
    /// The boxes.
    pub ticks: Vec<Tick>,
}

/// A line of a list of facts.
#[derive(Debug, Clone)]
pub struct Fact {
    /// What it is about.
    pub label: &'static str,
    /// The values, each on its own line.
    pub values: Vec<String>,
    /// Whether they are for machines.
    pub is_code: bool,
}

impl Fact {
    /// A fact in words.
    pub fn words(label: &'static str, value: impl Into<String>) -> Self {
        Self { label, values: vec![value.into()], is_code: false }
    }

    /// Ids, addresses, names of scopes.
    pub const fn codes(label: &'static str, values: Vec<String>) -> Self {
        Self { label, values, is_code: true }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_becomes_a_sentence_at_its_field() {
        let problem = Problem::new("name", "it is empty; give it a name");
        let change = Change { problem: Some(problem), ..Change::default() };
        assert_eq!(change.at("name"), "It is empty; give it a name.");
        assert_eq!(change.at("other"), "");
        assert_eq!(change.summary(), "It is empty; give it a name.");
    }
}
