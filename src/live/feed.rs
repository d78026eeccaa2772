//! The feed: what changed in Postgres, read in commit order and applied to memory.
//!
//! A serial number is not commit order, so each read starts at the oldest transaction that was
//! still running at the read before: a slow commit is read again until it is seen, never skipped.

use std::collections::HashSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use time::OffsetDateTime;
use tokio::sync::watch;

use crate::ambient::Clock;
use crate::live::Live;
use crate::store::feed::{Change, ChangeKind, Cursor};
use crate::store::{StoreError, feed};

/// How often the feed is read when nothing notifies: a quarter of what is tolerated.
const EVERY: Duration = Duration::from_millis(250);
/// How old the last read may be before memory is no longer trusted.
const TRUSTED_FOR: Duration = Duration::from_secs(1);

/// How recently memory was known to be true.
pub struct Freshness {
    clock: Arc<dyn Clock>,
    origin: Instant,
    /// Milliseconds after `origin` at which the last complete read began.
    read_at: AtomicU64,
    loaded: AtomicBool,
    /// The database's time at `origin`, in microseconds of Unix time.
    database_us: AtomicI64,
}

impl Freshness {
    /// Nothing read yet.
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        Self {
            origin: clock.instant(),
            clock,
            read_at: AtomicU64::new(0),
            loaded: AtomicBool::new(false),
            database_us: AtomicI64::new(0),
        }
    }

    fn since_origin(&self, at: Instant) -> u64 {
        u64::try_from(at.saturating_duration_since(self.origin).as_millis()).unwrap_or(u64::MAX)
    }

    /// Whether the last read began less than a second ago.
    pub fn is_fresh(&self) -> bool {
        let age = self
            .since_origin(self.clock.instant())
            .saturating_sub(self.read_at.load(Ordering::Acquire));
        self.is_loaded() && u128::from(age) < TRUSTED_FOR.as_millis()
    }

    /// Whether a snapshot was ever loaded.
    pub fn is_loaded(&self) -> bool {
        self.loaded.load(Ordering::Acquire)
    }

    /// The database's time now, once it was read: what it was then and what the monotonic clock has
    /// counted since, so that no jump of the wall clock moves it.
    pub fn database_time(&self) -> Option<OffsetDateTime> {
        let since = self.clock.instant().saturating_duration_since(self.origin);
        let us = time::Duration::microseconds(self.database_us.load(Ordering::Relaxed));
        self.is_loaded().then(|| OffsetDateTime::UNIX_EPOCH + us + since)
    }

    /// Notes a read that `began`, and gave the time of the database at `told`.
    fn read(&self, began: Instant, (told, database_time): (Instant, OffsetDateTime)) {
        let at_origin = database_time - told.saturating_duration_since(self.origin);
        let us = (at_origin - OffsetDateTime::UNIX_EPOCH).whole_microseconds();
        self.database_us.store(i64::try_from(us).unwrap_or(i64::MAX), Ordering::Relaxed);
        self.read_at.store(self.since_origin(began), Ordering::Release);
        self.loaded.store(true, Ordering::Release);
    }
}

/// Where a node stands in the feed.
struct Position {
    cursor: Cursor,
    /// The changes of the overlap that were applied already.
    seen: HashSet<i64>,
}

/// Keeps `live` true until `stop` says otherwise: loads a snapshot, then follows the feed; after
/// a lost connection it starts again by itself.
pub async fn follow(live: Arc<Live>, mut stop: watch::Receiver<bool>) {
    let mut position = None;
    let mut listener = None;
    while !*stop.borrow() {
        if listener.is_none() {
            listener = feed::listen(&live.store).await.ok();
        }
        match step(&live, position.take()).await {
            Ok(next) => position = Some(next),
            Err(error) => {
                tracing::warn!(%error, "the feed cannot be read; answering from Postgres");
                listener = None;
            }
        }
        tokio::select! {
            () = notified(&mut listener) => {}
            () = tokio::time::sleep(EVERY) => {}
            _ = stop.changed() => {}
        }
    }
}

/// Waits for a notification; for ever, where there is no connection to hear one on.
async fn notified(listener: &mut Option<feed::Listener>) {
    match listener {
        Some(connection) => {
            if connection.changed().await.is_err() {
                *listener = None;
            }
        }
        None => std::future::pending().await,
    }
}

/// Reads the feed once and applies it.
async fn step(live: &Live, position: Option<Position>) -> Result<Position, StoreError> {
    let began = live.clock.instant();
    let (cursor, seen) = if let Some(position) = position {
        (position.cursor, position.seen)
    } else {
        // The cursor comes first: what commits while the snapshot loads is then read again.
        let start = feed::cursor(live.store.pool()).await?;
        live.reload().await?;
        (start, HashSet::new())
    };
    let (changes, next, database_time) = feed::since(live.store.pool(), cursor).await?;
    let told = live.clock.instant();
    if next < cursor {
        // Another database answers, a restored one perhaps: nothing of ours is true of it.
        return Err(StoreError::Corrupt("the feed went back".into()));
    }
    let fresh: Vec<&Change> = changes.iter().filter(|change| !seen.contains(&change.id)).collect();
    apply(live, &fresh).await?;
    let seen = changes.iter().map(|change| change.id).collect();
    live.freshness.read(began, (told, database_time));
    Ok(Position { cursor: next, seen })
}

/// Applies changes; each kind is loaded once however many rows name it.
async fn apply(live: &Live, changes: &[&Change]) -> Result<(), StoreError> {
    let has = |kind| changes.iter().any(|change| change.kind == kind);
    for change in changes.iter().filter(|change| change.kind == ChangeKind::Client) {
        live.clients.forget(&change.subject);
        live.origins.forget();
    }
    if has(ChangeKind::Api) {
        live.catalogue.load(&live.store).await?;
    }
    if has(ChangeKind::Key) {
        live.keys.load(&live.store, &live.seal).await?;
    }
    if has(ChangeKind::Settings) {
        live.policies.load(&live.store).await?;
        live.brand.load(&live.store).await?;
    }
    if changes
        .iter()
        .any(|change| change.kind == ChangeKind::Revocation && change.subject.is_empty())
    {
        live.reload_revocations().await?;
    }
    let revocations: Vec<_> = changes
        .iter()
        .filter(|change| change.kind == ChangeKind::Revocation)
        .filter_map(|change| uuid::Uuid::parse_str(&change.subject).ok())
        .collect();
    if !revocations.is_empty() {
        live.revocations.learn(&live.store, &revocations).await?;
    }
    Ok(())
}

impl Live {
    /// Applies a change that this node has just committed, so that it is the first to know.
    ///
    /// # Errors
    /// Where Postgres does not answer: the change is made, but this node cannot say so yet.
    pub async fn changed(&self, kind: ChangeKind, subject: &str) -> Result<(), StoreError> {
        let change = Change { id: 0, kind, subject: subject.to_owned() };
        apply(self, &[&change]).await
    }
}
