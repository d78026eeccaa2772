//! What the OpenID Config, Basic and Form Post plans look at (CONFORMANCE.md §2, §3).

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use reqwest::Method;
use serde_json::{Value, json};
use time::Duration;

use crate::support::browser::{Authorize, Browser, Page};
use crate::support::calls::{FORM, assert_refused};
use crate::support::server::Server;

/// The claims of a JWT, unverified.
fn claims(token: &str) -> Value {
    let payload = URL_SAFE_NO_PAD.decode(token.split('.').nth(1).unwrap()).unwrap();
    serde_json::from_slice(&payload).unwrap()
}

/// The tokens behind the code that `page` brings.
async fn redeem(server: &Server, request: &Authorize, page: &Page) -> Value {
    let code = page.param("code").unwrap_or_else(|| panic!("no code: {page:?}"));
    let answer = server.redeem(request, &code).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    answer.json()
}

/// The claims of the ID token that a signed-in browser gets for `request`.
async fn id_claims(server: &Server, browser: &mut Browser, request: &Authorize) -> Value {
    let page = browser.get(&request.path()).await;
    let tokens = redeem(server, request, &page).await;
    claims(tokens["id_token"].as_str().unwrap())
}

async fn userinfo(server: &Server, tokens: &Value) -> Value {
    let bearer = format!("Bearer {}", tokens["access_token"].as_str().unwrap());
    let answer = server.raw("GET", "/oauth2/userinfo", &[("authorization", &bearer)], "").await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    answer.json()
}

#[tokio::test]
async fn the_id_token_says_what_the_suite_looks_for() {
    let server = Server::start().await;
    let mut browser = server.signed_in("bob").await;
    let request = Authorize::of("shop", "openid email").with("nonce", "n-0S6_WzA2Mj");
    let page = browser.get(&request.path()).await;
    let tokens = redeem(&server, &request, &page).await;
    let token = tokens["id_token"].as_str().unwrap();
    let header = URL_SAFE_NO_PAD.decode(token.split('.').next().unwrap()).unwrap();
    let header: Value = serde_json::from_slice(&header).unwrap();
    let jwks = browser.get("/oauth2/jwks").await.json();
    let kids: Vec<_> = jwks["keys"].as_array().unwrap().iter().map(|key| &key["kid"]).collect();
    assert_eq!(header["alg"], "RS256");
    assert!(kids.contains(&&header["kid"]));
    let said = claims(token);
    let now = server.app.now().unix_timestamp();
    assert_eq!((&said["iss"], &said["aud"]), (&json!(server.issuer), &json!("shop")));
    assert_eq!(said["nonce"], "n-0S6_WzA2Mj");
    assert!((said["iat"].as_i64().unwrap() - now).abs() <= 5);
    assert!(said["exp"].as_i64().unwrap() > now && said["auth_time"].as_i64().unwrap() <= now);
    assert!(!said["acr"].as_str().unwrap().is_empty() && said["sid"].is_string());
    assert!(said["at_hash"].is_string() && said["email"].is_null() && said["name"].is_null());
}

#[tokio::test]
async fn a_token_response_has_numbers_where_numbers_belong() {
    let server = Server::start().await;
    let tokens = server.tokens("shop", "openid offline_access orders.read", "bob").await;
    let seconds = tokens["expires_in"].as_i64().expect("a number");
    assert!((1..=31_536_000).contains(&seconds));
    assert_eq!(tokens["token_type"], "Bearer");
    for name in ["access_token", "refresh_token"] {
        let token = tokens[name].as_str().unwrap();
        assert!(token.len() >= 43 && token.bytes().all(|b| b.is_ascii_graphic()), "{name}");
    }
}

#[tokio::test]
async fn without_a_nonce_there_is_none() {
    let server = Server::start().await;
    let mut browser = server.signed_in("bob").await;
    let said = id_claims(&server, &mut browser, &Authorize::of("shop", "openid")).await;
    assert!(said.get("nonce").is_none());
}

