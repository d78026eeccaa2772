use std::sync::LazyLock;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use time::Duration;
use uuid::Uuid;

use super::*;
use crate::crypto::jwt::{Alg, SigningKey};
use crate::crypto::secret::Fingerprint;
use crate::protocol::client::{ClientKeys, Profile};
use crate::protocol::facts::{NOW, client as registered, params};

const SECRET: &str = "at-least-32-characters-of-randomness";
const ISSUER: &str = "https://as.example";
const TOKEN: &str = "https://as.example/oauth2/token";
const ALIAS: &str = "https://mtls.as.example/oauth2/token";

fn context() -> ProofContext<'static> {
    static NOBODY: LazyLock<Authorities> = LazyLock::new(Authorities::default);
    static TOKENS: LazyLock<Vec<String>> =
        LazyLock::new(|| [TOKEN, ALIAS].map(str::to_owned).to_vec());
    ProofContext {
        issuer: ISSUER,
        token_endpoints: &TOKENS,
        certificate: None,
        authorities: &NOBODY,
        now: NOW,
    }
}

fn basic(credentials: &str) -> String {
    format!("Basic {}", STANDARD.encode(credentials))
}

fn secret(text: &str, expires_at: Option<OffsetDateTime>) -> ClientSecret {
    ClientSecret {
        id: Uuid::nil(),
        fingerprint: Fingerprint::of(text.as_bytes()),
        expires_at,
        created_at: NOW,
    }
}

fn jwt_client(profile: Profile) -> Arc<Client> {
    let keys = ClientAuth::PrivateKeyJwt(ClientKeys::Inline(json!({"keys": []})));
    Arc::new(Client { profile, ..(*registered("shop", keys)).clone() })
}

fn code(result: Result<impl Sized, OAuthError>) -> Option<&'static str> {
    result.err().map(|error| error.code.as_str())
}

