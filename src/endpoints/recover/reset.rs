//! `/login/reset`: a new password, by the link in a mail. It signs nobody in, so that the second factor
//! is asked for as ever (SECURITY.md PW-12).

use axum::http::{StatusCode, header};
use axum::response::Response;

use super::{Onward, SIGN_IN, Said, checked, dead, notice};
use crate::crypto::password::PasswordMatch;
use crate::crypto::secret::Secret;
use crate::endpoints::behalf::Behalf;
use crate::endpoints::cx::Cx;
use crate::endpoints::pages;
use crate::endpoints::refusal::Failure;
use crate::endpoints::setup::fault;
use crate::identity::link::Purpose;
use crate::identity::password::Weakness;
use crate::identity::user::{PasswordState, User};
use crate::manage::ManageError;
use crate::manage::passwords::{self, Chosen};
use crate::protocol::params::Params;
use crate::store::users;
use crate::web::browser::Browser;
use crate::web::cookies::Cookie;
use crate::web::extract::{FormParams, QueryParams};
use crate::web::headers::PagePolicy;
use crate::web::pages::recover::ResetPage;
use crate::web::respond;

const PATH: &str = Purpose::ResetPassword.path();
/// Where a dead link leads.
const AGAIN: Onward = ("/login/forgot", "link-ask-new");

/// `GET /login/reset?token=…`.
pub async fn get(cx: Cx, browser: Browser, QueryParams(params): QueryParams) -> Response {
    let shown = async {
        let token = token(&params);
        let user = passwords::resetting(&Behalf::of(&cx).manage(), &token).await;
        Ok(match user.map_err(fault)? {
            Some(user) => page(&cx, &browser, (&token, &user), None),
            None => dead(&cx, AGAIN),
        })
    };
    pages::or_error(&cx, "login/reset", shown.await).await
}

/// The token of a link's page.
pub fn token(params: &Params) -> Secret {
    Secret::new(params.get("token").unwrap_or_default().to_owned())
}

fn page(
    cx: &Cx,
    browser: &Browser,
    (token, user): (&Secret, &User),
    weakness: Option<Weakness>,
) -> Response {
    let text = cx.text();
    let page = ResetPage {
        form: browser.form(PATH, String::new()),
        token: token.expose().to_owned(),
        account: user.username.as_str().to_owned(),
        error: weakness.map(|weakness| text.weakness(weakness)).unwrap_or_default(),
        text,
    };
    let status = if weakness.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
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
    let user = passwords::resetting(&own.manage(), &token).await.map_err(fault)?;
    let Some(user) = user else { return Ok(dead(cx, AGAIN)) };
    let hash = match hash(cx, &own, &user, params).await? {
        Ok(hash) => hash,
        Err(weakness) => return Ok(page(cx, browser, (&token, &user), Some(weakness))),
    };
    match passwords::reset(&own.manage(), &own.post(), &token, &hash).await {
        Ok(done) => {
            cx.told(done).await?;
            Ok(finished(cx, browser))
        }
        Err(ManageError::NotFound(_)) => Ok(dead(cx, AGAIN)),
        Err(error) => Err(fault(error)),
    }
}

/// The hash of the password that was typed, or what is weak about it.
///
/// # Errors
/// Where Postgres does not answer, or the argon2 pool is full.
pub async fn hash(
    cx: &Cx,
    own: &Behalf<'_>,
    user: &User,
    params: &Params,
) -> Result<Result<Secret, Weakness>, Failure> {
    let typed = Secret::new(params.get("password").unwrap_or_default().to_owned());
    match passwords::choose(&own.manage(), user, &typed).await.map_err(fault)? {
        Chosen::Weak(weakness) => Ok(Err(weakness)),
        Chosen::Good(password) if is_suspect(cx, user, &password).await? => Ok(Err(Weakness::Same)),
        Chosen::Good(password) => hashed(cx, password).await,
    }
}

/// Whether `password` is the one of `user` that others may know.
///
/// # Errors
/// Where the argon2 pool is full.
pub async fn is_suspect(cx: &Cx, user: &User, password: &Secret) -> Result<bool, Failure> {
    if user.password != PasswordState::Due {
        return Ok(false);
    }
    let phc = users::password_hash(cx.app.store.pool(), user.id).await?;
    let Some((phc, _)) = phc else { return Ok(false) };
    let verdict = cx.app.passwords.verify(password.clone(), phc.expose().to_owned()).await?;
    Ok(verdict != PasswordMatch::No)
}

/// The hash of a new password, or what is weak about it that only a list knows.
///
/// # Errors
/// Where the argon2 pool is full.
pub async fn hashed(cx: &Cx, password: Secret) -> Result<Result<Secret, Weakness>, Failure> {
    match cx.app.passwords.hash(password).await {
        Ok(phc) => Ok(Ok(Secret::new(phc))),
        Err(error) => Ok(Err(error.weakness().ok_or(error)?)),
    }
}

/// Whoever was signed in at this browser is not any more.
fn finished(cx: &Cx, browser: &Browser) -> Response {
    let text = cx.text();
    let said = Said {
        icon: "check",
        title: text.say("reset-done-title"),
        paragraphs: vec![text.say("reset-done-text")],
        onward: SIGN_IN,
    };
    let mut response = browser.keep(notice(cx, StatusCode::OK, said));
    response.headers_mut().append(header::SET_COOKIE, Cookie::Session.clear());
    response
}