#[tokio::test]
async fn a_nonce_of_384_characters_and_a_state_of_128_come_back_unchanged() {
    let server = Server::start().await;
    let mut browser = server.signed_in("bob").await;
    let (nonce, state) = ("n~".repeat(192), "a+ &=%?/#'\"<>;".repeat(10));
    let state = &state[..128];
    let request = Authorize::of("shop", "openid").with("nonce", &nonce).with("state", state);
    let page = browser.get(&request.path()).await;
    assert_eq!(page.param("state").as_deref(), Some(state));
    let tokens = redeem(&server, &request, &page).await;
    assert_eq!(claims(tokens["id_token"].as_str().unwrap())["nonce"], nonce.as_str());
}

#[tokio::test]
async fn userinfo_answers_get_and_post_alike() {
    let server = Server::start().await;
    let tokens = server.tokens("shop", "openid profile", "bob").await;
    let token = tokens["access_token"].as_str().unwrap();
    let bearer = format!("Bearer {token}");
    let header = ("authorization", bearer.as_str());
    let by_get = server.raw("GET", "/oauth2/userinfo", &[header], "").await;
    let by_header = server.raw("POST", "/oauth2/userinfo", &[header], "").await;
    let by_body = server.form("/oauth2/userinfo", &[("access_token", token)]).await;
    assert_eq!(by_get.json()["sub"], claims(tokens["id_token"].as_str().unwrap())["sub"]);
    assert_eq!(by_get.json()["name"], "Bob Example");
    assert_eq!(by_get.body, by_header.body);
    assert_eq!(by_get.body, by_body.body);
}

#[tokio::test]
async fn each_scope_opens_its_claims_at_userinfo_and_no_others() {
    let server = Server::start().await;
    let table: [(&str, &[&str], &[&str]); 4] = [
        ("openid", &["sub"], &["name", "email", "phone_number"]),
        ("openid profile", &["name", "given_name", "locale", "updated_at"], &["email"]),
        ("email openid", &["email", "email_verified"], &["name"]),
        ("orders.read profile openid email", &["name", "email"], &["phone_number"]),
    ];
    for (scope, there, absent) in table {
        let said = userinfo(&server, &server.tokens("shop", scope, "bob").await).await;
        assert!(there.iter().all(|name| !said[name].is_null()), "{scope}: {said}");
        assert!(absent.iter().all(|name| said.get(name).is_none()), "{scope}: {said}");
    }
}