#[test]
fn each_way_to_name_the_client_is_found() {
    let jwt = format!(
        "a.{}.c",
        base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(r#"{"sub":"shop"}"#)
    );
    let assertion = format!("client_assertion={jwt}&client_assertion_type={ASSERTION_TYPE}");
    let header = basic("shop:x");
    let table: [(&[&str], &str, Method, Carrier); 6] = [
        (&[], "client_id=shop", Method::None, Carrier::Body),
        (&[], "client_id=shop&client_secret=x", Method::SecretPost, Carrier::Body),
        (&[&header], "", Method::SecretBasic, Carrier::Header),
        (&[&header], "client_id=shop", Method::SecretBasic, Carrier::Header),
        (&[], &assertion, Method::PrivateKeyJwt, Carrier::Body),
        (&[], &format!("client_id=shop&{assertion}"), Method::PrivateKeyJwt, Carrier::Body),
    ];
    for (headers, form, method, carrier) in table {
        let claim = Claim::find(headers, &params(form)).expect("one claim");
        assert_eq!(
            (claim.client_id().as_str(), claim.method(), claim.carrier()),
            ("shop", method, carrier)
        );
    }
}

#[test]
fn more_than_one_method_or_a_broken_one_is_refused() {
    let header = basic("shop:x");
    let jwt = format!(
        "a.{}.c",
        base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(r#"{"sub":"shop"}"#)
    );
    let assertion = format!("client_assertion={jwt}&client_assertion_type={ASSERTION_TYPE}");
    let table: [(&[&str], &str, &str); 14] = [
        (&[&header], "client_id=shop&client_secret=x", "invalid_request"),
        (&[&header], "client_secret=x", "invalid_request"),
        (&[&header], &assertion, "invalid_request"),
        (&[], &format!("client_id=shop&client_secret=x&{assertion}"), "invalid_request"),
        (&[&header, &header], "", "invalid_request"),
        (&[&header], "client_id=other", "invalid_request"),
        (&[], &format!("client_assertion={jwt}"), "invalid_request"),
        (&[], &format!("client_assertion_type={ASSERTION_TYPE}"), "invalid_request"),
        (&[], &format!("client_assertion={jwt}&client_assertion_type=x"), "invalid_client"),
        (&[], &format!("client_id=other&{assertion}"), "invalid_client"),
        (&[], "client_secret=x", "invalid_client"),
        (&[], "", "invalid_client"),
        (&[], "client_id=%C3%A4", "invalid_client"),
        (&["Bearer abc"], "client_id=shop", "invalid_client"),
    ];
    for (headers, form, error) in table {
        assert_eq!(code(Claim::find(headers, &params(form))), Some(error), "{headers:?} {form}");
    }
}

#[test]
fn malformed_basic_credentials_are_an_invalid_client() {
    let good = STANDARD.encode("shop:xy");
    let table = [
        "Basic".to_owned(),
        "Basic !!!".to_owned(),
        "Basic Og==".to_owned(),
        format!("Basic {}", good.trim_end_matches('=')),
        format!("Basic {good}="),
        basic("shop"),
        basic("shop:"),
        basic(":x"),
        basic("shop:%zz"),
        basic("shop:%4"),
        basic("shop:%ff"),
        basic(&format!("shop:{}", "x".repeat(5000))),
    ];
    for header in table {
        assert_eq!(code(Claim::find(&[&header], &params(""))), Some("invalid_client"), "{header}");
        assert_eq!(Carrier::of(&[&header]), Carrier::Header);
    }
}

#[test]
fn both_halves_of_basic_are_form_encoded() {
    let auth = ClientAuth::SecretBasic(vec![secret("a b+c:d%", None)]);
    let client = registered("urn:shop 1", auth);
    let claim = Claim::find(&[&basic("urn%3Ashop+1:a+b%2Bc:d%25")], &params("")).expect("a claim");
    assert!(claim.prove(Some(&client), None, &context()).is_ok());
}

#[test]
fn only_the_registered_method_proves() {
    let live = || vec![secret(SECRET, None)];
    let clients = [
        registered("shop", ClientAuth::None),
        registered("shop", ClientAuth::SecretBasic(live())),
        registered("shop", ClientAuth::SecretPost(live())),
    ];
    let claims = [
        (Method::None, None, "client_id=shop".to_owned()),
        (Method::SecretBasic, Some(basic(&format!("shop:{SECRET}"))), String::new()),
        (Method::SecretPost, None, format!("client_id=shop&client_secret={SECRET}")),
    ];
    for client in &clients {
        for (method, header, form) in &claims {
            let headers: Vec<&str> = header.iter().map(String::as_str).collect();
            let claim = Claim::find(&headers, &params(form)).expect("a claim");
            let proved = claim.prove(Some(client), None, &context());
            assert_eq!(proved.is_ok(), *method == Method::of(&client.auth));
        }
    }
}

#[test]
fn unknown_disabled_and_wrong_are_refused_in_the_same_words() {
    let auth = || ClientAuth::SecretPost(vec![secret(SECRET, None)]);
    let good = registered("shop", auth());
    let disabled = Arc::new(Client { disabled_at: Some(NOW), ..(*good).clone() });
    let refusal = |client: Option<&Arc<Client>>, secret: &str| {
        let form = format!("client_id=shop&client_secret={secret}");
        let claim = Claim::find(&[], &params(&form)).expect("a claim");
        claim.prove(client, None, &context()).expect_err("refused")
    };
    let others = [registered("other", auth()), registered("shop", ClientAuth::None)];
    assert_eq!(refusal(None, SECRET), failed());
    assert_eq!(refusal(Some(&good), "wrong"), failed());
    assert_eq!(refusal(Some(&disabled), SECRET), failed());
    assert!(others.iter().all(|client| refusal(Some(client), SECRET) == failed()));
}

#[test]
fn every_live_secret_is_good_until_it_expires() {
    let later = NOW + Duration::SECOND;
    let live = vec![secret("old", Some(later)), secret("gone", Some(NOW)), secret("new", None)];
    let client = registered("shop", ClientAuth::SecretPost(live));
    for (text, good) in [("old", true), ("new", true), ("gone", false), ("none", false)] {
        let form = format!("client_id=shop&client_secret={text}");
        let claim = Claim::find(&[], &params(&form)).expect("a claim");
        assert_eq!(claim.prove(Some(&client), None, &context()).is_ok(), good, "{text}");
    }
}

fn claims() -> Value {
    let now = NOW.unix_timestamp();
    json!({"iss": "shop", "sub": "shop", "aud": ISSUER, "iat": now, "exp": now + 60, "jti": "one"})
}

fn with(name: &str, value: Value) -> Value {
    let mut claims = claims();
    claims[name] = value;
    claims
}

fn prove(
    client: &Arc<Client>,
    alg: Alg,
    claims: &Value,
) -> Result<AuthenticatedClient, OAuthError> {
    let (key, _) = SigningKey::generate(alg).expect("a key");
    let jwt = key.sign("JWT", claims).expect("a signature");
    let form = format!("client_assertion={jwt}&client_assertion_type={ASSERTION_TYPE}");
    Claim::find(&[], &params(&form))?.prove(Some(client), Some(&PublicKeys::of([&key])), &context())
}

#[test]
fn a_good_assertion_proves_and_is_to_be_spent() {
    let proved = prove(&jwt_client(Profile::Fapi2), Alg::Es256, &claims()).expect("good");
    let once = proved.once().expect("a jti");
    assert_eq!(once.jti_hash, Fingerprint::of(b"one"));
    assert_eq!(once.expires_at, NOW + Duration::seconds(120));
    assert_eq!(proved.method(), Method::PrivateKeyJwt);
}

#[test]
fn the_audience_is_a_string_and_under_fapi_the_issuer() {
    let table = [
        (json!(ISSUER), true, true),
        (json!(TOKEN), true, false),
        (json!(ALIAS), true, false),
        (json!([ISSUER]), false, false),
        (json!("https://as.example/oauth2/par"), false, false),
        (json!("https://as.example/"), false, false),
        (json!(7), false, false),
        (Value::Null, false, false),
    ];
    for (aud, plain, fapi) in table {
        let good =
            |profile| prove(&jwt_client(profile), Alg::Es256, &with("aud", aud.clone())).is_ok();
        assert_eq!((good(Profile::Oauth21), good(Profile::Fapi2)), (plain, fapi), "{aud}");
    }
}

#[test]
fn whoever_names_another_audience_is_told_which_there_are() {
    for (profile, named) in [
        (Profile::Oauth21, format!("{ISSUER} or {TOKEN} or {ALIAS}")),
        (Profile::Fapi2, ISSUER.to_owned()),
    ] {
        for aud in [json!("https://other.example"), json!([ISSUER])] {
            let refused = prove(&jwt_client(profile), Alg::Es256, &with("aud", aud));
            let detail = refused.expect_err("refused").detail;
            assert_eq!(detail, format!("aud of the client assertion must be one string: {named}"));
        }
    }
}

#[test]
fn the_operator_is_told_what_the_client_is_not() {
    let refused = prove(&jwt_client(Profile::Fapi2), Alg::Rs256, &claims()).expect_err("refused");
    assert_eq!(refused.detail, failed().detail);
    let cause = refused.cause.as_deref();
    assert_eq!(cause, Some("the assertion is signed with RS256, which the profile fapi2 excludes"));
}

#[test]
fn rs256_is_not_for_fapi() {
    for alg in Alg::ALL {
        assert!(prove(&jwt_client(Profile::Oauth21), alg, &claims()).is_ok());
        assert_eq!(prove(&jwt_client(Profile::Fapi2), alg, &claims()).is_ok(), alg != Alg::Rs256);
    }
}

#[test]
fn clocks_may_differ_by_ten_seconds_and_a_life_is_bounded() {
    let now = NOW.unix_timestamp();
    let table = [
        ("exp", now - 9, true),
        ("exp", now - 10, false),
        ("exp", now + 300, true),
        ("exp", now + 301, false),
        ("exp", i64::MAX, false),
        ("exp", -1, false),
        ("nbf", now + 10, true),
        ("nbf", now + 11, false),
        ("iat", now + 8, true),
        ("iat", now + 61, false),
        ("iat", i64::MAX, false),
    ];
    for (name, value, good) in table {
        let proved = prove(&jwt_client(Profile::Oauth21), Alg::Es256, &with(name, json!(value)));
        assert_eq!(proved.is_ok(), good, "{name} {value}");
    }
}

#[test]
fn a_broken_claim_is_an_invalid_client() {
    let table = [
        ("iss", json!("other")),
        ("iss", Value::Null),
        ("sub", Value::Null),
        ("exp", Value::Null),
        ("exp", json!("soon")),
        ("exp", json!(1e300)),
        ("jti", Value::Null),
        ("jti", json!("")),
        ("jti", json!(7)),
        ("jti", json!("x".repeat(257))),
    ];
    for (name, value) in table {
        let proved = prove(&jwt_client(Profile::Oauth21), Alg::Es256, &with(name, value.clone()));
        assert_eq!(code(proved), Some("invalid_client"), "{name} {value}");
    }
}

#[test]
fn another_key_or_no_key_proves_nothing() {
    let client = jwt_client(Profile::Oauth21);
    let (key, _) = SigningKey::generate(Alg::Es256).expect("a key");
    let (other, _) = SigningKey::generate(Alg::Es256).expect("a key");
    let jwt = key.sign("JWT", &claims()).expect("a signature");
    let form = params(&format!("client_assertion={jwt}&client_assertion_type={ASSERTION_TYPE}"));
    let proved = |keys: Option<&PublicKeys>| {
        Claim::find(&[], &form).expect("a claim").prove(Some(&client), keys, &context())
    };
    assert_eq!(proved(None).expect_err("refused"), failed());
    let unknown = proved(Some(&PublicKeys::of([&other]))).expect_err("refused");
    assert_eq!(unknown.detail, failed().detail);
    assert_eq!(unknown.cause.as_deref(), Some("the kid names no known key"));
    assert!(proved(Some(&PublicKeys::of([&key]))).is_ok());
}

#[test]
fn every_method_finds_itself_by_name() {
    let names: Vec<_> = METHODS.iter().map(|unit| unit.name).collect();
    assert_eq!(names, ClientAuth::METHODS);
    assert!(METHODS.iter().all(|unit| Method::parse(unit.name) == Some(unit.method)));
    assert_eq!(Method::parse("client_secret_jwt"), None);
}
