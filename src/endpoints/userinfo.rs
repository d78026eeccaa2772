//! The userinfo endpoint (OIDC Core §5.3): the claims that an access token with `openid` opens.

use axum::extract::{FromRequest as _, Request};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value};
use uuid::Uuid;

use crate::endpoints::cx::Cx;
use crate::endpoints::possession;
use crate::endpoints::refusal::{self, Failure};
use crate::protocol::bearer::{self, Denied};
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
    match load(cx, form).await {
        Ok(Ok(claims)) => respond::json(StatusCode::OK, &claims),
        Ok(Err(denied)) => refusal::deny(cx, "userinfo", *denied).await,
        Err(failure) => refusal::answer(cx, "userinfo", failure).await,
    }
}

async fn load(
    cx: &Cx,
    form: Option<&Params>,
) -> Result<Result<Map<String, Value>, Box<Denied>>, Failure> {
    let live = match possession::open(cx, form).await? {
        Ok(live) => live,
        Err(denied) => return Ok(Err(denied)),
    };
    let scope = Scope::parse(&live.claims.scope)?;
    if !scope.contains(OPENID) {
        return Ok(Err(live.denied(bearer::Refusal::Scope(Scope::parse(OPENID)?))));
    }
    let store = cx.app.store.pool();
    let user = match Uuid::parse_str(&live.claims.sub) {
        Ok(subject) => users::find(store, subject).await?,
        Err(_) => None,
    };
    let Some(user) = user.filter(|user| user.disabled_at.is_none()) else {
        return Ok(Err(live.denied(bearer::Refusal::Because(bearer::invalid_token()))));
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
