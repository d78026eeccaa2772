//! Audit events that go with no transaction (refusals, machine tokens, rotations), written in
//! batches.
//!
//! What a crash can lose is what was recorded since the last flush: 200 ms at most. When Postgres
//! is away the journal fills, and whoever records more waits: nothing is dropped.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::{Notify, watch};

use crate::store::audit::{self, AuditEvent};
use crate::store::{Store, StoreError, is_transient};

/// How often the journal is written.
pub const FLUSH_EVERY: Duration = Duration::from_millis(200);
/// How many events may wait to be written.
const CAPACITY: usize = 10_000;
/// How many events one statement writes.
const BATCH: usize = 500;

/// Which events are counted together: the same client, address and content within one flush.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Alike {
    /// Who.
    pub client_id: String,
    /// From where.
    pub address: Option<IpAddr>,
    /// What, rendered.
    pub what: String,
}

#[derive(Default)]
struct Pending {
    events: Vec<AuditEvent>,
    counted: HashMap<Alike, AuditEvent>,
}

impl Pending {
    fn len(&self) -> usize {
        self.events.len() + self.counted.len()
    }
}

/// Events on their way to `audit_events`.
#[derive(Default)]
pub struct Journal {
    /// Held for a push or a take only, never over an await.
    pending: Mutex<Pending>,
    wanted: Notify,
    drained: Notify,
    /// Held while events are written, so that a flush also waits for those of the one before.
    writing: tokio::sync::Mutex<()>,
}

impl Journal {
    /// Records a refusal, unless a flood of them has filled the journal to its half: those who are
    /// refused must not be able to hold up those who are served.
    pub async fn refused(&self, event: AuditEvent) {
        let crowded = {
            let pending = self.pending.lock().unwrap_or_else(PoisonError::into_inner);
            pending.len() > CAPACITY / 2
        };
        if crowded {
            tracing::warn!(refusal_id = event.refusal_id, "a flood of refusals: one not recorded");
            return;
        }
        self.record(event).await;
    }

    /// Records an event of its own.
    pub async fn record(&self, event: AuditEvent) {
        let mut event = Some(event);
        self.when_room(|pending| pending.events.extend(event.take())).await;
    }

    /// Records an event that counts with those like it: one row says how many there were.
    pub async fn count(&self, alike: Alike, event: impl FnOnce() -> AuditEvent) {
        let mut given = Some((alike, event));
        self.when_room(|pending| {
            let Some((alike, event)) = given.take() else { return };
            match pending.counted.get_mut(&alike) {
                Some(known) => known.count = known.count.saturating_add(1),
                None => {
                    pending.counted.insert(alike, event());
                }
            }
        })
        .await;
    }

    async fn when_room(&self, mut push: impl FnMut(&mut Pending)) {
        loop {
            let drained = self.drained.notified();
            {
                let mut pending = self.pending.lock().unwrap_or_else(PoisonError::into_inner);
                if pending.len() < CAPACITY {
                    push(&mut pending);
                    if pending.len() >= BATCH {
                        self.wanted.notify_one();
                    }
                    return;
                }
            }
            drained.await;
        }
    }

    fn take(&self) -> Vec<AuditEvent> {
        let mut pending = self.pending.lock().unwrap_or_else(PoisonError::into_inner);
        let Pending { mut events, counted } = std::mem::take(&mut *pending);
        events.extend(counted.into_values());
        events
    }

    fn put_back(&self, events: Vec<AuditEvent>) {
        let mut pending = self.pending.lock().unwrap_or_else(PoisonError::into_inner);
        let newer = std::mem::replace(&mut pending.events, events);
        pending.events.extend(newer);
    }

    /// Writes what is pending.
    ///
    /// # Errors
    /// Where Postgres does not take it; then it is still pending.
    pub async fn flush(&self, store: &Store) -> Result<(), StoreError> {
        let _writing = self.writing.lock().await;
        let mut events = self.take();
        while !events.is_empty() {
            let rest = events.split_off(events.len().min(BATCH));
            if let Err(error) = write_batch(store, &events).await {
                events.extend(rest);
                self.put_back(events);
                return Err(error);
            }
            events = rest;
        }
        self.drained.notify_waiters();
        Ok(())
    }
}

/// Writes a batch. One that Postgres refuses is written event by event, so that a row that can never
/// be stored goes to the log, and holds up no other.
async fn write_batch(store: &Store, events: &[AuditEvent]) -> Result<(), StoreError> {
    match audit::insert_many(store.pool(), events).await {
        Err(error) if !is_transient(&error) => {}
        written => return written,
    }
    for event in events {
        match audit::insert(store.pool(), event).await {
            Err(error) if is_transient(&error) => return Err(error),
            Err(error) => tracing::error!(%error, ?event, "an audit event cannot be stored"),
            Ok(()) => {}
        }
    }
    Ok(())
}

/// Writes the journal until `stop`, and what is left after it.
pub async fn write(journal: Arc<Journal>, store: Store, mut stop: watch::Receiver<bool>) {
    while !*stop.borrow() {
        tokio::select! {
            () = tokio::time::sleep(FLUSH_EVERY) => {}
            () = journal.wanted.notified() => {}
            _ = stop.changed() => {}
        }
        if let Err(error) = journal.flush(&store).await {
            tracing::warn!(%error, "the audit journal waits for Postgres");
            tokio::time::sleep(FLUSH_EVERY).await;
        }
    }
    if let Err(error) = journal.flush(&store).await {
        tracing::error!(%error, "the last audit events were not written");
    }
}
