//! Tokens bound to a DPoP key, from the token endpoint to the resource (SECURITY.md SC-07 to SC-09,
//! T-14).

use portcullis::crypto::jwt::Alg;
use portcullis::protocol::token::ACCESS_TYP;
use serde_json::{Value, json};

use crate::bound::{MACHINE, Party, SCOPE, TOKEN, USERINFO, assert_denied, open_with, read, text};
use crate::playground;
use crate::support::api::{Api, FIFTY, fifty};
use crate::support::browser::Authorize;
use crate::support::calls::assert_refused;
use crate::support::dpop::{DpopKey, ath};
use crate::support::forge::with;
use crate::support::server::{SECRET, Server};

/// A machine that administers.
const OPS: &str = r#"
[[client]]
client_id = "ops"
client_secret = "pc_cs_a-secret-that-is-long-enough-for-tests"
grant_types = ["client_credentials"]
scope = "admin.clients.read"
"#;

const ADMIN: &str = "/admin/api/v1/clients";
const DEMO: &str = "/demo/api/orders";

#[tokio::test]
async fn a_proof_binds_the_token_to_its_key_whatever_the_algorithm() {
    let server = Server::start().await;
    for alg in [Alg::Es256, Alg::EdDsa, Alg::Ps256] {
        let machine = Party::machine().with_key(DpopKey::of(alg));
        let answer = machine.post(&server, TOKEN, &MACHINE).await;
        assert_eq!(answer.status, 200, "{alg:?}: {}", answer.body);
        assert_eq!(answer.json()["token_type"], "DPoP");
        assert!(server.gave_nonce(&answer), "{answer:?}");
        let token = text(&answer.json(), "access_token");
        let cnf = json!({ "jkt": machine.key.thumbprint() });
        assert_eq!(read(&token).1["cnf"], cnf);
        let fields = [("token", token.as_str())];
        let seen = server.call("/oauth2/introspect", "shop", &fields).await.json();
        assert_eq!((&seen["token_type"], &seen["cnf"]), (&json!("DPoP"), &cnf), "{seen}");
    }
}

#[tokio::test]
async fn without_a_proof_a_token_is_nobodys_and_with_one_it_must_hold() {
    let server = Server::start().await;
    let answer = Party::machine().post_with(&server, TOKEN, &MACHINE, &[]).await;
    assert_eq!(answer.json()["token_type"], "Bearer");
    assert_eq!(answer.header("dpop-nonce"), "", "nobody asked for one");
    assert!(read(&text(&answer.json(), "access_token")).1.get("cnf").is_none());
    let answer = Party::machine().post_with(&server, TOKEN, &MACHINE, &[""]).await;
    assert_refused(&answer, 400, "invalid_dpop_proof", "an empty proof is no absent one");
}

#[tokio::test]
async fn a_client_registered_for_bound_tokens_gets_no_others() {
    let server = Server::start().await;
    for id in ["machine", "spa"] {
        let demand = format!("[[client]]\nclient_id = \"{id}\"\ndpop_bound_access_tokens = true\n");
        server.apply(&demand).await;
    }
    let machine = Party::machine();
    let answer = machine.post_with(&server, TOKEN, &MACHINE, &[]).await;
    assert_refused(&answer, 400, "invalid_dpop_proof", "machine");
    assert_eq!(machine.post(&server, TOKEN, &MACHINE).await.status, 200);
    let (spa, mut browser) = (Party::spa(), server.signed_in("bob").await);
    let request = Authorize::of("spa", SCOPE);
    let code = server.code(&mut browser, &request).await;
    let answer = spa.redeem_with(&server, (&request, &code), &[]).await;
    assert_refused(&answer, 400, "invalid_dpop_proof", "spa");
    assert_eq!(spa.redeem(&server, &request, &code).await.status, 200, "the code was kept");
}

#[tokio::test]
async fn a_bound_token_opens_every_resource_for_whoever_holds_its_key() {
    let server = playground::start().await;
    server.apply(OPS).await;
    let demo = "[[client]]\nclient_id = \"shop\"\nscope = \"openid offline_access orders.read demo.read\"\n";
    server.apply(demo).await;
    let (shop, mut browser) = (Party::shop(), server.signed_in("bob").await);
    let token = text(&shop.tokens(&server, &mut browser).await, "access_token");
    let answer = shop.open(&server, USERINFO, &token).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    assert!(server.gave_nonce(&answer), "{answer:?}");
    let request = Authorize::of("shop", "demo.read");
    let code = server.code(&mut browser, &request).await;
    let tokens = shop.redeem(&server, &request, &code).await.json();
    let demo_token = text(&tokens, "access_token");
    let ops = Party::new("ops", super::Way::Basic);
    let ops_token = text(&ops.post(&server, TOKEN, &MACHINE).await.json(), "access_token");
    for (party, path, token) in [(&shop, DEMO, &demo_token), (&ops, ADMIN, &ops_token)] {
        let answer = party.open(&server, path, token).await;
        assert_eq!(answer.status, 200, "{path}: {}", answer.body);
        let bearer = open_with(&server, path, &format!("Bearer {token}"), &[]).await;
        assert_denied(&bearer, "invalid_token", path);
        let proof = party.key.proof(&server.resource_claims("GET", path, token));
        let bearer = open_with(&server, path, &format!("Bearer {token}"), &[&proof]).await;
        assert_denied(&bearer, "invalid_token", "not even with a proof");
        let thief = DpopKey::new().proof(&server.resource_claims("GET", path, token));
        let answer = open_with(&server, path, &format!("DPoP {token}"), &[&thief]).await;
        assert_denied(&answer, "invalid_token", path);
        let bare = open_with(&server, path, &format!("DPoP {token}"), &[]).await;
        assert_denied(&bare, "invalid_dpop_proof", path);
    }
}

