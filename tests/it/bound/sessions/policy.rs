//! Whose sessions must be bound.

use time::Duration;

use super::{COOKIE, Device, wish};
use crate::account::visit;
use crate::support::api::redemption;
use crate::support::browser::Authorize;
use crate::support::server::Server;

#[tokio::test]
async fn without_the_policy_nobody_is_asked_and_who_is_bound_stays_so() {
    let server = Server::start().await;
    let mut bob = Device::bound(&server, "bob").await;
    server.apply("[policy]\nbound_sessions = \"off\"\n").await;
    assert_eq!(Device::signed_in(&server, "carol").await.1, None);
    bob.browser.cookies.remove(COOKIE);
    assert!(!bob.is_in().await);
    assert_eq!(bob.renew().await.status, 200);
    assert!(bob.is_in().await);
}

#[tokio::test]
async fn administrators_must_be_bound_where_the_policy_says_so() {
    let server = Server::start().await;
    server.apply("[policy]\nbound_sessions = \"administrators\"\n").await;
    let (mut plain, wanted) = Device::signed_in(&server, "alice").await;
    assert!(wanted.is_some());
    // It waits a little, asking for a key, and then says what to do.
    for (asked, next) in [("", 1), ("?waited=1", 2), ("?waited=2", 3)] {
        let page = plain.get(&format!("/admin/clients{asked}")).await;
        assert_eq!(page.status, 403);
        let next = format!("url=/admin/clients?waited={next}");
        assert!(wish(&page).is_some() && page.body.contains(&next), "{}", page.body);
    }
    let page = plain.get("/admin/clients?waited=3").await;
    assert!(page.body.contains("Your session must be bound"), "{}", page.body);
    assert_eq!(plain.get("/admin/users").await.status, 403);
    assert_eq!(plain.get("/account").await.status, 200, "her account is hers");
    let request = Authorize::of("shop", "openid");
    let page = plain.get(&request.path()).await;
    let page = plain.follow(page).await;
    let page = plain.go_through(&server, page, "alice").await;
    assert!(page.param("code").is_some(), "other applications too");
    server.clock.advance(Duration::seconds(31));
    let mut alice = Device::bound(&server, "alice").await;
    assert_eq!(alice.browser.get("/admin").await.status, 200);
    // Nobody else is held back.
    assert!(Device::bound(&server, "bob").await.is_in().await);
}

#[tokio::test]
async fn a_cookie_that_was_copied_later_gets_no_wish_for_a_key() {
    let server = Server::start().await;
    server.apply("[policy]\nbound_sessions = \"administrators\"\n").await;
    let (mut plain, _) = Device::signed_in(&server, "alice").await;
    server.clock.advance(Duration::minutes(2));
    let page = plain.get("/admin").await;
    assert_eq!((page.status.as_u16(), wish(&page)), (403, None));
    assert!(page.body.contains("Your session must be bound"), "{}", page.body);
    assert!(page.body.contains("href=\"/oauth2/logout\""), "and how to go on: {}", page.body);
}

#[tokio::test]
async fn a_token_for_administrators_is_given_in_a_bound_session_only() {
    let server = Server::start().await;
    server
        .apply(&format!(
            "[policy]\nbound_sessions = \"administrators\"\n[[client]]\nclient_id = \"ops\"\n\
            client_secret = \"{}\"\nredirect_uris = [\"https://app.example/cb\"]\n\
            scope = \"openid admin.users.read\"\nconsent = \"trusted\"\n",
            crate::support::server::SECRET
        ))
        .await;
    let request = Authorize::of("ops", "openid admin.users.read");
    let (mut plain, _) = Device::signed_in(&server, "alice").await;
    let page = plain.get(&request.path()).await;
    assert_eq!(page.param("error").as_deref(), Some("access_denied"), "{page:?}");
    server.clock.advance(Duration::seconds(31));
    let mut alice = Device::bound(&server, "alice").await;
    let page = alice.browser.get(&request.path()).await;
    assert!(page.param("code").is_some(), "{page:?}");
}

#[tokio::test]
async fn tokens_for_administrators_from_before_the_policy_are_not_renewed() {
    let server = Server::start().await;
    server
        .apply(&format!(
            "[[client]]\nclient_id = \"ops\"\nclient_secret = \"{}\"\n\
            grant_types = [\"authorization_code\", \"refresh_token\"]\n\
            redirect_uris = [\"https://app.example/cb\"]\n\
            scope = \"openid offline_access admin.users.read\"\nconsent = \"trusted\"\n",
            crate::support::server::SECRET
        ))
        .await;
    let request = Authorize::of("ops", "openid offline_access admin.users.read");
    let (mut plain, _) = Device::signed_in(&server, "alice").await;
    server.clock.advance(Duration::seconds(31));
    let mut bound = Device::bound(&server, "alice").await;
    let mut given = Vec::new();
    for browser in [&mut plain, &mut bound.browser] {
        let page = browser.get(&request.path()).await;
        let code = page.param("code").unwrap_or_else(|| panic!("{page:?}"));
        let fields = redemption(&request, &code);
        let tokens = server.call("/oauth2/token", "ops", &fields).await.json();
        given.push(tokens["refresh_token"].as_str().unwrap().to_owned());
    }
    server.apply("[policy]\nbound_sessions = \"administrators\"\n").await;
    let refused = server.refresh("ops", &given[0]).await;
    assert_eq!((refused.status.as_u16(), &refused.json()["error"]), (400, &"invalid_grant".into()));
    assert_eq!(server.refresh("ops", &given[1]).await.status, 200);
    server.apply("[policy]\nbound_sessions = \"offered\"\n").await;
    assert_eq!(server.refresh("ops", &given[0]).await.status, 200, "it was not used up");
}

#[tokio::test]
async fn nobody_locks_themselves_out_by_the_setting() {
    let server = Server::start().await;
    let (mut plain, _) = visit(&server, "alice").await;
    let page = plain.get("/admin/settings").await;
    let fields = [("mfa", "administrators"), ("bound_sessions", "administrators")];
    let refused = plain.submit(&page, &fields).await;
    assert_eq!(refused.status, 422, "{}", refused.body);
    assert!(refused.body.contains("lock yourself out"), "{}", refused.body);
    server.clock.advance(Duration::seconds(31));
    let mut alice = Device::bound(&server, "alice").await;
    let page = alice.browser.get("/admin/settings").await;
    let done = alice.browser.submit(&page, &fields).await;
    assert_eq!(done.status, 303, "{}", done.body);
    assert_eq!(alice.browser.get("/admin").await.status, 200);
    assert_eq!(plain.get("/admin").await.status, 403);
}
