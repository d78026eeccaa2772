//! What is written is what is read.

use portcullis::crypto::secret::{Fingerprint, Secret};
use portcullis::protocol::client::{ClientAuth, ClientId, ClientSecret};
use portcullis::protocol::resource::Resource;
use portcullis::protocol::scope::Scope;
use portcullis::store::apis::{self, Api, ApiScope};
use portcullis::store::clients::{self, ClientQuery};
use portcullis::store::consents::{self, Consent};
use portcullis::store::mails::{self, Mail};
use portcullis::store::revocations::{self, Revocation, RevocationKind};
use portcullis::store::users::{self, UserQuery};
use portcullis::store::{StoreError, sessions, settings};
use time::Duration;

use super::{Scene, client, id, now, user};

#[tokio::test]
async fn a_client_is_read_as_written() {
    let scene = Scene::set().await;
    let found = clients::find(scene.store.pool(), &scene.client.id).await.unwrap().unwrap();
    assert_eq!(format!("{found:?}"), format!("{:?}", scene.client));
}

#[tokio::test]
async fn a_new_secret_lets_the_old_one_live_a_while() {
    let scene = Scene::set().await;
    let new = ClientSecret {
        id: id(),
        fingerprint: Fingerprint::of(b"new"),
        expires_at: None,
        created_at: now(),
    };
    let overlap = now() + Duration::days(1);
    let mut tx = scene.store.begin().await.unwrap();
    clients::add_secret(&mut tx, &scene.client.id, &new, overlap).await.unwrap();
    let found = clients::find(&mut *tx, &scene.client.id).await.unwrap().unwrap();
    let ClientAuth::SecretBasic(secrets) = found.auth else { panic!("another method") };
    assert_eq!(secrets.iter().map(|s| s.expires_at).collect::<Vec<_>>(), [Some(overlap), None]);
}

#[tokio::test]
async fn a_client_id_is_taken_once() {
    let scene = Scene::set().await;
    let mut tx = scene.store.begin().await.unwrap();
    let again = clients::insert(&mut tx, &scene.client).await;
    assert!(matches!(again, Err(StoreError::Conflict(name)) if name == "clients_pkey"));
}

#[tokio::test]
async fn clients_are_listed_in_pages() {
    let scene = Scene::set().await;
    let mut tx = scene.store.begin().await.unwrap();
    for name in ["b", "a", "c"] {
        clients::insert(&mut tx, &client(name)).await.unwrap();
    }
    let mut query = ClientQuery { limit: 3, ..ClientQuery::default() };
    let page = clients::list(&mut tx, &query).await.unwrap();
    assert_eq!(page.items.iter().map(|c| c.id.as_str()).collect::<Vec<_>>(), ["a", "b", "c"]);
    query.after = page.next;
    let page = clients::list(&mut tx, &query).await.unwrap();
    assert_eq!(page.items.iter().map(|c| c.id.as_str()).collect::<Vec<_>>(), ["shop"]);
    assert_eq!(page.next, None);
}

#[tokio::test]
async fn a_person_is_found_by_name_and_by_address() {
    let scene = Scene::set().await;
    for login in ["alice", "Alice@Example.com"] {
        let found = users::find_by_login(scene.store.pool(), login).await.unwrap().unwrap();
        assert_eq!(found.id, scene.user.id);
    }
    assert!(users::find_by_login(scene.store.pool(), "bob").await.unwrap().is_none());
}

#[tokio::test]
async fn a_rehash_does_not_undo_a_new_password() {
    let scene = Scene::set().await;
    let hash = |text: &str| Secret::new(format!("$argon2id${text}"));
    let db = scene.store.pool();
    users::set_password_hash(db, scene.user.id, &hash("new"), now()).await.unwrap();
    let late = users::rehash_password(db, scene.user.id, &hash("old"), &hash("stronger")).await;
    assert!(!late.unwrap());
    let kept = users::password_hash(db, scene.user.id).await.unwrap().unwrap().0;
    assert_eq!(kept.expose(), "$argon2id$new");
}

#[tokio::test]
async fn people_are_searched_in_pages() {
    let scene = Scene::set().await;
    for name in ["bob", "bobby"] {
        users::insert(scene.store.pool(), &user(name)).await.unwrap();
    }
    let query = UserQuery { search: Some("BOB".to_owned()), after: None, limit: 1 };
    let page = users::list(scene.store.pool(), &query).await.unwrap();
    assert_eq!(page.items[0].username.as_str(), "bob");
    let query = UserQuery { after: page.next, ..query };
    let page = users::list(scene.store.pool(), &query).await.unwrap();
    assert_eq!(page.items[0].username.as_str(), "bobby");
    assert_eq!(page.next, None);
}

