//! The demo API: what a resource server does with a token (RFC 6750), on two pages of code.

use std::sync::Arc;

use axum::http::StatusCode;
use axum::response::Response;
use serde_json::{Value, json};

use crate::endpoints::cx::Cx;
use crate::endpoints::dev::{has_demo, nothing};
use crate::endpoints::possession;
use crate::endpoints::refusal::{self, Failure};
use crate::manage::demo;
use crate::protocol::bearer::{self, Denied, Wanted};
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
    match check(cx, wanted).await {
        Ok(Ok(claims)) => answer(&claims, rows),
        Ok(Err(denied)) => refusal::deny(cx, "demo/api", *denied).await,
        Err(failure) => refusal::answer(cx, "demo/api", failure).await,
    }
}

fn answer(claims: &AccessClaims, (name, rows): (&str, &Value)) -> Response {
    respond::json(StatusCode::OK, &json!({ "owner": claims.sub, name: rows }))
}

/// The token is good at this instant, its sender holds what it is bound to, it is for this API, allows
/// to read, and comes of a sign-in that is strong enough.
async fn check(
    cx: &Cx,
    wanted: Option<Wanted>,
) -> Result<Result<Arc<AccessClaims>, Box<Denied>>, Failure> {
    let live = match possession::open(cx, None).await? {
        Ok(live) => live,
        Err(denied) => return Ok(Err(denied)),
    };
    if !live.claims.aud.contains(&demo::resource(&cx.app.settings.issuer)) {
        return Ok(Err(live.denied(bearer::Refusal::Because(bearer::invalid_token()))));
    }
    if !Scope::parse(&live.claims.scope)?.contains(demo::SCOPE) {
        return Ok(Err(live.denied(bearer::Refusal::Scope(Scope::parse(demo::SCOPE)?))));
    }
    if let Some(lacks) = wanted.and_then(|wanted| wanted.of(&live.claims, cx.now)) {
        return Ok(Err(live.denied(bearer::Refusal::Authentication(lacks))));
    }
    Ok(Ok(live.claims))
}
