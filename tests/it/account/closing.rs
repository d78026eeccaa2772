//! The data that are taken along, and the end of an account.

use time::Duration;

use crate::account::{change, connect, visit};
use crate::recover::{path_in, token_of};
use crate::support::browser::{Authorize, Browser, Page};
use crate::support::server::{PASSWORD, Server, TOTP};

const DELETE: &str = "/account/privacy/delete";

#[tokio::test]
async fn the_data_hold_everything_but_secrets() {
    let server = Server::start().await;
    let (mut browser, _) = visit(&server, "carol").await;
    let tokens = connect(&server, &mut browser, "asker").await;
    change(&mut browser, "/account/email", &[("email", "new@example.com")]).await;
    let letters = server.letters("new@example.com", 1).await;
    let link = path_in(&letters[0].text_body, "/login/new-address");
    let terms = "insert into terms_acceptances select id, '2026-11-01', now() from users
        where username = 'carol'";
    sqlx::query(terms).execute(&mut server.db.connect().await).await.unwrap();
    let file = change(&mut browser, "/account/privacy/download", &[]).await;
    assert_eq!(file.header("content-type"), "application/json");
    assert!(file.header("content-disposition").starts_with("attachment"));
    let data = file.json();
    assert_eq!(data["account"]["email"], "carol@example.com");
    assert_eq!(data["factors"][0]["kind"], "totp");
    assert_eq!(data["sessions"].as_array().unwrap().len(), 1);
    assert_eq!(data["devices"].as_array().unwrap().len(), 1);
    assert_eq!(data["applications"]["consents"][0]["client_id"], "asker");
    assert_eq!(data["applications"]["grants"].as_array().unwrap().len(), 1);
    let links = data["links"].as_array().unwrap();
    let asked = links.iter().find(|link| link["purpose"] == "change_email").unwrap();
    assert_eq!(asked["address"], "new@example.com");
    assert_eq!(data["terms"][0]["version"], "2026-11-01");
    assert_eq!(data["activity_is_complete"], true);
    assert!(data["activity"].as_array().unwrap().iter().any(|e| e["action"] == "login.succeeded"));
    let cookies = browser.cookies.values().map(String::as_str);
    let refresh = tokens["refresh_token"].as_str().unwrap();
    let kept = [TOTP, PASSWORD, refresh, token_of(&link), "$argon2", "sealed", "fingerprint"];
    for secret in cookies.chain(kept) {
        assert!(!file.body.contains(secret), "{secret}");
    }
    let told = "select count(*) from audit_events where action = 'account.export'";
    assert_eq!(server.number(told).await, 1);
}

/// Bob, whose account is on its way out, and the tokens he had.
async fn closed() -> (Server, Browser, serde_json::Value) {
    let server = Server::start().await;
    let (mut browser, _) = visit(&server, "bob").await;
    let tokens = connect(&server, &mut browser, "asker").await;
    let wrong = change(&mut browser, DELETE, &[("confirm", "carol")]).await;
    assert_eq!(wrong.status, 422);
    let done = change(&mut browser, DELETE, &[("confirm", " Bob ")]).await;
    assert!(done.body.contains("Your account will be deleted"), "{}", done.body);
    (server, browser, tokens)
}

/// Signs bob in for `path`: whatever page that leads to.
async fn sign_in(server: &Server, path: &str) -> (Browser, Page) {
    let mut browser = server.browser();
    let page = browser.get(path).await;
    let page = browser.follow(page).await;
    let page = browser.go_through(server, page, "bob").await;
    (browser, page)
}

#[tokio::test]
async fn a_closing_account_is_signed_out_everywhere_and_opens_no_door() {
    let (server, mut browser, tokens) = closed().await;
    let second = server.second_node().await;
    assert_eq!(browser.on(&second).get("/account").await.status, 303);
    assert!(!second.is_active(tokens["access_token"].as_str().unwrap()).await);
    assert_eq!(browser.get("/account").await.status, 303);
    for path in ["/account", &Authorize::of("asker", "openid email").path(), "/login"] {
        let (mut browser, page) = sign_in(&server, path).await;
        assert!(page.body.contains("Keep your account?"), "{path}: {}", page.body);
        for door in ["/account", "/account/security", "/account/privacy/download"] {
            assert_eq!(browser.get(door).await.status, 303, "{door}");
        }
        let request = Authorize::of("shop", "openid").with("prompt", "none");
        let answer = browser.get(&request.path()).await;
        assert_eq!(answer.param("error").as_deref(), Some("login_required"));
    }
}

