//! The admin console: who gets in, what needs a fresh code, what it shows.

use portcullis::manage::users;
use time::Duration;

use crate::support::browser::{Browser, Page};
use crate::support::forge::Signer;
use crate::support::server::{PASSWORD, SECRET, STOCK, Server};

/// A browser in which alice, an administrator, is signed in.
async fn console(server: &Server) -> Browser {
    let mut browser = server.browser();
    let page = browser.get("/admin").await;
    let page = browser.follow(page).await;
    let page = browser.go_through(server, page, "alice").await;
    assert!(page.body.contains("<title>Overview"), "{}", page.body);
    browser
}

/// A server where the last code is too old for changes, and a browser that was used since.
async fn stale() -> (Server, Browser) {
    let server = Server::start().await;
    let mut browser = console(&server).await;
    server.clock.advance(Duration::minutes(6));
    browser.get("/admin").await;
    (server, browser)
}

async fn id_of(server: &Server, name: &str) -> String {
    server.manage(async |cx| users::find(&cx, name).await.unwrap().id.to_string()).await
}

/// Registers a web application by its form.
async fn register(browser: &mut Browser, name: &str, more: &[(&str, &str)]) -> Page {
    let form = browser.get("/admin/clients/new/web").await;
    let uri = ("redirect_uris", "https://new.example/cb\r\nhttp://127.0.0.1/cb");
    let id = form.hidden("client_id").unwrap();
    let mut fields =
        vec![("client_name", name), uri, ("scope:openid", "on"), ("client_id", id.as_str())];
    fields.extend(more);
    browser.submit(&form, &fields).await
}

/// The text of the element that follows `label` in a box with a copy button.
fn shown_after(page: &Page, label: &str) -> String {
    let from = page.body.find(label).expect("the label");
    let start = from + page.body[from..].find("<code>").unwrap() + 6;
    page.body[start..start + page.body[start..].find('<').unwrap()].to_owned()
}

#[tokio::test]
async fn whoever_is_not_signed_in_goes_to_the_sign_in_page() {
    let server = Server::start().await;
    for path in ["/admin", "/admin/clients", "/admin/users/new", "/admin/settings"] {
        let page = server.browser().get(path).await;
        assert_eq!(page.status, 303, "{path}");
        assert!(page.location().starts_with("/login?flow="), "{path}: {}", page.location());
    }
    let posted = server.browser().post("/admin/keys/rotate", &[]).await;
    assert_eq!(posted.status, 303);
}

#[tokio::test]
async fn whoever_does_not_administer_the_server_is_told_so() {
    let server = Server::start().await;
    let mut browser = server.browser();
    let page = browser.get("/admin").await;
    let page = browser.follow(page).await;
    let page = browser.go_through(&server, page, "carol").await;
    assert_eq!(page.status, 403);
    assert!(page.body.contains("This is for administrators") && page.body.contains("ref_"));
    for path in ["/admin/clients", "/admin/keys", "/admin/audit", "/admin/clients/shop/disable"] {
        assert_eq!(browser.get(path).await.status, 403, "{path}");
    }
}

#[tokio::test]
async fn an_administrator_with_a_password_alone_never_enters() {
    let server = Server::start().await;
    let mut browser = server.browser();
    let page = browser.get("/login").await;
    browser.submit(&page, &[("username", "alice"), ("password", PASSWORD)]).await;
    for path in ["/admin", "/admin/clients", "/admin/users", "/admin/clients/shop/secret"] {
        let page = browser.get(path).await;
        assert_eq!(page.status, 303, "{path}");
        assert!(page.location().starts_with("/login/code?"), "{path}: {}", page.location());
    }
}

