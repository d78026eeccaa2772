//! What happens once happens once, however many try at the same time.

use std::sync::Arc;

use portcullis::crypto::secret::Fingerprint;
use portcullis::identity::factor::{Factor, FactorKind};
use portcullis::identity::passkey::CopiedPolicy;
use portcullis::protocol::client::{ClientId, Rotation};
use portcullis::protocol::pushed::PushedRequest;
use portcullis::store::attempts::{self, Admission, Delays};
use portcullis::store::devices::Device;
use portcullis::store::grants::{self, Rotate};
use portcullis::store::sessions::Origin;
use portcullis::store::used_jtis::{Among, Jti};
use portcullis::store::webauthn::sign_in::{Completed, Completion, complete};
use portcullis::store::{factors, pushed_requests, recovery_codes, sessions, setup_links, users};
use time::Duration;
use tokio::task::JoinSet;

use super::{Scene, end, event, id, now, session, token, user};

/// How many of 50 parallel tries say yes.
async fn fifty<F>(try_once: impl Fn(Arc<Scene>) -> F, scene: Scene) -> usize
where
    F: Future<Output = bool> + Send + 'static,
{
    let scene = Arc::new(scene);
    let mut tries = JoinSet::new();
    for _ in 0..50 {
        tries.spawn(try_once(Arc::clone(&scene)));
    }
    tries.join_all().await.into_iter().filter(|yes| *yes).count()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_is_redeemed_once() {
    let scene = Scene::set().await;
    let (sha256, code) = scene.code("openid").await;
    let redeem = move |scene: Arc<Scene>| {
        let code = code.clone();
        async move { scene.redeem(&sha256, &code).await.is_some() }
    };
    assert_eq!(fifty(redeem, scene).await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refresh_token_rotates_once() {
    let scene = Scene::set().await;
    let token = token(&scene.grant("openid").await);
    let rotate = move |scene: Arc<Scene>| async move {
        let rotate = Rotate {
            token,
            client_id: scene.client.id.clone(),
            now: now(),
            idle_ends_at: now() + Duration::days(1),
            rotation: Rotation::Always,
            shown: None,
            pinned: true,
            jti: None,
        };
        grants::rotate(scene.store.pool(), &rotate).await.unwrap().is_some()
    };
    assert_eq!(fifty(rotate, scene).await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_recovery_code_is_spent_once() {
    let scene = Scene::set().await;
    let code = Fingerprint::of(b"code");
    let codes = [code, Fingerprint::of(b"another")];
    let mut tx = scene.store.begin().await.unwrap();
    recovery_codes::replace_all(&mut tx, scene.user.id, &codes, now()).await.unwrap();
    tx.commit().await.unwrap();
    let spend = move |scene: Arc<Scene>| async move {
        let left = recovery_codes::spend(scene.store.pool(), scene.user.id, &code, now()).await;
        left.unwrap() == Some(1)
    };
    assert_eq!(fifty(spend, scene).await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_time_step_is_used_once() {
    let scene = Scene::set().await;
    let factor = Factor {
        id: id(),
        user_id: scene.user.id,
        kind: FactorKind::Totp,
        label: "phone".to_owned(),
        sealed: vec![1],
        last_step: 0,
        confirmed_at: None,
        created_at: now(),
        used_at: None,
    };
    factors::insert(scene.store.pool(), &factor).await.unwrap();
    assert!(factors::confirm(scene.store.pool(), factor.id, 7, now()).await.unwrap());
    let advance = move |scene: Arc<Scene>| async move {
        factors::advance_step(scene.store.pool(), factor.id, 8, now()).await.unwrap()
    };
    assert_eq!(fifty(advance, scene).await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn as_many_tries_are_admitted_as_the_delays_allow() {
    let at = now();
    let admit = move |scene: Arc<Scene>| async move {
        let delays = Delays { seconds: &[0, 0, 0, 60], reset_after_s: 3600 };
        let admission = attempts::admit(scene.store.pool(), &[1; 32], delays, at).await.unwrap();
        matches!(admission, Admission::Admitted { .. })
    };
    assert_eq!(fifty(admit, Scene::set().await).await, 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_setup_link_is_spent_once() {
    let scene = Scene::set().await;
    let link = Fingerprint::of(b"link");
    let ends = now() + Duration::minutes(15);
    setup_links::insert(scene.store.pool(), &link, now(), ends).await.unwrap();
    let spend = move |scene: Arc<Scene>| async move {
        setup_links::spend(scene.store.pool(), &link, now()).await.unwrap()
    };
    assert_eq!(fifty(spend, scene).await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_assertion_is_used_once() {
    for among in
        [(|scene: &Scene| Among::Client(&scene.client.id)) as fn(&Scene) -> Among<'_>, |_| {
            Among::Key(&PROOF_KEY)
        }]
    {
        let spend = move |scene: Arc<Scene>| async move {
            let ends = now() + Duration::minutes(5);
            let jti = Jti::new(among(&scene), Fingerprint::of(b"jti"), ends);
            scene.store.spend_jti(jti).await.unwrap()
        };
        assert_eq!(fifty(spend, Scene::set().await).await, 1);
    }
}

static PROOF_KEY: std::sync::LazyLock<Fingerprint> =
    std::sync::LazyLock::new(|| Fingerprint::of(b"a key"));

#[tokio::test(flavor = "multi_thread")]
async fn a_pushed_request_gives_a_code_once_and_to_its_client_alone() {
    let scene = Scene::set().await;
    let name = Fingerprint::of(b"request_uri");
    let request = PushedRequest {
        client_id: scene.client.id.clone(),
        query: "client_id=x".to_owned(),
        expires_at: now() + Duration::minutes(1),
    };
    let pool = scene.store.pool();
    pushed_requests::insert(pool, &name, &request, now()).await.unwrap();
    let other = ClientId::parse("other").unwrap();
    assert!(!pushed_requests::spend(pool, &name, &other).await.unwrap());
    assert!(pushed_requests::open(pool, &name, now()).await.unwrap().is_some());
    let spend = move |scene: Arc<Scene>| async move {
        let pool = scene.store.pool();
        pushed_requests::spend(pool, &name, &scene.client.id).await.unwrap()
    };
    assert_eq!(fifty(spend, scene).await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_advances_once_per_cookie() {
    let advance = |scene: Arc<Scene>| async move {
        let mut next = scene.session.clone();
        next.fingerprint = Fingerprint::of(id().as_bytes());
        let old = &scene.session.fingerprint;
        sessions::advance(scene.store.pool(), old, &next).await.unwrap()
    };
    assert_eq!(fifty(advance, Scene::set().await).await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_that_ends_leaves_no_grant_of_a_code_on_its_way() {
    let scene = Arc::new(Scene::set().await);
    let mut redeems = JoinSet::new();
    for _ in 0..30 {
        let (sha256, code) = scene.code("openid offline_access").await;
        let scene = Arc::clone(&scene);
        redeems.spawn(async move { scene.redeem(&sha256, &code).await.is_some() });
    }
    let mut tx = scene.store.begin().await.unwrap();
    assert!(sessions::end(&mut tx, scene.session.id, &end()).await.unwrap());
    tx.commit().await.unwrap();
    redeems.join_all().await;
    let live = grants::list(scene.store.pool(), scene.user.id, now()).await.unwrap();
    assert!(live.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn two_removals_at_once_leave_an_administrator() {
    let scene = Arc::new(Scene::set().await);
    let role = portcullis::identity::role::Role::Administrator;
    let mut ids = vec![];
    for name in ["ann", "bob"] {
        let mut admin = user(name);
        admin.roles = vec![role.clone()];
        users::insert(scene.store.pool(), &admin).await.unwrap();
        ids.push(admin.id);
    }
    let mut removals = JoinSet::new();
    for id in ids {
        let scene = Arc::clone(&scene);
        removals.spawn(async move {
            let mut tx = scene.store.begin().await.unwrap();
            let several = users::count_administrators(&mut tx).await.unwrap() > 1;
            if several {
                users::disable(&mut *tx, id, now()).await.unwrap();
                tx.commit().await.unwrap();
            }
            several
        });
    }
    let removed = removals.join_all().await;
    assert_eq!(removed.into_iter().filter(|yes| *yes).count(), 1);
}

#[tokio::test]
async fn a_key_that_was_removed_meanwhile_is_gone_and_not_copied() {
    let scene = Scene::set().await;
    let (session, told) = (session(scene.user.id), event("login.succeeded"));
    let device = Device {
        id: id(),
        user_id: scene.user.id,
        fingerprint: Fingerprint::of(b"browser"),
        label: "Firefox".to_owned(),
        created_at: now(),
        seen_at: now(),
    };
    let completion = Completion {
        key_id: id(),
        counter: 3,
        backed_up: false,
        copied: CopiedPolicy::Revoke,
        device: &device,
        session: &session,
        before: None,
        origin: &Origin::default(),
        event: &told,
        notice: None,
    };
    let done = complete(scene.store.pool(), &completion).await.unwrap();
    assert_eq!(done, Completed::KeyGone);
}
