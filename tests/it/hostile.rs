//! The hostile inputs of SECURITY.md §5 that have no place of their own, by endpoint.

use std::time::{Duration, Instant};

use portcullis::crypto::jwt::Alg;
use serde_json::{Value, json};

use crate::support::browser::Authorize;
use crate::support::calls::{FORM, assert_refused, assert_shown};
use crate::support::forge::{Signer, part, with};
use crate::support::server::{REDIRECT, Server};

const TOKEN: &str = "/oauth2/token";

/// A name, headers, a body, and the error that comes back.
type Case<'a> = (&'a str, &'a [(&'a str, &'a str)], &'a str, &'a str);

/// A number that any side effect would change.
const TRACES: &str = "select (select count(*) from authorization_codes) + (select count(*) from grants) \
    + (select count(*) from sessions) + (select count(*) from consents) + (select count(*) from used_jtis)";

#[tokio::test]
async fn malformed_token_requests_are_refused_in_the_right_words() {
    let server = Server::start().await;
    let form = [FORM];
    let json = [("content-type", "application/json")];
    let text = [("content-type", "text/plain")];
    let none: [(&str, &str); 0] = [];
    let cases: [Case<'_>; 14] = [
        ("H1 nothing", &form, "", "invalid_request"),
        ("H2 twice", &form, "grant_type=password&grant_type=password", "invalid_request"),
        (
            "H3 password",
            &form,
            "grant_type=password&username=bob&password=x",
            "unsupported_grant_type",
        ),
        ("implicit", &form, "grant_type=implicit", "unsupported_grant_type"),
        ("another case", &form, "grant_type=Authorization_Code", "unsupported_grant_type"),
        (
            "H33 device",
            &form,
            "grant_type=urn:ietf:params:oauth:grant-type:device_code",
            "unsupported_grant_type",
        ),
        (
            "H34 exchange",
            &form,
            "grant_type=urn:ietf:params:oauth:grant-type:token-exchange",
            "unsupported_grant_type",
        ),
        ("H4 JSON", &json, "{\"grant_type\":\"client_credentials\"}", "invalid_request"),
        ("text", &text, "grant_type=client_credentials", "invalid_request"),
        ("no type", &none, "grant_type=client_credentials", "invalid_request"),
        ("not UTF-8", &form, "grant_type=%ff%fe", "invalid_request"),
        ("NUL", &form, "grant_type=client_credentials%00", "invalid_request"),
        ("damaged", &form, "grant_type=%zz", "invalid_request"),
        ("empty", &form, "grant_type=", "invalid_request"),
    ];
    for (why, headers, body, error) in cases {
        let begun = Instant::now();
        assert_refused(&server.raw("POST", TOKEN, headers, body.to_owned()).await, 400, error, why);
        assert!(begun.elapsed() < Duration::from_secs(1), "{why}");
    }
    let query = format!("{TOKEN}?grant_type=client_credentials");
    assert_refused(
        &server.raw("POST", &query, &form, "").await,
        400,
        "invalid_request",
        "H5 query",
    );
}

#[tokio::test]
async fn unknown_clients_of_every_shape_are_an_invalid_client() {
    let server = Server::start().await;
    for id in [
        "nobody",
        &"c".repeat(10_240),
        "../shop",
        "shop' or 1=1--",
        "SHOP",
        "shop ",
        "\u{e9}",
        "%00",
    ] {
        let fields =
            [("grant_type", "client_credentials"), ("client_id", id), ("client_secret", "x")];
        assert_refused(&server.form(TOKEN, &fields).await, 401, "invalid_client", id);
    }
}

#[tokio::test]
async fn clients_get_only_the_grants_and_scopes_they_are_registered_for() {
    let server = Server::start().await;
    let cc = ("grant_type", "client_credentials");
    let secret = ("client_secret", crate::support::server::SECRET);
    let asker = [cc, ("client_id", "asker"), secret];
    assert_refused(&server.form(TOKEN, &asker).await, 400, "unauthorized_client", "TK-10");
    let spa = [cc, ("client_id", "spa")];
    assert_refused(&server.form(TOKEN, &spa).await, 400, "unauthorized_client", "public");
    let code = [("grant_type", "authorization_code"), ("code", "x"), ("redirect_uri", REDIRECT)];
    assert_refused(&server.call(TOKEN, "machine", &code).await, 400, "unauthorized_client", "code");
    for (name, value, error) in [
        ("scope", "orders.write", "invalid_scope"),
        ("scope", "openid", "invalid_scope"),
        ("scope", "orders.read orders.read\u{7f}", "invalid_scope"),
        ("scope", &"x ".repeat(10_000), "invalid_scope"),
        ("resource", "https://other.example/", "invalid_target"),
        ("resource", "relative", "invalid_target"),
        ("resource", "https://api.example/#f", "invalid_target"),
        ("resource", "https://api.example", "invalid_target"),
    ] {
        let answer = server.call(TOKEN, "machine", &[cc, (name, value)]).await;
        assert_eq!(answer.status, 400, "{name}: {}", answer.body);
        assert!(answer.error() == error || answer.error() == "invalid_request", "{}", answer.body);
    }
    let many: Vec<_> =
        std::iter::once(cc).chain((0..50).map(|_| ("resource", "https://x.example/"))).collect();
    let answer = server.call(TOKEN, "machine", &many).await;
    assert_refused(&answer, 400, "invalid_target", "H19 fifty times");
    let good = server.call(TOKEN, "machine", &[cc, ("resource", "https://api.example/")]).await;
    assert_eq!(good.status, 200, "{}", good.body);
}

