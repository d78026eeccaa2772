//! Bound tokens at what they open (SECURITY.md SC-08, SC-09; RFC 9449 §7).

use serde_json::json;

use super::{payload, tokens};
use crate::support::browser::Page;
use crate::support::dpop::Held;
use crate::support::server::Server;

const USERINFO: &str = "/oauth2/userinfo";

fn refused(answer: &Page, error: &str, why: &str) {
    assert_eq!(answer.status, 401, "{why}: {}", answer.body);
    let challenge = answer.header("www-authenticate");
    assert!(challenge.contains(&format!("error=\"{error}\"")), "{why}: {challenge}");
}

#[tokio::test]
async fn a_bound_token_opens_userinfo_with_a_proof_for_it_by_its_key_alone() {
    let server = Server::start().await;
    let (key, other) = (Held::new(), Held::new());
    let tokens = tokens(&server, &key).await;
    let token = tokens["access_token"].as_str().unwrap();
    let at = ("GET", USERINFO);
    for scheme in ["DPoP", "dpop", "dPoP"] {
        let proof = key.proof_of(&server, at, token);
        let answer = server.opens(USERINFO, scheme, token, &proof).await;
        assert_eq!(answer.status, 200, "{scheme}: {}", answer.body);
        assert!(!answer.header("dpop-nonce").is_empty());
    }
    let good = key.proof_of(&server, at, token);
    assert_eq!(server.opens(USERINFO, "DPoP", token, &good).await.status, 200);
    let again = server.opens(USERINFO, "DPoP", token, &good).await;
    refused(&again, "invalid_dpop_proof", "the same proof again");
    assert!(again.header("www-authenticate").starts_with("DPoP "));
    assert!(again.header("www-authenticate").contains("algs=\"ES256 EdDSA PS256\""));
    for (proof, error, why) in [
        (String::new(), "invalid_dpop_proof", "no proof"),
        (other.proof_of(&server, at, token), "invalid_token", "another key"),
        (key.proof_of(&server, at, "another"), "invalid_dpop_proof", "another token's"),
        (key.proof_of(&server, ("POST", USERINFO), token), "invalid_dpop_proof", "another method"),
        (key.proof_of(&server, ("GET", "/oauth2/token"), token), "invalid_dpop_proof", "elsewhere"),
        (key.proof(&server, USERINFO), "invalid_dpop_proof", "no ath"),
    ] {
        refused(&server.opens(USERINFO, "DPoP", token, &proof).await, error, why);
    }
    let mut claims = server.proof_claims("GET", USERINFO);
    let hash = portcullis::crypto::secret::Fingerprint::of(token.as_bytes()).to_base64url();
    claims["ath"] = json!(hash);
    claims.as_object_mut().unwrap().remove("nonce");
    let answer = server.opens(USERINFO, "DPoP", token, &key.jws(&key.header(), &claims)).await;
    refused(&answer, "use_dpop_nonce", "a public client without a nonce");
    assert!(!answer.header("dpop-nonce").is_empty());
}

#[tokio::test]
async fn a_bound_token_is_no_bearer_token_anywhere_and_a_bearer_token_is_not_bound() {
    let server = Server::start().await;
    let key = Held::new();
    let tokens = tokens(&server, &key).await;
    let token = tokens["access_token"].as_str().unwrap();
    assert_eq!(payload(token)["cnf"]["jkt"], key.thumbprint());
    for path in [USERINFO, "/admin/api/v1/clients"] {
        let proof = key.proof_of(&server, ("GET", path), token);
        refused(&server.opens(path, "Bearer", token, &proof).await, "invalid_token", path);
        refused(&server.opens(path, "Bearer", token, "").await, "invalid_token", path);
    }
    let form = server.sends(USERINFO, &[("access_token", token)], &[]).await;
    refused(&form, "invalid_token", "in the form");
    let free = server.tokens("spa", "openid", "bob").await;
    let free = free["access_token"].as_str().unwrap();
    assert_eq!(server.opens(USERINFO, "Bearer", free, "").await.status, 200);
    let proof = key.proof_of(&server, ("GET", USERINFO), free);
    refused(&server.opens(USERINFO, "DPoP", free, &proof).await, "invalid_token", "unbound");
}

#[tokio::test]
async fn without_a_token_both_ways_to_send_one_are_named() {
    let server = Server::start().await;
    let answer = server.browser().get(USERINFO).await;
    assert_eq!(answer.status, 401);
    let all: Vec<&str> = answer
        .headers
        .get_all("www-authenticate")
        .iter()
        .map(|value| value.to_str().unwrap())
        .collect();
    assert!(all[0].starts_with("Bearer ") && all[1].starts_with("DPoP "), "{all:?}");
}

#[tokio::test]
async fn the_admin_api_asks_for_the_proof_too() {
    let server = Server::start().await;
    server
        .apply("[[client]]\nclient_id = \"machine\"\nscope = \"orders.read admin.clients.read\"\n")
        .await;
    let key = Held::new();
    let authorization = super::basic("machine");
    let proof = key.proof(&server, super::TOKEN);
    let fields = [("grant_type", "client_credentials"), ("scope", "admin.clients.read")];
    let headers = [("authorization", authorization.as_str()), ("dpop", proof.as_str())];
    let answer = server.sends(super::TOKEN, &fields, &headers).await;
    let token = answer.json()["access_token"].as_str().unwrap().to_owned();
    let path = "/admin/api/v1/clients";
    refused(&server.opens(path, "Bearer", &token, "").await, "invalid_token", "as a bearer token");
    refused(&server.opens(path, "DPoP", &token, "").await, "invalid_dpop_proof", "no proof");
    let proof = key.proof_of(&server, ("GET", path), &token);
    let answer = server.opens(&format!("{path}?limit=1"), "DPoP", &token, &proof).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
}
