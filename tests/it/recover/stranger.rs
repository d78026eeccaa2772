//! A stranger was in the account: what they added, asked for and began is worth nothing afterwards.

use portcullis::manage::users;
use portcullis::store::factors;
use time::Duration;
use tokio::task::JoinSet;

use super::renewal::known_to_others;
use super::{NEW, path_in, press};
use crate::account::{change, visit};
use crate::support::browser::{Authorize, Browser, Page};
use crate::support::calls::credentials;
use crate::support::server::{PASSWORD, Server};

/// A browser of bob after the password, at what comes for a client that demands a second factor.
async fn at_the_strict(server: &Server) -> (Browser, Page) {
    server.apply("[[client]]\nclient_id = \"shop\"\nmfa = \"required\"\n").await;
    let mut browser = server.browser();
    let page = browser.get(&Authorize::of("shop", "openid").path()).await;
    let page = browser.follow(page).await;
    let page = browser.submit(&page, &credentials("bob")).await;
    let page = browser.follow(page).await;
    (browser, page)
}

/// Adds an authenticator in `browser`; bob has none.
async fn add_authenticator(server: &Server, browser: &mut Browser) {
    let page = browser.get("/account/authenticators/new").await;
    let from = page.body.find("data-copy=\"").expect("the key") + 11;
    let key = &page.body[from..from + page.body[from..].find('"').unwrap()];
    let seed = portcullis::crypto::totp::Seed::from_base32(key).unwrap();
    let code = seed.code_at(server.app.now());
    let done = browser.submit(&page, &[("code", &code), ("label", "Mine now")]).await;
    assert_eq!(done.status, 200, "{}", done.body);
}

