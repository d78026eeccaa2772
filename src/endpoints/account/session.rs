//! Who looks at their account, and who may change it.

use askama::Template;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{Method, StatusCode};
use axum::response::Response;
use time::OffsetDateTime;

use crate::endpoints::account::{HOME, problems};
use crate::endpoints::admin::trouble::Trouble;
use crate::endpoints::cx::Cx;
use crate::endpoints::flow::{Destination, Flow, ProofAge};
use crate::endpoints::own::{self, Entry};
use crate::endpoints::pages;
use crate::endpoints::person::Person;
use crate::endpoints::refusal::Failure;
use crate::identity::session::STEP_UP;
use crate::manage::{self, Done};
use crate::policy::permission::{Actor, Via};
use crate::protocol::interaction::{Step, step_up};
use crate::protocol::params::Params;
use crate::store::sessions::Origin;
use crate::web::app::App;
use crate::web::browser::Browser;
use crate::web::headers::PagePolicy;
use crate::web::pages::Form;
use crate::web::pages::account::Frame;
use crate::web::pages::account::action::ActionPage;
use crate::web::pages::admin::{Change, Moment, Problem};
use crate::web::respond;
use crate::web::text::Text;

/// The longest address that is returned to after a sign-in.
const LONGEST_WAY_BACK: usize = 512;

/// A person at their own account, completely signed in.
pub struct AccountSession {
    /// The request.
    pub cx: Cx,
    browser: Browser,
    person: Person,
    actor: Actor,
    origin: Origin,
    way_back: String,
}

/// The same with a proof of the strongest kind they have, not older than [`STEP_UP`].
pub struct FreshSession(AccountSession);

impl FromRequestParts<App> for AccountSession {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Response> {
        let Ok(cx) = Cx::from_request_parts(parts, app).await;
        let Ok(browser) = Browser::from_request_parts(parts, app).await;
        let way_back = way_back(parts);
        let destination = Destination::Account { path: way_back.clone(), proof: ProofAge::Any };
        match own::enter(&cx, &browser, destination).await {
            Ok(Entry::Open(person)) => Ok(Self::new(cx, browser, *person, way_back)),
            Ok(Entry::Elsewhere(response)) => Err(response),
            Err(failure) => Err(pages::or_error(&cx, "account", Err(failure)).await),
        }
    }
}

impl FromRequestParts<App> for FreshSession {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Response> {
        let session = AccountSession::from_request_parts(parts, app).await?;
        let Some(step) = step_up(&session.person.visitor(), STEP_UP, session.cx.now) else {
            return Ok(Self(session));
        };
        let asked = session.ask_proof(&step);
        Err(pages::or_error(&session.cx, "account", asked).await)
    }
}

/// Where a sign-in or a step-up leads back to: every form is shown at the address it posts to.
fn way_back(parts: &Parts) -> String {
    let asked = match (&parts.method, parts.uri.path_and_query()) {
        (&Method::GET, Some(asked)) => asked.as_str(),
        _ => parts.uri.path(),
    };
    if asked.len() > LONGEST_WAY_BACK { HOME.to_owned() } else { asked.to_owned() }
}

impl AccountSession {
    fn new(cx: Cx, browser: Browser, person: Person, way_back: String) -> Self {
        let fresh = step_up(&person.visitor(), STEP_UP, cx.now).is_none();
        let actor = actor(&person, fresh.then_some(cx.now));
        let origin = cx.origin();
        Self { cx, browser, person, actor, origin, way_back }
    }

    /// The way to the page that asks for a fresh proof, and back to where the person was.
    fn ask_proof(&self, step: &Step) -> Result<Response, Failure> {
        let path = self.way_back.clone();
        let flow = Flow::begin(Destination::Account { path, proof: ProofAge::Fresh }, self.cx.now);
        let page = crate::endpoints::login::session::page_of(step);
        let response = respond::see_other(&flow.address(&self.cx, &self.browser, page)?);
        Ok(self.browser.keep(response))
    }

    /// Who they are.
    pub const fn person(&self) -> &Person {
        &self.person
    }

