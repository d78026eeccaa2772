//! The accept loop: connections with bounded numbers, heads and times, and a drain that ends.
//!
//! `axum::serve` has none of this (SECURITY.md X1, X2). Every connection has a watchdog, so that
//! neither silence nor half a head keeps a place.

use std::future::Future;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use hyper::body::Incoming;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use rustls::pki_types::CertificateDer;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;

use crate::crypto::acme;
use crate::crypto::certificate::ClientCertificate;
use crate::web::admission::{Admission, Caps};
use crate::web::client_certificate::Shown;
use crate::web::tls::{Refreshed, Tls};
use crate::web::watch::{Pulse, Watched};

/// The bounds of connections (SECURITY.md §4).
#[derive(Debug, Clone)]
pub struct Limits {
    /// How many.
    pub caps: Caps,
    /// How long a request head may take, and a new connection may stay silent.
    pub head: Duration,
    /// How long a connection may do nothing between requests.
    pub idle: Duration,
    /// How long a TLS handshake may take.
    pub handshake: Duration,
    /// How long requests in flight have after the shutdown signal; then they are cut.
    pub drain: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            caps: Caps::default(),
            head: Duration::from_secs(10),
            idle: Duration::from_secs(30),
            handshake: Duration::from_secs(10),
            drain: Duration::from_secs(25),
        }
    }
}

/// How often files with certificates are looked at.
pub const RENEWALS_EVERY: Duration = Duration::from_secs(10);

const MOST_HEAD_BYTES: u32 = 16 * 1024;
const MOST_FIELDS: usize = 64;

/// Serves `answer` on `listener` until `shutdown`, then drains. Each request's peer is given to
/// `answer` and stands in the request's extensions as a [`SocketAddr`], beside the certificate that it
/// showed ([`Shown`]).
pub async fn serve<A, F>(
    listener: TcpListener,
    answer: A,
    limits: Limits,
    tls: Option<Tls>,
    shutdown: impl Future<Output = ()>,
) where
    A: Fn(hyper::Request<Incoming>, SocketAddr) -> F + Clone + Send + Sync + 'static,
    F: Future<Output = Response> + Send + 'static,
{
    let admission = Arc::new(Admission::new(limits.caps.clone()));
    let (draining, drain_signal) = watch::channel(false);
    let mut connections = JoinSet::new();
    let drain = limits.drain;
    let renewal = tls.clone().map(|tls| tokio::spawn(follow_renewals(tls)));
    let host = Host { answer, limits, tls, drain_signal };
    let mut shutdown = pin!(shutdown);
    let mut pause = Duration::ZERO;
    loop {
        let accepted = tokio::select! {
            biased;
            () = &mut shutdown => break,
            Some(_) = connections.join_next(), if !connections.is_empty() => continue,
            accepted = accept_after(&listener, pause) => accepted,
        };
        match accepted {
            Ok((stream, peer)) => {
                pause = Duration::ZERO;
                if let Some(place) = admission.enter(peer.ip()) {
                    let host = host.clone();
                    connections.spawn(async move {
                        host.connection(stream, peer).await;
                        drop(place);
                    });
                }
            }
            Err(error) => pause = back_off(&error, pause),
        }
    }
    drop(listener);
    if let Some(renewal) = renewal {
        renewal.abort();
    }
    let _ = draining.send(true);
    let ended =
        tokio::time::timeout(drain, async { while connections.join_next().await.is_some() {} });
    if ended.await.is_err() {
        tracing::warn!(
            connections = connections.len(),
            "cut the connections that did not drain in time"
        );
        connections.shutdown().await;
    }
}

/// Looks from time to time whether the certificate was renewed.
async fn follow_renewals(tls: Tls) {
    loop {
        tokio::time::sleep(RENEWALS_EVERY).await;
        renew(&tls).await;
    }
}

/// Takes up a renewed certificate, if there is one, and tells the log.
pub async fn renew(tls: &Tls) {
    let looking = tls.clone();
    match tokio::task::spawn_blocking(move || looking.refresh()).await {
        Ok(Ok(Refreshed::Unchanged)) | Err(_) => {}
        Ok(Ok(Refreshed::Renewed)) => tracing::info!("took up the renewed TLS certificate"),
        Ok(Err(error)) => tracing::error!(%error, "the renewed TLS certificate is not usable"),
    }
}

async fn accept_after(
    listener: &TcpListener,
    pause: Duration,
) -> std::io::Result<(TcpStream, SocketAddr)> {
    if !pause.is_zero() {
        tokio::time::sleep(pause).await;
    }
    listener.accept().await
}

/// No pause where only that one connection failed; a growing one where we are out of descriptors.
fn back_off(error: &std::io::Error, pause: Duration) -> Duration {
    use std::io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset, Interrupted};
    if matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset | Interrupted)
    {
        return Duration::ZERO;
    }
    tracing::error!(%error, "cannot accept connections");
    (pause * 2).clamp(Duration::from_millis(50), Duration::from_secs(1))
}

/// What every connection needs.
#[derive(Clone)]
struct Host<A> {
    answer: A,
    limits: Limits,
    tls: Option<Tls>,
    drain_signal: watch::Receiver<bool>,
}