#[tokio::test]
async fn every_page_is_there_for_an_administrator() {
    let server = Server::start().await;
    let mut browser = console(&server).await;
    let user = id_of(&server, "bob").await;
    let api = "/admin/apis/~aHR0cHM6Ly9hcGkuZXhhbXBsZS8";
    let mut paths: Vec<String> = [
        "",
        "/clients",
        "/clients?search=shop",
        "/clients/new",
        "/clients/new/web",
        "/clients/new/public",
        "/clients/new/machine",
        "/clients/shop",
        "/clients/shop/edit",
        "/clients/shop/secret",
        "/clients/shop/disable",
        "/clients/shop/enable",
        "/clients/spa",
        "/clients/machine",
        "/apis",
        "/apis/new",
        "/users",
        "/users/new",
        "/keys",
        "/keys/rotate",
        "/audit",
        "/audit?outcome=refused",
        "/audit?action=login.",
        "/settings",
    ]
    .map(|path| format!("/admin{path}"))
    .to_vec();
    let of_user = ["", "/edit", "/disable", "/enable", "/new-password", "/sessions/end"];
    paths.extend(of_user.map(|path| format!("/admin/users/{user}{path}")));
    paths.extend(["/edit", "/remove"].map(|path| format!("{api}{path}")));
    for path in paths {
        let page = browser.get(&path).await;
        assert_eq!(page.status, 200, "{path}: {}", page.body);
        assert_eq!(page.headers["cache-control"], "no-store", "{path}");
        assert!(page.headers.contains_key("content-security-policy"), "{path}");
        assert!(page.body.ends_with("</html>") || page.body.ends_with("</html>\n"), "{path}");
    }
}

#[tokio::test]
async fn a_new_application_shows_its_secret_once_and_works() {
    let server = Server::start().await;
    let mut browser = console(&server).await;
    let ready = register(&mut browser, "New shop", &[]).await;
    assert_eq!(ready.status, 200, "{}", ready.body);
    let (id, secret) = (shown_after(&ready, "Client id"), shown_after(&ready, "Client secret"));
    assert!(secret.starts_with("pc_cs_"), "{secret}");
    let view = browser.get(&format!("/admin/clients/{id}")).await;
    assert!(view.body.contains("New shop") && !view.body.contains(&secret));
    let fields = [("client_id", id.as_str()), ("client_secret", &secret), ("token", "x")];
    let known =
        server.browser().send(reqwest::Method::POST, "/oauth2/revoke", Some(&fields), &[]).await;
    assert_eq!(known.status, 401, "the method is client_secret_basic");
    let basic = format!("Basic {}", base64_of(&format!("{id}:{secret}")));
    let headers = [("authorization", basic.as_str())];
    let known = server
        .browser()
        .send(reqwest::Method::POST, "/oauth2/revoke", Some(&[("token", "x")]), &headers)
        .await;
    assert_eq!(known.status, 200, "{}", known.body);
}

fn base64_of(text: &str) -> String {
    use base64::Engine as _;
    base64::engine::general_purpose::STANDARD.encode(text)
}

#[tokio::test]
async fn a_form_sent_twice_registers_one_application() {
    let server = Server::start().await;
    let mut browser = console(&server).await;
    let form = browser.get("/admin/clients/new/machine").await;
    let id = form.hidden("client_id").unwrap();
    let fields =
        [("client_name", "Twice"), ("scope:orders.read", "on"), ("client_id", id.as_str())];
    assert_eq!(browser.submit(&form, &fields).await.status, 200);
    let again = browser.submit(&form, &fields).await;
    assert_eq!(again.status, 422);
    assert!(again.body.contains("registered a moment ago"), "{}", again.body);
}

#[tokio::test]
async fn a_mistake_is_shown_at_its_field_and_nothing_is_lost() {
    let server = Server::start().await;
    let mut browser = console(&server).await;
    let bad = [("post_logout_redirect_uris", "http://plain.example/")];
    let page = register(&mut browser, "Mistaken", &bad).await;
    assert_eq!(page.status, 422);
    assert!(page.body.contains("post_logout_redirect_uris-error"));
    assert!(
        page.body.contains("value=\"Mistaken\"") && page.body.contains("https://new.example/cb")
    );
}

#[tokio::test]
async fn a_stale_step_up_changes_nothing() {
    let (server, mut browser) = stale().await;
    let refused = register(&mut browser, "Too late", &[]).await;
    assert_eq!(refused.status, 403);
    assert!(refused.body.contains("value=\"Too late\"") && refused.body.contains("name=\"code\""));
    let form = browser.get("/admin/clients/shop/disable").await;
    for code in [None, Some("000000"), Some("not a code")] {
        let fields: Vec<_> = code.map(|code| ("code", code)).into_iter().collect();
        assert_eq!(browser.submit(&form, &fields).await.status, 403, "{code:?}");
    }
    let list = browser.get("/admin/clients?search=too").await;
    assert!(list.body.contains("Nothing found"), "{}", list.body);
    let answer =
        server.call("/oauth2/token", "shop", &[("grant_type", "client_credentials")]).await;
    assert_eq!(answer.status, 200);
}

