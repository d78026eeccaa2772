//! Watches one connection: what has come in since the last request, and whether anything goes on.

use std::pin::Pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// The most of an unfinished head that is kept: as much as a head may hold.
const KEPT: usize = 16 * 1024;

/// What one connection is doing; shared by its socket, its requests and its watchdog.
#[derive(Debug, Default)]
pub struct Pulse {
    /// Grows with every request that begins and every write, so that standing still shows.
    beats: AtomicUsize,
    in_flight: AtomicUsize,
    begun: AtomicUsize,
    /// The bytes read since the last request began or ended: the head that is being read. Locked for
    /// a copy of some hundred bytes, never across an await.
    head: Mutex<Vec<u8>>,
}

/// A request that has begun; it has ended when this is dropped.
pub struct Begun(Arc<Pulse>);

impl Pulse {
    /// Notes that a request has begun.
    pub fn begin(self: &Arc<Self>) -> Begun {
        self.forget_head();
        self.beats.fetch_add(1, Ordering::Relaxed);
        self.begun.fetch_add(1, Ordering::Relaxed);
        self.in_flight.fetch_add(1, Ordering::Relaxed);
        Begun(Arc::clone(self))
    }

    /// Whether the head that was just read also had a `Content-Length`. The HTTP library drops it
    /// beside `Transfer-Encoding`, but a proxy before us may have read the other one (RFC 9112 §6.3).
    pub fn head_has_content_length(&self) -> bool {
        let head = self.head.lock().unwrap_or_else(PoisonError::into_inner);
        let end = head.windows(4).position(|four| four == b"\r\n\r\n").unwrap_or(head.len());
        let lines = head.get(..end).unwrap_or_default().split(|b| *b == b'\n');
        lines
            .filter_map(|line| line.get(..15))
            .any(|name| name.eq_ignore_ascii_case(b"content-length:"))
    }

    /// Whether a request is being answered.
    pub fn is_busy(&self) -> bool {
        self.in_flight.load(Ordering::Relaxed) > 0
    }

    /// Whether part of a request head has come in.
    pub fn has_half_a_head(&self) -> bool {
        !self.head.lock().unwrap_or_else(PoisonError::into_inner).is_empty()
    }

    /// Whether there has been any request yet.
    pub fn is_new(&self) -> bool {
        self.begun.load(Ordering::Relaxed) == 0
    }

    /// A number that changes with every sign of life.
    pub fn beats(&self) -> usize {
        self.beats.load(Ordering::Relaxed)
    }

    fn forget_head(&self) {
        self.head.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    fn heard(&self, bytes: &[u8]) {
        let mut head = self.head.lock().unwrap_or_else(PoisonError::into_inner);
        let room = KEPT.saturating_sub(head.len()).min(bytes.len());
        head.extend_from_slice(bytes.get(..room).unwrap_or_default());
    }
}

impl Drop for Begun {
    fn drop(&mut self) {
        self.0.forget_head();
        self.0.in_flight.fetch_sub(1, Ordering::Relaxed);
        self.0.beats.fetch_add(1, Ordering::Relaxed);
    }
}

/// A stream that tells its [`Pulse`] what it reads and writes.
pub struct Watched<T> {
    inner: T,
    pulse: Arc<Pulse>,
}

impl<T> Watched<T> {
    /// Watches `inner`.
    pub const fn new(inner: T, pulse: Arc<Pulse>) -> Self {
        Self { inner, pulse }
    }
}

impl<T: AsyncRead + Unpin> AsyncRead for Watched<T> {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<std::io::Result<()>> {
        let this = self.get_mut();
        let before = buf.filled().len();
        let polled = Pin::new(&mut this.inner).poll_read(cx, buf);
        if polled.is_ready() {
            this.pulse.heard(buf.filled().get(before..).unwrap_or_default());
        }
        polled
    }
}

impl<T: AsyncWrite + Unpin> AsyncWrite for Watched<T> {
    fn poll_write(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &[u8],
    ) -> Poll<std::io::Result<usize>> {
        let this = self.get_mut();
        this.pulse.beats.fetch_add(1, Ordering::Relaxed);
        Pin::new(&mut this.inner).poll_write(cx, buf)
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[std::io::IoSlice<'_>],
    ) -> Poll<std::io::Result<usize>> {
        let this = self.get_mut();
        this.pulse.beats.fetch_add(1, Ordering::Relaxed);
        Pin::new(&mut this.inner).poll_write_vectored(cx, bufs)
    }

    fn is_write_vectored(&self) -> bool {
        self.inner.is_write_vectored()
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        Pin::new(&mut self.get_mut().inner).poll_flush(cx)
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        Pin::new(&mut self.get_mut().inner).poll_shutdown(cx)
    }
}
