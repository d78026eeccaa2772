//! Signing up (SECURITY.md T-22).

use super::{NEW, path_in, press};
use crate::support::calls::credentials;
use crate::support::server::Server;

/// The path of the link that somebody with this address gets.
async fn sign_up(server: &Server, email: &str) -> String {
    let mut browser = server.browser();
    let page = browser.get("/signup").await;
    assert_eq!(browser.submit(&page, &[("email", email)]).await.status, 303);
    path_in(&server.letters(email, 1).await[0].text_body, "/signup/join")
}

async fn open() -> Server {
    let server = Server::start().await;
    server.apply("[policy]\nsign_up = \"open\"\n").await;
    server
}

#[tokio::test]
async fn nobody_signs_up_unless_the_policy_says_so() {
    let server = Server::start().await;
    assert_eq!(server.browser().get("/signup").await.status, 404);
    assert!(!server.browser().get("/login").await.body.contains("/signup"));
    let mut browser = server.browser();
    let page = browser.get("/login/forgot").await;
    let csrf = page.hidden("csrf").unwrap();
    let fields = [("csrf", csrf.as_str()), ("email", "dora@example.com")];
    assert_eq!(browser.post("/signup", &fields).await.status, 404);
    server.apply("[policy]\nsign_up = \"invitation\"\n").await;
    let page = browser.get("/signup").await;
    assert_eq!(browser.submit(&page, &[("email", "dora@example.com")]).await.status, 303);
    server.until_answered().await;
    assert!(server.letters_now("dora@example.com").await.is_empty(), "she is not invited");
}

#[tokio::test]
async fn whoever_reads_the_address_makes_the_account_and_it_is_verified() {
    let server = open().await;
    let link = sign_up(&server, "dora@example.com").await;
    assert_eq!(
        server.number("select count(*) from users where email = 'dora@example.com'").await,
        0
    );
    let mut browser = server.browser();
    let done = press(&mut browser, &link, &[("username", "Dora"), ("password", NEW)]).await;
    assert_eq!(done.status, 200, "{}", done.body);
    let made = "select count(*) from users where username = 'dora' and email = 'dora@example.com' \
        and email_verified and roles = '{}'";
    assert_eq!(server.number(made).await, 1);
    let page = browser.get("/login").await;
    let fields = [("username", "dora"), ("password", NEW)];
    assert_eq!(browser.submit(&page, &fields).await.status, 303);
    assert_eq!(browser.get(&link).await.status, 410);
}

#[tokio::test]
async fn a_refused_form_leaves_the_link_as_it_was() {
    let server = open().await;
    server
        .apply("[policy]\nterms_version = \"2026-11\"\nterms_uri = \"https://a.example/t\"\n")
        .await;
    let link = sign_up(&server, "dora@example.com").await;
    let mut browser = server.browser();
    for (fields, words) in [
        (vec![("username", "dora"), ("password", "short")], "at least 15 characters"),
        (vec![("username", "dora"), ("password", "dora@example.com")], "user name or e-mail"),
        (vec![("username", "a b"), ("password", NEW)], "without spaces"),
        (vec![("username", "eve@example.com"), ("password", NEW)], "another e-mail address"),
        (vec![("username", "dora"), ("password", NEW)], "Tick the box"),
        (
            vec![("username", "bob"), ("password", NEW), ("terms", "accepted")],
            "another account has this",
        ),
    ] {
        let page = press(&mut browser, &link, &fields).await;
        assert_eq!(page.status, 422, "{words}");
        let body = page.body.to_lowercase();
        assert!(body.contains(&words.to_lowercase()), "{words}: {}", page.body);
    }
    let fields = [("username", "dora"), ("password", NEW), ("terms", "accepted")];
    assert_eq!(press(&mut browser, &link, &fields).await.status, 200);
    let accepted = "select count(*) from terms_acceptances where version = '2026-11'";
    assert_eq!(server.number(accepted).await, 1);
}

#[tokio::test]
async fn a_link_opens_nothing_once_signing_up_is_off_again() {
    let server = open().await;
    let link = sign_up(&server, "dora@example.com").await;
    server.apply("[policy]\nsign_up = \"off\"\n").await;
    assert_eq!(server.browser().get(&link).await.status, 410);
}

#[tokio::test]
async fn a_form_cannot_ask_for_more_than_an_account() {
    let server = open().await;
    let link = sign_up(&server, "dora@example.com").await;
    let fields = [
        ("username", "dora"),
        ("password", NEW),
        ("roles", "administrator"),
        ("administrator", "on"),
        ("email", "bob@example.com"),
    ];
    assert_eq!(press(&mut server.browser(), &link, &fields).await.status, 200);
    let made = "select count(*) from users where username = 'dora' and roles = '{}' \
        and email = 'dora@example.com'";
    assert_eq!(server.number(made).await, 1);
    let mut browser = server.browser();
    let page = browser.get("/login").await;
    assert_eq!(browser.submit(&page, &credentials("bob")).await.status, 303, "bob is as he was");
}
