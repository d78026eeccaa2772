//! Sign-out that an application asks for (OIDC RP-Initiated Logout 1.0).

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use uuid::Uuid;

use crate::endpoints::cx::Cx;
use crate::endpoints::flow::{Destination, Flow, Page};
use crate::endpoints::hint;
use crate::endpoints::login::{posted, restart};
use crate::endpoints::pages;
use crate::endpoints::person::{self, Person};
use crate::endpoints::refusal::Failure;
use crate::protocol::interaction::Decision;
use crate::protocol::logout::{self, Facts, Hint, LogoutRequest, Outcome};
use crate::protocol::params::Params;
use crate::store::{audit, sessions};
use crate::web::browser::Browser;
use crate::web::cookies::Cookie;
use crate::web::extract::{FormParams, QueryParams};
use crate::web::headers::PagePolicy;
use crate::web::pages::sign::{LogoutPage, SignedOutPage, StillSignedInPage};
use crate::web::respond;

/// `GET /oauth2/logout`.
pub async fn get(cx: Cx, QueryParams(params): QueryParams, browser: Browser) -> Response {
    let done = ask_or_end(&cx, &browser, &params).await;
    pages::or_error(&cx, "logout", done).await
}

/// `POST /oauth2/logout`: a client's request, or the person's own confirmation.
pub async fn post(cx: Cx, browser: Browser, FormParams(params): FormParams) -> Response {
    let done = match params.get("flow") {
        Some(_) => answered(&cx, &browser, &params).await,
        None => ask_or_end(&cx, &browser, &params).await,
    };
    pages::or_error(&cx, "logout", done).await
}

/// What the request comes to for whoever is at the browser, and the name of the client.
async fn decide(
    cx: &Cx,
    params: &Params,
    person: Option<&Person>,
) -> Result<(Outcome, String), Failure> {
    let request = LogoutRequest::parse(params)?;
    cx.tongue.requested(request.ui_locales.iter().map(String::as_str));
    let hint = match &request.id_token_hint {
        Some(token) => match hint::open(cx, token).await? {
            Some((client_id, subject)) => Hint::Verified { client_id, subject },
            None => Hint::Bad,
        },
        None => Hint::Absent,
    };
    let named = match &hint {
        Hint::Verified { client_id, .. } => Some(client_id),
        Hint::Bad | Hint::Absent => request.client_id.as_ref(),
    };
    let client = match named {
        Some(id) => cx.app.live.client(id).await?,
        None => None,
    };
    let client = client.as_ref().map(|loaded| &*loaded.client);
    let signed_in = person.map(|person| person.user.id);
    let outcome = logout::decide(&Facts { request: &request, hint: &hint, client, signed_in });
    Ok((outcome, client.map(|client| client.name.clone()).unwrap_or_default()))
}

async fn ask_or_end(cx: &Cx, browser: &Browser, params: &Params) -> Result<Response, Failure> {
    let person = person::current(cx).await?;
    let (outcome, client_name) = decide(cx, params, person.as_ref()).await?;
    if outcome == Outcome::Confirm {
        let flow = Flow::begin(Destination::SignOut(params.encode()), cx.now);
        let page = LogoutPage {
            text: cx.text(),
            form: flow.form(cx, browser, Page::Logout)?,
            client_name,
            account: person
                .map(|person| person.user.username.as_str().to_owned())
                .unwrap_or_default(),
        };
        return Ok(browser.keep(respond::page(StatusCode::OK, &page, &PagePolicy::own())));
    }
    finish(cx, person.as_ref(), outcome, client_name).await
}

/// The person answered. It never leads off this server: had the request been good for that, there
/// would have been no question.
async fn answered(cx: &Cx, browser: &Browser, params: &Params) -> Result<Response, Failure> {
    let flow = posted(cx, browser, Page::Logout, params)?;
    let Destination::SignOut(asked) = &flow.destination else { return Err(restart().into()) };
    let person = person::current(cx).await?;
    let (_, client_name) = decide(cx, &Params::parse(asked)?, person.as_ref()).await?;
    if params.get("decision").and_then(Decision::parse) == Some(Decision::Deny) {
        let page = StillSignedInPage { text: cx.text() };
        return Ok(respond::page(StatusCode::OK, &page, &PagePolicy::own()));
    }
    finish(cx, person.as_ref(), Outcome::Done, client_name).await
}

async fn finish(
    cx: &Cx,
    person: Option<&Person>,
    outcome: Outcome,
    client_name: String,
) -> Result<Response, Failure> {
    match person {
        Some(person) => end(cx, person.user.id, person.session.id).await?,
        None => end_unproved(cx).await?,
    }
    let mut response = match outcome {
        Outcome::Redirect(url) => respond::see_other(&url),
        Outcome::Done | Outcome::Confirm => {
            let page = SignedOutPage { text: cx.text(), client_name };
            respond::page(StatusCode::OK, &page, &PagePolicy::own())
        }
    };
    if Cookie::Session.read(&cx.headers).is_some() {
        let headers = response.headers_mut();
        headers.append(header::SET_COOKIE, Cookie::Session.clear());
        let all = HeaderValue::from_static("\"cache\", \"storage\"");
        headers.insert("clear-site-data", all);
    }
    Ok(response)
}

/// Ends the session whose cookie came without what shows that the device holds its key: to sign out,
/// nobody must show that, and what is said to be over is over.
async fn end_unproved(cx: &Cx) -> Result<(), Failure> {
    let Some(cookie) = Cookie::Session.read(&cx.headers) else { return Ok(()) };
    let store = cx.app.store.pool();
    let found = sessions::find_by_fingerprint(store, &cookie.fingerprint(), cx.now).await?;
    match found {
        Some((session, user)) => end(cx, user.id, session.id).await,
        None => Ok(()),
    }
}

/// Ends the session and the grants that live with it; offline grants stay (OIDC Core §11).
async fn end(cx: &Cx, user: Uuid, session: Uuid) -> Result<(), Failure> {
    let mut event = cx.person_event("logout", user);
    event.session_id = Some(session);
    let mut tx = cx.app.store.begin().await?;
    sessions::sign_out(&mut tx, session, &cx.end("the person signed out")).await?;
    audit::insert(&mut *tx, &event).await?;
    tx.commit().await?;
    Ok(cx.app.live.reload_revocations().await?)
}
