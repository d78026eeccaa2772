//! The modules of the FAPI 2 Security Profile plan that need no mutual TLS (CONFORMANCE.md §2), with
//! `private_key_jwt` and DPoP.

use serde_json::{Value, json};
use time::Duration;

use crate::bound::par::assert_uri_refused;
use crate::bound::{
    MACHINE, PAR, Party, SCOPE, TOKEN, USERINFO, Way, open_with, push_as, read, text,
};
use crate::support::api::{redemption, refreshing};
use crate::support::browser::{Authorize, Browser};
use crate::support::calls::assert_refused;
use crate::support::dpop::DpopKey;
use crate::support::forge::with;
use crate::support::server::{REDIRECT, Server};

const ALGS: [&str; 3] = ["ES256", "EdDSA", "PS256"];

async fn scene() -> (Server, Party, Browser) {
    let server = Server::start().await;
    let bank = Party::bank(&server, "bank", "").await;
    let browser = server.signed_in("bob").await;
    (server, bank, browser)
}

#[tokio::test]
async fn discovery_announces_what_the_profile_demands() {
    for (profile, required) in [("oauth21", false), ("fapi2", true)] {
        let server = Server::with(&[("SECURITY_PROFILE", profile)]).await;
        let document = server.browser().get("/.well-known/openid-configuration").await.json();
        let list =
            |name: &str| document[name].as_array().unwrap_or_else(|| panic!("{name}")).clone();
        assert_eq!(
            document["pushed_authorization_request_endpoint"],
            format!("{}{PAR}", server.issuer)
        );
        assert_eq!(document["require_pushed_authorization_requests"], required);
        assert_eq!(document["authorization_response_iss_parameter_supported"], true);
        assert_eq!(list("response_types_supported"), ["code"]);
        assert_eq!(list("code_challenge_methods_supported"), ["S256"]);
        assert_eq!(list("dpop_signing_alg_values_supported"), ALGS);
        assert!(list("token_endpoint_auth_methods_supported").contains(&json!("private_key_jwt")));
        for name in [
            "id_token_signing_alg_values_supported",
            "token_endpoint_auth_signing_alg_values_supported",
        ] {
            assert!(ALGS.iter().all(|alg| list(name).contains(&json!(alg))), "{name}");
        }
    }
}

/// One client's way to tokens, with what the suite looks at on the way.
async fn happy(server: &Server, party: &Party, browser: &mut Browser, redirect: &str) -> Value {
    let (state, nonce) = ("s".repeat(128), "n".repeat(43));
    let request = Authorize::of(party.id, SCOPE)
        .with("state", &state)
        .with("nonce", &nonce)
        .with("redirect_uri", redirect)
        .with("dpop_jkt", party.key.thumbprint());
    let page = browser.get(&party.pushed(server, &request, &[]).await).await;
    assert!(page.location().starts_with(redirect), "{page:?}");
    assert_eq!(
        (page.param("state"), page.param("iss")),
        (Some(state), Some(server.issuer.clone()))
    );
    let code = page.param("code").unwrap();
    let mut fields = redemption(&request, &code);
    fields[2].1 = redirect;
    let answer = party.post(server, TOKEN, &fields).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    let tokens = answer.json();
    let (header, said) = read(tokens["id_token"].as_str().unwrap());
    assert!(
        ALGS.contains(&header["alg"].as_str().unwrap()) && header["kid"].is_string(),
        "{header}"
    );
    assert_eq!((&said["nonce"], &said["aud"]), (&json!(nonce), &json!(party.id)));
    assert!(tokens["expires_in"].is_number() && tokens["token_type"] == "DPoP", "{tokens}");
    assert!(code.len() >= 43 && text(&tokens, "refresh_token").len() >= 43);
    tokens
}

#[tokio::test]
async fn two_clients_get_their_tokens_and_cannot_use_each_others() {
    let (server, bank, mut browser) = scene().await;
    let other = Party::bank(&server, "other", "").await;
    let first = happy(&server, &bank, &mut browser, REDIRECT).await;
    let redirect = format!("{REDIRECT}?dummy1=lorem&dummy2=ipsum");
    let second = happy(&server, &other, &mut browser, &redirect).await;
    for (party, own, foreign) in [(&bank, &first, &second), (&other, &second, &first)] {
        let open =
            async |tokens| party.open(&server, USERINFO, &text(tokens, "access_token")).await;
        assert_eq!(open(own).await.status, 200);
        assert_eq!(open(foreign).await.status, 401);
    }
}

