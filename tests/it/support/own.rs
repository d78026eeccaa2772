//! A PostgreSQL of one test's own, to be killed, stopped and frozen.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use portcullis::app::postgres::{DATABASE, Durability, Postgres};
use rustix::process::{Pid, Signal, kill_process};
use sqlx::{Connection as _, PgConnection};

use crate::support::db::Db;
use crate::support::server::{STOCK, Server};

/// The cluster, its data removed with it.
pub struct Own {
    data: PathBuf,
    postgres: Option<Postgres>,
}

impl Own {
    /// A durable one, migrated.
    pub async fn start(name: &str) -> Self {
        let name = format!("own-{name}-{}", std::process::id());
        let data = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        let _ = fs::remove_dir_all(&data);
        let mut own = Self { data, postgres: None };
        own.begin().await;
        let mut connection = PgConnection::connect(&own.url()).await.unwrap();
        sqlx::migrate!("./migrations").run_direct(None, &mut connection, false).await.unwrap();
        connection.close().await.unwrap();
        own
    }

    /// A server over it with [`STOCK`].
    pub async fn server(&self) -> Server {
        let server = Server::over(Arc::new(Db::elsewhere(self.url())), &[]).await;
        server.apply(STOCK).await;
        server
    }

    fn url(&self) -> String {
        self.postgres.as_ref().expect("it runs").url(DATABASE)
    }

    /// Starts it, after [`Self::end`].
    pub async fn begin(&mut self) {
        self.postgres = Some(Postgres::start(&self.data, Durability::Durable).await.unwrap());
    }

    /// Stops it as an operator would.
    pub async fn end(&mut self) {
        self.postgres.take().expect("it runs").stop().await;
    }

    /// Kills its first process; what supervises it starts it again.
    pub fn kill(&self) {
        kill_process(self.postmaster(), Signal::KILL).unwrap();
    }

    /// Waits until it takes connections again.
    pub async fn back(&self) {
        while PgConnection::connect(&self.url()).await.is_err() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    /// Sends a signal to all its processes.
    pub fn signal_all(&self, signal: Signal) {
        let postmaster = self.postmaster();
        // The first one first: it makes no more while we count.
        kill_process(postmaster, signal).unwrap();
        for child in children(postmaster) {
            let _ = kill_process(child, signal);
        }
    }

    fn postmaster(&self) -> Pid {
        let elsewhere = fs::read_to_string(self.data.join("database-is-in"));
        let home = elsewhere.map_or(self.data.clone(), |path| PathBuf::from(path.trim()));
        let text = fs::read_to_string(home.join("postgres/postmaster.pid")).unwrap();
        Pid::from_raw(text.lines().next().unwrap().parse().unwrap()).unwrap()
    }
}

impl Drop for Own {
    fn drop(&mut self) {
        let elsewhere = fs::read_to_string(self.data.join("database-is-in"));
        // The order first, so that nobody starts it again.
        if self.postgres.take().is_some() && !std::thread::panicking() {
            let _ = kill_process(self.postmaster(), Signal::QUIT);
        }
        if let Ok(home) = elsewhere {
            let _ = fs::remove_dir_all(home.trim());
        }
        let _ = fs::remove_dir_all(&self.data);
    }
}

/// The processes whose parent is `parent`.
fn children(parent: Pid) -> Vec<Pid> {
    let processes = fs::read_dir("/proc").unwrap().filter_map(Result::ok);
    let stats = processes.filter_map(|entry| fs::read_to_string(entry.path().join("stat")).ok());
    let parent = parent.as_raw_nonzero().to_string();
    stats
        .filter_map(|stat| {
            let (id, rest) = (stat.split(' ').next()?, stat.rsplit(") ").next()?);
            let is_child = rest.split(' ').nth(1)? == parent;
            is_child.then(|| Pid::from_raw(id.parse().ok()?)).flatten()
        })
        .collect()
}
