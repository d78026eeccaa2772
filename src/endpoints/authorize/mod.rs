//! The authorization endpoint (RFC 6749 §3.1): who asks, where to answer, what is still owed.
//!
//! **Invariant:** nothing is sent off this server before a
//! [`ReplyTo`](crate::protocol::reply::ReplyTo) was established, and no code is issued but on a
//! [`Permit`](crate::protocol::interaction::Permit) of `next_step`.

mod issue;
mod proceed;

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::RawQuery;
use axum::http::{HeaderMap, header};
use axum::response::Response;
use time::OffsetDateTime;

use crate::crypto::secret::Fingerprint;
use crate::endpoints::cx::Cx;
use crate::endpoints::flow::{Destination, Flow};
use crate::endpoints::pages;
use crate::endpoints::refusal::{Failure, Refusal};
use crate::protocol::authorize::{AuthorizeRequest, Inquiry, Refusal as Answer};
use crate::protocol::client::Client;
use crate::protocol::error::{ErrorCode, OAuthError};
use crate::protocol::pushed;
use crate::protocol::redirect_uri::RedirectUri;
use crate::protocol::reply::ReplyTo;
use crate::store::pushed_requests;
use crate::web::browser::Browser;
use crate::web::client_address::prefix;
use crate::web::limits::Class;
use crate::web::respond;

pub use proceed::{Arrival, authorize, step};

/// The longest request that our pages can carry along, in bytes.
const LONGEST: usize = 5_000;

/// `GET /oauth2/authorize`.
pub async fn get(cx: Cx, RawQuery(query): RawQuery, browser: Browser) -> Response {
    let answered = begin(&cx, query.unwrap_or_default(), &browser).await;
    pages::or_error(&cx, "authorize", answered).await
}

/// `POST /oauth2/authorize` (OIDC Core §3.1.2.1). A form sent from the client's site carries no
/// `SameSite` cookie, so the request is repeated as a navigation of our own.
pub async fn post(cx: Cx, headers: HeaderMap, body: Bytes) -> Response {
    let answered = repeat(&headers, &body).map_err(Failure::from);
    pages::or_error(&cx, "authorize", answered).await
}

fn repeat(headers: &HeaderMap, body: &[u8]) -> Result<Response, OAuthError> {
    let media_type = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let is_form = media_type.is_some_and(|value| {
        value.to_ascii_lowercase().starts_with("application/x-www-form-urlencoded")
    });
    if !is_form {
        let words = "content-type must be application/x-www-form-urlencoded";
        return Err(ErrorCode::InvalidRequest.because(words));
    }
    // Encoded anew, so that nothing but parameters gets into the address.
    let inquiry = Inquiry::parse(body)?;
    let query = inquiry.to_query();
    if query.len() > LONGEST {
        return Err(too_long());
    }
    Ok(respond::see_other(&format!("/oauth2/authorize?{query}")))
}

fn too_long() -> OAuthError {
    ErrorCode::InvalidRequest.because("the authorization request is longer than 5,000 bytes")
}

async fn begin(cx: &Cx, query: String, browser: &Browser) -> Result<Response, Failure> {
    cx.app.limiter.check(Class::Authorize, &prefix(cx.address), cx.instant())?;
    if query.len() > LONGEST {
        return Err(too_long().into());
    }
    let flow = Flow::begin(Destination::Authorize(query), cx.now);
    authorize(cx, browser, &flow, Arrival::Fresh).await
}

/// A request in order, and the client that sent it.
pub struct Known {
    /// What is asked.
    pub request: AuthorizeRequest,
    /// Who asks.
    pub client: Arc<Client>,
    /// Where the client pushed it, what is used up when a code is issued for it (RFC 9126 §7.3).
    pub pushed: Option<Fingerprint>,
}

/// What reading a request comes to.
pub enum Reading {
    /// It is in order.
    Known(Box<Known>),
    /// It is not, and the client is told.
    Send(Box<ReplyTo>, Refusal, Arc<Client>),
}

/// Reads the request in `query`, of a sign-in begun at `started_at`.
///
/// # Errors
/// Where we do not know who asks or where to answer: that is shown, never sent (§4.1.2.1).
pub async fn read(cx: &Cx, query: &str, started_at: OffsetDateTime) -> Result<Reading, Failure> {
    let (inquiry, pushed) = whole(cx, Inquiry::parse(query)?, started_at).await?;
    cx.tongue.requested(inquiry.ui_locales());
    let loaded = cx.app.live.client(inquiry.client_id()).await?;
    let client = loaded.as_ref().map(|loaded| &loaded.client);
    cx.tongue.coloured(client.and_then(|client| client.pages.accent));
    let issuer = &cx.app.settings.issuer;
    match (AuthorizeRequest::parse(&inquiry, client.map(AsRef::as_ref), issuer), client) {
        (Ok(request), Some(client)) => {
            let client = Arc::clone(client);
            Ok(Reading::Known(Box::new(Known { request, client, pushed })))
        }
        (Err(Answer::Send(reply, error)), Some(client)) => {
            let refusal = Refusal::from(error).of(client);
            Ok(Reading::Send(reply, refusal, Arc::clone(client)))
        }
        (Err(Answer::Show(error) | Answer::Send(_, error)), client) => {
            Err(shown(&inquiry, error, client).into())
        }
        (Ok(_), None) => Err(ErrorCode::InvalidRequest.because("no such client").into()),
    }
}

/// What `inquiry` asks: itself, or the request that its client pushed and that it names. All else that
/// the browser brings along with a name is ignored (RFC 9126 §4, RFC 9101 §6.3).
async fn whole(
    cx: &Cx,
    inquiry: Inquiry,
    started_at: OffsetDateTime,
) -> Result<(Inquiry, Option<Fingerprint>), Failure> {
    let Some(name) = inquiry.request_uri()?.and_then(pushed::fingerprint) else {
        return Ok((inquiry, None));
    };
    let found = pushed_requests::open(cx.app.store.pool(), &name, cx.now).await?;
    let told = |error| {
        let refusal = Refusal::from(error);
        refusal.with("client_id", inquiry.client_id().as_str())
    };
    let request = found.ok_or_else(|| told(pushed::unknown()))?;
    let whole = request.inquiry(inquiry.client_id(), started_at).map_err(told)?;
    Ok((whole, Some(name)))
}

/// What the operator sees of a request that could not be answered to its sender.
fn shown(inquiry: &Inquiry, error: OAuthError, client: Option<&Arc<Client>>) -> Refusal {
    let refusal = Refusal::from(error).with("client_id", inquiry.client_id().as_str());
    let sent = inquiry.redirect_uri().unwrap_or("(none, or more than one)").to_owned();
    let refusal = refusal.with("redirect_uri_sent", sent);
    let Some(client) = client else { return refusal.with("reason", "there is no such client") };
    let registered: Vec<_> = client.redirect_uris.iter().map(RedirectUri::as_str).collect();
    refusal.of(client).with("redirect_uris_registered", registered.join(" "))
}
