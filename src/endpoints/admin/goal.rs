//! Disabling and enabling: of applications and of people alike.

use axum::response::Response;

use crate::endpoints::admin::session::AdminSession;
use crate::web::pages::admin::Problem;
use crate::web::pages::admin::action::ActionPage;

/// What a thing is to become.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Goal {
    /// Nobody may use it.
    Disabled,
    /// It is good again.
    Enabled,
}

/// A thing that can be disabled.
#[derive(Debug, Clone, Copy)]
pub struct Thing<'a> {
    /// The part of the console that it is in.
    pub section: &'static str,
    /// What people call it.
    pub name: &'a str,
    /// Its page.
    pub address: &'a str,
}

impl Goal {
    const fn verb(self) -> &'static str {
        match self {
            Self::Disabled => "Disable",
            Self::Enabled => "Enable",
        }
    }

    /// Where the form of the thing at `address` goes.
    pub fn path(self, address: &str) -> String {
        let verb = match self {
            Self::Disabled => "disable",
            Self::Enabled => "enable",
        };
        format!("{address}/{verb}")
    }

    /// The page that asks, and says what will happen.
    pub fn ask(
        self,
        session: &AdminSession,
        thing: Thing<'_>,
        effects: &[&str],
        problem: Option<Problem>,
    ) -> Response {
        let page = ActionPage {
            console: session.console(thing.section),
            heading: format!("{} {}?", self.verb(), thing.name),
            effects: effects.iter().map(|text| (*text).to_owned()).collect(),
            choices: Vec::new(),
            choices_label: "",
            change: session.change(&self.path(thing.address), problem),
            submit: self.verb(),
            is_danger: self == Self::Disabled,
            back: thing.address.to_owned(),
        };
        session.form_page(&page, &page.change)
    }
}
