use time::Duration;

use super::*;
use proptest::prelude::*;

use crate::ambient::SystemEntropy;
use crate::protocol::facts::{NOW, resources};

fn access() -> AccessClaims {
    AccessClaims {
        iss: "https://as.example".to_owned(),
        sub: "shop".to_owned(),
        aud: AudienceClaim::of(&resources(&["urn:a"]), "https://as.example"),
        exp: 300,
        iat: 0,
        jti: "m.x".to_owned(),
        client_id: "shop".to_owned(),
        scope: String::new(),
        auth_time: None,
        acr: None,
        amr: None,
        roles: None,
        cnf: None,
    }
}

#[test]
fn what_is_not_known_is_not_in_the_token() {
    insta::assert_snapshot!(
        serde_json::to_string(&access()).expect("json"),
        @r#"{"iss":"https://as.example","sub":"shop","aud":"urn:a","exp":300,"iat":0,"jti":"m.x","client_id":"shop"}"#
    );
}

#[test]
fn claims_are_read_back() {
    let claims = AccessClaims {
        cnf: Some(Confirmation::Key("k".to_owned())),
        auth_time: Some(1),
        ..access()
    };
    let json = serde_json::to_value(&claims).expect("json");
    assert_eq!(json["cnf"]["jkt"], "k");
    assert_eq!(serde_json::from_value::<AccessClaims>(json).expect("claims"), claims);
}

#[test]
fn one_audience_is_a_string_several_are_a_list_none_is_the_issuer() {
    let json = |names: &[&str]| {
        serde_json::to_string(&AudienceClaim::of(&resources(names), "urn:issuer")).expect("json")
    };
    assert_eq!(json(&[]), r#""urn:issuer""#);
    assert_eq!(json(&["urn:a"]), r#""urn:a""#);
    assert_eq!(json(&["urn:a", "urn:b"]), r#"["urn:a","urn:b"]"#);
}

#[test]
fn an_id_without_grant_says_so() {
    let id = TokenId::mint(None, NOW, &SystemEntropy);
    assert!(id.to_string().starts_with("m."));
    assert_eq!(TokenId::parse(&id.to_string()), Some(id));
}

#[test]
fn an_id_tells_its_millisecond() {
    let id = TokenId::mint(None, NOW + Duration::milliseconds(7), &SystemEntropy);
    assert_eq!(i128::from(id.issued_at_ms()), NOW.unix_timestamp_nanos() / 1_000_000 + 7);
}

#[test]
fn ids_have_one_spelling() {
    let good = TokenId::mint(Some(Uuid::from_u128(255)), NOW, &SystemEntropy).to_string();
    let (grant, id) = good.split_once('.').expect("two halves");
    let v4 = "f47ac10b58cc4372a5670e02b2c3d479";
    let bad = [
        good.to_uppercase(),
        id.to_owned(),
        format!("{good}."),
        format!("M.{id}"),
        format!(".{id}"),
        format!("{grant}.{v4}"),
        format!("{grant}.{{{id}}}"),
        format!("{}.{id}", Uuid::from_u128(255)),
    ];
    assert!(TokenId::parse(&good).is_some());
    for text in bad {
        assert_eq!(TokenId::parse(&text), None, "{text}");
    }
}

#[test]
fn an_id_token_carries_what_was_asked_for_beside_its_own_claims() {
    let json = serde_json::json!({
        "iss": "i", "sub": "s", "aud": "c", "exp": 2, "iat": 1, "auth_time": 0, "acr": "aal2",
        "amr": ["mfa"], "sid": "x", "email": "a@example.com"
    });
    let claims: IdClaims = serde_json::from_value(json.clone()).expect("claims");
    assert_eq!(claims.extra["email"], "a@example.com");
    assert_eq!(serde_json::to_value(&claims).expect("json"), json);
}

proptest! {
    #[test]
    fn a_minted_id_is_read_back(grant: Option<u128>) {
        let id = TokenId::mint(grant.map(Uuid::from_u128), NOW, &SystemEntropy);
        prop_assert_eq!(TokenId::parse(&id.to_string()), Some(id));
    }

    #[test]
    fn no_text_makes_parsing_panic(text in any::<String>()) {
        let _ = TokenId::parse(&text);
    }
}
