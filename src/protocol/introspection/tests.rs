use super::*;
use crate::protocol::client::ClientAuth;
use crate::protocol::error::ErrorCode;
use crate::protocol::facts::{NOW, authorization, client, params, resources};
use crate::protocol::grant::Lifetime;

fn claims(client_id: &str, aud: &[&str]) -> AccessClaims {
    let json = serde_json::json!({
        "iss": "https://as.example", "sub": "u", "aud": AudienceClaim::of(&resources(aud), "urn:issuer"),
        "exp": 300, "iat": 0, "jti": "m.x", "client_id": client_id, "scope": "a"
    });
    serde_json::from_value(json).expect("claims")
}

#[test]
fn a_token_is_seen_by_its_client_and_by_its_apis_and_by_nobody_else() {
    let mut caller = (*client("api", ClientAuth::None)).clone();
    caller.introspect = resources(&["urn:orders"]);
    let table = [
        ("api", &["urn:x"][..], true),
        ("shop", &["urn:orders"], true),
        ("shop", &["urn:mail", "urn:orders"], true),
        ("shop", &["urn:orders/"], false),
        ("shop", &["urn:mail"], false),
        ("shop", &[], false),
    ];
    for (owner, aud, seen) in table {
        assert_eq!(may_see_access(&caller, &claims(owner, aud)), seen, "{owner} {aud:?}");
    }
    assert!(is_own(&caller, &caller.id) && !is_own(&caller, &client("shop", ClientAuth::None).id));
}

#[test]
fn an_active_answer_tells_what_the_token_says() {
    let claims = claims("shop", &["urn:a"]);
    insta::assert_snapshot!(
        serde_json::to_string(&Active::of_access(&claims)).expect("json"),
        @r#"{"active":true,"iss":"https://as.example","sub":"u","client_id":"shop","exp":300,"iat":0,"scope":"a","token_type":"Bearer","aud":"urn:a","jti":"m.x"}"#
    );
}

#[test]
fn a_refresh_token_ends_when_its_grant_first_ends() {
    let grant = Grant {
        authorization: authorization("shop"),
        salt: [0; 16],
        generation: 0,
        rotated_at: None,
        lifetime: Lifetime::Session,
        idle_ends_at: NOW + time::Duration::days(2),
        ends_at: NOW + time::Duration::DAY,
        revoked: None,
        created_at: NOW,
        binding: None,
    };
    let body =
        serde_json::to_value(Active::of_refresh(&grant, "urn:issuer", "alice")).expect("json");
    assert_eq!(body["exp"], (NOW + time::Duration::DAY).unix_timestamp());
    assert_eq!(body["acr"], "urn:portcullis:acr:password");
    assert_eq!(body["username"], "alice");
    assert!(body.get("aud").is_none() && body.get("token_type").is_none());
}

#[test]
fn a_token_is_needed_and_an_unknown_hint_is_none() {
    let hint = |text: &str| TokenQuery::parse(&params(text)).expect("well-formed").hint;
    assert_eq!(hint("token=x&token_type_hint=refresh_token"), Some(TokenHint::RefreshToken));
    assert_eq!(hint("token=x&token_type_hint=access_token"), Some(TokenHint::AccessToken));
    assert_eq!(hint("token=x&token_type_hint=x"), None);
    let error = TokenQuery::parse(&params("token=")).expect_err("missing");
    assert_eq!(error.code, ErrorCode::InvalidRequest);
}
