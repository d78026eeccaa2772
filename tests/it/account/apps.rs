//! Connected applications: seen in words, taken back at once (SECURITY.md CO-03).

use crate::account::{change, connect, visit};
use crate::support::browser::Authorize;
use crate::support::server::Server;

#[tokio::test]
async fn an_application_is_listed_with_what_it_may_do() {
    let server = Server::start().await;
    let (mut browser, _) = visit(&server, "bob").await;
    let empty = browser.get("/account/apps").await;
    assert!(empty.body.contains("No apps yet"), "{}", empty.body);
    connect(&server, &mut browser, "asker").await;
    // A trusted one has no consent to show, but acts in the person's name all the same.
    connect(&server, &mut browser, "shop").await;
    let page = browser.get("/account/apps").await;
    for words in ["Asker", "Shop", "See your e-mail address", "See your orders (Orders)"] {
        assert!(page.body.contains(words), "{words}: {}", page.body);
    }
}

#[tokio::test]
async fn what_is_taken_back_is_dead_at_once_on_every_node_and_asked_for_again() {
    let server = Server::start().await;
    let second = server.second_node().await;
    let (mut browser, _) = visit(&server, "bob").await;
    let tokens = connect(&server, &mut browser, "asker").await;
    let kept = connect(&server, &mut browser, "shop").await;
    let page = change(&mut browser, "/account/apps/asker/remove", &[]).await;
    assert!(page.body.contains("has no access any more") && !page.body.contains("Asker"));
    tokio::time::sleep(std::time::Duration::from_secs(1)).await;
    let access = |tokens: &serde_json::Value| tokens["access_token"].as_str().unwrap().to_owned();
    for node in [&server, &second] {
        assert!(!node.is_active(&access(&tokens)).await);
        assert!(node.is_active(&access(&kept)).await);
    }
    let refresh = tokens["refresh_token"].as_str().unwrap();
    let fields = [
        ("grant_type", "refresh_token"),
        ("refresh_token", refresh),
        ("client_id", "asker"),
        ("client_secret", crate::support::server::SECRET),
    ];
    assert_eq!(second.form("/oauth2/token", &fields).await.error(), "invalid_grant");
    let asked = browser.get(&Authorize::of("asker", "openid email").path()).await;
    assert!(asked.location().starts_with("/consent"), "{}", asked.location());
    assert_eq!(browser.get("/account/apps/asker/remove").await.status, 404);
}
