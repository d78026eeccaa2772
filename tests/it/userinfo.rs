//! The userinfo endpoint on the wire (SECURITY.md IR-06, JW-03, JW-05).

use portcullis::crypto::jwt::Alg;
use portcullis::manage::users;
use serde_json::{Value, json};

use crate::support::browser::Page;
use crate::support::calls::FORM;
use crate::support::forge::{Signer, part, with};
use crate::support::server::Server;

const PATH: &str = "/oauth2/userinfo";

async fn ask(server: &Server, token: &str) -> Page {
    server.raw("GET", PATH, &[("authorization", &format!("Bearer {token}"))], "").await
}

/// Checks that `answer` asks for a better token and says nothing about anybody.
fn assert_challenged(answer: &Page, why: &str) {
    assert_eq!(answer.status, 401, "{why}: {}", answer.body);
    let scheme = if why == "DPoP" { "DPoP " } else { "Bearer " };
    assert!(answer.header("www-authenticate").starts_with(scheme), "{why}");
    assert_eq!(answer.header("cache-control"), "no-store", "{why}");
    assert!(!answer.body.contains("bob"), "{why}");
}

#[tokio::test]
async fn only_an_access_token_opens_it() {
    let server = Server::start().await;
    let tokens = server.tokens("shop", "openid offline_access", "bob").await;
    let access = tokens["access_token"].as_str().unwrap();
    assert_challenged(&ask(&server, tokens["id_token"].as_str().unwrap()).await, "ID token");
    assert_challenged(&ask(&server, tokens["refresh_token"].as_str().unwrap()).await, "refresh");
    assert_challenged(&ask(&server, &access[..access.len() - 1]).await, "cut short");
    assert_challenged(&ask(&server, &format!("{access}A")).await, "made longer");
    assert_challenged(&ask(&server, "x").await, "garbage");
    assert_challenged(&server.raw("GET", PATH, &[], "").await, "none");
    let query = format!("{PATH}?access_token={access}");
    assert_challenged(&server.raw("GET", &query, &[], "").await, "in the query");
    assert_challenged(&server.raw("POST", &query, &[FORM], "").await, "in the query of a POST");
    let dpop = [("authorization", format!("DPoP {access}"))];
    assert_challenged(&server.raw("GET", PATH, &[(dpop[0].0, &dpop[0].1)], "").await, "DPoP");
    assert_eq!(ask(&server, access).await.status, 200);
}

#[tokio::test]
async fn two_tokens_in_one_request_are_refused() {
    let server = Server::start().await;
    let tokens = server.tokens("shop", "openid", "bob").await;
    let access = tokens["access_token"].as_str().unwrap();
    let bearer = format!("Bearer {access}");
    let header = ("authorization", bearer.as_str());
    let body = format!("access_token={access}");
    let both = server.raw("POST", PATH, &[header, FORM], body.clone()).await;
    let twice = server.raw("POST", PATH, &[FORM], format!("{body}&{body}")).await;
    let headers = server.raw("GET", PATH, &[header, header], "").await;
    for answer in [both, twice, headers] {
        assert_eq!(answer.status, 400, "{}", answer.body);
    }
}

#[tokio::test]
async fn a_token_without_openid_reaches_nothing() {
    let server = Server::start().await;
    let tokens = server.tokens("shop", "profile orders.read", "bob").await;
    let answer = ask(&server, tokens["access_token"].as_str().unwrap()).await;
    assert_eq!(answer.status, 403, "{}", answer.body);
    assert!(answer.header("www-authenticate").contains("insufficient_scope"));
    let machine =
        server.call("/oauth2/token", "machine", &[("grant_type", "client_credentials")]).await;
    let answer = ask(&server, machine.json()["access_token"].as_str().unwrap()).await;
    assert!(matches!(answer.status.as_u16(), 401 | 403), "{}", answer.body);
}

#[tokio::test]
async fn a_disabled_person_is_told_of_no_more() {
    let server = Server::start().await;
    let tokens = server.tokens("shop", "openid profile", "bob").await;
    let bob = server.user_id("bob").await;
    server.manage(async |cx| users::disable(&cx, bob).await.unwrap()).await;
    server.app.live.reload().await.unwrap();
    assert_challenged(&ask(&server, tokens["access_token"].as_str().unwrap()).await, "disabled");
}

