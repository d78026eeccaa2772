//! Removes what is over, in bounded batches, so that costs do not grow with age.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;

use crate::ambient::Clock;
use crate::live::Live;
use crate::store::Store;
use crate::store::sweep::{self, Retention};

/// How often it sweeps.
const EVERY: Duration = Duration::from_mins(1);

/// Sweeps every minute until `stop`.
pub async fn run(
    store: Store,
    live: Arc<Live>,
    clock: Arc<dyn Clock>,
    retention: Retention,
    mut stop: watch::Receiver<bool>,
) {
    while !*stop.borrow() {
        live.sweep_revocations(clock.now());
        match sweep::all(&store, &retention, clock.now()).await {
            Ok(swept) => {
                for (what, rows) in swept.iter().filter(|(_, rows)| *rows > 0) {
                    tracing::debug!(table = what.table(), rows, "swept");
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
