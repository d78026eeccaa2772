//! Signing up: an address first, then, by the link that its owner gets, a name and a password.

use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};

use crate::crypto::secret::Secret;
use crate::endpoints::behalf::{Behalf, mendable};
use crate::endpoints::cx::Cx;
use crate::endpoints::login::throttle::{self, Admitted};
use crate::endpoints::login::{restart, retry_after, wait};
use crate::endpoints::pages;
use crate::endpoints::recover::reset::token;
use crate::endpoints::recover::{checked, dead, request};
use crate::endpoints::refusal::Failure;
use crate::endpoints::setup::{Wrong, fault};
use crate::identity::link::Purpose;
use crate::manage::ManageError;
use crate::manage::joining::{self, Accepted, Door, Joining};
use crate::manage::users::form;
use crate::policy::settings::{PolicySettings, SignUp};
use crate::protocol::params::Params;
use crate::web::browser::Browser;
use crate::web::extract::{FormParams, QueryParams};
use crate::web::headers::PagePolicy;
use crate::web::pages::recover::{JoinPage, NoticePage, SignUpPage};
use crate::web::respond;

const PATH: &str = "/signup";

/// `GET /signup`.
pub async fn get(cx: Cx, browser: Browser) -> Response {
    let shown = async {
        Ok(match cx.app.live.policy().await?.sign_up {
            SignUp::Off => closed(),
            sign_up => page(&browser, sign_up, "", ("", StatusCode::OK)),
        })
    };
    pages::or_error(&cx, "signup", shown.await).await
}

fn closed() -> Response {
    respond::Failure::Shown(StatusCode::NOT_FOUND, "nobody signs up here by themselves")
        .into_response()
}

fn page(
    browser: &Browser,
    sign_up: SignUp,
    typed: &str,
    (error, status): (&str, StatusCode),
) -> Response {
    let page = SignUpPage {
        form: browser.form(PATH, String::new()),
        by_invitation: sign_up == SignUp::Invitation,
        email: typed.to_owned(),
        error: error.to_owned(),
    };
    browser.keep(respond::page(status, &page, &PagePolicy::own()))
}

/// `POST /signup`.
pub async fn post(cx: Cx, browser: Browser, FormParams(params): FormParams) -> Response {
    let done = asked(&cx, &browser, &params).await;
    pages::or_error(&cx, "signup", done).await
}

async fn asked(cx: &Cx, browser: &Browser, params: &Params) -> Result<Response, Failure> {
    let sign_up = cx.app.live.policy().await?.sign_up;
    if sign_up == SignUp::Off {
        return Ok(closed());
    }
    checked(cx, browser, PATH, params)?;
    let typed = params.get("email").unwrap_or_default();
    let Ok(Some(email)) = form::email(typed) else {
        let said = "Write your e-mail address as name@domain.";
        return Ok(page(browser, sign_up, typed, (said, StatusCode::UNPROCESSABLE_ENTITY)));
    };
    match throttle::mail(cx).await? {
        Admitted::Yes(_) => request(cx, Purpose::SignUp, email).await?,
        Admitted::Wait(seconds) => {
            let words = wait(seconds);
            let said = (words.as_str(), StatusCode::TOO_MANY_REQUESTS);
            return Ok(retry_after(page(browser, sign_up, typed, said), seconds));
        }
        Admitted::Paused => return Err(restart().into()),
    }
    Ok(browser.keep(respond::see_other("/signup/sent")))
}

/// `GET /signup/sent`: the same for every address.
pub async fn sent(browser: Browser) -> Response {
    let page = NoticePage {
        icon: "mail",
        title: "Look into your mail".to_owned(),
        paragraphs: vec![
            "A mail is on its way to the address that you typed. Open the link in it to go on; it works \
             for 24 hours."
                .to_owned(),
        ],
        href: "/login",
        label: "Back to sign in",
    };
    browser.keep(respond::page(StatusCode::OK, &page, &PagePolicy::own()))
}

/// `GET /signup/join?token=…`.
pub async fn join(cx: Cx, browser: Browser, QueryParams(params): QueryParams) -> Response {
    show(&cx, &browser, Purpose::SignUp, &params).await
}

/// `POST /signup/join`.
pub async fn join_post(cx: Cx, browser: Browser, FormParams(params): FormParams) -> Response {
    let done = joined(&cx, &browser, Purpose::SignUp, &params).await;
    pages::or_error(&cx, "signup/join", done).await
}

