//! Makes tokens: access tokens by RFC 9068, ID tokens by OIDC Core §2.

use serde::Serialize;
use time::Duration;

use crate::crypto::jwt::Alg;
use crate::endpoints::cx::Cx;
use crate::endpoints::refusal::{Failure, Internal};
use crate::live::catalogue::ApiCatalogue;
use crate::protocol::binding::Binding;
use crate::protocol::claims::{self, Acr, ClaimsRequest};
use crate::protocol::client::Client;
use crate::protocol::code::Authorization;
use crate::protocol::grant::Grant;
use crate::protocol::resource::Resource;
use crate::protocol::scope::Scope;
use crate::protocol::token::{
    ACCESS_TYP, AccessClaims, AudienceClaim, Confirmation, ID_TYP, IdClaims, TokenId,
};
use crate::store::users;

/// A successful answer of the token endpoint (RFC 6749 §5.1, OIDC Core §3.1.3.3): it is written
/// into one response and nowhere else.
#[derive(Serialize)]
pub struct TokenResponse {
    access_token: String,
    token_type: &'static str,
    expires_in: i64,
    #[serde(skip_serializing_if = "String::is_empty")]
    scope: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    refresh_token: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    id_token: Option<String>,
}

impl TokenResponse {
    /// The answer that brings these tokens.
    pub fn new(
        issued: Issued,
        scope: &Scope,
        refresh_token: Option<String>,
        id_token: Option<String>,
    ) -> Self {
        Self {
            access_token: issued.token,
            token_type: Binding::token_type(issued.binding),
            expires_in: issued.lifetime.whole_seconds(),
            scope: scope.to_string(),
            refresh_token,
            id_token,
        }
    }
}

/// An access token and how long it lives.
pub struct Issued {
    /// The compact JWT.
    pub token: String,
    /// Its lifetime.
    pub lifetime: Duration,
    /// Its `jti`.
    pub id: TokenId,
    /// What it is bound to.
    pub binding: Option<Binding>,
}

/// For whom an access token is made.
#[derive(Clone, Copy)]
pub enum Subject<'a> {
    /// The client itself (RFC 6749 §4.4).
    Client,
    /// A person, by their authorization.
    Person(&'a Authorization),
}

/// The lifetime and algorithm that the APIs a token is for agree on: the shortest, and the first's, as
/// far as the client's profile lets it sign.
fn terms(catalogue: &ApiCatalogue, targets: &[Resource], default: Duration) -> (Duration, Alg) {
    let apis: Vec<_> = targets.iter().filter_map(|target| catalogue.api(target)).collect();
    let lifetime = apis.iter().map(|api| api.access_token_lifetime).min().unwrap_or(default);
    (lifetime, apis.first().map_or(Alg::Es256, |api| api.signing_alg))
}

/// An access token (RFC 9068 §2) with `scope`, for the APIs in `targets`, that only the holder of
/// `binding` can use.
///
/// # Errors
/// Where no signing key is active.
pub async fn access_token(
    cx: &Cx,
    client: &Client,
    subject: Subject<'_>,
    (scope, targets): (&Scope, &[Resource]),
    binding: Option<Binding>,
) -> Result<Issued, Failure> {
    let app = &cx.app;
    let catalogue = app.live.catalogue().await?;
    let keys = app.live.keys().await?;
    let (lifetime, alg) = terms(&catalogue, targets, app.settings.lifetimes.access_token);
    let alg = client.profile.signing(alg);
    let key =
        keys.active(alg, app.live.database_time()).ok_or(Internal::Missing("a signing key"))?;
    let (sub, given) = match subject {
        Subject::Client => (client.id.as_str().to_owned(), None),
        Subject::Person(given) => (given.user_id.to_string(), Some(given)),
    };
    let id = TokenId::mint(given.map(|given| given.grant_id), cx.now, app.entropy.as_ref());
    let proved = given.map(|given| &given.authentication);
    let claims = AccessClaims {
        iss: app.settings.issuer.clone(),
        sub,
        aud: AudienceClaim::of(targets, &app.settings.issuer),
        exp: (cx.now + lifetime).unix_timestamp(),
        iat: cx.now.unix_timestamp(),
        jti: id.to_string(),
        client_id: client.id.as_str().to_owned(),
        scope: scope.to_string(),
        auth_time: proved.map(|proved| proved.auth_at.unix_timestamp()),
        acr: proved.map(|proved| Acr::of(proved).as_str().to_owned()),
        amr: proved.map(|proved| claims::amr(proved).into_iter().map(str::to_owned).collect()),
        roles: None,
        cnf: binding.map(Confirmation::from),
    };
    Ok(Issued { token: key.sign(ACCESS_TYP, &claims)?, lifetime, id, binding })
}

/// An ID token (OIDC Core §2) that goes with `access_token`.
///
/// # Errors
/// Where no signing key is active, or Postgres does not answer.
pub async fn id_token(
    cx: &Cx,
    client: &Client,
    given: &Authorization,
    access_token: &str,
) -> Result<String, Failure> {
    let app = &cx.app;
    let keys = app.live.keys().await?;
    let alg = client.id_token_alg;
    let key =
        keys.active(alg, app.live.database_time()).ok_or(Internal::Missing("a signing key"))?;
    let requested = match &given.claims {
        Some(value) => ClaimsRequest::from_value(value)?,
        None => ClaimsRequest::default(),
    };
    let proved = &given.authentication;
    let claims = IdClaims {
        iss: app.settings.issuer.clone(),
        sub: given.user_id.to_string(),
        aud: client.id.as_str().to_owned(),
        exp: (cx.now + app.settings.lifetimes.id_token).unix_timestamp(),
        iat: cx.now.unix_timestamp(),
        auth_time: proved.auth_at.unix_timestamp(),
        nonce: given.nonce.clone(),
        acr: Acr::told(proved, &requested).as_str().to_owned(),
        amr: claims::amr(proved).into_iter().map(str::to_owned).collect(),
        sid: given.session_id.to_string(),
        at_hash: Some(alg.half_hash(access_token)),
        extra: named_claims(cx, given, &requested).await?,
    };
    Ok(key.sign(ID_TYP, &claims)?)
}

/// The claims about the person that the request named for the ID token (OIDC Core §5.5).
async fn named_claims(
    cx: &Cx,
    given: &Authorization,
    requested: &ClaimsRequest,
) -> Result<serde_json::Map<String, serde_json::Value>, Failure> {
    if requested.id_token.is_empty() {
        return Ok(serde_json::Map::new());
    }
    let user = users::find(cx.app.store.pool(), given.user_id).await?;
    let user = user.ok_or(Internal::Missing("the person behind a live grant"))?;
    Ok(claims::id_token_claims(&user, requested))
}

/// How long an unused grant of `client` lives.
pub fn idle(cx: &Cx, client: &Client) -> Duration {
    let lifetimes = &cx.app.settings.lifetimes;
    if client.is_public() {
        lifetimes.refresh_idle_public
    } else {
        lifetimes.refresh_idle_confidential
    }
}

impl Cx {
    /// The refresh token of the grant's present generation, let out into its response.
    pub fn refresh_token(&self, grant: &Grant) -> String {
        let token = grant.refresh_token(grant.generation);
        token.mint(&self.app.secrets.refresh).expose().to_owned()
    }
}
