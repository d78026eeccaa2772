//! The way in.

use crate::account::{grow_stale, visit};
use crate::support::calls::credentials;
use crate::support::server::Server;

#[tokio::test]
async fn whoever_is_not_signed_in_signs_in_and_comes_back() {
    let server = Server::start().await;
    let page = server.browser().get("/account").await;
    assert_eq!(page.status, 303);
    assert!(page.location().starts_with("/login?flow="), "{}", page.location());
    let (_, page) = visit(&server, "carol").await;
    assert!(page.body.contains("carol@example.com"), "{}", page.body);
}

#[tokio::test]
async fn a_sign_in_for_nothing_in_particular_ends_where_the_person_belongs() {
    let server = Server::start().await;
    for (name, title) in [("bob", "<title>My account"), ("alice", "<title>Overview")] {
        let mut browser = server.browser();
        let page = browser.get("/login").await;
        let page = browser.go_through(&server, page, name).await;
        assert!(page.body.contains(title), "{name}: {}", page.body);
    }
}

#[tokio::test]
async fn the_overview_says_what_would_make_the_account_safer() {
    let server = Server::start().await;
    let (_, bob) = visit(&server, "bob").await;
    assert!(bob.body.contains("Add a second step"), "{}", bob.body);
    let (_, carol) = visit(&server, "carol").await;
    assert!(
        carol.body.contains("Make recovery codes") && carol.body.contains("Confirm your e-mail")
    );
}

#[tokio::test]
async fn a_change_asks_for_the_strongest_factor_again_and_leads_back() {
    let server = Server::start().await;
    let (mut browser, _) = visit(&server, "carol").await;
    grow_stale(&server, &mut browser).await;
    let before = browser.cookies.clone();
    let asked = browser.get("/account/profile/edit").await;
    assert_eq!(asked.status, 303);
    assert!(asked.location().starts_with("/login/code?flow="), "{}", asked.location());
    let page = browser.follow(asked).await;
    let done = browser.submit(&page, &[("code", &server.totp())]).await;
    assert_eq!(done.location(), "/account/profile/edit");
    assert_ne!(browser.cookies, before);
    assert_eq!(browser.follow(done).await.status, 200);
    browser.cookies = before;
    assert_eq!(browser.get("/account").await.status, 303);
}

#[tokio::test]
async fn who_has_a_password_only_gives_it_again_under_their_own_name() {
    let server = Server::start().await;
    let (mut browser, _) = visit(&server, "bob").await;
    grow_stale(&server, &mut browser).await;
    let asked = browser.get("/account/privacy/delete").await;
    let page = browser.follow(asked).await;
    assert!(page.body.contains("Confirm that it is you") && page.body.contains("value=\"bob\""));
    let wrong = browser.submit(&page, &[("username", "bob"), ("password", "wrong")]).await;
    assert_eq!(wrong.status, 401);
    let done = browser.submit(&wrong, &credentials("bob")).await;
    assert_eq!(done.location(), "/account/privacy/delete");
}

#[tokio::test]
async fn a_password_alone_is_no_proof_for_whoever_has_more() {
    let server = Server::start().await;
    let (mut browser, _) = visit(&server, "carol").await;
    grow_stale(&server, &mut browser).await;
    let asked = browser.get("/account/profile/edit").await;
    let flow = asked.location().split("flow=").nth(1).unwrap().to_owned();
    // The sealed step opens no other page than the one it is for.
    let page = browser.get(&format!("/login?flow={flow}")).await;
    assert_eq!(page.status, 400);
    let page = browser.get("/login").await;
    let done = browser.submit(&page, &credentials("carol")).await;
    assert!(done.location().starts_with("/login/code"), "{}", done.location());
    assert_eq!(browser.get("/account/profile/edit").await.status, 303);
}
