//! The userinfo endpoint (OIDC Core §5.3): the claims that an access token with `openid` opens.

use axum::extract::{FromRequest as _, Request};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value};
use uuid::Uuid;

use crate::endpoints::cx::Cx;
use crate::endpoints::introspect::live_access_token;
use crate::endpoints::refusal::{self, Failure, Refusal};
use crate::protocol::bearer;
use crate::protocol::claims::{self, ClaimsRequest};
use crate::protocol::params::Params;
use crate::protocol::scope::{OPENID, Scope};
use crate::store::{grants, users};
use crate::web::extract::FormParams;
use crate::web::respond;

/// `GET /oauth2/userinfo`.
pub async fn get(cx: Cx) -> Response {
    answer(&cx, None).await
}

/// `POST /oauth2/userinfo`: the token in the header or in the body, never in both.
pub async fn post(cx: Cx, request: Request) -> Response {
    if !request.headers().contains_key(header::CONTENT_TYPE) {
        return answer(&cx, None).await;
    }
    match FormParams::from_request(request, &()).await {
        Ok(FormParams(params)) => answer(&cx, Some(&params)).await,
        Err(failure) => failure.into_response(),
    }
}

async fn answer(cx: &Cx, form: Option<&Params>) -> Response {
    let token = match bearer::find(&cx.authorization(), form) {
        Ok(token) => token,
        Err(refusal) => return refuse(cx, refusal, None).await,
    };
    match load(cx, token.expose()).await {
        Ok(Ok(claims)) => respond::json(StatusCode::OK, &claims),
        Ok(Err((refusal, client))) => refuse(cx, refusal, client).await,
        Err(failure) => refusal::answer(cx, "userinfo", failure).await,
    }
}

/// A refusal with the challenge that RFC 6750 §3 asks for.
async fn refuse(cx: &Cx, refusal: bearer::Refusal, client: Option<String>) -> Response {
    let mut response = match refusal.error() {
        Some(error) => {
            let mut refused = Refusal::from(error);
            refused.client_id = client;
            refusal::answer(cx, "userinfo", refused.into()).await
        }
        None => StatusCode::UNAUTHORIZED.into_response(),
    };
    if let Ok(challenge) = HeaderValue::from_str(&refusal.challenge()) {
        response.headers_mut().insert(header::WWW_AUTHENTICATE, challenge);
    }
    response
}

type Refused = (bearer::Refusal, Option<String>);

async fn load(cx: &Cx, token: &str) -> Result<Result<Map<String, Value>, Refused>, Failure> {
    let dead = || bearer::Refusal::Because(bearer::invalid_token());
    let Some(live) = live_access_token(cx, token).await? else { return Ok(Err((dead(), None))) };
    let client = Some(live.claims.client_id.clone());
    let scope = Scope::parse(&live.claims.scope)?;
    if !scope.contains(OPENID) {
        return Ok(Err((bearer::Refusal::Scope(Scope::parse(OPENID)?), client)));
    }
    let store = cx.app.store.pool();
    let user = match Uuid::parse_str(&live.claims.sub) {
        Ok(subject) => users::find(store, subject).await?,
        Err(_) => None,
    };
    let Some(user) = user.filter(|user| user.disabled_at.is_none()) else {
        return Ok(Err((dead(), client)));
    };
    let grant = match live.id.grant_id {
        Some(id) => grants::find(store, id).await?,
        None => None,
    };
    let requested = match grant.and_then(|grant| grant.authorization.claims) {
        Some(value) => ClaimsRequest::from_value(&value)?,
        None => ClaimsRequest::default(),
    };
    Ok(Ok(claims::userinfo(&user, &scope, &requested)))
}
