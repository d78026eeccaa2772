//! The playground: a real client that runs code + PKCE against this very server, one message at a
//! time, and shows each as it goes over the wire. Nothing of it is kept on the server.

mod journey;
mod steps;
mod tokens;
mod wire;

use axum::http::{StatusCode, header};
use axum::response::Response;
use serde_json::json;
use url::Url;

use crate::endpoints::cx::Cx;
use crate::endpoints::dev::playground::journey::{Asked, Journey, More};
use crate::endpoints::dev::playground::steps::Step;
use crate::endpoints::dev::{has_demo, nothing};
use crate::endpoints::login::{forged, restart};
use crate::endpoints::pages;
use crate::endpoints::refusal::{Failure, Internal};
use crate::manage::demo;
use crate::protocol::discovery::path;
use crate::protocol::params::{Params, encode};
use crate::web::browser::Browser;
use crate::web::extract::{FormParams, QueryParams};
use crate::web::headers::PagePolicy;
use crate::web::pages::playground::{Check, Message, PlaygroundPage};
use crate::web::respond;

const START: &str = "/playground/start";
const STEP: &str = "/playground/step";

/// `GET /playground`.
pub async fn get(cx: Cx, browser: Browser) -> Response {
    if !has_demo(&cx) {
        return nothing();
    }
    pages::or_error(&cx, "playground", page(&cx, &browser, None, Vec::new())).await
}

/// `POST /playground/start`: sends the browser off with an authorization request.
pub async fn start(cx: Cx, browser: Browser, FormParams(params): FormParams) -> Response {
    if !has_demo(&cx) {
        return nothing();
    }
    let sent = async {
        browser.check(START, params.get("csrf")).map_err(forged)?;
        leave(&cx, &browser, &Asked::mint(&cx, None))
    };
    pages::or_error(&cx, "playground", sent.await).await
}

/// Sends the browser off with what is `asked`.
fn leave(cx: &Cx, browser: &Browser, asked: &Asked) -> Result<Response, Failure> {
    let state = asked.state(cx, browser)?;
    Ok(browser.keep(respond::see_other(&request(cx, asked, &state)?)))
}

/// `GET /playground/callback`: the answer. It is shown; the code is redeemed by the next step.
pub async fn callback(cx: Cx, QueryParams(params): QueryParams, browser: Browser) -> Response {
    if !has_demo(&cx) {
        return nothing();
    }
    if let Some(location) = at_home(&cx, &params) {
        return respond::see_other(&location);
    }
    let shown = async {
        let state = params.get("state").unwrap_or_default();
        let asked = Asked::of_state(&cx, &browser, state).ok_or_else(restart)?;
        let mut messages: Vec<_> = asked.more.as_ref().map(refused).into_iter().collect();
        messages.extend([sent(&cx, &asked, state)?, came(&cx, &params)]);
        let is_ours = params.get("iss") == Some(cx.app.settings.issuer.as_str());
        let code = params.get("code").filter(|_| is_ours).map(str::to_owned);
        let journey = Journey { asked, code, tokens: None, more: None, messages };
        page(&cx, &browser, Some(journey), Vec::new())
    };
    pages::or_error(&cx, "playground", shown.await).await
}

/// `POST /playground/step`: the next message.
pub async fn step(cx: Cx, browser: Browser, FormParams(params): FormParams) -> Response {
    if !has_demo(&cx) {
        return nothing();
    }
    let done = async {
        browser.check(STEP, params.get("csrf")).map_err(forged)?;
        let step = Step::parse(params.get("do").unwrap_or_default()).ok_or_else(restart)?;
        let Some(carried) = params.get("flow") else {
            let mut messages = Vec::new();
            steps::refuse(&cx, &mut messages).await?;
            return page(&cx, &browser, None, messages);
        };
        let mut journey = Journey::open(&cx, &browser, carried).ok_or_else(restart)?;
        if step == Step::Stronger {
            let more = journey.more.take().ok_or_else(restart)?;
            return leave(&cx, &browser, &Asked::mint(&cx, Some(more)));
        }
        step.run(&cx, &mut journey).await?;
        page(&cx, &browser, Some(journey), Vec::new())
    };
    pages::or_error(&cx, "playground", done.await).await
}

fn page(
    cx: &Cx,
    browser: &Browser,
    journey: Option<Journey>,
    messages: Vec<Message>,
) -> Result<Response, Failure> {
    let actions = Step::offered(journey.as_ref());
    let (flow, messages) = match journey {
        Some(mut journey) => (journey.seal(cx, browser)?, journey.messages),
        None => (String::new(), messages),
    };
    let page = PlaygroundPage {
        start: browser.form(START, String::new()),
        step: browser.form(STEP, flow),
        messages,
        actions,
        client_id: demo::PLAYGROUND,
        scope: demo::PLAYGROUND_SCOPE,
        resource: demo::resource(&cx.app.settings.issuer),
    };
    // The sign-in may end at once, at the redirect URI: the form's redirects must be let there.
    let policy = match Url::parse(&demo::redirect_uri(&cx.app.settings.issuer_url)) {
        Ok(target) => PagePolicy::own().with_form_target(&target),
        Err(_) => PagePolicy::own(),
    };
    Ok(browser.keep(respond::page(StatusCode::OK, &page, &policy)))
}

