//! The token endpoint.

use crate::support::browser::Authorize;
use crate::support::server::Server;

#[tokio::test]
async fn a_machine_gets_an_access_token_for_its_api() {
    let server = Server::start().await;
    let answer =
        server.call("/oauth2/token", "machine", &[("grant_type", "client_credentials")]).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    assert_eq!(answer.headers["cache-control"], "no-store");
    assert_eq!(answer.json()["scope"], "orders.read");
    assert!(answer.json()["refresh_token"].is_null());
}

#[tokio::test]
async fn a_person_signs_in_and_the_client_gets_all_its_tokens() {
    let server = Server::start().await;
    let tokens = server.tokens("shop", "openid email offline_access orders.read", "bob").await;
    assert!(tokens["id_token"].is_string() && tokens["refresh_token"].is_string());
    assert!(server.is_active(tokens["access_token"].as_str().unwrap()).await);
}

#[tokio::test]
async fn a_person_with_an_authenticator_is_asked_for_its_code() {
    let server = Server::start().await;
    let request = Authorize::of("shop", "openid");
    let page = server.browser().sign_in(&server, &request, "carol").await;
    assert!(page.param("code").is_some(), "{page:?}");
}
