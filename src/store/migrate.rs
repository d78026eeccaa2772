//! Brings the schema up to date: one node at a time, and old binaries go on running beside it.

use std::time::Duration;

use sqlx::migrate::{MigrateError, Migrator};
use sqlx::{Connection, PgConnection};

use super::error::{call, within};
use super::{Result, Store, StoreError};

static MIGRATOR: Migrator = sqlx::migrate!("./migrations");

/// The advisory lock that a migrating node holds.
const LOCK: i64 = 0x706f_7274_6375_6c6c;
/// How long another node's migration is waited for.
const LOCK_LIMIT: Duration = Duration::from_mins(5);
/// How long all migrations together may take.
const RUN_LIMIT: Duration = Duration::from_hours(1);

/// How the database's schema stands to this binary.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Schema {
    /// Nothing was ever migrated.
    Empty,
    /// Older than this binary: it must be migrated.
    Behind(i64),
    /// What this binary was built with.
    Current,
    /// Newer: fine, for migrations only ever add to what the binary before needs.
    Ahead(i64),
}

/// Applies every migration that lacks, under an advisory lock; a schema that is newer is left alone.
pub async fn migrate(store: &Store) -> Result<()> {
    let options = store.pool().connect_options();
    let mut conn = call(PgConnection::connect_with(&options)).await?;
    call(sqlx::query!("select set_config('statement_timeout', '0', false)").fetch_one(&mut conn))
        .await?;
    call(sqlx::query!("select set_config('lock_timeout', '10s', false)").fetch_one(&mut conn))
        .await?;
    within(LOCK_LIMIT, hold_lock(&mut conn)).await?;
    let run = async {
        let mut migrator =
            Migrator { migrations: MIGRATOR.migrations.clone(), ..Migrator::DEFAULT };
        migrator.set_locking(false).set_ignore_missing(true);
        migrator.run(&mut conn).await.map_err(|err| {
            if let MigrateError::Execute(err) = err {
                err
            } else {
                sqlx::Error::Migrate(err.into())
            }
        })
    };
    let ran = within(RUN_LIMIT, run).await;
    // The lock goes with the connection.
    call(conn.close()).await?;
    ran
}

/// How the database's schema stands to this binary; ask before serving.
pub async fn schema(store: &Store) -> Result<Schema> {
    let known =
        sqlx::query_scalar!(r#"select to_regclass('_sqlx_migrations') is not null as "known!""#);
    if !call(known.fetch_one(store.pool())).await? {
        return Ok(Schema::Empty);
    }
    let at = sqlx::query_scalar!("select max(version) from _sqlx_migrations where success");
    let ours = MIGRATOR.iter().map(|migration| migration.version).max();
    Ok(match (call(at.fetch_one(store.pool())).await?, ours) {
        (None, _) => Schema::Empty,
        (Some(at), Some(ours)) if at < ours => Schema::Behind(at),
        (Some(at), Some(ours)) if at > ours => Schema::Ahead(at),
        (Some(_), _) => Schema::Current,
    })
}

async fn hold_lock(conn: &mut PgConnection) -> std::result::Result<(), sqlx::Error> {
    loop {
        let held = sqlx::query_scalar!(r#"select pg_try_advisory_lock($1) as "held!""#, LOCK);
        if held.fetch_one(&mut *conn).await? {
            return Ok(());
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}

/// The refusal to serve a schema that is not this binary's.
pub fn require_current(schema: Schema) -> Result<()> {
    match schema {
        Schema::Current | Schema::Ahead(_) => Ok(()),
        Schema::Empty | Schema::Behind(_) => {
            Err(StoreError::Corrupt("the schema is older than this program: migrate it".into()))
        }
    }
}
