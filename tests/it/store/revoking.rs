//! Redeeming, rotating and revoking.

use portcullis::protocol::client::Rotation;
use portcullis::protocol::code::Code;
use portcullis::protocol::grant::{Lifetime, RefreshToken};
use portcullis::protocol::pkce::Challenge;
use portcullis::store::consents::{self, Consent};
use portcullis::store::grants::{self, Rotate};
use portcullis::store::{codes, revocations, sessions, users};
use time::Duration;

use super::{Scene, end, event, now, token};

fn rotate(scene: &Scene, token: &RefreshToken, rotation: Rotation) -> Rotate {
    let now = now();
    let idle_ends_at = now + Duration::days(1);
    Rotate {
        token: *token,
        client_id: scene.client.id.clone(),
        now,
        idle_ends_at,
        rotation,
        shown: None,
        pinned: true,
        jti: None,
    }
}

#[tokio::test]
async fn a_code_with_another_verifier_client_or_address_is_not_spent() {
    let scene = Scene::set().await;
    let (sha256, code) = scene.code("openid").await;
    let other = Challenge::from_slice(&[8; 32]).unwrap();
    let right = scene.redemption(&sha256, &code);
    let mut wrong = [right.clone(), right.clone(), right.clone()];
    wrong[0].challenge = other;
    wrong[1].redirect_uri = "https://shop.example/cb/".to_owned();
    wrong[2].now = code.expires_at;
    for wrong in &wrong {
        assert!(codes::redeem(scene.store.pool(), wrong, &event("x")).await.unwrap().is_none());
    }
    assert!(matches!(codes::find(scene.store.pool(), &sha256).await.unwrap(), Code::Live(_)));
    let grant = scene.redeem(&sha256, &code).await.unwrap();
    assert_eq!(grant.authorization.grant_id, code.authorization.grant_id);
    assert!(matches!(codes::find(scene.store.pool(), &sha256).await.unwrap(), Code::Redeemed(_)));
}

#[tokio::test]
async fn a_disabled_person_redeems_nothing() {
    let scene = Scene::set().await;
    let (sha256, code) = scene.code("openid").await;
    users::disable(scene.store.pool(), scene.user.id, now()).await.unwrap();
    assert!(scene.redeem(&sha256, &code).await.is_none());
}

#[tokio::test]
async fn a_grant_without_offline_access_ends_with_its_session() {
    let scene = Scene::set().await;
    let bound = scene.grant("openid").await;
    let offline = scene.grant("openid offline_access").await;
    assert_eq!(bound.lifetime, Lifetime::Session);
    assert_eq!(bound.ends_at, scene.session.ends_at);
    assert_eq!(offline.lifetime, Lifetime::Offline);
    assert!(offline.ends_at > scene.session.ends_at);
}

#[tokio::test]
async fn a_rotation_advances_the_generation_and_only_then() {
    let scene = Scene::set().await;
    let first = token(&scene.grant("openid").await);
    let kept = grants::rotate(scene.store.pool(), &rotate(&scene, &first, Rotation::Never)).await;
    assert_eq!(kept.unwrap().unwrap().generation, 0);
    let next = grants::rotate(scene.store.pool(), &rotate(&scene, &first, Rotation::Always)).await;
    assert_eq!(next.unwrap().unwrap().generation, 1);
    let old = grants::rotate(scene.store.pool(), &rotate(&scene, &first, Rotation::Always)).await;
    assert!(old.unwrap().is_none());
}

