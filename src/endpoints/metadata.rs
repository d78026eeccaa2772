//! The documents that clients read first: discovery (OIDC Discovery §4, RFC 8414 §3) and JWKS.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;

use crate::endpoints::cx::Cx;
use crate::web::headers::allow_cross_origin_reads;

/// How long relying parties may keep the documents: keys are published twice as long before their
/// first use.
const MAX_AGE: HeaderValue = HeaderValue::from_static("public, max-age=300");

/// `GET /oauth2/jwks` (RFC 7517 §5).
pub async fn jwks(cx: Cx) -> Response {
    if cx.app.live.is_loaded() {
        return document(cx.app.live.jwks());
    }
    (StatusCode::SERVICE_UNAVAILABLE, [(header::RETRY_AFTER, "1")]).into_response()
}

/// `GET /.well-known/openid-configuration`.
pub async fn openid_configuration(cx: Cx) -> Response {
    document(cx.app.documents.openid_configuration.clone())
}

/// `GET /.well-known/oauth-authorization-server`.
pub async fn authorization_server(cx: Cx) -> Response {
    document(cx.app.documents.authorization_server.clone())
}

fn document(body: Bytes) -> Response {
    let mut response = body.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert(header::CACHE_CONTROL, MAX_AGE);
    allow_cross_origin_reads(headers);
    response
}
