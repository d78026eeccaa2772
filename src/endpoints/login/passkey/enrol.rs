//! A key made on the way in: because the policy asks for one, or because it was offered.

use axum::http::StatusCode;
use axum::response::Response;

use super::register::{self, wanted};
use super::{UNUSABLE, offer, party};
use crate::crypto::secret::Secret;
use crate::endpoints::cx::Cx;
use crate::endpoints::flow::{Flow, Page, Said, Visit};
use crate::endpoints::login::session::{self, Proved};
use crate::endpoints::login::{asking, enrol, open, posted, restart, ways};
use crate::endpoints::pages;
use crate::endpoints::person::{self, Person};
use crate::endpoints::refusal::Failure;
use crate::protocol::claims::Acr;
use crate::protocol::interaction::step_up;
use crate::protocol::params::Params;
use crate::web::browser::Browser;
use crate::web::extract::{FormParams, QueryParams};
use crate::web::pages::Form;
use crate::web::pages::passkey::EnrolKeyPage;
use crate::web::pages::sign::RecoveryCodesPage;
use crate::web::respond;

/// How long after the last proof a key may be made: its page may stay open for a while.
const ENROLMENT: time::Duration = time::Duration::minutes(15);

/// `GET /login/enrol/key`: a key is owed, and nothing weaker will do.
pub async fn get(cx: Cx, QueryParams(params): QueryParams, browser: Browser) -> Response {
    let shown = async {
        let flow = open(&cx, &browser, Page::EnrolKey, &params)?;
        let person = person::current(&cx).await?.ok_or_else(restart)?;
        let visit = Visit { cx: &cx, browser: &browser, flow: &flow };
        page(&visit, &person, Said::NOTHING).await
    };
    pages::or_error(&cx, "login/enrol/key", shown.await).await
}

async fn page(visit: &Visit<'_>, person: &Person, said: Said<'_>) -> Result<Response, Failure> {
    let Visit { cx, browser, flow } = *visit;
    let asking = asking(cx, flow).await?;
    let later = enrol::grace_ends_at(cx, flow, person).await?;
    let only_a_key = enrol::owed_class(cx, flow, person).await? > Some(Acr::Mfa);
    let page = EnrolKeyPage {
        text: cx.text(),
        form: form(visit, person)?.ok_or_else(restart)?,
        account: person.user.username.as_str().to_owned(),
        why: match &asking {
            Some(known) => ways::why_more(cx, person, known).await?,
            None => String::new(),
        },
        put_off: flow.for_person(person).form(cx, browser, Page::Enrol)?,
        later: later.map(|at| cx.text().day(at)).unwrap_or_default(),
        instead: if person.enrolled.has_any() || person.is_signed_in() || only_a_key {
            String::new()
        } else {
            flow.address(cx, browser, Page::Enrol)?
        },
        start_over: flow.address(cx, browser, Page::Login)?,
        error: said.error.to_owned(),
    };
    let policy = pages::policy(asking.as_ref().map(|known| (&*known.client, &known.request.reply)));
    Ok(browser.keep(respond::page(said.status, &page, &policy)))
}

/// The form that makes a key on the way in; none where this server has no keys.
///
/// # Errors
/// Where the flow cannot be sealed.
pub fn form(visit: &Visit<'_>, person: &Person) -> Result<Option<Form>, Failure> {
    let Visit { cx, browser, flow } = *visit;
    if party(cx).is_err() {
        return Ok(None);
    }
    Ok(Some(flow.without_seed().for_person(person).form(cx, browser, Page::NewKey)?))
}

/// `POST /login/passkey/new/options`.
pub async fn options(cx: Cx, browser: Browser, FormParams(params): FormParams) -> Response {
    let begun = async {
        let flow = posted(&cx, &browser, Page::NewKey, &params)?;
        let person = entitled(&cx, &flow).await?;
        register::begin(&cx, &browser, &person, wanted(&params)).await
    };
    pages::or_error(&cx, "login/passkey/new/options", begun.await).await
}

/// `POST /login/passkey/new`.
pub async fn post(cx: Cx, browser: Browser, FormParams(params): FormParams) -> Response {
    let done = make(&cx, &params, &browser).await;
    pages::or_error(&cx, "login/passkey/new", done).await
}

/// Whom the page was shown to, where they proved themselves lately with the best that they have: a
/// password alone makes no key beside another factor (TO-07), and one that others may know none at all.
async fn entitled(cx: &Cx, flow: &Flow) -> Result<Person, Failure> {
    let person = person::current(cx).await?.filter(|person| flow.is_for(person));
    let person = person.ok_or_else(restart)?;
    let visitor = person.visitor();
    if visitor.renews_password() || step_up(&visitor, ENROLMENT, cx.now).is_some() {
        return Err(restart().about(person.user.id).into());
    }
    Ok(person)
}

async fn make(cx: &Cx, params: &Params, browser: &Browser) -> Result<Response, Failure> {
    let flow = posted(cx, browser, Page::NewKey, params)?;
    let person = entitled(cx, &flow).await?;
    let visit = Visit { cx, browser, flow: &flow };
    let Some(verified) = register::verified(cx, browser, &person, params).await? else {
        return refused(&visit, &person).await;
    };
    let mut tx = cx.app.store.begin().await?;
    let Some(added) = register::add(cx, &mut tx, &person, verified, params).await? else {
        return refused(&visit, &person).await;
    };
    let proved = session::advance(cx, &mut tx, &person, added.kind).await?;
    tx.commit().await?;
    if added.codes.is_empty() {
        return proved.go(cx, browser, &flow).await;
    }
    codes_page(&visit, proved, &added.codes).await
}

/// The page that the key was made on, or one that leads on from it.
async fn refused(visit: &Visit<'_>, person: &Person) -> Result<Response, Failure> {
    let words = visit.cx.text().say(UNUSABLE);
    let said = Said { error: &words, status: StatusCode::UNPROCESSABLE_ENTITY };
    if person.is_signed_in() && visit.flow.passkeys {
        return offer::page(visit, person, said).await;
    }
    page(visit, person, said).await
}

async fn codes_page(
    visit: &Visit<'_>,
    proved: Proved,
    codes: &[Secret],
) -> Result<Response, Failure> {
    let Visit { cx, browser, flow } = *visit;
    let page = RecoveryCodesPage {
        text: cx.text(),
        form: flow.form(cx, browser, Page::RecoveryCodes)?,
        in_setup: false,
        codes: codes.iter().map(|code| code.expose().to_owned()).collect(),
    };
    let asking = asking(cx, flow).await?;
    let policy = pages::policy(asking.as_ref().map(|known| (&*known.client, &known.request.reply)));
    Ok(proved.keep(respond::page(StatusCode::OK, &page, &policy)))
}
