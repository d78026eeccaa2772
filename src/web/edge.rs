//! What holds for every request before and after its handler: one spelling of the path, bounded
//! sizes and times, a form for every error, headers on every answer, and no panic that gets out.

use std::future::Future;
use std::net::SocketAddr;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::Request;
use axum::http::{HeaderValue, Method, StatusCode, Uri, Version, header};
use axum::response::{IntoResponse as _, Response};
use http_body_util::{BodyExt as _, LengthLimitError, Limited};
use hyper::body::Body as HttpBody;

use crate::ambient::Entropy;
use crate::web::clear_text;
use crate::web::client_address::TrustedProxies;
use crate::web::client_certificate::{self, AskedBy};
use crate::web::headers::{self, Transport};
use crate::web::path::{self, Audience, Exception};
use crate::web::refusal::RefusalId;
use crate::web::respond::{self, Failure, Undressed};
use crate::web::text::{Text, Tongue};

/// The bounds of a request (SECURITY.md §4).
#[derive(Debug, Clone)]
pub struct Bounds {
    /// The longest request target, in bytes: 414 above.
    pub uri_bytes: usize,
    /// The largest body, in bytes: 413 above.
    pub body_bytes: usize,
    /// How long a body may take to arrive: 408 after.
    pub body_arrival: Duration,
    /// How long a handler may take: 503 after.
    pub handling: Duration,
    /// Paths with bounds of their own, first match counts.
    pub exceptions: Vec<Exception>,
}

impl Default for Bounds {
    fn default() -> Self {
        Self {
            uri_bytes: 8 * 1024,
            body_bytes: 64 * 1024,
            body_arrival: Duration::from_secs(15),
            handling: Duration::from_secs(5),
            exceptions: Vec::new(),
        }
    }
}

/// Wraps the router. Clone it freely.
#[derive(Clone)]
pub struct Edge(Arc<Inner>, AskedBy, Transport);

struct Inner {
    bounds: Bounds,
    transport: Transport,
    authority: String,
    proxies: TrustedProxies,
    entropy: Arc<dyn Entropy>,
}

/// The client's address, in every request's extensions, after trusted proxies were believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClientAddress(pub std::net::IpAddr);

impl Edge {
    /// An edge for `issuer`, which decides whether we are https and which host is ours.
    pub fn new(
        issuer: &url::Url,
        bounds: Bounds,
        proxies: TrustedProxies,
        entropy: Arc<dyn Entropy>,
    ) -> Self {
        let transport = if issuer.scheme() == "https" { Transport::Https } else { Transport::Http };
        let host = issuer.host_str().unwrap_or_default();
        let authority =
            issuer.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"));
        let inner = Inner { bounds, transport, authority, proxies, entropy };
        Self(Arc::new(inner), AskedBy::Proxies, Transport::Http)
    }

    /// The same for a listener that ends TLS.
    #[must_use]
    pub fn over_tls(self) -> Self {
        Self(self.0, self.1, Transport::Https)
    }

    /// The same for a listener that ends TLS and asks for certificates itself.
    #[must_use]
    pub fn asking(self) -> Self {
        Self(self.0, AskedBy::Us, Transport::Https)
    }

    /// Answers `request` from `peer` by `handle`, whatever happens in it.
    pub async fn answer<B, H, F>(
        &self,
        mut request: hyper::Request<B>,
        peer: SocketAddr,
        handle: H,
    ) -> Response
    where
        B: HttpBody<Data = Bytes, Error: Into<axum::BoxError>> + Unpin,
        H: FnOnce(Request) -> F,
        F: Future<Output = Response>,
    {
        let audience = Audience::of(request.uri().path());
        let is_head = request.method() == Method::HEAD;
        // Who is refused here, before any handler, is told so in their language too.
        let own = match audience {
            Audience::Person => {
                Tongue::of(request.uri().query(), request.headers()).text(Arc::default())
            }
            Audience::Program => Text::default(),
        };
        let client = self.0.proxies.client_address(peer, request.headers());
        request.extensions_mut().insert(ClientAddress(client));
        let (mut parts, body) = request.into_parts();
        client_certificate::settle(&self.0.proxies, self.1, peer, &mut parts);
        let request = hyper::Request::from_parts(parts, body);
        let mut response = if self.is_exposed(&request, peer) {
            in_clear_text()
        } else {
            match self.admit(request).await {
                Ok((request, limit)) => respond_within(limit, handle, request).await,
                Err(status) => refusal(status),
            }
        };
        let text = response.extensions_mut().remove::<Text>().unwrap_or(own);
        self.finish(&mut response, (audience, text));
        if is_head {
            *response.body_mut() = Body::empty();
        }
        response
    }

