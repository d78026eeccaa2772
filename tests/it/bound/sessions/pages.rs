//! Pages of a bound session: what a browser sees whose short-lived cookie is over.

use reqwest::Method;
use time::Duration;

use super::{COOKIE, Device};
use crate::support::browser::Authorize;
use crate::support::calls::credentials;
use crate::support::server::Server;

const ELSEWHERE: [(&str, &str); 2] =
    [("sec-fetch-mode", "navigate"), ("sec-fetch-site", "cross-site")];

#[tokio::test]
async fn whoever_comes_from_another_site_is_sent_on_from_here_so_that_the_browser_can_renew() {
    let server = Server::start().await;
    let mut bob = Device::bound(&server, "bob").await;
    let request = Authorize::of("shop", "openid");
    let there = bob.browser.send(Method::GET, &request.path(), None, &ELSEWHERE).await;
    assert!(there.status == 303, "with the cookie nobody waits: {}", there.body);
    bob.browser.cookies.remove(COOKIE);
    let page = bob.browser.send(Method::GET, &request.path(), None, &ELSEWHERE).await;
    assert_eq!(page.status, 200);
    let address = page.body.split("content=\"0; url=").nth(1).expect("a way on");
    let address = address.split('"').next().unwrap().replace("&#38;", "&");
    assert_eq!(address, request.path());
    // From there the browser renews before it asks, and is known.
    assert_eq!(bob.renew().await.status, 200);
    let here = [("sec-fetch-mode", "navigate"), ("sec-fetch-site", "same-origin")];
    let page = bob.browser.send(Method::GET, &address, None, &here).await;
    let page = bob.browser.follow(page).await;
    let page = bob.browser.go_through(&server, page, "nobody").await;
    assert!(page.param("code").is_some(), "{page:?}");
    // Where it cannot, nobody goes in circles.
    bob.browser.cookies.remove(COOKIE);
    let page = bob.browser.send(Method::GET, &address, None, &here).await;
    assert!(page.location().starts_with("/login"), "{page:?}");
}

#[tokio::test]
async fn a_renewal_that_did_not_get_through_is_tried_again_a_few_times() {
    let server = Server::start().await;
    let mut bob = Device::bound(&server, "bob").await;
    bob.browser.cookies.remove(COOKIE);
    let here = |skipped| {
        [
            ("sec-fetch-mode", "navigate"),
            ("sec-fetch-site", "same-origin"),
            ("sec-fetch-dest", "document"),
            ("secure-session-skipped", skipped),
        ]
    };
    let mut path = "/account/sessions?x=1".to_owned();
    for n in 1..=3 {
        let page = bob.browser.send(Method::GET, &path, None, &here("unreachable")).await;
        assert_eq!(page.status, 200);
        path = page.body.split("content=\"2; url=").nth(1).expect("a way on").to_owned();
        path = path.split('"').next().unwrap().replace("&#38;", "&");
        assert_eq!(path, format!("/account/sessions?x=1&renewal={n}"));
    }
    let page = bob.browser.send(Method::GET, &path, None, &here("unreachable")).await;
    assert_eq!(page.status, 303, "not for ever");
    let first = "/account/sessions";
    let page = bob.browser.send(Method::GET, first, None, &here("quota_exceeded")).await;
    assert_eq!(page.status, 303, "this does not pass by itself");
    assert_eq!(bob.renew().await.status, 200);
    assert!(bob.is_in().await);
}

#[tokio::test]
async fn in_a_frame_nobody_waits_for_a_page() {
    let server = Server::start().await;
    let mut bob = Device::bound(&server, "bob").await;
    bob.browser.cookies.remove(COOKIE);
    let request = Authorize::of("shop", "openid").with("prompt", "none");
    let frame = [
        ("sec-fetch-mode", "navigate"),
        ("sec-fetch-site", "same-site"),
        ("sec-fetch-dest", "iframe"),
    ];
    let page = bob.browser.send(Method::GET, &request.path(), None, &frame).await;
    assert_eq!(page.param("error").as_deref(), Some("login_required"), "{page:?}");
}

#[tokio::test]
async fn a_form_that_another_site_posts_to_sign_somebody_out_does_so() {
    let server = Server::start().await;
    let mut bob = Device::bound(&server, "bob").await;
    bob.browser.cookies.remove(COOKIE);
    let fields = [("client_id", "shop"), ("state", "x")];
    let fields: &[(&str, &str)] = &fields;
    let page = bob.browser.send(Method::POST, "/oauth2/logout", Some(fields), &ELSEWHERE).await;
    assert_eq!(page.status, 200);
    assert!(!page.body.contains("http-equiv"), "no page between: {}", page.body);
    assert_eq!(server.number("select count(*) from sessions where ended_at is null").await, 0);
}

#[tokio::test]
async fn signing_out_takes_no_proof_and_ends_the_session() {
    let server = Server::start().await;
    let mut bob = Device::bound(&server, "bob").await;
    bob.browser.cookies.remove(COOKIE);
    bob.browser.get("/oauth2/logout").await;
    assert_eq!(server.number("select count(*) from sessions where ended_at is null").await, 0);
}

#[tokio::test]
async fn a_request_that_was_under_way_when_the_session_was_bound_signs_nobody_out() {
    let server = Server::start().await;
    let mut bob = Device::just_bound(&server, "bob").await;
    bob.browser.cookies.remove(COOKIE);
    assert!(bob.is_in().await);
    server.clock.advance(Duration::seconds(31));
    assert!(!bob.is_in().await);
}

#[tokio::test]
async fn an_application_that_asks_for_a_new_sign_in_gets_one_in_a_bound_session() {
    let server = Server::start().await;
    for username in ["bob", "carol"] {
        let mut device = Device::bound(&server, username).await;
        let request = Authorize::of("shop", "openid").with("prompt", "login");
        let page = device.browser.get(&request.path()).await;
        let page = device.browser.follow(page).await;
        let mut page = device.browser.submit(&page, &credentials(username)).await;
        if page.location().starts_with("/login/code") {
            page = device.browser.follow(page).await;
            page = device.browser.submit(&page, &[("code", &server.totp())]).await;
        }
        assert!(!page.location().starts_with("/login"), "{username}: {page:?}");
        let page = device.browser.go_through(&server, page, username).await;
        assert!(page.param("code").is_some(), "{username}: {page:?}");
        server.clock.advance(Duration::seconds(31));
    }
}
