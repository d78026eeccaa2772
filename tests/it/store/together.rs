//! Calls made together come to what they come to alone.

use std::sync::Arc;

use portcullis::crypto::secret::Fingerprint;
use portcullis::protocol::client::{ClientId, Rotation};
use portcullis::protocol::code::{Code, CodeGrant};
use portcullis::protocol::grant::{Grant, Lifetime};
use portcullis::protocol::pkce::Challenge;
use portcullis::store::grants::{self, Rotate};
use portcullis::store::used_jtis::{Among, Jti};
use portcullis::store::{codes, sessions, users};
use sqlx::Executor as _;
use time::Duration;
use tokio::task::JoinSet;

use super::{REDIRECT, Scene, end, event, now, token};

fn rotate(scene: &Scene, grant: &Grant) -> Rotate {
    Rotate {
        token: token(grant),
        client_id: scene.client.id.clone(),
        now: now(),
        idle_ends_at: now() + Duration::days(1),
        rotation: Rotation::Always,
        shown: None,
        pinned: true,
        jti: None,
    }
}

/// The `jti` called `name`, of the one key in these tests.
fn jti(name: &str) -> Jti {
    let among = Fingerprint::of(b"a key");
    Jti::new(Among::Key(&among), Fingerprint::of(name.as_bytes()), now() + Duration::minutes(2))
}

#[tokio::test(flavor = "multi_thread")]
async fn one_proof_rotates_one_of_many_grants_and_the_others_stay_as_they_were() {
    let scene = Arc::new(Scene::set().await);
    let mut grants = Vec::new();
    let mut tries = JoinSet::new();
    for _ in 0..40 {
        let grant = scene.grant("openid offline_access").await;
        let asked = Rotate { jti: Some(jti("shared")), ..rotate(&scene, &grant) };
        grants.push(grant);
        let scene = Arc::clone(&scene);
        tries.spawn(async move { scene.store.rotate(asked).await.unwrap().is_some() });
    }
    assert_eq!(tries.join_all().await.into_iter().filter(|rotated| *rotated).count(), 1);
    let ids: Vec<_> = grants.iter().map(|grant| grant.authorization.grant_id).collect();
    let advanced =
        sqlx::query_scalar::<_, i64>("select sum(generation) from grants where id = any($1)");
    let advanced = advanced.bind(ids).fetch_one(scene.store.pool()).await.unwrap();
    assert_eq!(advanced, 1, "generations begin at 0");
}

#[tokio::test]
async fn a_rotation_uses_its_proof_up_and_one_that_fails_does_not() {
    let scene = Scene::set().await;
    let grant = scene.grant("openid offline_access").await;
    let mut wrong = Rotate { jti: Some(jti("one")), ..rotate(&scene, &grant) };
    wrong.token.generation = 7;
    assert!(scene.store.rotate(wrong).await.unwrap().is_none());
    let good = Rotate { jti: Some(jti("one")), ..rotate(&scene, &grant) };
    let next = scene.store.rotate(good).await.unwrap().unwrap();
    assert!(!scene.store.spend_jti(jti("one")).await.unwrap(), "it was used up with the rotation");
    let again = Rotate { jti: Some(jti("one")), ..rotate(&scene, &next) };
    assert!(scene.store.rotate(again).await.unwrap().is_none());
    let stale = Jti::new(
        Among::Key(&Fingerprint::of(b"a key")),
        Fingerprint::of(b"two"),
        now() - Duration::minutes(1),
    );
    let late = Rotate { jti: Some(stale), ..rotate(&scene, &next) };
    assert!(scene.store.rotate(late).await.unwrap().is_none(), "its row may have been swept");
    let fresh = Rotate { jti: Some(jti("three")), ..rotate(&scene, &next) };
    assert!(scene.store.rotate(fresh).await.unwrap().is_some());
}

