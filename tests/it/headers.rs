//! What every answer leaves with (SECURITY.md SE-07 to SE-09, T-10, TK-15).

use reqwest::Method;

use crate::support::browser::{Authorize, Page};
use crate::support::calls::{FORM, credentials};
use crate::support::server::Server;

/// Checks a page of ours: nothing foreign, nothing inline, nowhere to be framed.
fn assert_page(page: &Page, why: &str) {
    let csp = page.header("content-security-policy");
    for part in [
        "default-src 'none'",
        "object-src 'none'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
        "form-action 'self'",
        "require-trusted-types-for 'script'",
    ] {
        assert!(csp.contains(part), "{why}: {csp}");
    }
    assert!(!csp.contains("unsafe") && !csp.contains('*'), "{why}: {csp}");
    assert_eq!(page.headers.get_all("content-security-policy").iter().count(), 1, "{why}");
    for (name, value) in [
        ("x-frame-options", "DENY"),
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "no-referrer"),
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-resource-policy", "same-origin"),
        ("cache-control", "no-store"),
    ] {
        assert_eq!(page.header(name), value, "{why}: {name}");
    }
    assert!(page.header("permissions-policy").contains("camera=()"), "{why}");
    for header in ["server", "x-powered-by"] {
        assert!(!page.headers.contains_key(header), "{why}");
    }
    let body = &page.body;
    for foreign in [
        "<script>",
        " onload=",
        " onclick=",
        " style=\"",
        "<style",
        "src=\"http",
        "src=\"//",
        "<iframe",
    ] {
        assert!(!body.contains(foreign), "{why}: {foreign}");
    }
    for link in body.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next()) {
        assert!(link.starts_with('/') || link.starts_with('#'), "{why}: {link}");
    }
}

fn is_html(page: &Page) -> bool {
    page.header("content-type").starts_with("text/html")
}

#[tokio::test]
async fn every_page_of_a_sign_in_has_all_headers() {
    let server = Server::start().await;
    let mut browser = server.browser();
    let page = browser.get(&Authorize::of("asker", "openid email").path()).await;
    let login = browser.follow(page).await;
    assert_page(&login, "login");
    let wrong = browser.submit(&login, &[("username", "carol"), ("password", "wrong")]).await;
    assert_page(&wrong, "a wrong password");
    let page = browser.submit(&wrong, &credentials("carol")).await;
    let code = browser.follow(page).await;
    assert_page(&code, "code");
    let wrong = browser.submit(&code, &[("code", "000000")]).await;
    assert_page(&wrong, "a wrong code");
    let page = browser.submit(&wrong, &[("code", &server.totp())]).await;
    let consent = browser.follow(page).await;
    assert!(consent.body.contains("consent-allow"), "{consent:?}");
    assert_page(&consent, "consent");
    assert!(
        consent
            .header("content-security-policy")
            .contains("form-action 'self' https://app.example;")
    );
    let logout = browser.get("/oauth2/logout").await;
    assert_page(&logout, "logout");
    let done = browser.submit(&logout, &[]).await;
    assert_page(&done, "signed out");
    assert_eq!(done.header("clear-site-data"), "\"cache\", \"storage\"");
}

#[tokio::test]
async fn every_error_page_has_all_headers() {
    let server = Server::start().await;
    let long = format!("/login?flow={}", "a".repeat(9_000));
    let big = "a".repeat(70_000);
    let table: [(&str, &str, &str, u16); 9] = [
        ("GET", "/oauth2/authorize", "", 400),
        ("GET", "/nowhere", "", 404),
        ("GET", "/login/../admin;x", "", 404),
        ("PUT", "/login", "", 405),
        ("POST", "/login", &big, 413),
        ("GET", &long, "", 414),
        ("POST", "/login", "username=bob", 400),
        ("GET", "/consent", "", 400),
        ("GET", "/login/code?flow=x", "", 400),
    ];
    for (method, path, body, status) in table {
        let page = server.raw(method, path, &[FORM], body.to_owned()).await;
        let near = page.status == status || (status == 400 && page.status == 403);
        assert!(near && is_html(&page), "{method} {path}: {page:?}");
        assert_page(&page, path);
        assert!(page.body.contains("ref_"), "{path}");
    }
}

