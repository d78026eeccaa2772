//! Keeping PostgreSQL alive until told otherwise.

use std::time::{Duration, Instant};

use rustix::process::Pid;
use tokio::process::Child;
use tokio::sync::watch;

use super::PostgresError;
use super::cluster::Cluster;

/// The pause before the next try to start again, at most.
const LONGEST_PAUSE: Duration = Duration::from_secs(5);

/// How long the children of a killed PostgreSQL may take to go.
const CHILDREN: Duration = Duration::from_secs(5);

/// What PostgreSQL says while they are there, of the shared memory of its data directory.
const STILL_IN_USE: &str = "is still in use";

/// What the owner of the cluster wants.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Order {
    /// That it runs.
    Run,
    /// That it stops.
    Stop,
}

/// The process that runs now, if one does.
#[derive(Debug, Clone, Copy)]
pub(super) struct Running(pub(super) Option<Pid>);

impl Running {
    /// That of `process`, until it was waited for.
    pub(super) fn of(process: &Child) -> Self {
        Self(process.id().and_then(|id| i32::try_from(id).ok()).and_then(Pid::from_raw))
    }
}

/// Starts PostgreSQL again whenever it ends, and stops it when the order comes.
pub(super) async fn supervise(
    cluster: Cluster,
    mut process: Child,
    mut orders: watch::Receiver<Order>,
    running: watch::Sender<Running>,
) {
    loop {
        tokio::select! {
            () = stopped(&mut orders) => return cluster.stop(process).await,
            status = process.wait() => {
                running.send_replace(Running(None));
                tracing::error!(?status, "PostgreSQL ended; starting it again");
            }
        }
        process = tokio::select! {
            process = start_again(&cluster) => process,
            () = stopped(&mut orders) => break,
        };
        running.send_replace(Running::of(&process));
    }
    // The order came in the middle of a start: what was begun is ended as a leftover.
    let cleared = tokio::task::spawn_blocking(move || cluster.clear()).await;
    if !matches!(cleared, Ok(Ok(()))) {
        tracing::warn!(?cleared, "PostgreSQL may still be running");
    }
}

/// Starts it for the first time. One that was killed before may have left children, which hold its
/// memory for a moment; for anything else the first refusal is told.
pub(super) async fn start_first(cluster: &Cluster) -> Result<Child, PostgresError> {
    let deadline = Instant::now() + CHILDREN;
    loop {
        match cluster.start().await {
            Err(PostgresError::Failed { said, .. })
                if said.contains(STILL_IN_USE) && Instant::now() < deadline => {}
            other => return other,
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// Tries until it runs. The children of a killed postmaster need a moment to go.
async fn start_again(cluster: &Cluster) -> Child {
    let mut pause = Duration::from_millis(20);
    loop {
        match cluster.start().await {
            Ok(process) => {
                tracing::warn!("PostgreSQL runs again");
                return process;
            }
            Err(error) => tracing::warn!(%error, "PostgreSQL does not start yet"),
        }
        tokio::time::sleep(pause).await;
        pause = (pause * 2).min(LONGEST_PAUSE);
    }
}

/// Returns when the order to stop has come, or its giver is gone.
async fn stopped(orders: &mut watch::Receiver<Order>) {
    let _ = orders.wait_for(|order| *order == Order::Stop).await;
}