#[tokio::test]
async fn a_fresh_code_in_the_form_makes_the_change_and_a_new_cookie() {
    let (server, mut browser) = stale().await;
    let before = browser.cookies.clone();
    let form = browser.get("/admin/clients/shop/disable").await;
    let done = browser.submit(&form, &[("code", &server.totp())]).await;
    assert_eq!(done.status, 303, "{}", done.body);
    assert_ne!(browser.cookies, before);
    let page = browser.follow(done).await;
    assert!(page.body.contains("The application is disabled"));
    let answer =
        server.call("/oauth2/token", "shop", &[("grant_type", "client_credentials")]).await;
    assert_eq!(answer.status, 401);
    browser.cookies = before;
    assert_eq!(browser.get("/admin").await.status, 303);
}

#[tokio::test]
async fn a_form_that_our_page_did_not_send_is_refused() {
    let server = Server::start().await;
    let mut browser = console(&server).await;
    let path = "/admin/clients/shop/disable";
    let csrf = browser.get(path).await.hidden("csrf").unwrap();
    let other = browser.get("/admin/clients/spa/disable").await.hidden("csrf").unwrap();
    for fields in [vec![], vec![("csrf", "AAAA")], vec![("csrf", other.as_str())]] {
        assert_eq!(browser.post(path, &fields).await.status, 403, "{fields:?}");
    }
    let foreign = [("origin", "https://evil.example")];
    let fields = [("csrf", csrf.as_str())];
    let page = browser.send(reqwest::Method::POST, path, Some(&fields), &foreign).await;
    assert_eq!(page.status, 403);
    assert!(browser.get("/admin/clients/shop").await.body.contains("Active"));
}

#[tokio::test]
async fn what_is_not_there_is_not_found() {
    let server = Server::start().await;
    let mut browser = console(&server).await;
    let user = id_of(&server, "bob").await;
    let none = "00000000-0000-7000-8000-000000000000";
    for path in [
        "/admin/clients/nobody".to_owned(),
        "/admin/clients/~c2hvcA".to_owned(),
        "/admin/clients/nobody/edit".to_owned(),
        "/admin/clients/spa/secret".to_owned(),
        "/admin/users/bob".to_owned(),
        format!("/admin/users/{none}"),
        format!("/admin/users/{user}/sessions/{none}/end"),
        "/admin/apis/~eA/edit".to_owned(),
        format!("/admin/audit/{none}"),
        "/admin/audit/x".to_owned(),
        "/admin/nothing".to_owned(),
    ] {
        assert_eq!(browser.get(&path).await.status, 404, "{path}");
    }
}

#[tokio::test]
async fn a_filter_that_cannot_be_read_is_refused() {
    let server = Server::start().await;
    let mut browser = console(&server).await;
    for path in [
        "/admin/audit?after=x",
        "/admin/audit?outcome=maybe",
        "/admin/audit?address=home",
        "/admin/users?after=1%27%20or%201",
        "/admin/users?after=a&after=b",
    ] {
        assert_eq!(browser.get(path).await.status, 400, "{path}");
    }
}

#[tokio::test]
async fn text_from_people_is_text() {
    const EVIL: &str = "\"><script>alert(1)</script>{{7*7}}";
    let server = Server::start().await;
    let mut browser = console(&server).await;
    let pages = [
        register(&mut browser, EVIL, &[]).await,
        register(&mut browser, EVIL, &[("post_logout_redirect_uris", EVIL)]).await,
        browser.get("/admin/clients").await,
        browser.get("/admin").await,
        browser.get("/admin/clients?search=%22%3E%3Cscript%3Ealert(1)%3C%2Fscript%3E").await,
        browser.get("/admin/audit?refusal=%22%3E%3Cscript%3Ealert(1)%3C%2Fscript%3E").await,
        browser.get("/admin/audit?actor=%22%3E%3Cscript%3Ealert(1)%3C%2Fscript%3E").await,
    ];
    for page in pages {
        assert!(
            !page.body.contains("<script>alert") && !page.body.contains("{{49"),
            "{}",
            page.body
        );
    }
}

