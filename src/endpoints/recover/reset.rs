//! `/login/reset`: a new password, by the link in a mail. It signs nobody in, so that the second factor
//! is asked for as ever (SECURITY.md PW-12).

use axum::http::StatusCode;
use axum::response::Response;

use super::{checked, dead};
use crate::crypto::secret::Secret;
use crate::endpoints::behalf::{Behalf, mendable};
use crate::endpoints::cx::Cx;
use crate::endpoints::pages;
use crate::endpoints::refusal::Failure;
use crate::endpoints::setup::{Wrong, fault};
use crate::identity::link::Purpose;
use crate::identity::user::User;
use crate::manage::{ManageError, passwords};
use crate::protocol::params::Params;
use crate::web::browser::Browser;
use crate::web::cookies::Cookie;
use crate::web::extract::{FormParams, QueryParams};
use crate::web::headers::PagePolicy;
use crate::web::pages::recover::{NoticePage, ResetPage};
use crate::web::respond;

const PATH: &str = Purpose::ResetPassword.path();

/// `GET /login/reset?token=…`.
pub async fn get(cx: Cx, browser: Browser, QueryParams(params): QueryParams) -> Response {
    let shown = async {
        let token = token(&params);
        let user = passwords::resetting(&Behalf::of(&cx).manage(), &token).await;
        Ok(match user.map_err(fault)? {
            Some(user) => page(&browser, &token, &user, None),
            None => gone(),
        })
    };
    pages::or_error(&cx, "login/reset", shown.await).await
}

/// The token of a link's page.
pub fn token(params: &Params) -> Secret {
    Secret::new(params.get("token").unwrap_or_default().to_owned())
}

fn gone() -> Response {
    dead("/login/forgot", "Ask for a new link")
}

fn page(browser: &Browser, token: &Secret, user: &User, wrong: Option<&Wrong>) -> Response {
    let page = ResetPage {
        form: browser.form(PATH, String::new()),
        token: token.expose().to_owned(),
        account: user.username.as_str().to_owned(),
        error: wrong.map(|wrong| wrong.message.clone()).unwrap_or_default(),
    };
    let status = if wrong.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    browser.keep(respond::page(status, &page, &PagePolicy::own()))
}

/// `POST /login/reset`.
pub async fn post(cx: Cx, browser: Browser, FormParams(params): FormParams) -> Response {
    let done = reset(&cx, &browser, &params).await;
    pages::or_error(&cx, "login/reset", done).await
}

async fn reset(cx: &Cx, browser: &Browser, params: &Params) -> Result<Response, Failure> {
    checked(cx, browser, PATH, params)?;
    let (own, token) = (Behalf::of(cx), token(params));
    let user = passwords::resetting(&own.manage(), &token).await;
    let Some(user) = user.map_err(fault)? else { return Ok(gone()) };
    let hash = match hash(cx, &own, &user, params).await {
        Ok(hash) => hash,
        Err(error) => return Ok(page(browser, &token, &user, Some(&mendable(error)?))),
    };
    match passwords::reset(&own.manage(), &own.post(), &token, &hash).await {
        Ok(done) => {
            cx.told(done).await?;
            Ok(finished(browser))
        }
        Err(ManageError::NotFound(_)) => Ok(gone()),
        Err(error) => Err(fault(error)),
    }
}

async fn hash(
    cx: &Cx,
    own: &Behalf<'_>,
    user: &User,
    params: &Params,
) -> Result<Secret, ManageError> {
    let typed = Secret::new(params.get("password").unwrap_or_default().to_owned());
    let password = passwords::choose(&own.manage(), user, &typed).await?;
    Ok(Secret::new(cx.app.passwords.hash(password).await?))
}

/// Whoever was signed in at this browser is not any more.
fn finished(browser: &Browser) -> Response {
    let page = NoticePage {
        icon: "check",
        title: "Your password is changed".to_owned(),
        paragraphs: vec![
            "Every browser and app that was signed in has been signed out. Sign in with the new \
             password; your second step is the one you had."
                .to_owned(),
        ],
        href: "/login",
        label: "Sign in",
    };
    let mut response = browser.keep(respond::page(StatusCode::OK, &page, &PagePolicy::own()));
    let cookie = Cookie::Session.clear();
    response.headers_mut().append(axum::http::header::SET_COOKIE, cookie);
    response
}
