//! The second step of a sign-in: a code of an authenticator, or a recovery code.

use axum::http::{StatusCode, header};
use axum::response::Response;
use serde_json::json;
use uuid::Uuid;

use crate::crypto::recovery;
use crate::crypto::totp::{Seed, normalise_code};
use crate::endpoints::cx::Cx;
use crate::endpoints::flow::{Flow, Page};
use crate::endpoints::login::throttle::Try;
use crate::endpoints::login::{client_view, forged, restart, session};
use crate::endpoints::pages;
use crate::endpoints::person::{self, Person};
use crate::endpoints::refusal::Failure;
use crate::identity::factor::FactorKind;
use crate::store::audit::{AuditActor, Outcome};
use crate::store::factors;
use crate::web::browser::Browser;
use crate::web::extract::{FormParams, QueryParams};
use crate::web::limits::Class;
use crate::web::pages::CodePage;

/// What the sealed seeds are bound to, besides their row.
pub const SEED_PURPOSE: &str = "totp-seed";

/// `GET /login/code`.
pub async fn get(cx: Cx, query: QueryParams, browser: Browser) -> Response {
    let shown = show(&cx, &query, &browser).await;
    pages::page_or_error(&cx, "login/code", shown).await
}

async fn show(cx: &Cx, query: &QueryParams, browser: &Browser) -> Result<Response, Failure> {
    let params = query.params()?;
    let sealed = params.get("flow").ok_or_else(restart)?;
    let flow = Flow::open(cx, browser, Page::Code, sealed).ok_or_else(restart)?;
    let person = person::current(cx).await?.ok_or_else(restart)?;
    page(cx, browser, &flow, &person, None).await
}

async fn page(
    cx: &Cx,
    browser: &Browser,
    flow: &Flow,
    person: &Person,
    error: Option<String>,
) -> Result<Response, Failure> {
    let client = client_view(cx, flow).await?;
    let page = CodePage {
        csrf: browser.csrf(cx, "code"),
        flow: flow.seal(cx, browser, Page::Code)?,
        form_origin: client.as_ref().and_then(|client| client.reply_origin.clone()),
        client,
        username: person.user.username.as_str().to_owned(),
        error,
    };
    Ok(browser.keep(pages::html(&page)))
}

/// `POST /login/code`.
pub async fn post(cx: Cx, form: FormParams, browser: Browser) -> Response {
    let done = prove(&cx, &form, &browser).await;
    pages::page_or_error(&cx, "login/code", done).await
}

async fn prove(cx: &Cx, form: &FormParams, browser: &Browser) -> Result<Response, Failure> {
    let params = form.params()?;
    browser.check(cx, "code", params.get("csrf")).map_err(forged)?;
    cx.app.limiter.check(Class::Login, &cx.address, cx.now)?;
    let sealed = params.get("flow").ok_or_else(restart)?;
    let flow = Flow::open(cx, browser, Page::Code, sealed).ok_or_else(restart)?;
    let person = person::current(cx).await?.ok_or_else(restart)?;
    let counted = match Try::second_factor(cx, &person.user).admit(cx).await? {
        Ok(counted) => counted,
        Err(seconds) => {
            let words = format!("Too many tries. Wait {seconds} seconds, then try again.");
            let mut response = page(cx, browser, &flow, &person, Some(words)).await?;
            *response.status_mut() = StatusCode::TOO_MANY_REQUESTS;
            response.headers_mut().insert(header::RETRY_AFTER, seconds.into());
            return Ok(response);
        }
    };
    let Some(kind) = check(cx, &person, params.get("code").unwrap_or_default()).await? else {
        let mut event =
            cx.event("login.failed", Outcome::Failure, AuditActor::User(person.user.id));
        event.user_id = Some(person.user.id);
        event.details = json!({ "factor": "second" });
        cx.app.journal.record(event).await;
        let words = "That code is not right, or was used before. Wait for the next one.";
        let mut response = page(cx, browser, &flow, &person, Some(words.to_owned())).await?;
        *response.status_mut() = StatusCode::UNAUTHORIZED;
        return Ok(response);
    };
    let proved = session::advance(cx, &person, kind).await?;
    counted.forgive(cx).await?;
    proved.go(cx, browser, &flow).await
}

/// Which factor `code` is of. Whatever it is of is spent by that.
pub async fn check(cx: &Cx, person: &Person, code: &str) -> Result<Option<FactorKind>, Failure> {
    if let Some(code) = normalise_code(code) {
        let used = use_totp(cx, person.user.id, &code).await?;
        return Ok(used.then_some(FactorKind::Totp));
    }
    let Some(code) = recovery::normalise(code) else { return Ok(None) };
    let user = person.user.id;
    let hash = cx.app.secrets.pepper.tag(&[b"recovery", user.as_bytes(), code.expose().as_bytes()]);
    let left = factors::spend_recovery_code(&cx.app.store, user, &hash, cx.now).await?;
    Ok(left.map(|_| FactorKind::RecoveryCode))
}

/// Whether one of the person's authenticators shows `code` at this step, and nobody used the step.
async fn use_totp(cx: &Cx, user: Uuid, code: &str) -> Result<bool, Failure> {
    for factor in factors::list(&cx.app.store, user).await? {
        if factor.kind != FactorKind::Totp || factor.confirmed_at.is_none() {
            continue;
        }
        let opened = cx.app.secrets.seal.open(SEED_PURPOSE, factor.id.as_bytes(), &factor.sealed)?;
        let seed = Seed::from_bytes(&opened)?;
        if let Some(step) = seed.matching_step(code, cx.now, factor.last_step) {
            // Of many at once, the statement lets one through.
            return Ok(factors::advance_step(&cx.app.store, factor.id, step, cx.now).await?);
        }
    }
    Ok(false)
}
