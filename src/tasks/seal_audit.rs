//! Lays the chain of hashes over the audit log (DESIGN §9), so that no request has to.
//!
//! What an attacker with the database can still change unseen is what no seal covers yet: the events
//! of the last [`EVERY`], plus what a transaction that is still open has written.

use std::time::Duration;

use tokio::sync::watch;

use crate::store::audit_seals::{self, Horizon};
use crate::store::{Store, StoreError};

/// How often it looks. Each look that finds an event makes a row, so not more often.
pub const EVERY: Duration = Duration::from_secs(30);
/// How often it asks whether those who were writing have ended, and how many times.
const ASK_EVERY: Duration = Duration::from_millis(100);
const ASKS: usize = 100;
/// Most seals of one look: what is behind is caught up with at leisure.
const MOST: usize = 200;

/// Seals everything that is decided by now, and tells how many seals that took.
///
/// # Errors
/// Where Postgres does not answer.
pub async fn all(store: &Store) -> Result<usize, StoreError> {
    let horizon = audit_seals::horizon(store).await?;
    if !is_settled_soon(store, &horizon).await? {
        tracing::debug!("an audit event is long in coming: sealing waits for it");
        return Ok(0);
    }
    let mut laid = 0;
    while laid < MOST && audit_seals::lay(store, horizon.upto).await?.is_some() {
        laid += 1;
    }
    Ok(laid)
}

async fn is_settled_soon(store: &Store, horizon: &Horizon) -> Result<bool, StoreError> {
    for _ in 0..ASKS {
        if audit_seals::is_settled(store, horizon).await? {
            return Ok(true);
        }
        tokio::time::sleep(ASK_EVERY).await;
    }
    Ok(false)
}

/// Seals until `stop`.
pub async fn run(store: Store, mut stop: watch::Receiver<bool>) {
    while !*stop.borrow() {
        tokio::select! {
            () = tokio::time::sleep(EVERY) => {}
            _ = stop.changed() => break,
        }
        tokio::select! {
            sealed = all(&store) => if let Err(error) = sealed {
                tracing::warn!(%error, "the sealer waits for Postgres");
            },
            _ = stop.changed() => {}
        }
    }
}
