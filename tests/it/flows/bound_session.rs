//! Sessions bound to a key of the device (DBSC) in a real browser, which makes its keys in software: the
//! machines of tests have no hardware that keeps any.

use serde_json::json;

use crate::flows::browser::CLIENTS;
use crate::flows::chromium::{Chromium, Scripts};
use crate::flows::relying_party::{RelyingParty, WELCOME};
use crate::support::server::Server;
use crate::support::tls::Credential;

/// Browsers bind sessions of sites with a real name only, over TLS that holds.
const HOST: &str = "id.example.com";
/// Device-bound sessions, with keys that are in no hardware.
const SOFTWARE_KEYS: &str = "--enable-features=DeviceBoundSessions,\
    EnableBoundSessionCredentialsSoftwareKeysForManualTesting";
/// Without the limit on how often a session is renewed.
const NO_QUOTA: &str = "--disable-features=DeviceBoundSessionsRefreshQuota";
const BOUND: &str = "select count(*) from sessions where bound_at is not null and ended_at is null";
const RENEWED: &str = "select count(*) from used_jtis";
const COOKIE: &str = "__Host-bound";

/// A server over TLS, and a browser that takes its certificate.
struct Scene {
    server: Server,
    screen: Chromium,
}

impl Scene {
    async fn set() -> Self {
        let credential = Credential::of_its_own(HOST);
        let server = Server::secure_at(HOST, &credential.files(), &[]).await;
        server.apply(CLIENTS).await;
        let pin = format!("--ignore-certificate-errors-spki-list={}", credential.pin);
        let found = format!("--host-resolver-rules=MAP {HOST} 127.0.0.1");
        let flags = [SOFTWARE_KEYS, NO_QUOTA, pin.as_str(), found.as_str()];
        let screen = Chromium::start_with(Scripts::On, &flags).await;
        Self { server, screen }
    }

    async fn open(&self, path: &str) {
        self.screen.open(&format!("{}{path}", self.server.issuer)).await;
    }

    /// Signs bob in, and waits until the browser has bound the session.
    async fn bind(&self) {
        self.open("/account").await;
        self.screen.sign_in("bob").await;
        self.screen.says("My account").await;
        self.until(BOUND, 1).await;
    }

    async fn until(&self, sql: &'static str, count: i64) {
        let mut last = 0;
        for _ in 0..100 {
            last = self.server.number(sql).await;
            if last == count {
                return;
            }
            tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        }
        panic!("{last} and not {count}: {sql}");
    }

    /// Takes the short-lived cookie away, as time would.
    async fn let_the_cookie_expire(&self) {
        let which = json!({ "name": COOKIE, "url": self.server.issuer });
        self.screen.tools("Network.deleteCookies", which).await;
    }
}

#[tokio::test]
async fn the_browser_binds_its_session_and_renews_it_unseen() {
    let scene = Scene::set().await;
    scene.bind().await;
    scene.open("/account/sessions").await;
    scene.screen.says("Bound to this device").await;
    for renewals in 1..=3 {
        scene.let_the_cookie_expire().await;
        scene.open("/account/profile").await;
        scene.screen.says("Profile").await;
        assert_eq!(scene.server.number(RENEWED).await, renewals + 1, "with the registration");
    }
    scene.screen.close().await;
}

#[tokio::test]
async fn an_application_elsewhere_finds_the_person_signed_in_though_the_cookie_is_over() {
    let scene = Scene::set().await;
    scene.bind().await;
    let mut app = RelyingParty::start().await;
    let request = app.request("desk", "openid");
    // From the application's own page, as a link in it would.
    scene.screen.open(&app.address).await;
    app.visit().await;
    scene.let_the_cookie_expire().await;
    let address = format!("{}{}", scene.server.issuer, request.path());
    scene.screen.go_from_page(&address).await;
    let visit = app.visit().await;
    assert!(visit.param("code").is_some(), "{visit:?}");
    scene.screen.says(WELCOME).await;
    scene.screen.close().await;
}

#[tokio::test]
async fn a_session_that_ended_is_forgotten_and_the_next_is_bound_again() {
    let scene = Scene::set().await;
    scene.bind().await;
    scene.server.execute("update sessions set ended_at = now(), end_reason = 'test'").await;
    scene.let_the_cookie_expire().await;
    scene.bind().await;
    scene.let_the_cookie_expire().await;
    scene.open("/account/sessions").await;
    scene.screen.says("Bound to this device").await;
    scene.screen.close().await;
}

#[tokio::test]
async fn an_administrator_waits_for_the_key_and_is_let_in() {
    let scene = Scene::set().await;
    scene.server.apply("[policy]\nbound_sessions = \"administrators\"\n").await;
    scene.open("/admin").await;
    scene.screen.sign_in("alice").await;
    scene.screen.fill("code", &scene.server.totp()).await;
    scene.screen.says("Applications").await;
    scene.until(BOUND, 1).await;
    scene.screen.close().await;
}
