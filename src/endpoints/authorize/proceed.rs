//! What comes next for an authorization request: a page of ours, or the answer to the client.

use axum::http::HeaderValue;
use axum::response::Response;
use serde_json::json;

use crate::ambient;
use crate::crypto::secret::Secret;
use crate::endpoints::authorize::{Known, Reading, deliver, read};
use crate::endpoints::cx::Cx;
use crate::endpoints::flow::{Flow, Page};
use crate::endpoints::hint;
use crate::endpoints::person::{self, Person};
use crate::endpoints::refusal::{self, Failure, Refusal};
use crate::protocol::code::{Authorization, CodeGrant};
use crate::protocol::interaction::{self, Decision, Facts, Step};
use crate::protocol::reply::ReplyTo;
use crate::protocol::scope::{OFFLINE_ACCESS, Scope};
use crate::protocol::token::targets;
use crate::store::audit::{AuditActor, AuditEvent, Outcome};
use crate::store::{codes, consents};
use crate::web::browser::Browser;
use crate::web::respond;

/// How long a code is good (RFC 6749 §4.1.2 recommends ten minutes at most; FAPI 2.0 one).
const CODE_LIFETIME: time::Duration = time::Duration::seconds(60);

/// How the request came to be looked at now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Arrival {
    /// From the client, or after a sign-in page.
    Fresh,
    /// From the consent page, with the person's decision.
    Decided(Decision),
}

/// Takes the request in `query` as far as it goes.
///
/// # Errors
/// What must be shown to the person, because it cannot be sent to the client.
pub async fn authorize(
    cx: &Cx,
    browser: &Browser,
    flow: &Flow,
    query: &str,
    arrival: Arrival,
) -> Result<Response, Failure> {
    let known = match read(cx, query).await? {
        Reading::Known(known) => known,
        Reading::Send(reply, refusal) => return Ok(send(cx, &reply, refusal).await),
    };
    let person = person::current(cx).await?;
    match decide(cx, flow, &known, person.as_ref(), arrival).await {
        Ok(step) => take(cx, browser, flow, &known, person.as_ref(), step, arrival).await,
        Err(Failure::Refused(refusal)) => {
            Ok(send(cx, &known.reply, refusal.of(&known.client.client)).await)
        }
        Err(failure) => Err(failure),
    }
}

/// Tells the client of a refusal, under an id that the operator can look up.
async fn send(cx: &Cx, reply: &ReplyTo, refusal: Refusal) -> Response {
    let told = refusal::tell(cx, "authorize", refusal.into()).await;
    let mut response = deliver(reply.error(&told.error));
    if let Ok(id) = HeaderValue::from_str(told.id.as_str()) {
        response.headers_mut().insert("portcullis-refusal-id", id);
    }
    response
}

/// The facts, and what they come to.
async fn decide(
    cx: &Cx,
    flow: &Flow,
    known: &Known,
    person: Option<&Person>,
    arrival: Arrival,
) -> Result<Step, Failure> {
    let client = &known.client.client;
    let remembered = match person {
        Some(person) => consents::find(&cx.app.store, person.user.id, &client.id).await?,
        None => None,
    };
    let hint = match known.request.id_token_hint.as_deref() {
        Some(hint) => Some(hint::subject(cx, client, hint).await?),
        None => None,
    };
    let catalogue = cx.app.live.catalogue().await?;
    targets(&known.request.scope, &known.request.resources, None, &catalogue)?;
    if let Some(person) = person {
        person.check_scope(&known.request.scope, &catalogue)?;
    }
    let policy = cx.app.live.policy().await?;
    let facts = Facts {
        request: &known.request,
        client,
        redirect: known.reply.kind(),
        session: person.map(|person| &person.session),
        user: person.map(|person| &person.user),
        factors: person.map_or(&[], |person| person.factors.as_slice()),
        mfa: policy.mfa,
        remembered: remembered.as_ref(),
        decision: match arrival {
            Arrival::Fresh => None,
            Arrival::Decided(decision) => Some(decision),
        },
        hint_subject: hint,
        started_at: flow.started_at,
        now: cx.now,
    };
    Ok(interaction::next_step(&facts)?)
}

#[expect(clippy::too_many_arguments, reason = "each is a fact of the one decision acted on here")]
async fn take(
    cx: &Cx,
    browser: &Browser,
    flow: &Flow,
    known: &Known,
    person: Option<&Person>,
    step: Step,
    arrival: Arrival,
) -> Result<Response, Failure> {
    let page = match (step, person) {
        (Step::Issue, Some(person)) => return issue(cx, known, person, arrival).await,
        (Step::SecondFactor { .. }, Some(_)) => Page::Code,
        (Step::Enrol, Some(_)) => Page::Enrol,
        (Step::Consent { .. }, Some(_)) => Page::Consent,
        (Step::Login { .. }, _) | (_, None) => Page::Login,
    };
    Ok(browser.keep(respond::see_other(&flow.address(cx, browser, page)?)))
}

/// Issues the code (RFC 6749 §4.1.2) and remembers the consent, in one transaction.
async fn issue(
    cx: &Cx,
    known: &Known,
    person: &Person,
    arrival: Arrival,
) -> Result<Response, Failure> {
    let client = &known.client.client;
    let code = Secret::mint("pc_ac_", cx.app.entropy.as_ref());
    let authorization = Authorization {
        grant_id: ambient::id(cx.now, cx.app.entropy.as_ref()),
        client_id: client.id.clone(),
        user_id: person.user.id,
        session_id: person.session.id,
        scope: known.request.scope.clone(),
        resources: known.request.resources.clone(),
        claims: known.request.claims_value(),
        authentication: person.session.authentication.clone(),
        nonce: known.request.nonce.clone(),
    };
    let consent = match arrival {
        Arrival::Decided(Decision::Allow) => Some(&authorization),
        Arrival::Decided(Decision::Deny) | Arrival::Fresh => None,
    };
    let event = issued(cx, person, &authorization, known.request.scope.contains(OFFLINE_ACCESS));
    let grant = CodeGrant {
        redirect_uri: known.reply.uri().to_owned(),
        challenge: known.request.challenge,
        expires_at: cx.now + CODE_LIFETIME,
        authorization: authorization.clone(),
    };
    codes::insert(&cx.app.store, &code.fingerprint(), &grant, consent, &event).await?;
    Ok(deliver(known.reply.success(&code)))
}

fn issued(cx: &Cx, person: &Person, authorization: &Authorization, offline: bool) -> AuditEvent {
    let mut event = cx.event("code.issued", Outcome::Success, AuditActor::User(person.user.id));
    event.client_id = Some(authorization.client_id.as_str().to_owned());
    event.user_id = Some(person.user.id);
    event.session_id = Some(person.session.id);
    event.target("grant", authorization.grant_id);
    let scope: &Scope = &authorization.scope;
    event.details = json!({ "scope": scope.to_string(), "offline_access": offline });
    event
}
