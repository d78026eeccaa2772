//! What our own pages have in common, the account's and the console's: who may enter, whose form it
//! is, and how `manage` is asked.

use axum::response::Response;

use crate::endpoints::cx::Cx;
use crate::endpoints::flow::{Destination, Flow};
use crate::endpoints::login::session::owed_page;
use crate::endpoints::login::{forged, restart};
use crate::endpoints::person::{self, Person};
use crate::endpoints::refusal::{Failure, Refusal};
use crate::manage::{self, Done, Secrets};
use crate::policy::permission::Actor;
use crate::protocol::params::Params;
use crate::store::StoreError;
use crate::store::sessions::Origin;
use crate::web::browser::Browser;
use crate::web::pages::Form;
use crate::web::respond;

/// What a visit to a page of ours comes to.
pub enum Entry {
    /// The person is completely signed in.
    Open(Box<Person>),
    /// Something is owed first: the way there, which leads back.
    Elsewhere(Response),
}

/// Lets in whoever is completely signed in; sends everybody else to what they owe, and from there
/// on to `destination`.
///
/// # Errors
/// Where Postgres does not answer.
pub async fn enter(cx: &Cx, browser: &Browser, destination: Destination) -> Result<Entry, Failure> {
    let person = person::current(cx).await?;
    if let Some(page) = owed_page(cx, person.as_ref()).await? {
        let flow = Flow::begin(destination, cx.now);
        let response = respond::see_other(&flow.address(cx, browser, page)?);
        return Ok(Entry::Elsewhere(browser.keep(response)));
    }
    Ok(Entry::Open(Box::new(person.ok_or_else(restart)?)))
}

/// What a form is for: this act, by this person. Whoever signs in later at the same browser cannot
/// be made to send it.
fn purpose(action: &str, person: &Person) -> String {
    format!("{action} {}", person.user.id)
}

/// The person's form that posts to `action`.
pub fn form(browser: &Browser, person: &Person, action: &str) -> Form {
    let form = browser.form(&purpose(action, person), String::new());
    Form { action: action.to_owned(), ..form }
}

/// Refuses a form for `action` that our page did not send, or that was another person's.
///
/// # Errors
/// 403, the reason for the operator only.
pub fn check(
    browser: &Browser,
    person: &Person,
    action: &str,
    params: &Params,
) -> Result<(), Refusal> {
    let own = browser.check(&purpose(action, person), params.get("csrf"));
    own.map_err(|reason| forged(reason).about(person.user.id))
}

impl Cx {
    /// From where the request comes, for the audit log.
    pub fn origin(&self) -> Origin {
        Origin { address: Some(self.address), user_agent: self.user_agent() }
    }

    /// What `manage` wants to know of `actor`.
    pub fn manage<'a>(&'a self, actor: &'a Actor, origin: &'a Origin) -> manage::Cx<'a> {
        let app = &self.app;
        manage::Cx {
            store: &app.store,
            now: self.now,
            entropy: app.entropy.as_ref(),
            actor,
            origin,
            secrets: Secrets { seal: &app.secrets.seal, pepper: &app.secrets.pepper },
            longest_token: app.settings.lifetimes.longest_access_token,
        }
    }

    /// Makes this node know what was changed before it answers, and gives what came of it.
    ///
    /// # Errors
    /// Where Postgres does not answer.
    pub async fn told<T>(&self, done: Done<T>) -> Result<T, StoreError> {
        for change in &done.changes {
            self.app.live.changed(change.kind, &change.subject).await?;
        }
        Ok(done.value)
    }
}