#[tokio::test]
async fn a_resource_is_tolerant_of_headers_and_not_of_tokens_in_the_query() {
    let (server, bank, mut browser) = scene().await;
    let token = text(&bank.tokens(&server, &mut browser).await, "access_token");
    for scheme in ["DPoP", "dpop", "DPOP", "dPoP"] {
        for (name, value) in [
            ("accept", "application/json"),
            ("accept", "*/*"),
            ("accept", "text/html, application/json;q=0.9"),
            ("x-fapi-interaction-id", "c770aef3-6784-41f7-8e0e-ff5f97bddb3a"),
            ("x-fapi-auth-date", "Tue, 11 Sep 2012 19:43:31 GMT"),
            ("accept-charset", "utf-8"),
        ] {
            let proof = bank.key.proof(&server.resource_claims("GET", USERINFO, &token));
            let authorization = format!("{scheme} {token}");
            let headers =
                [("authorization", authorization.as_str()), ("dpop", &proof), (name, value)];
            let answer = server.raw("GET", USERINFO, &headers, "").await;
            assert_eq!(answer.status, 200, "{scheme} {name}: {}", answer.body);
            assert!(!answer.header("date").is_empty());
        }
    }
    let path = format!("{USERINFO}?access_token={token}");
    let proof = bank.key.proof(&server.resource_claims("GET", USERINFO, &token));
    let answer = server.raw("GET", &path, &[("dpop", &proof)], "").await;
    assert_eq!(answer.status, 401, "{}", answer.body);
    let free = text(&server.tokens("shop", "openid", "bob").await, "access_token");
    for scheme in ["Bearer", "bearer", "BEARER"] {
        let answer = open_with(&server, USERINFO, &format!("{scheme} {free}"), &[]).await;
        assert_eq!(answer.status, 200, "{scheme}");
    }
    let path = format!("{USERINFO}?access_token={free}");
    assert_eq!(server.raw("GET", &path, &[], "").await.status, 401);
}

#[tokio::test]
async fn a_person_who_says_no_is_an_access_denied_with_the_issuer() {
    let server = Server::start().await;
    let bank = Party::bank(&server, "bank", "").await;
    server.apply("[[client]]\nclient_id = \"bank\"\nconsent = \"always\"\n").await;
    let mut browser = server.signed_in("bob").await;
    let address = bank.pushed(&server, &Authorize::of("bank", "openid"), &[]).await;
    let page = browser.get(&address).await;
    let page = browser.follow(page).await;
    let denied = browser.submit(&page, &[("decision", "deny")]).await;
    assert_eq!(denied.param("error").as_deref(), Some("access_denied"), "{denied:?}");
    assert_eq!(denied.param("iss"), Some(server.issuer.clone()));
}