    /// Whether `request` carries over http what is for https.
    fn is_exposed<B>(&self, request: &hyper::Request<B>, peer: SocketAddr) -> bool {
        let (method, headers) = (request.method(), request.headers());
        self.0.transport == Transport::Https
            && clear_text::matters(method, headers)
            && clear_text::is(&self.0.proxies, (peer.ip(), self.2), headers)
    }

    /// Checks the head, then reads the body whole: handlers never wait for a client.
    async fn admit<B>(&self, request: hyper::Request<B>) -> Result<(Request, Duration), StatusCode>
    where
        B: HttpBody<Data = Bytes, Error: Into<axum::BoxError>> + Unpin,
    {
        let bounds = &self.0.bounds;
        self.check_head(&request)?;
        let path = request.uri().path();
        let exception = bounds.exceptions.iter().find(|exception| exception.covers(path));
        let most = exception.map_or(bounds.body_bytes, |exception| exception.body_bytes);
        let handling = exception.map_or(bounds.handling, |exception| exception.handling);
        let (parts, body) = request.into_parts();
        let body = if body.is_end_stream() {
            Body::empty()
        } else {
            let announced = body.size_hint().lower();
            if announced > u64::try_from(most).unwrap_or(u64::MAX) {
                return Err(StatusCode::PAYLOAD_TOO_LARGE);
            }
            let read = Limited::new(body, most).collect();
            match tokio::time::timeout(bounds.body_arrival, read).await {
                Ok(Ok(body)) => Body::from(body.to_bytes()),
                Ok(Err(error)) if error.is::<LengthLimitError>() => {
                    return Err(StatusCode::PAYLOAD_TOO_LARGE);
                }
                Ok(Err(_)) => return Err(StatusCode::BAD_REQUEST),
                Err(_) => return Err(StatusCode::REQUEST_TIMEOUT),
            }
        };
        Ok((Request::from_parts(parts, body), handling))
    }

    fn check_head<B>(&self, request: &hyper::Request<B>) -> Result<(), StatusCode> {
        let uri = request.uri();
        if length(uri) > self.0.bounds.uri_bytes {
            return Err(StatusCode::URI_TOO_LONG);
        }
        if matches!(*request.method(), Method::TRACE | Method::CONNECT) {
            return Err(StatusCode::METHOD_NOT_ALLOWED);
        }
        let is_oauth = uri.path().starts_with("/oauth2/");
        if is_oauth && request.method() == Method::HEAD {
            return Err(StatusCode::METHOD_NOT_ALLOWED);
        }
        if !path::is_canonical(uri.path()) {
            return Err(StatusCode::NOT_FOUND);
        }
        if request.version() <= Version::HTTP_11 {
            self.check_host(request)?;
        }
        Ok(())
    }

    /// One `Host` in HTTP/1.1 (RFC 9112 §3.2). What it says changes nothing, but an absolute-form
    /// target that names another server was not meant for us.
    fn check_host<B>(&self, request: &hyper::Request<B>) -> Result<(), StatusCode> {
        let hosts = request.headers().get_all(header::HOST).iter().count();
        if hosts > 1 || (hosts == 0 && request.version() == Version::HTTP_11) {
            return Err(StatusCode::BAD_REQUEST);
        }
        match request.uri().authority() {
            Some(authority) if !authority.as_str().eq_ignore_ascii_case(&self.0.authority) => {
                Err(StatusCode::MISDIRECTED_REQUEST)
            }
            _ => Ok(()),
        }
    }

