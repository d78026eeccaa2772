//! The playground runs code + PKCE against the server that serves it.

use portcullis::live::passwords::Passwords;
use portcullis::manage::demo;
use reqwest::{Method, StatusCode};
use std::sync::Arc;

use portcullis::ambient::SystemEntropy;

use crate::support::browser::{Browser, Page};
use crate::support::server::{STOCK, Server};

/// A server with [`STOCK`] and the demo.
pub async fn start() -> Server {
    let server = Server::bare().await;
    server.apply(STOCK).await;
    let passwords = Passwords::new(1, 100, Arc::new(SystemEntropy));
    let issuer = server.app.settings.issuer_url.clone();
    let ensure = async |cx: portcullis::manage::Cx<'_>| {
        demo::ensure(&cx, &issuer, &passwords).await.expect("the demo")
    };
    for change in server.manage(ensure).await.changes {
        server.app.live.changed(change.kind, &change.subject).await.unwrap();
    }
    assert!(server.manage(ensure).await.is_unchanged());
    server
}

/// Signs bob in at the playground, up to the callback page.
async fn callback(server: &Server, browser: &mut Browser) -> Page {
    let page = browser.get("/playground").await;
    let sent = browser.submit(&page, &[]).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.body);
    let page = browser.follow(sent).await;
    let back = browser.go_through(server, page, "bob").await;
    home(server, browser, &back).await
}

/// The code for the seed that an enrolment page shows.
fn shown_code(server: &Server, page: &Page) -> String {
    let words = page.body.split(|c: char| !c.is_ascii_alphanumeric());
    let upper = |b: u8| b.is_ascii_uppercase() || b.is_ascii_digit();
    let key = words.into_iter().find(|word| word.len() == 32 && word.bytes().all(upper)).unwrap();
    portcullis::crypto::totp::Seed::from_base32(key).unwrap().code_at(server.app.now())
}

/// The callback page that `back` leads to.
async fn home(server: &Server, browser: &mut Browser, back: &Page) -> Page {
    let (address, query) = back.location().split_once('?').unwrap();
    let port = server.app.settings.issuer_url.port().unwrap();
    assert_eq!(address, format!("http://127.0.0.1:{port}/playground/callback"));
    // The browser keeps the cookies of 127.0.0.1 and localhost apart: there it has none.
    let path = format!("/playground/callback?{query}");
    let home = server.browser().get(&path).await;
    assert_eq!(home.location(), format!("{}{path}", server.issuer));
    let host = format!("localhost:{port}");
    browser.send(Method::GET, &path, None, &[("host", &host)]).await
}

#[tokio::test]
async fn a_sign_in_is_run_message_by_message() {
    let server = start().await;
    let mut browser = server.browser();
    let page = callback(&server, &mut browser).await;
    assert!(
        page.body.contains("Callback") && page.body.contains("code_challenge="),
        "{}",
        page.body
    );
    let mut page = browser.submit(&page, &[("do", "exchange")]).await;
    for part in ["Token request", "at+jwt", "ID token: nonce is the one", "at_hash belongs"] {
        assert!(page.body.contains(part), "{part}: {}", page.body);
    }
    for (step, told) in [
        ("call", "Oak door, iron-bound"),
        ("userinfo", "bob@example.com"),
        ("introspect", "&#34;active&#34;: true"),
        ("refresh", "grant_type=refresh_token"),
        ("revoke", "&#34;active&#34;: false"),
    ] {
        page = browser.submit(&page, &[("do", step)]).await;
        assert!(page.body.contains(told), "{step}: {}", page.body);
        assert!(!page.body.contains("<strong>No:</strong>"), "{step}: {}", page.body);
    }
    let dead = browser.submit(&page, &[("do", "call")]).await;
    assert!(dead.body.contains("invalid_token"), "{}", dead.body);
}

#[tokio::test]
async fn the_api_asks_for_a_stronger_sign_in_and_gets_it() {
    let server = start().await;
    let mut browser = server.browser();
    let page = callback(&server, &mut browser).await;
    let page = browser.submit(&page, &[("do", "exchange")]).await;
    let refused = browser.submit(&page, &[("do", "payments")]).await;
    for part in ["insufficient_user_authentication", "acr_values=", "playground-step_up"] {
        assert!(refused.body.contains(part), "{part}: {}", refused.body);
    }
    // The way to more: an enrolment, for bob has nothing yet.
    let sent = browser.submit(&refused, &[("do", "step_up")]).await;
    assert_eq!(sent.param("acr_values").as_deref(), Some("urn:portcullis:acr:mfa"));
    let enrol = browser.follow(sent).await;
    assert!(enrol.has_form("/login/enrol"), "{}", enrol.body);
    assert!(enrol.body.contains("Playground asks for a stronger sign-in, to use Demo API."));
    let codes = browser.submit(&enrol, &[("code", &shown_code(&server, &enrol))]).await;
    let onward = browser.submit(&codes, &[]).await;
    let consent = browser.follow(onward).await;
    let back = browser.go_through(&server, consent, "bob").await;
    let page = home(&server, &mut browser, &back).await;
    assert!(page.body.contains("The API asked for a stronger sign-in"), "{}", page.body);
    let page = browser.submit(&page, &[("do", "exchange")]).await;
    let shown = browser.submit(&page, &[("do", "payments")]).await;
    assert!(shown.body.contains("ending in 4242"), "{}", shown.body);
}

#[tokio::test]
async fn a_refusal_is_shown_with_what_the_operator_sees() {
    let server = start().await;
    let mut browser = server.browser();
    let page = browser.get("/playground").await;
    let csrf =
        page.body.rsplit("name=\"csrf\" value=\"").next().unwrap().split('"').next().unwrap();
    let refused = browser.post("/playground/step", &[("csrf", csrf), ("do", "refuse")]).await;
    for part in ["unsupported_grant_type", "refusal_id", "server_time"] {
        assert!(refused.body.contains(part), "{part}: {}", refused.body);
    }
}

#[tokio::test]
async fn the_answer_to_another_browsers_request_is_not_taken() {
    let server = start().await;
    let page = callback(&server, &mut server.browser()).await;
    let state = page.body.split("state=").nth(1).unwrap().split('\n').next().unwrap().to_owned();
    let host = format!("localhost:{}", server.app.settings.issuer_url.port().unwrap());
    let path = format!("/playground/callback?code=x&state={state}&iss=x");
    let taken = server.browser().send(Method::GET, &path, None, &[("host", &host)]).await;
    assert_eq!(taken.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn the_demo_api_says_why_it_refuses() {
    let server = start().await;
    let nothing = server.browser().get("/demo/api/orders").await;
    assert_eq!(nothing.status, StatusCode::UNAUTHORIZED);
    assert_eq!(nothing.headers["www-authenticate"], "Bearer realm=\"portcullis\"");
    let tokens = server.tokens("shop", "openid orders.read", "bob").await;
    let bearer = format!("Bearer {}", tokens["access_token"].as_str().unwrap());
    let headers = [("authorization", bearer.as_str())];
    let other = server.browser().send(Method::GET, "/demo/api/orders", None, &headers).await;
    assert_eq!(other.status, StatusCode::UNAUTHORIZED, "a token for another API");
    let challenge = other.headers["www-authenticate"].to_str().unwrap();
    assert!(challenge.contains("error=\"invalid_token\""), "{challenge}");
}
