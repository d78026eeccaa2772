//! What a registration must be.

use serde_json::json;
use time::OffsetDateTime;

use super::form::check_secret;
use super::*;

fn form(value: serde_json::Value) -> ClientForm {
    serde_json::from_value(value).unwrap()
}

fn made(value: serde_json::Value) -> std::result::Result<Client, Invalid> {
    form(value).make(ClientId::parse("shop").unwrap(), OffsetDateTime::UNIX_EPOCH)
}

fn refused(value: serde_json::Value) -> String {
    made(value).unwrap_err().to_string()
}

#[test]
fn the_defaults_are_those_of_the_rfc() {
    let client = made(json!({ "redirect_uris": ["https://shop.example/cb"] })).unwrap();
    let view = serde_json::to_value(ClientView::of(&client)).unwrap();
    assert_eq!(view["grant_types"], json!(["authorization_code"]));
    assert_eq!(view["token_endpoint_auth_method"], "client_secret_basic");
    assert_eq!(view["id_token_signed_response_alg"], "RS256");
    assert_eq!(view["client_name"], "shop");
    assert_eq!(view["consent"], "remember");
}

#[test]
fn a_field_nobody_knows_is_refused_by_name() {
    let error = serde_json::from_value::<ClientForm>(json!({ "secret_hash": "x" })).unwrap_err();
    assert!(error.to_string().contains("secret_hash"));
}

#[test]
fn a_code_needs_somewhere_to_go() {
    assert!(refused(json!({})).starts_with("redirect_uris: authorization_code needs one"));
}

#[test]
fn a_public_client_gets_no_client_credentials() {
    let refusal = refused(json!({
        "token_endpoint_auth_method": "none",
        "grant_types": ["client_credentials"],
    }));
    assert!(refusal.starts_with("grant_types: a public client"), "{refusal}");
}

#[test]
fn a_refresh_token_comes_from_a_code() {
    let refusal = refused(json!({ "grant_types": ["client_credentials", "refresh_token"] }));
    assert!(refusal.starts_with("grant_types: refresh_token"), "{refusal}");
}

#[test]
fn a_redirect_uri_is_refused_in_the_words_of_the_rule() {
    for uri in ["http://shop.example/cb", "https://*.shop.example/cb", "https://shop.example/#x"] {
        let refusal = refused(json!({ "redirect_uris": [uri] }));
        assert!(refusal.starts_with("redirect_uris: a redirect URI must"), "{uri}: {refusal}");
    }
}

#[test]
fn an_unknown_method_or_grant_names_those_there_are() {
    let method = refused(json!({ "token_endpoint_auth_method": "client_secret_jwt" }));
    assert!(method.contains("private_key_jwt"), "{method}");
    let grant = refused(json!({ "grant_types": ["password"] }));
    assert!(grant.contains("client_credentials"), "{grant}");
}

#[test]
fn private_key_jwt_needs_public_keys_of_good_size() {
    let with = |jwks: serde_json::Value| {
        made(json!({
            "token_endpoint_auth_method": "private_key_jwt",
            "grant_types": ["client_credentials"],
            "jwks": jwks,
        }))
    };
    let public =
        crate::crypto::jwt::SigningKey::generate(crate::crypto::jwt::Alg::Es256).unwrap().0;
    let jwk = public.public_jwk();
    assert!(with(json!({ "keys": [jwk] })).is_ok());
    let mut private = jwk.clone();
    private["d"] = json!("AAAA");
    assert!(with(json!({ "keys": [private] })).unwrap_err().to_string().contains("private"));
    let small = json!({ "kty": "RSA", "n": "u1SU1LfVLPHCozMxH2Mo", "e": "AQAB" });
    assert!(with(json!({ "keys": [jwk, small] })).is_err());
    assert!(with(json!({ "keys": [] })).is_err());
    assert!(with(json!("nonsense")).is_err());
}

#[test]
fn keys_without_their_method_are_refused() {
    let refusal = refused(
        json!({ "jwks_uri": "https://shop.example/jwks", "grant_types": ["client_credentials"] }),
    );
    assert!(
        refusal
            .starts_with("jwks: keys are for private_key_jwt and self_signed_tls_client_auth only"),
        "{refusal}"
    );
}

#[test]
fn fapi2_needs_private_key_jwt_and_never_rotates() {
    let refusal = refused(json!({ "profile": "fapi2", "redirect_uris": ["https://a.example/"] }));
    assert!(refusal.starts_with("token_endpoint_auth_method"), "{refusal}");
    let client = made(json!({
        "profile": "fapi2",
        "redirect_uris": ["https://a.example/"],
        "token_endpoint_auth_method": "private_key_jwt",
        "jwks_uri": "https://a.example/jwks",
        "id_token_signed_response_alg": "ES256",
    }));
    assert_eq!(client.unwrap().rotation, crate::protocol::client::Rotation::Never);
}

#[test]
fn a_secret_that_an_operator_chose_is_long_and_printable() {
    let ok = |text: &str| check_secret(&Secret::new(text.to_owned())).is_ok();
    assert!(ok("at-least-32-characters-of-randomness"));
    assert!(!ok("short"));
    assert!(!ok("a space in the middle of thirty-two characters"));
    assert!(!ok(&"é".repeat(40)));
    assert!(!ok(&"a".repeat(257)));
}

#[test]
fn a_change_leaves_what_it_does_not_name_and_an_empty_link_removes_it() {
    let client = made(json!({
        "redirect_uris": ["https://shop.example/cb"],
        "logo_uri": "https://shop.example/logo.png",
        "scope": "openid email",
    }))
    .unwrap();
    let changed =
        form(json!({ "client_name": " New name ", "logo_uri": "" })).change(&client).unwrap();
    assert_eq!(changed.name, "New name");
    assert!(changed.pages.logo_uri.is_none());
    assert_eq!(changed.scope, client.scope);
    assert_eq!(changed.redirect_uris, client.redirect_uris);
}