#[tokio::test]
async fn a_resource_is_the_audience_and_another_is_refused_without_burning_the_code() {
    let server = Server::start().await;
    let mut browser = server.signed_in("bob").await;
    let request =
        Authorize::of("shop", "openid orders.read").with("resource", "https://api.example/");
    let code = server.code(&mut browser, &request).await;
    let fields = |resource| {
        [
            ("grant_type", "authorization_code"),
            ("code", code.as_str()),
            ("redirect_uri", REDIRECT),
            ("code_verifier", request.verifier.as_str()),
            ("resource", resource),
        ]
    };
    let wrong = server.call(TOKEN, "shop", &fields("https://other.example/")).await;
    assert_refused(&wrong, 400, "invalid_target", "other");
    let good = server.call(TOKEN, "shop", &fields("https://api.example/")).await;
    assert_eq!(good.status, 200, "{}", good.body);
    let json = good.json();
    let token = [("token", json["access_token"].as_str().unwrap())];
    let seen = server.call("/oauth2/introspect", "shop", &token).await.json();
    assert_eq!(seen["aud"], "https://api.example/");
}

#[tokio::test]
async fn only_our_own_id_token_for_this_client_is_a_hint() {
    let server = Server::start().await;
    let mut browser = server.signed_in("bob").await;
    let bob = server.user_id("bob").await.to_string();
    let now = server.app.now().unix_timestamp();
    let good = json!({
        "iss": server.issuer, "sub": bob, "aud": "shop", "iat": now, "exp": now + 60, "sid": "s",
        "auth_time": now, "acr": "x", "amr": ["pwd"],
    });
    let own = server.sign(Alg::Rs256, "JWT", &good).await;
    let ask = |hint: &str| {
        Authorize::of("shop", "openid").with("prompt", "none").with("id_token_hint", hint).path()
    };
    assert!(browser.get(&ask(&own)).await.param("code").is_some());
    let stranger = Signer::new();
    let mut hints = vec![
        server.sign(Alg::Es256, "at+jwt", &server.access_claims(&bob)).await,
        format!("{}.{}.", part(&json!({ "alg": "none", "typ": "JWT" })), part(&good)),
        stranger.jws(&json!({ "alg": "ES256", "typ": "JWT", "kid": stranger.key.kid() }), &good),
        own[..own.len() - 2].to_owned(),
        "x".repeat(2_000),
    ];
    let table: Vec<(&str, Value)> = vec![
        ("iss", json!("https://evil.example")),
        ("iss", json!([server.issuer])),
        ("iss", Value::Null),
        ("aud", json!("asker")),
        ("aud", json!(["shop", "asker"])),
        ("sub", Value::Null),
        ("sub", json!(7)),
        ("sub", json!("bob")),
        ("iat", json!(now + 10_000)),
        ("iat", Value::Null),
        ("nbf", json!(now + 10_000)),
    ];
    for (name, value) in table {
        hints.push(server.sign(Alg::Rs256, "JWT", &with(&good, name, value)).await);
    }
    let before = server.number(TRACES).await;
    for (n, hint) in hints.iter().enumerate() {
        let page = browser.get(&ask(hint)).await;
        let error = page.param("error").unwrap_or_default();
        assert!(matches!(error.as_str(), "invalid_request" | "login_required"), "{n}: {page:?}");
        // No such hint signs anybody out either.
        let page = browser.get(&format!("/oauth2/logout?id_token_hint={hint}&post_logout_redirect_uri=https%3A%2F%2Fapp.example%2Fbye")).await;
        assert!(page.location().is_empty(), "{n}: {page:?}");
    }
    assert_eq!(server.number(TRACES).await, before);
}

