//! The offer of a passkey after a sign-in with a password: once, and never in the way.

use axum::response::Response;

use super::enrol::form;
use crate::ambient;
use crate::endpoints::cx::Cx;
use crate::endpoints::flow::{Flow, Page, Said, Visit};
use crate::endpoints::login::{asking, onward, open, posted, restart};
use crate::endpoints::pages;
use crate::endpoints::person::{self, Person};
use crate::endpoints::refusal::Failure;
use crate::identity::factor::FactorKind;
use crate::store::webauthn::{self, Declined};
use crate::web::browser::Browser;
use crate::web::extract::{FormParams, QueryParams};
use crate::web::pages::passkey::OfferPage;
use crate::web::respond;

/// Whether a passkey is offered before the flow goes on: the browser said that it can make one, the
/// person is completely signed in with a password, has no passkey, and did not say no.
///
/// # Errors
/// Where Postgres does not answer.
pub async fn is_due(cx: &Cx, flow: &Flow) -> Result<bool, Failure> {
    if !flow.passkeys || cx.app.passkeys.is_none() {
        return Ok(false);
    }
    let Some(person) = person::current(cx).await?.filter(Person::is_signed_in) else {
        return Ok(false);
    };
    let with_password = person.session.authentication.proved(FactorKind::Password);
    let has_passkey = person.enrolled.kinds.iter().any(|kind| kind.is_two_factors());
    if !with_password || has_passkey {
        return Ok(false);
    }
    Ok(webauthn::may_offer(cx.app.store.pool(), person.user.id, cx.now).await?)
}

/// `GET /login/passkey/offer`.
pub async fn get(cx: Cx, QueryParams(params): QueryParams, browser: Browser) -> Response {
    let shown = async {
        let flow = open(&cx, &browser, Page::Offer, &params)?;
        let person = person::current(&cx).await?.filter(Person::is_signed_in);
        let person = person.ok_or_else(restart)?;
        let visit = Visit { cx: &cx, browser: &browser, flow: &flow };
        page(&visit, &person, Said::NOTHING).await
    };
    pages::or_error(&cx, "login/passkey/offer", shown.await).await
}

pub(super) async fn page(
    visit: &Visit<'_>,
    person: &Person,
    said: Said<'_>,
) -> Result<Response, Failure> {
    let Visit { cx, browser, flow } = *visit;
    let page = OfferPage {
        text: cx.text(),
        make: form(visit, person)?.ok_or_else(restart)?,
        decline: flow.for_person(person).form(cx, browser, Page::Offer)?,
        account: person.user.username.as_str().to_owned(),
        error: said.error.to_owned(),
    };
    let asking = asking(cx, flow).await?;
    let known = asking.as_ref().map(|known| (&*known.client, &known.request.reply));
    Ok(browser.keep(respond::page(said.status, &page, &pages::policy(known))))
}

/// `POST /login/passkey/offer`: "Not now", or "Don't ask again".
pub async fn post(cx: Cx, browser: Browser, FormParams(params): FormParams) -> Response {
    let gone = async {
        let flow = posted(&cx, &browser, Page::Offer, &params)?;
        let person = person::current(&cx).await?.filter(|person| flow.is_for(person));
        let person = person.ok_or_else(restart)?;
        let declined = match params.get("answer") {
            Some("never") => Declined::ForEver,
            _ => Declined::ForNow,
        };
        let fresh = uuid::Builder::from_random_bytes(ambient::bytes(cx.app.entropy.as_ref()));
        let (store, user) = (cx.app.store.pool(), person.user.id);
        webauthn::decline(store, user, fresh.into_uuid(), declined, cx.now).await?;
        onward(&cx, &browser, &flow).await
    };
    pages::or_error(&cx, "login/passkey/offer", gone.await).await
}
