use portcullis::crypto::keyset::Schedule;
use portcullis::manage::keys::{self, KeyView};
use portcullis::policy::permission::Actor;
use time::Duration;

use super::House;

fn schedule() -> Schedule {
    Schedule::new(Duration::days(30), Duration::minutes(5), Duration::minutes(10))
}

fn active(keys: &[KeyView], alg: &str) -> Vec<String> {
    let of = keys.iter().filter(|key| key.state == "active" && key.alg == alg);
    of.map(|key| key.kid.clone()).collect()
}

#[tokio::test]
async fn nodes_that_start_at_once_make_one_key_of_each_algorithm() {
    let house = House::new().await;
    let mut conn = house.db.connect().await;
    sqlx::raw_sql("delete from signing_keys").execute(&mut conn).await.unwrap();
    let (cx, schedule) = (house.cx(&Actor::System), schedule());
    let (a, b) =
        tokio::join!(keys::run_schedule(&cx, &schedule), keys::run_schedule(&cx, &schedule));
    a.unwrap();
    b.unwrap();
    let keys = keys::list(&cx).await.unwrap();
    for alg in ["ES256", "RS256"] {
        assert_eq!(active(&keys, alg).len(), 1, "{alg}");
    }
    assert_eq!(keys.len(), portcullis::crypto::jwt::Alg::ALL.len());
    assert!(keys::run_schedule(&cx, &schedule).await.unwrap().changes.is_empty());
}

#[tokio::test]
async fn a_rotation_at_once_signs_with_new_keys_and_keeps_the_old_published() {
    let house = House::new().await;
    let cx = house.cx(&Actor::Cli);
    keys::run_schedule(&cx, &schedule()).await.unwrap();
    let before = active(&keys::list(&cx).await.unwrap(), "ES256");
    let after = keys::rotate(&cx).await.unwrap().value;
    assert_ne!(active(&after, "ES256"), before);
    let old = after.iter().find(|key| key.kid == before[0]).unwrap();
    assert_eq!((old.state, old.removed_at), ("retiring", None));
}
