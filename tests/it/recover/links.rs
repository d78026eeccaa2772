//! A link is spent once, however many try (SECURITY.md T-20, T-25).

use portcullis::manage::passwords;
use portcullis::store::users;
use reqwest::StatusCode;

use super::{NEW, path_in, press, token_of};
use crate::support::api::{Api, FIFTY, fifty};
use crate::support::browser::{Browser, Page};
use crate::support::calls::credentials;
use crate::support::server::Server;

/// What fifty get, by turns at two nodes, who press the button of `link` together.
async fn race(
    server: &Server,
    link: &str,
    fields: &'static [(&'static str, &'static str)],
) -> Vec<Page> {
    let other = server.second_node().await;
    let mut open: Vec<(Browser, Page)> = Vec::new();
    for node in [server, &other] {
        let mut browser = node.browser();
        let page = browser.get(link).await;
        open.push((browser, page));
    }
    let token = token_of(link).to_owned();
    let apis = [Api::at(server), Api::at(&other)];
    let answers = fifty(&apis, |_, number| {
        let ((mut browser, page), token) = (open[number % 2].clone(), token.clone());
        async move {
            let mut all = fields.to_vec();
            all.push(("token", &token));
            browser.submit(&page, &all).await
        }
    });
    answers.await
}

/// How many answers are `status`; none may be a fault of ours, but a full queue may turn away.
fn count(answers: &[Page], status: StatusCode) -> usize {
    let fault = |page: &&Page| page.status == StatusCode::INTERNAL_SERVER_ERROR;
    assert_eq!(answers.iter().filter(fault).count(), 0, "{answers:?}");
    answers.iter().filter(|page| page.status == status).count()
}

