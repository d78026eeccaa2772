//! Token introspection (RFC 7662): no query while memory is fresh.

use std::sync::Arc;

use axum::http::StatusCode;
use axum::response::Response;

use crate::crypto::jwt::{self, Alg, Audience, Expect};
use crate::crypto::secret::Fingerprint;
use crate::endpoints::authenticate::authenticate;
use crate::endpoints::cx::Cx;
use crate::endpoints::refusal::{self, Failure, Refusal};
use crate::protocol::client::{Client, ClientId};
use crate::protocol::error::ErrorCode;
use crate::protocol::grant::{Grant, RefreshToken};
use crate::protocol::introspection::{self, Introspection, TokenRequest};
use crate::protocol::token::{AccessClaims, TokenId};
use crate::store::{grants, users};
use crate::web::extract::FormParams;
use crate::web::respond;

/// How far our own nodes' clocks may differ, in seconds.
const LEEWAY_S: i64 = 5;

/// `POST /oauth2/introspect`.
pub async fn introspect(cx: Cx, form: FormParams) -> Response {
    match answer(&cx, form).await {
        Ok(answer) => respond::json_no_store(StatusCode::OK, &answer),
        Err(failure) => refusal::json(&cx, "introspection", failure).await,
    }
}

async fn answer(cx: &Cx, form: FormParams) -> Result<Introspection, Failure> {
    let params = form.params()?;
    let caller = authenticate(cx, &params).await?;
    let client = caller.client();
    if client.is_public() {
        let refused = ErrorCode::InvalidClient.because("introspection is for confidential clients");
        return Err(Refusal::from(refused).of(client).into());
    }
    let request = TokenRequest::parse(&params).map_err(|error| Refusal::from(error).of(client))?;
    let token = request.token.expose();
    if let Some(refresh) = RefreshToken::open(token, &cx.app.secrets.refresh) {
        return refresh_token(cx, client, &refresh).await;
    }
    match live_access_token(cx, token).await? {
        Some((claims, _)) if introspection::may_see(client, &claims) => {
            Ok(Introspection::access_token(&claims))
        }
        _ => Ok(Introspection::inactive()),
    }
}

/// The claims of an access token of ours that is good at this instant.
///
/// # Errors
/// Where memory is not fresh and Postgres does not answer.
pub async fn live_access_token(
    cx: &Cx,
    token: &str,
) -> Result<Option<(Arc<AccessClaims>, TokenId)>, Failure> {
    let fingerprint = Fingerprint::of(token.as_bytes());
    let known = cx.app.live.verified.find(&fingerprint, cx.now);
    let claims = match known {
        Some(claims) => claims,
        None => {
            let Some(claims) = verify(cx, token).await? else { return Ok(None) };
            let claims = Arc::new(claims);
            cx.app.live.verified.keep(fingerprint, Arc::clone(&claims));
            claims
        }
    };
    let (Some(id), Some(client)) = (TokenId::parse(&claims.jti), ClientId::parse(&claims.client_id))
    else {
        return Ok(None);
    };
    let alive = cx.app.live.client(&client).await?;
    let enabled = alive.is_some_and(|loaded| loaded.client.disabled_at.is_none());
    if !enabled || cx.app.live.is_revoked(&id, &client).await? {
        return Ok(None);
    }
    Ok(Some((claims, id)))
}

async fn verify(cx: &Cx, token: &str) -> Result<Option<AccessClaims>, Failure> {
    let keys = cx.app.live.keys().await?;
    let expect = Expect {
        typ: &["at+jwt"],
        algs: &Alg::ALL,
        issuer: &cx.app.settings.issuer,
        audience: Audience::Any,
        leeway_s: LEEWAY_S,
        ..Expect::default()
    };
    let verified = jwt::verify::<AccessClaims>(token, keys.public_keys(), &expect, cx.now);
    Ok(verified.ok().map(jwt::Verified::into_inner))
}

/// A refresh token is shown to the client it belongs to only.
async fn refresh_token(
    cx: &Cx,
    client: &Client,
    token: &RefreshToken,
) -> Result<Introspection, Failure> {
    let Some(grant) = grants::find(&cx.app.store, token.grant_id).await? else {
        return Ok(Introspection::inactive());
    };
    let yours = grant.authorization.client_id == client.id;
    if !yours || !is_live(&grant, token, cx.now) {
        return Ok(Introspection::inactive());
    }
    let user = users::find(&cx.app.store, grant.authorization.user_id).await?;
    Ok(match user {
        Some(user) if user.disabled_at.is_none() => {
            Introspection::refresh_token(&grant, &cx.app.settings.issuer)
        }
        _ => Introspection::inactive(),
    })
}

fn is_live(grant: &Grant, token: &RefreshToken, now: time::OffsetDateTime) -> bool {
    grant.is_live(now) && grant.salt == token.salt && grant.generation == token.generation
}
