//! People with a real browser: what they see, press and type, with scripts and without.

use portcullis::crypto::totp::Seed;
use time::Duration;

use crate::flows::chromium::{Chromium, Scripts};
use crate::flows::relying_party::{RelyingParty, WELCOME};
use crate::support::browser::Authorize;
use crate::support::server::Server;

/// Clients on loopback: one that people are asked about, one that they are not.
pub const CLIENTS: &str = r#"
[[client]]
client_id = "photos"
client_secret = "pc_cs_a-secret-that-is-long-enough-for-tests"
client_name = "Photo Prints"
redirect_uris = ["http://127.0.0.1/cb"]
grant_types = ["authorization_code", "refresh_token"]
token_endpoint_auth_method = "client_secret_post"
scope = "openid profile email offline_access orders.read"
consent = "remember"
policy_uri = "https://photos.example/privacy"
tos_uri = "https://photos.example/terms"

[[client]]
client_id = "desk"
client_secret = "pc_cs_a-secret-that-is-long-enough-for-tests"
client_name = "Desk"
redirect_uris = ["http://127.0.0.1/cb"]
token_endpoint_auth_method = "client_secret_post"
scope = "openid profile"
consent = "trusted"
"#;

struct Scene {
    server: Server,
    app: RelyingParty,
    screen: Chromium,
}

impl Scene {
    async fn set(scripts: Scripts) -> Self {
        let server = Server::start().await;
        server.apply(CLIENTS).await;
        let (app, screen) = (RelyingParty::start().await, Chromium::start(scripts).await);
        Self { server, app, screen }
    }

    async fn open(&self, request: &Authorize) {
        self.screen.open(&format!("{}{}", self.server.issuer, request.path())).await;
    }

    /// Waits for the browser at the application and redeems the code that it brings.
    async fn arrive(&mut self, request: &Authorize) -> serde_json::Value {
        let visit = self.app.visit().await;
        self.screen.says(WELCOME).await;
        assert_eq!(visit.param("state"), Some("af0ifjsldkj"));
        assert_eq!(visit.param("iss"), Some(self.server.issuer.as_str()));
        let code = visit.param("code").unwrap_or_else(|| panic!("no code: {visit:?}"));
        let answer = self.server.redeem(request, code).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        answer.json()
    }

    async fn sign_out(&self) {
        self.screen.open(&format!("{}/oauth2/logout", self.server.issuer)).await;
        self.screen.press("#logout-confirm").await;
        self.screen.says("signed out").await;
    }
}

/// The whole way there and back: password, code, consent, the application, sign-out.
async fn password_code_and_consent(scripts: Scripts) {
    let mut scene = Scene::set(scripts).await;
    let request = scene.app.request("photos", "openid email offline_access orders.read");
    scene.open(&request).await;
    scene.screen.says("Sign in to Photo Prints").await;
    scene.screen.sign_in("carol").await;
    scene.screen.give_code(&scene.server, scripts).await;
    scene.screen.says("Allow Photo Prints to use your account?").await;
    scene.screen.says("carol@example.com").await;
    scene.screen.press("#consent-allow").await;
    let tokens = scene.arrive(&request).await;
    assert_eq!(tokens["scope"], "email offline_access openid orders.read");
    assert!(tokens["refresh_token"].is_string());

    scene.open(&request).await;
    scene.arrive(&request).await;
    scene.sign_out().await;
    scene.open(&request).await;
    scene.screen.find("#username").await;
    scene.screen.close().await;
}

#[tokio::test]
async fn a_person_signs_in_with_password_and_code_and_allows_an_application() {
    password_code_and_consent(Scripts::On).await;
}

#[tokio::test]
async fn a_person_without_scripts_does_the_same() {
    password_code_and_consent(Scripts::Off).await;
}

