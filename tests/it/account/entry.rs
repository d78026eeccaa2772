//! The way in.

use crate::account::visit;
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