/// The authorization request (RFC 6749 §4.1.1, RFC 7636 §4.3, RFC 8707 §2).
fn request(cx: &Cx, asked: &Asked, state: &str) -> Result<String, Failure> {
    let settings = &cx.app.settings;
    let redirect_uri = demo::redirect_uri(&settings.issuer_url);
    let challenge = asked.challenge().ok_or(Internal::Missing("a PKCE challenge"))?;
    let resource = demo::resource(&settings.issuer);
    let mut pairs = vec![
        ("response_type", "code"),
        ("client_id", demo::PLAYGROUND),
        ("redirect_uri", &redirect_uri),
        ("scope", demo::PLAYGROUND_SCOPE),
        ("resource", &resource),
        ("state", state),
        ("nonce", &asked.nonce),
        ("code_challenge", &challenge),
        ("code_challenge_method", "S256"),
    ];
    // Essential, so that it is reached or refused, and never silently left out (OIDC Core §5.5.1.1).
    let acr = asked.more.as_ref().and_then(|more| more.acr.as_deref());
    let claims =
        acr.map(|acr| json!({ "id_token": { "acr": { "essential": true, "value": acr } } }));
    let claims = claims.map(|claims| claims.to_string());
    pairs.extend(acr.map(|acr| ("acr_values", acr)));
    pairs.extend(claims.as_deref().map(|claims| ("claims", claims)));
    let max_age = asked.more.as_ref().and_then(|more| more.max_age.as_deref());
    pairs.extend(max_age.map(|most| ("max_age", most)));
    let query = encode(pairs);
    Ok(settings.url(&format!("{}?{query}", path::AUTHORIZE)))
}

/// Why the browser is sent again: what the demo API answered on the page before.
fn refused(more: &More) -> Message {
    let part = |name: &str, value: &Option<String>| {
        value.as_ref().map(|value| format!(", {name}=\"{value}\"")).unwrap_or_default()
    };
    Message {
        title: "The API asked for a stronger sign-in".to_owned(),
        about:
            "The payments are shown only to somebody who has just given two factors. The API said \
            so in its challenge (RFC 9470), and we ask the server for exactly that."
                .to_owned(),
        request: "GET /demo/api/payments HTTP/1.1".to_owned(),
        response: format!(
            "HTTP/1.1 401 Unauthorized\nwww-authenticate: Bearer \
             error=\"insufficient_user_authentication\"{}{}",
            part("acr_values", &more.acr),
            part("max_age", &more.max_age)
        ),
        ..Message::default()
    }
}

/// The first message, as the browser sent it.
fn sent(cx: &Cx, asked: &Asked, state: &str) -> Result<Message, Failure> {
    let url = request(cx, asked, state)?;
    let target = url.strip_prefix(cx.app.settings.issuer.as_str()).unwrap_or(&url);
    let request = format!("GET {target} HTTP/1.1\nhost: {}", wire::authority(cx));
    Ok(Message {
        title: "Authorization request".to_owned(),
        about: "We send the browser to the server with the hash of a secret (PKCE), a state that \
            binds the answer to this browser, and a nonce that must come back in the ID token."
            .to_owned(),
        request: request.replace('?', "\n?").replace('&', "\n&"),
        checks: vec![Check::passed(
            "client and redirect URI are registered, PKCE is S256, the scopes are allowed",
        )],
        ..Message::default()
    })
}

/// The second message: what the server told the browser to bring us.
fn came(cx: &Cx, params: &Params) -> Message {
    let query = params.encode().replace('&', "\n&");
    let host = demo::redirect_uri(&cx.app.settings.issuer_url);
    let is_ours = params.get("iss") == Some(cx.app.settings.issuer.as_str());
    let outcome = match params.get("error") {
        Some(error) => Check::failed(&format!("the server refused: {error}")),
        None => {
            Check::of(params.get("code").is_some(), "there is a code, good once and for a minute")
        }
    };
    Message {
        title: "Callback".to_owned(),
        about: "The server sends the browser back to our redirect URI. A code alone is worth \
            nothing: only who holds the verifier can redeem it."
            .to_owned(),
        request: format!("GET {host}\n?{query}"),
        checks: vec![
            Check::passed("state was sealed by us for this browser"),
            Check::of(is_ours, "iss is the server we asked (RFC 9207)"),
            outcome,
        ],
        ..Message::default()
    }
}

/// The same address under the issuer's host, where the answer came to the redirect URI's: the
/// browser keeps its cookies apart, and ours are there.
fn at_home(cx: &Cx, params: &Params) -> Option<String> {
    let settings = &cx.app.settings;
    let redirect_uri = Url::parse(&demo::redirect_uri(&settings.issuer_url)).ok()?;
    let came_to = cx.headers.get(header::HOST)?.to_str().ok()?;
    let own = wire::authority(cx);
    let answered = redirect_uri.origin().ascii_serialization();
    let is_other = came_to != own && answered.ends_with(&format!("//{came_to}"));
    is_other.then(|| settings.url(&format!("{}?{}", demo::CALLBACK_PATH, params.encode())))
}
