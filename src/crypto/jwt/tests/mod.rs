//! The tables of SECURITY.md X5 to X7 and T-13, and what a good token looks like.

use std::sync::LazyLock;

use aws_lc_rs::hmac;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD as B64};
use proptest::prelude::*;
use serde_json::{Map, Value, json};
use time::OffsetDateTime;

use super::JwtError as E;
use super::*;

const NOW: i64 = 1_800_000_000;
const CLAIMS: &str = r#"{"iss":"https://as","aud":"https://api","sub":"u","jti":"j","exp":1800000060,"iat":1800000000}"#;

mod keys;

struct Issuer {
    key: SigningKey,
    pair: EcdsaKeyPair,
    keys: PublicKeys,
}

static ISSUER: LazyLock<Issuer> = LazyLock::new(|| {
    let (key, pkcs8) = SigningKey::generate(Alg::Es256).unwrap();
    let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &pkcs8).unwrap();
    let keys = PublicKeys::of([&key]);
    Issuer { key, pair, keys }
});

const EXPECT: Expect<'static> = Expect {
    typ: &["at+jwt"],
    algs: &[Alg::Es256],
    issuer: "https://as",
    audience: Audience::Exactly(&["https://api"]),
    expiry: Expiry::Required,
    required: &["sub", "iat"],
    leeway_s: 5,
    max_bytes: 8192,
};

fn forge(header: &str, payload: &str) -> String {
    let input = format!("{}.{}", B64.encode(header), B64.encode(payload));
    let signature = ISSUER.pair.sign(&SystemRandom::new(), input.as_bytes()).unwrap();
    format!("{input}.{}", B64.encode(signature))
}