    /// What `manage` wants to know of them.
    pub fn manage(&self) -> manage::Cx<'_> {
        self.cx.manage(&self.actor, &self.origin)
    }

    /// The voice of their pages.
    pub fn text(&self) -> Text {
        self.cx.text()
    }

    /// The frame of a page in `section`.
    pub fn frame(&self, section: &'static str) -> Frame {
        let username = self.person.user.username.as_str().to_owned();
        Frame {
            text: self.text(),
            username,
            section,
            notice: String::new(),
            is_administrator: self.person.user.is_administrator(),
        }
    }

    /// `at` as the pages show it.
    pub fn moment(&self, at: OffsetDateTime) -> Moment {
        Moment { text: self.text().ago(at, self.cx.now), ..Moment::of(at, self.cx.now) }
    }

    /// A page of the account.
    pub fn page(&self, page: &impl Template) -> Response {
        self.browser.keep(respond::page(StatusCode::OK, page, &PagePolicy::own()))
    }

    /// What was made, or the page that says why not.
    pub async fn answer(self, made: Result<Response, Trouble>) -> Response {
        match made {
            Ok(response) => response,
            Err(trouble) => trouble.answer(&self.cx).await,
        }
    }
}

impl std::ops::Deref for FreshSession {
    type Target = AccountSession;

    fn deref(&self) -> &AccountSession {
        &self.0
    }
}

impl FreshSession {
    /// A form that posts to `action`, with what stood against it the last time.
    pub fn change(&self, action: &str, problem: Option<Problem>) -> Change {
        Change { form: self.form(action), asks_code: false, problem }
    }

    /// What stands against the field `name`: the message `id`.
    pub fn objection(&self, name: &str, id: &str) -> Problem {
        Problem { field: name.to_owned(), text: self.text().say(id) }
    }

    /// What must change in the form, in the words of this person, or the trouble that no form can
    /// mend.
    pub fn problem(&self, trouble: Trouble) -> Result<Problem, Trouble> {
        trouble.problem().map(|problem| problems::said(&self.text(), problem))
    }

    /// A form of this person that posts to `action`.
    pub fn form(&self, action: &str) -> Form {
        own::form(&self.browser, &self.person, action)
    }

    /// A page with a form, by what stood against it.
    pub fn form_page(&self, page: &impl Template, change: &Change) -> Response {
        let status = match change.problem {
            None => StatusCode::OK,
            Some(_) => StatusCode::UNPROCESSABLE_ENTITY,
        };
        self.browser.keep(respond::page(status, page, &PagePolicy::own()))
    }

    /// The page that asks whether to do an act.
    pub fn ask(&self, question: Question, problem: Option<Problem>) -> Response {
        let page = ActionPage {
            account: self.frame(question.section),
            heading: question.heading,
            effects: question.effects,
            change: self.change(&question.path, problem),
            submit: question.submit,
            is_danger: question.is_danger,
            back: question.back,
        };
        self.form_page(&page, &page.change)
    }

    /// Lets a form for `action` through that our page sent, for this person.
    ///
    /// # Errors
    /// 403 for every other one.
    pub fn posted(&self, action: &str, params: &Params) -> Result<(), Trouble> {
        own::check(&self.browser, &self.person, action, params).map_err(Trouble::Forbidden)
    }

    /// Makes this node know what was changed before it answers.
    ///
    /// # Errors
    /// Where Postgres does not answer.
    pub async fn told<T>(&self, done: Done<T>) -> Result<T, Trouble> {
        Ok(self.cx.told(done).await?)
    }

    /// The browser, for sealed steps and cookies.
    pub fn browser(&self) -> &Browser {
        &self.browser
    }

    /// What was made, or the page that says why not.
    pub async fn answer(self, made: Result<Response, Trouble>) -> Response {
        self.0.answer(made).await
    }
}

/// An act, asked before it is done, at the address that does it.
pub struct Question {
    /// The section of the navigation.
    pub section: &'static str,
    /// The act as a question.
    pub heading: String,
    /// What it does, one sentence each.
    pub effects: Vec<String>,
    /// Where it is done.
    pub path: String,
    /// The words on the button.
    pub submit: String,
    /// Whether something ends by it.
    pub is_danger: bool,
    /// Where to go instead.
    pub back: &'static str,
}

fn actor(person: &Person, step_up_at: Option<OffsetDateTime>) -> Actor {
    Actor::User {
        id: person.user.id,
        session_id: person.session.id,
        step_up_at,
        roles: person.user.roles.clone(),
        via: Via::Account,
    }
}
