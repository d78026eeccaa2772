//! Client authentication, the same at every endpoint that asks for it (RFC 6749 §2.3).

use std::sync::Arc;

use axum::http::header;

use crate::endpoints::cx::Cx;
use crate::endpoints::refusal::{Failure, Refusal};
use crate::live::clients::LoadedClient;
use crate::protocol::client::{Client, ClientAuth, ClientKeys};
use crate::protocol::client_auth::{AuthenticatedClient, Claim, ProofContext};
use crate::protocol::error::ErrorCode;
use crate::protocol::params::Params;
use crate::store::used_jtis;
use crate::web::limits::Class;

/// A client that proved itself, and its registration.
pub struct Caller {
    /// The proof.
    pub proof: AuthenticatedClient,
    loaded: Arc<LoadedClient>,
}

impl Caller {
    /// The client.
    pub fn client(&self) -> &Client {
        &self.loaded.client
    }
}

/// The client that sent `params`, proved by its registered method.
///
/// # Errors
/// `invalid_client` where it is unknown, disabled or did not prove itself (an unknown client and a
/// wrong secret look the same); 429 after too many failures from one address.
pub async fn authenticate(cx: &Cx, params: &Params) -> Result<Caller, Failure> {
    let mut headers = cx.headers.get_all(header::AUTHORIZATION).iter();
    let authorization = headers.next().map(|value| value.to_str().unwrap_or("\u{fffd}"));
    if headers.next().is_some() {
        return Err(ErrorCode::InvalidRequest.because("more than one Authorization header").into());
    }
    let claim = Claim::find(authorization, params)?;
    let key = (claim.client_id().as_str().to_owned(), cx.address);
    cx.app.limiter.peek(Class::ClientAuthentication, &key, cx.now)?;
    let proved = prove(cx, claim).await;
    if let Err(Failure::Refused(_)) = &proved {
        cx.app.limiter.take(Class::ClientAuthentication, &key, cx.now);
    }
    proved
}

async fn prove(cx: &Cx, claim: Claim) -> Result<Caller, Failure> {
    let Some(loaded) = cx.app.live.client(claim.client_id()).await? else {
        let known_as = claim.client_id().as_str().to_owned();
        let refusal = Refusal::from(claim.refuse_unknown());
        return Err(refusal.with("client_id", known_as).with("reason", "no such client").into());
    };
    let fetched = match &loaded.client.auth {
        ClientAuth::PrivateKeyJwt(ClientKeys::Uri(uri)) => {
            let kid = claim.assertion_kid();
            let keys = cx.app.client_keys.get(uri, kid.as_deref(), cx.app.clock.instant()).await;
            let keys = keys.map_err(|error| {
                let refused = ErrorCode::InvalidClient.because("the client's keys are not at hand");
                Refusal::from(refused).with("jwks_uri", uri).with("reason", error)
            });
            Some(keys?)
        }
        _ => None,
    };
    let settings = &cx.app.settings;
    let context = ProofContext {
        issuer: &settings.issuer,
        token_endpoint: &settings.url("/oauth2/token"),
        now: cx.now,
    };
    let keys = fetched.as_deref().or(loaded.keys.as_ref());
    let proof = claim.prove(&loaded.client, keys, &context).map_err(|error| {
        Refusal::from(error).of(&loaded.client).with("registered_method", loaded.client.auth.method())
    })?;
    if let Some(once) = proof.once() {
        let spent = used_jtis::spend(&cx.app.store, &loaded.client.id, &once.jti_hash, once.expires_at);
        if !spent.await? {
            let replay = ErrorCode::InvalidClient.because("the assertion was used before");
            return Err(Refusal::from(replay).of(&loaded.client).into());
        }
    }
    Ok(Caller { proof, loaded })
}
