//! A database per test, copied from a migrated template in one PostgreSQL per test run.

use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{OnceLock, mpsc};

use portcullis::app;
use portcullis::app::postgres::{Durability, Postgres};
use portcullis::web::app::Mode;
use sqlx::{Connection, PgConnection};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use crate::support::server::config;

/// The database every test's own is a copy of.
const TEMPLATE: &str = "migrated";

/// Ends the cluster and removes it when the test process is gone, however it went: then the pipe
/// on its standard input closes.
const WATCHDOG: &str = r#"
cat >/dev/null
home="$1"
if [ -f "$1/database-is-in" ]; then home=$(cat "$1/database-is-in"); fi
pid=$(head -n 1 "$home/postgres/postmaster.pid" 2>/dev/null) && kill -QUIT "$pid"
tries=0
while [ -e "$home/postgres/postmaster.pid" ] && [ "$tries" -lt 100 ]; do
    sleep 0.1
    tries=$((tries + 1))
done
rm -rf "$1"
case "$home" in /var/lib/portcullis/*) rm -rf "$home" ;; esac
"#;

/// A database of one test's own, dropped with it.
pub struct Db {
    name: String,
    url: String,
}

impl Db {
    /// A new one with all migrations and no rows.
    pub async fn fresh() -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let name = format!("test_{}", COUNT.fetch_add(1, Ordering::Relaxed));
        let cluster = tokio::task::spawn_blocking(cluster).await.unwrap();
        let mut admin = PgConnection::connect(&cluster.url("postgres")).await.unwrap();
        let create = format!("create database {name} template {TEMPLATE}");
        sqlx::raw_sql(sqlx::AssertSqlSafe(create)).execute(&mut admin).await.unwrap();
        admin.close().await.unwrap();
        let url = cluster.url(&name);
        Self { name, url }
    }

    /// A database in another PostgreSQL, which is not ours to drop.
    pub const fn elsewhere(url: String) -> Self {
        Self { name: String::new(), url }
    }

    /// What to give as `DATABASE_URL`.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// A connection to it.
    pub async fn connect(&self) -> PgConnection {
        PgConnection::connect(&self.url).await.unwrap()
    }
}

impl Drop for Db {
    fn drop(&mut self) {
        if !self.name.is_empty() {
            let _ = cluster().drops.send(std::mem::take(&mut self.name));
        }
    }
}

/// The one PostgreSQL of this run.
struct Cluster {
    pattern: String,
    drops: UnboundedSender<String>,
}

impl Cluster {
    fn url(&self, name: &str) -> String {
        self.pattern.replace("%DB%", name)
    }
}

/// Where it keeps its files: in memory, where there is room. Hundreds of databases are made and dropped,
/// each of some 300 files, and a file system on a disk spends more on that than all tests on theirs.
fn ground() -> PathBuf {
    const MEMORY: &str = "/dev/shm";
    const ROOM_KIB: u64 = 3 * 1024 * 1024;
    let free = Command::new("df").args(["-k", "--output=avail", MEMORY]).output();
    let free = free.ok().and_then(|told| {
        String::from_utf8(told.stdout).ok()?.lines().last()?.trim().parse::<u64>().ok()
    });
    let has_room = free.is_some_and(|kib| kib >= ROOM_KIB);
    PathBuf::from(if has_room { MEMORY } else { env!("CARGO_TARGET_TMPDIR") })
}

/// Starts it when the first test asks. A thread of its own keeps it, for tests come and go.
fn cluster() -> &'static Cluster {
    static CLUSTER: OnceLock<Cluster> = OnceLock::new();
    CLUSTER.get_or_init(|| {
        let data = ground().join(format!("portcullis-pg-{}", std::process::id()));
        watch(&data);
        let (drops, names) = unbounded_channel();
        let (ready, started) = mpsc::channel();
        std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            runtime.unwrap().block_on(keep(data, ready, names));
        });
        Cluster { pattern: started.recv().expect("PostgreSQL did not start"), drops }
    })
}

/// Runs the cluster, makes the template, then drops the databases of finished tests.
async fn keep(data: PathBuf, ready: mpsc::Sender<String>, mut names: UnboundedReceiver<String>) {
    let postgres = Postgres::start(&data, Durability::Fast).await.unwrap();
    let mut admin = PgConnection::connect(&postgres.url("postgres")).await.unwrap();
    let create = format!("create database {TEMPLATE}");
    sqlx::raw_sql(sqlx::AssertSqlSafe(create)).execute(&mut admin).await.unwrap();
    let mut template = PgConnection::connect(&postgres.url(TEMPLATE)).await.unwrap();
    sqlx::migrate!("./migrations").run_direct(None, &mut template, false).await.unwrap();
    template.close().await.unwrap();
    make_keys(&postgres.url(TEMPLATE)).await;
    ready.send(postgres.url("%DB%")).unwrap();
    while let Some(name) = names.recv().await {
        let drop = format!("drop database if exists {name} with (force)");
        let _ = sqlx::raw_sql(sqlx::AssertSqlSafe(drop)).execute(&mut admin).await;
    }
    postgres.stop().await;
}

/// Makes the signing keys once for all: those of RSA take their time.
async fn make_keys(url: &str) {
    let config = config(url, "http://localhost", 1, &[]);
    let app = app::build(&config, Mode::Development, &app::stock()).unwrap().app;
    app::rotate_keys(&app, &config).await.unwrap();
    app.store.close().await;
}

/// Starts the watchdog over `data`.
fn watch(data: &Path) {
    static DOG: OnceLock<Child> = OnceLock::new();
    let mut command = Command::new("sh");
    command.args(["-c", WATCHDOG, "watchdog"]).arg(data).process_group(0);
    command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
    // Never waited for: it goes after us.
    DOG.get_or_init(|| command.spawn().unwrap());
}
