//! Bounds on what a request may be (SECURITY.md DO-01, DO-03, DO-04, H6, H15, H70).

use std::time::{Duration, Instant};

use crate::support::browser::Authorize;
use crate::support::calls::{FORM, credentials};
use crate::support::server::{STOCK, Server};

#[tokio::test]
async fn what_is_too_large_is_refused_at_once() {
    let server = Server::start().await;
    let big = format!("grant_type=client_credentials&pad={}", "a".repeat(65 * 1024));
    let many = (0..101).map(|n| format!("p{n}=x")).collect::<Vec<_>>().join("&");
    let code = format!("grant_type=authorization_code&code={}", "a".repeat(1024 * 1024));
    let long = format!("/oauth2/authorize?client_id={}", "a".repeat(8 * 1024));
    let scope = format!("/oauth2/authorize?client_id=shop&scope={}", "x+".repeat(3_000));
    for (method, path, body, status) in [
        ("POST", "/oauth2/token", big.as_str(), 413),
        ("POST", "/oauth2/token", code.as_str(), 413),
        ("POST", "/login", big.as_str(), 413),
        ("POST", "/oauth2/token", many.as_str(), 400),
        ("POST", "/oauth2/introspect", many.as_str(), 400),
        ("GET", long.as_str(), "", 414),
        ("GET", scope.as_str(), "", 400),
    ] {
        let begun = Instant::now();
        let answer = server.raw(method, path, &[FORM], body.to_owned()).await;
        assert_eq!(answer.status, status, "{method} {:.60}", path);
        assert!(begun.elapsed() < Duration::from_secs(2), "{:.60}", path);
    }
}

#[tokio::test]
async fn a_head_of_too_many_or_too_long_fields_is_refused() {
    let server = Server::start().await;
    let many = (0..70).map(|n| format!("x-{n}: a\r\n")).collect::<String>();
    let long = format!("x-long: {}\r\n", "a".repeat(17 * 1024));
    for headers in [many, long] {
        let status = server.wire_status("GET /livez HTTP/1.1", &headers).await;
        assert!(matches!(status, 400 | 431), "{status}");
    }
    assert_eq!(server.wire_status("GET /livez HTTP/1.1", "").await, 200);
}

#[tokio::test]
async fn two_lengths_are_refused_and_nothing_behind_them_is_read() {
    let server = Server::start().await;
    let host = server.issuer.trim_start_matches("http://").to_owned();
    let smuggled = "0\r\n\r\nGET /oauth2/jwks HTTP/1.1\r\nHost: x\r\n\r\n";
    for lengths in [
        "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n",
        "Content-Length: 5\r\nContent-Length: 6\r\n",
        "Content-Length: -1\r\n",
        "Content-Length: +5\r\n",
        "Transfer-Encoding: chunked, identity\r\n",
        "Transfer-Encoding: xchunked\r\n",
    ] {
        let request =
            format!("POST /oauth2/token HTTP/1.1\r\nHost: {host}\r\n{lengths}\r\n{smuggled}");
        let answer = server.wire(request.as_bytes()).await;
        assert!(!answer.contains("\"keys\""), "{lengths}: {answer}");
        let status = answer.split(' ').nth(1).unwrap_or("closed");
        assert_ne!(status, "200", "{lengths}: {answer}");
    }
}

#[tokio::test]
async fn a_path_has_one_spelling() {
    let server = Server::start().await;
    for target in [
        "//oauth2/token",
        "/oauth2//token",
        "/./oauth2/token",
        "/x/../oauth2/token",
        "/%6fauth2/token",
        "/oauth2/token%2f",
        "/oauth2/token/",
        "/oauth2/token;x",
        "/oauth2\\token",
        "/OAUTH2/token",
        "/oauth2/token%00",
    ] {
        let line = format!("POST {target} HTTP/1.1");
        let status = server.wire_status(&line, "Content-Length: 0\r\n").await;
        assert!(matches!(status, 400 | 404), "{target}: {status}");
    }
}

