//! A new password in "my account" (SECURITY.md PW-10).

use super::{change, grow_stale, visit};
use crate::recover::NEW;
use crate::support::server::{PASSWORD, Server};

const CURRENT: (&str, &str) = ("current_password", PASSWORD);
const PATH: &str = "/account/password";
const LIVE: &str = "select count(*) from sessions where ended_at is null";

/// What a sign-in as bob with `password` comes to.
async fn sign_in(server: &Server, password: &str) -> u16 {
    let mut browser = server.browser();
    let page = browser.get("/login").await;
    let fields = [("username", "bob"), ("password", password)];
    browser.submit(&page, &fields).await.status.as_u16()
}

#[tokio::test]
async fn a_new_password_signs_out_everywhere_else_and_is_told() {
    let server = Server::start().await;
    server.signed_in("bob").await;
    let (mut browser, _) = visit(&server, "bob").await;
    let page =
        change(&mut browser, PATH, &[CURRENT, ("password", NEW), ("end_others", "on")]).await;
    assert!(page.body.contains("Your password was changed"), "{}", page.body);
    assert_eq!(server.number(LIVE).await, 1);
    assert_eq!(sign_in(&server, NEW).await, 303);
    let letters = server.letters_now("bob@example.com").await;
    assert!(letters.iter().any(|mail| mail.subject.starts_with("Your password was changed")));
}

#[tokio::test]
async fn without_the_tick_the_others_stay() {
    let server = Server::start().await;
    server.signed_in("bob").await;
    let (mut browser, _) = visit(&server, "bob").await;
    assert!(browser.get(PATH).await.body.contains("name=\"end_others\" value=\"on\" checked"));
    change(&mut browser, PATH, &[CURRENT, ("password", NEW)]).await;
    assert_eq!(server.number(LIVE).await, 2);
}

#[tokio::test]
async fn a_weak_one_is_refused_at_its_field_and_changes_nothing() {
    let server = Server::start().await;
    let (mut browser, _) = visit(&server, "bob").await;
    for (weak, words) in
        [("", "at least 15"), ("vio-jump", "at least 15"), ("bob@example.com", "e-mail address")]
    {
        let page = change(&mut browser, PATH, &[CURRENT, ("password", weak)]).await;
        assert_eq!(page.status, 422, "{weak}");
        assert!(page.body.contains(words) && page.body.contains("password-error"), "{}", page.body);
    }
    assert_eq!(sign_in(&server, PASSWORD).await, 303);
}

#[tokio::test]
async fn whoever_finds_an_open_browser_must_prove_who_they_are_first() {
    let server = Server::start().await;
    let (mut browser, _) = visit(&server, "bob").await;
    let form = browser.get(PATH).await;
    grow_stale(&server, &mut browser).await;
    assert_eq!(browser.get(PATH).await.status, 303);
    let late = browser.submit(&form, &[CURRENT, ("password", NEW), ("end_others", "on")]).await;
    assert_eq!(late.status, 303);
    assert!(late.location().starts_with("/login"), "{}", late.location());
    let changed = "select count(*) from audit_events where action = 'password.change'";
    assert_eq!(server.number(changed).await, 0);
}

#[tokio::test]
async fn password_managers_find_the_page() {
    let server = Server::start().await;
    let (mut browser, _) = visit(&server, "bob").await;
    let page = browser.get("/.well-known/change-password").await;
    assert_eq!((page.status.as_u16(), page.location()), (303, PATH));
    let page = browser.get("/account/security").await;
    assert!(page.body.contains("href=\"/account/password\""), "{}", page.body);
    // By this they see that a status of this server can be believed.
    let absent = "/.well-known/resource-that-should-not-exist-whose-status-code-should-not-be-200";
    assert_eq!(browser.get(absent).await.status, 404);
}
