//! A private PostgreSQL for `dev` and for tests: the machine's own binaries, a data directory of
//! ours, a socket nobody else can reach.
//!
//! Invariants: one server per data directory; whoever comes after a crash stops what was left
//! behind before it starts anew; a PostgreSQL that dies is started again.

mod binaries;
mod cluster;
mod place;
mod supervisor;

use std::io;
use std::path::{Path, PathBuf};

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use rustix::process::{Signal, kill_process};
use tokio::sync::watch;
use tokio::task::JoinHandle;

use self::binaries::Binaries;
use self::cluster::Cluster;
use self::place::Place;
use self::supervisor::{Order, Running};

/// The role that owns everything in a private cluster.
const ROLE: &str = "portcullis";

/// The database that a new cluster has.
pub const DATABASE: &str = "portcullis";

/// What a crash of the machine may cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Durability {
    /// Nothing: what was acknowledged is on the disk.
    Durable,
    /// Everything, for speed. For tests alone.
    Fast,
}

/// Why there is no PostgreSQL.
#[derive(Debug, thiserror::Error)]
pub enum PostgresError {
    /// The machine has no binaries.
    #[error(
        "no PostgreSQL on this machine: install it (Debian, Ubuntu: `apt install postgresql`; \
         Fedora: `dnf install postgresql-server`; macOS: `brew install postgresql@17`), or name the \
         directory of `initdb` and `postgres` in PORTCULLIS_POSTGRES_BIN"
    )]
    Missing,
    /// The machine has binaries, but of a version that does not fit.
    #[error(
        "PostgreSQL {wanted} is needed and the newest that was found is {found}: install \
         PostgreSQL {wanted}, or name its directory in PORTCULLIS_POSTGRES_BIN"
    )]
    Version {
        /// The version that is needed.
        wanted: u32,
        /// The newest one there is.
        found: u32,
    },
    /// Another server uses the data directory.
    #[error(
        "another portcullis (process {pid}) is running on {}: stop it, or choose another directory \
         with --data", data.display()
    )]
    Running {
        /// The directory.
        data: PathBuf,
        /// Its process.
        pid: String,
    },
    /// A program of PostgreSQL failed.
    #[error("{program} failed: {said}")]
    Failed {
        /// Its name.
        program: &'static str,
        /// The end of what it said.
        said: String,
    },
    /// A file or a process could not be had.
    #[error("{what} {}: {source}", path.display())]
    Io {
        /// What was tried.
        what: &'static str,
        /// On what.
        path: PathBuf,
        /// Why not.
        source: io::Error,
    },
}

impl PostgresError {
    fn io(what: &'static str, path: &Path, source: io::Error) -> Self {
        Self::Io { what, path: path.to_owned(), source }
    }
}

/// A running private PostgreSQL. Dropping it tells PostgreSQL to stop, [`Postgres::stop`] waits too.
#[derive(Debug)]
pub struct Postgres {
    sockets: PathBuf,
    note: Option<String>,
    order: watch::Sender<Order>,
    running: watch::Receiver<Running>,
    supervisor: Option<JoinHandle<()>>,
}

impl Postgres {
    /// Starts the cluster of the data directory `data`, making it first where there is none, and
    /// returns when it takes connections. Must be called within a Tokio runtime that outlives it.
    pub async fn start(data: &Path, durability: Durability) -> Result<Self, PostgresError> {
        let data = data.to_owned();
        let prepared = tokio::task::spawn_blocking(move || {
            let place = Place::take(&data)?;
            let binaries = Binaries::find(place.version())?;
            let cluster = Cluster::new(place, binaries, durability);
            cluster.clear()?;
            cluster.initialise()?;
            Ok(cluster)
        });
        let cluster = match prepared.await {
            Ok(cluster) => cluster?,
            Err(error) => {
                return Err(PostgresError::Failed { program: "initdb", said: error.to_string() });
            }
        };
        let (sockets, note) = (cluster.sockets().to_owned(), cluster.note());
        let process = supervisor::start_first(&cluster).await?;
        let (order, orders) = watch::channel(Order::Run);
        let (runs, running) = watch::channel(Running::of(&process));
        let task = supervisor::supervise(cluster, process, orders, runs);
        Ok(Self { sockets, note, order, running, supervisor: Some(tokio::spawn(task)) })
    }

    /// The address of the database `db`.
    pub fn url(&self, db: &str) -> String {
        let sockets = self.sockets.to_string_lossy();
        let host = utf8_percent_encode(&sockets, NON_ALPHANUMERIC);
        format!("postgres://{ROLE}@localhost/{db}?host={host}")
    }

    /// What the operator should know about where the data are.
    pub fn note(&self) -> Option<&str> {
        self.note.as_deref()
    }

    /// Stops PostgreSQL, which finishes its writes, and waits for it.
    pub async fn stop(mut self) {
        self.order.send_replace(Order::Stop);
        if let Some(supervisor) = self.supervisor.take()
            && let Err(error) = supervisor.await
        {
            tracing::error!(%error, "the supervisor of PostgreSQL failed");
        }
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        self.order.send_replace(Order::Stop);
        // The runtime may be going too, and the supervisor with it.
        if self.supervisor.is_some()
            && let Running(Some(pid)) = *self.running.borrow()
        {
            let _ = kill_process(pid, Signal::INT);
        }
    }
}