#[tokio::test]
async fn the_form_post_page_may_tell_its_origin_and_nothing_else_differs() {
    let server = Server::start().await;
    let mut browser = server.signed_in("bob").await;
    let request = Authorize::of("shop", "openid").with("response_mode", "form_post");
    let page = browser.get(&request.path()).await;
    assert_page(&page, "form_post");
    assert!(page.header("content-security-policy").contains("https://app.example"));
}

#[tokio::test]
async fn programs_get_no_store_and_a_closed_policy_on_success_and_error() {
    let server = Server::start().await;
    let grant = [("grant_type", "client_credentials")];
    let mut answers = Vec::new();
    for path in ["/oauth2/token", "/oauth2/introspect", "/oauth2/revoke"] {
        answers.push((path, server.call(path, "machine", &[grant[0], ("token", "x")]).await));
        answers.push((path, server.form(path, &grant).await));
        answers.push((path, server.raw("GET", path, &[], "").await));
    }
    answers.push(("userinfo", server.raw("GET", "/oauth2/userinfo", &[], "").await));
    for (why, answer) in answers {
        assert_eq!(answer.header("cache-control"), "no-store", "{why} {}", answer.status);
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{why}");
        assert_eq!(
            answer.header("content-security-policy"),
            "default-src 'none'; frame-ancestors 'none'; sandbox",
            "{why} {}",
            answer.status
        );
        assert!(!is_html(&answer), "{why}");
        assert_eq!(answer.header("access-control-allow-credentials"), "", "{why}");
    }
}

#[tokio::test]
async fn a_redirect_to_a_client_is_stored_by_nobody() {
    let server = Server::start().await;
    let mut browser = server.signed_in("bob").await;
    let page = browser.get(&Authorize::of("shop", "openid").path()).await;
    assert_eq!(
        (page.header("cache-control"), page.header("referrer-policy")),
        ("no-store", "no-referrer")
    );
}

#[tokio::test]
async fn nothing_hostile_in_a_name_or_parameter_becomes_markup() {
    let server = Server::start().await;
    server
        .apply(
            r#"
            [[client]]
            client_id = "evil"
            client_name = "\"><img src=x onerror=alert(1)></script><script>alert(1)</script>{{7*7}}"
            redirect_uris = ["https://app.example/cb"]
            grant_types = ["authorization_code"]
            token_endpoint_auth_method = "none"
            scope = "openid"
            consent = "always"
            "#,
        )
        .await;
    let state = "\"><script>alert(1)</script>";
    let mut browser = server.browser();
    let request =
        Authorize::of("evil", "openid").with("state", state).with("response_mode", "form_post");
    let page = browser.get(&request.path()).await;
    let login = browser.follow(page).await;
    let typed = "\"><script>alert(1)</script>";
    let wrong = browser.submit(&login, &[("username", typed), ("password", "x")]).await;
    let page = browser.submit(&wrong, &credentials("bob")).await;
    let consent = browser.follow(page).await;
    let posted = browser.submit(&consent, &[("decision", "allow")]).await;
    assert!(posted.hidden("code").is_some(), "{posted:?}");
    let mut pages = vec![login, wrong, consent, posted];
    for path in [
        "/nowhere\"><script>alert(1)</script>",
        "/oauth2/authorize?client_id=<script>alert(1)</script>",
        "/login?flow=<script>alert(1)</script>",
    ] {
        pages.push(browser.send(Method::GET, path, None, &[]).await);
    }
    for page in pages {
        assert!(
            !page.body.contains("<script>alert") && !page.body.contains("<img src=x"),
            "{}",
            page.body
        );
        assert_page(&page, "hostile");
    }
}

#[tokio::test]
async fn https_issuers_demand_https_for_two_years() {
    let server = Server::start().await;
    let page = server.browser().get("/login").await;
    assert_eq!(page.header("strict-transport-security"), "", "not on plain loopback");
}