#[tokio::test]
async fn a_person_who_denies_goes_back_without_a_code() {
    let mut scene = Scene::set(Scripts::On).await;
    let request = scene.app.request("photos", "openid email");
    scene.open(&request).await;
    scene.screen.sign_in("bob").await;
    scene.screen.press("#consent-deny").await;
    let visit = scene.app.visit().await;
    assert_eq!(visit.param("error"), Some("access_denied"));
    assert_eq!(visit.param("code"), None);
    scene.screen.close().await;
}

#[tokio::test]
async fn a_wrong_password_is_told_at_the_field_and_takes_the_focus() {
    let mut scene = Scene::set(Scripts::On).await;
    let request = scene.app.request("desk", "openid");
    scene.open(&request).await;
    scene.screen.give_password("bob", "not the password").await;
    scene.screen.says("That user name and password do not match.").await;
    assert_eq!(scene.screen.focused().await, "error-summary");
    let name = scene.screen.find("#username").await;
    assert_eq!(name.attr("aria-invalid").await.unwrap().as_deref(), Some("true"));
    assert_eq!(name.attr("aria-describedby").await.unwrap().as_deref(), Some("password-error"));
    assert_eq!(name.prop("value").await.unwrap().as_deref(), Some("bob"));

    scene.screen.sign_in("bob").await;
    scene.arrive(&request).await;
    scene.screen.close().await;
}

#[tokio::test]
async fn the_name_is_asked_first_and_nothing_moves_when_the_scripts_start() {
    let scene = Scene::set(Scripts::On).await;
    scene.open(&scene.app.request("desk", "openid")).await;
    scene.screen.says("Continue").await;
    let password = scene.screen.find("#password").await;
    assert!(!password.is_displayed().await.unwrap());
    let moved = scene.screen.client.execute_async(SHIFTS, Vec::new()).await.unwrap();
    assert_eq!(moved.as_f64(), Some(0.0));
    scene.screen.fill("username", "bob").await;
    scene.screen.press("#login-submit").await;
    assert_eq!(scene.screen.focused().await, "password");
    assert!(password.is_displayed().await.unwrap());
    scene.screen.close().await;
}

/// The layout shifts since the page began.
const SHIFTS: &str = "const [done] = arguments; let sum = 0; \
    new PerformanceObserver((list) => list.getEntries().forEach((e) => sum += e.value)) \
    .observe({ type: 'layout-shift', buffered: true }); setTimeout(() => done(sum), 500);";

#[tokio::test]
async fn the_language_menu_speaks_without_scripts_and_keeps_the_sign_in() {
    let mut scene = Scene::set(Scripts::Off).await;
    let request = scene.app.request("desk", "openid");
    scene.open(&request).await;
    scene.screen.press(".languages summary").await;
    scene.screen.press("button[lang=de]").await;
    scene.screen.says("Bei Desk anmelden").await;
    scene.screen.sign_in("bob").await;
    scene.arrive(&request).await;
    scene.screen.close().await;
}

#[tokio::test]
async fn a_wrong_code_is_told_and_the_right_one_still_works() {
    let mut scene = Scene::set(Scripts::On).await;
    let request = scene.app.request("desk", "openid");
    scene.open(&request).await;
    scene.screen.sign_in("carol").await;
    let wrong = if scene.server.totp() == "000000" { "000001" } else { "000000" };
    scene.screen.fill("code", wrong).await;
    scene.screen.says("That code is not right").await;
    assert_eq!(scene.screen.focused().await, "error-summary");
    scene.screen.give_code(&scene.server, Scripts::On).await;
    scene.arrive(&request).await;
    scene.screen.close().await;
}

