//! Who may enter the console: an administrator, completely signed in with a second factor.

use askama::Template;
use axum::extract::FromRequestParts;
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::Response;
use time::OffsetDateTime;

use crate::crypto::totp::{EnteredCode, normalise_code};
use crate::endpoints::admin::trouble::{Trouble, status_of};
use crate::endpoints::bound_session;
use crate::endpoints::cx::Cx;
use crate::endpoints::flow::{Destination, Flow, Page};
use crate::endpoints::login::code::{self, CodeAttempt};
use crate::endpoints::login::passkey::{UNUSABLE, second};
use crate::endpoints::login::session::Proved;
use crate::endpoints::own::{self, Entry};
use crate::endpoints::pages;
use crate::endpoints::person::Person;
use crate::endpoints::refusal::{self, Failure, Refusal};
use crate::identity::session::{STEP_UP, is_stepped_up};
use crate::manage::{self, Done};
use crate::policy::permission::{Actor, Via};
use crate::protocol::error::ErrorCode;
use crate::protocol::interaction::step_up;
use crate::protocol::params::Params;
use crate::store::sessions::Origin;
use crate::web::app::App;
use crate::web::browser::Browser;
use crate::web::client_address::prefix;
use crate::web::headers::PagePolicy;
use crate::web::limits::Class;
use crate::web::pages::Form;
use crate::web::pages::admin::plain::ForbiddenPage;
use crate::web::pages::admin::{Change, Moment, Problem};
use crate::web::pages::console::Console;
use crate::web::respond;
use crate::web::text::Text;

/// An administrator at their browser.
pub struct AdminSession {
    /// The request.
    pub cx: Cx,
    browser: Browser,
    person: Person,
    actor: Actor,
    origin: Origin,
    /// The cookies of a step-up in this very request.
    proved: Option<Proved>,
}

impl FromRequestParts<App> for AdminSession {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Response> {
        let Ok(cx) = Cx::from_request_parts(parts, app).await;
        let Ok(browser) = Browser::from_request_parts(parts, app).await;
        let entered = enter(&cx, &browser).await;
        match entered {
            Ok(Entry::Open(person)) => Ok(Self::new(cx, browser, *person)),
            Ok(Entry::Elsewhere(response)) => Err(response),
            Err(failure) => Err(pages::or_error(&cx, "admin", Err(failure)).await),
        }
    }
}

async fn enter(cx: &Cx, browser: &Browser) -> Result<Entry, Failure> {
    let person = match own::enter(cx, browser, Destination::Admin).await? {
        Entry::Open(person) => person,
        elsewhere @ Entry::Elsewhere(_) => return Ok(elsewhere),
    };
    if person.user.is_administrator() && person.session.authentication.is_mfa() {
        if person.owes_binding(&*cx.app.live.policy().await?) {
            return Ok(Entry::Elsewhere(browser.keep(bound_session::wait(cx, &person).await?)));
        }
        return Ok(Entry::Open(person));
    }
    let error = ErrorCode::AccessDenied.because("the console is for administrators only");
    let refusal = Refusal::from(error).about(person.user.id);
    let id = refusal::record(cx, "admin", &refusal).await;
    let page = ForbiddenPage {
        text: cx.text(),
        account: person.user.username.as_str().to_owned(),
        refusal_id: id.as_str().to_owned(),
    };
    let response = respond::page(StatusCode::FORBIDDEN, &page, &PagePolicy::own());
    Ok(Entry::Elsewhere(browser.keep(response)))
}

impl AdminSession {
    fn new(cx: Cx, browser: Browser, person: Person) -> Self {
        let origin = cx.origin();
        let is_fresh = step_up(&person.visitor(), STEP_UP, cx.now).is_none();
        let given = person.session.authentication.stepped_up_at();
        let actor = actor(&person, given.filter(|_| is_fresh));
        Self { cx, browser, person, actor, origin, proved: None }
    }

