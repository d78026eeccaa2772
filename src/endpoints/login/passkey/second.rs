//! The second step with a passkey or a security key; also what proves a person afresh.

use axum::http::StatusCode;
use axum::response::Response;

use super::{UNUSABLE, answered, failed, judged, party, send};
use crate::crypto::webauthn::{KeyRefused, Used};
use crate::endpoints::cx::Cx;
use crate::endpoints::flow::{Page, Said, Visit};
use crate::endpoints::login::session::{self, Proved};
use crate::endpoints::login::{asking, open, posted, restart, trust, ways};
use crate::endpoints::pages;
use crate::endpoints::person::{self, Person};
use crate::endpoints::refusal::Failure;
use crate::identity::passkey::{Ceremony, CopiedPolicy, Key};
use crate::protocol::params::Params;
use crate::store::webauthn::{self, ceremonies};
use crate::web::browser::Browser;
use crate::web::extract::{FormParams, QueryParams};
use crate::web::pages::passkey::KeyPage;
use crate::web::respond;

/// `GET /login/key`.
pub async fn get(cx: Cx, QueryParams(params): QueryParams, browser: Browser) -> Response {
    let shown = async {
        let flow = open(&cx, &browser, Page::Key, &params)?;
        let person = person::current(&cx).await?.ok_or_else(restart)?;
        let visit = Visit { cx: &cx, browser: &browser, flow: &flow };
        page(&visit, &person, Said::NOTHING).await
    };
    pages::or_error(&cx, "login/key", shown.await).await
}

async fn page(visit: &Visit<'_>, person: &Person, said: Said<'_>) -> Result<Response, Failure> {
    let Visit { cx, browser, flow } = *visit;
    let mut others = ways::offered(cx, flow, person).await?;
    others.retain(|kind| !kind.is_phishing_resistant());
    let asking = asking(cx, flow).await?;
    let page = KeyPage {
        text: cx.text(),
        form: flow.for_person(person).form(cx, browser, Page::Key)?,
        account: person.user.username.as_str().to_owned(),
        has_passkey: person.enrolled.kinds.iter().any(|kind| kind.is_two_factors()),
        why: match &asking {
            Some(known) => ways::why_more(cx, person, known).await?,
            None => String::new(),
        },
        trust_days: trust::days_offered(cx, person).await?.map_or(0, u32::from),
        others: ways::ways(visit, person, &others)?,
        start_over: flow.address(cx, browser, Page::Login)?,
        error: said.error.to_owned(),
    };
    let policy = pages::policy(asking.as_ref().map(|known| (&*known.client, &known.request.reply)));
    Ok(browser.keep(respond::page(said.status, &page, &policy)))
}

/// `POST /login/key/options`.
pub async fn options(cx: Cx, browser: Browser, FormParams(params): FormParams) -> Response {
    let begun = async {
        let flow = posted(&cx, &browser, Page::Key, &params)?;
        let person = person::current(&cx).await?.filter(|person| flow.is_for(person));
        begin(&cx, &browser, &person.ok_or_else(restart)?).await
    };
    pages::or_error(&cx, "login/key/options", begun.await).await
}

/// A challenge to the person's keys.
///
/// # Errors
/// Where Postgres does not answer.
pub async fn begin(cx: &Cx, browser: &Browser, person: &Person) -> Result<Response, Failure> {
    let keys = webauthn::list(cx.app.store.pool(), person.user.id).await?;
    let held: Vec<_> = keys.iter().map(Key::held).collect();
    let started = party(cx)?.start_second_step(&held)?;
    send(cx, browser, Ceremony::SecondStep, Some(person.user.id), started).await
}

/// `POST /login/key`.
pub async fn post(cx: Cx, browser: Browser, FormParams(params): FormParams) -> Response {
    let done = prove(&cx, &params, &browser).await;
    pages::or_error(&cx, "login/key", done).await
}

