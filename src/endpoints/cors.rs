//! CORS (Fetch §3.2) where applications in browsers need it, and nowhere else (RFC 9700 §2.6):
//! documents that are the same for everybody are open, answers to clients are for the exact origins
//! of registered public clients. Never with credentials, and never for `Origin: null`.

use axum::extract::{Request, State};
use axum::http::header::{self, HeaderMap, HeaderValue};
use axum::http::{Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};

use crate::protocol::discovery::path;
use crate::web::app::App;

/// The request headers that our endpoints read.
const HEADERS: HeaderValue = HeaderValue::from_static("authorization, content-type, dpop");
/// What scripts may read beyond the safelisted: why a token was refused, and when to come back.
const EXPOSED: HeaderValue = HeaderValue::from_static("www-authenticate, retry-after, dpop-nonce");
/// How long a browser may remember the answer to a preflight, in seconds.
const MAX_AGE: HeaderValue = HeaderValue::from_static("600");

/// For discovery and JWKS: any origin may read them.
pub async fn open(request: Request, next: Next) -> Response {
    let anybody = HeaderValue::from_static("*");
    if is_preflight(&request) {
        return preflight(request.uri().path(), anybody);
    }
    let mut response = next.run(request).await;
    response.headers_mut().insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, anybody);
    response
}

/// For what answers to clients: the origins where public clients live may read it. A preflight
/// names no client, so any of them is let through; who is not gets no header at all.
pub async fn registered(State(app): State<App>, request: Request, next: Next) -> Response {
    let origin = known_origin(&app, request.headers()).await;
    let mut response = match (is_preflight(&request), origin) {
        (true, Some(origin)) => preflight(request.uri().path(), origin),
        (true, None) => StatusCode::FORBIDDEN.into_response(),
        (false, Some(origin)) => {
            let mut response = next.run(request).await;
            let headers = response.headers_mut();
            headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
            headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, EXPOSED);
            response
        }
        (false, None) => next.run(request).await,
    };
    response.headers_mut().append(header::VARY, HeaderValue::from_static("Origin"));
    response
}

/// The one `Origin` of a request, where a public client lives there.
async fn known_origin(app: &App, headers: &HeaderMap) -> Option<HeaderValue> {
    let mut origins = headers.get_all(header::ORIGIN).iter();
    let (Some(origin), None) = (origins.next(), origins.next()) else { return None };
    let known = app.live.is_browser_origin(origin.to_str().ok()?).await;
    let known = known.unwrap_or_else(|error| {
        tracing::warn!(%error, "an origin could not be looked up");
        false
    });
    known.then(|| origin.clone())
}

fn is_preflight(request: &Request) -> bool {
    request.method() == Method::OPTIONS
        && request.headers().contains_key(header::ORIGIN)
        && request.headers().contains_key(header::ACCESS_CONTROL_REQUEST_METHOD)
}

/// The answer to a preflight for `path`.
fn preflight(path: &str, origin: HeaderValue) -> Response {
    let methods = match path {
        path::TOKEN | path::PAR | path::REVOKE => HeaderValue::from_static("POST"),
        path::USERINFO => HeaderValue::from_static("GET, POST"),
        _ => HeaderValue::from_static("GET"),
    };
    let mut response = StatusCode::NO_CONTENT.into_response();
    let headers = response.headers_mut();
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
    headers.insert(header::ACCESS_CONTROL_ALLOW_METHODS, methods);
    headers.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, HEADERS);
    headers.insert(header::ACCESS_CONTROL_MAX_AGE, MAX_AGE);
    response
}
