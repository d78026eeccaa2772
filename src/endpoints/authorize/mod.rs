//! The authorization endpoint (RFC 6749 §3.1): who asks, where to answer, what is still owed.
//!
//! **Invariant:** nothing is sent off this server before [`ReplyTo`] has been established, and no
//! code is issued but by [`interaction::next_step`](crate::protocol::interaction::next_step).

pub mod proceed;

use axum::response::{IntoResponse, Response};

use crate::endpoints::cx::Cx;
use crate::endpoints::flow::{Destination, Flow};
use crate::endpoints::pages;
use crate::endpoints::refusal::{Failure, Refusal};
use crate::protocol::authorize::{AuthorizeRequest, Refusal as AuthorizeRefusal};
use crate::protocol::client::{Client, ClientId};
use crate::protocol::error::ErrorCode;
use crate::protocol::params::Pairs;
use crate::protocol::reply::ReplyTo;
use crate::web::browser::Browser;
use crate::web::extract::{FormParams, QueryParams};
use crate::web::limits::Class;
use crate::web::respond;

/// The longest request that our pages can carry along, in bytes.
const LONGEST: usize = 5_000;

/// `GET /oauth2/authorize`.
pub async fn get(cx: Cx, query: QueryParams, browser: Browser) -> Response {
    let answered = begin(&cx, query.as_str(), &browser).await;
    pages::page_or_error(&cx, "authorize", answered).await
}

/// `POST /oauth2/authorize` (OIDC Core §3.1.2.1). A form sent from the client's site carries no
/// `SameSite` cookie, so the request is repeated as a navigation of our own.
pub async fn post(cx: Cx, form: FormParams, browser: Browser) -> Response {
    let answered = match form.text() {
        Ok(text) if text.len() <= LONGEST => {
            Ok(respond::see_other(&format!("/oauth2/authorize?{text}")))
        }
        Ok(_) => Err(too_long().into()),
        Err(error) => Err(error.into()),
    };
    drop(browser);
    pages::page_or_error(&cx, "authorize", answered).await
}

fn too_long() -> Refusal {
    ErrorCode::InvalidRequest.because("the authorization request is longer than 5,000 bytes").into()
}

async fn begin(cx: &Cx, query: &str, browser: &Browser) -> Result<Response, Failure> {
    cx.app.limiter.check(Class::Authorize, &cx.address, cx.now)?;
    if query.len() > LONGEST {
        return Err(too_long().into());
    }
    let flow = Flow::begin(Destination::Authorize(query.to_owned()), cx.now);
    proceed::authorize(cx, browser, &flow, query, proceed::Arrival::Fresh).await
}

/// A request that is known to be for a registered client, with the address to answer to.
pub struct Known {
    /// What is asked.
    pub request: AuthorizeRequest,
    /// Where the answer goes.
    pub reply: ReplyTo,
    /// Who asks.
    pub client: std::sync::Arc<crate::live::clients::LoadedClient>,
}

/// What reading a request comes to.
pub enum Reading {
    /// It is in order.
    Known(Box<Known>),
    /// It is not, and the client is told.
    Send(ReplyTo, Refusal),
}

/// Reads the request in `query`.
///
/// # Errors
/// Where we do not know who asks or where to answer: that is shown, never sent (§4.1.2.1).
pub async fn read(cx: &Cx, query: &str) -> Result<Reading, Failure> {
    let pairs = Pairs::parse(query)?;
    let name = pairs.single("client_id")?;
    let name = name.ok_or_else(|| ErrorCode::InvalidRequest.because("it is missing").at("client_id"))?;
    let unknown = || {
        let error = ErrorCode::InvalidRequest.because("no such application is registered here");
        Refusal::from(error.at("client_id")).with("client_id", name)
    };
    let id = ClientId::parse(name).ok_or_else(unknown)?;
    let client = cx.app.live.client(&id).await?.ok_or_else(unknown)?;
    if client.client.disabled_at.is_some() {
        return Err(unknown().of(&client.client).with("reason", "the client is disabled").into());
    }
    let issuer = &cx.app.settings.issuer;
    match AuthorizeRequest::read(pairs, &client.client, issuer) {
        Ok((request, reply)) => Ok(Reading::Known(Box::new(Known { request, reply, client }))),
        Err(AuthorizeRefusal::Show(error)) => Err(shown(error, &client.client).into()),
        Err(AuthorizeRefusal::Send(reply, error)) => {
            Ok(Reading::Send(reply, Refusal::from(error).of(&client.client)))
        }
    }
}

/// What the operator sees of a request that could not be answered to its sender.
fn shown(error: crate::protocol::error::OAuthError, client: &Client) -> Refusal {
    let registered: Vec<_> = client.redirect_uris.iter().map(|uri| uri.as_str()).collect();
    Refusal::from(error).of(client).with("registered_redirect_uris", registered.join(" "))
}

/// A client's answer as an HTTP response.
pub fn deliver(reply: crate::protocol::reply::Reply) -> Response {
    match reply {
        crate::protocol::reply::Reply::Redirect(url) => respond::see_other(&url),
        crate::protocol::reply::Reply::FormPost { action, fields } => {
            pages::form_post(&action, &fields).into_response()
        }
    }
}