/// `GET /signup/invited?token=…`.
pub async fn invited(cx: Cx, browser: Browser, QueryParams(params): QueryParams) -> Response {
    show(&cx, &browser, Purpose::Invite, &params).await
}

/// `POST /signup/invited`.
pub async fn invited_post(cx: Cx, browser: Browser, FormParams(params): FormParams) -> Response {
    let done = joined(&cx, &browser, Purpose::Invite, &params).await;
    pages::or_error(&cx, "signup/invited", done).await
}

/// A link that is open, and what holds behind it.
struct Opened<'a> {
    browser: &'a Browser,
    purpose: Purpose,
    token: Secret,
    door: Door,
    policy: &'a PolicySettings,
}

async fn show(cx: &Cx, browser: &Browser, purpose: Purpose, params: &Params) -> Response {
    let shown = async {
        let policy = cx.app.live.policy().await?;
        let token = token(params);
        let own = Behalf::of(cx);
        let door = joining::door(&own.manage(), (purpose, &token), policy.sign_up).await;
        let Some(door) = door.map_err(fault)? else { return Ok(gone()) };
        let opened = Opened { browser, purpose, token, door, policy: &policy };
        Ok(opened.page("", Accepted::No, None))
    };
    pages::or_error(cx, purpose.path(), shown.await).await
}

fn gone() -> Response {
    dead("/login", "Sign in")
}

impl Opened<'_> {
    fn page(&self, typed: &str, accepted: Accepted, wrong: Option<&Wrong>) -> Response {
        let given = self.door.username.clone();
        let page = JoinPage {
            form: self.browser.form(self.purpose.path(), String::new()),
            token: self.token.expose().to_owned(),
            email: self.door.email.clone(),
            is_given: given.is_some(),
            username: given.unwrap_or_else(|| typed.to_owned()),
            has_terms: self.policy.terms_version.is_some(),
            terms_uri: self.policy.terms_uri.clone().unwrap_or_default(),
            accepted: accepted == Accepted::Yes,
            error: wrong.map(|wrong| wrong.message.clone()).unwrap_or_default(),
            field: wrong.map(|wrong| wrong.field.clone()).unwrap_or_default(),
        };
        let status =
            if wrong.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
        self.browser.keep(respond::page(status, &page, &PagePolicy::own()))
    }
}

async fn joined(
    cx: &Cx,
    browser: &Browser,
    purpose: Purpose,
    params: &Params,
) -> Result<Response, Failure> {
    checked(cx, browser, purpose.path(), params)?;
    let policy = cx.app.live.policy().await?;
    let (own, token) = (Behalf::of(cx), token(params));
    let door = joining::door(&own.manage(), (purpose, &token), policy.sign_up).await;
    let Some(door) = door.map_err(fault)? else { return Ok(gone()) };
    let opened = Opened { browser, purpose, token, door, policy: &policy };
    let username = params.get("username").unwrap_or_default();
    let password = Secret::new(params.get("password").unwrap_or_default().to_owned());
    let accepted = if params.get("terms").is_some() { Accepted::Yes } else { Accepted::No };
    let joining = Joining { username, password: &password, accepted };
    match make(cx, &own, &opened, &joining).await {
        Ok(()) => Ok(finished(browser)),
        Err(ManageError::NotFound(_)) => Ok(gone()),
        Err(error) => Ok(opened.page(username, accepted, Some(&mendable(error)?))),
    }
}

async fn make(
    cx: &Cx,
    own: &Behalf<'_>,
    opened: &Opened<'_>,
    joining: &Joining<'_>,
) -> Result<(), ManageError> {
    let new = joining.check(&opened.door, opened.policy)?;
    let password = new.password.clone().unwrap_or_else(|| Secret::new(String::new()));
    let hash = Secret::new(cx.app.passwords.hash(password).await?);
    let link = (opened.purpose, &opened.token);
    joining::join(&own.manage(), link, (&new, &hash), opened.policy).await.map(drop)
}

fn finished(browser: &Browser) -> Response {
    let page = NoticePage {
        icon: "check",
        title: "Your account is ready".to_owned(),
        paragraphs: vec![
            "Go back to the application that you came from, or sign in here.".to_owned(),
        ],
        href: "/login",
        label: "Sign in",
    };
    browser.keep(respond::page(StatusCode::OK, &page, &PagePolicy::own()))
}
