//! Token introspection (RFC 7662): no query while memory is fresh.

use std::sync::Arc;

use axum::http::StatusCode;
use axum::response::Response;
use time::OffsetDateTime;

use crate::crypto::jwt::{self, Alg, Audience, Expect, Expiry};
use crate::crypto::secret::Fingerprint;
use crate::endpoints::authenticate::authenticate;
use crate::endpoints::cx::Cx;
use crate::endpoints::refusal::{self, Failure, Refusal};
use crate::protocol::bearer::{self, Denied, Scheme};
use crate::protocol::client::{Client, ClientId};
use crate::protocol::error::ErrorCode;
use crate::protocol::grant::RefreshToken;
use crate::protocol::introspection::{Active, TokenQuery, is_own, may_see_access};
use crate::protocol::token::{ACCESS_TYP, AccessClaims, Confirmation, TokenId};
use crate::store::{grants, users};
use crate::web::extract::FormParams;
use crate::web::respond;

/// How far our own nodes' clocks may differ, in seconds.
const LEEWAY_S: i64 = 5;
/// The longest token that is looked at, in bytes.
const LONGEST: usize = 8192;

/// `POST /oauth2/introspect`.
pub async fn introspect(cx: Cx, FormParams(params): FormParams) -> Response {
    let answered = async {
        let caller = authenticate(&cx, &params).await?;
        let client = caller.client();
        if client.is_public() {
            let refused = ErrorCode::InvalidClient.because("a public client may not introspect");
            return Err(Refusal::from(refused).of(client).into());
        }
        let query = TokenQuery::parse(&params).map_err(|error| Refusal::from(error).of(client))?;
        look(&cx, client, query.token.expose()).await
    };
    match answered.await {
        Ok(Some(active)) => active,
        // Nothing but this one member, whatever the reason (§2.2).
        Ok(None) => respond::json_bytes(StatusCode::OK, r#"{"active":false}"#),
        Err(failure) => refusal::answer(&cx, "introspection", failure).await,
    }
}

/// What may be told of the token; the hint is not needed, for the kinds do not look alike.
async fn look(cx: &Cx, client: &Client, token: &str) -> Result<Option<Response>, Failure> {
    if let Some(refresh) = RefreshToken::open(token, &cx.app.secrets.refresh) {
        return refresh_token(cx, client, &refresh).await;
    }
    let live = live_access_token(cx, token).await?;
    let seen = live.filter(|live| may_see_access(client, &live.claims));
    Ok(seen.map(|live| told(&Active::of_access(&live.claims))))
}

fn told(active: &Active<'_>) -> Response {
    respond::json(StatusCode::OK, active)
}

/// An access token of ours that is good at this instant.
pub struct LiveToken {
    /// What it says.
    pub claims: Arc<AccessClaims>,
    /// Its `jti`.
    pub id: TokenId,
    /// Whose it is.
    pub client_id: ClientId,
}

impl LiveToken {
    /// The refusal of a resource that this token does not open.
    pub fn denied(&self, refusal: bearer::Refusal) -> Box<Denied> {
        let scheme = match self.claims.cnf {
            Some(Confirmation::Key(_)) => Scheme::Dpop,
            Some(Confirmation::Certificate(_)) | None => Scheme::Bearer,
        };
        Box::new(Denied { refusal, scheme, client_id: Some(self.claims.client_id.clone()) })
    }
}

/// The access token in `token`, if it is one of ours, unexpired, unrevoked, its client enabled.
///
/// # Errors
/// Where memory is not fresh and Postgres does not answer.
pub async fn live_access_token(cx: &Cx, token: &str) -> Result<Option<LiveToken>, Failure> {
    let live = &cx.app.live;
    let fingerprint = Fingerprint::of(token.as_bytes());
    // The later of two clocks: where ours was put back, what has expired stays expired.
    let now = cx.now.max(live.database_time());
    let claims = if let Some(claims) = live.verified.find(&fingerprint, now) {
        claims
    } else {
        let Some(claims) = verify(cx, token, now).await? else { return Ok(None) };
        let claims = Arc::new(claims);
        live.verified.keep(fingerprint, Arc::clone(&claims));
        claims
    };
    let ids = (TokenId::parse(&claims.jti), ClientId::parse(&claims.client_id));
    let (Some(id), Some(client_id)) = ids else { return Ok(None) };
    let client = live.client(&client_id).await?;
    let enabled = client.is_some_and(|loaded| !loaded.client.is_disabled());
    if !enabled || live.is_revoked(&id, &client_id).await? {
        return Ok(None);
    }
    Ok(Some(LiveToken { claims, id, client_id }))
}

async fn verify(
    cx: &Cx,
    token: &str,
    now: OffsetDateTime,
) -> Result<Option<AccessClaims>, Failure> {
    let keys = cx.app.live.keys().await?;
    let expect = Expect {
        typ: &[ACCESS_TYP],
        algs: &Alg::ALL,
        issuer: &cx.app.settings.issuer,
        audience: Audience::Any,
        expiry: Expiry::Required,
        required: &["sub", "jti", "iat", "client_id"],
        leeway_s: LEEWAY_S,
        max_bytes: LONGEST,
    };
    let verified = jwt::verify::<AccessClaims>(token, keys.public_keys(), &expect, now);
    // The leeway is for clocks, not for us: a token of ours ends when it says.
    let claims = verified.ok().map(jwt::Verified::into_claims);
    Ok(claims.filter(|claims| claims.exp > now.unix_timestamp()))
}

/// A refresh token is shown to the client that it belongs to only.
async fn refresh_token(
    cx: &Cx,
    client: &Client,
    token: &RefreshToken,
) -> Result<Option<Response>, Failure> {
    let store = cx.app.store.pool();
    let Some(grant) = grants::find(store, token.grant_id).await? else { return Ok(None) };
    let present = grant.salt == token.salt && grant.generation == token.generation;
    let own = is_own(client, &grant.authorization.client_id);
    if !own || !present || grant.death(cx.now).is_some() {
        return Ok(None);
    }
    let user = users::find(store, grant.authorization.user_id).await?;
    let user = user.filter(|user| user.disabled_at.is_none());
    Ok(user.map(|user| {
        told(&Active::of_refresh(&grant, &cx.app.settings.issuer, user.username.as_str()))
    }))
}
