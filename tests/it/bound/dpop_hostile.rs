//! Proofs that prove nothing (SECURITY.md SC-01 to SC-08, H26, H28, H29, T-14), at the token endpoint
//! and at userinfo.

use aws_lc_rs::hmac;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use portcullis::crypto::jwt::Alg;
use serde_json::{Value, json};

use crate::bound::{MACHINE, Party, TOKEN, USERINFO, assert_denied, open_with, text};
use crate::support::calls::assert_refused;
use crate::support::dpop::{DpopKey, ath};
use crate::support::forge::{fresh, part, with};
use crate::support::server::Server;

const KEPT: &str = "select count(*) from used_jtis";

/// What a test sends: why it is bad, and the values of the header.
type Bad = (String, Vec<String>);

/// A name, and values that it must not have.
type Wrong = Vec<(&'static str, Value)>;

fn damaged(key: &DpopKey, good: &Value) -> Vec<Bad> {
    let proof = || key.proof(&with(good, "jti", json!(fresh())));
    let (one, other) = (proof(), DpopKey::new());
    let (signed, signature) = one.rsplit_once('.').unwrap();
    let (header, payload) = signed.split_once('.').unwrap();
    let foreign = other.proof(good);
    let none = json!({ "typ": "dpop+jwt", "alg": "none", "jwk": key.jwk() });
    let hs256 = with(&none, "alg", json!("HS256"));
    let mac_key = hmac::Key::new(hmac::HMAC_SHA256, key.jwk().to_string().as_bytes());
    let input = format!("{}.{}", part(&hs256), part(good));
    let mac = URL_SAFE_NO_PAD.encode(hmac::sign(&mac_key, input.as_bytes()));
    let twice = |json: String, more: &str| URL_SAFE_NO_PAD.encode(json.replacen('{', more, 1));
    let bad = |why: &str, value: String| (why.to_owned(), vec![value]);
    vec![
        ("two".to_owned(), vec![proof(), proof()]),
        ("the same twice".to_owned(), vec![one.clone(), one.clone()]),
        ("one and an empty one".to_owned(), vec![one.clone(), String::new()]),
        bad("a list", format!("{}, {}", proof(), proof())),
        bad("nothing", String::new()),
        bad("no JWT", "proof".to_owned()),
        bad("two parts", signed.to_owned()),
        bad("four parts", format!("{one}.x")),
        bad("empty parts", "..".to_owned()),
        bad("JSON", good.to_string()),
        bad("no signature", format!("{signed}.")),
        bad("a cut signature", one[..one.len() - 2].to_owned()),
        bad("a padded signature", format!("{one}==")),
        bad("r = s = 0", format!("{signed}.{}", "A".repeat(86))),
        bad("another payload", format!("{header}.{}.{signature}", part(good))),
        bad("another's signature", other.jws(&key.header(), good)),
        bad("another's header", format!("{}.{payload}.{signature}", part(&other.header()))),
        bad("another's payload", format!("{header}.{}", foreign.split_once('.').unwrap().1)),
        bad("none", format!("{}.{}.", part(&none), part(good))),
        bad("the jwk as a secret", format!("{input}.{mac}")),
        bad("RS256", DpopKey::of(Alg::Rs256).proof(good)),
        bad("a header twice", {
            let header = twice(key.header().to_string(), r#"{"alg":"none","#);
            key.sign(&format!("{header}.{}", part(good)))
        }),
        bad("a claim twice", {
            let payload = twice(good.to_string(), r#"{"htm":"GET","#);
            key.sign(&format!("{}.{payload}", part(&key.header())))
        }),
        bad("a long one", key.proof(&with(good, "pad", json!("x".repeat(4_000))))),
    ]
}

fn wrong_headers(key: &DpopKey) -> Wrong {
    let jwk = |name, value| ("jwk", with(key.jwk(), name, value));
    let mut wrong = vec![
        ("jwk", DpopKey::new().jwk().clone()),
        ("jwk", DpopKey::of(Alg::EdDsa).jwk().clone()),
        ("jwk", json!({})),
        ("jwk", json!([key.jwk()])),
        ("jwk", json!(key.jwk().to_string())),
        ("jwk", json!({ "kty": "oct", "k": "c2VjcmV0" })),
        jwk("d", json!("A".repeat(43))),
        jwk("d", json!("")),
        jwk("k", json!("AA")),
        jwk("kty", Value::Null),
        jwk("kty", json!("RSA")),
        jwk("crv", json!("P-384")),
        jwk("crv", json!("secp256k1")),
        jwk("x", json!("AA")),
        jwk("x", json!("A".repeat(43))),
        jwk("y", Value::Null),
        ("crit", json!(["x"])),
        ("jku", json!("https://evil.example/jwks")),
        ("x5u", json!("https://evil.example/cert")),
        ("x5c", json!(["MIIB"])),
        ("zip", json!("DEF")),
        ("b64", json!(false)),
    ];
    for typ in ["JWT", "at+jwt", "dpop", "jwt+dpop", "dpop+jwt ", ""] {
        wrong.push(("typ", json!(typ)));
    }
    for alg in ["none", "NONE", "HS256", "RS256", "PS256", "EdDSA", "ES384", "es256", ""] {
        wrong.push(("alg", json!(alg)));
    }
    for name in ["typ", "alg", "jwk"] {
        wrong.extend([(name, Value::Null), (name, json!(7))]);
    }
    wrong
}

fn wrong_claims(server: &Server, path: &str) -> Wrong {
    let now = server.app.now().unix_timestamp();
    let issuer = &server.issuer;
    let host = issuer.strip_prefix("http://").unwrap();
    let mut wrong = vec![
        ("jti", json!("")),
        ("jti", json!("j".repeat(129))),
        ("jti", json!(["j"])),
        ("htm", json!("post")),
        ("htm", json!("get")),
        ("htm", json!("PUT")),
        ("htm", json!("")),
        ("htm", json!(["POST"])),
    ];
    for iat in [-61, -3_600, 3_600] {
        wrong.push(("iat", json!(now + iat)));
    }
    for iat in [json!(i64::MIN), json!(i64::MAX), json!(u64::MAX), json!(1e300), json!(-1e300)] {
        wrong.push(("iat", iat));
    }
    for iat in [json!("now"), json!(now.to_string()), json!([now]), json!(0), json!(-1)] {
        wrong.push(("iat", iat));
    }
    for htu in [
        String::new(),
        "http:".to_owned(),
        path.to_owned(),
        issuer.clone(),
        format!("//{host}{path}"),
        format!("{issuer}{path}/"),
        format!("{issuer}/{path}"),
        format!("{issuer}/x/..{path}"),
        format!("{issuer}/oauth2/%74oken"),
        format!("{issuer}/oauth2/%75serinfo"),
        format!("{issuer}/oauth2/par"),
        format!("{issuer}{}", path.to_uppercase()),
        format!("https://{host}{path}"),
        format!("http://user@{host}{path}"),
        format!("http://localhost.evil.example{path}"),
        format!("http://evil.example{path}?{issuer}{path}"),
        format!("http://localhost:1{path}"),
        format!("http://localhost{path}"),
        format!(" {issuer}{path}"),
    ] {
        wrong.push(("htu", json!(htu)));
    }
    wrong.push(("htu", json!([format!("{issuer}{path}")])));
    for name in ["jti", "htm", "htu", "iat"] {
        wrong.extend([(name, Value::Null), (name, json!({})), (name, json!(true))]);
    }
    wrong
}

/// Every proof that must be refused where one with the claims `good` is good.
fn all(server: &Server, key: &DpopKey, path: &str, good: &Value) -> Vec<Bad> {
    let mut bad = damaged(key, good);
    for (name, value) in wrong_headers(key) {
        let header = with(&key.header(), name, value.clone());
        bad.push((format!("{name} = {value}"), vec![key.jws(&header, good)]));
    }
    for (name, value) in wrong_claims(server, path) {
        let claims = with(good, name, value.clone());
        bad.push((format!("{name} = {value}"), vec![key.proof(&claims)]));
    }
    bad
}

#[tokio::test]
async fn no_bad_proof_gets_a_token_or_leaves_a_trace() {
    let server = Server::start().await;
    let machine = Party::machine();
    let good = server.proof_claims("POST", TOKEN);
    for (why, proofs) in all(&server, &machine.key, TOKEN, &good) {
        let proofs: Vec<&str> = proofs.iter().map(String::as_str).collect();
        let answer = machine.post_with(&server, TOKEN, &MACHINE, &proofs).await;
        assert_refused(&answer, 400, "invalid_dpop_proof", &why);
        assert!(server.gave_nonce(&answer), "{why}");
    }
    assert_eq!(server.number(KEPT).await, 0);
    let proof = machine.key.proof(&server.proof_claims("POST", TOKEN));
    let answer = machine.post_with(&server, TOKEN, &MACHINE, &[&proof]).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
}

#[tokio::test]
async fn no_bad_proof_opens_userinfo() {
    let server = Server::start().await;
    let (shop, mut browser) = (Party::shop(), server.signed_in("bob").await);
    let token = text(&shop.tokens(&server, &mut browser).await, "access_token");
    let kept = server.number(KEPT).await;
    let good = server.resource_claims("GET", USERINFO, &token);
    let scheme = format!("DPoP {token}");
    let mut bad = all(&server, &shop.key, USERINFO, &good);
    for wrong in [
        Value::Null,
        json!(""),
        json!(7),
        json!(token),
        json!(ath(&token).to_uppercase()),
        json!(ath("another token")),
        json!(format!("{}=", ath(&token))),
    ] {
        bad.push((format!("ath = {wrong}"), vec![shop.key.proof(&with(&good, "ath", wrong))]));
    }
    for (why, proofs) in bad {
        let proofs: Vec<&str> = proofs.iter().map(String::as_str).collect();
        let answer = open_with(&server, USERINFO, &scheme, &proofs).await;
        assert_denied(&answer, "invalid_dpop_proof", &why);
        assert!(answer.header("www-authenticate").starts_with("DPoP "), "{why}");
    }
    let other = DpopKey::new().proof(&good);
    let answer = open_with(&server, USERINFO, &scheme, &[&other]).await;
    assert_denied(&answer, "invalid_token", "another key");
    assert_denied(&open_with(&server, USERINFO, &scheme, &[]).await, "invalid_dpop_proof", "none");
    assert_eq!(server.number(KEPT).await, kept);
    let good = shop.open(&server, USERINFO, &token).await;
    assert_eq!(good.status, 200, "{}", good.body);
}

#[tokio::test]
async fn a_proof_that_names_the_same_address_in_other_words_is_good() {
    let server = Server::start().await;
    let machine = Party::machine();
    let url = format!("{}{TOKEN}", server.issuer);
    for htu in [
        format!("{url}?x=1&y"),
        format!("{url}#fragment"),
        format!("{url}?#"),
        url.replacen("http://localhost", "HTTP://LocalHost", 1),
    ] {
        let claims = with(&server.proof_claims("POST", TOKEN), "htu", json!(htu));
        let proof = machine.key.proof(&claims);
        let answer = machine.post_with(&server, TOKEN, &MACHINE, &[&proof]).await;
        assert_eq!(answer.status, 200, "{htu}: {}", answer.body);
    }
}

#[tokio::test]
async fn clocks_may_differ_by_ten_seconds_and_a_proof_may_be_a_minute_old() {
    let server = Server::start().await;
    let machine = Party::machine();
    for (offset, good) in [(8, true), (-10, true), (-55, true), (-61, false), (12, false)] {
        let iat = server.app.now().unix_timestamp() + offset;
        for iat in [json!(iat), json!(format!("{iat}.5").parse::<f64>().unwrap())] {
            let claims = with(&server.proof_claims("POST", TOKEN), "iat", iat.clone());
            let proof = machine.key.proof(&claims);
            let answer = machine.post_with(&server, TOKEN, &MACHINE, &[&proof]).await;
            assert_eq!(answer.status == 200, good, "{offset} ({iat}): {}", answer.body);
        }
    }
}

#[tokio::test]
async fn the_address_is_the_issuers_whatever_the_request_says_of_its_host() {
    let server = Server::start().await;
    let machine = Party::machine();
    for header in ["x-forwarded-host", "forwarded", "x-forwarded-proto", "x-original-url"] {
        for (htu, good) in [
            (format!("{}{TOKEN}", server.issuer), true),
            (format!("http://evil.example{TOKEN}"), false),
            (format!("https://evil.example{TOKEN}"), false),
        ] {
            let claims = with(&server.proof_claims("POST", TOKEN), "htu", json!(htu));
            let proof = machine.key.proof(&claims);
            let basic = format!("machine:{}", crate::support::server::SECRET);
            let basic = base64::engine::general_purpose::STANDARD.encode(basic);
            let headers = [
                crate::support::calls::FORM,
                ("authorization", &*format!("Basic {basic}")),
                ("dpop", proof.as_str()),
                (header, "host=evil.example;proto=https"),
            ];
            let answer = server.raw("POST", TOKEN, &headers, "grant_type=client_credentials").await;
            assert_eq!(answer.status == 200, good, "{header} {htu}: {}", answer.body);
        }
    }
}

#[tokio::test]
async fn a_proof_of_a_mebibyte_is_refused_unread() {
    let server = Server::start().await;
    let machine = Party::machine();
    let claims = with(&server.proof_claims("POST", TOKEN), "jti", json!("j".repeat(1 << 20)));
    let proof = machine.key.proof(&claims);
    let request = crate::support::browser::http().post(server.url(TOKEN)).header("dpop", proof);
    // The server may close the connection before it has read all of it.
    if let Ok(answer) = request.send().await {
        assert!(answer.status().is_client_error(), "{answer:?}");
    }
    assert_eq!(machine.post(&server, TOKEN, &MACHINE).await.status, 200);
}

#[tokio::test]
async fn a_proof_for_one_endpoint_is_none_at_another() {
    let server = Server::start().await;
    let shop = Party::shop();
    let request = crate::support::browser::Authorize::of("shop", "openid");
    let for_token = shop.proof(&server, TOKEN);
    let answer = shop.push_with(&server, &request, &[&for_token]).await;
    assert_refused(&answer, 400, "invalid_dpop_proof", "PAR");
    let for_par = shop.proof(&server, super::PAR);
    let answer = shop.post_with(&server, TOKEN, &MACHINE, &[&for_par]).await;
    assert_refused(&answer, 400, "invalid_dpop_proof", "token");
    assert_eq!(shop.push_with(&server, &request, &[&for_par]).await.status, 201);
    let replay = shop.push_with(&server, &request, &[&for_par]).await;
    assert_refused(&replay, 400, "invalid_dpop_proof", "a replay at PAR");
    assert_eq!(shop.post_with(&server, TOKEN, &MACHINE, &[&for_token]).await.status, 200);
}