#[tokio::test]
async fn claims_of_the_wrong_kind_are_refused_even_under_our_own_signature() {
    let server = Server::start().await;
    let subject = server.user_id("bob").await.to_string();
    let good = server.access_claims(&subject);
    let sign = async |claims: &Value| server.sign(Alg::Es256, "at+jwt", claims).await;
    assert_eq!(ask(&server, &sign(&good).await).await.status, 200);
    let now = server.app.now().unix_timestamp();
    let table: Vec<(&str, Value)> = vec![
        ("iss", Value::Null),
        ("iss", json!(7)),
        ("iss", json!({})),
        ("iss", json!([good["iss"]])),
        ("iss", json!("https://evil.example")),
        ("aud", json!(7)),
        ("aud", json!({})),
        ("exp", Value::Null),
        ("exp", json!(now - 1)),
        ("exp", json!("9999999999")),
        ("exp", json!(1e300)),
        ("exp", json!(-1)),
        ("nbf", json!(now + 3_600)),
        ("iat", Value::Null),
        ("iat", json!(now + 315_360_000)),
        ("iat", json!("now")),
        ("sub", Value::Null),
        ("sub", json!(7)),
        ("sub", json!([subject])),
        ("sub", json!("bob")),
        ("jti", Value::Null),
        ("jti", json!(7)),
        ("jti", json!("x")),
        ("client_id", Value::Null),
        ("client_id", json!("nobody")),
        ("scope", json!(["openid"])),
    ];
    for (name, value) in table {
        let answer = ask(&server, &sign(&with(&good, name, value.clone())).await).await;
        assert_challenged(&answer, &format!("{name} = {value}"));
    }
    for typ in ["", "JWT", "logout+jwt", "dpop+jwt", "secevent+jwt", "at+jwt+x"] {
        let token = server.sign(Alg::Es256, typ, &good).await;
        assert_challenged(&ask(&server, &token).await, typ);
    }
}

#[tokio::test]
async fn headers_that_bring_or_name_a_key_are_refused() {
    let server = Server::start().await;
    let subject = server.user_id("bob").await.to_string();
    let good = server.sign(Alg::Es256, "at+jwt", &server.access_claims(&subject)).await;
    let (signed, signature) = good.rsplit_once('.').unwrap();
    let payload = signed.split_once('.').unwrap().1;
    let stranger = Signer::new();
    let claims = server.access_claims(&subject);
    let header = json!({ "alg": "ES256", "typ": "at+jwt", "kid": stranger.key.kid() });
    let jwks = server.browser().get("/oauth2/jwks").await.json();
    let own_kid = jwks["keys"][0]["kid"].clone();
    for (why, token) in [
        ("alg none", format!("{}.{payload}.", part(&json!({ "alg": "none", "typ": "at+jwt" })))),
        (
            "HS256",
            format!("{}.{payload}.{signature}", part(&json!({ "alg": "HS256", "typ": "at+jwt" }))),
        ),
        ("a foreign key", stranger.jws(&header, &claims)),
        ("a foreign key under our kid", stranger.jws(&with(&header, "kid", own_kid), &claims)),
        (
            "its own key in the header",
            stranger.jws(&with(&header, "jwk", stranger.key.public_jwk()), &claims),
        ),
        ("jku", stranger.jws(&with(&header, "jku", json!("http://127.0.0.1:1/")), &claims)),
        ("crit", stranger.jws(&with(&header, "crit", json!(["x"])), &claims)),
        ("r = s = 0", format!("{signed}.{}", "A".repeat(86))),
        ("no signature", format!("{signed}.")),
        ("nested", good.replacen('.', "..", 1)),
    ] {
        assert_challenged(&ask(&server, &token).await, why);
        assert!(!server.is_active(&token).await, "{why}");
    }
    assert_eq!(ask(&server, &good).await.status, 200);
}

#[tokio::test]
async fn without_a_token_both_ways_to_send_one_are_named() {
    let server = Server::start().await;
    let answer = server.raw("GET", PATH, &[], "").await;
    assert_eq!(answer.status, 401);
    let all = answer.headers.get_all("www-authenticate").iter();
    let all: Vec<&str> = all.map(|value| value.to_str().unwrap()).collect();
    assert_eq!(all[0], "Bearer realm=\"portcullis\"");
    assert_eq!(all[1], "DPoP realm=\"portcullis\", algs=\"ES256 EdDSA PS256\"");
}
