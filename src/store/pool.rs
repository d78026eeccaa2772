//! The pool of connections: bounded waits, and no server that only reads (SECURITY.md X11 to X13).

use std::ops::{Deref, DerefMut};
use std::str::FromStr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::time::Duration;

use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::{ConnectOptions, Connection as _, PgConnection, PgPool, Postgres, Transaction};

use super::Result;
use super::error::{call, within};
use super::grants::Rotate;
use super::redemptions::Redeem;
use super::together::Together;
use super::used_jtis::Jti;
use crate::crypto::secret::Secret;

/// How long a connection is waited for.
const PATIENCE: Duration = Duration::from_secs(2);
/// How long a connection may idle before it is asked whether it is still there. Under load they idle
/// less, and pay nothing; otherwise a backend that was ended costs no request an error.
const UNSEEN: Duration = Duration::from_millis(1);

/// One connection, inside a transaction or not.
pub type Conn = PgConnection;

/// How to reach the database.
#[derive(Debug, Clone)]
pub struct StoreConfig {
    /// A `postgres://` URL; secret, for it may hold a password.
    pub url: Secret,
    /// Most connections of this node.
    pub connections: u32,
}

impl StoreConfig {
    /// `url` with four connections for each core, 8 at least.
    pub fn new(url: Secret) -> Self {
        let cores = std::thread::available_parallelism().map_or(2, usize::from);
        let connections = u32::try_from(cores.saturating_mul(4)).unwrap_or(64).clamp(8, 64);
        Self { url, connections }
    }
}

/// The database. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Store {
    pool: PgPool,
    pub(super) rotations: Together<Rotate>,
    pub(super) redemptions: Together<Redeem>,
    pub(super) spent_jtis: Together<Jti>,
}

impl Store {
    /// Connects; fails where no server that writes answers within 2 s.
    pub async fn connect(config: &StoreConfig) -> Result<Self> {
        let store = Self::connect_lazy(config)?;
        // One outside the pool first: it says why it fails, the pool only that it waited.
        let options = store.pool.connect_options();
        within(PATIENCE, async { PgConnection::connect_with(&options).await?.close().await })
            .await?;
        drop(call(store.pool.acquire()).await?);
        Ok(store)
    }

    /// A store that connects at its first use.
    pub fn connect_lazy(config: &StoreConfig) -> Result<Self> {
        let options = PgConnectOptions::from_str(config.url.expose())?
            .application_name("portcullis")
            .options([
                ("statement_timeout", "3s"),
                ("lock_timeout", "1s"),
                ("idle_in_transaction_session_timeout", "5s"),
            ])
            .disable_statement_logging();
        let probe = Arc::new(Probe::default());
        let pool = PgPoolOptions::new()
            .max_connections(config.connections)
            .acquire_timeout(PATIENCE)
            .max_lifetime(Duration::from_mins(10))
            .idle_timeout(Duration::from_mins(5))
            .test_before_acquire(false)
            .after_connect(|conn, _| Box::pin(refuse_read_only(conn)))
            .before_acquire(move |conn, meta| {
                let probe = Arc::clone(&probe);
                Box::pin(async move {
                    if probe.is_due(meta.idle_for) {
                        return probe.is_good(conn).await;
                    }
                    if meta.idle_for > UNSEEN {
                        within_patience(conn.ping()).await?;
                    }
                    Ok(true)
                })
            })
            .connect_lazy_with(options);
        Ok(Self {
            rotations: Together::new(pool.clone()),
            redemptions: Together::new(pool.clone()),
            spent_jtis: Together::new(pool.clone()),
            pool,
        })
    }

    /// The executor for calls of one statement.
    pub const fn pool(&self) -> &PgPool {
        &self.pool
    }

    /// Begins a transaction; dropped without [`Tx::commit`] it is rolled back.
    pub async fn begin(&self) -> Result<Tx> {
        call(self.pool.begin()).await.map(Tx)
    }

    /// Begins a transaction that sees one instant and changes nothing, and whose statements may take
    /// their time: for looks at everything, never for a request.
    pub async fn begin_snapshot(&self) -> Result<Tx> {
        let mut tx = call(self.pool.begin_with("begin isolation level repeatable read read only"))
            .await
            .map(Tx)?;
        let unlimited = sqlx::query!("select set_config('statement_timeout', '0', true)");
        call(unlimited.fetch_one(&mut *tx)).await?;
        Ok(tx)
    }

    /// Closes every connection, for a clean end.
    pub async fn close(&self) {
        self.pool.close().await;
    }
}

/// A transaction; use it as `&mut *tx` or `&mut tx`.
#[derive(Debug)]
pub struct Tx(Transaction<'static, Postgres>);

impl Tx {
    /// Makes all of it true at once.
    pub async fn commit(self) -> Result<()> {
        call(self.0.commit()).await
    }

    /// Makes none of it true, and gives its locks back before it returns. A transaction that is only
    /// dropped keeps them a moment longer.
    pub async fn roll_back(self) -> Result<()> {
        call(self.0.rollback()).await
    }
}

impl Deref for Tx {
    type Target = Conn;

    fn deref(&self) -> &Conn {
        &self.0
    }
}

impl DerefMut for Tx {
    fn deref_mut(&mut self) -> &mut Conn {
        &mut self.0
    }
}

/// Decides which pooled connections are asked whether their server still writes.
#[derive(Debug, Default)]
struct Probe {
    /// Connections handed out since the last question.
    since: AtomicU32,
    /// Whether the last one asked was read-only, so that all are asked.
    suspicious: AtomicBool,
}

impl Probe {
    /// Those that idled for a second, one of 64 of the busy ones, and all after a bad answer.
    fn is_due(&self, idle_for: Duration) -> bool {
        let handed_out = self.since.fetch_add(1, Ordering::Relaxed);
        idle_for > Duration::from_secs(1)
            || handed_out >= 64
            || self.suspicious.load(Ordering::Relaxed)
    }

    async fn is_good(&self, conn: &mut Conn) -> std::result::Result<bool, sqlx::Error> {
        let writes = writes(conn).await?;
        self.since.store(0, Ordering::Relaxed);
        self.suspicious.store(!writes, Ordering::Relaxed);
        Ok(writes)
    }
}

async fn refuse_read_only(conn: &mut Conn) -> std::result::Result<(), sqlx::Error> {
    if writes(conn).await? {
        Ok(())
    } else {
        Err(sqlx::Error::Protocol("the server is read-only".to_owned()))
    }
}

/// Whether this connection's server takes writes.
async fn writes(conn: &mut Conn) -> std::result::Result<bool, sqlx::Error> {
    let asked = sqlx::query_scalar!(
        r#"select current_setting('transaction_read_only') = 'off' as "writes!""#
    );
    within_patience(asked.fetch_one(conn)).await
}

/// What a connection says to a question that costs its server nothing; after 500 ms it is dead.
async fn within_patience<T>(
    question: impl Future<Output = std::result::Result<T, sqlx::Error>>,
) -> std::result::Result<T, sqlx::Error> {
    match tokio::time::timeout(Duration::from_millis(500), question).await {
        Ok(answer) => answer,
        Err(_) => Err(sqlx::Error::PoolTimedOut),
    }
}
