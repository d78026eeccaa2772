//! The demo API: what a resource server does with a token (RFC 6750), on two pages of code.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use serde_json::{Value, json};

use crate::crypto::secret::Secret;
use crate::endpoints::cx::Cx;
use crate::endpoints::dev::{has_demo, nothing};
use crate::endpoints::introspect::live_access_token;
use crate::endpoints::refusal::{self, Failure, Refusal};
use crate::manage::demo;
use crate::protocol::bearer::{self, Wanted};
use crate::protocol::claims::Acr;
use crate::protocol::scope::Scope;
use crate::protocol::token::AccessClaims;
use crate::web::respond;

/// What the sensitive part of the API asks for: two factors, not older than ten minutes.
const SENSITIVE: Wanted = Wanted { acr: Some(Acr::Mfa), max_age_s: Some(600) };

/// `GET /demo/api/orders`: the orders of whoever the token is about.
pub async fn orders(cx: Cx) -> Response {
    let orders = json!([
        { "id": 1001, "item": "Oak door, iron-bound", "status": "delivered" },
        { "id": 1002, "item": "Spare key", "status": "on its way" },
    ]);
    serve(&cx, None, ("orders", &orders)).await
}

/// `GET /demo/api/payments`: how they were paid. For this a password is not enough (RFC 9470).
pub async fn payments(cx: Cx) -> Response {
    let payments = json!([
        { "order": 1001, "amount": "480.00 EUR", "card": "ending in 4242" },
        { "order": 1002, "amount": "12.50 EUR", "card": "ending in 4242" },
    ]);
    serve(&cx, Some(SENSITIVE), ("payments", &payments)).await
}

async fn serve(cx: &Cx, wanted: Option<Wanted>, rows: (&str, &Value)) -> Response {
    if !has_demo(cx) {
        return nothing();
    }
    let refused = match bearer::find(&cx.authorization(), None) {
        Ok(token) => match check(cx, &token, wanted).await {
            Ok(Ok(claims)) => return answer(&claims, rows),
            Ok(Err(refused)) => refused,
            Err(failure) => return refusal::answer(cx, "demo/api", failure).await,
        },
        Err(refused) => refused,
    };
    refuse(cx, &refused).await
}

fn answer(claims: &AccessClaims, (name, rows): (&str, &Value)) -> Response {
    respond::json(StatusCode::OK, &json!({ "owner": claims.sub, name: rows }))
}

/// The token is good at this instant, is for this API, allows to read, and comes of a sign-in that is
/// strong enough.
async fn check(
    cx: &Cx,
    token: &Secret,
    wanted: Option<Wanted>,
) -> Result<Result<AccessClaims, bearer::Refusal>, Failure> {
    let live = live_access_token(cx, token.expose()).await?;
    let resource = demo::resource(&cx.app.settings.issuer);
    let Some(live) = live.filter(|live| live.claims.aud.contains(&resource)) else {
        return Ok(Err(bearer::Refusal::Because(bearer::invalid_token())));
    };
    let scope = Scope::parse(&live.claims.scope)?;
    if !scope.contains(demo::SCOPE) {
        return Ok(Err(bearer::Refusal::Scope(Scope::parse(demo::SCOPE)?)));
    }
    if let Some(lacks) = wanted.and_then(|wanted| wanted.of(&live.claims, cx.now)) {
        return Ok(Err(bearer::Refusal::Authentication(lacks)));
    }
    Ok(Ok(live.claims.as_ref().clone()))
}

async fn refuse(cx: &Cx, refused: &bearer::Refusal) -> Response {
    let mut response = match refused.error() {
        Some(error) => refusal::answer(cx, "demo/api", Refusal::from(error).into()).await,
        None => StatusCode::UNAUTHORIZED.into_response(),
    };
    if let Ok(challenge) = HeaderValue::from_str(&refused.challenge()) {
        response.headers_mut().insert(header::WWW_AUTHENTICATE, challenge);
    }
    response
}
