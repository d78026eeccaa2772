//! Client authentication on the wire (SECURITY.md CA-01 to CA-07).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use portcullis::protocol::client_auth::ASSERTION_TYPE;
use serde_json::{Value, json};
use time::Duration;

use crate::support::calls::{FORM, assert_refused};
use crate::support::forge::{Signer, fresh, part, with};
use crate::support::server::{SECRET, Server};

const GRANT: (&str, &str) = ("grant_type", "client_credentials");

/// A server that knows the client `signer`, and that client's key.
async fn with_signer() -> (Server, Signer) {
    let server = Server::start().await;
    let signer = Signer::new();
    server.apply(&signer.client()).await;
    (server, signer)
}

#[tokio::test]
async fn confidential_clients_authenticate_everywhere() {
    let server = Server::start().await;
    for path in ["/oauth2/token", "/oauth2/introspect", "/oauth2/revoke"] {
        for fields in [
            vec![GRANT, ("token", "x")],
            vec![GRANT, ("token", "x"), ("client_id", "machine")],
            vec![GRANT, ("token", "x"), ("client_id", "machine"), ("client_secret", "wrong")],
            vec![GRANT, ("token", "x"), ("client_id", "nobody")],
            vec![GRANT, ("token", "x"), ("client_id", "machine"), ("client_secret", "")],
        ] {
            let answer = server.form(path, &fields).await;
            assert_refused(&answer, 401, "invalid_client", &format!("{path} {fields:?}"));
            assert!(answer.header("www-authenticate").starts_with("Basic"), "{path}");
        }
    }
}

#[tokio::test]
async fn a_public_client_may_not_introspect() {
    let server = Server::start().await;
    let answer = server.form("/oauth2/introspect", &[("token", "x"), ("client_id", "spa")]).await;
    assert_refused(&answer, 401, "invalid_client", "spa");
}

#[tokio::test]
async fn one_method_a_request_and_the_registered_one() {
    let server = Server::start().await;
    let basic =
        |id: &str, secret: &str| format!("Basic {}", STANDARD.encode(format!("{id}:{secret}")));
    let good = basic("machine", SECRET);
    let assertion = [("client_assertion", "a.b.c"), ("client_assertion_type", ASSERTION_TYPE)];
    let post = [("client_id", "machine"), ("client_secret", SECRET)];
    let asker = basic("asker", SECRET);
    let table: [(&str, Option<&str>, Vec<(&str, &str)>, u16, &str); 10] = [
        ("Basic and body secret", Some(&good), post.to_vec(), 400, "invalid_request"),
        ("Basic and assertion", Some(&good), assertion.to_vec(), 401, "invalid_client"),
        ("all three", Some(&good), [&post[..], &assertion].concat(), 400, "invalid_request"),
        ("post by a Basic client", None, post.to_vec(), 401, "invalid_client"),
        ("Basic by a post client", Some(&asker), vec![], 401, "invalid_client"),
        (
            "another client_id in the body",
            Some(&good),
            vec![("client_id", "shop")],
            401,
            "invalid_client",
        ),
        ("an assertion without its type", None, assertion[..1].to_vec(), 400, "invalid_request"),
        ("a type without assertion", None, assertion[1..].to_vec(), 400, "invalid_request"),
        (
            "a foreign type",
            None,
            vec![assertion[0], ("client_assertion_type", "x")],
            401,
            "invalid_client",
        ),
        ("a bearer token", Some("Bearer abc"), vec![], 401, "invalid_client"),
    ];
    for (why, header, mut fields, status, error) in table {
        fields.push(GRANT);
        let headers: Vec<_> = header.map(|value| ("authorization", value)).into_iter().collect();
        let body = portcullis::protocol::params::encode(fields.iter().copied());
        let headers = [&headers[..], &[FORM]].concat();
        let answer = server.raw("POST", "/oauth2/token", &headers, body).await;
        let also = (answer.status.as_u16(), answer.error().as_str()) == (400, "invalid_request");
        assert!(
            also || answer.status == status && answer.error() == error,
            "{why}: {}",
            answer.body
        );
    }
}

#[tokio::test]
async fn damaged_basic_credentials_are_an_invalid_client() {
    let server = Server::start().await;
    let encode = |text: &[u8]| format!("Basic {}", STANDARD.encode(text));
    for header in [
        "Basic Og==".to_owned(),
        "Basic !!!".to_owned(),
        "Basic".to_owned(),
        "Basic ".to_owned(),
        "basic".to_owned(),
        encode(b"machine"),
        encode(b":"),
        encode(format!(":{SECRET}").as_bytes()),
        encode(b"machine:"),
        encode(b"machine:\xff\xfe"),
        encode(format!("machine:{SECRET}\0").as_bytes()),
        encode(format!("machine:{SECRET} ").as_bytes()),
        encode(format!("mach%69ne%:{SECRET}").as_bytes()),
        encode(format!("../machine:{SECRET}").as_bytes()),
        encode(format!("{}:{SECRET}", "m".repeat(7_000)).as_bytes()),
    ] {
        let body = "grant_type=client_credentials";
        let headers = [FORM, ("authorization", header.as_str())];
        let answer = server.raw("POST", "/oauth2/token", &headers, body).await;
        assert_refused(&answer, 401, "invalid_client", &header);
        assert!(answer.header("www-authenticate").starts_with("Basic"), "{header}");
    }
}

