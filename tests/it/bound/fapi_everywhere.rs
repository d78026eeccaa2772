//! The FAPI 2.0 Security Profile where the server puts every client under it, and the algorithms that it
//! leaves.

use portcullis::crypto::jwt::{Alg, SigningKey};
use serde_json::json;

use crate::bound::{MACHINE, PAR, Party, SCOPE, TOKEN, Way, push_as, read, text};
use crate::support::browser::Authorize;
use crate::support::calls::assert_refused;
use crate::support::forge::Signer;
use crate::support::server::{REDIRECT, STOCK, Server};

const ALGS: [&str; 3] = ["PS256", "ES256", "EdDSA"];

async fn strict() -> Server {
    let server = Server::with(&[("SECURITY_PROFILE", "fapi2")]).await;
    server.apply(STOCK).await;
    server
}

/// A client that is registered as any other, with what else it needs to live under the profile.
async fn plain(server: &Server) -> Party {
    let signer = Signer::new();
    server
        .apply(&format!(
            "[[client]]\nclient_id = \"plain\"\nclient_name = \"plain\"\nconsent = \"trusted\"\n\
            redirect_uris = [\"{REDIRECT}\"]\n\
            grant_types = [\"authorization_code\", \"refresh_token\", \"client_credentials\"]\n\
            token_endpoint_auth_method = \"private_key_jwt\"\n\
            scope = \"openid offline_access orders.read\"\njwks = {}\n",
            signer.jwks()
        ))
        .await;
    Party::new("plain", Way::Signed(Box::new(signer)))
}

#[tokio::test]
async fn every_client_is_held_to_it() {
    let server = strict().await;
    let (shop, machine) = (Party::shop(), Party::machine());
    let weak = machine.post(&server, TOKEN, &MACHINE).await;
    assert_refused(&weak, 401, "invalid_client", "a secret is no key");
    let weak = shop.push_with(&server, &Authorize::of("shop", "openid"), &[]).await;
    assert_refused(&weak, 401, "invalid_client", "PAR");
    let weak = Party::spa().push_with(&server, &Authorize::of("spa", "openid"), &[]).await;
    assert_refused(&weak, 401, "invalid_client", "a public client");
    let open = server.browser().get(&Authorize::of("shop", "openid").path()).await;
    assert_eq!(open.param("error").as_deref(), Some("invalid_request"), "{open:?}");
    let plain = plain(&server).await;
    let bare = plain.post_with(&server, TOKEN, &MACHINE, &[]).await;
    assert_refused(&bare, 400, "invalid_dpop_proof", "unbound");
    assert_eq!(plain.post(&server, TOKEN, &MACHINE).await.json()["token_type"], "DPoP");
}

#[tokio::test]
async fn a_client_registered_for_rs256_gets_id_tokens_signed_with_ps256() {
    let server = strict().await;
    let plain = plain(&server).await;
    let (mut browser, request) = (server.browser(), Authorize::of("plain", SCOPE));
    let page = browser.get(&plain.pushed(&server, &request, &[]).await).await;
    let page = browser.follow(page).await;
    let page = browser.go_through(&server, page, "bob").await;
    let tokens = plain.redeem(&server, &request, &page.param("code").unwrap()).await.json();
    assert_eq!(read(&text(&tokens, "id_token")).0["alg"], "PS256");
    let refreshed = plain.refresh(&server, &text(&tokens, "refresh_token")).await.json();
    assert_eq!(read(&text(&refreshed, "id_token")).0["alg"], "PS256");
}

#[tokio::test]
async fn no_more_is_announced_than_is_accepted() {
    let server = strict().await;
    for name in ["openid-configuration", "oauth-authorization-server"] {
        let document = server.browser().get(&format!("/.well-known/{name}")).await.json();
        for endpoint in ["token", "introspection", "revocation"] {
            let methods = &document[format!("{endpoint}_endpoint_auth_methods_supported")];
            assert_eq!(methods, &json!(["private_key_jwt"]), "{name} {endpoint}");
            let algs = &document[format!("{endpoint}_endpoint_auth_signing_alg_values_supported")];
            assert_eq!(algs, &json!(ALGS), "{name} {endpoint}");
        }
        assert!(!document.to_string().contains("RS256"), "{name}");
    }
}