#[tokio::test]
async fn a_password_that_others_know_sets_up_no_second_factor() {
    let server = Server::start().await;
    // The page is open already when the owner says that it was not they.
    let (mut early, page) = at_the_strict(&server).await;
    let enrol = page.form("/login/enrol").expect("the enrolment");
    let bob = server.user_id("bob").await;
    let done = server.manage(async |cx| users::demand_new_password(&cx, bob).await).await;
    done.unwrap();
    let (_, held) = at_the_strict(&server).await;
    assert_eq!(held.action(), "/login/new-password", "{}", held.body);
    let key = page.body.split("<code>").nth(1).and_then(|rest| rest.split('<').next()).unwrap();
    let seed = portcullis::crypto::totp::Seed::from_base32(&key.replace(' ', "")).unwrap();
    let code = seed.code_at(server.app.now());
    let late = early.submit(&enrol, &[("code", &code)]).await;
    assert_ne!(late.status, 200, "{}", late.body);
    early.submit(&enrol, &[("later", "yes")]).await;
    assert!(factors::list(server.app.store.pool(), bob).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_password_that_others_know_leads_to_the_owners_mail_before_any_enrolment() {
    let server = known_to_others("bob").await;
    let (mut browser, page) = at_the_strict(&server).await;
    assert_eq!(page.action(), "/login/new-password", "{}", page.body);
    let elsewhere = browser.get("/login/enrol").await;
    assert_ne!(elsewhere.status, 200, "{}", elsewhere.body);
    assert_eq!(browser.submit(&page, &[]).await.location(), "/login/sent");
}

#[tokio::test]
async fn what_a_stranger_added_goes_with_the_link_in_the_notice_of_it() {
    let server = Server::start().await;
    let (mut stranger, _) = visit(&server, "bob").await;
    add_authenticator(&server, &mut stranger).await;
    let letters = server.letters_now("bob@example.com").await;
    let notice = letters.iter().find(|mail| mail.subject.starts_with("New authenticator"));
    let link = path_in(&notice.unwrap().text_body, "/login/not-me");
    assert_eq!(press(&mut server.browser(), &link, &[]).await.status, 200);
    let bob = server.user_id("bob").await;
    assert!(factors::list(server.app.store.pool(), bob).await.unwrap().is_empty());
    assert_eq!(server.number("select count(*) from recovery_codes").await, 0);
    let told = "select count(*) from audit_events where action = 'account.disown'
        and details->'removed_factors' = '[\"Mine now\"]'";
    assert_eq!(server.number(told).await, 1);
    let reset = server.letters_now("bob@example.com").await;
    let link = path_in(&reset[0].text_body, "/login/reset");
    assert_eq!(press(&mut server.browser(), &link, &[("password", NEW)]).await.status, 200);
    let mut browser = server.browser();
    let page = browser.get("/login").await;
    let done = browser.submit(&page, &[("username", "bob"), ("password", NEW)]).await;
    assert!(!done.location().contains("/login/code"), "no code of a stranger's: {done:?}");
}

#[tokio::test]
async fn a_factor_that_was_there_before_stays_when_a_change_is_disowned() {
    let server = Server::start().await;
    let (mut browser, _) = visit(&server, "carol").await;
    server.clock.advance(Duration::minutes(1));
    visit(&server, "carol").await;
    let letters = server.letters_now("carol@example.com").await;
    let link = path_in(&letters[0].text_body, "/login/not-me");
    let before = "select count(*) from factors where confirmed_at is not null";
    let count = server.number(before).await;
    assert_eq!(press(&mut browser, &link, &[]).await.status, 200);
    assert_eq!(server.number(before).await, count);
}

#[tokio::test]
async fn a_change_of_address_under_way_dies_with_what_the_owner_does_about_it() {
    let server = Server::start().await;
    let (mut stranger, _) = visit(&server, "bob").await;
    let asked = change(&mut stranger, "/account/email", &[("email", "evil@example.com")]).await;
    assert_eq!(asked.status, 200, "{}", asked.body);
    let letters = server.letters_now("evil@example.com").await;
    let link = path_in(&letters[0].text_body, "/login/new-address");
    assert!(server.browser().get(&link).await.body.contains("bob"), "it says whose account it is");
    let heard = server.letters_now("bob@example.com").await;
    assert!(
        heard.iter().any(|mail| mail.subject.starts_with("A new e-mail address was asked for"))
    );
    let (mut owner, _) = visit(&server, "bob").await;
    let fields = [("current_password", PASSWORD), ("password", NEW), ("end_others", "on")];
    change(&mut owner, "/account/password", &fields).await;
    assert_eq!(server.browser().get(&link).await.status, 410);
    let moved = "select count(*) from users where email = 'evil@example.com'";
    assert_eq!(server.number(moved).await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn no_session_begun_with_the_old_password_outlives_the_change_of_it() {
    let server = Server::start().await;
    let (mut owner, _) = visit(&server, "bob").await;
    let mut tries = JoinSet::new();
    for _ in 0..24 {
        let mut browser = server.browser();
        tries.spawn(async move {
            let page = browser.get("/login").await;
            browser.submit(&page, &credentials("bob")).await;
        });
    }
    let fields = [("current_password", PASSWORD), ("password", NEW), ("end_others", "on")];
    let done = change(&mut owner, "/account/password", &fields).await;
    assert!(done.body.contains("Your password was changed"), "{}", done.body);
    tries.join_all().await;
    let live = "select count(*) from sessions s join users u on u.id = s.user_id
        where u.username = 'bob' and s.ended_at is null";
    assert_eq!(server.number(live).await, 1);
}

#[tokio::test]
async fn a_password_is_changed_by_who_knows_it_or_just_used_a_passkey() {
    let server = Server::start().await;
    let (mut browser, _) = visit(&server, "bob").await;
    for wrong in ["", "not it at all"] {
        let fields = [("current_password", wrong), ("password", NEW)];
        let page = change(&mut browser, "/account/password", &fields).await;
        assert_eq!(page.status, 422, "{wrong}");
        assert!(page.body.contains("current_password-error"), "{}", page.body);
    }
    let told = "select count(*) from audit_events where action = 'password.change'";
    assert_eq!(server.number(told).await, 0);
    let failed = "select count(*) from audit_events where action = 'login.failed'";
    server.flush_journal().await;
    assert_eq!(server.number(failed).await, 2, "counted like every try");
}

#[tokio::test]
async fn an_administrator_demands_a_new_password_and_all_that_was_open_ends() {
    let server = Server::start().await;
    let (mut browser, _) = visit(&server, "bob").await;
    let bob = server.user_id("bob").await;
    let done = server.manage(async |cx| users::demand_new_password(&cx, bob).await).await;
    done.unwrap();
    assert!(browser.get("/account").await.location().starts_with("/login?"));
    let mut browser = server.browser();
    let page = browser.get("/login").await;
    let page = browser.submit(&page, &credentials("bob")).await;
    let page = browser.follow(page).await;
    assert_eq!(page.action(), "/login/new-password", "{}", page.body);
}

#[tokio::test]
async fn unlock_mails_that_strangers_ask_for_do_not_use_up_the_owners_reset() {
    let server = Server::start().await;
    for path in
        ["/login/unlock", "/login/unlock", "/login/unlock", "/login/unlock", "/login/forgot"]
    {
        let mut browser = server.browser();
        let page = browser.get(path).await;
        browser.submit(&page, &[("username", "bob")]).await;
        server.until_answered().await;
    }
    let letters = server.letters_now("bob@example.com").await;
    assert_eq!(letters.len(), 4, "three to unlock, and the one to reset");
    assert!(letters[0].text_body.contains("/login/reset?"), "{}", letters[0].text_body);
}
