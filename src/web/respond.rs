//! Answers: JSON, pages, redirects, and what is refused (DESIGN.md §4).

use std::error::Error;
use std::time::Duration;

use askama::Template;
use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use crate::protocol::error::OAuthError;
use crate::web::headers::PagePolicy;
use crate::web::limits::RetryAfter;
use crate::web::pages::error::ErrorPage;
use crate::web::path::Audience;
use crate::web::refusal::RefusalId;
use crate::web::text::Text;

/// Why a request was not done. As a response it is bare; [`crate::web::edge`] gives it its form, JSON
/// for a program and a page for a person, and an id where it has none.
#[derive(Debug)]
pub enum Failure {
    /// The caller did something it may not.
    Refused(OAuthError),
    /// The same, already written to the audit log under this id.
    Recorded(OAuthError, RefusalId),
    /// A page that needs a sign-in, a form of another browser, … in words for a person.
    Shown(StatusCode, &'static str),
    /// Too many tries: 429 with `Retry-After`.
    Limited(RetryAfter),
    /// We have no room just now: 503 with `Retry-After`.
    Busy(Duration),
    /// Our fault. The cause goes to the log, never to the caller (LG-05).
    Internal(Box<dyn Error + Send + Sync>),
}

impl Failure {
    /// Our fault, because of `cause`.
    pub fn internal(cause: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self::Internal(cause.into())
    }
}

impl From<OAuthError> for Failure {
    fn from(error: OAuthError) -> Self {
        Self::Refused(error)
    }
}

impl From<RetryAfter> for Failure {
    fn from(pause: RetryAfter) -> Self {
        Self::Limited(pause)
    }
}

/// What a bare refusal carries to the edge in its extensions.
#[derive(Debug, Clone)]
pub(crate) struct Undressed {
    /// The `error` of the JSON, the code on the page.
    pub code: &'static str,
    /// What was wrong, for the developer.
    pub detail: String,
    /// The id, where one was recorded already.
    pub id: Option<RefusalId>,
    /// What went wrong on our side: for the log, with the id, and for nobody else.
    pub cause: Option<String>,
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let (status, undressed, pause) = match self {
            Self::Refused(error) => refused(&error, None),
            Self::Recorded(error, id) => refused(&error, Some(id)),
            Self::Shown(status, detail) => (status, plain(code_of(status), detail), None),
            Self::Limited(RetryAfter(pause)) => {
                let status = StatusCode::TOO_MANY_REQUESTS;
                (
                    status,
                    plain(code_of(status), "too many tries, wait before the next one"),
                    Some(pause),
                )
            }
            Self::Busy(pause) => {
                let status = StatusCode::SERVICE_UNAVAILABLE;
                (status, plain(code_of(status), "the server is busy, try again"), Some(pause))
            }
            Self::Internal(cause) => {
                let status = StatusCode::INTERNAL_SERVER_ERROR;
                let cause = Some(Chain(cause.as_ref()).to_string());
                let words = plain(code_of(status), "something went wrong on our side");
                (status, Undressed { cause, ..words }, None)
            }
        };
        let mut response = Response::new(Body::empty());
        *response.status_mut() = status;
        if let Some(challenge) = challenge(status, &undressed) {
            response.headers_mut().insert(header::WWW_AUTHENTICATE, challenge);
        }
        if let Some(pause) = pause {
            response.headers_mut().insert(header::RETRY_AFTER, seconds(pause));
        }
        response.extensions_mut().insert(undressed);
        response
    }
}

fn refused(error: &OAuthError, id: Option<RefusalId>) -> (StatusCode, Undressed, Option<Duration>) {
    let status = StatusCode::from_u16(error.code.status()).unwrap_or(StatusCode::BAD_REQUEST);
    let (code, detail) = (error.code.as_str(), error.detail.to_string());
    (status, Undressed { code, detail, id, cause: None }, None)
}

fn plain(code: &'static str, detail: &'static str) -> Undressed {
    Undressed { code, detail: detail.to_owned(), id: None, cause: None }
}

/// The `WWW-Authenticate` of a refusal: Basic for a client (RFC 6749 §5.2), Bearer for a token
/// (RFC 6750 §3).
fn challenge(status: StatusCode, refusal: &Undressed) -> Option<HeaderValue> {
    match refusal.code {
        "invalid_client" if status == StatusCode::UNAUTHORIZED => {
            Some(HeaderValue::from_static("Basic realm=\"portcullis\""))
        }
        code @ ("invalid_token" | "insufficient_scope" | "insufficient_user_authentication") => {
            let detail = wire_text(&refusal.detail);
            let text = format!("Bearer error=\"{code}\", error_description=\"{detail}\"");
            HeaderValue::try_from(text).ok()
        }
        _ => None,
    }
}

/// `Retry-After` (RFC 9110 §10.2.3): whole seconds, rounded up.
pub fn seconds(pause: Duration) -> HeaderValue {
    HeaderValue::from(pause.as_millis().div_ceil(1000).try_into().unwrap_or(u64::MAX).max(1))
}

