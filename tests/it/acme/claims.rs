//! Whose turn it is to order, as the database decides it.

use portcullis::store::acme::{self, Claim, Wanted};
use sqlx::PgConnection;
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

use crate::support::db::Db;

const LEASE: Duration = Duration::minutes(10);
const GOT: (&str, &[u8]) = ("chain", b"key");

fn wanted() -> Wanted {
    Wanted { directory: "https://ca.example/".to_owned(), names: vec!["id.example.com".to_owned()] }
}

async fn claim(db: &mut PgConnection, id: u128, seen: Option<OffsetDateTime>) -> Option<Claim> {
    acme::claim(db, &wanted(), Uuid::from_u128(id), seen, LEASE).await.unwrap()
}

async fn issued(db: &mut PgConnection, claim: Claim) -> bool {
    acme::issued(db, &wanted(), claim, GOT, Duration::HOUR).await.unwrap()
}

async fn standing(db: &mut PgConnection) -> acme::Standing {
    acme::all(db).await.unwrap().remove(0)
}

/// As if so much time had passed.
async fn later(db: &mut PgConnection, minutes: i32) {
    let sql = "update acme_certificates
        set claimed_until = claimed_until - make_interval(mins => $1),
            not_before = not_before - make_interval(mins => $1)";
    sqlx::query(sql).bind(minutes).execute(db).await.unwrap();
}

#[tokio::test]
async fn a_node_that_has_not_seen_the_newest_certificate_gets_no_turn() {
    let db = Db::fresh().await;
    let db = &mut db.connect().await;
    let first = claim(db, 1, None).await.unwrap();
    assert!(issued(db, first).await);
    later(db, 61).await;
    assert_eq!(claim(db, 2, None).await, None);
    let seen = standing(db).await.certificate.unwrap().issued_at;
    assert!(claim(db, 2, Some(seen)).await.is_some());
}

#[tokio::test]
async fn nobody_orders_for_an_hour_after_a_certificate() {
    let db = Db::fresh().await;
    let db = &mut db.connect().await;
    let first = claim(db, 1, None).await.unwrap();
    assert!(issued(db, first).await);
    let seen = Some(standing(db).await.certificate.unwrap().issued_at);
    later(db, 59).await;
    assert_eq!(claim(db, 2, seen).await, None);
    later(db, 2).await;
    assert!(claim(db, 2, seen).await.is_some());
}

#[tokio::test]
async fn only_whose_turn_it_is_ends_it() {
    let db = Db::fresh().await;
    let db = &mut db.connect().await;
    let slow = claim(db, 1, None).await.unwrap();
    assert_eq!(claim(db, 2, None).await, None);
    later(db, 11).await;
    let next = claim(db, 2, None).await.unwrap();
    // The turn that nobody ended counts as failed.
    assert_eq!((slow.failures, next.failures), (0, 1));
    assert!(!issued(db, slow).await);
    assert!(!acme::failed(&mut *db, &wanted(), slow, Duration::HOUR).await.unwrap());
    assert_eq!(standing(db).await.failures, 1);
    assert!(issued(db, next).await);
    // Said twice, for the first answer may be lost.
    assert!(issued(db, next).await);
    assert_eq!(standing(db).await.failures, 0);
}

#[tokio::test]
async fn turns_that_nobody_ends_come_ever_later() {
    let db = Db::fresh().await;
    let db = &mut db.connect().await;
    assert!(claim(db, 1, None).await.is_some());
    later(db, 11).await;
    assert!(claim(db, 2, None).await.is_some());
    later(db, 11).await;
    assert_eq!(claim(db, 3, None).await, None);
    later(db, 10).await;
    assert_eq!(claim(db, 3, None).await.unwrap().failures, 2);
}

#[tokio::test]
async fn who_asks_for_another_need_not_wait_but_takes_nobodys_turn() {
    let db = Db::fresh().await;
    let db = &mut db.connect().await;
    let first = claim(db, 1, None).await.unwrap();
    acme::ask(&mut *db, &wanted()).await.unwrap();
    assert_eq!(claim(db, 2, None).await, None);
    assert!(acme::failed(&mut *db, &wanted(), first, Duration::HOUR).await.unwrap());
    assert_eq!(claim(db, 2, None).await, None);
    acme::ask(&mut *db, &wanted()).await.unwrap();
    let next = claim(db, 2, None).await.unwrap();
    assert!(issued(db, next).await);
    assert_eq!(standing(db).await.asked_at, None);
}