    /// Gives errors their form and every answer its headers.
    fn finish(&self, response: &mut Response, reader: (Audience, Text)) {
        let status = response.status();
        if status.is_client_error() || status.is_server_error() {
            let undressed = response.extensions_mut().remove::<Undressed>();
            if let Some(refusal) = undressed.or_else(|| bare(response)) {
                let id = refusal.id.clone().unwrap_or_else(|| RefusalId::mint(&*self.0.entropy));
                if status == StatusCode::INTERNAL_SERVER_ERROR {
                    let cause = refusal.cause.as_deref().unwrap_or("a handler answered 500");
                    tracing::error!(refusal_id = %id, cause, "a request failed on our side");
                }
                respond::dress(response, &refusal, &id, reader);
            }
        }
        if matches!(status, StatusCode::REQUEST_TIMEOUT | StatusCode::PAYLOAD_TOO_LARGE) {
            response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
        }
        headers::complete(response.headers_mut(), self.0.transport);
    }
}

fn length(uri: &Uri) -> usize {
    uri.path_and_query().map_or(0, |target| target.as_str().len())
}

/// An error that the router or a library made: it has no form of ours yet.
fn bare(response: &Response) -> Option<Undressed> {
    let media_type = response.headers().get(header::CONTENT_TYPE).map(HeaderValue::as_bytes);
    let is_ours = media_type.is_some_and(|media_type| !media_type.starts_with(b"text/plain"));
    let is_challenge = response.headers().contains_key(header::WWW_AUTHENTICATE);
    (!is_ours && !is_challenge).then(|| undressed(response.status()))
}

fn undressed(status: StatusCode) -> Undressed {
    let detail = match status.as_u16() {
        404 => "there is nothing at this address",
        405 => "this address does not take that method",
        408 => "the request body took too long to arrive",
        413 => "the request body is too large",
        414 => "the request address is too long",
        421 => "the request was meant for another server",
        503 => "the server took too long, try again",
        500..600 => "something went wrong on our side",
        _ => "the request could not be read",
    };
    Undressed { code: respond::code_of(status), detail: detail.to_owned(), id: None, cause: None }
}

fn refusal(status: StatusCode) -> Response {
    let mut response = status.into_response();
    response.extensions_mut().insert(undressed(status));
    response
}

fn in_clear_text() -> Response {
    let status = StatusCode::BAD_REQUEST;
    let detail =
        "the request came over http, and must come over https; a secret in it is to be replaced";
    let mut response = status.into_response();
    let code = respond::code_of(status);
    let undressed = Undressed { code, detail: detail.to_owned(), id: None, cause: None };
    response.extensions_mut().insert(undressed);
    response
}

async fn respond_within<H, F>(limit: Duration, handle: H, request: Request) -> Response
where
    H: FnOnce(Request) -> F,
    F: Future<Output = Response>,
{
    let Ok(future) = catch_unwind(AssertUnwindSafe(|| handle(request))) else { return panicked() };
    let future = NoPanic(pin!(future));
    match tokio::time::timeout(limit, future).await {
        Ok(Some(response)) => response,
        Ok(None) => panicked(),
        Err(_) => Failure::Busy(Duration::from_secs(1)).into_response(),
    }
}

fn panicked() -> Response {
    Failure::internal("a handler panicked").into_response()
}

/// A future that ends with nothing where the inner one panics.
struct NoPanic<'a, F>(Pin<&'a mut F>);

impl<F: Future> Future for NoPanic<'_, F> {
    type Output = Option<F::Output>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        match catch_unwind(AssertUnwindSafe(|| self.0.as_mut().poll(cx))) {
            Ok(Poll::Ready(output)) => Poll::Ready(Some(output)),
            Ok(Poll::Pending) => Poll::Pending,
            Err(_) => Poll::Ready(None),
        }
    }
}

#[cfg(test)]
#[path = "edge_tests.rs"]
mod tests;
