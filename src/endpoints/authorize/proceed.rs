//! What comes next for an authorization request: a page of ours, or the answer to the client.

use axum::response::Response;

use crate::endpoints::account::closing;
use crate::endpoints::authorize::{Known, Reading, issue, read};
use crate::endpoints::cx::Cx;
use crate::endpoints::flow::{Destination, Flow, Page};
use crate::endpoints::hint;
use crate::endpoints::login::restart;
use crate::endpoints::login::session::page_of;
use crate::endpoints::pages::deliver;
use crate::endpoints::person::{self, Person};
use crate::endpoints::refusal::{self, Failure, Refusal};
use crate::protocol::client::Client;
use crate::protocol::interaction::{self, Consent, Decision, Facts, Step};
use crate::protocol::reply::ReplyTo;
use crate::protocol::target::targets;
use crate::store::consents;
use crate::web::browser::Browser;
use crate::web::respond;

/// How the request came to be looked at now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Arrival {
    /// From the client, or after a sign-in page.
    Fresh,
    /// From the consent page, with the person's decision.
    Decided(Decision),
}

/// Takes the flow's request as far as it goes.
///
/// # Errors
/// What must be shown to the person, because it cannot be sent to the client.
pub async fn authorize(
    cx: &Cx,
    browser: &Browser,
    flow: &Flow,
    arrival: Arrival,
) -> Result<Response, Failure> {
    let Destination::Authorize(query) = &flow.destination else { return Err(restart().into()) };
    let known = match read(cx, query, flow.started_at).await? {
        Reading::Known(known) => known,
        Reading::Send(reply, refusal, client) => {
            return Ok(send(cx, &reply, refusal, &client).await);
        }
    };
    let person = person::current(cx).await?;
    let step = match decide(cx, flow, &known, person.as_ref(), arrival).await {
        Ok(step) => step,
        Err(Failure::Refused(refusal)) => {
            let refusal = refusal.of(&known.client);
            return Ok(send(cx, &known.request.reply, refusal, &known.client).await);
        }
        Err(failure) => return Err(failure),
    };
    let page = match step {
        Step::Issue(permit) => return issue::code(cx, &known, permit).await,
        Step::Consent(_) => Page::Consent,
        step @ (Step::SecondFactor(_) | Step::Enrol(_) | Step::NewPassword(_)) => page_of(&step),
        Step::Login(_) => closing::instead_of_login(cx, person.as_ref()).await?,
    };
    Ok(browser.keep(respond::see_other(&flow.address(cx, browser, page)?)))
}

/// What the flow's request still needs of `person`; nothing, where it is no client's, or where the
/// client is to be told of a refusal.
///
/// # Errors
/// What must be shown to the person, because it cannot be sent to the client.
pub async fn step(cx: &Cx, flow: &Flow, person: Option<&Person>) -> Result<Option<Step>, Failure> {
    let Destination::Authorize(query) = &flow.destination else { return Ok(None) };
    let Reading::Known(known) = read(cx, query, flow.started_at).await? else { return Ok(None) };
    match decide(cx, flow, &known, person, Arrival::Fresh).await {
        Ok(step) => Ok(Some(step)),
        Err(Failure::Refused(_)) => Ok(None),
        Err(failure) => Err(failure),
    }
}

/// Tells the client of a refusal, which the operator can look up.
async fn send(cx: &Cx, reply: &ReplyTo, refusal: Refusal, client: &Client) -> Response {
    refusal::record(cx, "authorize", &refusal).await;
    deliver(cx, reply.error(&refusal.error), client)
}

/// The facts, and what they come to.
async fn decide(
    cx: &Cx,
    flow: &Flow,
    known: &Known,
    person: Option<&Person>,
    arrival: Arrival,
) -> Result<Step, Failure> {
    let request = &known.request;
    let catalogue = cx.app.live.catalogue().await?;
    let targets = targets(&request.scope, &request.resources, &[], catalogue.targets())?;
    let policy = cx.app.live.policy().await?;
    if let Some(person) = person {
        person.check_scope(&request.scope, &catalogue, &policy)?;
    }
    let hint_subject = match request.id_token_hint.as_deref() {
        Some(hint) => Some(hint::subject(cx, &known.client, hint).await?),
        None => None,
    };
    let remembered = remembered(cx, known, person).await?;
    let facts = Facts {
        request,
        client: &known.client,
        visitor: person.map(Person::visitor),
        mfa: policy.mfa,
        terms: &policy.second_factor,
        targets: &targets,
        strongest: cx.app.settings.strongest_acr,
        remembered: remembered.as_ref(),
        decision: match arrival {
            Arrival::Fresh => None,
            Arrival::Decided(decision) => Some(decision),
        },
        hint_subject,
        started_at: flow.started_at,
        now: cx.now,
    };
    Ok(interaction::next_step(&facts)?)
}

async fn remembered(
    cx: &Cx,
    known: &Known,
    person: Option<&Person>,
) -> Result<Option<Consent>, Failure> {
    let Some(person) = person else { return Ok(None) };
    let found = consents::find(cx.app.store.pool(), person.user.id, &known.client.id).await?;
    Ok(found.map(|found| Consent { scope: found.scope, resources: found.resources }))
}
