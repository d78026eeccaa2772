//! Removes what is over, in bounded batches, so that costs do not grow with age.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;

use crate::live::Live;
use crate::store::sweep::{self, Retention, Sweep};
use crate::store::{self, Store, StoreError};

/// How often it sweeps.
const EVERY: Duration = Duration::from_mins(1);

/// Sweeps everything that is over by the database's clock: a node whose own is ahead must not remove
/// what still holds.
///
/// # Errors
/// Where Postgres does not answer.
pub async fn all(
    store: &Store,
    live: &Live,
    retention: &Retention,
) -> Result<Vec<(Sweep, u64)>, StoreError> {
    let now = store::now(store.pool()).await?;
    live.sweep_revocations(now);
    sweep::all(store, retention, now).await
}

/// Sweeps every minute until `stop`.
pub async fn run(
    store: Store,
    live: Arc<Live>,
    retention: Retention,
    mut stop: watch::Receiver<bool>,
) {
    while !*stop.borrow() {
        match all(&store, &live, &retention).await {
            Ok(swept) => {
                for (what, rows) in swept.iter().filter(|(_, rows)| *rows > 0) {
                    tracing::debug!(table = what.table(), rows, "swept");
                }
                if swept.iter().any(|(_, rows)| *rows >= sweep::MOST) {
                    continue; // More comes than a turn takes away: no pause.
                }
            }
            Err(error) => tracing::warn!(%error, "the sweep waits for Postgres"),
        }
        tokio::select! {
            () = tokio::time::sleep(EVERY) => {}
            _ = stop.changed() => {}
        }
    }
}
