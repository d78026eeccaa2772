//! What the sender of a request holds: a `DPoP` key (RFC 9449) or a certificate (RFC 8705). The same at
//! every endpoint that gives or takes bound tokens.

use axum::extract::{Request, State};
use axum::http::HeaderValue;
use axum::middleware::Next;
use axum::response::Response;

use crate::config::DpopNonces;
use crate::crypto::secret::Secret;
use crate::endpoints::cx::Cx;
use crate::endpoints::introspect::{LiveToken, live_access_token};
use crate::endpoints::refusal::Failure;
use crate::protocol::bearer::{self, Presented, Scheme};
use crate::protocol::client::Client;
use crate::protocol::dpop::{self, NonceRule, Occasion, Proof};
use crate::protocol::error::{ErrorCode, OAuthError};
use crate::protocol::params::Params;
use crate::protocol::token::Confirmation;
use crate::web::app::App;

/// The proof that `client` sends along with a request for tokens, if it sends one.
///
/// # Errors
/// Where it does not hold.
pub fn shown(cx: &Cx, client: &Client) -> Result<Option<Proof>, OAuthError> {
    proof(cx, client.is_public(), None)
}

/// Uses up the proof, where one was shown: before anything is given for it.
///
/// # Errors
/// Where it was used before, on whichever node (RFC 9449 §11.1).
pub async fn spend(cx: &Cx, proof: Option<&Proof>) -> Result<(), Failure> {
    let Some(proof) = proof else { return Ok(()) };
    let spent = cx.app.store.spend_jti(proof.into()).await?;
    if spent { Ok(()) } else { Err(dpop::replayed().into()) }
}

/// The proof in the request.
fn proof(cx: &Cx, is_public: bool, token: Option<&Secret>) -> Result<Option<Proof>, OAuthError> {
    let headers = cx.header_values(dpop::HEADER);
    if headers.is_empty() {
        return Ok(None);
    }
    let rule = match cx.app.settings.dpop_nonces {
        DpopNonces::Always => NonceRule::Required,
        DpopNonces::Public if is_public => NonceRule::Required,
        DpopNonces::Public | DpopNonces::Never => NonceRule::Optional,
    };
    let occasion = Occasion {
        method: cx.method.as_str(),
        targets: &cx.app.settings.addresses(cx.uri.path()),
        access_token: token.map(Secret::expose),
        nonces: &cx.app.secrets.nonces,
        nonce: rule,
        now: cx.now,
    };
    Proof::read(&headers, &occasion)
}

/// Gives the nonce for the sender's next proof with every answer to a request that had one (RFC 9449
/// §8.2).
pub async fn offer_nonce(State(app): State<App>, request: Request, next: Next) -> Response {
    let has_proof = request.headers().contains_key(dpop::HEADER);
    let mut response = next.run(request).await;
    if has_proof && let Ok(nonce) = HeaderValue::from_str(&app.secrets.nonces.present(app.now())) {
        response.headers_mut().insert(dpop::NONCE_HEADER, nonce);
    }
    response
}

/// An access token that opens a protected resource of this server, or why it does not.
pub type Opened = Result<LiveToken, Box<bearer::Denied>>;

/// The access token in a request to a protected resource, if it is one of ours, good at this instant,
/// and its sender holds what it is bound to. Whether it is for this resource is the caller's to see.
///
/// # Errors
/// Where memory is not fresh and Postgres does not answer.
pub async fn open(cx: &Cx, form: Option<&Params>) -> Result<Opened, Failure> {
    let presented = match bearer::find(&cx.authorization(), form) {
        Ok(presented) => presented,
        Err(refusal) => return Ok(Err(Box::new(refusal.into()))),
    };
    let Some(live) = live_access_token(cx, presented.token.expose()).await? else {
        return Ok(Err(Box::new(presented.scheme.denies(bearer::invalid_token()))));
    };
    match holds(cx, &presented, &live).await? {
        Ok(()) => Ok(Ok(live)),
        Err(error) => {
            let mut denied = presented.scheme.denies(error);
            denied.client_id = Some(live.claims.client_id.clone());
            Ok(Err(Box::new(denied)))
        }
    }
}

/// Whether the sender of `presented` holds what the token is bound to (RFC 9449 §7, RFC 8705 §3). A
/// token bound to a key is never taken as a bearer token, nor the other way round.
async fn holds(
    cx: &Cx,
    presented: &Presented,
    live: &LiveToken,
) -> Result<Result<(), OAuthError>, Failure> {
    let refused = |detail: &'static str| Ok(Err(ErrorCode::InvalidToken.because(detail)));
    match (&live.claims.cnf, presented.scheme) {
        (None, Scheme::Bearer) => Ok(Ok(())),
        (None, Scheme::Dpop) => {
            refused("the access token is bound to no key: send it under the scheme Bearer")
        }
        (Some(Confirmation::Certificate(thumbprint)), _) => {
            let shown = cx.certificate.as_ref().map(|shown| shown.thumbprint().to_base64url());
            match (shown, presented.scheme) {
                (_, Scheme::Dpop) => refused(
                    "the access token is bound to a certificate: send it under the scheme Bearer, in a \
                     connection with that certificate",
                ),
                (Some(shown), Scheme::Bearer) if shown == *thumbprint => Ok(Ok(())),
                (Some(_), Scheme::Bearer) => refused(
                    "the access token is bound to another certificate than the one shown in TLS",
                ),
                (None, Scheme::Bearer) => refused(
                    "the access token is bound to a certificate, and none came with the request; use the \
                     addresses in mtls_endpoint_aliases",
                ),
            }
        }
        (Some(Confirmation::Key(_)), Scheme::Bearer) => refused(
            "the access token is bound to a key: send it under the scheme DPoP, with a proof in the \
             DPoP header",
        ),
        (Some(Confirmation::Key(thumbprint)), Scheme::Dpop) => {
            let client = cx.app.live.client(&live.client_id).await?;
            let is_public = client.is_some_and(|client| client.client.is_public());
            let proof = match proof(cx, is_public, Some(&presented.token)) {
                Ok(Some(proof)) => proof,
                Ok(None) => return Ok(Err(dpop::missing())),
                Err(error) => return Ok(Err(error)),
            };
            if proof.key.to_base64url() != *thumbprint {
                return refused(
                    "the access token is bound to another key than that of the DPoP proof",
                );
            }
            match spend(cx, Some(&proof)).await {
                Ok(()) => Ok(Ok(())),
                Err(Failure::Refused(refusal)) => Ok(Err(refusal.error)),
                Err(failure) => Err(failure),
            }
        }
    }
}