#[tokio::test]
async fn a_bound_token_is_no_bearer_token_at_userinfo_in_the_header_or_the_body() {
    let server = Server::start().await;
    let (spa, mut browser) = (Party::spa(), server.signed_in("bob").await);
    let token = text(&spa.tokens(&server, &mut browser).await, "access_token");
    let bearer = open_with(&server, USERINFO, &format!("Bearer {token}"), &[]).await;
    assert_denied(&bearer, "invalid_token", "header");
    assert!(bearer.header("www-authenticate").starts_with("Bearer "));
    let proof = spa.key.proof(&server.resource_claims("POST", USERINFO, &token));
    let headers = [crate::support::calls::FORM, ("dpop", proof.as_str())];
    let body = format!("access_token={token}");
    let answer = server.raw("POST", USERINFO, &headers, body.clone()).await;
    assert_denied(&answer, "invalid_token", "body");
    let query = open_with(&server, &format!("{USERINFO}?{body}"), "DPoP ", &[&proof]).await;
    assert!(matches!(query.status.as_u16(), 400 | 401), "query");
    let posted = [("authorization", &*format!("DPoP {token}")), ("dpop", &proof)];
    assert_eq!(server.raw("POST", USERINFO, &posted, "").await.status, 200);
}

#[tokio::test]
async fn an_unbound_token_is_not_taken_with_the_scheme_of_bound_ones() {
    let server = Server::start().await;
    let tokens = server.tokens("shop", SCOPE, "bob").await;
    let token = text(&tokens, "access_token");
    let key = DpopKey::new();
    let proof = key.proof(&server.resource_claims("GET", USERINFO, &token));
    let answer = open_with(&server, USERINFO, &format!("DPoP {token}"), &[&proof]).await;
    assert_denied(&answer, "invalid_token", "DPoP");
    assert!(answer.header("www-authenticate").starts_with("DPoP "));
    let stray = open_with(&server, USERINFO, &format!("Bearer {token}"), &[&proof]).await;
    assert_eq!(stray.status, 200, "a stray proof harms nobody");
}

#[tokio::test]
async fn a_confirmation_that_we_do_not_know_opens_nothing() {
    let server = Server::start().await;
    let bob = server.user_id("bob").await.to_string();
    let key = DpopKey::new();
    let good = with(&server.access_claims(&bob), "cnf", json!({ "jkt": key.thumbprint() }));
    for (cnf, opens) in [
        (good["cnf"].clone(), true),
        (json!({}), false),
        (json!({ "jwk": key.jwk() }), false),
        (json!({ "kid": "k" }), false),
        (json!({ "jkt": 7 }), false),
        (json!({ "jkt": "" }), false),
        (json!({ "jkt": ath("other") }), false),
        (json!({ "x5t#S256": ath("certificate") }), false),
        (json!({ "jkt": key.thumbprint(), "x5t#S256": ath("certificate") }), false),
        (json!([]), false),
        (json!("x"), false),
    ] {
        let claims = with(&good, "cnf", cnf.clone());
        let token = server.sign(Alg::Es256, ACCESS_TYP, &claims).await;
        let proof = key.proof(&server.resource_claims("GET", USERINFO, &token));
        let answer = open_with(&server, USERINFO, &format!("DPoP {token}"), &[&proof]).await;
        assert_eq!(answer.status == 200, opens, "{cnf}: {}", answer.body);
        let bearer = open_with(&server, USERINFO, &format!("Bearer {token}"), &[]).await;
        assert_denied(&bearer, "invalid_token", &cnf.to_string());
    }
}