    /// What `manage` wants to know of whoever asks.
    pub fn manage(&self) -> manage::Cx<'_> {
        self.cx.manage(&self.actor, &self.origin)
    }

    /// Who they are.
    pub const fn person(&self) -> &Person {
        &self.person
    }

    /// The frame of a page in `section`.
    pub fn console(&self, section: &'static str) -> Console {
        let username = self.person.user.username.as_str().to_owned();
        Console { username, section, notice: String::new(), key: self.key() }
    }

    /// `at` as the pages show it.
    pub fn moment(&self, at: OffsetDateTime) -> Moment {
        Moment::of(at, self.cx.now)
    }

    /// A form that posts to `action`, with what stood against it the last time.
    pub fn change(&self, action: &str, problem: Option<Problem>) -> Change {
        let form = own::form(&self.browser, &self.person, action);
        Change { form, asks_code: !self.is_stepped_up(), problem }
    }

    /// A page of the console.
    pub fn page(&self, page: &impl Template) -> Response {
        self.browser.keep(respond::page(StatusCode::OK, page, &PagePolicy::own()))
    }

    /// A page with a form, by what stood against it.
    pub fn form_page(&self, page: &impl Template, change: &Change) -> Response {
        let status = status_of(change.problem.as_ref());
        self.browser.keep(respond::page(status, page, &PagePolicy::own()))
    }

    /// Lets a form for `action` through: our page sent it, and a second factor was proved in the
    /// last five minutes, or with this very form.
    ///
    /// # Errors
    /// Where another site sent it, or the code is missing or wrong.
    pub async fn posted(&mut self, action: &str, params: &Params) -> Result<(), Trouble> {
        own::check(&self.browser, &self.person, action, params).map_err(Trouble::Forbidden)?;
        if self.is_stepped_up() {
            return Ok(());
        }
        let address = prefix(self.cx.address);
        let limited = self.cx.app.limiter.check(Class::SignIn, &address, self.cx.instant());
        limited.map_err(Failure::from)?;
        let again = |words: &str| Trouble::Again(Problem::new(Problem::CODE, words));
        let proved = match params.get(Problem::CODE) {
            _ if params.get("credential").is_some() => {
                let proved = second::attempt(&self.cx, &self.browser, &self.person, params).await?;
                proved.ok_or_else(|| again(&Text::default().say(UNUSABLE)))?
            }
            None => return Err(again("this change needs a fresh proof that it is you")),
            // What is weaker than the best they have proves nothing afresh (TO-07).
            Some(code) if self.has_key() && !is_recovery(code) => {
                return Err(again("use your passkey or security key, or a recovery code"));
            }
            Some(code) => {
                let tried = code::attempt(&self.cx, &self.person, code).await?;
                let words = tried.words(&Text::default());
                let CodeAttempt::Right(proved) = tried else { return Err(again(&words)) };
                proved
            }
        };
        self.proved = Some(proved);
        self.actor = actor(&self.person, Some(self.cx.now));
        Ok(())
    }

    /// Makes this node know what was changed before it answers, and gives what came of it.
    ///
    /// # Errors
    /// Where Postgres does not answer.
    pub async fn told<T>(&self, done: Done<T>) -> Result<T, Trouble> {
        Ok(self.cx.told(done).await?)
    }

    /// The answer: what was made, or why it was not, with the cookies of a step-up.
    pub async fn answer(self, made: Result<Response, Trouble>) -> Response {
        let response = match made {
            Ok(response) => response,
            Err(trouble) => trouble.answer(&self.cx).await,
        };
        match self.proved {
            Some(proved) => proved.keep(response),
            None => response,
        }
    }

    /// The answer to a form: what came of it, or the form `again` with what stood against it.
    pub async fn tried(
        self,
        done: Result<Response, Trouble>,
        again: impl FnOnce(&Self, Problem) -> Response,
    ) -> Response {
        let made = match done {
            Err(trouble) => trouble.problem().map(|problem| again(&self, problem)),
            done => done,
        };
        self.answer(made).await
    }

    fn has_key(&self) -> bool {
        self.person.enrolled.kinds.iter().any(|kind| kind.is_phishing_resistant())
    }

    /// The form whose challenge a key answers, where they have one.
    fn key(&self) -> Option<Form> {
        let flow = Flow::begin(Destination::Admin, self.cx.now).for_person(&self.person);
        let form = flow.form(&self.cx, &self.browser, Page::Key);
        form.ok().filter(|_| self.has_key() && !self.is_stepped_up())
    }

    fn is_stepped_up(&self) -> bool {
        match &self.actor {
            Actor::User { step_up_at, .. } => is_stepped_up(*step_up_at, self.cx.now),
            Actor::Cli | Actor::System | Actor::Client { .. } => false,
        }
    }
}

fn is_recovery(code: &str) -> bool {
    matches!(normalise_code(code), Some(EnteredCode::Recovery(_)))
}

fn actor(person: &Person, step_up_at: Option<OffsetDateTime>) -> Actor {
    Actor::User {
        id: person.user.id,
        session_id: person.session.id,
        step_up_at,
        roles: person.user.roles.clone(),
        via: Via::Console,
    }
}
