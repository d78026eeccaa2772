//! Keys: made, published, read, and told apart.

use super::*;

#[test]
fn every_algorithm_signs_what_its_published_key_verifies() {
    let now = OffsetDateTime::from_unix_timestamp(NOW).unwrap();
    let claims: Value = serde_json::from_str(CLAIMS).unwrap();
    for alg in Alg::ALL {
        let (key, pkcs8) = SigningKey::generate(alg).unwrap();
        let again = SigningKey::from_pkcs8(key.kid(), alg, &pkcs8).unwrap();
        assert_eq!(again.public_jwk(), key.public_jwk());
        let keys = PublicKeys::from_jwks(&json!({"keys": [key.public_jwk()]})).unwrap();
        let expect = Expect { algs: &[alg], typ: &["at+jwt", "odd+jwt"], ..EXPECT };
        for typ in ["at+jwt", "odd+jwt"] {
            let token = again.sign(typ, &claims).unwrap();
            let verified: Verified<Value> = verify(&token, &keys, &expect, now).unwrap();
            assert_eq!((&verified["sub"], verified.alg()), (&json!("u"), alg));
            let other = verify::<Value>(&token, &ISSUER.keys, &expect, now).map(|_| ());
            assert_eq!(other, Err(E::UnknownKey));
        }
        assert!(SigningKey::from_pkcs8("k", alg, b"junk").is_err());
        assert_eq!(Alg::parse(alg.as_str()), Some(alg));
    }
    let (_, ed) = SigningKey::generate(Alg::EdDsa).unwrap();
    assert!(SigningKey::from_pkcs8("k", Alg::Es256, &ed).is_err());
}

#[test]
fn published_keys_show_only_public_parts() {
    for alg in [Alg::Es256, Alg::Ps256, Alg::EdDsa] {
        let (key, _) = SigningKey::generate(alg).unwrap();
        let jwk = key.public_jwk();
        assert!(!PublicJwk::has_private_parts(&jwk));
        assert_eq!(
            (&jwk["use"], &jwk["alg"], &jwk["kid"]),
            (&json!("sig"), &json!(alg.as_str()), &json!(key.kid()))
        );
        assert_eq!(PublicJwk::parse(&jwk).unwrap().thumbprint(), key.kid());
        assert!(!format!("{key:?}").contains("pair"));
    }
}

#[test]
fn thumbprints_are_those_of_rfc_7638_and_rfc_8037() {
    let rsa = json!({"kty": "RSA", "e": "AQAB", "n": "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw"});
    assert_eq!(
        PublicJwk::parse(&rsa).unwrap().thumbprint(),
        "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs"
    );
    let ed =
        json!({"kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"});
    assert_eq!(
        PublicJwk::parse(&ed).unwrap().thumbprint(),
        "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"
    );
}

#[test]
fn a_key_set_keeps_what_is_usable_and_refuses_private_parts() {
    let good = ISSUER.key.public_jwk();
    let with = |name: &str, value: Value| {
        let mut jwk = good.clone();
        jwk[name] = value;
        PublicKeys::from_jwks(&json!({"keys": [jwk, good]})).map(|keys| keys.len())
    };
    for name in ["d", "k", "p", "q", "dp", "dq", "qi", "oth"] {
        assert!(with(name, json!("AQAB")).is_err(), "{name}");
    }
    for (name, value) in [
        ("use", json!("enc")),
        ("use", json!(1)),
        ("alg", json!("ES512")),
        ("alg", json!("RS256")),
        ("alg", json!(null)),
        ("kid", json!("k".repeat(300))),
        ("kty", json!("oct")),
        ("crv", json!("P-384")),
        ("x", json!("AAAA")),
        ("y", good["x"].clone()),
        ("key_ops", json!(["sign"])),
    ] {
        assert_eq!(with(name, value.clone()), Ok(1), "{name} {value}");
    }
    assert_eq!(with("x5t", json!("any")), Ok(2));
    for set in [json!({}), json!([]), json!({"keys": {}}), json!({"keys": vec![1; 65]})] {
        assert!(PublicKeys::from_jwks(&set).is_err());
    }
    let weak = json!({"keys": [{"kty": "RSA", "e": "AQAB", "n": B64.encode([0xff; 128])}, {"kty": "RSA", "e": "AQ", "n": B64.encode([0xff; 256])}]});
    assert!(PublicKeys::from_jwks(&weak).unwrap().is_empty());
}

#[test]
fn half_hashes_are_those_of_openid_connect() {
    // The at_hash example of OIDC Core appendix A.3.
    assert_eq!(
        Alg::Rs256.half_hash("jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y"),
        "77QmUPtjPfzWtF2AnpK9RQ"
    );
    assert_eq!(B64.decode(Alg::EdDsa.half_hash("x")).unwrap().len(), 32);
}