impl<A, F> Host<A>
where
    A: Fn(hyper::Request<Incoming>, SocketAddr) -> F + Clone + Send + Sync + 'static,
    F: Future<Output = Response> + Send + 'static,
{
    async fn connection(self, stream: TcpStream, peer: SocketAddr) {
        // An answer is one small write: waiting to fill a packet only costs time.
        let _ = stream.set_nodelay(true);
        let Some(tls) = &self.tls else { return self.http(stream, peer, None).await };
        let handshake = tls.acceptor().accept(stream);
        match tokio::time::timeout(self.limits.handshake, handshake).await {
            // A challenge is answered by the handshake; nothing follows (RFC 8737 §3).
            Ok(Ok(stream)) if stream.get_ref().1.alpn_protocol() == Some(acme::ALPN) => {}
            Ok(Ok(stream)) => {
                let shown = stream.get_ref().1.peer_certificates().and_then(shown);
                self.http(stream, peer, shown).await;
            }
            Ok(Err(error)) => tracing::debug!(%error, "a TLS handshake failed"),
            Err(_) => tracing::debug!("a TLS handshake took too long"),
        }
    }

    async fn http<S: AsyncRead + AsyncWrite + Unpin + Send + 'static>(
        &self,
        stream: S,
        peer: SocketAddr,
        shown: Option<Shown>,
    ) {
        let pulse = Arc::new(Pulse::default());
        let io = TokioIo::new(Watched::new(stream, Arc::clone(&pulse)));
        let builder = http();
        let answer = self.answer.clone();
        let requests = Arc::clone(&pulse);
        let service = hyper::service::service_fn(move |mut request: hyper::Request<Incoming>| {
            let two_lengths = has_two_lengths(&request, &requests);
            let begun = requests.begin();
            request.extensions_mut().insert(peer);
            if let Some(shown) = &shown {
                request.extensions_mut().insert(shown.clone());
            }
            let answered = (!two_lengths).then(|| answer(request, peer));
            async move {
                let response = match answered {
                    Some(answered) => answered.await,
                    None => ambiguous(),
                };
                drop(begun);
                Ok::<_, std::convert::Infallible>(response)
            }
        });
        let mut connection = pin!(builder.serve_connection(io, service));
        let mut drain_signal = self.drain_signal.clone();
        let mut dog = Watchdog::new(&self.limits);
        let mut draining = false;
        loop {
            tokio::select! {
                ended = connection.as_mut() => {
                    if let Err(error) = ended {
                        tracing::debug!(error, "a connection ended badly");
                    }
                    return;
                }
                _ = drain_signal.wait_for(|draining| *draining), if !draining => {
                    draining = true;
                    connection.as_mut().graceful_shutdown();
                }
                () = tokio::time::sleep(dog.tick) => {
                    if dog.has_had_enough(&pulse) || (draining && !dog.quiet.is_zero()) {
                        return;
                    }
                }
            }
        }
    }
}

/// The certificate that leads `chain`.
fn shown(chain: &[CertificateDer<'static>]) -> Option<Shown> {
    ClientCertificate::fits(chain).then_some(())?;
    ClientCertificate::of(chain.to_vec()).map(|certificate| Shown(Arc::new(certificate)))
}

fn http() -> Builder<TokioExecutor> {
    let mut builder = Builder::new(TokioExecutor::new());
    let head_bytes = usize::try_from(MOST_HEAD_BYTES).unwrap_or(usize::MAX);
    builder
        .http1()
        .timer(TokioTimer::new())
        // The watchdog keeps the time of heads: it also sees the silence before the first byte.
        .header_read_timeout(None)
        .max_headers(MOST_FIELDS)
        .max_buf_size(head_bytes);
    builder
        .http2()
        .timer(TokioTimer::new())
        .max_concurrent_streams(100)
        .max_header_list_size(MOST_HEAD_BYTES)
        .max_pending_accept_reset_streams(20)
        .keep_alive_interval(Duration::from_secs(15))
        .keep_alive_timeout(Duration::from_secs(10));
    builder
}

fn has_two_lengths(request: &hyper::Request<Incoming>, pulse: &Pulse) -> bool {
    let headers = request.headers();
    headers.contains_key(header::TRANSFER_ENCODING)
        && (headers.contains_key(header::CONTENT_LENGTH) || pulse.head_has_content_length())
}

/// A request of two lengths: it is refused and nothing after it is read (RFC 9112 §6.3).
fn ambiguous() -> Response {
    let body = r#"{"error":"invalid_request","error_description":"the request has two lengths"}"#;
    let mut response = (StatusCode::BAD_REQUEST, Body::from(body)).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert(header::CONNECTION, HeaderValue::from_static("close"));
    response
}

/// Ends a connection on which nothing goes on.
struct Watchdog {
    tick: Duration,
    head: Duration,
    idle: Duration,
    beats: usize,
    quiet: Duration,
    half_head: Duration,
}

impl Watchdog {
    fn new(limits: &Limits) -> Self {
        let tick = limits.head.min(limits.idle) / 8;
        Self {
            tick: tick.max(Duration::from_millis(5)),
            head: limits.head,
            idle: limits.idle,
            beats: 0,
            quiet: Duration::ZERO,
            half_head: Duration::ZERO,
        }
    }

    /// Called once per tick.
    fn has_had_enough(&mut self, pulse: &Pulse) -> bool {
        let beats = pulse.beats();
        if pulse.is_busy() || beats != self.beats {
            self.beats = beats;
            (self.quiet, self.half_head) = (Duration::ZERO, Duration::ZERO);
            return false;
        }
        self.quiet += self.tick;
        self.half_head =
            if pulse.has_half_a_head() { self.half_head + self.tick } else { Duration::ZERO };
        let may_be_quiet = if pulse.is_new() { self.head } else { self.idle };
        self.half_head >= self.head || self.quiet >= may_be_quiet
    }
}

#[cfg(test)]
#[path = "accept_tests.rs"]
mod tests;