#[tokio::test]
async fn optional_parameters_come_back_as_they_were_or_not_at_all() {
    let (server, bank, mut browser) = scene().await;
    let long = "n".repeat(384);
    for (state, nonce, scope) in [
        ("", "", "openid profile"),
        ("af0ifjsldkj", &"n".repeat(64), "profile openid"),
        (&"s".repeat(384), &long, "offline_access profile openid"),
    ] {
        let request = Authorize::of("bank", scope).with("state", state).with("nonce", nonce);
        let request = request.with("claims", r#"{"userinfo":{"email":null}}"#);
        let page = browser.get(&bank.pushed(&server, &request, &[]).await).await;
        assert_eq!(page.param("state").unwrap_or_default(), state);
        let answer = bank.redeem(&server, &request, &page.param("code").unwrap()).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        let said = read(&text(&answer.json(), "id_token")).1;
        assert_eq!(said["nonce"].as_str().unwrap_or_default(), nonce);
    }
}

#[tokio::test]
async fn what_is_not_pushed_is_an_invalid_request() {
    let (server, _, mut browser) = scene().await;
    for request in [
        Authorize::of("bank", "openid"),
        Authorize::of("bank", "openid").with("prompt", "none"),
        Authorize::of("bank", "openid").with("response_type", "code id_token"),
    ] {
        let page = browser.get(&request.path()).await;
        assert_eq!(page.param("error").as_deref(), Some("invalid_request"), "{page:?}");
        assert_eq!(page.param("iss"), Some(server.issuer.clone()));
    }
}

#[tokio::test]
async fn a_push_is_held_to_the_profile() {
    let (server, bank, _) = scene().await;
    for (name, value, error) in [
        ("redirect_uri", "https://app.example/other", "invalid_request"),
        ("redirect_uri", "", "invalid_request"),
        ("response_type", "token", "unsupported_response_type"),
        ("response_type", "code id_token", "unsupported_response_type"),
        ("code_challenge", "", "invalid_request"),
        ("code_challenge_method", "plain", "invalid_request"),
        ("request_uri", "urn:ietf:params:oauth:request_uri:x", "invalid_request"),
    ] {
        let request = Authorize::of("bank", "openid").with(name, value);
        let answer = bank.push_with(&server, &request, &[]).await;
        assert_refused(&answer, 400, error, &format!("{name}={value}"));
    }
    assert_eq!(server.raw("GET", PAR, &[], "").await.status, 405);
}

#[tokio::test]
async fn a_name_is_used_once_in_time_and_by_its_client() {
    let (server, bank, mut browser) = scene().await;
    let other = Party::bank(&server, "other", "").await;
    let push = async || bank.pushed(&server, &Authorize::of("bank", "openid"), &[]).await;
    let address = push().await;
    let foreign = address.replace("client_id=bank", &format!("client_id={}", other.id));
    assert_uri_refused(&browser.get(&foreign).await, "another client's");
    assert!(server.browser().get(&address).await.param("code").is_none(), "a visit");
    assert!(browser.get(&address).await.param("code").is_some());
    assert_uri_refused(&browser.get(&address).await, "used");
    let late = push().await;
    server.clock.advance(Duration::seconds(90));
    assert_uri_refused(&browser.get(&late).await, "expired");
}

#[tokio::test]
async fn clocks_may_be_ten_seconds_off_at_every_endpoint() {
    let (server, bank, mut browser) = scene().await;
    for offset in [-10, 8] {
        let aged = |claims: Value| {
            let iat = json!(claims["iat"].as_i64().unwrap() + offset);
            let claims = with(&with(&claims, "iat", iat.clone()), "nbf", iat);
            let exp = json!(claims["iat"].as_i64().unwrap() + 30);
            bank.key.proof(&with(&claims, "exp", exp))
        };
        let request = Authorize::of("bank", SCOPE);
        let proof = aged(server.proof_claims("POST", PAR));
        let page = browser.get(&bank.pushed(&server, &request, &[&proof]).await).await;
        let code = page.param("code").unwrap();
        let proof = aged(server.proof_claims("POST", TOKEN));
        let answer = bank.redeem_with(&server, (&request, &code), &[&proof]).await;
        let token = text(&answer.json(), "access_token");
        let proof = aged(server.resource_claims("GET", USERINFO, &token));
        let answer = open_with(&server, USERINFO, &format!("DPoP {token}"), &[&proof]).await;
        assert_eq!(answer.status, 200, "{offset}: {}", answer.body);
    }
}

#[tokio::test]
async fn tokens_are_for_who_holds_a_key() {
    let (server, bank, mut browser) = scene().await;
    let (request, code) = bank.pushed_code(&server, &mut browser).await;
    let bare = bank.redeem_with(&server, (&request, &code), &[]).await;
    assert_refused(&bare, 400, "invalid_dpop_proof", "a code");
    assert_eq!(bank.redeem(&server, &request, &code).await.status, 200, "the code was kept");
    let bare = bank.post_with(&server, TOKEN, &MACHINE, &[]).await;
    assert_refused(&bare, 400, "invalid_dpop_proof", "client credentials");
    let own = bank.post(&server, TOKEN, &MACHINE).await.json();
    assert_eq!(own["token_type"], "DPoP", "{own}");
    assert!(own["refresh_token"].is_null() && own["id_token"].is_null(), "{own}");
}

#[tokio::test]
async fn a_code_is_its_clients_and_good_once_for_a_minute() {
    let (server, bank, mut browser) = scene().await;
    let other = Party::bank(&server, "other", "").await;
    let (request, code) = bank.pushed_code(&server, &mut browser).await;
    let stolen = other.redeem(&server, &request, &code).await;
    assert_refused(&stolen, 400, "invalid_grant", "client 2");
    for verifier in ["", "wrong-wrong-wrong-wrong-wrong-wrong-wrong-wrong"] {
        let wrong = Authorize { verifier: verifier.to_owned(), ..request.clone() };
        let answer = bank.redeem(&server, &wrong, &code).await;
        assert_refused(&answer, 400, "invalid_grant", "the verifier");
    }
    let tokens = bank.redeem(&server, &request, &code).await.json();
    server.clock.advance(Duration::seconds(1));
    assert_refused(&bank.redeem(&server, &request, &code).await, 400, "invalid_grant", "again");
    let token = text(&tokens, "access_token");
    assert_eq!(bank.open(&server, USERINFO, &token).await.status, 401, "revoked");
    let (request, code) = bank.pushed_code(&server, &mut browser).await;
    server.clock.advance(Duration::seconds(62));
    assert_refused(&bank.redeem(&server, &request, &code).await, 400, "invalid_grant", "late");
}

#[tokio::test]
async fn a_refresh_token_does_not_rotate_and_takes_a_new_key() {
    let (server, bank, mut browser) = scene().await;
    let tokens = bank.tokens(&server, &mut browser).await;
    let refresh = text(&tokens, "refresh_token");
    let renewed = DpopKey::new();
    let proof = renewed.proof(&server.proof_claims("POST", TOKEN));
    let answer = bank.refresh_with(&server, &refresh, &[&proof]).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    assert_eq!(text(&answer.json(), "refresh_token"), refresh);
    let token = text(&answer.json(), "access_token");
    assert_eq!(read(&token).1["cnf"]["jkt"], renewed.thumbprint());
    server.clock.advance(Duration::seconds(30));
    assert_eq!(bank.refresh(&server, &refresh).await.status, 200, "the previous one, 30 s later");
    let bare = bank.refresh_with(&server, &refresh, &[]).await;
    assert_refused(&bare, 400, "invalid_dpop_proof", "no proof of possession");
    let other = Party::bank(&server, "other", "").await;
    let stolen = other.refresh(&server, &refresh).await;
    assert_refused(&stolen, 400, "invalid_grant", "another client");
    let mut fields = refreshing(&refresh).to_vec();
    fields.push(("client_id", "bank"));
    let answer = server.form(TOKEN, &fields).await;
    assert_refused(&answer, 401, "invalid_client", "no client authentication");
    assert_eq!(bank.refresh(&server, &refresh).await.status, 200);
}

#[tokio::test]
async fn an_assertion_is_for_the_issuer_alone_and_fresh() {
    let (server, bank, _) = scene().await;
    let other = Party::bank(&server, "other", "").await;
    let (Way::Signed(signer), Way::Signed(foreign)) = (&bank.way, &other.way) else { panic!() };
    let now = server.app.now().unix_timestamp();
    let issuer = &server.issuer;
    for (name, value, status) in [
        ("iat", json!(now + 8), 201),
        ("nbf", json!(now + 8), 201),
        ("iat", json!(now + 80), 401),
        ("nbf", json!(now + 80), 401),
        ("exp", json!(now - 300), 401),
        ("exp", Value::Null, 401),
        ("sub", Value::Null, 401),
        ("sub", json!("other"), 401),
        ("iss", Value::Null, 401),
        ("jti", Value::Null, 401),
        ("aud", json!(issuer), 201),
        ("aud", json!([issuer]), 401),
        ("aud", json!(format!("{issuer}{PAR}")), 401),
        ("aud", json!(format!("{issuer}{TOKEN}")), 401),
        ("aud", json!(format!("{issuer}/")), 401),
        ("aud", json!("https://other.example"), 401),
        ("aud", Value::Null, 401),
    ] {
        let claims = with(&bank.assertion(&server), name, value.clone());
        let answer = push_as(&server, &signer.jws(&signer.header(), &claims)).await;
        assert_eq!(answer.status, status, "{name} = {value}: {}", answer.body);
        assert!(status == 201 || answer.error() == "invalid_client", "{}", answer.body);
    }
    let claims = bank.assertion(&server);
    for (why, assertion) in [
        ("client 1's key for client 2", foreign.jws(&foreign.header(), &claims)),
        ("under our kid", foreign.jws(&signer.header(), &claims)),
        ("none", signer.jws(&json!({ "alg": "none" }), &claims)),
    ] {
        assert_refused(&push_as(&server, &assertion).await, 401, "invalid_client", why);
    }
    let bare = server.form(PAR, &[("client_id", "bank"), ("response_type", "code")]).await;
    assert_refused(&bare, 401, "invalid_client", "no assertion");
}
