//! RP-initiated logout on the wire (SECURITY.md IR-07, H68; CONFORMANCE.md §2 Logout).

use portcullis::crypto::jwt::Alg;
use serde_json::json;
use time::Duration;

use crate::support::browser::{Authorize, Browser, Page};
use crate::support::forge::{Signer, part};
use crate::support::server::Server;
use crate::support::strangers::strangers;

const BYE: &str = "https://app.example/bye";

/// A browser of bob, and the ID token that `shop` got there.
async fn signed_in(server: &Server) -> (Browser, String) {
    let mut browser = server.signed_in("bob").await;
    let request = Authorize::of("shop", "openid");
    let code = server.code(&mut browser, &request).await;
    let tokens = server.redeem(&request, &code).await.json();
    (browser, tokens["id_token"].as_str().unwrap().to_owned())
}

fn path(fields: &[(&str, &str)]) -> String {
    format!("/oauth2/logout?{}", portcullis::protocol::params::encode(fields.iter().copied()))
}

/// Whether the browser still has its session.
async fn is_in(browser: &mut Browser) -> bool {
    let silent = Authorize::of("shop", "openid").with("prompt", "none");
    browser.get(&silent.path()).await.param("code").is_some()
}

/// Checks that `page` asks before anything is done.
fn assert_asks(page: &Page, why: &str) {
    assert_eq!((page.status.as_u16(), page.location()), (200, ""), "{why}: {page:?}");
    assert!(page.body.contains("id=\"logout-confirm\""), "{why}");
}

#[tokio::test]
async fn a_good_hint_and_a_registered_address_lead_back_with_the_state() {
    let server = Server::start().await;
    let state = "s".repeat(128);
    for fields in [vec![], vec![("state", state.as_str())], vec![("client_id", "shop")]] {
        let (mut browser, hint) = signed_in(&server).await;
        let mut all = vec![("id_token_hint", hint.as_str()), ("post_logout_redirect_uri", BYE)];
        all.extend(&fields);
        let page = browser.get(&path(&all)).await;
        assert!(page.location().starts_with(BYE), "{page:?}");
        let sent = fields.iter().find(|(name, _)| *name == "state").map(|(_, state)| *state);
        assert_eq!(page.param("state").as_deref(), sent);
        assert!(!is_in(&mut browser).await);
        let mut names = Vec::new();
        for value in page.headers.get_all("set-cookie") {
            names.push(value.to_str().unwrap().split('=').next().unwrap().to_owned());
        }
        assert!(names.contains(&"__Host-sid".to_owned()), "{names:?}");
    }
}

#[tokio::test]
async fn an_address_that_differs_in_a_byte_is_not_gone_to() {
    let server = Server::start().await;
    let (mut browser, hint) = signed_in(&server).await;
    for uri in strangers("/bye") {
        let fields = [("id_token_hint", hint.as_str()), ("post_logout_redirect_uri", &uri)];
        let page = browser.get(&path(&fields)).await;
        assert_eq!(page.location(), "", "{uri}");
        assert!(page.status == 200 || page.status == 400, "{uri}: {}", page.status);
    }
    let twice = format!(
        "{}&post_logout_redirect_uri=https://evil",
        path(&[("id_token_hint", &hint), ("post_logout_redirect_uri", BYE)])
    );
    assert_eq!(browser.get(&twice).await.status, 400);
    assert!(is_in(&mut browser).await, "nothing was done");
}

#[tokio::test]
async fn without_a_good_hint_the_person_is_asked() {
    let server = Server::start().await;
    let (mut browser, hint) = signed_in(&server).await;
    let carols = server.tokens("shop", "openid", "carol").await;
    let (signed, signature) = hint.rsplit_once('.').unwrap();
    let payload = signed.split_once('.').unwrap().1;
    let foreign = Signer::new();
    let forged = foreign.jws(
        &foreign.header(),
        &json!({ "iss": server.issuer, "aud": "shop", "sub": "x", "iat": 1, "sid": "x" }),
    );
    let none = format!("{}.{payload}.", part(&json!({ "alg": "none", "typ": "JWT" })));
    let bob = server.user_id("bob").await.to_string();
    let access = server.sign(Alg::Es256, "at+jwt", &server.access_claims(&bob)).await;
    let cut = format!("{signed}.{}", &signature[1..]);
    let other = carols["id_token"].as_str().unwrap();
    for hint in ["", "x", "a.b.c", &forged, &none, &access, &cut, other] {
        for uri in ["", BYE, "https://evil.example/"] {
            let fields =
                [("id_token_hint", hint), ("post_logout_redirect_uri", uri), ("state", "x")];
            assert_asks(&browser.get(&path(&fields)).await, &format!("{hint} {uri}"));
            let fields: Vec<_> = fields.to_vec();
            assert_asks(&browser.post("/oauth2/logout", &fields).await, "by POST");
        }
    }
    let fields = [
        ("id_token_hint", hint.as_str()),
        ("client_id", "asker"),
        ("post_logout_redirect_uri", BYE),
    ];
    assert_asks(&browser.get(&path(&fields)).await, "another client");
    assert!(is_in(&mut browser).await, "an image on another site signs nobody out");
}

