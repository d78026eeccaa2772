use super::*;
use crate::ambient::SystemEntropy;
use crate::crypto::seal::MasterKey;
use crate::protocol::facts::NOW;

fn nonces() -> Nonces {
    Nonces::new(MacKey::derive(&MasterKey::mint(&SystemEntropy), MAC_LABEL))
}

fn claims(change: &serde_json::Value) -> Claims {
    let mut claims = serde_json::json!({
        "jti": "one", "htm": "POST", "htu": "https://id.example/oauth2/token",
        "iat": NOW.unix_timestamp(),
    });
    let members = claims.as_object_mut().expect("an object");
    members.extend(change.as_object().expect("an object").clone());
    serde_json::from_value(claims).expect("claims")
}

fn judged(
    change: &serde_json::Value,
    rule: NonceRule,
    token: Option<&str>,
) -> Result<Once, ErrorCode> {
    judged_by(&nonces(), change, rule, token)
}

fn judged_by(
    nonces: &Nonces,
    change: &serde_json::Value,
    nonce: NonceRule,
    access_token: Option<&str>,
) -> Result<Once, ErrorCode> {
    let targets = ["https://id.example/oauth2/token".to_owned()];
    let occasion =
        Occasion { method: "POST", targets: &targets, access_token, nonces, nonce, now: NOW };
    judge(&claims(change), &occasion).map_err(|error| error.code)
}

#[test]
fn a_proof_of_this_request_is_good_until_it_cannot_be_presented_again() {
    let once = judged(&serde_json::json!({}), NonceRule::Optional, None).expect("good");
    assert_eq!(once.jti_hash, Fingerprint::of(b"one"));
    assert_eq!(once.expires_at, NOW + REMEMBERED);
    let extra = serde_json::json!({"exp": 1, "nbf": "x", "anything": null});
    assert!(judged(&extra, NonceRule::Optional, None).is_ok());
}

#[test]
fn a_proof_of_another_request_is_refused() {
    for change in [
        serde_json::json!({"htm": "GET"}),
        serde_json::json!({"htm": "post"}),
        serde_json::json!({"htu": "https://id.example/oauth2/par"}),
        serde_json::json!({"htu": ""}),
        serde_json::json!({"jti": ""}),
        serde_json::json!({"jti": "x".repeat(129)}),
    ] {
        let found = judged(&change, NonceRule::Optional, None);
        assert_eq!(found, Err(ErrorCode::InvalidDpopProof), "{change}");
    }
}

#[test]
fn what_a_proof_lacks_or_is_for_is_named() {
    let (nonces, targets) = (nonces(), ["https://id.example/oauth2/token".to_owned()]);
    let said = |change: &serde_json::Value| {
        let nonce = NonceRule::Optional;
        let occasion = Occasion {
            method: "POST",
            targets: &targets,
            access_token: None,
            nonces: &nonces,
            nonce,
            now: NOW,
        };
        judge(&claims(change), &occasion).expect_err("refused")
    };
    for name in ["jti", "htm", "htu", "iat"] {
        let error = said(&serde_json::json!({ name: null }));
        assert_eq!(error.detail, format!("the DPoP proof has no {name}"));
    }
    let error = said(&serde_json::json!({ "htu": "http://id.example/oauth2/token?code=x" }));
    assert!(error.detail.ends_with("https://id.example/oauth2/token"), "{error}");
    let cause = "htu is http://id.example/oauth2/token, expected https://id.example/oauth2/token";
    assert_eq!(error.cause.as_deref(), Some(cause));
}

#[test]
fn a_proof_is_of_the_last_minute_by_any_clock() {
    let now = NOW.unix_timestamp();
    for (iat, good) in [
        (serde_json::json!(now - 60), true),
        (serde_json::json!(now + 10), true),
        (serde_json::json!(1.5), false),
        (serde_json::json!(now - 61), false),
        (serde_json::json!(now + 11), false),
        (serde_json::json!(now - 3_600), false),
        (serde_json::json!(i64::MIN), false),
        (serde_json::json!(i64::MAX), false),
        (serde_json::json!(u64::MAX), false),
        (serde_json::json!(1e300), false),
        (serde_json::json!(-1.0), false),
    ] {
        let found = judged(&serde_json::json!({ "iat": iat }), NonceRule::Optional, None);
        assert_eq!(found.is_ok(), good, "{iat}");
    }
}

#[test]
fn a_claim_of_another_type_is_no_claim() {
    for change in [
        serde_json::json!({"iat": "now"}),
        serde_json::json!({"htu": ["https://id.example/oauth2/token"]}),
        serde_json::json!({"jti": 7}),
        serde_json::json!({"ath": 7}),
        serde_json::json!({"nonce": {}}),
    ] {
        let mut all = serde_json::json!({"jti": "a", "htm": "POST", "htu": "u", "iat": 1});
        all.as_object_mut().expect("an object").extend(change.as_object().expect("one").clone());
        assert!(serde_json::from_value::<Claims>(all).is_err(), "{change}");
    }
}

#[test]
fn with_an_access_token_the_proof_is_for_that_one() {
    let hash = Fingerprint::of(b"token").to_base64url();
    let good = judged(&serde_json::json!({ "ath": hash }), NonceRule::Optional, Some("token"));
    assert!(good.is_ok());
    for change in [serde_json::json!({}), serde_json::json!({"ath": ""})] {
        let found = judged(&change, NonceRule::Optional, Some("token"));
        assert_eq!(found, Err(ErrorCode::InvalidDpopProof));
    }
    let other = judged(&serde_json::json!({ "ath": hash }), NonceRule::Optional, Some("another"));
    assert_eq!(other, Err(ErrorCode::InvalidDpopProof));
}

#[test]
fn a_nonce_is_asked_for_where_it_must_be_there_and_checked_where_it_is() {
    let nonces = nonces();
    let fresh = serde_json::json!({ "nonce": nonces.present(NOW) });
    let stale = serde_json::json!({ "nonce": "old" });
    let by = |change, rule| judged_by(&nonces, change, rule, None);
    assert!(by(&fresh, NonceRule::Required).is_ok() && by(&fresh, NonceRule::Optional).is_ok());
    assert_eq!(by(&stale, NonceRule::Optional), Err(ErrorCode::UseDpopNonce));
    assert_eq!(by(&stale, NonceRule::Required), Err(ErrorCode::UseDpopNonce));
    let none = serde_json::json!({});
    assert_eq!(by(&none, NonceRule::Required), Err(ErrorCode::UseDpopNonce));
}
