//! Every change: only from our page, only for oneself, only with a fresh proof.

use reqwest::Method;

use crate::account::{connect, grow_stale, links, visit};
use crate::support::browser::Browser;
use crate::support::server::Server;

/// Every address of carol's that changes something; she sits in `browser` and in another one.
async fn addresses(server: &Server, browser: &mut Browser) -> Vec<String> {
    server.clock.advance(time::Duration::seconds(60));
    visit(server, "carol").await;
    connect(server, browser, "asker").await;
    let mut all = vec![
        "/account/profile/edit".to_owned(),
        "/account/email".to_owned(),
        "/account/password".to_owned(),
        "/account/authenticators/new".to_owned(),
        "/account/recovery-codes".to_owned(),
        "/account/sessions/end-others".to_owned(),
        "/account/privacy/download".to_owned(),
        "/account/privacy/delete".to_owned(),
    ];
    for (page, ends) in [
        ("/account/security", ["/rename", "/remove"].as_slice()),
        ("/account/sessions", &["/end", "/not-me", "/remove"]),
        ("/account/apps", &["/remove"]),
    ] {
        let page = browser.get(page).await;
        for end in ends {
            all.push(links(&page, "/account/", end).first().expect(end).clone());
        }
    }
    all
}

/// What a change would change: all that is kept about people, in one number.
async fn state(server: &Server) -> i64 {
    server
        .number(
            "select hashtextextended(
                (select string_agg(u::text, '' order by id) from users u)
                || (select string_agg(f::text, '' order by id) from
                    (select id, label, confirmed_at from factors) f)
                || (select count(*)::text from recovery_codes)
                || (select string_agg(s::text, '' order by id) from
                    (select id, ended_at from sessions) s)
                || (select count(*)::text from devices)
                || (select count(*)::text from consents)
                || (select count(*)::text from account_deletions)
                || (select count(*)::text from mail_links where purpose <> 'disown')
                || (select count(*)::text from audit_events where action = 'account.export'), 0)",
        )
        .await
}

#[tokio::test]
async fn no_form_is_taken_that_our_page_did_not_send() {
    let server = Server::start().await;
    let (mut browser, _) = visit(&server, "carol").await;
    let all = addresses(&server, &mut browser).await;
    let (mut stranger, _) = visit(&server, "bob").await;
    let foreign = stranger.get("/account/profile/edit").await.hidden("csrf").unwrap();
    let before = state(&server).await;
    for path in &all {
        let form = browser.get(path).await;
        assert_eq!(form.status, 200, "{path}");
        let csrf = form.hidden("csrf").unwrap();
        for fields in [vec![], vec![("csrf", "AAAA")], vec![("csrf", foreign.as_str())]] {
            assert_eq!(browser.post(path, &fields).await.status, 403, "{path} {fields:?}");
        }
        for header in [("origin", "https://evil.example"), ("sec-fetch-site", "cross-site")] {
            let fields = [("csrf", csrf.as_str())];
            let page = browser.send(Method::POST, path, Some(&fields), &[header]).await;
            assert_eq!(page.status, 403, "{path} {header:?}");
        }
    }
    assert_eq!(state(&server).await, before);
}

#[tokio::test]
async fn no_form_is_taken_without_a_fresh_proof() {
    let server = Server::start().await;
    let (mut browser, _) = visit(&server, "carol").await;
    let all = addresses(&server, &mut browser).await;
    let mut forms = Vec::new();
    for path in &all {
        forms.push((path, browser.get(path).await));
    }
    grow_stale(&server, &mut browser).await;
    let before = state(&server).await;
    for (path, form) in forms {
        let fields = [("confirm", "carol"), ("label", "mine"), ("name", "Carol")];
        let answer = browser.submit(&form, &fields).await;
        assert_eq!(answer.status, 303, "{path}: {}", answer.body);
        assert!(answer.location().starts_with("/login/code?flow="), "{path}");
    }
    assert_eq!(state(&server).await, before);
}

#[tokio::test]
async fn what_is_another_persons_is_not_there() {
    let server = Server::start().await;
    let (mut carol, _) = visit(&server, "carol").await;
    let all = addresses(&server, &mut carol).await;
    let (mut bob, _) = visit(&server, "bob").await;
    let csrf = bob.get("/account/profile/edit").await.hidden("csrf").unwrap();
    for path in all.iter().filter(|path| path.matches('/').count() == 4) {
        assert_eq!(bob.get(path).await.status, 404, "{path}");
        let posted = bob.post(path, &[("csrf", &csrf), ("label", "mine")]).await;
        assert_eq!(posted.status, 404, "{path}");
    }
    for path in ["/account/sessions/x/end", "/account/apps/~eA/remove", "/account/devices/1/remove"]
    {
        assert_eq!(bob.get(path).await.status, 404, "{path}");
    }
}

#[tokio::test]
async fn nobody_gets_in_with_half_a_sign_in() {
    let server = Server::start().await;
    let mut browser = server.browser();
    let page = browser.get("/login").await;
    browser.submit(&page, &crate::support::calls::credentials("carol")).await;
    for path in ["/account", "/account/security", "/account/activity", "/account/profile/edit"] {
        let page = browser.get(path).await;
        assert!(page.location().starts_with("/login/code"), "{path}: {page:?}");
    }
}
