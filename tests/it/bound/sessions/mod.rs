//! Sessions bound to a key of the device (DBSC), by a client of the protocol that is no browser: it keeps
//! cookies, makes a key when it is asked for one, and signs what it is given.

mod pages;
mod policy;
mod thieves;

use portcullis::crypto::jwt::Alg;
use reqwest::{Method, StatusCode};
use serde_json::json;
use time::Duration;

use crate::account::{change, links, visit};
use crate::support::api::fifty;
use crate::support::browser::{Browser, Page, http};
use crate::support::calls::credentials;
use crate::support::dpop::DpopKey;
use crate::support::server::Server;

const BIND: &str = "/session/bind";
const RENEW: &str = "/session/renew";
const PROOF: &str = "secure-session-response";
const COOKIE: &str = "__Host-bound";
const BOUND: &str = "select count(*) from sessions where bound_at is not null";

/// A browser that can bind its sessions.
struct Device {
    browser: Browser,
    key: DpopKey,
    /// The session as the server calls it, once it is bound.
    session: String,
}

/// The challenge of the header that asks for a key.
fn wish(page: &Page) -> Option<String> {
    let header = page.headers.get("secure-session-registration")?.to_str().unwrap();
    assert!(header.starts_with("(ES256 RS256);path=\"/session/bind\""), "{header}");
    Some(header.split("challenge=\"").nth(1)?.trim_end_matches('"').to_owned())
}

fn registration(key: &DpopKey, alg: &str, challenge: &str) -> String {
    let header = json!({ "typ": "dbsc+jwt", "alg": alg, "jwk": key.jwk() });
    key.jws(&header, &json!({ "jti": challenge }))
}

fn proof(key: &DpopKey, challenge: &str) -> String {
    key.jws(&json!({ "typ": "dbsc+jwt", "alg": "ES256" }), &json!({ "jti": challenge }))
}

impl Device {
    /// Somebody at a new browser, with their password only, and what the server wants then.
    async fn signed_in(server: &Server, username: &str) -> (Browser, Option<String>) {
        let mut browser = server.browser();
        let page = browser.get("/login").await;
        let mut page = browser.submit(&page, &credentials(username)).await;
        let mut wanted = wish(&page);
        if page.location().starts_with("/login/code") {
            page = browser.follow(page).await;
            page = browser.submit(&page, &[("code", &server.totp())]).await;
            wanted = wish(&page);
        }
        assert_eq!(page.status, 303, "{}", page.body);
        (browser, wanted)
    }

    /// Somebody at a new browser, whose session was bound half a minute ago.
    async fn bound(server: &Server, username: &str) -> Self {
        let device = Self::just_bound(server, username).await;
        server.clock.advance(Duration::seconds(31));
        device
    }

    /// The same, just now.
    async fn just_bound(server: &Server, username: &str) -> Self {
        let (browser, wanted) = Self::signed_in(server, username).await;
        let mut device = Self { browser, key: DpopKey::new(), session: String::new() };
        let answer = device.register(&wanted.expect("a wish for a key")).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        let session = answer.json()["session_identifier"].as_str().unwrap().to_owned();
        Self { session, ..device }
    }

    async fn register(&mut self, challenge: &str) -> Page {
        let proof = registration(&self.key, "ES256", challenge);
        self.browser.send(Method::POST, BIND, None, &[(PROOF, &proof)]).await
    }

    /// Asks for a challenge.
    async fn challenge(&mut self) -> String {
        let id = format!("\"{}\"", self.session);
        let headers = [("sec-secure-session-id", id.as_str())];
        let answer = self.browser.send(Method::POST, RENEW, None, &headers).await;
        assert_eq!(answer.status, 403, "{}", answer.body);
        let header = answer.headers["secure-session-challenge"].to_str().unwrap();
        assert!(header.ends_with(&format!("\";id={id}")), "{header}");
        header.split('"').nth(1).unwrap().to_owned()
    }

    async fn answer(&mut self, proof: &str) -> Page {
        let id = format!("\"{}\"", self.session);
        let headers = [("sec-secure-session-id", id.as_str()), (PROOF, proof)];
        self.browser.send(Method::POST, RENEW, None, &headers).await
    }

    /// As a browser does it when the cookie is over.
    async fn renew(&mut self) -> Page {
        self.browser.cookies.remove(COOKIE);
        let challenge = self.challenge().await;
        let proof = proof(&self.key, &challenge);
        self.answer(&proof).await
    }

    async fn is_in(&mut self) -> bool {
        self.browser.get("/account").await.status == 200
    }
}

#[tokio::test]
async fn a_browser_that_knows_nothing_of_it_signs_in_as_ever() {
    let server = Server::start().await;
    let (mut browser, wanted) = Device::signed_in(&server, "bob").await;
    assert!(wanted.is_some());
    server.clock.advance(Duration::minutes(20));
    let page = browser.get("/account/sessions").await;
    assert_eq!(page.status, 200, "{}", page.body);
    assert!(!page.body.contains("Bound to this device"), "{}", page.body);
    assert_eq!(server.number(BOUND).await, 0);
}