#[tokio::test]
async fn an_api_that_asks_for_rs256_gets_ps256_from_a_client_of_the_profile() {
    let server = Server::start().await;
    server.apply("[[api]]\nresource = \"https://api.example/\"\nsigning_alg = \"RS256\"\n").await;
    let bank = Party::bank(&server, "bank", "").await;
    for (party, alg) in [(&bank, "PS256"), (&Party::machine(), "RS256")] {
        let answer = party.post(&server, TOKEN, &MACHINE).await.json();
        assert_eq!(read(&text(&answer, "access_token")).0["alg"], alg, "{}", party.id);
    }
    let mut browser = server.signed_in("bob").await;
    let tokens = bank.tokens(&server, &mut browser).await;
    let token = text(&tokens, "access_token");
    assert_eq!(read(&token).0["alg"], "PS256");
    assert!(SCOPE.contains("orders.read") && server.is_active(&token).await);
}

/// `key` as the value of `jwks` in an apply file, for whichever of its algorithms.
fn jwks(key: &SigningKey) -> String {
    let jwk = key.public_jwk();
    let members = jwk.as_object().unwrap().iter().filter(|(name, _)| *name != "alg");
    let members: Vec<_> = members.map(|(name, value)| format!("{name} = {value}")).collect();
    format!("jwks = {{ keys = [{{ {} }}] }}", members.join(", "))
}

#[tokio::test]
async fn an_assertion_is_not_signed_with_rs256_and_the_operator_is_told() {
    let server = Server::start().await;
    Party::bank(&server, "bank", "").await;
    for (alg, status) in [(Alg::Rs256, 401), (Alg::Ps256, 201), (Alg::EdDsa, 201)] {
        let (key, _) = SigningKey::generate(alg).unwrap();
        server.apply(&format!("[[client]]\nclient_id = \"bank\"\n{}\n", jwks(&key))).await;
        let now = server.app.now().unix_timestamp();
        let claims = json!({
            "iss": "bank", "sub": "bank", "aud": server.issuer, "iat": now, "exp": now + 60,
            "jti": crate::support::forge::fresh(),
        });
        let answer = push_as(&server, &key.sign("JWT", &claims).unwrap()).await;
        assert_eq!(answer.status, status, "{alg:?}: {}", answer.body);
        assert!(!answer.body.contains("RS256"), "{}", answer.body);
    }
    server.flush_journal().await;
    let told = "select count(*) from audit_events where action = 'refusal' \
        and details->'facts'->>'reason' = 'the assertion is signed with RS256, which the profile fapi2 excludes'";
    assert_eq!(server.number(told).await, 1);
}

#[tokio::test]
async fn a_push_of_a_certificate_bound_client_is_bound_to_no_key() {
    let server = Server::start().await;
    let bound = "tls_client_certificate_bound_access_tokens = true\n";
    let bank = Party::bank(&server, "bank", bound).await;
    let named = Authorize::of("bank", "openid").with("dpop_jkt", bank.key.thumbprint());
    let free = Authorize::of("bank", "openid");
    for (request, proofs) in [(&named, vec![]), (&free, vec![bank.proof(&server, PAR)])] {
        let proofs: Vec<&str> = proofs.iter().map(String::as_str).collect();
        let answer = bank.push_with(&server, request, &proofs).await;
        assert_refused(&answer, 400, "invalid_request", "a key");
        assert!(answer.body.contains("bound to its certificate"), "{}", answer.body);
    }
    assert_eq!(bank.push_with(&server, &free, &[]).await.status, 201);
}
