//! The documents that clients read first: discovery (OIDC Discovery §4, RFC 8414 §3) and JWKS.

use axum::extract::State;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;

use crate::crypto::webauthn::RelyingParty;
use crate::web::app::App;
use crate::web::headers::allow_cross_origin_reads;

/// How long relying parties may keep the documents: keys are published twice as long before their
/// first use.
const MAX_AGE: HeaderValue = HeaderValue::from_static("public, max-age=300");

/// `GET /oauth2/jwks` (RFC 7517 §5).
pub async fn jwks(State(app): State<App>) -> Response {
    if app.live.is_loaded() {
        return document(app.live.jwks());
    }
    (StatusCode::SERVICE_UNAVAILABLE, [(header::RETRY_AFTER, "1")]).into_response()
}

/// `GET /.well-known/openid-configuration`.
pub async fn openid_configuration(State(app): State<App>) -> Response {
    document(app.documents.openid_configuration.clone())
}

/// `GET /.well-known/oauth-authorization-server`.
pub async fn authorization_server(State(app): State<App>) -> Response {
    document(app.documents.authorization_server.clone())
}

/// `GET /.well-known/webauthn`: where else our passkeys may be used (WebAuthn §5.11.1). The issuer's
/// own origin needs no leave, so that without others there is no document.
pub async fn webauthn(State(app): State<App>) -> Response {
    match app.passkeys.as_ref().map(RelyingParty::origins) {
        Some(origins) if origins.len() > 1 => {
            let body = serde_json::json!({ "origins": origins });
            document(body.to_string().into())
        }
        _ => StatusCode::NOT_FOUND.into_response(),
    }
}

fn document(body: Bytes) -> Response {
    let mut response = body.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert(header::CACHE_CONTROL, MAX_AGE);
    allow_cross_origin_reads(headers);
    response
}
