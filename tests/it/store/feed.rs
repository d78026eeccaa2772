//! No commit is skipped, however slow.

use std::time::Duration;

use portcullis::store::feed::{self, ChangeKind, Cursor};
use portcullis::store::{Store, clients};

use super::{client, connect};
use crate::support::db::Db;

async fn subjects(store: &Store, cursor: Cursor) -> (Vec<String>, Cursor) {
    let (changes, next, _) = feed::since(store.pool(), cursor).await.unwrap();
    (changes.into_iter().map(|change| change.subject).collect(), next)
}

#[tokio::test]
async fn a_transaction_that_commits_after_a_later_one_is_read() {
    let db = Db::fresh().await;
    let store = connect(&db).await;
    let start = feed::cursor(store.pool()).await.unwrap();
    let mut slow = store.begin().await.unwrap();
    feed::append(&mut *slow, ChangeKind::Client, "slow").await.unwrap();
    feed::append(store.pool(), ChangeKind::Client, "quick").await.unwrap();
    let (first, next) = subjects(&store, start).await;
    slow.commit().await.unwrap();
    let (second, _) = subjects(&store, next).await;
    assert_eq!(first, ["quick"]);
    assert_eq!(second, ["slow", "quick"]);
}

#[tokio::test]
async fn what_was_read_and_settled_is_not_read_again() {
    let db = Db::fresh().await;
    let store = connect(&db).await;
    let start = feed::cursor(store.pool()).await.unwrap();
    feed::append(store.pool(), ChangeKind::Key, "k").await.unwrap();
    let mut cursor = start;
    // Other databases of the cluster may hold the oldest transaction back for a moment.
    for _ in 0..100 {
        let (changes, next) = subjects(&store, cursor).await;
        if changes.is_empty() {
            return;
        }
        cursor = next;
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("the cursor never passed the change");
}

#[tokio::test]
async fn a_write_to_a_client_is_notified() {
    let db = Db::fresh().await;
    let store = connect(&db).await;
    let start = feed::cursor(store.pool()).await.unwrap();
    let mut listener = feed::listen(&store).await.unwrap();
    let mut tx = store.begin().await.unwrap();
    clients::insert(&mut tx, &client("shop")).await.unwrap();
    tx.commit().await.unwrap();
    let heard = tokio::time::timeout(Duration::from_secs(5), listener.changed()).await;
    heard.unwrap().unwrap();
    assert_eq!(subjects(&store, start).await.0, ["shop", "shop"]);
}
