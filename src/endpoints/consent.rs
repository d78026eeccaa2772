//! The consent page: who asks, for what, and the person's answer.

use axum::response::Response;

use crate::endpoints::authorize::proceed::{self, Arrival};
use crate::endpoints::authorize::{Known, Reading, read};
use crate::endpoints::cx::Cx;
use crate::endpoints::flow::{Destination, Flow, Page};
use crate::endpoints::login::{forged, restart};
use crate::endpoints::pages;
use crate::endpoints::person::{self, Person};
use crate::endpoints::refusal::Failure;
use crate::protocol::error::ErrorCode;
use crate::protocol::interaction::Decision;
use crate::protocol::scope;
use crate::web::browser::Browser;
use crate::web::extract::{FormParams, QueryParams};
use crate::web::pages::{ClientView, ConsentPage, ScopeLine};

/// `GET /consent`.
pub async fn get(cx: Cx, query: QueryParams, browser: Browser) -> Response {
    let shown = show(&cx, &query, &browser).await;
    pages::page_or_error(&cx, "consent", shown).await
}

async fn show(cx: &Cx, query: &QueryParams, browser: &Browser) -> Result<Response, Failure> {
    let params = query.params()?;
    let sealed = params.get("flow").ok_or_else(restart)?;
    let flow = Flow::open(cx, browser, Page::Consent, sealed).ok_or_else(restart)?;
    let person = person::current(cx).await?.ok_or_else(restart)?;
    let Destination::Authorize(query) = &flow.destination else { return Err(restart().into()) };
    let Reading::Known(known) = read(cx, query).await? else { return Err(restart().into()) };
    let client = ClientView::of(&known.client.client, known.reply.uri());
    let page = ConsentPage {
        csrf: browser.csrf(cx, "consent"),
        flow: flow.seal(cx, browser, Page::Consent)?,
        form_origin: client.reply_origin.clone(),
        client,
        account: account(&person),
        scopes: lines(cx, &known).await?,
    };
    Ok(browser.keep(pages::html(&page)))
}

/// The account in words: its mail address, else its user name.
fn account(person: &Person) -> String {
    person.user.email.clone().unwrap_or_else(|| person.user.username.as_str().to_owned())
}

async fn lines(cx: &Cx, known: &Known) -> Result<Vec<ScopeLine>, Failure> {
    let catalogue = cx.app.live.catalogue().await?;
    let line = |name: &str| match (scope::in_words(name), catalogue.scope(name)) {
        (Some(words), _) => ScopeLine { name: name.to_owned(), words: words.to_owned(), api: None },
        (None, Some(scope)) => ScopeLine {
            name: name.to_owned(),
            words: if scope.description.is_empty() { name.to_owned() } else { scope.description.clone() },
            api: catalogue.api_of_scope(name).map(|api| api.name.clone()),
        },
        (None, None) => ScopeLine { name: name.to_owned(), words: name.to_owned(), api: None },
    };
    Ok(known.request.scope.iter().map(line).collect())
}

/// `POST /consent`.
pub async fn post(cx: Cx, form: FormParams, browser: Browser) -> Response {
    let done = decide(&cx, &form, &browser).await;
    pages::page_or_error(&cx, "consent", done).await
}

async fn decide(cx: &Cx, form: &FormParams, browser: &Browser) -> Result<Response, Failure> {
    let params = form.params()?;
    browser.check(cx, "consent", params.get("csrf")).map_err(forged)?;
    let sealed = params.get("flow").ok_or_else(restart)?;
    let flow = Flow::open(cx, browser, Page::Consent, sealed).ok_or_else(restart)?;
    let Destination::Authorize(query) = &flow.destination else { return Err(restart().into()) };
    let decision = match params.get("decision") {
        Some("allow") => Decision::Allow,
        Some("deny") => Decision::Deny,
        _ => {
            let error = ErrorCode::InvalidRequest.because("decision must be allow or deny");
            return Err(error.at("decision").into());
        }
    };
    proceed::authorize(cx, browser, &flow, query, Arrival::Decided(decision)).await
}
