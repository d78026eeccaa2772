//! Delays after failures.

use portcullis::store::attempts::{self, Admission, Delays};
use time::Duration;

use super::{connect, now};
use crate::support::db::Db;

const DELAYS: Delays<'_> = Delays { seconds: &[0, 0, 5, 30], reset_after_s: 3600 };

#[tokio::test]
async fn tries_wait_longer_the_more_have_failed() {
    let db = Db::fresh().await;
    let store = connect(&db).await;
    let start = now();
    let mut seen = vec![];
    for second in [0, 0, 1, 5, 20, 35] {
        let at = start + Duration::seconds(second);
        seen.push(attempts::admit(store.pool(), &[1; 32], DELAYS, at).await.unwrap());
    }
    let admitted = |failures| Admission::Admitted { failures };
    let wait = |seconds| Admission::Wait { seconds };
    assert_eq!(seen, [admitted(1), admitted(2), wait(4), admitted(3), wait(15), admitted(4)]);
}

#[tokio::test]
async fn success_and_quiet_both_forget() {
    let db = Db::fresh().await;
    let store = connect(&db).await;
    let start = now();
    let admit = |at| attempts::admit(store.pool(), &[1; 32], DELAYS, at);
    admit(start).await.unwrap();
    admit(start).await.unwrap();
    attempts::clear(store.pool(), &[[1; 32]]).await.unwrap();
    assert_eq!(admit(start).await.unwrap(), Admission::Admitted { failures: 1 });
    let later = start + Duration::hours(1);
    assert_eq!(admit(later).await.unwrap(), Admission::Admitted { failures: 1 });
}

#[tokio::test]
async fn a_free_try_is_admitted_though_another_nodes_clock_is_ahead() {
    let db = Db::fresh().await;
    let store = connect(&db).await;
    let ahead = now() + Duration::hours(1);
    attempts::admit(store.pool(), &[1; 32], DELAYS, ahead).await.unwrap();
    let behind = attempts::admit(store.pool(), &[1; 32], DELAYS, now()).await.unwrap();
    assert_eq!(behind, Admission::Admitted { failures: 2 });
}
