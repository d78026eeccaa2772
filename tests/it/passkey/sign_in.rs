//! Signing in with a passkey alone.

use super::{LOGIN, Visit, keys, passkey_of};
use crate::support::authenticator::Soft;
use crate::support::browser::Authorize;
use crate::support::server::Server;

#[tokio::test]
async fn a_passkey_signs_in_without_a_name_and_is_phishing_resistant() {
    let server = Server::start().await;
    let mut soft = passkey_of(&server, "bob").await;
    let request = Authorize::of("shop", "openid orders.read");
    let mut visit = Visit::of(server.browser(), &request).await;
    let page = visit.sign_in(&mut soft).await;
    let code = page.param("code").unwrap_or_else(|| panic!("no code: {page:?}"));
    let tokens = server.redeem(&request, &code).await.json();
    let fields = [("token", tokens["access_token"].as_str().unwrap())];
    let seen = server.call("/oauth2/introspect", "shop", &fields).await.json();
    assert_eq!(seen["acr"], "phr");
    assert_eq!(seen["amr"], serde_json::json!(["pop", "user", "mfa"]));
}

#[tokio::test]
async fn a_passkey_alone_is_enough_where_everyone_owes_a_second_factor() {
    let server = Server::start().await;
    let mut soft = passkey_of(&server, "alice").await;
    server.apply("[policy]\nmfa = \"everyone\"\n").await;
    let mut visit = Visit::at_login(&server).await;
    assert!(visit.sign_in(&mut soft).await.param("code").is_some());
}

#[tokio::test]
async fn whoever_is_named_is_sent_their_own_keys_and_may_answer_without_a_handle() {
    let server = Server::start().await;
    let mut soft = passkey_of(&server, "bob").await;
    let mut visit = Visit::at_login(&server).await;
    let challenge = visit.challenge(LOGIN, &[("username", " BOB ")]).await;
    assert_eq!(challenge["publicKey"]["allowCredentials"].as_array().unwrap().len(), 1);
    let credential = soft.get_lying(&challenge["publicKey"], |answer| answer.handle = None);
    let page = visit.answer(LOGIN, &challenge, &credential).await;
    assert!(visit.browser.follow(page).await.param("code").is_some());
}

#[tokio::test]
async fn an_unknown_name_gets_keys_that_are_always_the_same_and_nobody_elses() {
    let server = Server::start().await;
    let mut seen = Vec::new();
    for name in ["nobody", "nobody", "NOBODY ", "somebody", "carol"] {
        let mut visit = Visit::at_login(&server).await;
        let options = visit.options(LOGIN, &[("username", name)]).await;
        assert_eq!(options.status, 200);
        let options = options.json();
        let allowed = options["publicKey"]["allowCredentials"].clone();
        assert!(!allowed.as_array().unwrap().is_empty(), "{name}");
        for each in allowed.as_array().unwrap() {
            assert_eq!(each["type"], "public-key");
            assert!(each["transports"].as_array().is_some_and(|names| !names.is_empty()));
        }
        seen.push(allowed);
    }
    assert_eq!((&seen[0], &seen[0]), (&seen[1], &seen[2]));
    assert_ne!(seen[0], seen[3]);
    assert_ne!(seen[0], seen[4]);
}

#[tokio::test]
async fn a_disabled_person_looks_like_an_unknown_one_and_does_not_get_in() {
    let server = Server::start().await;
    let mut soft = passkey_of(&server, "bob").await;
    server.execute("update users set disabled_at = now() where username = 'bob'").await;
    let mut visit = Visit::at_login(&server).await;
    let named = visit.challenge(LOGIN, &[("username", "bob")]).await;
    let allowed = named["publicKey"]["allowCredentials"].to_string();
    assert!(!allowed.contains(&base64(&soft.id)), "{allowed}");
    let page = visit.sign_in(&mut soft).await;
    assert_eq!(page.status, 401);
    assert!(page.body.contains("not known here"), "{}", page.body);
}

fn base64(bytes: &[u8]) -> String {
    use base64::Engine as _;
    base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(bytes)
}

#[tokio::test]
async fn a_removed_key_is_told_apart_from_nothing_and_another_way_is_on_the_page() {
    let server = Server::start().await;
    let mut soft = passkey_of(&server, "bob").await;
    server.execute("delete from webauthn_keys").await;
    let mut visit = Visit::at_login(&server).await;
    let page = visit.sign_in(&mut soft).await;
    assert_eq!(page.status, 401);
    assert!(page.body.contains("name=\"password\""), "{}", page.body);
    let mut stranger = Soft::at(&server.issuer);
    stranger.handle = vec![1; 16];
    let mut visit = Visit::at_login(&server).await;
    let other = visit.sign_in(&mut stranger).await;
    assert_eq!((other.status, other.body.contains("not known here")), (page.status, true));
}

#[tokio::test]
async fn another_persons_session_at_the_browser_ends() {
    let server = Server::start().await;
    let mut soft = passkey_of(&server, "bob").await;
    let browser = server.signed_in("carol").await;
    let request = Authorize::of("shop", "openid").with("prompt", "login");
    let mut visit = Visit::of(browser, &request).await;
    assert!(visit.sign_in(&mut soft).await.param("code").is_some());
    let carols = "select count(*) from sessions s join users u on u.id = s.user_id
        where u.username = 'carol' and s.ended_at is null";
    assert_eq!(server.number(carols).await, 0);
}

#[tokio::test]
async fn the_same_persons_session_goes_on_under_its_id_with_a_new_cookie() {
    let server = Server::start().await;
    let mut soft = passkey_of(&server, "bob").await;
    let mut visit = Visit::at_login(&server).await;
    visit.sign_in(&mut soft).await;
    let before = visit.browser.cookies["__Host-sid"].clone();
    let live = "select count(*) from sessions where ended_at is null";
    let sessions = server.number(live).await;
    let request = Authorize::of("shop", "openid").with("prompt", "login");
    let mut again = Visit::of(visit.browser, &request).await;
    assert!(again.sign_in(&mut soft).await.param("code").is_some());
    assert_ne!(again.browser.cookies["__Host-sid"], before);
    assert_eq!(server.number(live).await, sessions);
}

#[tokio::test]
async fn whoever_has_no_password_signs_in_with_a_passkey() {
    let server = Server::start().await;
    let mut soft = passkey_of(&server, "bob").await;
    server.execute("update users set password_hash = null").await;
    let mut visit = Visit::at_login(&server).await;
    assert!(visit.sign_in(&mut soft).await.param("code").is_some());
    assert_eq!(keys(&server, "bob").await, 1);
}

#[tokio::test]
async fn related_origins_are_listed_where_there_are_any() {
    let server = Server::start().await;
    assert_eq!(server.browser().get("/.well-known/webauthn").await.status, 404);
    let origins = [("WEBAUTHN_RELATED_ORIGINS", "https://shop.example https://shop.example:8443")];
    let server = Server::with(&origins).await;
    let listed = server.browser().get("/.well-known/webauthn").await.json();
    let expected = [server.issuer.as_str(), "https://shop.example", "https://shop.example:8443"];
    assert_eq!(listed["origins"], serde_json::json!(expected));
}
