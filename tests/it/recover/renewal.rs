//! A password that others may know: before another is set, a sign-in leads nowhere.

use super::{NEW, path_in, press};
use crate::support::browser::{Authorize, Browser, Page};
use crate::support::calls::credentials;
use crate::support::server::{PASSWORD, Server};

const CODES: &str = "select count(*) from authorization_codes";
const PATH: &str = "/login/new-password";

/// A server on which others may know the password of `username`.
pub async fn known_to_others(username: &str) -> Server {
    let server = Server::start().await;
    let mut connection = server.db.connect().await;
    let due = "update users set password_due_at = $2 where username = $1";
    let due = sqlx::query(due).bind(username).bind(server.app.now());
    assert_eq!(due.execute(&mut connection).await.unwrap().rows_affected(), 1);
    server
}

/// A browser of `username` after the password, at whatever comes for `client`.
async fn after_password(server: &Server, client: &str, username: &str) -> (Browser, Page) {
    let mut browser = server.browser();
    let page = browser.get(&Authorize::of(client, "openid").path()).await;
    let page = browser.follow(page).await;
    let page = browser.submit(&page, &credentials(username)).await;
    let page = browser.follow(page).await;
    (browser, page)
}

#[tokio::test]
async fn the_password_alone_opens_nothing_and_the_owner_gets_a_link() {
    let server = known_to_others("bob").await;
    let (mut browser, page) = after_password(&server, "shop", "bob").await;
    assert_eq!(page.action(), PATH, "{}", page.body);
    assert!(!page.body.contains("type=\"password\""), "whoever knows the old one sets no new one");
    for path in ["/account", "/account/password", "/admin"] {
        assert!(browser.get(path).await.location().starts_with(PATH), "{path}");
    }
    let request = Authorize::of("shop", "openid");
    assert!(browser.get(&request.path()).await.location().starts_with(PATH));
    let silent = browser.get(&request.with("prompt", "none").path()).await;
    assert_eq!(silent.param("error").as_deref(), Some("interaction_required"));
    let typed = browser.clone().submit(&page, &[("password", NEW)]).await;
    assert_eq!(typed.location(), "/login/sent");
    assert_eq!(server.number(CODES).await, 0);
    let letters = server.letters("bob@example.com", 1).await;
    let link = path_in(&letters[0].text_body, "/login/reset");
    let fields = [("password", PASSWORD)];
    let same = press(&mut server.browser(), &link, &fields).await;
    assert!(same.status == 422 && same.body.contains("the password that you have"), "{same:?}");
    assert_eq!(press(&mut server.browser(), &link, &[("password", NEW)]).await.status, 200);
    assert!(browser.get("/account").await.location().starts_with("/login?"), "it is over");
    let mut browser = server.browser();
    let page = browser.get(&Authorize::of("shop", "openid").path()).await;
    let page = browser.follow(page).await;
    let done = browser.submit(&page, &[("username", "bob"), ("password", NEW)]).await;
    assert!(browser.follow(done).await.param("code").is_some());
}

#[tokio::test]
async fn who_gives_the_second_factor_too_sets_another_and_goes_on() {
    let server = known_to_others("carol").await;
    let (mut browser, page) = after_password(&server, "shop", "carol").await;
    assert_eq!(page.action(), "/login/code", "the second factor comes first");
    let page = browser.submit(&page, &[("code", &server.totp())]).await;
    let page = browser.follow(page).await;
    assert_eq!(page.action(), PATH, "{}", page.body);
    assert!(browser.get("/account").await.location().starts_with(PATH));
    for (weak, words) in [(PASSWORD, "the password that you have"), ("short", "at least 8")] {
        let refused = browser.submit(&page, &[("password", weak)]).await;
        assert!(refused.status == 422 && refused.body.contains(words), "{weak}: {refused:?}");
    }
    assert_eq!(server.number(CODES).await, 0);
    let open = "select count(*) from sessions where stage = 'established'";
    assert_eq!(server.number(open).await, 0);
    let done = browser.submit(&page, &[("password", NEW)]).await;
    assert!(done.param("code").is_some(), "{done:?}");
    let due = "select count(*) from users where password_due_at is not null";
    assert_eq!(server.number(due).await, 0);
    let told = "select count(*) from audit_events where action = 'password.change'";
    assert_eq!(server.number(told).await, 1);
    assert_eq!(browser.get("/account").await.status, 200);
}

#[tokio::test]
async fn who_has_no_address_sets_another_with_the_old_one() {
    let server = known_to_others("bob").await;
    server.apply("[[user]]\nusername = \"bob\"\nemail = \"\"\n").await;
    let (mut browser, page) = after_password(&server, "shop", "bob").await;
    let done = browser.submit(&page, &[("password", NEW)]).await;
    assert!(done.param("code").is_some(), "{done:?}");
}

#[tokio::test]
async fn a_browser_that_says_it_was_not_them_stays_and_the_next_sign_in_is_held() {
    let server = Server::start().await;
    let (mut here, _) = crate::account::visit(&server, "bob").await;
    crate::account::visit(&server, "bob").await;
    let page = here.get("/account/sessions").await;
    let disown = crate::account::links(&page, "/account/sessions/", "/not-me").remove(0);
    crate::account::change(&mut here, &disown, &[]).await;
    assert_eq!(here.get("/account").await.status, 200);
    let (_, page) = after_password(&server, "shop", "bob").await;
    assert_eq!(page.action(), PATH, "{}", page.body);
    let fields = [("current_password", PASSWORD), ("password", NEW), ("end_others", "on")];
    let done = crate::account::change(&mut here, "/account/password", &fields).await;
    assert!(done.body.contains("Your password was changed"), "{}", done.body);
    let due = "select count(*) from users where password_due_at is not null";
    assert_eq!(server.number(due).await, 0);
}
