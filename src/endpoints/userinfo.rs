//! The userinfo endpoint (OIDC Core §5.3): the claims that an access token with `openid` opens.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use uuid::Uuid;

use crate::endpoints::cx::Cx;
use crate::endpoints::introspect::live_access_token;
use crate::endpoints::refusal::{self, Failure, Refusal};
use crate::protocol::bearer;
use crate::protocol::claims;
use crate::protocol::error::ErrorCode;
use crate::protocol::params::Params;
use crate::protocol::scope::Scope;
use crate::store::{grants, users};
use crate::web::extract::FormParams;
use crate::web::respond;

/// `GET /oauth2/userinfo`.
pub async fn get(cx: Cx) -> Response {
    answer(&cx, None).await
}

/// `POST /oauth2/userinfo`: the token in the header or in the body, never in both.
pub async fn post(cx: Cx, form: Option<FormParams>) -> Response {
    let params = match form.map(|form| form.params()).transpose() {
        Ok(params) => params,
        Err(error) => return refusal::json(&cx, "userinfo", error.into()).await,
    };
    answer(&cx, params.as_ref()).await
}

async fn answer(cx: &Cx, params: Option<&Params>) -> Response {
    match load(cx, params).await {
        Ok(claims) => respond::json_no_store(StatusCode::OK, &claims),
        Err(Failure::Refused(refusal)) => {
            let challenge = bearer::challenge(&refusal.error);
            let mut response = refusal::json(cx, "userinfo", (*refusal).into()).await;
            if let Ok(challenge) = HeaderValue::from_str(&challenge) {
                response.headers_mut().insert(header::WWW_AUTHENTICATE, challenge);
            }
            response
        }
        Err(failure) => refusal::json(cx, "userinfo", failure).await,
    }
}

async fn load(
    cx: &Cx,
    params: Option<&Params>,
) -> Result<serde_json::Map<String, serde_json::Value>, Failure> {
    let headers = cx.headers.get_all(header::AUTHORIZATION).iter();
    let headers: Vec<_> = headers.filter_map(|value| value.to_str().ok()).collect();
    let token = bearer::token(&headers, params)?;
    let dead = || ErrorCode::InvalidToken.because("the access token is not valid any more");
    let (claims, id) = live_access_token(cx, token.expose()).await?.ok_or_else(dead)?;
    let blame = |error| Refusal::from(error).with("client_id", &claims.client_id);
    let scope = Scope::parse(&claims.scope)?;
    if !scope.contains(scope_openid()) {
        let refused = ErrorCode::InsufficientScope.because("the access token lacks the scope openid");
        return Err(blame(refused).into());
    }
    let subject = Uuid::parse_str(&claims.sub).map_err(|_| blame(dead()))?;
    let user = users::find(&cx.app.store, subject).await?;
    let user = user.filter(|user| user.disabled_at.is_none()).ok_or_else(|| blame(dead()))?;
    let requested = match id.grant_id() {
        Some(grant) => grants::requested_claims(&cx.app.store, grant).await?,
        None => None,
    };
    Ok(claims::userinfo(&user, &scope, requested.as_ref()))
}

const fn scope_openid() -> &'static str {
    crate::protocol::scope::OPENID
}
