//! Signing up: an address first, then, by the link that its owner gets, a name and a password.

use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};

use crate::crypto::secret::Secret;
use crate::endpoints::behalf::Behalf;
use crate::endpoints::cx::Cx;
use crate::endpoints::login::{retry_after, wait};
use crate::endpoints::pages;
use crate::endpoints::recover::reset::{hashed, token};
use crate::endpoints::recover::{BACK, SIGN_IN, Said, checked, dead, notice, request, too_many};
use crate::endpoints::refusal::Failure;
use crate::endpoints::setup::fault;
use crate::identity::link::Purpose;
use crate::manage::ManageError;
use crate::manage::joining::{self, Accepted, Amiss, Door, Joining};
use crate::manage::users::form;
use crate::policy::settings::{PolicySettings, SignUp};
use crate::protocol::params::Params;
use crate::web::browser::Browser;
use crate::web::extract::{FormParams, QueryParams};
use crate::web::headers::PagePolicy;
use crate::web::pages::recover::{JoinPage, SignUpPage};
use crate::web::respond;
use crate::web::text::Text;

const PATH: &str = "/signup";

/// `GET /signup`.
pub async fn get(cx: Cx, browser: Browser) -> Response {
    let shown = async {
        Ok(match cx.app.live.policy().await?.sign_up {
            SignUp::Off => closed(),
            sign_up @ (SignUp::Invitation | SignUp::Open) => {
                page(&cx, &browser, sign_up, ("", String::new(), StatusCode::OK))
            }
        })
    };
    pages::or_error(&cx, "signup", shown.await).await
}

fn closed() -> Response {
    respond::Failure::Shown(StatusCode::NOT_FOUND, "nobody signs up here by themselves")
        .into_response()
}

fn page(
    cx: &Cx,
    browser: &Browser,
    sign_up: SignUp,
    (typed, error, status): (&str, String, StatusCode),
) -> Response {
    let text = cx.text();
    let page = SignUpPage {
        form: browser.form(PATH, String::new()),
        intro: match sign_up {
            SignUp::Invitation => text.say("signup-intro-invited"),
            SignUp::Open | SignUp::Off => text.say("signup-intro"),
        },
        text,
        email: typed.to_owned(),
        error,
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
        let said = cx.text().say("setup-email-wrong");
        let again = (typed, said, StatusCode::UNPROCESSABLE_ENTITY);
        return Ok(page(cx, browser, sign_up, again));
    };
    if let Some(seconds) = too_many(cx).await? {
        let again = (typed, wait(&cx.text(), seconds), StatusCode::TOO_MANY_REQUESTS);
        return Ok(retry_after(page(cx, browser, sign_up, again), seconds));
    }
    request(cx, Purpose::SignUp, email).await?;
    Ok(browser.keep(respond::see_other("/signup/sent")))
}

/// `GET /signup/sent`: the same for every address.
pub async fn sent(cx: Cx, browser: Browser) -> Response {
    let text = cx.text();
    let said = Said {
        icon: "mail",
        title: text.say("sent-title"),
        paragraphs: vec![text.say("signup-sent")],
        onward: BACK,
    };
    browser.keep(notice(&cx, StatusCode::OK, said))
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
    cx: &'a Cx,
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
        let Some(door) = door.map_err(fault)? else { return Ok(dead(cx, SIGN_IN)) };
        let opened = Opened { cx, browser, purpose, token, door, policy: &policy };
        Ok(opened.page("", Accepted::No, None))
    };
    pages::or_error(cx, purpose.path(), shown.await).await
}

/// The field that something is amiss with, and the words that stand at it.
fn said(text: &Text, amiss: Amiss) -> (&'static str, String) {
    match amiss {
        Amiss::Name => ("username", text.say("setup-name-wrong")),
        Amiss::OtherAddress => ("username", text.say("join-other-address")),
        Amiss::Taken => ("username", text.say("setup-taken")),
        Amiss::Password(weakness) => ("password", text.weakness(weakness)),
        Amiss::Terms => ("terms", text.say("join-terms-missing")),
    }
}

impl Opened<'_> {
    fn page(&self, typed: &str, accepted: Accepted, amiss: Option<Amiss>) -> Response {
        let (text, given) = (self.cx.text(), self.door.username.clone());
        let (field, error) = amiss.map(|amiss| said(&text, amiss)).unwrap_or_default();
        let page = JoinPage {
            form: self.browser.form(self.purpose.path(), String::new()),
            token: self.token.expose().to_owned(),
            email: self.door.email.clone(),
            is_given: given.is_some(),
            username: given.unwrap_or_else(|| typed.to_owned()),
            has_terms: self.policy.terms_version.is_some(),
            terms_uri: self.policy.terms_uri.clone().unwrap_or_default(),
            accepted: accepted == Accepted::Yes,
            error,
            field,
            text,
        };
        let status =
            if amiss.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
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
    let Some(door) = door.map_err(fault)? else { return Ok(dead(cx, SIGN_IN)) };
    let opened = Opened { cx, browser, purpose, token, door, policy: &policy };
    let username = params.get("username").unwrap_or_default();
    let password = Secret::new(params.get("password").unwrap_or_default().to_owned());
    let accepted = if params.get("terms").is_some() { Accepted::Yes } else { Accepted::No };
    let joining = Joining { username, password: &password, accepted };
    Ok(match make(&own, &opened, &joining).await? {
        Made::Account => finished(cx, browser),
        Made::Nothing => dead(cx, SIGN_IN),
        Made::Not(amiss) => opened.page(username, accepted, Some(amiss)),
    })
}

/// What came of a filled-in form.
enum Made {
    Account,
    /// Something must be changed; the link is as it was.
    Not(Amiss),
    /// The link is used by now.
    Nothing,
}

async fn make(
    own: &Behalf<'_>,
    opened: &Opened<'_>,
    joining: &Joining<'_>,
) -> Result<Made, Failure> {
    let (new, password) = match joining.check(&opened.door, opened.policy) {
        Ok(good) => good,
        Err(amiss) => return Ok(Made::Not(amiss)),
    };
    let hash = match hashed(opened.cx, password).await? {
        Ok(hash) => hash,
        Err(weakness) => return Ok(Made::Not(Amiss::Password(weakness))),
    };
    let link = (opened.purpose, &opened.token);
    match joining::join(&own.manage(), link, (&new, &hash), opened.policy).await {
        Ok(_) => Ok(Made::Account),
        Err(ManageError::NotFound(_)) => Ok(Made::Nothing),
        Err(ManageError::Conflict(_)) => Ok(Made::Not(Amiss::Taken)),
        Err(error) => Err(fault(error)),
    }
}

fn finished(cx: &Cx, browser: &Browser) -> Response {
    let text = cx.text();
    let said = Said {
        icon: "check",
        title: text.say("join-done-title"),
        paragraphs: vec![text.say("join-done-text")],
        onward: SIGN_IN,
    };
    browser.keep(notice(cx, StatusCode::OK, said))
}
