//! What somebody gets who copied cookies, or has another key.

use portcullis::crypto::jwt::Alg;
use reqwest::Method;
use serde_json::{Value, json};
use time::Duration;

use super::{BIND, BOUND, COOKIE, Device, PROOF, registration, wish};
use crate::support::browser::Authorize;
use crate::support::calls::credentials;
use crate::support::dpop::DpopKey;
use crate::support::server::Server;

const UNPROVED: &str =
    "select count(*) from audit_events where action = 'session.unproved' and outcome = 'refused'";

#[tokio::test]
async fn what_a_thief_copies_opens_nothing_once_the_short_cookie_is_over() {
    let server = Server::start().await;
    // She could see all of these.
    let bob = Device::bound(&server, "alice").await;
    let mut thief = server.browser();
    thief.cookies.clone_from(&bob.browser.cookies);
    thief.cookies.remove(COOKIE);
    for path in ["/account", "/account/sessions", "/admin", "/admin/users"] {
        let page = thief.get(path).await;
        assert_ne!(page.status, 200, "{path}: nobody is signed in");
    }
    let request = Authorize::of("shop", "openid").with("prompt", "none");
    let page = thief.get(&request.path()).await;
    assert_eq!(page.param("error").as_deref(), Some("login_required"));
    server.flush_journal().await;
    assert!(server.number(UNPROVED).await >= 5);
    // With the copied short cookie there are ten minutes, and no more.
    thief.cookies.clone_from(&bob.browser.cookies);
    assert_eq!(thief.get("/account").await.status, 200);
    server.clock.advance(Duration::seconds(631));
    assert_ne!(thief.get("/account").await.status, 200);
}

#[tokio::test]
async fn a_thief_who_signs_with_another_key_ends_the_session_for_both() {
    let server = Server::start().await;
    let node = server.second_node().await;
    let mut bob = Device::bound(&server, "bob").await;
    let tokens = crate::account::connect(&server, &mut bob.browser, "shop").await;
    let access = tokens["access_token"].as_str().unwrap();
    assert!(node.is_active(access).await);
    let mut thief =
        Device { browser: bob.browser.clone(), key: DpopKey::new(), session: bob.session.clone() };
    let over = thief.renew().await;
    assert_eq!(over.json(), json!({ "session_identifier": bob.session, "continue": false }));
    assert!(!bob.is_in().await && !thief.is_in().await);
    assert!(!server.is_active(access).await);
    tokio::time::sleep(std::time::Duration::from_secs(1)).await;
    assert!(!node.is_active(access).await);
    let told = "select count(*) from audit_events where action = 'session.key_mismatch'
        and outcome = 'refused'";
    assert_eq!(server.number(told).await, 1);
    // All that the browser had was copied with it.
    assert_eq!(server.number("select count(*) from devices").await, 0);
    let mail = "select count(*) from mails where recipient = 'bob@example.com'
        and subject like 'Somebody had a copy of your sign-in%'";
    assert_eq!(server.number(mail).await, 1);
}

#[tokio::test]
async fn a_proof_that_was_cut_or_garbled_ends_nothing() {
    let server = Server::start().await;
    let mut bob = Device::bound(&server, "bob").await;
    let challenge = bob.challenge().await;
    let good = super::proof(&bob.key, &challenge);
    for bad in [&good[..good.len() / 2], "", "x", "a.b.c", &good.replace('.', "..")] {
        let answer = bob.answer(bad).await;
        assert_eq!(answer.status, 403, "{bad}");
        assert!(answer.headers.contains_key("secure-session-challenge"), "{bad}");
    }
    assert_eq!(bob.answer(&good).await.status, 200);
    assert!(bob.is_in().await);
}

#[tokio::test]
async fn no_key_is_taken_but_one_that_signs_for_itself_in_a_complete_session() {
    let server = Server::start().await;
    let (browser, wanted) = Device::signed_in(&server, "bob").await;
    let wanted = wanted.unwrap();
    let (key, other) = (DpopKey::new(), DpopKey::new());
    let header = json!({ "typ": "dbsc+jwt", "alg": "ES256", "jwk": key.jwk() });
    let claims = json!({ "jti": wanted });
    let mut private = key.jwk().clone();
    private["d"] = json!("AAAA");
    let with = |name: &str, value: Value| {
        let mut changed = header.clone();
        changed[name] = value;
        key.jws(&changed, &claims)
    };
    let ed = DpopKey::of(Alg::EdDsa);
    let all = [
        ("nothing", String::new()),
        ("another key", other.jws(&header, &claims)),
        ("no key", with("jwk", Value::Null)),
        ("a private key", with("jwk", private)),
        ("another type", with("typ", json!("dpop+jwt"))),
        ("no signature", with("alg", json!("none"))),
        ("another algorithm", registration(&ed, "EdDSA", &wanted)),
        ("something critical", with("crit", json!(["x"]))),
        ("no challenge", key.jws(&header, &json!({}))),
        ("too much", with("x", json!("y".repeat(5_000)))),
    ];
    let mut device = Device { browser, key, session: String::new() };
    for (why, proof) in &all {
        let answer = device.browser.send(Method::POST, BIND, None, &[(PROOF, proof)]).await;
        assert_eq!(answer.status, 403, "{why}: {}", answer.body);
    }
    let twice = registration(&device.key, "ES256", &wanted);
    let headers = [(PROOF, twice.as_str()), (PROOF, twice.as_str())];
    assert_eq!(device.browser.send(Method::POST, BIND, None, &headers).await.status, 403);
    assert_eq!(server.number(BOUND).await, 0);
    assert_eq!(device.register(&wanted).await.status, 200);
    // Whoever has no session, or half a one, binds nothing.
    let mut nobody = server.browser();
    assert_eq!(nobody.send(Method::POST, BIND, None, &headers[..1]).await.status, 403);
    let mut carol = server.browser();
    let page = carol.get("/login").await;
    let page = carol.submit(&page, &credentials("carol")).await;
    assert_eq!(wish(&page), None, "a code is owed");
    assert_eq!(carol.send(Method::POST, BIND, None, &headers[..1]).await.status, 403);
}

#[tokio::test]
async fn a_sign_in_does_not_go_on_from_a_copied_cookie() {
    let server = Server::start().await;
    let bob = Device::bound(&server, "bob").await;
    let mut thief = server.browser();
    thief.cookies.insert("__Host-sid".to_owned(), bob.browser.cookies["__Host-sid"].clone());
    let page = thief.get("/login").await;
    let page = thief.submit(&page, &credentials("bob")).await;
    assert_eq!(page.status, 303);
    assert!(wish(&page).is_some(), "it is another session");
    assert_eq!(server.number("select count(*) from sessions where ended_at is null").await, 2);
}