#[tokio::test(flavor = "multi_thread")]
async fn fifty_presses_set_one_password() {
    let server = Server::start().await;
    let link = server.reset_link().await;
    let answers = race(&server, &link, &[("password", NEW)]).await;
    assert_eq!(count(&answers, StatusCode::OK), 1, "{answers:?}");
    assert!(answers.len() == FIFTY);
    let told = "select count(*) from audit_events where action = 'password.reset'";
    assert_eq!(server.number(told).await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn fifty_presses_make_one_account() {
    let server = Server::start().await;
    server.apply("[policy]\nsign_up = \"open\"\n").await;
    let mut browser = server.browser();
    let page = browser.get("/signup").await;
    browser.submit(&page, &[("email", "dora@example.com")]).await;
    let letters = server.letters("dora@example.com", 1).await;
    let link = path_in(&letters[0].text_body, "/signup/join");
    let fields: &[(&str, &str)] = &[("username", "dora"), ("password", NEW)];
    let answers = race(&server, &link, fields).await;
    assert_eq!(count(&answers, StatusCode::OK), 1, "{answers:?}");
    assert_eq!(server.number("select count(*) from users where username = 'dora'").await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn fifty_presses_disown_once() {
    let server = Server::start().await;
    server.signed_in("bob").await;
    server.signed_in("bob").await;
    let letters = server.letters("bob@example.com", 1).await;
    let link = path_in(&letters[0].text_body, "/login/not-me");
    let answers = race(&server, &link, &[]).await;
    assert_eq!(count(&answers, StatusCode::OK), 1, "{answers:?}");
    let told = "select count(*) from audit_events where action = 'account.disown'";
    assert_eq!(server.number(told).await, 1);
}

/// The path of a link that proves bob's address or makes `new` his.
async fn address_link(server: &Server, new: Option<&str>, path: &str) -> String {
    let app = &server.app;
    let bob = users::find_by_login(app.store.pool(), "bob").await.unwrap().unwrap();
    let mut tx = app.store.begin().await.unwrap();
    let post = server.post();
    server
        .manage(async |cx| {
            passwords::send_address_link(&mut tx, &cx, &post, &bob, new).await.unwrap();
        })
        .await;
    tx.commit().await.unwrap();
    let to = new.unwrap_or("bob@example.com");
    path_in(&server.letters(to, 1).await[0].text_body, path)
}

#[tokio::test]
async fn an_address_is_proved_by_the_button_of_its_link() {
    let server = Server::start().await;
    server.apply("[[user]]\nusername = \"bob\"\nemail_verified = false\n").await;
    let link = address_link(&server, None, "/login/verify").await;
    let verified = "select count(*) from users where username = 'bob' and email_verified";
    assert_eq!(server.browser().get(&link).await.status, 200);
    assert_eq!(server.number(verified).await, 0);
    assert_eq!(press(&mut server.browser(), &link, &[]).await.status, 200);
    assert_eq!(server.number(verified).await, 1);
    assert_eq!(server.browser().get(&link).await.status, 410);
}

#[tokio::test]
async fn a_new_address_holds_once_it_is_proved_and_the_old_one_can_take_it_back() {
    let server = Server::start().await;
    let link = address_link(&server, Some("robert@example.com"), "/login/new-address").await;
    let is_old = "select count(*) from users where email = 'bob@example.com'";
    assert_eq!(server.number(is_old).await, 1);
    assert_eq!(press(&mut server.browser(), &link, &[]).await.status, 200);
    assert_eq!(server.number(is_old).await, 0);
    let told = server.letters("bob@example.com", 1).await;
    assert!(told[0].subject.contains("e-mail address was changed"), "{}", told[0].subject);
    let back = path_in(&told[0].text_body, "/login/not-me");
    assert_eq!(press(&mut server.browser(), &back, &[]).await.status, 200);
    assert_eq!(server.number(is_old).await, 1);
    // The mail that sets a new password goes to the owner, not to whoever changed the address.
    server.letters("bob@example.com", 2).await;
    assert_eq!(server.letters_now("robert@example.com").await.len(), 1);
}

#[tokio::test]
async fn whoever_says_it_was_not_them_ends_everything_and_gets_a_new_password() {
    let server = Server::start().await;
    let tokens = server.tokens("shop", "openid offline_access", "bob").await;
    let access = tokens["access_token"].as_str().unwrap();
    server.signed_in("bob").await;
    let letters = server.letters("bob@example.com", 1).await;
    assert!(letters[0].subject.starts_with("Your account was used in a new browser"));
    let link = path_in(&letters[0].text_body, "/login/not-me");
    server.browser().get(&link).await;
    assert!(server.is_active(access).await, "looking changes nothing");
    press(&mut server.browser(), &link, &[]).await;
    assert!(!server.is_active(access).await);
    let live = "select count(*) from sessions where ended_at is null";
    assert_eq!(server.number(live).await, 0);
    let mut browser = server.browser();
    let page = browser.get("/login").await;
    assert_eq!(browser.submit(&page, &credentials("bob")).await.status, 401, "the old password");
    let letters = server.letters("bob@example.com", 2).await;
    let reset = path_in(&letters[0].text_body, "/login/reset");
    assert_eq!(press(&mut server.browser(), &reset, &[("password", NEW)]).await.status, 200);
}

#[tokio::test]
async fn a_link_to_an_address_that_was_left_behind_opens_nothing() {
    let server = Server::start().await;
    let link = server.reset_link().await;
    let mut browser = server.browser();
    let page = browser.get(&link).await;
    assert!(page.body.contains("reset-submit"), "{}", page.body);
    let mut connection = server.db.connect().await;
    let moved = "update users set email = 'elsewhere@example.com' where username = 'bob'";
    sqlx::query(moved).execute(&mut connection).await.unwrap();
    let again = browser.get(&link).await;
    assert!(!again.body.contains("reset-submit"), "{}", again.body);
    let fields = [("password", NEW), ("token", token_of(&link))];
    browser.submit(&page, &fields).await;
    let told = "select count(*) from audit_events where action = 'password.reset'";
    assert_eq!(server.number(told).await, 0);
}
