//! Discovery and keys on the wire (SECURITY.md JW-07, JW-09; CONFORMANCE.md oidcc-config).

use std::collections::BTreeSet;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use portcullis::manage::keys;

use crate::support::server::Server;

#[tokio::test]
async fn every_address_announced_is_served() {
    let server = Server::start().await;
    for path in ["/.well-known/openid-configuration", "/.well-known/oauth-authorization-server"] {
        let answer = server.browser().get(path).await;
        assert_eq!(
            (answer.status.as_u16(), answer.header("content-type")),
            (200, "application/json")
        );
        assert!(answer.header("cache-control").starts_with("public, max-age="));
        let document = answer.json();
        assert_eq!(document["issuer"], server.issuer.as_str());
        for (name, url) in document.as_object().unwrap() {
            if name.ends_with("_endpoint") || name == "jwks_uri" {
                let url = url.as_str().unwrap().strip_prefix(&server.issuer).expect("ours");
                let there = server.raw("GET", url, &[], "").await;
                assert_ne!(there.status, 404, "{name}");
            }
        }
    }
}

#[tokio::test]
async fn the_metadata_holds_what_the_suite_demands() {
    let server = Server::start().await;
    let document = server.browser().get("/.well-known/openid-configuration").await.json();
    let has = |name: &str, value: &str| {
        document[name].as_array().unwrap().iter().any(|one| one.as_str() == Some(value))
    };
    for (name, value) in [
        ("id_token_signing_alg_values_supported", "RS256"),
        ("subject_types_supported", "public"),
        ("scopes_supported", "openid"),
        ("response_types_supported", "code"),
        ("response_modes_supported", "form_post"),
        ("code_challenge_methods_supported", "S256"),
        ("grant_types_supported", "refresh_token"),
        ("token_endpoint_auth_methods_supported", "client_secret_basic"),
        ("token_endpoint_auth_methods_supported", "client_secret_post"),
        ("token_endpoint_auth_methods_supported", "private_key_jwt"),
    ] {
        assert!(has(name, value), "{name}: {document}");
    }
    assert_eq!(document["authorization_response_iss_parameter_supported"], true);
    assert_eq!(document["request_uri_parameter_supported"], false);
    assert!(
        !document.to_string().contains("\"none\",\"RS256\"")
            && !document.to_string().contains("HS256")
    );
}

#[tokio::test]
async fn keys_are_public_distinct_and_long_enough() {
    let server = Server::start().await;
    let answer = server.browser().get("/oauth2/jwks").await;
    let document = answer.json();
    let keys = document["keys"].as_array().unwrap();
    let mut kids = BTreeSet::new();
    for key in keys {
        for private in ["d", "p", "q", "dp", "dq", "qi", "oth", "k"] {
            assert!(key.get(private).is_none(), "{key}");
        }
        assert_eq!(key["use"], "sig");
        assert!(key["alg"].is_string() && kids.insert(key["kid"].as_str().unwrap().to_owned()));
        match key["kty"].as_str().unwrap() {
            "RSA" => {
                assert!(URL_SAFE_NO_PAD.decode(key["n"].as_str().unwrap()).unwrap().len() >= 256)
            }
            "EC" => assert_eq!(key["crv"], "P-256"),
            other => assert_eq!((other, key["crv"].as_str()), ("OKP", Some("Ed25519"))),
        }
    }
    assert!(keys.len() >= 2 && answer.header("cache-control").contains("max-age=300"));
    assert_eq!(answer.header("cross-origin-resource-policy"), "cross-origin");
}

#[tokio::test]
async fn a_rotation_publishes_a_new_key_and_keeps_the_old() {
    let server = Server::start().await;
    let kids = async || {
        let document = server.browser().get("/oauth2/jwks").await.json();
        let kids = document["keys"].as_array().unwrap().iter();
        kids.map(|key| key["kid"].as_str().unwrap().to_owned()).collect::<BTreeSet<_>>()
    };
    let before = kids().await;
    let tokens = server.tokens("shop", "openid orders.read", "bob").await;
    server.manage(async |cx| keys::rotate(&cx).await.unwrap()).await;
    server.app.live.reload().await.unwrap();
    let after = kids().await;
    assert!(before.is_subset(&after) && after.len() > before.len(), "{before:?} {after:?}");
    assert!(server.is_active(tokens["access_token"].as_str().unwrap()).await, "old tokens hold");
    server.tokens("shop", "openid", "bob").await;
}

#[tokio::test]
async fn nothing_inside_is_served_outside() {
    let server = Server::start().await;
    for path in [
        "/metrics",
        "/debug",
        "/debug/pprof",
        "/.git/config",
        "/.env",
        "/docs",
        "/status",
        "/oauth2",
        "/assets/",
        "/assets/../Cargo.toml",
    ] {
        let answer = server.raw("GET", path, &[], "").await;
        assert_eq!(answer.status, 404, "{path}");
        assert!(!answer.body.contains(env!("CARGO_PKG_VERSION")), "{path}");
    }
}
