//! Migrations and connections.

use portcullis::crypto::secret::Secret;
use portcullis::store::migrate::{self, Schema};
use portcullis::store::{Store, StoreConfig, StoreError, is_transient};

use super::connect;
use crate::support::db::Db;

#[tokio::test(flavor = "multi_thread")]
async fn nodes_that_migrate_at_once_agree() {
    let db = Db::fresh().await;
    let (one, two) = (connect(&db).await, connect(&db).await);
    let (first, second) = tokio::join!(migrate::migrate(&one), migrate::migrate(&two));
    first.unwrap();
    second.unwrap();
    assert_eq!(migrate::schema(&one).await.unwrap(), Schema::Current);
}

#[tokio::test]
async fn a_newer_schema_is_served_and_left_alone() {
    let db = Db::fresh().await;
    let store = connect(&db).await;
    let newer = sqlx::query!(
        "insert into _sqlx_migrations (version, description, success, checksum, execution_time)
        values (9000, 'later', true, '', 0)"
    );
    newer.execute(store.pool()).await.unwrap();
    migrate::migrate(&store).await.unwrap();
    let schema = migrate::schema(&store).await.unwrap();
    assert_eq!(schema, Schema::Ahead(9000));
    migrate::require_current(schema).unwrap();
}

#[tokio::test]
async fn a_statement_that_hangs_is_cut_off() {
    let db = Db::fresh().await;
    let store = connect(&db).await;
    let sleep = sqlx::query!("select pg_sleep(30)::text as slept").fetch_one(store.pool());
    let err = portcullis::store::within(std::time::Duration::from_millis(200), sleep).await;
    let err = err.unwrap_err();
    assert!(matches!(err, StoreError::Timeout));
    assert!(is_transient(&err));
}

#[tokio::test]
async fn a_server_that_only_reads_is_not_used() {
    let db = Db::fresh().await;
    let mut url = db.url().to_owned();
    url.push_str(if url.contains('?') { "&" } else { "?" });
    url.push_str("options[default_transaction_read_only]=on");
    let config = StoreConfig { url: Secret::new(url), connections: 1 };
    let err = Store::connect(&config).await.unwrap_err();
    assert!(is_transient(&err), "{err:?}");
}