#[tokio::test]
async fn credentials_in_the_address_are_none() {
    let server = Server::start().await;
    let path = format!(
        "/oauth2/token?grant_type=client_credentials&client_id=asker&client_secret={SECRET}"
    );
    let answer = server.raw("POST", &path, &[FORM], "grant_type=client_credentials").await;
    assert_refused(&answer, 401, "invalid_client", "in the query");
    assert_eq!(server.raw("POST", &path, &[FORM], "").await.status, 400);
    assert_eq!(server.raw("GET", &path, &[], "").await.status, 405);
}

#[tokio::test]
async fn a_forged_certificate_header_proves_nothing() {
    let server = Server::start().await;
    for name in ["x-client-cert", "client-cert", "x-ssl-client-cert", "x-forwarded-client-cert"] {
        let headers = [FORM, (name, "MIIB")];
        let body = "grant_type=client_credentials&client_id=machine";
        let answer = server.raw("POST", "/oauth2/token", &headers, body).await;
        assert_refused(&answer, 401, "invalid_client", name);
    }
}

#[tokio::test]
async fn unknown_clients_and_wrong_secrets_look_alike() {
    let server = Server::start().await;
    let mut answers = Vec::new();
    for id in ["nobody", "asker", "spa", "machine"] {
        let fields = [GRANT, ("client_id", id), ("client_secret", "wrong")];
        let mut answer = server.form("/oauth2/token", &fields).await;
        let mut body = answer.json();
        body.as_object_mut().unwrap().remove("refusal_id");
        answer.headers.remove("date");
        let headers: Vec<_> = answer.headers.keys().map(ToString::to_string).collect();
        answers.push((answer.status, headers, body.to_string()));
    }
    assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:#?}");
}

#[tokio::test]
async fn guessing_a_secret_is_throttled_and_the_owner_elsewhere_is_not() {
    let server = Server::start().await;
    let mut limited = None;
    for n in 0..400 {
        let fields = [GRANT, ("client_id", "asker"), ("client_secret", &format!("guess-{n}"))];
        let answer = server.form("/oauth2/token", &fields).await;
        if answer.status == 429 {
            limited = Some((n, answer));
            break;
        }
    }
    let (n, answer) = limited.expect("a limit");
    assert!(n >= 50 && answer.header("retry-after").parse::<u32>().unwrap() >= 1);
    let other = server.call("/oauth2/token", "machine", &[GRANT]).await;
    assert_eq!(other.status, 200, "another client from the same address");
}

#[tokio::test]
async fn an_assertion_is_good_once_on_all_nodes() {
    let (server, signer) = with_signer().await;
    let second = server.second_node().await;
    for aud in [server.issuer.clone(), server.issuer.clone() + "/oauth2/token"] {
        let claims = with(&server.assertion(), "aud", json!(aud));
        let assertion = signer.jws(&signer.header(), &claims);
        assert_eq!(server.assert_with(&assertion).await.status, 200, "{aud}");
        for node in [&server, &second] {
            assert_refused(&node.assert_with(&assertion).await, 401, "invalid_client", "replay");
        }
        // Another signature over the same `jti` is the same assertion.
        let again = signer.jws(&signer.header(), &claims);
        assert_refused(&second.assert_with(&again).await, 401, "invalid_client", "same jti");
    }
}

#[tokio::test]
async fn an_assertion_spent_before_a_restart_stays_spent() {
    let (mut server, signer) = with_signer().await;
    let assertion = signer.jws(&signer.header(), &server.assertion());
    assert_eq!(server.assert_with(&assertion).await.status, 200);
    let restarted = server.second_node().await;
    server.stop().await;
    restarted.clock.advance(Duration::seconds(-5));
    assert_refused(&restarted.assert_with(&assertion).await, 401, "invalid_client", "restart");
}

#[tokio::test]
async fn clocks_may_differ_by_ten_seconds_and_not_by_a_minute() {
    let (server, signer) = with_signer().await;
    let now = server.app.now().unix_timestamp();
    for (name, offset, status) in [
        ("iat", 8, 200),
        ("nbf", 8, 200),
        ("iat", 61, 401),
        ("nbf", 61, 401),
        ("exp", -5, 200),
        ("exp", -60, 401),
        ("exp", 299, 200),
        ("exp", 360, 401),
        ("exp", 86_400, 401),
        ("exp", 315_360_000, 401),
    ] {
        let claims = with(&server.assertion(), name, json!(now + offset));
        let answer = server.assert_with(&signer.jws(&signer.header(), &claims)).await;
        assert_eq!(answer.status, status, "{name} {offset}: {}", answer.body);
    }
}

