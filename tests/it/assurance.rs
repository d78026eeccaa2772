//! What tokens tell of a sign-in is what happened in it (SECURITY.md T-7): `acr`, `amr`, `auth_time`.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use time::Duration;

use crate::support::browser::{Authorize, Browser, Page};
use crate::support::calls::credentials;
use crate::support::server::Server;

const PASSWORD: &str = "urn:portcullis:acr:password";
const MFA: &str = "urn:portcullis:acr:mfa";

/// What a JWT of ours says.
pub fn claims(token: &Value) -> Value {
    let payload = token.as_str().unwrap().split('.').nth(1).unwrap();
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(payload).unwrap()).unwrap()
}

/// Checks that both tokens behind the code in `done` tell the same, and gives what the ID token says.
pub async fn told(server: &Server, request: &Authorize, done: &Page) -> Value {
    let code = done.param("code").unwrap_or_else(|| panic!("no code: {done:?}"));
    let answer = server.redeem(request, &code).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    let tokens = answer.json();
    let (id, access) = (claims(&tokens["id_token"]), claims(&tokens["access_token"]));
    for name in ["acr", "amr", "auth_time"] {
        assert_eq!(id[name], access[name], "{name}");
    }
    id
}

fn request() -> Authorize {
    Authorize::of("shop", "openid orders.read")
}

async fn begin(browser: &mut Browser, request: &Authorize) -> Page {
    let page = browser.get(&request.path()).await;
    browser.follow(page).await
}

#[tokio::test]
async fn a_password_alone_is_told_as_one_with_its_time() {
    let server = Server::start().await;
    let (request, mut browser) = (request(), server.browser());
    let page = begin(&mut browser, &request).await;
    let at = server.app.now().unix_timestamp();
    let done = browser.submit(&page, &credentials("bob")).await;
    let id = told(&server, &request, &done).await;
    assert_eq!((&id["acr"], &id["amr"]), (&json!(PASSWORD), &json!(["pwd"])));
    assert!((id["auth_time"].as_i64().unwrap() - at).abs() <= 5, "{id}");
    // Later and without a page: the time stays what it was.
    server.clock.advance(Duration::minutes(20));
    let silent = request.clone().with("prompt", "none");
    let later = browser.get(&silent.path()).await;
    assert_eq!(told(&server, &silent, &later).await["auth_time"], id["auth_time"]);
}

#[tokio::test]
async fn the_time_of_two_steps_is_that_of_the_last() {
    let server = Server::start().await;
    let (request, mut browser) = (request(), server.browser());
    let page = begin(&mut browser, &request).await;
    let page = browser.submit(&page, &credentials("carol")).await;
    let page = browser.follow(page).await;
    server.clock.advance(Duration::minutes(5));
    let at = server.app.now().unix_timestamp();
    let done = browser.submit(&page, &[("code", &server.totp())]).await;
    let id = told(&server, &request, &done).await;
    assert_eq!((&id["acr"], &id["amr"]), (&json!(MFA), &json!(["pwd", "otp", "mfa"])));
    assert!((id["auth_time"].as_i64().unwrap() - at).abs() <= 5, "{id}");
}

#[tokio::test]
async fn a_step_up_adds_its_method_and_moves_no_time() {
    let server = Server::start().await;
    server.apply("[policy]\ntrusted_device = \"30d\"\n").await;
    let (request, mut browser) = (request(), server.browser());
    let page = begin(&mut browser, &request).await;
    let page = browser.submit(&page, &credentials("carol")).await;
    let page = browser.follow(page).await;
    browser.submit(&page, &[("code", &server.totp()), ("trust", "on")]).await;
    // The next day, in the browser that is trusted: a password is a password.
    server.clock.advance(Duration::days(2));
    let page = begin(&mut browser, &request).await;
    let done = browser.submit(&page, &credentials("carol")).await;
    let spared = told(&server, &request, &done).await;
    assert_eq!((&spared["acr"], &spared["amr"]), (&json!(PASSWORD), &json!(["pwd"])));
    // A client that asks for more gets more.
    server.clock.advance(Duration::minutes(10));
    let more = request.with("acr_values", MFA);
    let page = begin(&mut browser, &more).await;
    assert!(page.body.contains("Shop asks for a stronger sign-in."), "{}", page.body);
    assert!(!page.body.contains("id=\"trust\""), "a step-up says nothing about the browser");
    let done = browser.submit(&page, &[("code", &server.totp())]).await;
    let id = told(&server, &more, &done).await;
    assert_eq!((&id["acr"], &id["amr"]), (&json!(MFA), &json!(["pwd", "otp", "mfa"])));
    assert_eq!(id["auth_time"], spared["auth_time"]);
}

#[tokio::test]
async fn an_old_sign_in_is_asked_for_again_with_the_reason() {
    let server = Server::start().await;
    let mut browser = server.signed_in("bob").await;
    server.clock.advance(Duration::minutes(10));
    let aged = request().with("max_age", "300").with("resource", "https://api.example/");
    let page = begin(&mut browser, &aged).await;
    assert!(page.body.contains("Shop asks for a recent sign-in, to use Orders."), "{}", page.body);
    let done = browser.submit(&page, &credentials("bob")).await;
    let id = told(&server, &aged, &done).await;
    let age = server.app.now().unix_timestamp() - id["auth_time"].as_i64().unwrap();
    assert!((0..=5).contains(&age), "{id}");
}

#[tokio::test]
async fn an_essential_context_that_nobody_can_reach_is_refused_to_the_client() {
    let server = Server::start().await;
    let mut browser = server.signed_in("bob").await;
    let wish = r#"{"id_token":{"acr":{"essential":true,"value":"phrh"}}}"#;
    let page = browser.get(&request().with("claims", wish).path()).await;
    assert_eq!(page.param("error").as_deref(), Some("unmet_authentication_requirements"));
}