#[tokio::test]
async fn whoever_changes_their_mind_goes_on_to_where_they_were_going() {
    let (server, ..) = closed().await;
    let (mut browser, page) = sign_in(&server, &Authorize::of("shop", "openid").path()).await;
    let before = browser.cookies.clone();
    let kept = browser.submit(&page, &[]).await;
    let kept = browser.follow(kept).await;
    assert!(kept.param("code").is_some(), "{kept:?}");
    assert_ne!(browser.cookies, before);
    assert_eq!(browser.get("/account").await.status, 200);
    server.clock.advance(Duration::days(15));
    assert_eq!(portcullis::app::erase_accounts(&server.app).await.unwrap(), 0);
    assert_eq!(server.number("select count(*) from users where username = 'bob'").await, 1);
}

#[tokio::test]
async fn the_question_is_answered_only_from_our_page_by_whom_it_was_put_to() {
    let (server, ..) = closed().await;
    let (mut browser, page) = sign_in(&server, "/account").await;
    let flow = page.hidden("flow").unwrap();
    for fields in [vec![("flow", flow.as_str())], vec![("flow", &flow), ("csrf", "AAAA")]] {
        assert_eq!(browser.post("/login/closing", &fields).await.status, 403);
    }
    let (mut carol, _) = visit(&server, "carol").await;
    assert_eq!(carol.get(&format!("/login/closing?flow={flow}")).await.status, 400);
    assert_eq!(server.number("select count(*) from account_deletions").await, 1);
}

#[tokio::test]
async fn after_the_grace_nothing_tells_who_they_were_but_the_log_tells_what_was_done() {
    let (server, ..) = closed().await;
    server.flush_journal().await;
    let bob = server.user_id("bob").await;
    let mut connection = server.db.connect().await;
    let past = "update account_deletions set erases_at = now() - interval '1 second',
        requested_at = now() - interval '15 days'";
    assert_eq!(portcullis::app::erase_accounts(&server.app).await.unwrap(), 0);
    sqlx::query(past).execute(&mut connection).await.unwrap();
    assert_eq!(portcullis::app::erase_accounts(&server.app).await.unwrap(), 1);
    assert_eq!(portcullis::app::erase_accounts(&server.app).await.unwrap(), 0);
    for table in [
        "select count(*) from users where username = 'bob'",
        "select count(*) from sessions s left join users u on u.id = s.user_id where u.id is null",
        "select count(*) from consents",
        "select count(*) from mails where recipient = 'bob@example.com'",
        "select count(*) from audit_events where details::text ilike '%bob%'",
    ] {
        assert_eq!(server.number(table).await, 0, "{table}");
    }
    let log =
        "select count(*), count(address), count(user_agent) from audit_events where user_id = $1";
    let (events, addresses, agents): (i64, i64, i64) =
        sqlx::query_as(log).bind(bob).fetch_one(&mut connection).await.unwrap();
    assert!(events >= 4 && addresses == 0 && agents == 0, "{events} {addresses} {agents}");
    let others = "select count(*) from audit_events where details::text like '%carol%'";
    assert!(server.number(others).await > 0);
}

#[tokio::test]
async fn the_last_administrator_stays() {
    let server = Server::start().await;
    let (mut admin, _) = visit(&server, "alice").await;
    let refused = change(&mut admin, DELETE, &[("confirm", "alice")]).await;
    assert_eq!(refused.status, 422);
    assert!(refused.body.contains("last administrator"), "{}", refused.body);
    assert_eq!(admin.get("/account").await.status, 200);
}

#[tokio::test]
async fn an_administrator_on_the_way_out_does_not_count_as_one_who_stays() {
    let server = Server::start().await;
    server.apply("[[user]]\nusername = \"dora\"\nroles = [\"administrator\"]\n").await;
    let (mut admin, _) = visit(&server, "alice").await;
    let done = change(&mut admin, DELETE, &[("confirm", "alice")]).await;
    assert!(done.body.contains("Your account will be deleted"), "{}", done.body);
    let dora = server.user_id("dora").await;
    let refused = server
        .manage(async |cx| portcullis::manage::users::disable(&cx, dora).await.is_err())
        .await;
    assert!(refused);
}
