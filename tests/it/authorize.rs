//! The authorization endpoint on the wire: where it answers, and to whom (SECURITY.md AZ, T-1).

use crate::support::browser::{Authorize, Browser, Page};
use crate::support::calls::{FORM, assert_shown, credentials};
use crate::support::server::Server;
use crate::support::strangers::strangers;

const CODES: &str = "select count(*) from authorization_codes";

/// Checks that `page` takes `error` to the client, with `iss` and `state`, and no code.
fn assert_sent(server: &Server, page: &Page, error: &str, why: &str) {
    assert!(page.location().starts_with("https://app.example/cb?"), "{why}: {page:?}");
    assert_eq!(page.param("error").as_deref(), Some(error), "{why}: {}", page.location());
    assert_eq!(page.param("iss").as_deref(), Some(server.issuer.as_str()), "{why}");
    assert_eq!(page.param("state").as_deref(), Some("af0ifjsldkj"), "{why}");
    assert_eq!(page.param("code"), None, "{why}");
    let words = page.param("error_description").unwrap_or_default();
    let allowed = |b: u8| matches!(b, 0x20..=0x21 | 0x23..=0x5b | 0x5d..=0x7e);
    assert!(words.bytes().all(allowed), "{why}: {words}");
}

#[tokio::test]
async fn a_redirect_uri_that_differs_in_a_byte_gets_a_page_and_no_redirect() {
    let server = Server::start().await;
    let mut browser = server.signed_in("bob").await;
    let before = server.number(CODES).await;
    for uri in strangers("/cb") {
        let request = Authorize::of("shop", "openid").with("redirect_uri", &uri);
        assert_shown(&browser.get(&request.path()).await, &uri);
    }
    assert_eq!(server.number(CODES).await, before);
}

#[tokio::test]
async fn a_missing_or_unknown_client_or_redirect_uri_gets_a_page() {
    let server = Server::start().await;
    let good = Authorize::of("shop", "openid");
    let path = good.clone().with("redirect_uri", "").path();
    let table = [
        ("no redirect_uri", path.clone()),
        ("an empty redirect_uri", format!("{path}&redirect_uri=")),
        ("no client_id", good.clone().with("client_id", "").path()),
        ("an unknown client_id", good.clone().with("client_id", "nobody").path()),
        ("another case", good.clone().with("client_id", "SHOP").path()),
        ("a space behind", good.clone().with("client_id", "shop ").path()),
        ("NUL", good.clone().with("client_id", "shop\0").path()),
        ("a path", good.clone().with("client_id", "../shop").path()),
        ("ten KiB", good.with("client_id", &"a".repeat(4000)).path()),
        ("a client without redirect URIs", Authorize::of("machine", "orders.read").path()),
        ("nothing at all", "/oauth2/authorize".to_owned()),
        ("damaged escapes", "/oauth2/authorize?client_id=%zz".to_owned()),
    ];
    for (why, path) in table {
        assert_shown(&server.browser().get(&path).await, why);
    }
}

#[tokio::test]
async fn only_the_port_of_a_loopback_address_may_differ() {
    let server = Server::start().await;
    let good = "http://127.0.0.1:49152/cb";
    let request = Authorize::of("spa", "openid").with("redirect_uri", good);
    let page = server.browser().sign_in(&server, &request, "bob").await;
    assert!(page.location().starts_with("http://127.0.0.1:49152/cb?"), "{page:?}");
    for bad in [
        "http://localhost/cb",
        "http://localhost:49152/cb",
        "http://127.0.0.2/cb",
        "http://127.0.0.1:49152/cb/",
        "http://127.0.0.1:0/cb",
        "http://127.0.0.1:049152/cb",
        "http://127.0.0.1:99999/cb",
        "http://127.1/cb",
        "http://127.0.0.1.evil/cb",
        "http://127.0.0.1@evil/cb",
        "https://127.0.0.1/cb",
        "http://[::1]/cb",
    ] {
        let request = Authorize::of("spa", "openid").with("redirect_uri", bad);
        assert_shown(&server.browser().get(&request.path()).await, bad);
    }
}

#[tokio::test]
async fn a_parameter_sent_twice_is_refused_and_no_value_wins() {
    let server = Server::start().await;
    let mut browser = server.signed_in("bob").await;
    let before = server.number(CODES).await;
    let path = Authorize::of("shop", "openid").path();
    let cb = "https%3A%2F%2Fapp.example%2Fcb";
    for twice in
        [format!("redirect_uri={cb}"), "redirect_uri=https://evil".into(), "client_id=shop".into()]
    {
        assert_shown(&browser.get(&format!("{path}&{twice}")).await, &twice);
        let first = path.replace('?', &format!("?{twice}&"));
        assert_shown(&browser.get(&first).await, &twice);
    }
    for twice in ["scope=openid", "response_type=code", "code_challenge_method=S256", "foo=1&foo=2"]
    {
        let page = browser.get(&format!("{path}&{twice}")).await;
        assert_sent(&server, &page, "invalid_request", twice);
    }
    let page = browser.get(&format!("{path}&state=other")).await;
    assert_eq!(page.param("error").as_deref(), Some("invalid_request"), "{page:?}");
    assert_eq!(page.param("state"), None);
    assert_eq!(server.number(CODES).await, before);
}

