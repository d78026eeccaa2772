use proptest::prelude::*;

use super::*;

const REGISTERED: &str = "https://app.example/cb";

/// SECURITY.md T-1: what attackers send instead of [`REGISTERED`].
pub(crate) const HOSTILE: &[&str] = &[
    "",
    " https://app.example/cb",
    "https://app.example/cb ",
    "https://app.example/cb/",
    "https://app.example/CB",
    "https://app.example/cb?x=1",
    "https://app.example/cb?",
    "https://app.example/cb#f",
    "https://app.example/cb#",
    "https://app.example/cb%2f..",
    "https://app.example/cb/../cb",
    "https://app.example/./cb",
    "https://app.example/%63b",
    "https://app.example/cb;a",
    "https://app.example/cb%00",
    "https://app.example/cb\0",
    "https://app.example/cb%0d%0a",
    "https://app.example/c\tb",
    "https://app.example/c\nb",
    "https://app.example/cb\r\nLocation: https://evil",
    "https://app.example:443/cb",
    "https://app.example:8443/cb",
    "https://app.example:/cb",
    "http://app.example/cb",
    "HTTPS://app.example/cb",
    "https://APP.example/cb",
    "https://app.example.evil/cb",
    "https://evil/app.example/cb",
    "https://fooapp.example/cb",
    "https://sub.app.example/cb",
    "https://app.example@evil/cb",
    "https://evil@app.example/cb",
    "https://@app.example/cb",
    "https://evil\\@app.example/cb",
    "https:\\\\evil",
    "https:\\\\app.example\\cb",
    "https:/evil",
    "https:app.example/cb",
    "https:/app.example/cb",
    "https:///app.example/cb",
    "///evil",
    "//evil/cb",
    "//app.example/cb",
    "/cb",
    "https://app.example。evil/cb",
    "https://аpp.example/cb",
    "https://xn--app-.example/cb",
    "https://app.example./cb",
    "https://app%2eexample/cb",
    "https://[::ffff:1.2.3.4]/cb",
    "https://*.example/cb",
    "https://app.example/*",
    "javascript:alert(1)//https://app.example/cb",
    "data:text/html,x",
    "https://app.example/cb,https://evil/cb",
];

#[test]
fn no_hostile_variation_matches() {
    let registered = RedirectUri::register(REGISTERED).expect("fit");
    for requested in HOSTILE {
        assert!(!registered.matches(requested), "{requested:?}");
    }
    assert!(registered.matches(REGISTERED));
}

#[test]
fn fit_uris_are_registered_as_they_are() {
    for (text, kind) in [
        ("https://app.example", RedirectKind::Https),
        ("https://app.example/", RedirectKind::Https),
        ("https://app.example:8443/cb?a=b&c", RedirectKind::Https),
        ("https://app.example/cb?dummy1=lorem&dummy2=ipsum", RedirectKind::Https),
        ("http://127.0.0.1/cb", RedirectKind::Loopback),
        ("http://127.0.0.1:8080/cb", RedirectKind::Loopback),
        ("http://[::1]:9/cb", RedirectKind::Loopback),
        ("com.example.app:/cb", RedirectKind::PrivateUse),
        ("com.example.app://cb", RedirectKind::PrivateUse),
    ] {
        let registered = RedirectUri::register(text).expect(text);
        assert_eq!((registered.as_str(), registered.kind()), (text, kind));
        assert!(registered.matches(text));
    }
}

#[test]
fn unfit_uris_are_not_registered() {
    for text in [
        "",
        "/cb",
        "//evil/cb",
        "http://evil/cb",
        "http://localhost/cb",
        "http://localhost:3000/cb",
        "http://127.0.0.2/cb",
        "http://127.0.0.1.evil/cb",
        "http://127.1/cb",
        "http://2130706433/cb",
        "http://0x7f.1/cb",
        "http://127.0.0.1:0/cb",
        "http://127.0.0.1:080/cb",
        "http://127.0.0.1:99999/cb",
        "http://[::ffff:127.0.0.1]/cb",
        "javascript:alert(1)",
        "javascript://app.example/%0aalert(1)",
        "data:text/html,x",
        "file:///etc/passwd",
        "ftp://app.example/cb",
        "myapp:/cb",
        "com.example.app:cb",
        "com.example.app://user@cb/x",
        "https://app.example/cb#f",
        "https://app.example/cb#",
        "https://user@app.example/cb",
        "https://user:pw@app.example/cb",
        "https://@app.example/cb",
        "https://:@app.example/cb",
        "https://*.example/cb",
        "https://app.example/*",
        "https://app.example/a b",
        "https://app.example/a\tb",
        "https://app.example\\cb",
        "https://app.example/ä",
        "https://аpp.example/cb",
        "https://xn--app-.example/cb",
        "https://app.example/a/../b",
        "https://app.example/a/%2e%2e/b",
        "https://app.example:443/cb",
        "https://app.example:/cb",
        "HTTPS://app.example/cb",
        "https://App.example/cb",
        "https:/app.example/cb",
        "https:app.example/cb",
        "https:///app.example/cb",
        "https://app.example/%00",
        "https://app.example/%0D%0Ax",
        "https://app.example/cb?code=1",
        "https://app.example/cb?a=b&st%61te=1",
        "https://",
    ] {
        let error = RedirectUri::register(text).expect_err(text);
        assert_eq!(error.code, ErrorCode::InvalidRedirectUri, "{text}");
    }
    let long = format!("https://app.example/{}", "x".repeat(2048));
    assert!(RedirectUri::register(&long).is_err());
}

