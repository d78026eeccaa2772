//! Keys as the second step, and as what proves a person afresh.

use super::{KEY, LOGIN, NEW, Visit, form, keys, offered, passkey_of};
use crate::support::authenticator::{Soft, UP, UV};
use crate::support::browser::Authorize;
use crate::support::calls::credentials;
use crate::support::server::Server;

#[tokio::test]
async fn a_passkey_is_asked_for_after_the_password_and_the_rest_is_in_reach() {
    let server = Server::start().await;
    let mut soft = passkey_of(&server, "carol").await;
    let mut visit = Visit::at_login(&server).await;
    visit.password("carol").await;
    assert!(visit.page.body.contains("Try another way"), "{}", visit.page.body);
    assert!(visit.page.body.contains("Use your authenticator app"));
    assert!(visit.page.body.contains("Use a recovery code"));
    let challenge = visit.challenge(KEY, &[]).await;
    let credential = soft.get(&challenge["publicKey"]);
    let page = visit.answer(KEY, &challenge, &credential).await;
    assert!(visit.browser.follow(page).await.param("code").is_some());
}

#[tokio::test]
async fn the_authenticator_still_takes_the_step_and_leads_back_to_the_key() {
    let server = Server::start().await;
    passkey_of(&server, "carol").await;
    server.execute("update factors set last_step = 0").await;
    let mut visit = Visit::at_login(&server).await;
    visit.password("carol").await;
    let link = visit.page.body.split("href=\"").find(|part| part.starts_with("/login/code"));
    let href = link.unwrap().split('"').next().unwrap().replace("&#38;", "&");
    let page = visit.browser.get(&href).await;
    assert!(page.body.contains("/login/key?flow="), "{}", page.body);
    let code = server.totp();
    let done = visit.browser.submit(&page, &[("code", &code)]).await;
    assert!(visit.browser.follow(done).await.param("code").is_some());
}

/// A security key of bob's, which verifies nobody.
async fn security_key(server: &Server) -> Soft {
    let mut soft = Soft::at(&server.issuer);
    soft.flags = UP;
    let mut visit = offered(server, "bob").await;
    let challenge = visit.challenge(NEW, &[("wanted", "security_key")]).await;
    let credential = soft.create(&challenge["publicKey"]);
    let ceremony = challenge["ceremony"].as_str().unwrap();
    let fields = [("ceremony", ceremony), ("credential", &credential), ("wanted", "security_key")];
    let done = visit.browser.submit(&form(&visit.page, NEW), &fields).await;
    assert_eq!(done.status, 200, "{}", done.body);
    soft
}

#[tokio::test]
async fn a_touched_key_follows_a_password_and_resists_phishing() {
    let server = Server::start().await;
    let mut soft = security_key(&server).await;
    let request = Authorize::of("shop", "openid orders.read");
    let mut visit = Visit::of(server.browser(), &request).await;
    let page = visit.browser.submit(&form(&visit.page, "/login"), &credentials("bob")).await;
    visit.page = visit.browser.follow(page).await;
    let challenge = visit.challenge(KEY, &[]).await;
    let credential = soft.get(&challenge["publicKey"]);
    let page = visit.answer(KEY, &challenge, &credential).await;
    let page = visit.browser.follow(page).await;
    let code = page.param("code").unwrap_or_else(|| panic!("no code: {page:?}"));
    let tokens = server.redeem(&request, &code).await.json();
    let fields = [("token", tokens["access_token"].as_str().unwrap())];
    let seen = server.call("/oauth2/introspect", "shop", &fields).await.json();
    assert_eq!(seen["acr"], "phr");
    assert_eq!(seen["amr"], serde_json::json!(["pwd", "hwk", "user", "mfa"]));
}

#[tokio::test]
async fn a_touched_key_alone_signs_nobody_in() {
    let server = Server::start().await;
    let mut soft = security_key(&server).await;
    let mut visit = Visit::at_login(&server).await;
    let page = visit.sign_in(&mut soft).await;
    assert_eq!(page.status, 401);
    // Not even when it says that it verified somebody.
    soft.flags = UP | UV;
    let mut visit = Visit::at_login(&server).await;
    assert_eq!(visit.sign_in(&mut soft).await.status, 401);
}

#[tokio::test]
async fn a_touched_key_is_not_taken_where_every_key_must_verify() {
    let server = Server::with(&[("WEBAUTHN_USER_VERIFICATION", "required")]).await;
    server.apply(crate::support::server::STOCK).await;
    let mut visit = offered(&server, "bob").await;
    let answer = visit.options(NEW, &[("wanted", "security_key")]).await;
    assert_eq!(answer.status, 400, "{}", answer.body);
    assert_eq!(keys(&server, "bob").await, 0);
}

#[tokio::test]
async fn a_challenge_is_of_one_ceremony_one_browser_and_one_answer() {
    let server = Server::start().await;
    let mut soft = passkey_of(&server, "carol").await;
    let mut visit = Visit::at_login(&server).await;
    let sign_in = visit.challenge(LOGIN, &[]).await;
    visit.password("carol").await;
    let second = visit.challenge(KEY, &[]).await;
    // Of another ceremony.
    let credential = soft.get(&sign_in["publicKey"]);
    assert_eq!(visit.answer(KEY, &sign_in, &credential).await.status, 401);
    // Of another browser.
    let mut thief = Visit::at_login(&server).await;
    thief.password("carol").await;
    let credential = soft.get(&second["publicKey"]);
    assert_eq!(thief.answer(KEY, &second, &credential).await.status, 401);
    // Twice.
    let credential = soft.get(&second["publicKey"]);
    let first = visit.answer(KEY, &second, &credential).await;
    assert_eq!(first.status, 303, "{}", first.body);
    let credential = soft.get(&second["publicKey"]);
    assert_ne!(visit.answer(KEY, &second, &credential).await.status, 303);
}

#[tokio::test]
async fn one_persons_key_is_no_second_step_of_another() {
    let server = Server::start().await;
    let mut bobs = passkey_of(&server, "bob").await;
    passkey_of(&server, "carol").await;
    let mut visit = Visit::at_login(&server).await;
    visit.password("carol").await;
    let challenge = visit.challenge(KEY, &[]).await;
    let credential = bobs.get(&challenge["publicKey"]);
    assert_eq!(visit.answer(KEY, &challenge, &credential).await.status, 401);
}

#[tokio::test]
async fn a_password_alone_adds_no_key_beside_another_factor() {
    let server = Server::start().await;
    // The page of an offer, kept by somebody who then signed in with the password alone.
    let kept = offered(&server, "carol").await;
    let mut visit = Visit::at_login(&server).await;
    visit.password("carol").await;
    assert!(visit.page.body.contains("name=\"code\""));
    let mut mixed = Visit { browser: visit.browser, page: kept.page };
    assert_eq!(mixed.options(NEW, &[]).await.status, 403);
    // And the very page, once the proof is no longer fresh.
    let mut late = offered(&server, "alice").await;
    server.clock.advance(time::Duration::minutes(9));
    assert_eq!(late.options(NEW, &[]).await.status, 200);
    server.execute("update sessions set proofs = '[]'").await;
    assert_eq!(late.options(NEW, &[]).await.status, 400);
}