#[tokio::test]
async fn an_empty_parameter_is_absent_and_an_unknown_one_is_ignored() {
    let server = Server::start().await;
    let mut browser = server.signed_in("bob").await;
    let request = Authorize::of("shop", "openid");
    let path = request.path();
    let page = browser.get(&format!("{path}&extra=foobar&nonce=&max_age=&prompt=")).await;
    assert!(page.param("code").is_some(), "{page:?}");
    let bare = request.with("code_challenge", "").with("code_challenge_method", "");
    let absent = browser.get(&bare.path()).await;
    let empty =
        browser.get(&format!("{}&code_challenge=&code_challenge_method=", bare.path())).await;
    assert_eq!(absent.location(), empty.location());
    assert_sent(&server, &empty, "invalid_request", "no challenge");
}

/// Requests of which the client is told what is wrong: parameter, value, error.
const TOLD: &[(&str, &str, &str)] = &[
    ("response_type", "", "invalid_request"),
    ("response_type", "token", "unsupported_response_type"),
    ("response_type", "id_token", "unsupported_response_type"),
    ("response_type", "id_token token", "unsupported_response_type"),
    ("response_type", "code token", "unsupported_response_type"),
    ("response_type", "code id_token", "unsupported_response_type"),
    ("response_type", "code code", "unsupported_response_type"),
    ("response_type", "CODE", "unsupported_response_type"),
    ("response_type", "none", "unsupported_response_type"),
    ("response_mode", "fragment", "invalid_request"),
    ("response_mode", "web_message", "invalid_request"),
    ("response_mode", "form_post.jwt", "invalid_request"),
    ("response_mode", "x", "invalid_request"),
    ("scope", "", "invalid_scope"),
    ("scope", "openid orders.delete", "invalid_scope"),
    ("scope", "openid \"><script>", "invalid_scope"),
    ("scope", "openid \u{202e}evil\\", "invalid_scope"),
    ("prompt", "none login", "invalid_request"),
    ("prompt", "x", "invalid_request"),
    ("prompt", "NONE", "invalid_request"),
    ("max_age", "-1", "invalid_request"),
    ("max_age", "+1", "invalid_request"),
    ("max_age", "1e3", "invalid_request"),
    ("max_age", "99999999999999999999", "invalid_request"),
    ("resource", "https://other.example/", "invalid_target"),
    ("resource", "/relative", "invalid_target"),
    ("resource", "https://api.example/#fragment", "invalid_target"),
    ("request", "eyJhbGciOiJub25lIn0.e30.", "request_not_supported"),
    ("request_uri", "http://169.254.169.254/", "request_uri_not_supported"),
    ("request_uri", "urn:ietf:params:oauth:request_uri:x", "request_uri_not_supported"),
    ("registration", "{}", "registration_not_supported"),
    ("claims", "{", "invalid_request"),
    ("claims", "[]", "invalid_request"),
    ("id_token_hint", "x.y.z", "invalid_request"),
    ("code_challenge_method", "plain", "invalid_request"),
    ("code_challenge_method", "", "invalid_request"),
    ("code_challenge_method", "s256", "invalid_request"),
    ("code_challenge_method", "S256 ", "invalid_request"),
    ("code_challenge", "", "invalid_request"),
    ("code_challenge", "short", "invalid_request"),
];

#[tokio::test]
async fn every_error_response_names_the_issuer_and_gives_the_state_back() {
    let server = Server::start().await;
    let mut browser = server.signed_in("bob").await;
    let before = server.number(CODES).await;
    for (name, value, error) in TOLD {
        let request = Authorize::of("shop", "openid").with(name, value);
        let page = browser.get(&request.path()).await;
        assert_sent(&server, &page, error, &format!("{name}={value}"));
    }
    assert_eq!(server.number(CODES).await, before);
    let silent = Authorize::of("shop", "openid").with("prompt", "none");
    let page = server.browser().get(&silent.path()).await;
    assert_sent(&server, &page, "login_required", "nobody is signed in");
}

#[tokio::test]
async fn a_code_comes_with_the_issuer_of_the_metadata() {
    let server = Server::start().await;
    let mut browser = server.signed_in("bob").await;
    let page = browser.get(&Authorize::of("shop", "openid").path()).await;
    let metadata = browser.get("/.well-known/openid-configuration").await.json();
    assert_eq!(metadata["issuer"].as_str(), page.param("iss").as_deref());
    assert!(page.param("code").is_some_and(|code| code.len() >= 43));
}

