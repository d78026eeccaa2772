//! The offer of a passkey, and keys that the policy asks for.

use super::{NEW, Visit, form, keys, offered, passkey_of};
use crate::support::authenticator::Soft;
use crate::support::browser::Authorize;
use crate::support::server::Server;

const OFFER: &str = "/login/passkey/offer";

#[tokio::test]
async fn a_browser_that_can_is_offered_a_passkey_once() {
    let server = Server::start().await;
    let mut visit = offered(&server, "bob").await;
    assert!(visit.page.body.contains("Sign in faster next time"), "{}", visit.page.body);
    let later = form(&visit.page, OFFER);
    let done = visit.browser.submit(&later, &[("answer", "later")]).await;
    assert!(visit.browser.follow(done).await.param("code").is_some());
    let again = offered(&server, "bob").await;
    assert!(again.page.param("code").is_some(), "{:?}", again.page);
    server.clock.advance(time::Duration::days(31));
    let month = offered(&server, "bob").await;
    assert!(month.page.body.contains("Sign in faster next time"));
}

#[tokio::test]
async fn whoever_says_never_is_not_asked_again() {
    let server = Server::start().await;
    let mut visit = offered(&server, "bob").await;
    let never = form(&visit.page, OFFER);
    let done = visit.browser.submit(&never, &[("answer", "never")]).await;
    assert!(visit.browser.follow(done).await.param("code").is_some());
    server.clock.advance(time::Duration::days(400));
    assert!(offered(&server, "bob").await.page.param("code").is_some());
}

#[tokio::test]
async fn a_browser_that_cannot_and_a_person_who_has_one_are_not_asked() {
    let server = Server::start().await;
    let page = server.browser().sign_in(&server, &Authorize::of("shop", "openid"), "bob").await;
    assert!(page.param("code").is_some(), "{page:?}");
    let mut soft = passkey_of(&server, "bob").await;
    let mut visit = Visit::at_login(&server).await;
    assert!(visit.sign_in(&mut soft).await.param("code").is_some());
}

#[tokio::test]
async fn a_first_key_comes_with_recovery_codes_a_notice_and_an_event() {
    let server = Server::start().await;
    let mut visit = offered(&server, "bob").await;
    let challenge = visit.challenge(NEW, &[]).await;
    let credential = Soft::at(&server.issuer).create(&challenge["publicKey"]);
    let page = visit.answer(NEW, &challenge, &credential).await;
    assert_eq!(page.status, 200);
    assert!(page.body.contains("recovery codes") || page.body.contains("Recovery codes"));
    let done = visit.browser.submit(&page, &[]).await;
    assert!(visit.browser.follow(done).await.param("code").is_some());
    assert_eq!(server.number("select count(*) from recovery_codes").await, 10);
    let mails = "select count(*) from mails where subject like 'A key was added%'";
    assert_eq!(server.number(mails).await, 1);
    let events = "select count(*) from audit_events where action = 'factor.enrolled'
        and details->>'kind' = 'passkey'";
    assert_eq!(server.number(events).await, 1);
}

#[tokio::test]
async fn a_factor_that_the_policy_demands_may_be_a_passkey() {
    let server = Server::start().await;
    server.apply("[policy]\nmfa = \"everyone\"\n").await;
    let mut visit = Visit::at_login(&server).await;
    visit.password("bob").await;
    assert!(visit.page.body.contains("Create a passkey"), "{}", visit.page.body);
    assert!(visit.page.body.contains("authenticator app"));
    let challenge = visit.challenge(NEW, &[]).await;
    let credential = Soft::at(&server.issuer).create(&challenge["publicKey"]);
    let codes = visit.answer(NEW, &challenge, &credential).await;
    assert_eq!(codes.status, 200, "{}", codes.body);
    let done = visit.browser.submit(&codes, &[]).await;
    assert!(visit.browser.follow(done).await.param("code").is_some());
}

#[tokio::test]
async fn a_client_that_needs_phishing_resistance_makes_whoever_has_none_enrol_a_key() {
    let server = Server::start().await;
    let claims = r#"{"id_token":{"acr":{"essential":true,"value":"phr"}}}"#;
    let request = Authorize::of("shop", "openid").with("claims", claims);
    let browser = server.signed_in("carol").await;
    let mut visit = Visit::of(browser, &request).await;
    assert!(visit.page.body.contains("needs a passkey"), "{}", visit.page.body);
    let mut soft = Soft::at(&server.issuer);
    let challenge = visit.challenge(NEW, &[]).await;
    let credential = soft.create(&challenge["publicKey"]);
    let mut page = visit.answer(NEW, &challenge, &credential).await;
    if page.status == 200 {
        page = visit.browser.submit(&page, &[]).await;
    }
    let page = visit.browser.follow(page).await;
    assert!(page.param("code").is_some(), "{page:?}");
    assert_eq!(keys(&server, "carol").await, 1);
}
