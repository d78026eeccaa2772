//! The first administrator (SECURITY.md PW-09, T-33).

use portcullis::crypto::totp::Seed;
use portcullis::manage::setup;
use reqwest::{Method, StatusCode};
use time::Duration;
use tokio::task::JoinSet;

use crate::support::browser::{Browser, Page};
use crate::support::server::{PASSWORD, Server};

const ACCOUNT: [(&str, &str); 3] =
    [("username", "root"), ("email", "root@example.com"), ("password", PASSWORD)];

impl Server {
    /// Where the first administrator is made.
    pub async fn setup_link(&self) -> String {
        let link = self.manage(async |cx| setup::issue(&cx).await.unwrap()).await;
        format!("/setup?token={}", link.token.expose())
    }

    /// The page that asks for the first code of the authenticator, and that code.
    async fn setup_code(&self, browser: &mut Browser) -> (Page, String) {
        let link = self.setup_link().await;
        let page = browser.get(&link).await;
        let page = browser.submit(&page, &ACCOUNT).await;
        assert_eq!(page.status, StatusCode::OK, "{}", page.body);
        let key = page.body.split("<code>").nth(1).and_then(|rest| rest.split('<').next()).unwrap();
        let code = Seed::from_base32(&key.replace(' ', "")).unwrap().code_at(self.app.now());
        (page, code)
    }
}

