//! `/login/closing`: somebody signed in whose account is to be deleted. They can keep it; there is
//! no other door.

use axum::http::StatusCode;
use axum::response::Response;

use crate::endpoints::cx::Cx;
use crate::endpoints::flow::Page;
use crate::endpoints::login::{open, posted, restart, session};
use crate::endpoints::pages;
use crate::endpoints::person::{self, Person};
use crate::endpoints::refusal::{Failure, Internal};
use crate::identity::session::Stage;
use crate::manage::account::closing;
use crate::policy::permission::{Actor, Via};
use crate::protocol::interaction::{Door, second_factor_owed};
use crate::protocol::params::Params;
use crate::store::deletions::{self, Deletion};
use crate::web::browser::Browser;
use crate::web::extract::{FormParams, QueryParams};
use crate::web::headers::PagePolicy;
use crate::web::pages::account::privacy::ClosingPage;
use crate::web::pages::admin::Moment;
use crate::web::respond;

/// Who has given all that their sign-in owes, and stays outside only because of the deletion.
///
/// # Errors
/// Where Postgres does not answer.
pub async fn held(cx: &Cx, person: &Person) -> Result<Option<Deletion>, Failure> {
    let policy = cx.app.live.policy().await?;
    let rules = policy.rules(Door::OWN);
    let complete = second_factor_owed(&person.visitor(), rules, cx.now).is_none();
    if person.session.stage != Stage::Pending || !complete {
        return Ok(None);
    }
    Ok(deletions::find(cx.app.store.pool(), person.user.id).await?)
}

/// `GET /login/closing`.
pub async fn get(cx: Cx, QueryParams(params): QueryParams, browser: Browser) -> Response {
    let shown = async {
        let flow = open(&cx, &browser, Page::Closing, &params)?;
        let (person, deletion) = waiting(&cx).await?;
        let page = ClosingPage {
            text: cx.text(),
            form: flow.for_person(&person).form(&cx, &browser, Page::Closing)?,
            username: person.user.username.as_str().to_owned(),
            erases: Moment::of(deletion.erases_at, cx.now),
            date: cx.text().day(deletion.erases_at),
        };
        Ok(browser.keep(respond::page(StatusCode::OK, &page, &PagePolicy::own())))
    };
    pages::or_error(&cx, "login/closing", shown.await).await
}

async fn waiting(cx: &Cx) -> Result<(Person, Deletion), Failure> {
    let person = person::current(cx).await?.ok_or_else(restart)?;
    let deletion = held(cx, &person).await?.ok_or_else(restart)?;
    Ok((person, deletion))
}

/// `POST /login/closing`.
pub async fn keep(cx: Cx, browser: Browser, FormParams(params): FormParams) -> Response {
    let done = Box::pin(stay(&cx, &browser, &params)).await;
    pages::or_error(&cx, "login/closing", done).await
}

async fn stay(cx: &Cx, browser: &Browser, params: &Params) -> Result<Response, Failure> {
    let flow = posted(cx, browser, Page::Closing, params)?;
    let (person, _) = waiting(cx).await?;
    if !flow.is_for(&person) {
        return Err(restart().about(person.user.id).into());
    }
    let actor = Actor::User {
        id: person.user.id,
        session_id: person.session.id,
        step_up_at: None,
        roles: person.user.roles.clone(),
        via: Via::Account,
    };
    let origin = cx.origin();
    let kept = closing::keep(&cx.manage(&actor, &origin), person.user.id).await;
    cx.told(kept.map_err(|_| Internal::Missing("an account that can be kept"))?).await?;
    let proved = session::complete(cx, &person).await?;
    proved.go(cx, browser, &flow).await
}

/// The sign-in page, or this one for somebody who would only go round in circles there.
///
/// # Errors
/// Where Postgres does not answer.
pub async fn instead_of_login(cx: &Cx, person: Option<&Person>) -> Result<Page, Failure> {
    let held = match person {
        Some(person) => held(cx, person).await?,
        None => None,
    };
    Ok(held.map_or(Page::Login, |_| Page::Closing))
}