async fn prove(cx: &Cx, params: &Params, browser: &Browser) -> Result<Response, Failure> {
    let flow = posted(cx, browser, Page::Key, params)?;
    let person = person::current(cx).await?.filter(|person| flow.is_for(person));
    let person = person.ok_or_else(restart)?;
    if let Some(proved) = attempt(cx, browser, &person, params).await? {
        let trusts = params.get("trust").is_some();
        let trust = if trusts { trust::begin(cx, browser, &person).await? } else { None };
        proved.trusting(trust).go(cx, browser, &flow).await
    } else {
        let visit = Visit { cx, browser, flow: &flow };
        let words = cx.text().say(UNUSABLE);
        let said = Said { error: &words, status: StatusCode::UNAUTHORIZED };
        page(&visit, &person, said).await
    }
}

/// Proves `person` by the answer in `params`; nothing where it is not taken, which is recorded.
///
/// # Errors
/// Where the session moved on meanwhile, or Postgres does not answer.
pub async fn attempt(
    cx: &Cx,
    browser: &Browser,
    person: &Person,
    params: &Params,
) -> Result<Option<Proved>, Failure> {
    match verified(cx, browser, person, params).await? {
        Ok((key, used)) => advance(cx, person, &key, used).await,
        Err(why) => {
            failed(cx, Some(person.user.id), &why).await;
            Ok(None)
        }
    }
}

type Verified = Result<(Key, Used), KeyRefused>;

/// The key that answered, where the answer is good.
async fn verified(
    cx: &Cx,
    browser: &Browser,
    person: &Person,
    params: &Params,
) -> Result<Verified, Failure> {
    let (party, store) = (party(cx)?, cx.app.store.pool());
    let assertion = match party.read(params.get("credential").unwrap_or_default()) {
        Ok(assertion) => assertion,
        Err(why) => return Ok(Err(why)),
    };
    let state = match answered(browser, params, Ceremony::SecondStep) {
        Some(answered) => ceremonies::spend(store, &answered, person.user.id, cx.now).await?,
        None => None,
    };
    let Some(state) = state else {
        return Ok(Err(KeyRefused::new("the challenge is unknown, used, too old, or another's")));
    };
    let keys = webauthn::list(store, person.user.id).await?;
    let is_it = |key: &Key| key.credential_id == assertion.credential_id();
    let Some(key) = keys.into_iter().find(is_it) else {
        return Ok(Err(KeyRefused::new("the person has no such key")));
    };
    let used = match party.finish_second_step(state, &assertion) {
        Ok(used) => used,
        Err(why) => return Ok(Err(why)),
    };
    let handle = match assertion.user_handle() {
        Ok(handle) => handle,
        Err(why) => return Ok(Err(why)),
    };
    if handle.is_some() && handle != webauthn::find_handle(store, person.user.id).await? {
        return Ok(Err(KeyRefused::new("the key is another person's")));
    }
    Ok(judged(cx, &key, &person.user, used).await?.map(|()| (key, used)))
}

/// Notes the key's use and advances the session: both or neither.
async fn advance(
    cx: &Cx,
    person: &Person,
    key: &Key,
    used: Used,
) -> Result<Option<Proved>, Failure> {
    let mut tx = cx.app.store.begin().await?;
    let grew = webauthn::advance(&mut *tx, key.id, used.counter, used.backed_up, cx.now).await?;
    let taken = grew || is_reported(cx) && webauthn::touch(&mut *tx, key.id, cx.now).await?;
    if !taken {
        drop(tx);
        let why = KeyRefused::new("the key's counter moved on meanwhile");
        failed(cx, Some(person.user.id), &why).await;
        return Ok(None);
    }
    let proved = session::advance(cx, &mut tx, person, key.kind).await?;
    tx.commit().await?;
    Ok(Some(proved))
}

fn is_reported(cx: &Cx) -> bool {
    cx.app.settings.copied_keys == CopiedPolicy::Report
}
