//! The private PostgreSQL: what it survives, and what it says when it cannot be.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use portcullis::app::postgres::{DATABASE, Durability, Postgres, PostgresError};
use sqlx::{Connection, PgConnection, Row};

use crate::support::db::Db;

/// A data directory of one test's own, removed with it.
struct Data(PathBuf);

impl Data {
    fn new(name: &str) -> Self {
        let name = format!("{name}-{}", std::process::id());
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        let _ = fs::remove_dir_all(&path);
        Self(path)
    }

    async fn start(&self) -> Postgres {
        Postgres::start(&self.0, Durability::Durable).await.unwrap()
    }

    /// The directory around the cluster.
    fn home(&self) -> PathBuf {
        let elsewhere = fs::read_to_string(self.0.join("database-is-in"));
        elsewhere.map_or(self.0.clone(), |path| PathBuf::from(path.trim()))
    }

    fn postmaster(&self) -> String {
        let text = fs::read_to_string(self.home().join("postgres/postmaster.pid")).unwrap();
        text.lines().next().unwrap().to_owned()
    }
}

impl Drop for Data {
    fn drop(&mut self) {
        if std::thread::panicking() {
            return;
        }
        let _ = fs::remove_dir_all(self.home());
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// Runs statements on the cluster's own database.
async fn execute(postgres: &Postgres, sql: &'static str) -> Result<(), sqlx::Error> {
    let mut connection = PgConnection::connect(&postgres.url(DATABASE)).await?;
    sqlx::raw_sql(sql).execute(&mut connection).await?;
    connection.close().await
}

async fn rows(postgres: &Postgres) -> Result<i64, sqlx::Error> {
    let mut connection = PgConnection::connect(&postgres.url(DATABASE)).await?;
    let row = sqlx::query("select count(*) from kept").fetch_one(&mut connection).await?;
    row.try_get(0)
}

const WRITE: &str = "create table if not exists kept (n int); insert into kept values (1)";

#[tokio::test]
async fn what_was_written_is_there_after_a_stop_and_a_start() {
    let data = Data::new("restart");
    let first = data.start().await;
    execute(&first, WRITE).await.unwrap();
    first.stop().await;
    let second = data.start().await;
    assert_eq!(rows(&second).await.unwrap(), 1);
    second.stop().await;
}

#[tokio::test]
async fn a_second_server_on_one_directory_is_told_who_is_there() {
    let data = Data::new("second");
    let first = data.start().await;
    let second = Postgres::start(&data.0, Durability::Durable).await.unwrap_err();
    let PostgresError::Running { pid, .. } = &second else { panic!("{second}") };
    assert_eq!(*pid, std::process::id().to_string());
    first.stop().await;
}

#[test]
fn a_postgres_left_behind_is_stopped_and_loses_nothing() {
    let data = Data::new("left");
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let first = runtime.block_on(data.start());
    runtime.block_on(execute(&first, WRITE)).unwrap();
    let left = data.postmaster();
    // As after kill -9 of the server: nobody tells PostgreSQL to stop.
    Box::leak(Box::new(first));
    runtime.shutdown_background();
    let next = tokio::runtime::Runtime::new().unwrap();
    let second = next.block_on(async {
        tokio::time::sleep(Duration::from_millis(100)).await;
        data.start().await
    });
    assert_ne!(data.postmaster(), left);
    assert_eq!(next.block_on(rows(&second)).unwrap(), 1);
    next.block_on(second.stop());
}

#[tokio::test]
async fn a_killed_postgres_is_back_within_three_seconds_and_loses_nothing() {
    let data = Data::new("killed");
    let postgres = data.start().await;
    execute(&postgres, WRITE).await.unwrap();
    let killed = Instant::now();
    Command::new("kill").args(["-9", &data.postmaster()]).status().unwrap();
    tokio::time::sleep(Duration::from_millis(50)).await;
    while rows(&postgres).await.is_err() {
        assert!(killed.elapsed() < Duration::from_secs(3), "it is not back");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert_eq!(rows(&postgres).await.unwrap(), 1);
    postgres.stop().await;
}

#[tokio::test]
async fn a_stale_process_id_of_another_program_is_no_obstacle() {
    let data = Data::new("stale");
    data.start().await.stop().await;
    let file = data.home().join("postgres/postmaster.pid");
    fs::write(&file, format!("{}\n", std::os::unix::process::parent_id())).unwrap();
    data.start().await.stop().await;
}

#[tokio::test]
async fn a_long_path_gets_a_short_socket() {
    let data = Data::new(&"long".repeat(40));
    let postgres = data.start().await;
    execute(&postgres, WRITE).await.unwrap();
    postgres.stop().await;
}

#[tokio::test]
async fn where_postgres_may_not_enter_the_database_is_elsewhere_and_the_note_says_so() {
    if !rustix::process::geteuid().is_root() {
        return;
    }
    let data = Data::new(&format!("closed-{}/data", std::process::id()));
    let parent = data.0.parent().unwrap().to_owned();
    fs::create_dir_all(&parent).unwrap();
    let closed = std::os::unix::fs::PermissionsExt::from_mode(0o700);
    fs::set_permissions(&parent, closed).unwrap();
    let postgres = data.start().await;
    execute(&postgres, WRITE).await.unwrap();
    assert!(postgres.note().is_some_and(|note| note.contains("/var/lib/portcullis/")));
    postgres.stop().await;
    drop(data);
    fs::remove_dir_all(parent).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn tests_side_by_side_have_a_migrated_database_each() {
    let tries = (0..8).map(|_| {
        tokio::spawn(async {
            let db = Db::fresh().await;
            let mut connection = db.connect().await;
            let count = "select count(*) from users";
            let row = sqlx::query(count).fetch_one(&mut connection).await.unwrap();
            (db.url().to_owned(), row.get::<i64, _>(0))
        })
    });
    let mut urls = Vec::new();
    for tried in tries.collect::<Vec<_>>() {
        let (url, users) = tried.await.unwrap();
        assert_eq!(users, 0);
        urls.push(url);
    }
    urls.sort();
    urls.dedup();
    assert_eq!(urls.len(), 8);
}
