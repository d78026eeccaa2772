//! Retention.

use portcullis::protocol::code::Code;
use portcullis::store::feed::{self, ChangeKind};
use portcullis::store::sweep::{self, Retention, Sweep};
use portcullis::store::{codes, grants};
use time::Duration;

use super::{Scene, end, now};

#[tokio::test]
async fn nothing_that_matters_is_swept() {
    let scene = Scene::set().await;
    scene.grant("openid").await;
    let swept = sweep::all(&scene.store, &Retention::default(), now()).await.unwrap();
    assert!(swept.iter().all(|(_, rows)| *rows == 0), "{swept:?}");
    assert_eq!(swept.len(), Sweep::ALL.len());
}

#[tokio::test]
async fn what_is_over_is_swept_when_its_time_has_passed() {
    let scene = Scene::set().await;
    let (sha256, code) = scene.code("openid").await;
    let grant = scene.redeem(&sha256, &code).await.unwrap().authorization.grant_id;
    grants::revoke(scene.store.pool(), &[grant], &end()).await.unwrap();
    let later = now() + Duration::days(8);
    sweep::all(&scene.store, &Retention::default(), later).await.unwrap();
    assert!(grants::find(scene.store.pool(), grant).await.unwrap().is_none());
    assert!(matches!(codes::find(scene.store.pool(), &sha256).await.unwrap(), Code::Unknown));
}

#[tokio::test]
async fn a_change_that_a_slow_reader_may_still_need_is_kept() {
    let scene = Scene::set().await;
    let later = now() + Duration::hours(2);
    let mut slow = scene.store.begin().await.unwrap();
    feed::append(&mut *slow, ChangeKind::Api, "slow").await.unwrap();
    let start = feed::cursor(scene.store.pool()).await.unwrap();
    feed::append(scene.store.pool(), ChangeKind::Api, "quick").await.unwrap();
    sweep::batch(scene.store.pool(), Sweep::Feed, later).await.unwrap();
    let (changes, _, _) = feed::since(scene.store.pool(), start).await.unwrap();
    assert!(changes.iter().any(|change| change.subject == "quick"));
}

#[tokio::test(flavor = "multi_thread")]
async fn nodes_that_sweep_at_once_share_the_work() {
    let scene = Scene::set().await;
    let fill = "insert into used_jtis (client_id, jti_hash, expires_at)
        select 'c', sha256(n::text::bytea), now() - interval '1 hour' from generate_series(1, 3500) n";
    sqlx::raw_sql(fill).execute(scene.store.pool()).await.unwrap();
    let nodes = (0..4).map(|_| {
        let store = scene.store.clone();
        tokio::spawn(
            async move { sweep::batch(store.pool(), Sweep::UsedJtis, now()).await.unwrap() },
        )
    });
    let mut swept = 0;
    for node in nodes.collect::<Vec<_>>() {
        swept += node.await.unwrap();
    }
    assert_eq!(swept, 3500);
}

#[tokio::test]
async fn what_cannot_be_swept_lets_nothing_else_grow() {
    let scene = Scene::set().await;
    let fill = "insert into pushed_requests (sha256, client_id, query, expires_at, created_at)
        select sha256('x'), id, 'q', now() - interval '1 hour', now() from clients limit 1";
    sqlx::raw_sql(fill).execute(scene.store.pool()).await.unwrap();
    let mut slow = scene.store.begin().await.unwrap();
    sqlx::raw_sql("lock table feed in access exclusive mode").execute(&mut *slow).await.unwrap();
    let swept = sweep::all(&scene.store, &Retention::default(), now()).await;
    assert!(swept.is_err(), "{swept:?}");
    let left = sqlx::query_scalar::<_, i64>("select count(*) from pushed_requests");
    assert_eq!(left.fetch_one(scene.store.pool()).await.unwrap(), 0);
}
