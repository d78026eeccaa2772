//! Enrolment of an authenticator when the policy asks for one and the account has none.
//!
//! The seed travels sealed with the page until a first code proves it; nothing is stored before.

use axum::http::StatusCode;
use axum::response::Response;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::json;

use crate::crypto::recovery;
use crate::crypto::totp::{Seed, normalise_code};
use crate::endpoints::cx::Cx;
use crate::endpoints::flow::{Flow, Page};
use crate::endpoints::login::code::SEED_PURPOSE;
use crate::endpoints::login::{forged, onward, restart, session};
use crate::endpoints::pages;
use crate::endpoints::person::{self, Person};
use crate::endpoints::refusal::Failure;
use crate::identity::factor::{Factor, FactorKind};
use crate::store::audit::{AuditActor, Outcome};
use crate::store::factors;
use crate::web::browser::Browser;
use crate::web::extract::{FormParams, QueryParams};
use crate::web::limits::Class;
use crate::web::pages::{EnrolPage, RecoveryCodesPage};

/// What a seed that is not stored yet is bound to, besides the account.
const PURPOSE: &str = "enrolment";

/// `GET /login/enrol`.
pub async fn get(cx: Cx, query: QueryParams, browser: Browser) -> Response {
    let shown = show(&cx, &query, &browser).await;
    pages::page_or_error(&cx, "login/enrol", shown).await
}

async fn show(cx: &Cx, query: &QueryParams, browser: &Browser) -> Result<Response, Failure> {
    let params = query.params()?;
    let sealed = params.get("flow").ok_or_else(restart)?;
    let flow = Flow::open(cx, browser, Page::Enrol, sealed).ok_or_else(restart)?;
    let person = person::current(cx).await?.ok_or_else(restart)?;
    if !person.factors.is_empty() {
        return onward(cx, browser, &flow).await;
    }
    let seed = Seed::mint(cx.app.entropy.as_ref());
    page(cx, browser, &flow, &person, &seed, None)
}

fn page(
    cx: &Cx,
    browser: &Browser,
    flow: &Flow,
    person: &Person,
    seed: &Seed,
    error: Option<String>,
) -> Result<Response, Failure> {
    let user = &person.user;
    let entropy = cx.app.entropy.as_ref();
    let sealed = cx.app.secrets.seal.seal(PURPOSE, user.id.as_bytes(), seed.as_bytes(), entropy)?;
    let page = EnrolPage::new(
        browser.csrf(cx, "enrol"),
        flow.seal(cx, browser, Page::Enrol)?,
        URL_SAFE_NO_PAD.encode(sealed),
        &seed.otpauth_url(&cx.app.settings.issuer, user.username.as_str()),
        &seed.to_base32(),
        error,
    );
    Ok(browser.keep(pages::html(&page)))
}

/// `POST /login/enrol`.
pub async fn post(cx: Cx, form: FormParams, browser: Browser) -> Response {
    let done = confirm(&cx, &form, &browser).await;
    pages::page_or_error(&cx, "login/enrol", done).await
}

async fn confirm(cx: &Cx, form: &FormParams, browser: &Browser) -> Result<Response, Failure> {
    let params = form.params()?;
    browser.check(cx, "enrol", params.get("csrf")).map_err(forged)?;
    cx.app.limiter.check(Class::Login, &cx.address, cx.now)?;
    let sealed = params.get("flow").ok_or_else(restart)?;
    let flow = Flow::open(cx, browser, Page::Enrol, sealed).ok_or_else(restart)?;
    let person = person::current(cx).await?.ok_or_else(restart)?;
    let user = &person.user;
    let sealed = params.get("seed").and_then(|text| URL_SAFE_NO_PAD.decode(text).ok());
    let opened = sealed.and_then(|sealed| {
        cx.app.secrets.seal.open(PURPOSE, user.id.as_bytes(), &sealed).ok()
    });
    let seed = Seed::from_bytes(&opened.ok_or_else(restart)?)?;
    let code = normalise_code(params.get("code").unwrap_or_default());
    let Some(step) = code.and_then(|code| seed.matching_step(&code, cx.now, 0)) else {
        let words = "That code is not right. Check that your device's clock is set automatically.";
        let mut response = page(cx, browser, &flow, &person, &seed, Some(words.to_owned()))?;
        *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
        return Ok(response);
    };
    let codes = store(cx, &person, &seed, step).await?;
    let proved = session::advance(cx, &person, FactorKind::Totp).await?;
    let next = flow.address(cx, browser, Page::Login)?;
    Ok(proved.keep(pages::html(&RecoveryCodesPage::new(&codes, next))))
}

/// Stores the first factor of an account with its recovery codes: one statement lets one win.
async fn store(
    cx: &Cx,
    person: &Person,
    seed: &Seed,
    step: i64,
) -> Result<Vec<crate::crypto::secret::Secret>, Failure> {
    let user = &person.user;
    let id = cx.id();
    let entropy = cx.app.entropy.as_ref();
    let factor = Factor {
        id,
        user_id: user.id,
        kind: FactorKind::Totp,
        label: "Authenticator".to_owned(),
        sealed: cx.app.secrets.seal.seal(SEED_PURPOSE, id.as_bytes(), seed.as_bytes(), entropy)?,
        last_step: step,
        confirmed_at: Some(cx.now),
        created_at: cx.now,
        used_at: Some(cx.now),
    };
    let codes = recovery::mint(entropy);
    let hashes: Vec<[u8; 32]> = codes
        .iter()
        .filter_map(|code| recovery::normalise(code.expose()))
        .map(|code| cx.app.secrets.pepper.tag(&[b"recovery", user.id.as_bytes(), code.expose().as_bytes()]))
        .collect();
    let mut event = cx.event("factor.enrolled", Outcome::Success, AuditActor::User(user.id));
    event.user_id = Some(user.id);
    event.target("factor", id);
    event.details = json!({ "kind": "totp" });
    if !factors::insert_first(&cx.app.store, &factor, &hashes, &event).await? {
        return Err(restart().about(user.id).into());
    }
    Ok(codes)
}
