//! Signing in: identifier and password, then whatever the account owes.
//!
//! **Invariant:** a sign-in that is not complete opens no door: its session stays pending until
//! [`interaction::owed`](crate::protocol::interaction::owed) finds nothing more.

pub mod code;
pub mod enrol;
mod session;
mod throttle;

use axum::response::{IntoResponse, Response};
use serde_json::json;

use crate::crypto::password::{DUMMY_PHC, PasswordMatch};
use crate::crypto::secret::Secret;
use crate::endpoints::authorize::proceed::{self, Arrival};
use crate::endpoints::authorize::{Reading, read};
use crate::endpoints::cx::Cx;
use crate::endpoints::flow::{Destination, Flow, OwnPage, Page};
use crate::endpoints::login::throttle::Try;
use crate::endpoints::pages;
use crate::endpoints::refusal::{Failure, Refusal};
use crate::identity::factor::FactorKind;
use crate::identity::password::Candidate;
use crate::identity::user::User;
use crate::protocol::error::ErrorCode;
use crate::store::audit::{AuditActor, Outcome};
use crate::store::users;
use crate::web::browser::Browser;
use crate::web::extract::{FormParams, QueryParams};
use crate::web::limits::Class;
use crate::web::pages::{ClientView, LoginPage};
use crate::web::respond;

/// What the page says when the password is wrong, or nobody is called so: the same words.
const NO_MATCH: &str = "That user name and password do not match.";

/// `GET /login`.
pub async fn get(cx: Cx, query: QueryParams, browser: Browser) -> Response {
    let shown = show(&cx, &query, &browser).await;
    pages::page_or_error(&cx, "login", shown).await
}

async fn show(cx: &Cx, query: &QueryParams, browser: &Browser) -> Result<Response, Failure> {
    let params = query.params()?;
    let flow = match params.get("flow") {
        Some(sealed) => Flow::open(cx, browser, Page::Login, sealed).ok_or_else(restart)?,
        None => Flow::begin(Destination::Console(OwnPage::Account), cx.now),
    };
    page(cx, browser, &flow, "", None).await
}

/// What a stale, foreign or damaged flow comes to.
pub fn restart() -> Refusal {
    ErrorCode::InvalidRequest
        .because("this sign-in page is out of date; go back to the application and start again")
        .into()
}

/// What a form that our page did not send comes to.
pub fn forged(reason: crate::web::csrf::Forgery) -> Refusal {
    let error = ErrorCode::AccessDenied.because("this form was not sent from our page; try again");
    Refusal::from(error).with("reason", reason)
}

async fn page(
    cx: &Cx,
    browser: &Browser,
    flow: &Flow,
    username: &str,
    error: Option<String>,
) -> Result<Response, Failure> {
    let client = client_view(cx, flow).await?;
    let username = if username.is_empty() { hinted(cx, flow).await? } else { username.to_owned() };
    let page = LoginPage {
        csrf: browser.csrf(cx, "login"),
        flow: flow.seal(cx, browser, Page::Login)?,
        form_origin: client.as_ref().and_then(|client| client.reply_origin.clone()),
        client,
        username,
        error,
    };
    Ok(browser.keep(pages::html(&page)))
}

/// The client that the person signs in for, as the pages show it.
pub async fn client_view(cx: &Cx, flow: &Flow) -> Result<Option<ClientView>, Failure> {
    let Destination::Authorize(query) = &flow.destination else { return Ok(None) };
    Ok(match read(cx, query).await? {
        Reading::Known(known) => Some(ClientView::of(&known.client.client, known.reply.uri())),
        Reading::Send(..) => None,
    })
}

async fn hinted(cx: &Cx, flow: &Flow) -> Result<String, Failure> {
    let Destination::Authorize(query) = &flow.destination else { return Ok(String::new()) };
    Ok(match read(cx, query).await? {
        Reading::Known(known) => known.request.login_hint.clone().unwrap_or_default(),
        Reading::Send(..) => String::new(),
    })
}

/// `POST /login`.
pub async fn post(cx: Cx, form: FormParams, browser: Browser) -> Response {
    let done = sign_in(&cx, &form, &browser).await;
    pages::page_or_error(&cx, "login", done).await
}

