//! What people are told (SECURITY.md PW-10, ASVS 6.3.7).

use crate::support::browser::Authorize;
use crate::support::calls::credentials;
use crate::support::server::Server;

#[tokio::test]
async fn the_first_browser_is_no_news_and_the_second_is() {
    let server = Server::start().await;
    let mut first = server.signed_in("bob").await;
    assert!(server.letters_now("bob@example.com").await.is_empty());
    let request = Authorize::of("shop", "openid").with("prompt", "login");
    let page = first.get(&request.path()).await;
    let page = first.follow(page).await;
    first.submit(&page, &credentials("bob")).await;
    assert!(server.letters_now("bob@example.com").await.is_empty(), "the same browser again");
    server.signed_in("bob").await;
    let letters = server.letters_now("bob@example.com").await;
    assert_eq!(letters.len(), 1);
    assert!(letters[0].text_body.contains("Was this not you?"), "{}", letters[0].text_body);
    assert!(letters[0].html_body.contains("/login/not-me?token="));
}

#[tokio::test]
async fn a_new_authenticator_is_told_to_its_owner() {
    let server = Server::start().await;
    server.apply("[policy]\nmfa = \"everyone\"\n").await;
    let mut browser = server.browser();
    let page = browser.get("/login").await;
    let page = browser.submit(&page, &credentials("bob")).await;
    let page = browser.follow(page).await;
    let key = page.body.split("<code>").nth(1).and_then(|rest| rest.split('<').next()).unwrap();
    let seed = portcullis::crypto::totp::Seed::from_base32(&key.replace(' ', "")).unwrap();
    let code = seed.code_at(server.app.now());
    assert_eq!(browser.submit(&page, &[("code", &code)]).await.status, 200);
    let letters = server.letters_now("bob@example.com").await;
    assert!(letters[0].subject.starts_with("New authenticator"), "{letters:?}");
}