#[tokio::test]
async fn a_proof_is_good_once_on_all_nodes_and_after_a_restart() {
    let mut server = Server::start().await;
    let second = server.second_node().await;
    let machine = Party::machine();
    let claims = server.proof_claims("POST", TOKEN);
    let proof = machine.key.proof(&claims);
    let first = machine.post_with(&server, TOKEN, &MACHINE, &[&proof]).await;
    assert_eq!(first.status, 200, "{}", first.body);
    let again = machine.key.proof(&claims);
    for (node, proof) in [(&second, &proof), (&server, &proof), (&second, &again)] {
        let replay = machine.post_with(node, TOKEN, &MACHINE, &[proof]).await;
        assert_refused(&replay, 400, "invalid_dpop_proof", "replay");
    }
    let other = Party::machine();
    let namesake = other.key.proof(&claims);
    let answer = other.post_with(&second, TOKEN, &MACHINE, &[&namesake]).await;
    assert_eq!(answer.status, 200, "a jti is its key's own");
    server.stop().await;
    let restarted = second.second_node().await;
    let replay = machine.post_with(&restarted, TOKEN, &MACHINE, &[&proof]).await;
    assert_refused(&replay, 400, "invalid_dpop_proof", "after a restart");
}

#[tokio::test]
async fn a_proof_opens_a_resource_once_on_all_nodes() {
    let server = Server::start().await;
    let second = server.second_node().await;
    let (spa, mut browser) = (Party::spa(), server.signed_in("bob").await);
    let token = text(&spa.tokens(&server, &mut browser).await, "access_token");
    let proof = spa.key.proof(&server.resource_claims("GET", USERINFO, &token));
    let scheme = format!("DPoP {token}");
    assert_eq!(open_with(&server, USERINFO, &scheme, &[&proof]).await.status, 200);
    for node in [&second, &server] {
        let replay = open_with(node, USERINFO, &scheme, &[&proof]).await;
        assert_denied(&replay, "invalid_dpop_proof", "replay");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_fifty_with_one_proof_on_two_nodes_one_gets_a_token() {
    let server = Server::start().await;
    let second = server.second_node().await;
    let nodes = [Api::at(&server), Api::at(&second)];
    let key = DpopKey::new();
    let proof = key.proof(&server.proof_claims("POST", TOKEN));
    let answers = fifty(&nodes, |api, _| {
        let proof = proof.clone();
        async move { api.proved(TOKEN, &MACHINE, &proof).await }
    });
    let answers = answers.await;
    let good = answers.iter().filter(|answer| answer.status == 200).count();
    let refused = answers.iter().filter(|answer| answer.error() == "invalid_dpop_proof").count();
    assert_eq!((good, refused), (1, FIFTY - 1), "{answers:?}");
}

#[tokio::test]
async fn what_is_kept_of_a_proof_is_a_hash_for_two_minutes() {
    let server = Server::start().await;
    let machine = Party::machine();
    let claims = with(&server.proof_claims("POST", TOKEN), "jti", json!("canary-of-a-jti"));
    let proof = machine.key.proof(&claims);
    assert_eq!(machine.post_with(&server, TOKEN, &MACHINE, &[&proof]).await.status, 200);
    let kept = "select count(*) from used_jtis where client_id like E'\\t%' and length(jti_hash) = 32 \
        and expires_at <= now() + interval '121 s'";
    assert_eq!(server.number(kept).await, 1);
    let told = "select count(*) from used_jtis u where u::text like '%canary%'";
    assert_eq!(server.number(told).await, 0);
}

#[tokio::test]
async fn a_refused_request_keeps_nothing_of_its_proof() {
    let server = Server::start().await;
    let (spa, shop) = (Party::spa(), Party::shop());
    let fields = [("grant_type", "refresh_token"), ("refresh_token", "pc_rt_x")];
    for party in [&spa, &shop] {
        let answer = party.post(&server, TOKEN, &fields).await;
        assert_refused(&answer, 400, "invalid_grant", party.id);
    }
    let proof = shop.proof(&server, TOKEN);
    let wrong = [MACHINE[0], ("client_id", "asker"), ("client_secret", &SECRET.to_uppercase())];
    let headers = [crate::support::calls::FORM, ("dpop", proof.as_str())];
    let body = portcullis::protocol::params::encode(wrong);
    assert_eq!(server.raw("POST", TOKEN, &headers, body).await.status, 401);
    let nobody = open_with(&server, USERINFO, "DPoP nonsense", &[&proof]).await;
    assert_denied(&nobody, "invalid_token", "nonsense");
    assert_eq!(server.number("select count(*) from used_jtis").await, 0);
}

#[tokio::test]
async fn whatever_the_sender_adds_to_a_proof_is_ignored() {
    let server = Server::start().await;
    let machine = Party::machine();
    for (name, value) in [
        ("exp", json!(1)),
        ("nbf", json!(99_999_999_999_i64)),
        ("iss", json!("anybody")),
        ("aud", json!(["x"])),
        ("extra", Value::Null),
        ("ath", json!("of no token")),
    ] {
        let claims = with(&server.proof_claims("POST", TOKEN), name, value);
        let proof = machine.key.proof(&claims);
        let answer = machine.post_with(&server, TOKEN, &MACHINE, &[&proof]).await;
        assert_eq!(answer.status, 200, "{name}: {}", answer.body);
    }
}
