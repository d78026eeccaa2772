use super::*;
use crate::protocol::facts::{NOW, authorization, client_id, params};

const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
const OTHER: &str = "ABjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";

fn grant() -> CodeGrant {
    CodeGrant {
        authorization: authorization("shop"),
        redirect_uri: "https://shop.example/cb".to_owned(),
        challenge: Challenge::parse(Some(CHALLENGE), Some("S256")).expect("good"),
        key: None,
        expires_at: NOW + LIFETIME,
    }
}

fn request(redirect_uri: &str, verifier: &str) -> CodeRequest {
    let form = format!("code=x&redirect_uri={redirect_uri}&code_verifier={verifier}");
    CodeRequest::parse(&params(&form)).expect("well-formed")
}

fn holder(client_id: &ClientId, shown: Option<Binding>) -> Holder<'_> {
    Holder { client_id, shown, pinned: true }
}

/// Every mix of client, redirect URI, verifier and age, and whether the proof is whole.
fn matrix() -> Vec<(&'static str, CodeRequest, i64, bool)> {
    let mut rows = Vec::new();
    for client in ["shop", "thief"] {
        for uri in ["https://shop.example/cb", "https://shop.example/cb/", "https://other.example/"]
        {
            for verifier in [VERIFIER, OTHER, CHALLENGE] {
                for age in [0, 59, 60, 3600] {
                    let good = client == "shop"
                        && uri == "https://shop.example/cb"
                        && verifier == VERIFIER;
                    rows.push((client, request(uri, verifier), age, good));
                }
            }
        }
    }
    rows
}

#[test]
fn a_live_code_is_good_for_its_client_uri_and_verifier_for_a_minute() {
    let live = Code::Live(grant());
    for (client, request, age, whole) in matrix() {
        let verdict =
            live.judge(&request, &holder(&client_id(client), None), NOW + Duration::seconds(age));
        match verdict {
            Verdict::Issue(_) => assert!(whole && age < 60),
            Verdict::Refuse(error) => {
                assert!(!whole || age >= 60);
                assert_eq!(error.code, ErrorCode::InvalidGrant);
            }
            Verdict::RevokeAndRefuse { .. } => panic!("a live code revokes nothing"),
        }
    }
}

#[test]
fn only_a_fully_valid_replay_revokes_whenever_it_comes() {
    let used = Code::Redeemed(grant());
    for (client, request, age, whole) in matrix() {
        let verdict =
            used.judge(&request, &holder(&client_id(client), None), NOW + Duration::seconds(age));
        match verdict {
            Verdict::Issue(_) => panic!("a used code gives nothing"),
            Verdict::Refuse(_) => assert!(!whole),
            Verdict::RevokeAndRefuse { grant_id, error } => {
                assert!(whole);
                assert_eq!(grant_id, grant().authorization.grant_id);
                assert_eq!(error.code, ErrorCode::InvalidGrant);
            }
        }
    }
}

#[test]
fn unknown_used_expired_and_foreign_codes_are_refused_in_the_same_words() {
    let good = request("https://shop.example/cb", VERIFIER);
    let (shop, thief) = (client_id("shop"), client_id("thief"));
    let refusal =
        |code: Code, client: &ClientId, now| match code.judge(&good, &holder(client, None), now) {
            Verdict::Refuse(error) | Verdict::RevokeAndRefuse { error, .. } => error,
            Verdict::Issue(_) => panic!("refused"),
        };
    let errors = [
        refusal(Code::Unknown, &shop, NOW),
        refusal(Code::Redeemed(grant()), &shop, NOW),
        refusal(Code::Redeemed(grant()), &thief, NOW),
        refusal(Code::Live(grant()), &shop, NOW + LIFETIME),
        refusal(Code::Live(grant()), &thief, NOW),
    ];
    assert!(errors.iter().all(|error| *error == unknown()));
}

#[test]
fn a_request_without_its_proof_is_an_invalid_grant() {
    let (code, uri, verifier) =
        ("code=x", "redirect_uri=urn:x", format!("code_verifier={VERIFIER}"));
    let long = "x".repeat(129);
    let table = [
        (format!("{uri}&{verifier}"), ErrorCode::InvalidRequest),
        (format!("{code}&{verifier}"), ErrorCode::InvalidGrant),
        (format!("{code}&{uri}"), ErrorCode::InvalidGrant),
        (format!("{code}&{uri}&code_verifier="), ErrorCode::InvalidGrant),
        (
            format!("{code}&{uri}&code_verifier={}", VERIFIER.trim_start_matches('d')),
            ErrorCode::InvalidGrant,
        ),
        (format!("{code}&{uri}&code_verifier={long}"), ErrorCode::InvalidGrant),
        (format!("code={long}&{uri}&{verifier}"), ErrorCode::InvalidGrant),
        (format!("{code}&{uri}&{verifier}&resource=x"), ErrorCode::InvalidTarget),
    ];
    for (form, error) in table {
        assert_eq!(CodeRequest::parse(&params(&form)).expect_err("bad").code, error, "{form}");
    }
}

#[test]
fn a_code_bound_to_a_key_is_for_its_holder_and_a_replay_by_another_revokes_nothing() {
    let key = Fingerprint::of(b"key");
    let bound = CodeGrant { key: Some(key), ..grant() };
    let (good, shop) = (request("https://shop.example/cb", VERIFIER), client_id("shop"));
    let shown =
        [None, Some(Binding::Key(Fingerprint::of(b"other"))), Some(Binding::Certificate(key))];
    for shown in shown {
        let by = holder(&shop, shown);
        for code in [Code::Live(bound.clone()), Code::Redeemed(bound.clone())] {
            assert!(matches!(code.judge(&good, &by, NOW), Verdict::Refuse(_)), "{shown:?}");
        }
    }
    let by = holder(&shop, Some(Binding::Key(key)));
    assert!(matches!(Code::Live(bound).judge(&good, &by, NOW), Verdict::Issue(_)));
    // Without a binding a proof does no harm.
    assert!(matches!(Code::Live(grant()).judge(&good, &by, NOW), Verdict::Issue(_)));
}