#[tokio::test(flavor = "multi_thread")]
async fn each_of_many_rotations_gets_its_own_grant_and_the_bad_ones_nothing() {
    let scene = Arc::new(Scene::set().await);
    let mut rotations = JoinSet::new();
    for number in 0..60 {
        let grant = scene.grant("openid offline_access").await;
        let mut asked = rotate(&scene, &grant);
        match number % 5 {
            1 => asked.token.generation = 7,
            2 => asked.token.salt = [1; 16],
            3 => asked.client_id = ClientId::parse("another").unwrap(),
            _ => {}
        }
        let good = matches!(number % 5, 0 | 4);
        let scene = Arc::clone(&scene);
        rotations.spawn(async move {
            let rotated = scene.store.rotate(asked).await.unwrap();
            (grant, good, rotated)
        });
    }
    for (grant, good, rotated) in rotations.join_all().await {
        let rotated = rotated.map(|now| (now.authorization.grant_id, now.generation));
        assert_eq!(rotated, good.then_some((grant.authorization.grant_id, 1)));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refresh_token_presented_fifty_times_together_rotates_once() {
    let scene = Arc::new(Scene::set().await);
    let grant = scene.grant("openid").await;
    let mut tries = JoinSet::new();
    for _ in 0..50 {
        let (scene, asked) = (Arc::clone(&scene), rotate(&scene, &grant));
        tries.spawn(async move { scene.store.rotate(asked).await.unwrap().is_some() });
    }
    assert_eq!(tries.join_all().await.into_iter().filter(|won| *won).count(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_redeemed_together_is_what_is_redeemed_alone() {
    let scene = Arc::new(Scene::set().await);
    for scope in ["openid", "openid offline_access"] {
        let alone = scene.grant(scope).await;
        let (sha256, code) = scene.code(scope).await;
        let redemption = scene.redemption(&sha256, &code);
        let together = scene.store.redeem(redemption, event("code.redeemed")).await.unwrap();
        let together = together.unwrap();
        let told = |grant: &Grant| (grant.lifetime, grant.generation, grant.salt, grant.rotated_at);
        assert_eq!(told(&together), told(&alone));
        assert_eq!(together.authorization.scope, alone.authorization.scope);
        assert_eq!(together.authorization.nonce, alone.authorization.nonce);
        // Each has the time of its own sign-in, which need not be the same second.
        assert_eq!(together.authorization.authentication, code.authorization.authentication);
        let given = |grant: &Grant| {
            let factors = &grant.authorization.authentication.factors;
            factors.iter().map(|proof| (proof.kind, proof.alone)).collect::<Vec<_>>()
        };
        assert_eq!(given(&together), given(&alone));
        let spread = |grant: &Grant| grant.ends_at - grant.created_at;
        if together.lifetime == Lifetime::Offline {
            assert_eq!(spread(&together), spread(&alone));
        } else {
            assert_eq!(together.ends_at, scene.session.ends_at);
        }
        let stored = grants::find(scene.store.pool(), code.authorization.grant_id).await.unwrap();
        let stored = stored.unwrap();
        assert_eq!(
            (stored.idle_ends_at, stored.ends_at),
            (together.idle_ends_at, together.ends_at)
        );
    }
    assert_eq!(audit_rows(&scene, "code.redeemed").await, 4, "each leaves its audit event");
}

async fn audit_rows(scene: &Scene, action: &str) -> i64 {
    let count = sqlx::query_scalar("select count(*) from audit_events where action = $1");
    count.bind(action).fetch_one(scene.store.pool()).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn many_codes_redeemed_together_are_each_redeemed_once() {
    let scene = Arc::new(Scene::set().await);
    let mut redeems = JoinSet::new();
    for _ in 0..20 {
        let (sha256, code) = scene.code("openid").await;
        for _ in 0..3 {
            let (scene, code) = (Arc::clone(&scene), code.clone());
            redeems.spawn(async move {
                let redemption = scene.redemption(&sha256, &code);
                let grant = scene.store.redeem(redemption, event("code.redeemed")).await.unwrap();
                grant.map(|grant| grant.authorization.grant_id)
            });
        }
    }
    let mut won: Vec<_> = redeems.join_all().await.into_iter().flatten().collect();
    won.sort();
    won.dedup();
    assert_eq!(won.len(), 20);
    assert_eq!(audit_rows(&scene, "code.redeemed").await, 20);
}

#[tokio::test(flavor = "multi_thread")]
async fn wrong_redemptions_among_good_ones_spend_nothing() {
    let scene = Arc::new(Scene::set().await);
    let (sha256, code) = scene.code("openid").await;
    let right = scene.redemption(&sha256, &code);
    let mut wrong = [right.clone(), right.clone(), right.clone(), right];
    wrong[0].challenge = Challenge::from_slice(&[8; 32]).unwrap();
    wrong[1].redirect_uri = format!("{REDIRECT}/");
    wrong[2].now = code.expires_at;
    wrong[3].client_id = ClientId::parse("another").unwrap();
    for wrong in wrong {
        assert!(scene.store.redeem(wrong, event("x")).await.unwrap().is_none());
    }
    assert!(matches!(codes::find(scene.store.pool(), &sha256).await.unwrap(), Code::Live(_)));
    assert!(is_redeemed(&scene, &sha256, &code).await);
}

async fn is_redeemed(scene: &Scene, sha256: &Fingerprint, code: &CodeGrant) -> bool {
    let redemption = scene.redemption(sha256, code);
    scene.store.redeem(redemption, event("x")).await.unwrap().is_some()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_ended_session_and_a_disabled_person_redeem_nothing_together_either() {
    let scene = Scene::set().await;
    let (sha256, code) = scene.code("openid").await;
    users::disable(scene.store.pool(), scene.user.id, now()).await.unwrap();
    assert!(!is_redeemed(&scene, &sha256, &code).await);
    users::enable(scene.store.pool(), scene.user.id, now()).await.unwrap();
    let mut tx = scene.store.begin().await.unwrap();
    sessions::end(&mut tx, scene.session.id, &end()).await.unwrap();
    tx.commit().await.unwrap();
    assert!(!is_redeemed(&scene, &sha256, &code).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_grant_that_somebody_holds_holds_up_no_other() {
    let scene = Scene::set().await;
    let (held, free) = (scene.grant("openid").await, scene.grant("openid").await);
    let mut holder = scene.store.begin().await.unwrap();
    let lock =
        format!("select 1 from grants where id = '{}' for update", held.authorization.grant_id);
    holder.execute(sqlx::AssertSqlSafe(lock)).await.unwrap();
    let (held, free) = tokio::join!(
        scene.store.rotate(rotate(&scene, &held)),
        scene.store.rotate(rotate(&scene, &free)),
    );
    assert!(held.unwrap().is_none(), "it is skipped, not waited for");
    assert!(free.unwrap().is_some());
}

#[tokio::test(flavor = "multi_thread")]
async fn calls_survive_backends_that_are_ended_under_them() {
    let scene = Arc::new(Scene::set().await);
    let mut grant = scene.grant("openid offline_access").await;
    let mut admin = scene.db.connect().await;
    for _ in 0..20 {
        admin.execute(TERMINATE).await.unwrap();
        let rotated = scene.store.rotate(rotate(&scene, &grant)).await;
        grant = rotated.expect("the call is made again").expect("it was not rotated before");
        let (sha256, code) = scene.code("openid").await;
        admin.execute(TERMINATE).await.unwrap();
        assert!(is_redeemed(&scene, &sha256, &code).await);
    }
}

/// Ends all connections of this database but the one that asks.
const TERMINATE: &str = "select pg_terminate_backend(pid, 5000) from pg_stat_activity
    where datname = current_database() and pid <> pg_backend_pid()";

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_is_away_fails_every_call_alike() {
    let scene = Arc::new(Scene::set().await);
    let grant = scene.grant("openid").await;
    scene.store.close().await;
    let mut tries = JoinSet::new();
    for _ in 0..8 {
        let (scene, asked) = (Arc::clone(&scene), rotate(&scene, &grant));
        tries.spawn(async move { scene.store.rotate(asked).await });
    }
    for tried in tries.join_all().await {
        assert!(portcullis::store::is_transient(&tried.unwrap_err()));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn grants_go_with_their_client_and_their_person() {
    for table in ["clients", "users"] {
        let scene = Scene::set().await;
        let grant = scene.grant("openid offline_access").await;
        let delete = format!("delete from {table}");
        scene.store.pool().execute(sqlx::AssertSqlSafe(delete)).await.unwrap();
        let left = grants::find(scene.store.pool(), grant.authorization.grant_id).await.unwrap();
        assert!(left.is_none(), "{table}");
    }
}