#[tokio::test]
async fn a_session_is_found_with_its_person_until_it_ends() {
    let scene = Scene::set().await;
    let (db, cookie) = (scene.store.pool(), &scene.session.fingerprint);
    let (session, user) = sessions::find_by_fingerprint(db, cookie, now()).await.unwrap().unwrap();
    assert_eq!(format!("{session:?}"), format!("{:?}", scene.session));
    assert_eq!(user.id, scene.user.id);
    let late = scene.session.idle_ends_at;
    assert!(sessions::find_by_fingerprint(db, cookie, late).await.unwrap().is_none());
}

#[tokio::test]
async fn a_scope_belongs_to_one_api() {
    let scene = Scene::set().await;
    let scope = |name: &str| ApiScope {
        name: name.to_owned(),
        description: String::new(),
        administrators_only: false,
    };
    let api = |resource: &str, scopes: &[&str]| Api {
        resource: Resource::parse(resource).unwrap(),
        name: "API".to_owned(),
        access_token_lifetime: Duration::minutes(5),
        signing_alg: portcullis::crypto::jwt::Alg::Es256,
        built_in: false,
        scopes: scopes.iter().map(|name| scope(name)).collect(),
    };
    let mut tx = scene.store.begin().await.unwrap();
    apis::upsert(&mut tx, &api("https://one.example/", &["a", "b"]), now()).await.unwrap();
    apis::upsert(&mut tx, &api("https://one.example/", &["b", "c"]), now()).await.unwrap();
    let all = apis::all(&mut *tx).await.unwrap();
    assert_eq!(all[0].scopes, [scope("b"), scope("c")]);
    let second = apis::upsert(&mut tx, &api("https://two.example/", &["b"]), now()).await;
    assert!(matches!(second, Err(StoreError::Conflict(_))));
}

#[tokio::test]
async fn consents_add_up() {
    let scene = Scene::set().await;
    let consent = |scope: &str| Consent {
        user_id: scene.user.id,
        client_id: scene.client.id.clone(),
        scope: Scope::parse(scope).unwrap(),
        resources: vec![],
        granted_at: now(),
    };
    let db = scene.store.pool();
    consents::upsert(db, &consent("openid profile")).await.unwrap();
    consents::upsert(db, &consent("openid email")).await.unwrap();
    let found = consents::find(db, scene.user.id, &scene.client.id).await.unwrap().unwrap();
    assert_eq!(found.scope.iter().collect::<Vec<_>>(), ["email", "openid", "profile"]);
}

#[tokio::test]
async fn a_second_revocation_reaches_further() {
    let scene = Scene::set().await;
    let revocation = |after| Revocation {
        id: id(),
        kind: RevocationKind::Client,
        subject: "shop".to_owned(),
        revoked_at: now() + after,
        expires_at: now() + Duration::hours(1) + after,
        reason: "test".to_owned(),
    };
    let (first, second) = (revocation(Duration::ZERO), revocation(Duration::minutes(1)));
    revocations::insert(scene.store.pool(), &first).await.unwrap();
    revocations::insert(scene.store.pool(), &second).await.unwrap();
    let found = revocations::touching(scene.store.pool(), "j", "g", "shop").await.unwrap();
    assert_eq!(found, [Revocation { id: first.id, ..second }]);
}

#[tokio::test]
async fn a_mail_is_taken_by_one_sender_until_its_lease_ends() {
    let scene = Scene::set().await;
    let mail = Mail {
        id: id(),
        recipient: "alice@example.com".to_owned(),
        subject: "Hello".to_owned(),
        text_body: "text".to_owned(),
        html_body: "<p>html</p>".to_owned(),
        created_at: now(),
        tries: 0,
        sent_at: None,
        last_error: None,
    };
    let (db, lease) = (scene.store.pool(), Duration::minutes(1));
    mails::insert(db, &mail).await.unwrap();
    assert_eq!(mails::take_due(db, now(), lease, 10).await.unwrap().len(), 1);
    assert!(mails::take_due(db, now(), lease, 10).await.unwrap().is_empty());
    assert_eq!(mails::take_due(db, now() + lease, lease, 10).await.unwrap()[0].tries, 2);
    assert!(mails::mark_sent(db, mail.id, now()).await.unwrap());
    assert!(mails::take_due(db, now() + lease * 3, lease, 10).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_setting_is_made_once_and_replaced_at_will() {
    let scene = Scene::set().await;
    let db = scene.store.pool();
    assert!(settings::insert(db, "mfa", &"everyone".into(), now()).await.unwrap());
    assert!(!settings::insert(db, "mfa", &"nobody".into(), now()).await.unwrap());
    settings::set(db, "mfa", &"administrators".into(), now()).await.unwrap();
    assert_eq!(settings::find(db, "mfa").await.unwrap().unwrap(), "administrators");
}

#[tokio::test]
async fn a_client_without_rows_is_unknown() {
    let scene = Scene::set().await;
    let nobody = ClientId::parse("nobody").unwrap();
    assert!(clients::find(scene.store.pool(), &nobody).await.unwrap().is_none());
}