#[tokio::test]
async fn each_broken_claim_of_an_assertion_is_refused() {
    let (server, signer) = with_signer().await;
    let par = format!("{}/oauth2/par", server.issuer);
    let issuer = server.issuer.clone();
    let table: Vec<(&str, Value)> = vec![
        ("aud", Value::Null),
        ("aud", json!(7)),
        ("aud", json!([issuer])),
        ("aud", json!([issuer, par])),
        ("aud", json!({ "x": issuer })),
        ("aud", json!(par)),
        ("aud", json!(format!("{issuer}/"))),
        ("aud", json!("https://evil.example")),
        ("iss", Value::Null),
        ("iss", json!(7)),
        ("iss", json!(["signer"])),
        ("iss", json!("machine")),
        ("sub", Value::Null),
        ("sub", json!(7)),
        ("sub", json!("machine")),
        ("sub", json!("nobody")),
        ("exp", Value::Null),
        ("exp", json!("9999999999")),
        ("exp", json!(1e300)),
        ("exp", json!(-1)),
        ("exp", json!(i64::MIN)),
        ("exp", json!(u64::MAX)),
        ("iat", json!("now")),
        ("iat", json!(1e300)),
        ("nbf", json!({})),
        ("jti", Value::Null),
        ("jti", json!("")),
        ("jti", json!(7)),
        ("jti", json!("j".repeat(4_000))),
    ];
    for (name, value) in table {
        let claims = with(&server.assertion(), name, value.clone());
        let answer = server.assert_with(&signer.jws(&signer.header(), &claims)).await;
        assert_refused(&answer, 401, "invalid_client", &format!("{name} = {value}"));
    }
    assert_eq!(server.number("select count(*) from used_jtis").await, 0);
}

#[tokio::test]
async fn each_broken_header_of_an_assertion_is_refused() {
    let (server, signer) = with_signer().await;
    let header = signer.header();
    let other = Signer::new();
    let claims = || with(&server.assertion(), "jti", json!(fresh()));
    let table: Vec<(&str, Value)> = vec![
        ("alg", json!("none")),
        ("alg", json!("NoNe")),
        ("alg", json!("HS256")),
        ("alg", json!("RS256")),
        ("alg", json!("ES384")),
        ("alg", Value::Null),
        ("typ", json!("dpop+jwt")),
        ("typ", json!("at+jwt")),
        ("typ", json!("logout+jwt")),
        ("typ", json!(7)),
        ("crit", json!(["x"])),
        ("crit", json!([])),
        ("jku", json!("https://evil.example/jwks")),
        ("x5u", json!("https://evil.example/cert")),
        ("x5c", json!(["MIIB"])),
        ("jwk", other.key.public_jwk()),
        ("zip", json!("DEF")),
        ("b64", json!(false)),
        ("kid", json!("../../../dev/null")),
        ("kid", json!("' or 1=1--")),
        ("kid", json!(7)),
        ("kid", json!("k".repeat(3_000))),
    ];
    for (name, value) in table {
        let forged = signer.jws(&with(&header, name, value.clone()), &claims());
        assert_refused(
            &server.assert_with(&forged).await,
            401,
            "invalid_client",
            &format!("{name} = {value}"),
        );
    }
    let stranger = other.jws(&header, &claims());
    assert_refused(&server.assert_with(&stranger).await, 401, "invalid_client", "another key");
    let good = signer.jws(&header, &claims());
    let (signed, signature) = good.rsplit_once('.').unwrap();
    let zeros = "A".repeat(86);
    for (why, forged) in [
        ("no signature", format!("{signed}.")),
        ("two parts", signed.to_owned()),
        ("four parts", format!("{good}.x")),
        ("r = s = 0", format!("{signed}.{zeros}")),
        ("padding", format!("{good}==")),
        ("a cut signature", good[..good.len() - 1].to_owned()),
        ("another payload", format!("{}.{}.{signature}", part(&header), part(&claims()))),
        (
            "a JWE",
            "eyJhbGciOiJQQkVTMi1IUzI1NitBMTI4S1ciLCJwMmMiOjIxNDc0ODM2NDh9.a.b.c.d".to_owned(),
        ),
        ("a long one", format!("{good}{}", "A".repeat(20_000))),
        ("nothing in it", "..".to_owned()),
    ] {
        assert_refused(&server.assert_with(&forged).await, 401, "invalid_client", why);
    }
    assert_eq!(server.assert_with(&good).await.status, 200);
}
