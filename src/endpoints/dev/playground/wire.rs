//! The playground's HTTP: requests written out as they go over the wire, answered by the whole
//! server, and the answers as they came.

use std::fmt::Write as _;
use std::net::SocketAddr;

use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, Method, Request, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use http_body_util::BodyExt as _;
use serde_json::Value;
use tower::ServiceExt as _;

use crate::endpoints::cx::Cx;
use crate::endpoints::refusal::{Failure, Internal};
use crate::endpoints::router;
use crate::web::edge::{Bounds, Edge};

/// The headers of answers that say something about the protocol.
const TELLING: [header::HeaderName; 5] = [
    header::CONTENT_TYPE,
    header::CACHE_CONTROL,
    header::WWW_AUTHENTICATE,
    header::LOCATION,
    header::RETRY_AFTER,
];

/// A request of a client of ours.
pub struct Call {
    method: Method,
    path: &'static str,
    authorization: Option<String>,
    form: Option<String>,
}

impl Call {
    /// `GET path`.
    pub const fn get(path: &'static str) -> Self {
        Self { method: Method::GET, path, authorization: None, form: None }
    }

    /// `POST path` with a form.
    pub const fn post(path: &'static str, form: String) -> Self {
        Self { method: Method::POST, path, authorization: None, form: Some(form) }
    }

    /// With an `Authorization` header.
    #[must_use]
    pub fn authorized(self, authorization: String) -> Self {
        Self { authorization: Some(authorization), ..self }
    }

    /// Sends it.
    ///
    /// # Errors
    /// Where it cannot be written as HTTP.
    pub async fn send(self, cx: &Cx) -> Result<Exchange, Failure> {
        let host = authority(cx);
        let mut request = Request::builder()
            .method(self.method.clone())
            .uri(self.path)
            .header(header::HOST, &host)
            .header(header::ACCEPT, "application/json");
        if let Some(value) = &self.authorization {
            request = request.header(header::AUTHORIZATION, value);
        }
        if self.form.is_some() {
            request = request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        }
        let body = Body::from(self.form.clone().unwrap_or_default());
        let request = request.body(body).map_err(|_| Internal::Missing("a well-formed request"))?;
        let said = self.written(request.headers());
        let response = answer(cx, request).await;
        Exchange::read(said, response).await
    }

    fn written(&self, headers: &HeaderMap) -> String {
        let mut text = format!("{} {} HTTP/1.1\n{}", self.method, self.path, lines(headers.iter()));
        if let Some(form) = &self.form {
            // One parameter per line: the only thing that is not as it is on the wire.
            let _ = write!(text, "\n{}", form.replace('&', "\n&"));
        }
        text
    }
}

/// The host and port of the issuer.
pub fn authority(cx: &Cx) -> String {
    let url = &cx.app.settings.issuer_url;
    let host = url.host_str().unwrap_or_default();
    url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
}

/// Lets this very server answer, from the bounds of a request to the form of a refusal.
async fn answer(cx: &Cx, request: Request<Body>) -> Response {
    let settings = &cx.app.settings;
    let edge = Edge::new(
        &settings.issuer_url,
        Bounds::default(),
        settings.trusted_proxies.clone(),
        cx.app.entropy.clone(),
    );
    let router = router(cx.app.clone());
    let handle = |request: Request<Body>| async move {
        router.oneshot(request).await.unwrap_or_else(|never| match never {}).into_response()
    };
    edge.answer(request, SocketAddr::new(cx.address, 0), handle).await
}

/// What was sent and what came back.
pub struct Exchange {
    /// The request as text.
    pub request: String,
    /// The response as text.
    pub response: String,
    /// Its status.
    pub status: StatusCode,
    /// Its body, where it is JSON.
    pub body: Value,
}

impl Exchange {
    async fn read(request: String, response: Response) -> Result<Self, Failure> {
        let (parts, body) = response.into_parts();
        let bytes: Bytes = match body.collect().await {
            Ok(collected) => collected.to_bytes(),
            Err(_) => return Err(Internal::Missing("the body of an answer").into()),
        };
        let body: Value = serde_json::from_slice(&bytes).unwrap_or_default();
        let shown = if body.is_null() {
            String::from_utf8_lossy(&bytes).into_owned()
        } else {
            pretty(&body)
        };
        let telling = parts.headers.iter().filter(|(name, _)| TELLING.contains(name));
        let response = format!("HTTP/1.1 {}\n{}\n{shown}", parts.status, lines(telling));
        Ok(Self { request, response, status: parts.status, body })
    }

    /// The string called `name` in the answer.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.body.get(name).and_then(Value::as_str)
    }
}

/// JSON as people read it.
pub fn pretty(json: &Value) -> String {
    serde_json::to_string_pretty(json).unwrap_or_default()
}

fn lines<'a>(
    headers: impl Iterator<Item = (&'a header::HeaderName, &'a header::HeaderValue)>,
) -> String {
    headers.fold(String::new(), |mut text, (name, value)| {
        let _ = writeln!(text, "{name}: {}", String::from_utf8_lossy(value.as_bytes()));
        text
    })
}