#[tokio::test]
async fn rotations_touch_no_index() {
    let scene = Scene::set().await;
    let mut grant = scene.grant("openid").await;
    for _ in 0..5 {
        let token = token(&grant);
        let rotate = rotate(&scene, &token, Rotation::Always);
        grant = grants::rotate(scene.store.pool(), &rotate).await.unwrap().unwrap();
    }
    let mut hot = 0;
    for _ in 0..100 {
        let row = stats_of(&scene).await;
        hot = row.1;
        if row.0 >= 5 {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    assert_eq!(hot, 5);
}

/// Updates of `grants`, all and heap-only, as the server has counted them so far.
async fn stats_of(scene: &Scene) -> (i64, i64) {
    let row = sqlx::query!(
        r#"select n_tup_upd as "updated!", n_tup_hot_upd as "hot!"
        from pg_stat_user_tables where relname = 'grants'"#
    );
    let row = row.fetch_one(scene.store.pool()).await.unwrap();
    (row.updated, row.hot)
}

#[tokio::test]
async fn signing_out_spares_offline_grants_and_ending_does_not() {
    let scene = Scene::set().await;
    scene.grant("openid").await;
    let offline = scene.grant("openid offline_access").await;
    let mut tx = scene.store.begin().await.unwrap();
    assert!(sessions::sign_out(&mut tx, scene.session.id, &end()).await.unwrap());
    let live = grants::list(&mut *tx, scene.user.id, now()).await.unwrap();
    assert_eq!(live.len(), 1);
    assert_eq!(live[0].authorization.grant_id, offline.authorization.grant_id);
    assert!(!sessions::end(&mut tx, scene.session.id, &end()).await.unwrap());
    assert!(grants::list(&mut *tx, scene.user.id, now()).await.unwrap().is_empty());
}

#[tokio::test]
async fn ending_all_other_sessions_keeps_this_one() {
    let scene = Scene::set().await;
    scene.grant("openid").await;
    let other = super::session(scene.user.id);
    let mut tx = scene.store.begin().await.unwrap();
    sessions::insert(&mut *tx, &other, &sessions::Origin::default(), None).await.unwrap();
    let ended = sessions::end_all(&mut tx, scene.user.id, Some(scene.session.id), &end()).await;
    assert_eq!(ended.unwrap(), [other.id]);
    assert_eq!(grants::list(&mut *tx, scene.user.id, now()).await.unwrap().len(), 1);
    let ended = sessions::end_all(&mut tx, scene.user.id, None, &end()).await;
    assert_eq!(ended.unwrap(), [scene.session.id]);
    assert!(grants::list(&mut *tx, scene.user.id, now()).await.unwrap().is_empty());
}

#[tokio::test]
async fn only_grants_with_live_tokens_are_listed_as_revoked() {
    let scene = Scene::set().await;
    let used = scene.grant("openid").await.authorization.grant_id;
    let idle = scene.grant("openid").await.authorization.grant_id;
    let back =
        sqlx::query!("update grants set used_at = now() - interval '2 hours' where id = $1", idle);
    back.execute(scene.store.pool()).await.unwrap();
    let killed = grants::revoke(scene.store.pool(), &[used, idle], &end()).await.unwrap();
    assert_eq!(killed.len(), 2);
    let live = revocations::live(scene.store.pool()).await.unwrap();
    assert_eq!(live.len(), 1);
    assert_eq!(live[0].subject, used.to_string());
    assert_eq!(revocations::by_ids(scene.store.pool(), &[used]).await.unwrap(), live);
}

#[tokio::test]
async fn a_consent_taken_back_takes_codes_and_grants_along() {
    let scene = Scene::set().await;
    let grant = scene.grant("openid").await.authorization;
    let (sha256, code) = scene.code("openid").await;
    let consent = Consent {
        user_id: scene.user.id,
        client_id: scene.client.id.clone(),
        scope: grant.scope,
        resources: vec![],
        granted_at: now(),
    };
    let mut tx = scene.store.begin().await.unwrap();
    consents::upsert(&mut *tx, &consent).await.unwrap();
    let killed = consents::revoke(&mut tx, scene.user.id, &scene.client.id, &end()).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(killed, [grant.grant_id]);
    assert!(scene.redeem(&sha256, &code).await.is_none());
}