#[tokio::test]
async fn the_first_administrator_comes_in_with_password_and_authenticator() {
    let server = Server::bare().await;
    let mut browser = server.browser();
    let (page, code) = server.setup_code(&mut browser).await;
    let wrong = browser.submit(&page, &[("code", "000000")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    let codes = browser.submit(&page, &[("code", &code)]).await;
    assert_eq!(codes.status, StatusCode::OK, "{}", codes.body);
    assert_eq!(codes.body.matches("<li>").count(), 10, "{}", codes.body);
    let done = browser.submit(&codes, &[("stored", "yes")]).await;
    assert_eq!((done.status, done.location()), (StatusCode::SEE_OTHER, "/admin"));
    // Signed in for good: the start of another sign-in asks for nothing.
    assert!(browser.cookies.contains_key("__Host-sid"));
}

#[tokio::test]
async fn the_code_that_made_the_administrator_signs_nobody_in() {
    let server = Server::bare().await;
    let mut browser = server.browser();
    let (page, code) = server.setup_code(&mut browser).await;
    browser.submit(&page, &[("code", &code)]).await;
    let mut thief = server.browser();
    let login = thief.get("/login").await;
    let asked = thief.submit(&login, &[("username", "root"), ("password", PASSWORD)]).await;
    let asked = thief.follow(asked).await;
    let refused = thief.submit(&asked, &[("code", &code)]).await;
    assert_eq!(refused.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_link_opens_once() {
    let server = Server::bare().await;
    let mut browser = server.browser();
    let link = server.setup_link().await;
    let first = browser.get(&link).await;
    let (page, code) = server.setup_code(&mut browser).await;
    browser.submit(&page, &[("code", &code)]).await;
    assert_eq!(browser.get(&link).await.status, StatusCode::GONE);
    assert_eq!(browser.submit(&first, &ACCOUNT).await.status, StatusCode::GONE);
    let again = browser.submit(&page, &[("code", &code)]).await;
    assert_eq!(again.status, StatusCode::GONE);
    assert!(again.body.contains("portcullis setup-link"));
}

#[tokio::test]
async fn no_link_is_made_once_there_is_an_administrator() {
    let server = Server::start().await;
    let refused = server.manage(async |cx| setup::issue(&cx).await.is_err()).await;
    assert!(refused);
}

#[tokio::test]
async fn a_link_is_good_for_fifteen_minutes() {
    let server = Server::bare().await;
    let link = server.setup_link().await;
    server.clock.advance(Duration::minutes(14));
    assert_eq!(server.browser().get(&link).await.status, StatusCode::OK);
    server.clock.advance(Duration::minutes(2));
    let page = server.browser().get(&link).await;
    assert_eq!(page.status, StatusCode::GONE);
    assert!(page.body.contains("portcullis setup-link"));
}

#[tokio::test]
async fn nobody_comes_in_without_the_link() {
    let server = Server::bare().await;
    server.setup_link().await;
    for guess in ["/setup", "/setup?token=", "/setup?token=pc_setup_x"] {
        assert_eq!(server.browser().get(guess).await.status, StatusCode::GONE, "{guess}");
    }
}

#[tokio::test]
async fn of_fifty_who_finish_at_once_on_two_nodes_one_comes_in() {
    let server = Server::with(&[("TRUSTED_PROXIES", "127.0.0.1/32")]).await;
    let other = server.second_node().await;
    let mut browser = server.browser();
    let (page, code) = server.setup_code(&mut browser).await;
    let mut tries = JoinSet::new();
    for n in 0..50 {
        // The other node believes no proxy, so few come there: an address may try ten times.
        let mut browser = if n % 10 == 0 { browser.on(&other) } else { browser.clone() };
        let (csrf, flow) = (page.hidden("csrf").unwrap(), page.hidden("flow").unwrap());
        let code = code.clone();
        tries.spawn(async move {
            let address = format!("198.51.{n}.7");
            let form = [("csrf", csrf.as_str()), ("flow", &flow), ("code", &code)];
            let headers = [("x-forwarded-for", address.as_str())];
            browser.send(Method::POST, "/setup/code", Some(&form), &headers).await.status
        });
    }
    let answers = tries.join_all().await;
    let came_in = answers.iter().filter(|status| **status == StatusCode::OK).count();
    let too_late = answers.iter().filter(|status| **status == StatusCode::GONE).count();
    assert_eq!((came_in, too_late), (1, 49), "{answers:?}");
}

#[tokio::test]
async fn a_weak_password_is_told_at_its_field() {
    let server = Server::bare().await;
    let mut browser = server.browser();
    let link = server.setup_link().await;
    let page = browser.get(&link).await;
    for (password, told) in [
        ("short", "Use at least 8 characters"),
        ("password1", "most common"),
        ("portcullis1", "service"),
    ] {
        let fields = [("username", "root"), ("email", "root@example.com"), ("password", password)];
        let refused = browser.submit(&page, &fields).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        let at_field = refused.body.split("id=\"password-error\">").nth(1).unwrap();
        assert!(at_field.split('<').next().unwrap().contains(told), "{at_field}");
        assert!(refused.body.contains("root@example.com") && !refused.body.contains(password));
    }
}

#[tokio::test]
async fn setup_forms_are_taken_from_our_own_page_only() {
    let server = Server::bare().await;
    let mut browser = server.browser();
    let link = server.setup_link().await;
    let page = browser.get(&link).await;
    let (csrf, flow) = (page.hidden("csrf").unwrap(), page.hidden("flow").unwrap());
    let form: Vec<_> =
        ACCOUNT.iter().copied().chain([("csrf", csrf.as_str()), ("flow", &flow)]).collect();
    for origin in ["null", "https://evil.example"] {
        let sent = browser.send(Method::POST, "/setup", Some(&form), &[("origin", origin)]).await;
        assert_eq!(sent.status, StatusCode::FORBIDDEN, "{origin}");
    }
    let stranger = server.browser().post("/setup", &form).await;
    assert_eq!(stranger.status, StatusCode::FORBIDDEN);
    let mut without = ACCOUNT.to_vec();
    without.push(("flow", &flow));
    assert_eq!(browser.post("/setup", &without).await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn the_links_secret_goes_into_no_referrer() {
    let server = Server::bare().await;
    let link = server.setup_link().await;
    let page = server.browser().get(&link).await;
    assert_eq!(page.headers["referrer-policy"], "no-referrer");
    assert!(page.body.contains(r#"<meta name="referrer" content="strict-origin">"#));
    let secret = link.split('=').nth(1).unwrap();
    assert!(!page.body.contains(secret), "the page repeats the secret");
}