#[tokio::test]
async fn a_state_or_nonce_that_cannot_be_kept_is_refused_and_not_cut() {
    let server = Server::start().await;
    let mut browser = server.signed_in("bob").await;
    for (name, value) in
        [("state", "s".repeat(513)), ("state", "\u{e9}".into()), ("nonce", "n".repeat(513))]
    {
        let page = browser.get(&Authorize::of("shop", "openid").with(name, &value).path()).await;
        assert_eq!(page.param("error").as_deref(), Some("invalid_request"), "{name}");
    }
}

#[tokio::test]
async fn credentials_and_consent_are_answered_with_303() {
    let server = Server::start().await;
    let request = Authorize::of("asker", "openid email");
    let mut browser = server.browser();
    let page = browser.get(&request.path()).await;
    let login = browser.follow(page).await;
    let posted = browser.submit(&login, &credentials("bob")).await;
    assert_eq!(posted.status, 303);
    let consent = browser.follow(posted).await;
    let allowed = browser.submit(&consent, &[("decision", "allow")]).await;
    assert_eq!(allowed.status, 303);
    assert!(allowed.param("code").is_some(), "{allowed:?}");
}

#[tokio::test]
async fn a_person_who_says_no_is_believed_and_asked_again_next_time() {
    let server = Server::start().await;
    let request = Authorize::of("asker", "openid email");
    let mut browser = server.signed_in("bob").await;
    let page = browser.get(&request.path()).await;
    let consent = browser.follow(page).await;
    let denied = browser.submit(&consent, &[("decision", "deny")]).await;
    assert_sent(&server, &denied, "access_denied", "denied");
    assert_eq!(server.number("select count(*) from consents").await, 0);
    let page = browser.get(&request.clone().with("prompt", "none").path()).await;
    assert_sent(&server, &page, "consent_required", "silent");
}

#[tokio::test]
async fn pages_are_not_readable_from_other_origins() {
    let server = Server::start().await;
    for path in [&Authorize::of("shop", "openid").path(), "/login", "/consent", "/oauth2/logout"] {
        let evil = ("origin", "https://evil.example");
        let read = server.raw("GET", path, &[evil], "").await;
        let asked = [evil, ("access-control-request-method", "POST")];
        let preflight = server.raw("OPTIONS", path, &asked, "").await;
        for page in [&read, &preflight] {
            assert_eq!(page.header("access-control-allow-origin"), "", "{path}");
        }
        assert!(matches!(preflight.status.as_u16(), 403 | 405), "{path}: {}", preflight.status);
    }
}

#[tokio::test]
async fn other_methods_and_bodies_do_nothing() {
    let server = Server::start().await;
    let path = Authorize::of("shop", "openid").path();
    for method in ["HEAD", "PUT", "DELETE", "PATCH", "TRACE"] {
        assert_eq!(server.raw(method, &path, &[], "").await.status, 405, "{method}");
    }
    let json = ("content-type", "application/json");
    assert_shown(&server.raw("POST", "/oauth2/authorize", &[json], "{}").await, "JSON");
    assert_shown(&server.raw("POST", "/oauth2/authorize", &[], "client_id=shop").await, "no type");
}

#[tokio::test]
async fn a_request_by_post_is_repeated_as_a_navigation_with_the_session() {
    let server = Server::start().await;
    let mut browser = server.signed_in("bob").await;
    let request = Authorize::of("shop", "openid");
    let fields = request.path().split_once('?').unwrap().1.to_owned();
    // From the client's own site the cookie is not sent.
    let page = server.raw("POST", "/oauth2/authorize", &[FORM], fields.clone()).await;
    assert_eq!(
        (page.status.as_u16(), page.location().starts_with("/oauth2/authorize?")),
        (303, true)
    );
    assert!(browser.follow(page).await.param("code").is_some());
    let split = fields.replace("state=af0ifjsldkj", "state=a%0d%0aSet-Cookie:x");
    let page = server.raw("POST", "/oauth2/authorize", &[FORM], split).await;
    assert_eq!(page.header("set-cookie"), "");
}

#[tokio::test]
async fn a_request_longer_than_our_pages_can_carry_is_refused() {
    let server = Server::start().await;
    let path = format!("{}&pad={}", Authorize::of("shop", "openid").path(), "a".repeat(5_000));
    assert_shown(&server.browser().get(&path).await, "GET");
    let body = path.split_once('?').unwrap().1.to_owned();
    assert_shown(&server.raw("POST", "/oauth2/authorize", &[FORM], body).await, "POST");
}

#[tokio::test]
async fn a_disabled_client_gets_nobody_anywhere() {
    let server = Server::start().await;
    let mut browser: Browser = server.signed_in("bob").await;
    let id = portcullis::protocol::client::ClientId::parse("shop").unwrap();
    server.manage(async |cx| portcullis::manage::clients::disable(&cx, &id).await.unwrap()).await;
    server.app.live.reload().await.unwrap();
    assert_shown(&browser.get(&Authorize::of("shop", "openid").path()).await, "disabled");
}
