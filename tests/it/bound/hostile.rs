//! Proofs that must not hold (SECURITY.md SC-01 to SC-06, H26, H28, H29), and those that must.

use serde_json::{Value, json};

use super::{TOKEN, basic};
use crate::support::browser::Page;
use crate::support::dpop::Held;
use crate::support::forge::{fresh, part, with};
use crate::support::server::Server;

const GRANT: [(&str, &str); 1] = [("grant_type", "client_credentials")];

async fn send(server: &Server, proofs: &[&str]) -> Page {
    let authorization = basic("machine");
    let mut headers = vec![("authorization", authorization.as_str())];
    headers.extend(proofs.iter().map(|proof| ("dpop", *proof)));
    server.sends(TOKEN, &GRANT, &headers).await
}

fn without(object: &Value, name: &str) -> Value {
    let mut object = object.clone();
    object.as_object_mut().unwrap().remove(name);
    object
}

#[expect(clippy::too_many_lines, reason = "one table")]
#[tokio::test]
async fn a_proof_that_is_not_one_opens_nothing() {
    let server = Server::start().await;
    let (key, other) = (Held::new(), Held::new());
    let (header, claims) = (key.header(), server.proof_claims("POST", TOKEN));
    let now = server.app.now().unix_timestamp();
    let token = format!("{}{TOKEN}", server.issuer);
    let mut bad: Vec<(String, String)> = vec![
        ("no JWT".to_owned(), "nonsense".to_owned()),
        ("empty".to_owned(), String::new()),
        ("too long".to_owned(), key.jws(&header, &with(&claims, "x", json!("x".repeat(5000))))),
        ("other signer".to_owned(), other.jws(&header, &claims)),
        (
            "unsigned".to_owned(),
            format!("{}.{}.", part(&with(&header, "alg", json!("none"))), part(&claims)),
        ),
    ];
    for (name, value) in [
        ("typ", json!("JWT")),
        ("typ", json!(7)),
        ("alg", json!("none")),
        ("alg", json!("RS256")),
        ("alg", json!("HS256")),
        ("alg", json!("EdDSA")),
        ("jwk", json!("text")),
        ("jwk", json!({ "kty": "oct", "k": "c2VjcmV0" })),
        ("jwk", with(&key.jwk, "d", json!("AAAA"))),
        ("jwk", with(&key.jwk, "x", json!("AAAA"))),
        ("crit", json!(["exp"])),
        ("jku", json!("https://evil.example/keys")),
        ("x5u", json!("https://evil.example/cert")),
    ] {
        let text = format!("header {name} = {value}");
        bad.push((text, key.jws(&with(&header, name, value), &claims)));
    }
    for name in ["typ", "alg", "jwk"] {
        bad.push((format!("no {name}"), key.jws(&without(&header, name), &claims)));
    }
    for name in ["jti", "htm", "htu", "iat"] {
        bad.push((format!("no {name}"), key.jws(&header, &without(&claims, name))));
    }
    for (name, value) in [
        ("jti", json!("")),
        ("jti", json!("x".repeat(129))),
        ("jti", json!(7)),
        ("htm", json!("post")),
        ("htm", json!("GET")),
        ("htu", json!([token])),
        ("htu", json!("")),
        ("htu", json!("/oauth2/token")),
        ("htu", json!("https://evil.example/oauth2/token")),
        ("htu", json!(format!("{token}/"))),
        ("htu", json!(token.replace("/token", "/%74oken"))),
        ("htu", json!(token.replace("/oauth2/token", "/a/../oauth2/token"))),
        ("htu", json!(token.replace("://", "://user@"))),
        ("iat", json!(i64::MIN)),
        ("iat", json!(i64::MAX)),
        ("iat", json!(1e300)),
        ("iat", json!("now")),
        ("iat", json!(null)),
        ("iat", json!(now - 3_600)),
        ("iat", json!(now + 3_600)),
        ("iat", json!(now - 62)),
        ("iat", json!(now + 13)),
    ] {
        let text = format!("{name} = {value}");
        bad.push((text, key.jws(&header, &with(&claims, name, value))));
    }
    for (what, proof) in &bad {
        let answer = send(&server, &[proof]).await;
        assert_eq!(answer.status, 400, "{what}: {}", answer.body);
        assert_eq!(answer.error(), "invalid_dpop_proof", "{what}");
    }
    let (one, two) = (key.proof(&server, TOKEN), key.proof(&server, TOKEN));
    assert_eq!(send(&server, &[&one, &two]).await.error(), "invalid_dpop_proof");
    assert_eq!(send(&server, &[&format!("{one}, {two}")]).await.error(), "invalid_dpop_proof");
    assert_eq!(server.number("select count(*) from used_jtis").await, 0);
}

#[tokio::test]
async fn a_proof_that_is_one_is_taken_however_it_is_spelled() {
    let server = Server::start().await;
    let key = Held::new();
    let token = format!("{}{TOKEN}", server.issuer);
    let now = server.app.now().unix_timestamp();
    for (name, value) in [
        ("htu", json!(format!("{token}?a=b"))),
        ("htu", json!(format!("{token}#part"))),
        ("htu", json!(token.replace("http://", "HTTP://").replace("localhost", "LOCALHOST"))),
        ("iat", json!(now - 50)),
        ("iat", json!(now + 8)),
        ("exp", json!(1)),
        ("nbf", json!(now + 60)),
        ("anything", json!({ "at": ["all"] })),
        ("jti", json!(format!("{}{}", fresh(), "x".repeat(90)))),
    ] {
        let claims = with(&server.proof_claims("POST", TOKEN), name, value.clone());
        let answer = send(&server, &[&key.jws(&key.header(), &claims)]).await;
        assert_eq!(answer.status, 200, "{name} = {value}: {}", answer.body);
    }
}
