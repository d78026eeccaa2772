//! Proofs at the token endpoint (SECURITY.md SC-01 to SC-07, SC-10, SC-11; T-14).

use portcullis::crypto::jwt::Alg;
use reqwest::Method;
use serde_json::json;
use time::Duration;
use tokio::task::JoinSet;

use super::{TOKEN, basic, code, payload, redeem};
use crate::support::calls::assert_refused;
use crate::support::dpop::Held;
use crate::support::server::{STOCK, Server};

const MACHINE: [(&str, &str); 1] = [("grant_type", "client_credentials")];

/// What `machine` gets with this proof.
async fn machine(server: &Server, proof: &str) -> crate::support::browser::Page {
    server.sends(TOKEN, &MACHINE, &[("authorization", &basic("machine")), ("dpop", proof)]).await
}

#[tokio::test]
async fn tokens_are_bound_to_the_key_of_the_proof_whatever_its_algorithm() {
    let server = Server::start().await;
    for alg in [Alg::Es256, Alg::EdDsa, Alg::Ps256] {
        let key = Held::of(alg);
        let answer = machine(&server, &key.proof(&server, TOKEN)).await;
        assert_eq!(answer.status, 200, "{alg:?}: {}", answer.body);
        let tokens = answer.json();
        assert_eq!(tokens["token_type"], "DPoP");
        let token = tokens["access_token"].as_str().unwrap();
        assert_eq!(payload(token)["cnf"], json!({ "jkt": key.thumbprint() }));
        let told = server.call("/oauth2/introspect", "shop", &[("token", token)]).await.json();
        assert_eq!(told["cnf"]["jkt"], key.thumbprint());
        assert_eq!((&told["active"], &told["token_type"]), (&json!(true), &json!("DPoP")));
    }
    let free = server.call(TOKEN, "machine", &MACHINE).await.json();
    assert_eq!(free["token_type"], "Bearer");
    assert!(payload(free["access_token"].as_str().unwrap())["cnf"].is_null());
}

#[tokio::test]
async fn a_client_whose_tokens_must_be_bound_gets_none_without_a_proof() {
    let server = Server::start().await;
    server.apply("[[client]]\nclient_id = \"machine\"\ndpop_bound_access_tokens = true\n").await;
    let answer = server.call(TOKEN, "machine", &MACHINE).await;
    assert_refused(&answer, 400, "invalid_dpop_proof", "no proof");
    let answer = machine(&server, &Held::new().proof(&server, TOKEN)).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
}

#[tokio::test]
async fn a_proof_is_good_once_over_all_nodes() {
    let server = Server::start().await;
    let other = server.second_node().await;
    let key = Held::new();
    let proof = key.proof(&server, TOKEN);
    assert_eq!(machine(&server, &proof).await.status, 200);
    for node in [&server, &other] {
        assert_refused(&machine(node, &proof).await, 400, "invalid_dpop_proof", "again");
    }
    // Another key may use the same name: each key has its own.
    let claims = server.proof_claims("POST", TOKEN);
    for key in [Held::new(), Held::new()] {
        assert_eq!(machine(&server, &key.jws(&key.header(), &claims)).await.status, 200);
    }
    assert_eq!(server.number("select count(*) from used_jtis").await, 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_fifty_with_one_proof_on_two_nodes_one_gets_a_token() {
    let server = Server::start().await;
    let other = server.second_node().await;
    let proof = Held::new().proof(&server, TOKEN);
    let mut tries = JoinSet::new();
    for n in 0..50 {
        let mut browser = [&server, &other][n % 2].browser();
        let (proof, authorization) = (proof.clone(), basic("machine"));
        tries.spawn(async move {
            let headers = [("authorization", authorization.as_str()), ("dpop", proof.as_str())];
            browser.send(Method::POST, TOKEN, Some(&MACHINE), &headers).await
        });
    }
    let answers = tries.join_all().await;
    let got = answers.iter().filter(|answer| answer.status == 200).count();
    assert_eq!(got, 1);
    assert!(answers.iter().all(|answer| !answer.status.is_server_error()));
}

#[tokio::test]
async fn who_was_refused_leaves_no_row_behind() {
    let server = Server::start().await;
    let (request, _) = code(&server, &[]).await;
    let proof = Held::new().proof(&server, TOKEN);
    let answer = redeem(&server, (&request, "pc_ac_unknown"), &proof).await;
    assert_refused(&answer, 400, "invalid_grant", "an unknown code");
    assert_eq!(server.number("select count(*) from used_jtis").await, 0);
}

#[tokio::test]
async fn a_public_client_needs_a_nonce_and_learns_it_from_the_refusal() {
    let server = Server::start().await;
    let key = Held::new();
    let (request, code) = code(&server, &[]).await;
    let mut claims = server.proof_claims("POST", TOKEN);
    claims.as_object_mut().unwrap().remove("nonce");
    let proof = key.jws(&key.header(), &claims);
    let answer = redeem(&server, (&request, &code), &proof).await;
    assert_refused(&answer, 400, "use_dpop_nonce", "no nonce");
    let nonce = answer.header("dpop-nonce").to_owned();
    assert_eq!(nonce.len(), 43);
    let stale = key.proof_with(&server, TOKEN, "nonce", json!("A".repeat(43)));
    let answer = redeem(&server, (&request, &code), &stale).await;
    assert_refused(&answer, 400, "use_dpop_nonce", "another nonce");
    server.clock.advance(Duration::seconds(40));
    let good = key.proof_with(&server, TOKEN, "nonce", json!(nonce));
    let answer = redeem(&server, (&request, &code), &good).await;
    assert_eq!(answer.status, 200, "the code was spent by no refusal: {}", answer.body);
    assert!(!answer.header("dpop-nonce").is_empty(), "the next one comes along");
    server.clock.advance(Duration::minutes(4));
    let late = key.proof_with(&server, TOKEN, "nonce", json!(nonce));
    let token = answer.json()["refresh_token"].as_str().unwrap().to_owned();
    let answer = super::refresh(&server, &token, &late).await;
    assert_refused(&answer, 400, "use_dpop_nonce", "an old nonce");
}

#[tokio::test]
async fn whose_proofs_need_a_nonce_is_set_by_the_operator() {
    for (rule, status) in [("always", 400), ("never", 200), ("public", 200)] {
        let server = Server::with(&[("SECURITY_DPOP_NONCE", rule)]).await;
        server.apply(STOCK).await;
        let key = Held::new();
        let mut claims = server.proof_claims("POST", TOKEN);
        claims.as_object_mut().unwrap().remove("nonce");
        let answer = machine(&server, &key.jws(&key.header(), &claims)).await;
        assert_eq!(answer.status, status, "{rule}: {}", answer.body);
    }
}

#[tokio::test]
async fn a_code_is_for_the_key_that_the_request_named() {
    let server = Server::start().await;
    let (key, other) = (Held::new(), Held::new());
    let named = key.thumbprint();
    let (request, code) = code(&server, &[("dpop_jkt", &named)]).await;
    for proof in [String::new(), other.proof(&server, TOKEN)] {
        let answer = redeem(&server, (&request, &code), &proof).await;
        assert_refused(&answer, 400, "invalid_grant", "not the key");
    }
    let answer = redeem(&server, (&request, &code), &key.proof(&server, TOKEN)).await;
    assert_eq!(answer.status, 200, "still good for its owner: {}", answer.body);
}
