//! Extractors: bytes to [`Params`], never through a derive (STYLE.md §1.2).

use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};

use crate::protocol::error::{ErrorCode, OAuthError};
use crate::protocol::params::Params;
use crate::web::respond::Failure;

/// The parameters of an `application/x-www-form-urlencoded` body; any other body is refused.
#[derive(Debug)]
pub struct FormParams(pub Params);

/// The parameters of the query.
#[derive(Debug)]
pub struct QueryParams(pub Params);

impl<S: Send + Sync> FromRequest<S> for FormParams {
    type Rejection = Failure;

    async fn from_request(request: Request, state: &S) -> Result<Self, Failure> {
        require_form(request.headers())?;
        let body = Bytes::from_request(request, state).await.map_err(|_| unreadable())?;
        Ok(Self(Params::parse(&body)?))
    }
}

impl<S: Send + Sync> FromRequestParts<S> for QueryParams {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Failure> {
        Ok(Self(Params::parse(parts.uri.query().unwrap_or_default().as_bytes())?))
    }
}

fn unreadable() -> OAuthError {
    ErrorCode::InvalidRequest.because("the body could not be read")
}

/// Exactly one content type, and it is the form's; parameters such as `charset` may follow it.
fn require_form(headers: &HeaderMap) -> Result<(), OAuthError> {
    let mut types = headers.get_all(header::CONTENT_TYPE).iter();
    let (first, second) = (types.next(), types.next());
    let is_form = first.and_then(|value| value.to_str().ok()).is_some_and(|value| {
        let media_type = value.split(';').next().unwrap_or_default().trim();
        media_type.eq_ignore_ascii_case("application/x-www-form-urlencoded")
    });
    if is_form && second.is_none() {
        return Ok(());
    }
    Err(ErrorCode::InvalidRequest.because("content-type must be application/x-www-form-urlencoded"))
}

#[cfg(test)]
mod tests {
    use axum::body::Body;

    use super::*;

    async fn form(media_type: &str, body: &str) -> Result<FormParams, Failure> {
        let request = Request::post("/").header("content-type", media_type);
        FormParams::from_request(request.body(Body::from(body.to_owned())).unwrap(), &()).await
    }

    #[tokio::test]
    async fn a_form_is_read() {
        let media_type = "application/x-www-form-urlencoded; charset=UTF-8";
        let FormParams(params) = form(media_type, "a=1&b=%20").await.unwrap();
        assert_eq!(params.get("a"), Some("1"));
    }

    #[tokio::test]
    async fn json_is_not_a_form() {
        let refused = form("application/json", "{}").await.unwrap_err();
        assert!(
            matches!(refused, Failure::Refused(error) if error.code == ErrorCode::InvalidRequest)
        );
    }
}
