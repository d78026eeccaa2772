//! The demo API: what a resource server does with a token (RFC 6750), on two pages of code.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use serde_json::json;

use crate::crypto::secret::Secret;
use crate::endpoints::cx::Cx;
use crate::endpoints::dev::{has_demo, nothing};
use crate::endpoints::introspect::live_access_token;
use crate::endpoints::refusal::{self, Failure, Refusal};
use crate::manage::demo;
use crate::protocol::bearer;
use crate::protocol::scope::Scope;
use crate::protocol::token::AccessClaims;
use crate::web::respond;

/// `GET /demo/api/orders`: the orders of whoever the token is about.
pub async fn orders(cx: Cx) -> Response {
    if !has_demo(&cx) {
        return nothing();
    }
    let refused = match bearer::find(&cx.authorization(), None) {
        Ok(token) => match check(&cx, &token).await {
            Ok(Ok(claims)) => return answer(&claims),
            Ok(Err(refused)) => refused,
            Err(failure) => return refusal::answer(&cx, "demo/api", failure).await,
        },
        Err(refused) => refused,
    };
    refuse(&cx, &refused).await
}

fn answer(claims: &AccessClaims) -> Response {
    let orders = json!([
        { "id": 1001, "item": "Oak door, iron-bound", "status": "delivered" },
        { "id": 1002, "item": "Spare key", "status": "on its way" },
    ]);
    respond::json(StatusCode::OK, &json!({ "owner": claims.sub, "orders": orders }))
}

/// The token is good at this instant, is for this API, and allows to read.
async fn check(cx: &Cx, token: &Secret) -> Result<Result<AccessClaims, bearer::Refusal>, Failure> {
    let live = live_access_token(cx, token.expose()).await?;
    let resource = demo::resource(&cx.app.settings.issuer);
    let Some(live) = live.filter(|live| live.claims.aud.contains(&resource)) else {
        return Ok(Err(bearer::Refusal::Because(bearer::invalid_token())));
    };
    let scope = Scope::parse(&live.claims.scope)?;
    if !scope.contains(demo::SCOPE) {
        return Ok(Err(bearer::Refusal::Scope(Scope::parse(demo::SCOPE)?)));
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