#[tokio::test]
async fn a_bound_session_lives_on_the_signatures_of_its_key_on_every_node() {
    let server = Server::start().await;
    let node = server.second_node().await;
    let mut bob = Device::bound(&server, "bob").await;
    let told = bob.browser.get("/account/sessions").await;
    assert_eq!(told.body.matches("Bound to this device").count(), 2, "{}", told.body);
    for _ in 0..4 {
        assert!(bob.is_in().await);
        server.clock.advance(Duration::minutes(11));
        assert!(!bob.is_in().await, "the cookie is over");
        bob.browser = bob.browser.on(&node);
        let renewed = bob.renew().await;
        assert_eq!(renewed.status, 200, "{}", renewed.body);
        let cookie = renewed.headers["set-cookie"].to_str().unwrap();
        assert!(cookie.contains("Max-Age=600; ") || cookie.ends_with("Max-Age=600"), "{cookie}");
        for attribute in ["Secure", "HttpOnly", "Path=/", "SameSite=Lax"] {
            assert!(cookie.contains(attribute), "{cookie}");
        }
        bob.browser = bob.browser.on(&server);
    }
    assert!(bob.is_in().await);
    let told = "select count(*) from audit_events where action = 'session.bound'
        and details ? 'key' and session_id is not null";
    assert_eq!(server.number(told).await, 1);
}

#[tokio::test]
async fn a_challenge_is_answered_once_by_its_own_session_and_soon() {
    let server = Server::start().await;
    let mut bob = Device::bound(&server, "bob").await;
    let mut carol = Device::bound(&server, "carol").await;
    let challenge = bob.challenge().await;
    let signed = proof(&bob.key, &challenge);
    assert_eq!(bob.answer(&signed).await.status, 200);
    // Again, another session's, an old one, and one that was made up: there is another to sign.
    assert_eq!(bob.answer(&signed).await.status, 403);
    let others = carol.challenge().await;
    let signed = proof(&bob.key, &others);
    assert_eq!(bob.answer(&signed).await.status, 403);
    let old = bob.challenge().await;
    server.clock.advance(Duration::minutes(5));
    let signed = proof(&bob.key, &old);
    let answer = bob.answer(&signed).await;
    assert_eq!(answer.status, 403);
    assert!(answer.headers.contains_key("secure-session-challenge"));
    let signed = proof(&bob.key, "made.up.");
    assert_eq!(bob.answer(&signed).await.status, 403);
    assert_eq!(bob.renew().await.status, 200, "and the session lives");
}

#[tokio::test]
async fn of_fifty_answers_at_once_one_renews_and_of_fifty_keys_one_binds() {
    let server = Server::start().await;
    let node = server.second_node().await;
    let mut bob = Device::bound(&server, "bob").await;
    let challenge = bob.challenge().await;
    let signed = proof(&bob.key, &challenge);
    let nodes = [crate::support::api::Api::at(&server), crate::support::api::Api::at(&node)];
    let cookie = bob.browser.cookies["__Host-sid"].clone();
    let addresses = [server.url(RENEW), node.url(RENEW)];
    let statuses = fifty(&nodes, |_, n| {
        let (url, proof) = (addresses[n % 2].clone(), signed.clone());
        let cookie = format!("__Host-sid={cookie}");
        async move {
            let asked = http().post(url).header("cookie", cookie).header(PROOF, proof);
            asked.send().await.unwrap().status()
        }
    })
    .await;
    assert_eq!(statuses.iter().filter(|status| **status == StatusCode::OK).count(), 1);

    let (carol, wanted) = Device::signed_in(&server, "carol").await;
    let wanted = wanted.unwrap();
    let addresses = [server.url(BIND), node.url(BIND)];
    let statuses = fifty(&nodes, |_, n| {
        let url = addresses[n % 2].clone();
        let proof = registration(&DpopKey::new(), "ES256", &wanted);
        let cookie = format!("__Host-sid={}", carol.cookies["__Host-sid"]);
        async move {
            let asked = http().post(url).header("cookie", cookie).header(PROOF, proof);
            asked.send().await.unwrap().status()
        }
    })
    .await;
    assert_eq!(statuses.iter().filter(|status| **status == StatusCode::OK).count(), 1);
}

