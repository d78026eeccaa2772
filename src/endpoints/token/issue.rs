//! Makes tokens: access tokens by RFC 9068, ID tokens by OIDC Core §2.

use serde::Serialize;
use time::{Duration, OffsetDateTime};

use crate::ambient;
use crate::crypto::jwt::{self, Alg};
use crate::endpoints::cx::Cx;
use crate::endpoints::refusal::{Failure, Internal};
use crate::protocol::api::ApiCatalogue;
use crate::protocol::claims;
use crate::protocol::client::Client;
use crate::protocol::code::Authorization;
use crate::protocol::resource::Resource;
use crate::protocol::scope::Scope;
use crate::protocol::token::{AccessClaims, Audience, IdClaims, TokenId};
use crate::store::users;

/// A successful answer of the token endpoint (RFC 6749 §5.1, OIDC Core §3.1.3.3).
#[derive(Debug, Serialize)]
pub struct TokenResponse {
    /// The access token.
    pub access_token: String,
    /// How it is presented.
    pub token_type: &'static str,
    /// Seconds until it expires.
    pub expires_in: i64,
    /// What it allows.
    pub scope: String,
    /// Good for the next one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refresh_token: Option<String>,
    /// Who signed in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id_token: Option<String>,
}

/// An access token and how long it lives.
pub struct Issued {
    /// The compact JWT.
    pub token: String,
    /// Its lifetime.
    pub lifetime: Duration,
    /// Its `jti`.
    pub id: TokenId,
}

/// For whom an access token is made.
pub enum Subject<'a> {
    /// The client itself (RFC 6749 §4.4).
    Client,
    /// A person, by their authorization.
    Person(&'a Authorization),
}

/// The lifetime and algorithm that the APIs a token is for agree on: the shortest, and the first's.
fn terms(catalogue: &ApiCatalogue, targets: &[Resource], default: Duration) -> (Duration, Alg) {
    let apis: Vec<_> = targets.iter().filter_map(|target| catalogue.api(target)).collect();
    let lifetime = apis.iter().map(|api| api.access_token_lifetime).min().unwrap_or(default);
    (lifetime, apis.first().map_or(Alg::Es256, |api| api.signing_alg))
}

/// An access token (RFC 9068 §2) with `scope`, for the APIs in `targets`.
///
/// # Errors
/// Where no signing key is active.
pub async fn access_token(
    cx: &Cx,
    client: &Client,
    subject: Subject<'_>,
    scope: &Scope,
    targets: &[Resource],
) -> Result<Issued, Failure> {
    let app = &cx.app;
    let catalogue = app.live.catalogue().await?;
    let keys = app.live.keys().await?;
    let (lifetime, alg) = terms(&catalogue, targets, app.settings.lifetimes.access_token);
    let key = keys.active(alg, app.live.database_time()).ok_or(Internal::Missing("a signing key"))?;
    let (sub, grant) = match &subject {
        Subject::Client => (client.id.as_str().to_owned(), None),
        Subject::Person(person) => (person.user_id.to_string(), Some(*person)),
    };
    let serial = ambient::id(cx.now, app.entropy.as_ref());
    let id = TokenId::new(grant.map(|grant| grant.grant_id), serial);
    let authentication = grant.map(|grant| &grant.authentication);
    let claims = AccessClaims {
        iss: app.settings.issuer.clone(),
        sub,
        aud: Audience::of(targets, &app.settings.issuer),
        exp: (cx.now + lifetime).unix_timestamp(),
        iat: cx.now.unix_timestamp(),
        jti: id.to_string(),
        client_id: client.id.as_str().to_owned(),
        scope: scope.to_string(),
        auth_time: authentication.map(|proved| proved.auth_at.unix_timestamp()),
        acr: authentication.map(|proved| claims::acr(proved).to_owned()),
        amr: authentication.map(claims::amr),
        cnf: None,
    };
    Ok(Issued { token: key.sign("at+jwt", &claims)?, lifetime, id })
}

/// An ID token (OIDC Core §2) that goes with `access_token`.
///
/// # Errors
/// Where no signing key is active, or Postgres does not answer.
pub async fn id_token(
    cx: &Cx,
    client: &Client,
    authorization: &Authorization,
    access_token: &str,
    nonce: Option<&str>,
) -> Result<String, Failure> {
    let app = &cx.app;
    let keys = app.live.keys().await?;
    let alg = client.id_token_alg;
    let key = keys.active(alg, app.live.database_time()).ok_or(Internal::Missing("a signing key"))?;
    let requested = match &authorization.claims {
        Some(requested) => requested_claims(cx, authorization, requested).await?,
        None => serde_json::Map::new(),
    };
    let proved = &authorization.authentication;
    let claims = IdClaims {
        iss: app.settings.issuer.clone(),
        sub: authorization.user_id.to_string(),
        aud: client.id.as_str().to_owned(),
        exp: (cx.now + app.settings.lifetimes.id_token).unix_timestamp(),
        iat: cx.now.unix_timestamp(),
        auth_time: proved.auth_at.unix_timestamp(),
        nonce: nonce.map(str::to_owned),
        acr: claims::acr(proved).to_owned(),
        amr: claims::amr(proved),
        sid: authorization.session_id.to_string(),
        at_hash: jwt::at_hash(alg, access_token),
        requested,
    };
    Ok(key.sign("JWT", &claims)?)
}

/// The claims that the request named for the ID token (OIDC Core §5.5).
async fn requested_claims(
    cx: &Cx,
    authorization: &Authorization,
    requested: &serde_json::Value,
) -> Result<serde_json::Map<String, serde_json::Value>, Failure> {
    let Some(user) = users::find(&cx.app.store, authorization.user_id).await? else {
        return Err(Internal::Missing("the user of a live grant").into());
    };
    Ok(claims::for_id_token(&user, requested))
}

/// Whether a grant is good at the instant a code is redeemed: idle end of its refresh token.
pub fn idle_end(cx: &Cx, client: &Client) -> OffsetDateTime {
    let lifetimes = &cx.app.settings.lifetimes;
    let idle = if client.is_public() {
        lifetimes.refresh_idle_public
    } else {
        lifetimes.refresh_idle_confidential
    };
    cx.now + idle
}