#[test]
fn localhost_is_refused_with_the_mend() {
    let error = RedirectUri::register("http://localhost:3000/cb").expect_err("unfit");
    assert!(error.detail.contains("127.0.0.1"));
}

#[test]
fn the_port_of_a_loopback_address_is_free() {
    for registered in ["http://127.0.0.1/cb", "http://127.0.0.1:8080/cb"] {
        let registered = RedirectUri::register(registered).expect("fit");
        assert!(registered.matches("http://127.0.0.1:49152/cb"));
        assert!(registered.matches("http://127.0.0.1/cb"));
    }
    let six = RedirectUri::register("http://[::1]/cb?a=b").expect("fit");
    assert!(six.matches("http://[::1]:49152/cb?a=b"));
}

#[test]
fn only_the_port_of_a_loopback_address_is_free() {
    let registered = RedirectUri::register("http://127.0.0.1/cb").expect("fit");
    for requested in [
        "http://localhost:49152/cb",
        "http://127.0.0.2/cb",
        "http://[::1]/cb",
        "https://127.0.0.1/cb",
        "http://127.0.0.1:/cb",
        "http://127.0.0.1:0/cb",
        "http://127.0.0.1:01/cb",
        "http://127.0.0.1:65536/cb",
        "http://127.0.0.1:+80/cb",
        "http://127.0.0.1:80@evil/cb",
        "http://127.0.0.1:80:80/cb",
        "http://127.0.0.1:80\\@evil/cb",
        "http://127.0.0.1@evil/cb",
        "http://127.0.0.1.evil/cb",
        "http://127.0.0.1:80/cb/",
        "http://127.0.0.1:80/cb?x",
        "http://127.0.0.1:80/cb#x",
        "http://127.0.0.1:80",
    ] {
        assert!(!registered.matches(requested), "{requested}");
    }
}

#[test]
fn the_port_of_an_https_address_is_not_free() {
    let registered = RedirectUri::register("https://127.0.0.1:8080/cb").expect("fit");
    assert!(!registered.matches("https://127.0.0.1:8081/cb"));
}

#[test]
fn parameters_go_behind_a_registered_query() {
    let pairs = [("code", "a b"), ("iss", "https://op")];
    for (uri, expected) in [
        ("https://a/cb", "https://a/cb?code=a%20b&iss=https%3A%2F%2Fop"),
        ("https://a/cb?x=%20", "https://a/cb?x=%20&code=a%20b&iss=https%3A%2F%2Fop"),
        ("https://a/cb?", "https://a/cb?code=a%20b&iss=https%3A%2F%2Fop"),
        ("https://a/cb?x&", "https://a/cb?x&code=a%20b&iss=https%3A%2F%2Fop"),
        ("com.example:/cb", "com.example:/cb?code=a%20b&iss=https%3A%2F%2Fop"),
    ] {
        assert_eq!(with_params(uri, pairs), expected);
    }
    assert_eq!(with_params("https://a/cb", []), "https://a/cb");
}

proptest! {
    #[test]
    fn nothing_but_itself_matches(requested in "https://app\\.example[!-~]{0,6}|[ -~]{0,30}") {
        let registered = RedirectUri::register(REGISTERED).expect("fit");
        prop_assert_eq!(registered.matches(&requested), requested == REGISTERED);
    }

    #[test]
    fn a_loopback_match_differs_in_the_port_only(port in "[!-~]{0,7}", tail in "(/cb|[!-~]{0,5})") {
        let registered = RedirectUri::register("http://127.0.0.1/cb").expect("fit");
        let requested = format!("http://127.0.0.1:{port}{tail}");
        if registered.matches(&requested) {
            let url = Url::parse(&requested).expect("a match is a URI");
            prop_assert_eq!(url.host_str(), Some("127.0.0.1"));
            prop_assert_eq!((url.path(), url.query(), url.fragment()), ("/cb", None, None));
            prop_assert!(url.username().is_empty() && url.password().is_none());
        }
    }

    #[test]
    fn what_is_registered_is_what_a_browser_visits(text in "(https?|a\\.b)://[!-~]{0,24}") {
        if let Ok(registered) = RedirectUri::register(&text) {
            let url = Url::parse(&text).expect("registered");
            prop_assert!(url.as_str() == text || url.as_str().strip_suffix('/') == Some(text.as_str()));
            prop_assert!(registered.matches(&text));
        }
    }
}