/// The error codes of refusals that OAuth has no word for.
pub(crate) const fn code_of(status: StatusCode) -> &'static str {
    match status.as_u16() {
        401 => "unauthorized",
        403 => "access_denied",
        404 => "not_found",
        405 => "method_not_allowed",
        408 => "request_timeout",
        413 => "content_too_large",
        414 => "uri_too_long",
        421 => "misdirected_request",
        429 => "too_many_requests",
        503 => "temporarily_unavailable",
        500..600 => "server_error",
        _ => "invalid_request",
    }
}

/// `detail` in the characters that RFC 6749 §5.2 allows in `error_description`.
fn wire_text(detail: &str) -> String {
    let allowed = |c: char| matches!(c, ' '..='!' | '#'..='[' | ']'..='~');
    detail.chars().map(|c| if allowed(c) { c } else { '?' }).collect()
}

#[derive(Serialize)]
struct ErrorBody<'a> {
    error: &'a str,
    error_description: String,
    refusal_id: &'a str,
}

/// Gives `refusal` its form for `audience`, a page in the voice of `text`.
pub(crate) fn dress(
    response: &mut Response,
    refusal: &Undressed,
    id: &RefusalId,
    (audience, text): (Audience, Text),
) {
    let status = response.status();
    let body = match audience {
        Audience::Program => {
            set_type(response.headers_mut(), "application/json");
            let error_description = wire_text(&refusal.detail);
            let json =
                ErrorBody { error: refusal.code, error_description, refusal_id: id.as_str() };
            serde_json::to_vec(&json).unwrap_or_default()
        }
        Audience::Person => {
            set_type(response.headers_mut(), "text/html; charset=utf-8");
            let page = ErrorPage::of(text, status.as_u16(), refusal, id.as_str());
            page.render().unwrap_or_default().into_bytes()
        }
    };
    let headers = response.headers_mut();
    headers.remove(header::CONTENT_LENGTH);
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::PRAGMA, HeaderValue::from_static("no-cache"));
    *response.body_mut() = Body::from(body);
}

fn set_type(headers: &mut HeaderMap, media_type: &'static str) {
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type));
}

/// A JSON answer that nobody may keep (RFC 6749 §5.1).
pub fn json(status: StatusCode, body: &impl Serialize) -> Response {
    match serde_json::to_vec(body) {
        Ok(bytes) => json_bytes(status, bytes),
        Err(error) => Failure::internal(error).into_response(),
    }
}

/// The same from bytes that are JSON already.
pub fn json_bytes(status: StatusCode, body: impl Into<Body>) -> Response {
    let mut response = Response::new(body.into());
    *response.status_mut() = status;
    let headers = response.headers_mut();
    set_type(headers, "application/json");
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::PRAGMA, HeaderValue::from_static("no-cache"));
    response
}

/// A page, with what it may load and where its forms may end.
pub fn page(status: StatusCode, page: &impl Template, policy: &PagePolicy) -> Response {
    let html = match page.render() {
        Ok(html) => html,
        Err(error) => return Failure::internal(error).into_response(),
    };
    let mut response = Response::new(Body::from(html));
    *response.status_mut() = status;
    set_type(response.headers_mut(), "text/html; charset=utf-8");
    policy.apply(response.headers_mut());
    response
}

/// A redirect that turns a POST into a GET, so that no credential is posted on (AZ-10: 303).
pub fn see_other(location: &str) -> Response {
    let Ok(location) = HeaderValue::try_from(location) else {
        return Failure::internal("a redirect address holds a control character").into_response();
    };
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::SEE_OTHER;
    response.headers_mut().insert(header::LOCATION, location);
    response
}

/// An error with all its causes on one line.
struct Chain<'a>(&'a (dyn Error + Send + Sync));

impl std::fmt::Display for Chain<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.0)?;
        let mut cause = self.0.source();
        while let Some(error) = cause {
            write!(f, ": {error}")?;
            cause = error.source();
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::error::ErrorCode;

    fn challenge_of(error: OAuthError) -> Option<String> {
        let response = Failure::from(error).into_response();
        let challenge = response.headers().get(header::WWW_AUTHENTICATE)?;
        Some(challenge.to_str().unwrap().to_owned())
    }

    #[test]
    fn a_refusal_says_how_to_authenticate() {
        let basic = challenge_of(ErrorCode::InvalidClient.because("unknown client"));
        assert_eq!(basic.as_deref(), Some("Basic realm=\"portcullis\""));
        let bearer = challenge_of(ErrorCode::InvalidToken.because("a \"quoted\" word"));
        let text = "Bearer error=\"invalid_token\", error_description=\"a ?quoted? word\"";
        assert_eq!(bearer.as_deref(), Some(text));
        assert_eq!(challenge_of(ErrorCode::InvalidRequest.because("x")), None);
    }

    #[test]
    fn a_pause_is_whole_seconds_rounded_up() {
        assert_eq!(seconds(Duration::from_millis(1)), "1");
        assert_eq!(seconds(Duration::from_millis(2001)), "3");
    }

    #[test]
    fn a_redirect_after_a_form_is_a_303() {
        assert_eq!(see_other("/next").status(), StatusCode::SEE_OTHER);
        assert_eq!(see_other("/a\r\nb").status(), StatusCode::INTERNAL_SERVER_ERROR);
    }
}