#[tokio::test]
async fn the_person_confirms_and_stays_here() {
    let server = Server::start().await;
    for fields in [vec![], vec![("state", "x")], vec![("post_logout_redirect_uri", BYE)]] {
        let (mut browser, _) = signed_in(&server).await;
        let before = browser.cookies.clone();
        let page = browser.get(&path(&fields)).await;
        let done = browser.submit(&page, &[]).await;
        assert_eq!((done.status.as_u16(), done.location()), (200, ""), "{fields:?}");
        assert!(done.body.to_lowercase().contains("signed out"), "{}", done.body);
        assert!(!is_in(&mut browser).await);
        browser.cookies = before;
        assert!(!is_in(&mut browser).await, "the old cookie is dead on the server");
    }
}

#[tokio::test]
async fn a_confirmation_needs_our_own_form() {
    let server = Server::start().await;
    let (mut browser, _) = signed_in(&server).await;
    let page = browser.get("/oauth2/logout").await;
    let (csrf, flow) = (page.hidden("csrf").unwrap(), page.hidden("flow").unwrap());
    let foreign = server.browser().get("/oauth2/logout").await;
    let other = server.signed_in("carol").await.get("/oauth2/logout").await;
    for token in
        ["", "AAAA", &foreign.hidden("csrf").unwrap_or_default(), &other.hidden("csrf").unwrap()]
    {
        let done = browser.post("/oauth2/logout", &[("csrf", token), ("flow", &flow)]).await;
        assert_ne!(done.status, 200, "{token}");
    }
    let fields = [("csrf", csrf.as_str()), ("flow", flow.as_str())];
    for header in
        [("origin", "https://evil.example"), ("origin", "null"), ("sec-fetch-site", "cross-site")]
    {
        let done =
            browser.send(reqwest::Method::POST, "/oauth2/logout", Some(&fields), &[header]).await;
        assert_ne!(done.status, 200, "{header:?}");
    }
    assert!(is_in(&mut browser).await);
    assert_eq!(browser.post("/oauth2/logout", &fields).await.status, 200);
    assert!(!is_in(&mut browser).await);
}

#[tokio::test]
async fn an_expired_id_token_is_still_a_good_hint() {
    let server = Server::start().await;
    let (mut browser, hint) = signed_in(&server).await;
    server.clock.advance(Duration::minutes(50));
    let fields = [("id_token_hint", hint.as_str()), ("post_logout_redirect_uri", BYE)];
    assert_eq!(browser.get(&path(&fields)).await.location(), BYE);
}

#[tokio::test]
async fn signing_out_ends_tokens_of_the_session_and_not_offline_ones() {
    let server = Server::start().await;
    let mut browser = server.signed_in("bob").await;
    let mut tokens = Vec::new();
    for scope in ["openid orders.read", "openid orders.read offline_access"] {
        let request = Authorize::of("shop", scope);
        let code = server.code(&mut browser, &request).await;
        tokens.push(server.redeem(&request, &code).await.json());
    }
    let hint = tokens[0]["id_token"].as_str().unwrap();
    browser.get(&path(&[("id_token_hint", hint)])).await;
    let alive =
        async |at: usize| server.is_active(tokens[at]["access_token"].as_str().unwrap()).await;
    assert!(!alive(0).await && alive(1).await);
    let refresh = |at: usize| server.refresh("shop", tokens[at]["refresh_token"].as_str().unwrap());
    assert_eq!(refresh(0).await.status, 400);
    assert_eq!(refresh(1).await.status, 200);
}