fn header() -> String {
    format!(r#"{{"alg":"ES256","typ":"at+jwt","kid":"{}"}}"#, ISSUER.key.kid())
}

fn check(token: &str, expect: &Expect<'_>) -> Result<Map<String, Value>, E> {
    let now = OffsetDateTime::from_unix_timestamp(NOW).unwrap();
    verify(token, &ISSUER.keys, expect, now).map(Verified::into_claims)
}

/// The result for [`CLAIMS`] with `change` merged in; `null` stands for itself, `"-"` removes.
#[expect(clippy::needless_pass_by_value, reason = "a table row reads better")]
fn with_claims(change: Value, expect: &Expect<'_>) -> Result<(), E> {
    let mut claims: Map<String, Value> = serde_json::from_str(CLAIMS).unwrap();
    for (name, value) in change.as_object().unwrap() {
        claims.insert(name.clone(), value.clone());
    }
    claims.retain(|_, value| value != "-");
    check(&forge(&header(), &Value::Object(claims).to_string()), expect).map(|_| ())
}

/// The result for a header with `members` after alg and typ.
fn with_header(members: &str) -> Result<(), E> {
    check(&forge(&format!(r#"{{"alg":"ES256","typ":"at+jwt"{members}}}"#), CLAIMS), &EXPECT)
        .map(|_| ())
}

#[test]
fn a_good_token_gives_its_claims() {
    assert_eq!(check(&forge(&header(), CLAIMS), &EXPECT).unwrap()["sub"], "u");
    assert_eq!(with_header(""), Ok(()), "one key needs no kid");
}

#[test]
fn claims_are_present_typed_and_in_time() {
    for (change, result) in [
        (json!({"iss": "-"}), Err(E::Missing("iss"))),
        (json!({"iss": null}), Err(E::Mistyped("iss"))),
        (json!({"iss": 1}), Err(E::Mistyped("iss"))),
        (json!({"iss": {"a": 1}}), Err(E::Mistyped("iss"))),
        (json!({"iss": ["https://as"]}), Err(E::Mistyped("iss"))),
        (json!({"iss": "https://as/"}), Err(E::Issuer)),
        (json!({"aud": "-"}), Err(E::Missing("aud"))),
        (json!({"aud": 7}), Err(E::Mistyped("aud"))),
        (json!({"aud": {}}), Err(E::Mistyped("aud"))),
        (json!({"aud": null}), Err(E::Mistyped("aud"))),
        (json!({"aud": ["https://api"]}), Err(E::Audience)),
        (json!({"aud": ["https://api", 1]}), Err(E::Mistyped("aud"))),
        (json!({"aud": "https://API"}), Err(E::Audience)),
        (json!({"sub": "-"}), Err(E::Missing("sub"))),
        (json!({"sub": 5}), Err(E::Mistyped("sub"))),
        (json!({"sub": ""}), Err(E::Mistyped("sub"))),
        (json!({"jti": []}), Err(E::Mistyped("jti"))),
        (json!({"exp": "-"}), Err(E::Missing("exp"))),
        (json!({"exp": null}), Err(E::Mistyped("exp"))),
        (json!({"exp": "1800000060"}), Err(E::Mistyped("exp"))),
        (json!({"exp": 1e300}), Err(E::Mistyped("exp"))),
        (json!({"exp": u64::MAX}), Err(E::Mistyped("exp"))),
        (json!({"exp": -1}), Err(E::Mistyped("exp"))),
        (json!({"exp": NOW - 5}), Err(E::Expired)),
        (json!({"exp": NOW - 4}), Ok(())),
        (json!({"exp": 1_800_000_060.5}), Ok(())),
        (json!({"nbf": NOW + 6}), Err(E::NotYetValid)),
        (json!({"nbf": NOW + 5}), Ok(())),
        (json!({"nbf": true}), Err(E::Mistyped("nbf"))),
        (json!({"iat": "-"}), Err(E::Missing("iat"))),
        (json!({"iat": NOW + 315_360_000}), Err(E::IssuedInFuture)),
        (json!({"iat": NOW + 5}), Ok(())),
        (json!({"iat": "now"}), Err(E::Mistyped("iat"))),
    ] {
        assert_eq!(with_claims(change.clone(), &EXPECT), result, "{change}");
    }
}

#[test]
fn a_list_as_audience_counts_only_where_it_may() {
    let both = Expect { audience: Audience::Contains(&["https://api"]), ..EXPECT };
    assert_eq!(with_claims(json!({"aud": ["https://other", "https://api"]}), &both), Ok(()));
    assert_eq!(with_claims(json!({"aud": "https://api"}), &both), Ok(()));
    assert_eq!(with_claims(json!({"aud": ["https://other"]}), &both), Err(E::Audience));
    assert_eq!(with_claims(json!({"aud": []}), &both), Err(E::Audience));
    let any = Expect { audience: Audience::Any, ..EXPECT };
    assert_eq!(with_claims(json!({"aud": "-"}), &any), Ok(()));
    assert_eq!(with_claims(json!({"aud": 1}), &any), Err(E::Mistyped("aud")));
}

#[test]
fn an_expired_token_is_a_hint_only_where_it_may() {
    let hint = Expect { expiry: Expiry::Ignored, ..EXPECT };
    assert_eq!(with_claims(json!({"exp": 1}), &hint), Ok(()));
    assert_eq!(with_claims(json!({"exp": "-"}), &hint), Ok(()));
    assert_eq!(with_claims(json!({"exp": "x"}), &hint), Err(E::Mistyped("exp")));
    assert_eq!(with_claims(json!({"nbf": NOW + 99}), &hint), Err(E::NotYetValid));
}

#[test]
fn headers_bring_no_keys_and_no_extensions() {
    for (members, result) in [
        (r#","crit":["bork"]"#, E::Critical),
        (r#","crit":[]"#, E::Critical),
        (r#","crit":null"#, E::Critical),
        (r#","\u0063rit":["x"]"#, E::Critical),
        (r#","jku":"https://evil/jwks""#, E::ForbiddenHeader("jku")),
        (r#","x5u":"https://evil""#, E::ForbiddenHeader("x5u")),
        (r#","x5c":["x"]"#, E::ForbiddenHeader("x5c")),
        (r#","jwk":{"kty":"oct"}"#, E::ForbiddenHeader("jwk")),
        (r#","zip":"DEF""#, E::ForbiddenHeader("zip")),
        (r#","b64":false"#, E::ForbiddenHeader("b64")),
        (r#","alg":"ES256""#, E::Header),
        (r#","x":1,"x":1"#, E::Header),
        (r#","kid":5"#, E::KeyId),
        (r#","kid":null"#, E::KeyId),
        (r#","kid":"' OR 1=1 --""#, E::UnknownKey),
        (r#","kid":"../../../dev/null""#, E::UnknownKey),
        (r#","kid":"https://evil/key""#, E::UnknownKey),
        (r#","kid":"""#, E::UnknownKey),
    ] {
        assert_eq!(with_header(members), Err(result), "{members}");
    }
    assert_eq!(with_header(&format!(r#","kid":"{}""#, "k".repeat(257))), Err(E::KeyId));
    assert_eq!(with_header(&format!(r#","kid":"{}""#, "k".repeat(1 << 20))), Err(E::TooLong));
    let many: String = ('a'..='o')
        .flat_map(|name| [",\"", &name.to_string(), "\":0"].map(str::to_owned))
        .collect();
    assert_eq!(with_header(&many), Err(E::Header));
}

#[test]
fn only_allowed_algorithms_of_the_key_itself_count() {
    for alg in ["none", "NoNe", "HS256", "es256", "ES384", "RS256", "EdDSA", ""] {
        let header = format!(r#"{{"alg":"{alg}","typ":"at+jwt"}}"#);
        assert_eq!(check(&forge(&header, CLAIMS), &EXPECT), Err(E::Algorithm), "{alg}");
    }
    let all = Expect { algs: &Alg::ALL, ..EXPECT };
    let named = format!(r#"{{"alg":"RS256","typ":"at+jwt","kid":"{}"}}"#, ISSUER.key.kid());
    assert_eq!(check(&forge(&named, CLAIMS), &all), Err(E::Algorithm));
    assert_eq!(check(&forge(r#"{"alg":"RS256","typ":"at+jwt"}"#, CLAIMS), &all), Err(E::NoKeyId));
    for header in [
        r#"{"typ":"at+jwt"}"#,
        r#"{"alg":null,"typ":"at+jwt"}"#,
        r#"{"alg":["ES256"],"typ":"at+jwt"}"#,
    ] {
        assert_eq!(check(&forge(header, CLAIMS), &all), Err(E::Algorithm), "{header}");
    }
}

#[test]
fn our_public_key_is_no_hmac_secret() {
    let header = r#"{"alg":"HS256","typ":"at+jwt"}"#;
    let input = format!("{}.{}", B64.encode(header), B64.encode(CLAIMS));
    let secret = hmac::Key::new(hmac::HMAC_SHA256, ISSUER.key.public_jwk().to_string().as_bytes());
    let token = format!("{input}.{}", B64.encode(hmac::sign(&secret, input.as_bytes())));
    assert_eq!(check(&token, &Expect { algs: &Alg::ALL, ..EXPECT }), Err(E::Algorithm));
}

#[test]
fn one_kind_of_token_is_no_other() {
    for (typ, result) in [
        ("at+jwt", Ok(())),
        ("AT+JWT", Ok(())),
        ("application/at+jwt", Ok(())),
        ("Application/At+Jwt", Ok(())),
        ("JWT", Err(E::Type)),
        ("secevent+jwt", Err(E::Type)),
        ("dpop+jwt", Err(E::Type)),
        ("application/application/at+jwt", Err(E::Type)),
        ("application/", Err(E::Type)),
        ("", Err(E::Type)),
        ("at+jwt ", Err(E::Type)),
    ] {
        let header = format!(r#"{{"alg":"ES256","typ":"{typ}"}}"#);
        assert_eq!(check(&forge(&header, CLAIMS), &EXPECT).map(|_| ()), result, "{typ}");
    }
    assert_eq!(check(&forge(r#"{"alg":"ES256"}"#, CLAIMS), &EXPECT), Err(E::Type));
    let lax = Expect { typ: &["", "JWT"], ..EXPECT };
    assert!(check(&forge(r#"{"alg":"ES256"}"#, CLAIMS), &lax).is_ok());
    assert_eq!(check(&forge(r#"{"alg":"ES256","typ":1}"#, CLAIMS), &lax), Err(E::Type));
    assert_eq!(
        check(&forge(r#"{"alg":"ES256","typ":"application/"}"#, CLAIMS), &lax),
        Err(E::Type)
    );
}

#[test]
fn a_token_has_three_parts_and_no_padding() {
    let good = forge(&header(), CLAIMS);
    let zeros = good.rsplit_once('.').unwrap().0.to_owned() + "." + &B64.encode([0; 64]);
    for (token, result) in [
        (String::new(), E::Shape),
        ("..".to_owned(), E::Shape),
        (format!("{good}="), E::Shape),
        (format!("{good}."), E::Shape),
        (format!("{good}.AAAA"), E::Shape),
        (good.rsplit_once('.').unwrap().0.to_owned(), E::Shape),
        (format!("{}.", good.rsplit_once('.').unwrap().0), E::Signature),
        (zeros, E::Signature),
        (format!("{good} "), E::Shape),
        (format!("a.b.c.d.{good}"), E::Shape),
        (forge("[]", CLAIMS), E::Header),
        (forge("{", CLAIMS), E::Header),
        (forge(&format!("{}{{}}", header()), CLAIMS), E::Header),
        (forge(&header(), "null"), E::Payload),
        (forge(&header(), "not json"), E::Payload),
        (forge(&header(), &format!("{}{}", "[".repeat(2000), "]".repeat(2000))), E::Payload),
        (forge(&header(), &CLAIMS.replace(r#""sub":"u""#, r#""sub":"u","sub":"u""#)), E::Payload),
        (
            forge(&header(), &CLAIMS.replace(r#""sub":"u""#, r#""sub":"u","\u0069ss":"x""#)),
            E::Payload,
        ),
        ("a.".repeat(5000), E::TooLong),
    ] {
        assert_eq!(check(&token, &EXPECT), Err(result), "{token}");
    }
}

#[test]
fn claims_of_the_wrong_shape_are_refused() {
    #[derive(Debug, serde::Deserialize)]
    #[expect(dead_code, reason = "only its shape counts")]
    struct Wanted {
        scope: String,
    }
    let now = OffsetDateTime::from_unix_timestamp(NOW).unwrap();
    let result = verify::<Wanted>(&forge(&header(), CLAIMS), &ISSUER.keys, &EXPECT, now);
    assert_eq!(result.map(|_| ()), Err(E::Claims));
}

#[test]
fn without_a_kid_few_keys_are_tried_and_many_are_not() {
    let keys: Vec<SigningKey> =
        (0..5).map(|_| SigningKey::generate(Alg::Es256).unwrap().0).collect();
    let now = OffsetDateTime::from_unix_timestamp(NOW).unwrap();
    let token = forge(r#"{"alg":"ES256","typ":"at+jwt"}"#, CLAIMS);
    let tried = |others: &[SigningKey]| {
        let set = PublicKeys::of(others.iter().chain([&ISSUER.key]));
        verify::<Value>(&token, &set, &EXPECT, now).map(|_| ())
    };
    assert_eq!(tried(&keys[..3]), Ok(()));
    assert_eq!(tried(&keys[..4]), Err(E::NoKeyId));
    assert_eq!(
        verify::<Value>(&token, &PublicKeys::of(&keys[..2]), &EXPECT, now).map(|_| ()),
        Err(E::Signature)
    );
}

proptest! {
    #[test]
    fn a_token_touched_anywhere_is_refused(at in any::<prop::sample::Index>(), to in "[A-Za-z0-9_.-]") {
        let good = forge(&header(), CLAIMS);
        let at = at.index(good.len());
        let mut touched = good.clone();
        touched.replace_range(at..=at, &to);
        prop_assume!(touched != good);
        prop_assert!(check(&touched, &EXPECT).is_err());
        prop_assert!(check(&good[..at], &EXPECT).is_err());
        let longer = good + &to;
        prop_assert!(check(&longer, &EXPECT).is_err());
    }

    #[test]
    fn no_text_makes_verification_panic(text in "\\PC{0,300}", payload in "\\PC{0,100}") {
        prop_assert!(check(&text, &EXPECT).is_err());
        prop_assert!(check(&forge(&header(), &payload), &EXPECT).is_err());
        prop_assert!(check(&forge(&payload, CLAIMS), &EXPECT).is_err());
    }
}