#[tokio::test]
async fn other_hosts_old_versions_and_odd_methods_get_nowhere() {
    let server = Server::start().await;
    let ask = async |bytes: &str| {
        let answer = server.wire(bytes.as_bytes()).await;
        answer.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or(0_u16)
    };
    let host = server.issuer.trim_start_matches("http://").to_owned();
    for (request, allowed) in [
        ("GET /oauth2/jwks HTTP/1.1\r\n\r\n".to_owned(), &[400][..]),
        (format!("GET /oauth2/jwks HTTP/1.1\r\nHost: {host}\r\nHost: evil\r\n\r\n"), &[400]),
        (
            format!("GET http://evil.example/oauth2/jwks HTTP/1.1\r\nHost: {host}\r\n\r\n"),
            &[400, 421],
        ),
        ("GET /oauth2/jwks\r\n\r\n".to_owned(), &[0, 400]),
        (format!("TRACE /oauth2/token HTTP/1.1\r\nHost: {host}\r\n\r\n"), &[405]),
        (format!("CONNECT evil:443 HTTP/1.1\r\nHost: {host}\r\n\r\n"), &[400, 404, 405, 421]),
        (format!("PRI * HTTP/1.1\r\nHost: {host}\r\n\r\n"), &[0, 400, 404, 405]),
        (format!("GET * HTTP/1.1\r\nHost: {host}\r\n\r\n"), &[400, 404]),
        ("\0\0\0\0\r\n\r\n".to_owned(), &[0, 400]),
    ] {
        let status = ask(&request).await;
        assert!(allowed.contains(&status), "{request:?}: {status}");
    }
    for method in ["GET", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS"] {
        for path in ["/oauth2/token", "/oauth2/introspect", "/oauth2/revoke"] {
            assert_eq!(server.raw(method, path, &[], "").await.status, 405, "{method} {path}");
        }
    }
}

#[tokio::test]
async fn no_header_moves_the_issuer() {
    let server = Server::start().await;
    let mut documents = Vec::new();
    for headers in [
        &[][..],
        &[("x-forwarded-host", "evil.example"), ("x-forwarded-proto", "https")],
        &[("forwarded", "host=evil.example;proto=https")],
        &[("x-forwarded-prefix", "/evil"), ("x-forwarded-port", "1")],
        &[("host", "evil.example")],
        &[("x-original-url", "/evil"), ("x-rewrite-url", "/evil")],
    ] {
        for path in ["/.well-known/openid-configuration", "/oauth2/jwks"] {
            let answer = server.raw("GET", path, headers, "").await;
            if answer.status != 421 && answer.status != 400 {
                documents.push((path, answer.body));
            }
        }
        let page = server.raw("GET", &Authorize::of("shop", "openid").path(), headers, "").await;
        assert!(!page.location().contains("evil") && !page.body.contains("evil"), "{page:?}");
    }
    for (path, body) in &documents {
        let first = documents.iter().find(|(other, _)| other == path).unwrap();
        assert_eq!(*body, first.1);
        assert!(!body.contains("evil"));
    }
}

#[tokio::test]
async fn a_forged_address_does_not_move_the_limit() {
    let server = Server::start().await;
    let mut limited = false;
    for n in 0..400 {
        let forwarded = format!("10.0.{}.{n}", n % 7);
        let headers = [FORM, ("x-forwarded-for", forwarded.as_str()), ("x-real-ip", &forwarded)];
        let body = format!("grant_type=client_credentials&client_id=asker&client_secret=guess-{n}");
        limited = server.raw("POST", "/oauth2/token", &headers, body).await.status == 429;
        if limited {
            break;
        }
    }
    assert!(limited);
    server.flush_journal().await;
    assert_eq!(
        server.number("select count(*) from audit_events where host(address) like '10.%'").await,
        0
    );
}

#[tokio::test]
async fn sign_in_forms_are_limited_by_address_with_retry_after() {
    let server = Server::with(&[("LIMITS_SIGN_IN_PER_MINUTE", "20")]).await;
    server.apply(STOCK).await;
    let mut browser = server.browser();
    let page = browser.get(&Authorize::of("shop", "openid").path()).await;
    let page = browser.follow(page).await;
    let mut limited = None;
    for n in 0..60 {
        let answer =
            browser.submit(&page, &[("username", &format!("n{n}")), ("password", "x")]).await;
        if answer.status == 429 {
            limited = Some(answer);
            break;
        }
    }
    let answer = limited.expect("a limit");
    assert!(answer.header("retry-after").parse::<u32>().unwrap() >= 1);
    let right = browser.submit(&page, &credentials("bob")).await;
    assert_eq!(right.status, 429);
    assert!(server.browser().get("/oauth2/jwks").await.status == 200, "others are served");
}

#[tokio::test]
async fn huge_language_lists_cost_nothing() {
    let server = Server::start().await;
    let languages = "de;q=0.5,".repeat(800);
    let begun = Instant::now();
    let page = server.raw("GET", "/login", &[("accept-language", &languages)], "").await;
    assert!(page.status == 200 && begun.elapsed() < Duration::from_secs(1));
    let request = Authorize::of("shop", "openid").with("ui_locales", &"de ".repeat(170));
    let page = server.browser().get(&request.path()).await;
    assert!(page.status == 303, "{page:?}");
}