#[tokio::test]
async fn pages_of_a_sign_in_ask_for_the_step_before() {
    let server = Server::start().await;
    for path in
        ["/login/code", "/login/enrol", "/consent", "/login/code?flow=", "/consent?flow=AAAA"]
    {
        assert_shown(&server.browser().get(path).await, path);
    }
    let mut browser = server.browser();
    for path in ["/login", "/login/code", "/login/enrol", "/login/recovery-codes", "/consent"] {
        for fields in
            [&[][..], &[("flow", "x")], &[("csrf", "x"), ("flow", "x"), ("decision", "allow")]]
        {
            let page = browser.post(path, fields).await;
            assert!(matches!(page.status.as_u16(), 400 | 403), "{path}: {page:?}");
        }
        let origin = ("origin", "null");
        let page = server.raw("POST", path, &[FORM, origin], "decision=allow").await;
        assert!(matches!(page.status.as_u16(), 400 | 403), "{path}");
    }
    assert_eq!(server.number(TRACES).await, 0);
}

#[tokio::test]
async fn a_consent_is_of_its_browser_and_its_request() {
    let server = Server::start().await;
    let mut browser = server.signed_in("bob").await;
    let page = browser.get(&Authorize::of("asker", "openid email").path()).await;
    let consent = browser.follow(page).await;
    let before = server.number("select count(*) from authorization_codes").await;
    let mut carol = server.signed_in("carol").await;
    let after = server.number("select count(*) from authorization_codes").await;
    let stolen = carol.submit(&consent, &[("decision", "allow")]).await;
    assert!(matches!(stolen.status.as_u16(), 400 | 403), "{stolen:?}");
    for decision in ["", "maybe", "ALLOW", "allow "] {
        let page = browser.submit(&consent, &[("decision", decision)]).await;
        assert_eq!(page.status, 400, "{decision}");
    }
    let twice = [("decision", "deny"), ("decision", "allow")];
    assert_eq!(browser.submit(&consent, &twice).await.status, 400);
    assert_eq!(server.number("select count(*) from consents").await, 0);
    assert_eq!(server.number("select count(*) from authorization_codes").await, after);
    assert!(before < after);
    // A form field cannot widen what was asked for.
    let wide =
        [("decision", "allow"), ("scope", "openid email offline_access"), ("client_id", "shop")];
    let page = browser.submit(&consent, &wide).await;
    assert!(page.param("code").is_some(), "{page:?}");
    let kept = "select count(*) from consents where client_id = 'asker' and scope <@ array['openid', 'email']";
    assert_eq!(server.number(kept).await, 1);
}

#[tokio::test]
async fn an_encrypted_token_is_refused_before_any_work() {
    let server = Server::start().await;
    server.apply(&Signer::new().client()).await;
    let header = json!({ "alg": "PBES2-HS256+A128KW", "enc": "A128GCM", "p2c": 2_147_483_648_u64,
        "p2s": "c2FsdHNhbHQ", "zip": "DEF", "kid": "x" });
    let bomb = "A".repeat(4_000);
    for token in [format!("{}.a2V5.aXY.{bomb}.dGFn", part(&header)), part(&header) + ".a.b"] {
        // H25, JW-06: with the work it asks for, one would take minutes.
        let begun = Instant::now();
        assert_refused(&server.assert_with(&token).await, 401, "invalid_client", "an assertion");
        let seen = server.call("/oauth2/introspect", "shop", &[("token", &token)]).await;
        assert_eq!(seen.json(), json!({ "active": false }));
        let bearer = [("authorization", &*format!("Bearer {token}"))];
        assert_eq!(server.raw("GET", "/oauth2/userinfo", &bearer, "").await.status, 401);
        let hinted = Authorize::of("shop", "openid").with("prompt", "none");
        let answer = server.browser().get(&hinted.with("id_token_hint", &token).path()).await;
        assert!(answer.param("error").is_some() && answer.param("code").is_none(), "{answer:?}");
        assert!(begun.elapsed() < Duration::from_secs(30));
    }
}

#[tokio::test]
async fn whoever_is_not_signed_in_makes_no_rows() {
    let server = Server::start().await;
    let before = server.number(TRACES).await;
    for n in 0..30 {
        let mut browser = server.browser();
        let request = Authorize::of("shop", "openid").with("state", &format!("state-{n}"));
        let page = browser.get(&request.path()).await;
        assert_eq!(browser.follow(page).await.status, 200);
        browser.get("/login").await;
    }
    assert_eq!(server.number(TRACES).await, before, "DO-05: what a stranger does is kept nowhere");
}