#[tokio::test]
async fn an_ended_session_is_over_at_once() {
    let server = Server::start().await;
    let mut browser = console(&server).await;
    let tokens = server.tokens("shop", "openid offline_access", "bob").await;
    let path = format!("/admin/users/{}/sessions/end", id_of(&server, "bob").await);
    let form = browser.get(&path).await;
    let done = browser.submit(&form, &[]).await;
    assert_eq!(done.status, 303, "{}", done.body);
    assert!(!server.is_active(tokens["access_token"].as_str().unwrap()).await);
}

#[tokio::test]
async fn a_refusal_id_leads_to_the_rule_and_the_parameter() {
    let server = Server::start().await;
    let mut browser = console(&server).await;
    let bad =
        "/oauth2/authorize?client_id=shop&response_type=code&redirect_uri=https://evil.example/";
    let page = server.browser().get(bad).await;
    let from = page.body.find("ref_").unwrap();
    let id = &page.body[from..from + 14];
    server.flush_journal().await;
    let found = browser.get(&format!("/admin/audit?refusal={id}")).await;
    let event = browser.follow(found).await;
    assert!(event.body.contains("Why it was refused") && event.body.contains("redirect_uri"));
    assert!(!event.body.contains(SECRET));
}

#[tokio::test]
async fn a_person_is_made_and_an_old_secret_survives_as_long_as_chosen() {
    let server = Server::start().await;
    let mut browser = console(&server).await;
    let form = browser.get("/admin/users/new").await;
    let fields = [("username", "dora"), ("email", "dora@example.com"), ("password", PASSWORD)];
    let done = browser.submit(&form, &fields).await;
    assert_eq!(done.status, 303, "{}", done.body);
    assert!(browser.follow(done).await.body.contains("The account was created"));
    for (choice, status) in [("24h", 200), ("0", 401)] {
        let form = browser.get("/admin/clients/shop/secret").await;
        let ready = browser.submit(&form, &[("choice", choice)]).await;
        assert!(shown_after(&ready, "Client secret").starts_with("pc_cs_"), "{}", ready.body);
        let fields = [("grant_type", "client_credentials")];
        assert_eq!(server.call("/oauth2/token", "shop", &fields).await.status, status, "{choice}");
    }
}

#[tokio::test]
async fn the_page_of_an_application_says_what_it_lacks_for_fapi_and_what_comes_of_that() {
    for (profile, told) in [
        ("oauth21", "A key: it proves itself by a secret"),
        ("fapi2", "Its requests are refused, since it proves itself by a secret"),
    ] {
        let server = Server::with(&[("SECURITY_PROFILE", profile)]).await;
        server.apply(STOCK).await;
        let page = console(&server).await.get("/admin/clients/shop").await;
        assert!(page.body.contains(told), "{}", page.body);
        let strict = page.body.contains("as this server asks of every application");
        assert_eq!(strict, profile == "fapi2");
    }
}

#[tokio::test]
async fn whoever_chooses_fapi_in_the_form_need_not_tick_what_comes_with_it() {
    let server = Server::start().await;
    server.apply(&Signer::new().client()).await;
    let mut browser = console(&server).await;
    let form = browser.get("/admin/clients/signer/edit").await;
    let fields = [
        ("client_name", "Signer"),
        ("grant:client_credentials", "on"),
        ("scope:orders.read", "on"),
        ("token_endpoint_auth_method", "private_key_jwt"),
        ("consent", "remember"),
        ("mfa", "policy"),
        ("id_token_signed_response_alg", "RS256"),
        ("profile", "fapi2"),
    ];
    let saved = browser.submit(&form, &fields).await;
    assert_eq!(saved.status, 303, "{}", saved.body);
    let settled = "select count(*) from clients where id = 'signer' and profile = 'fapi2'
        and pushed_only and dpop_bound and id_token_alg = 'PS256'";
    assert_eq!(server.number(settled).await, 1);
    // Another way to bind takes the place of the first.
    let form = browser.get("/admin/clients/signer/edit").await;
    let bound = ("demand:tls_client_certificate_bound_access_tokens", "on");
    let saved = browser.submit(&form, &[&fields[..], &[bound]].concat()).await;
    assert_eq!(saved.status, 303, "{}", saved.body);
    let other =
        "select count(*) from clients where id = 'signer' and certificate_bound and not dpop_bound";
    assert_eq!(server.number(other).await, 1);
}
