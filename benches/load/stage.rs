//! The set-up: PostgreSQL, the measured server, and the server of bare limits.

use std::fs;
use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command};
use std::time::{Duration, Instant};

use bytes::Bytes;
use portcullis::app::postgres::{Durability, Postgres};
use portcullis::app::{build, prepare, stock};
use portcullis::config::Config;
use portcullis::store::migrate::migrate;
use portcullis::web::app::{App, Mode};
use sqlx::{Connection as _, PgConnection};

use crate::args::Args;
use crate::bare::SCHEMA;
use crate::drive::exchange;
use crate::form::Head;
use crate::proofs::Prover;
use crate::usage::{Processes, parent};

const MEASURED: &str = "measured";
const BARE: &str = "bare";

/// Everything that runs.
pub struct Stage {
    pub app: App,
    /// The key of the client that proves itself by signing.
    pub signer: Prover,
    /// What it takes until the server answers that it is ready.
    pub ready_after: Duration,
    pub server: Server,
    pub bare: Server,
    postgres: Postgres,
    home: PathBuf,
}

/// A server on core 0; it goes with this.
pub struct Server {
    pub address: SocketAddr,
    pub processes: Processes,
    child: Child,
}

impl Stage {
    pub async fn set(args: &Args) -> Self {
        let home =
            Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("bench-{}", std::process::id()));
        let postgres = Postgres::start(&home, Durability::Durable).await.unwrap();
        let postmaster = create_databases(&postgres).await;
        let address = free_address();
        let settings = settings(address, &postgres.url(MEASURED));
        let config = Config::load(None, settings.iter().cloned()).unwrap();
        let app = build(&config, Mode::Production, &stock()).unwrap().app;
        migrate(&app.store).await.unwrap();
        prepare(&app, &config).await.unwrap();
        let signer = Prover::new();
        crate::seed::apply_file(&app, &signer.jwks()).await;
        crate::growth::grow(&app, args.rows).await;
        let mut command = on_core_0(&args.binary);
        command.arg("serve").envs(settings);
        log_to(&mut command, &home.join("server.log"));
        let (server, ready_after) = Server::start(command, address, "/readyz", postmaster).await;
        let address = free_address();
        let mut command = on_core_0(&std::env::current_exe().unwrap().to_string_lossy());
        command.args(["--bare", &address.to_string(), "--database", &postgres.url(BARE)]);
        let (bare, _) = Server::start(command, address, "/static", postmaster).await;
        Self { app, signer, ready_after, server, bare, postgres, home }
    }

    /// Ends everything and removes its data.
    pub async fn strike(self) {
        drop((self.server, self.bare));
        self.app.store.close().await;
        self.postgres.stop().await;
        if let Ok(elsewhere) = fs::read_to_string(self.home.join("database-is-in")) {
            let _ = fs::remove_dir_all(elsewhere.trim());
        }
        let _ = fs::remove_dir_all(&self.home);
    }
}

impl Server {
    async fn start(
        mut command: Command,
        address: SocketAddr,
        path: &str,
        postmaster: u32,
    ) -> (Self, Duration) {
        let began = Instant::now();
        let child = command.spawn().expect("the server cannot be started");
        let processes = Processes { server: child.id(), postmaster };
        let server = Self { address, processes, child };
        while !server.answers(path).await {
            let soon = began.elapsed() < Duration::from_secs(20);
            assert!(
                soon,
                "the server does not get ready; server.log in target/tmp/bench-* says why"
            );
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        (server, began.elapsed())
    }

    async fn answers(&self, path: &str) -> bool {
        let request = Head::get(path).request(Bytes::new());
        let answered = exchange(&mut None, self.address, request).await;
        answered.is_ok_and(|(answer, _)| answer.status().is_success())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn on_core_0(program: &str) -> Command {
    let mut command = Command::new("taskset");
    command.args(["-c", "0", program]);
    command
}

/// Lets the program write to a file: a storm makes it say much.
fn log_to(command: &mut Command, path: &Path) {
    let log = fs::File::create(path).unwrap();
    command.stdout(log.try_clone().unwrap()).stderr(log);
}

fn free_address() -> SocketAddr {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap()
}

/// What the server is told: no limit that would be reached before its speed is.
fn settings(address: SocketAddr, database: &str) -> Vec<(String, String)> {
    let issuer = format!("http://localhost:{}", address.port());
    let address = address.to_string();
    let pairs: [(&str, &str); 10] = [
        ("PORTCULLIS_ISSUER", &issuer),
        ("PORTCULLIS_LISTEN", &address),
        ("PORTCULLIS_MASTER_KEY", "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="),
        ("PORTCULLIS_DATABASE_URL", database),
        ("PORTCULLIS_TRUSTED_PROXIES", "127.0.0.0/8"),
        ("PORTCULLIS_LOG_LEVEL", "warn"),
        ("PORTCULLIS_LIMITS_PASSWORD_HASHES", "1"),
        ("PORTCULLIS_LIMITS_PASSWORD_QUEUE", "1000"),
        ("PORTCULLIS_LIMITS_CONNECTIONS_PER_ADDRESS", "10000"),
        ("PORTCULLIS_LIMITS_AUTHORIZE_PER_MINUTE", "1000000"),
    ];
    pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).into()
}

/// Makes the databases; gives the process id of the postmaster.
async fn create_databases(postgres: &Postgres) -> u32 {
    let mut admin = PgConnection::connect(&postgres.url("postgres")).await.unwrap();
    for name in [MEASURED, BARE] {
        let create = format!("create database {name}");
        sqlx::raw_sql(sqlx::AssertSqlSafe(create)).execute(&mut admin).await.unwrap();
    }
    let backend: i32 =
        sqlx::query_scalar("select pg_backend_pid()").fetch_one(&mut admin).await.unwrap();
    let mut bare = PgConnection::connect(&postgres.url(BARE)).await.unwrap();
    for statement in SCHEMA.split(';') {
        sqlx::raw_sql(statement).execute(&mut bare).await.unwrap();
    }
    parent(u32::try_from(backend).unwrap())
}