#[tokio::test]
async fn optional_parameters_do_not_fail() {
    let server = Server::start().await;
    let mut browser = server.signed_in("bob").await;
    for (name, value) in [
        ("display", "page"),
        ("display", "popup"),
        ("ui_locales", "se"),
        ("ui_locales", "de-CH fr x-klingon"),
        ("claims_locales", "se"),
        ("login_hint", "buffy@example.com"),
        ("acr_values", "1 2"),
        ("extra", "foobar"),
        ("claims", r#"{"userinfo":{"name":{"essential":true}}}"#),
        ("claims", r#"{"id_token":{"auth_time":{"essential":true}},"x":{"y":null}}"#),
        ("max_age", "10000"),
    ] {
        let request = Authorize::of("shop", "openid").with(name, value);
        id_claims(&server, &mut browser, &request).await;
    }
}

#[tokio::test]
async fn a_login_hint_is_in_the_field_as_text() {
    let server = Server::start().await;
    let hint = "\"><script>alert(1)</script>";
    let request = Authorize::of("shop", "openid").with("login_hint", hint);
    let mut browser = server.browser();
    let page = browser.get(&request.path()).await;
    let page = browser.follow(page).await;
    assert!(
        page.body.contains("alert(1)") && !page.body.contains("<script>alert"),
        "{}",
        page.body
    );
}

#[tokio::test]
async fn claims_asked_for_by_name_come_where_they_were_asked_for() {
    let server = Server::start().await;
    let mut browser = server.signed_in("bob").await;
    let claims_parameter =
        r#"{"userinfo":{"name":{"essential":true}},"id_token":{"email":{"essential":true}}}"#;
    let request = Authorize::of("shop", "openid").with("claims", claims_parameter);
    let page = browser.get(&request.path()).await;
    let tokens = redeem(&server, &request, &page).await;
    assert_eq!(claims(tokens["id_token"].as_str().unwrap())["email"], "bob@example.com");
    let said = userinfo(&server, &tokens).await;
    assert_eq!((&said["name"], said.get("email")), (&json!("Bob Example"), None));
}

#[tokio::test]
async fn prompt_login_asks_again_and_auth_time_moves() {
    let server = Server::start().await;
    let mut browser = server.signed_in("bob").await;
    let before = id_claims(&server, &mut browser, &Authorize::of("shop", "openid")).await;
    for again in [("prompt", "login"), ("max_age", "1"), ("max_age", "0")] {
        server.clock.advance(Duration::seconds(3));
        let request = Authorize::of("shop", "openid").with(again.0, again.1);
        let page = browser.get(&request.path()).await;
        assert!(page.location().starts_with("/login"), "{again:?}: {page:?}");
        let page = browser.follow(page).await;
        let page = browser.go_through(&server, page, "bob").await;
        let tokens = redeem(&server, &request, &page).await;
        let after = claims(tokens["id_token"].as_str().unwrap());
        assert!(after["auth_time"].as_i64() > before["auth_time"].as_i64(), "{again:?}");
        assert_eq!(after["sub"], before["sub"]);
    }
}

#[tokio::test]
async fn the_login_page_alone_does_not_satisfy_prompt_login() {
    let server = Server::start().await;
    let mut browser = server.signed_in("bob").await;
    let request = Authorize::of("shop", "openid").with("prompt", "login");
    for _ in 0..2 {
        let page = browser.get(&request.path()).await;
        let page = browser.follow(page).await;
        assert!(page.body.contains("name=\"password\""), "{page:?}");
    }
}

#[tokio::test]
async fn silence_keeps_subject_and_auth_time() {
    let server = Server::start().await;
    let mut browser = server.signed_in("bob").await;
    let first = Authorize::of("shop", "openid");
    let page = browser.get(&first.path()).await;
    let tokens = redeem(&server, &first, &page).await;
    let hint = tokens["id_token"].as_str().unwrap();
    server.clock.advance(Duration::seconds(5));
    let silent = Authorize::of("shop", "openid").with("prompt", "none");
    for request in [
        silent.clone(),
        silent.clone().with("id_token_hint", hint),
        silent.with("max_age", "10000"),
    ] {
        let after = id_claims(&server, &mut browser, &request).await;
        assert_eq!(
            (&after["sub"], &after["auth_time"]),
            (&claims(hint)["sub"], &claims(hint)["auth_time"])
        );
    }
}

#[tokio::test]
async fn an_id_token_hint_about_somebody_else_needs_a_sign_in() {
    let server = Server::start().await;
    let carols = server.tokens("shop", "openid", "carol").await;
    let hint = carols["id_token"].as_str().unwrap();
    let mut browser = server.signed_in("bob").await;
    let request = Authorize::of("shop", "openid").with("id_token_hint", hint);
    let silent = browser.get(&request.clone().with("prompt", "none").path()).await;
    assert_eq!(silent.param("error").as_deref(), Some("login_required"));
    let asked = browser.get(&request.path()).await;
    assert!(asked.location().starts_with("/login"), "{asked:?}");
    // The wrong person again: the client never gets another's code for its hint.
    let page = browser.follow(asked).await;
    let page = browser.go_through(&server, page, "bob").await;
    assert_eq!(page.param("error").as_deref(), Some("login_required"), "{page:?}");
}

#[tokio::test]
async fn form_post_answers_come_in_the_body_only() {
    let server = Server::start().await;
    let mut browser = server.signed_in("bob").await;
    let request = Authorize::of("shop", "openid").with("response_mode", "form_post");
    let page = browser.get(&request.path()).await;
    assert_eq!((page.status.as_u16(), page.location()), (200, ""));
    assert_eq!(page.action(), "https://app.example/cb");
    assert_eq!(page.hidden("state").as_deref(), Some("af0ifjsldkj"));
    assert_eq!(page.hidden("iss").as_deref(), Some(server.issuer.as_str()));
    let code = page.hidden("code").unwrap();
    assert_eq!(server.redeem(&request, &code).await.status, 200);
    for (name, value, error) in [
        ("scope", "openid unknown", "invalid_scope"),
        ("prompt", "none login", "invalid_request"),
        ("response_type", "token", "unsupported_response_type"),
    ] {
        let page = browser.get(&request.clone().with(name, value).path()).await;
        assert_eq!(page.hidden("error").as_deref(), Some(error), "{name}");
        assert_eq!((page.action().as_str(), page.location()), ("https://app.example/cb", ""));
    }
}

#[tokio::test]
async fn a_registered_query_is_kept_and_another_is_a_page() {
    let server = Server::start().await;
    server
        .apply(
            r#"
            [[client]]
            client_id = "query"
            client_name = "Query"
            redirect_uris = ["https://app.example/cb?dummy1=lorem&dummy2=ipsum"]
            grant_types = ["authorization_code"]
            token_endpoint_auth_method = "none"
            scope = "openid"
            consent = "trusted"
            "#,
        )
        .await;
    let mut browser = server.signed_in("bob").await;
    let uri = "https://app.example/cb?dummy1=lorem&dummy2=ipsum";
    let request = Authorize::of("query", "openid").with("redirect_uri", uri);
    let page = browser.get(&request.path()).await;
    assert!(page.location().starts_with(&format!("{uri}&")), "{page:?}");
    for other in
        ["https://app.example/cb", "https://app.example/cb?dummy1=lorem", &format!("{uri}&x=1")]
    {
        let page = browser.get(&request.clone().with("redirect_uri", other).path()).await;
        assert_eq!((page.status.as_u16(), page.location()), (400, ""), "{other}");
    }
}

#[tokio::test]
async fn a_refreshed_id_token_is_about_the_same_sign_in() {
    let server = Server::start().await;
    let first = server.tokens("shop", "openid offline_access", "bob").await;
    server.clock.advance(Duration::seconds(5));
    let fields = [
        ("grant_type", "refresh_token"),
        ("refresh_token", first["refresh_token"].as_str().unwrap()),
        ("scope", "openid offline_access"),
    ];
    let answer = server.call("/oauth2/token", "shop", &fields).await;
    assert_eq!((answer.status.as_u16(), answer.header("cache-control")), (200, "no-store"));
    let before = claims(first["id_token"].as_str().unwrap());
    let after = claims(answer.json()["id_token"].as_str().unwrap());
    for name in ["iss", "sub", "aud", "auth_time", "sid"] {
        assert_eq!(after[name], before[name], "{name}");
    }
    assert!(after["iat"].as_i64() > before["iat"].as_i64());
    assert_ne!(answer.json()["access_token"], first["access_token"]);
    let other = [
        fields[0],
        fields[1],
        ("client_id", "asker"),
        ("client_secret", crate::support::server::SECRET),
    ];
    assert_refused(
        &server.form("/oauth2/token", &other).await,
        400,
        "invalid_grant",
        "another client",
    );
}

#[tokio::test]
async fn a_code_used_twice_fails_and_takes_its_tokens_along() {
    let server = Server::start().await;
    let mut browser = server.signed_in("bob").await;
    let request = Authorize::of("shop", "openid orders.read");
    let code = server.code(&mut browser, &request).await;
    let tokens = server.redeem(&request, &code).await.json();
    server.clock.advance(Duration::seconds(30));
    assert_refused(&server.redeem(&request, &code).await, 400, "invalid_grant", "again");
    assert!(!server.is_active(tokens["access_token"].as_str().unwrap()).await);
}

#[tokio::test]
async fn requests_in_form_and_query_are_one_and_the_same() {
    let server = Server::start().await;
    let mut browser = server.signed_in("bob").await;
    let request = Authorize::of("shop", "openid");
    let body = request.path().split_once('?').unwrap().1.to_owned();
    let page = server.raw(Method::POST.as_str(), "/oauth2/authorize", &[FORM], body).await;
    let page = browser.follow(page).await;
    assert!(page.param("code").is_some(), "{page:?}");
}