async fn sign_in(cx: &Cx, form: &FormParams, browser: &Browser) -> Result<Response, Failure> {
    let params = form.params()?;
    browser.check(cx, "login", params.get("csrf")).map_err(forged)?;
    cx.app.limiter.check(Class::Login, &cx.address, cx.now)?;
    let sealed = params.get("flow").ok_or_else(restart)?;
    let flow = Flow::open(cx, browser, Page::Login, sealed).ok_or_else(restart)?;
    let username = params.get("username").unwrap_or_default();
    let password = params.get("password").unwrap_or_default();
    let attempt = Attempt::make(cx, browser, username, password).await?;
    match attempt {
        Attempt::Right(user) => {
            session::begin(cx, browser, &user, FactorKind::Password).await?.go(cx, browser, &flow).await
        }
        Attempt::Wrong => {
            let mut response = page(cx, browser, &flow, username, Some(NO_MATCH.into())).await?;
            *response.status_mut() = axum::http::StatusCode::UNAUTHORIZED;
            Ok(response)
        }
        Attempt::Wait(seconds) => {
            let words = format!("Too many tries. Wait {seconds} seconds, then try again.");
            let mut response = page(cx, browser, &flow, username, Some(words)).await?;
            *response.status_mut() = axum::http::StatusCode::TOO_MANY_REQUESTS;
            response.headers_mut().insert(axum::http::header::RETRY_AFTER, seconds.into());
            Ok(response)
        }
    }
}

/// What a try with a password comes to.
enum Attempt {
    Right(Box<User>),
    Wrong,
    Wait(u32),
}

impl Attempt {
    /// Tries `password` for whoever `username` names. An unknown name, a disabled account and a
    /// wrong password cost and look the same (SECURITY.md PW-08).
    async fn make(
        cx: &Cx,
        browser: &Browser,
        username: &str,
        password: &str,
    ) -> Result<Self, Failure> {
        let found = users::find_by_login(&cx.app.store, username).await?;
        let (user, phc) = found.map_or((None, None), |found| (Some(found.user), found.password_hash));
        let device = session::known_device(cx, browser, user.as_ref()).await?;
        let admitted = Try::password(cx, user.as_ref(), username, device.as_ref()).admit(cx).await?;
        let counted = match admitted {
            Ok(counted) => counted,
            Err(wait) => return Ok(Self::Wait(wait)),
        };
        let candidate = Candidate::parse(password);
        let secret = candidate.as_ref().map_or_else(|| Secret::new(String::new()), Candidate::secret);
        let against = phc.unwrap_or_else(|| DUMMY_PHC.to_owned());
        let verdict = cx.app.passwords.verify(secret.clone(), against).await?;
        let matched = candidate.is_some() && !matches!(verdict, PasswordMatch::No);
        let Some(user) = user.filter(|user| matched && user.disabled_at.is_none()) else {
            failed(cx, username).await;
            return Ok(Self::Wrong);
        };
        counted.forgive(cx).await?;
        if matches!(verdict, PasswordMatch::YesButRehash) {
            let phc = cx.app.passwords.hash(secret).await?;
            users::rehash(&cx.app.store, user.id, &phc).await?;
        }
        Ok(Self::Right(Box::new(user)))
    }
}

/// Records a failed try; what was typed as a name is kept short, and never the password.
async fn failed(cx: &Cx, username: &str) {
    let mut event = cx.event("login.failed", Outcome::Failure, AuditActor::Anonymous);
    let name: String = username.chars().take(128).collect();
    event.details = json!({ "username": name, "factor": "password" });
    cx.app.journal.record(event).await;
}

/// Where a sign-in goes when a step of it is done.
pub async fn onward(cx: &Cx, browser: &Browser, flow: &Flow) -> Result<Response, Failure> {
    match &flow.destination {
        Destination::Authorize(query) => {
            proceed::authorize(cx, browser, flow, query, Arrival::Fresh).await
        }
        Destination::Console(own) => {
            let page = session::owed_page(cx, flow).await?;
            let location = match page {
                Some(page) => flow.address(cx, browser, page)?,
                None => own.path().to_owned(),
            };
            Ok(respond::see_other(&location).into_response())
        }
    }
}