#[tokio::test]
async fn a_browser_may_use_rsa() {
    let server = Server::start().await;
    let (browser, wanted) = Device::signed_in(&server, "bob").await;
    let key = DpopKey::of(Alg::Rs256);
    let mut device = Device { browser, key, session: String::new() };
    let proof = registration(&device.key, "RS256", &wanted.unwrap());
    let quoted = format!("\"{proof}\"");
    let answer = device.browser.send(Method::POST, BIND, None, &[(PROOF, &quoted)]).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    device.session = answer.json()["session_identifier"].as_str().unwrap().to_owned();
    server.clock.advance(Duration::minutes(11));
    device.browser.cookies.remove(COOKIE);
    assert!(!device.is_in().await);
    let challenge = device.challenge().await;
    let header = json!({ "typ": "dbsc+jwt", "alg": "RS256" });
    let signed = device.key.jws(&header, &json!({ "jti": challenge }));
    assert_eq!(device.answer(&format!("\"{signed}\";a=1")).await.status, 200);
    assert!(device.is_in().await);
}

#[tokio::test]
async fn a_session_that_is_over_is_forgotten_by_the_browser() {
    let server = Server::start().await;
    let mut bob = Device::bound(&server, "bob").await;
    let jar = bob.browser.cookies.clone();
    let page = bob.browser.get("/oauth2/logout").await;
    bob.browser.submit(&page, &[("decision", "allow")]).await;
    bob.browser.cookies = jar;
    let id = format!("\"{}\"", bob.session);
    let headers = [("sec-secure-session-id", id.as_str())];
    let answer = bob.browser.send(Method::POST, RENEW, None, &headers).await;
    assert_eq!(answer.json(), json!({ "session_identifier": bob.session, "continue": false }));
    // The next sign-in is another session, with a key of its own.
    let mut again = Device::bound(&server, "bob").await;
    assert_ne!(again.session, bob.session);
    let answer = again.browser.send(Method::POST, RENEW, None, &headers).await;
    assert_eq!(answer.json()["continue"], false, "{}", answer.body);
    assert!(again.is_in().await);
}

#[tokio::test]
async fn a_renewal_that_a_step_up_overtook_is_made_again_and_not_the_end() {
    let server = Server::start().await;
    let mut carol = Device::bound(&server, "carol").await;
    let before = carol.browser.clone();
    server.clock.advance(Duration::minutes(6));
    let page = carol.browser.get("/account/profile/edit").await;
    let page = carol.browser.follow(page).await;
    carol.browser.submit(&page, &[("code", &server.totp())]).await;
    // What was under way with the cookie of before.
    let after = std::mem::replace(&mut carol.browser, before);
    let id = format!("\"{}\"", carol.session);
    let headers = [("sec-secure-session-id", id.as_str())];
    let answer = carol.browser.send(Method::POST, RENEW, None, &headers).await;
    assert_eq!(answer.status, 503, "{}", answer.body);
    carol.browser = after;
    assert_eq!(carol.renew().await.status, 200);
    assert!(carol.is_in().await);
}

#[tokio::test]
async fn a_step_up_keeps_the_key_and_asks_for_no_other() {
    let server = Server::start().await;
    let mut carol = Device::bound(&server, "carol").await;
    server.clock.advance(Duration::minutes(6));
    let page = carol.browser.get("/account/profile/edit").await;
    let page = carol.browser.follow(page).await;
    let code = server.totp();
    let page = carol.browser.submit(&page, &[("code", &code)]).await;
    assert_eq!((page.status, wish(&page)), (StatusCode::SEE_OTHER, None));
    assert!(page.location().starts_with("/account/profile/edit"), "{page:?}");
    assert_eq!(server.number(BOUND).await, 1);
    assert!(carol.is_in().await);
    server.clock.advance(Duration::minutes(11));
    assert!(!carol.is_in().await);
    assert_eq!(carol.renew().await.status, 200);
    assert!(carol.is_in().await);
}

#[tokio::test]
async fn who_has_no_cookie_or_another_sessions_is_told_nothing_of_a_session() {
    let server = Server::start().await;
    let bob = Device::bound(&server, "bob").await;
    let mut carol = Device::bound(&server, "carol").await;
    let over = json!({ "session_identifier": bob.session, "continue": false });
    let id = format!("\"{}\"", bob.session);
    let headers = [("sec-secure-session-id", id.as_str())];
    let mut nobody = server.browser();
    assert_eq!(nobody.send(Method::POST, RENEW, None, &headers).await.json(), over);
    assert_eq!(carol.browser.send(Method::POST, RENEW, None, &headers).await.json(), over);
}

#[tokio::test]
async fn a_bound_device_is_removed_like_any_other() {
    let server = Server::start().await;
    let mut bob = Device::bound(&server, "bob").await;
    let (mut here, _) = visit(&server, "bob").await;
    let page = here.get("/account/sessions").await;
    let remove = links(&page, "/account/devices/", "/remove").remove(1);
    change(&mut here, &remove, &[]).await;
    assert!(!bob.is_in().await);
    let id = format!("\"{}\"", bob.session);
    let headers = [("sec-secure-session-id", id.as_str())];
    let answer = bob.browser.send(Method::POST, RENEW, None, &headers).await;
    assert_eq!(answer.json()["continue"], false);
}