#[tokio::test]
async fn prompt_login_asks_again_and_an_answer_by_post_arrives() {
    let mut scene = Scene::set(Scripts::On).await;
    let request = scene.app.request("desk", "openid");
    scene.open(&request).await;
    scene.screen.sign_in("bob").await;
    scene.arrive(&request).await;

    let request = request.with("response_mode", "form_post").with("prompt", "login");
    scene.open(&request).await;
    scene.screen.sign_in("bob").await;
    let visit = scene.app.visit().await;
    assert_eq!((visit.method.as_str(), visit.path.as_str()), ("POST", "/cb"));
    let code = visit.param("code").unwrap();
    assert_eq!(scene.server.redeem(&request, code).await.status, 200);
    scene.screen.close().await;
}

#[tokio::test]
async fn an_answer_by_post_needs_one_press_where_scripts_are_off() {
    let mut scene = Scene::set(Scripts::Off).await;
    let request = scene.app.request("desk", "openid").with("response_mode", "form_post");
    scene.open(&request).await;
    scene.screen.sign_in("bob").await;
    scene.screen.press("#continue").await;
    let visit = scene.app.visit().await;
    assert_eq!(visit.method, "POST");
    assert!(visit.param("code").is_some(), "{visit:?}");
    scene.screen.close().await;
}

#[tokio::test]
async fn a_person_enrols_where_the_policy_says_so_and_later_uses_a_recovery_code() {
    let mut scene = Scene::set(Scripts::On).await;
    scene.server.apply("[policy]\nmfa = \"everyone\"\n").await;
    let request = scene.app.request("desk", "openid");
    scene.open(&request).await;
    scene.screen.sign_in("bob").await;
    let codes = enrol(&scene).await;
    scene.arrive(&request).await;
    scene.sign_out().await;

    scene.open(&request).await;
    scene.screen.sign_in("bob").await;
    scene.screen.press("a[href*='way=recovery']").await;
    scene.screen.fill("code", "aaaa-aaaa-aaaa-aaaa").await;
    scene.screen.press("#code-submit").await;
    scene.screen.says("That code is not right").await;
    scene.screen.says("You have 10 left").await;
    scene.screen.fill("code", &codes[3].to_lowercase()).await;
    scene.screen.press("#code-submit").await;
    scene.arrive(&request).await;
    scene.screen.close().await;
}

/// Sets up an authenticator with the key that the page shows, and stores the recovery codes.
async fn enrol(scene: &Scene) -> Vec<String> {
    scene.screen.press("details > summary").await;
    let key = scene.screen.find("details code").await.text().await.unwrap();
    let code = Seed::from_base32(&key.replace(' ', "")).unwrap().code_at(scene.server.app.now());
    scene.screen.fill("code", &code).await;
    scene.screen.says("Store your recovery codes").await;
    let mut codes = Vec::new();
    for item in scene.screen.client.find_all(fantoccini::Locator::Css(".codes li")).await.unwrap() {
        codes.push(item.text().await.unwrap());
    }
    assert_eq!(codes.len(), 10);
    scene.screen.press("[name=stored]").await;
    scene.screen.press("#recovery-submit").await;
    codes
}

#[tokio::test]
async fn a_person_who_stays_is_not_signed_out() {
    let mut scene = Scene::set(Scripts::On).await;
    let request = scene.app.request("desk", "openid");
    scene.open(&request).await;
    scene.screen.sign_in("bob").await;
    scene.arrive(&request).await;
    scene.screen.open(&format!("{}/oauth2/logout", scene.server.issuer)).await;
    scene.screen.press("#logout-cancel").await;
    scene.screen.says("still signed in").await;
    scene.open(&request).await;
    scene.arrive(&request).await;
    scene.screen.close().await;
}

#[tokio::test]
async fn a_session_that_ended_in_the_meantime_begins_again() {
    let mut scene = Scene::set(Scripts::On).await;
    let request = scene.app.request("desk", "openid");
    scene.open(&request).await;
    scene.screen.sign_in("bob").await;
    scene.arrive(&request).await;
    scene.server.clock.advance(Duration::days(40));
    scene.open(&request).await;
    scene.screen.sign_in("bob").await;
    scene.arrive(&request).await;
    scene.screen.close().await;
}
