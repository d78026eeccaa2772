//! A forgotten password (SECURITY.md PW-10 to PW-12, T-16, T-20).

use time::Duration;

use super::{NEW, path_in, press, token_of};
use crate::support::browser::Authorize;
use crate::support::calls::credentials;
use crate::support::server::{PASSWORD, Server};

const LIVE: &str = "select count(*) from sessions where ended_at is null";

#[tokio::test]
async fn a_mail_lets_its_owner_set_a_new_password_once() {
    let server = Server::start().await;
    let link = server.reset_link().await;
    let mut browser = server.browser();
    let weak = press(&mut browser, &link, &[("password", "too short")]).await;
    assert_eq!(weak.status, 422);
    assert!(weak.body.contains("at least 15 characters"), "{}", weak.body);
    assert_eq!(press(&mut browser, &link, &[("password", NEW)]).await.status, 200);
    assert_eq!(browser.get(&link).await.status, 410, "it is used");
    let mut browser = server.browser();
    let page = browser.get("/login").await;
    let old = browser.submit(&page, &credentials("bob")).await;
    assert_eq!(old.status, 401);
    let new = browser.submit(&page, &[("username", "bob"), ("password", NEW)]).await;
    assert_eq!(new.status, 303);
    let letters = server.letters("bob@example.com", 2).await;
    assert!(letters.iter().any(|mail| mail.subject.starts_with("Your password was changed")));
}

#[tokio::test]
async fn a_reset_ends_sessions_and_grants_at_once_and_forgets_browsers() {
    let server = Server::start().await;
    let tokens = server.tokens("shop", "openid offline_access", "bob").await;
    let (access, refresh) =
        (tokens["access_token"].as_str().unwrap(), tokens["refresh_token"].as_str().unwrap());
    assert!(server.is_active(access).await);
    let link = server.reset_link().await;
    press(&mut server.browser(), &link, &[("password", NEW)]).await;
    assert!(!server.is_active(access).await);
    assert_eq!(server.refresh("shop", refresh).await.status, 400);
    assert_eq!(server.number(LIVE).await, 0);
    assert_eq!(server.number("select count(*) from devices").await, 0);
    let told = "select count(*) from audit_events where action = 'password.reset'";
    assert_eq!(server.number(told).await, 1);
}

#[tokio::test]
async fn a_reset_does_not_skip_the_second_factor() {
    let server = Server::start().await;
    server.ask_mail("/login/forgot", "carol").await;
    let letters = server.letters("carol@example.com", 1).await;
    let link = path_in(&letters[0].text_body, "/login/reset");
    let mut browser = server.browser();
    // Eight characters are enough where a second factor protects the account.
    let done = press(&mut browser, &link, &[("password", "vio-jump")]).await;
    assert_eq!(done.status, 200, "{}", done.body);
    assert!(!browser.cookies.contains_key("__Host-sid"), "nobody is signed in by it");
    let page = browser.get(&Authorize::of("shop", "openid").path()).await;
    let page = browser.follow(page).await;
    let page = browser.submit(&page, &[("username", "carol"), ("password", "vio-jump")]).await;
    let page = browser.follow(page).await;
    assert!(page.body.contains("name=\"code\""), "{}", page.body);
    assert_eq!(server.number("select count(*) from sessions where stage = 'established'").await, 0);
}

#[tokio::test]
async fn looking_at_a_link_changes_nothing() {
    let server = Server::start().await;
    let link = server.reset_link().await;
    for _ in 0..3 {
        let scanned = server.browser().get(&link).await;
        assert_eq!(scanned.status, 200);
        assert_eq!(scanned.header("referrer-policy"), "no-referrer");
        assert!(
            !scanned.body.contains("href=\"http"),
            "it leads nowhere outside: {}",
            scanned.body
        );
        let head = server.raw("HEAD", &link, &[], "").await;
        assert_eq!(head.status, 200);
    }
    assert_eq!(server.number("select count(*) from mail_links where used_at is null").await, 1);
    let done = press(&mut server.browser(), &link, &[("password", NEW)]).await;
    assert_eq!(done.status, 200);
}

#[tokio::test]
async fn a_reset_link_dies_in_time_and_by_every_change_that_matters() {
    let server = Server::start().await;
    let link = server.reset_link().await;
    server.clock.advance(Duration::minutes(16));
    assert_eq!(server.browser().get(&link).await.status, 410, "after 15 minutes");

    let link = server.reset_link().await;
    let newer = server.reset_link().await;
    assert_eq!(server.browser().get(&link).await.status, 410, "a newer one took its place");

    let bob = server.user_id("bob").await;
    server.apply("[[user]]\nusername = \"bob\"\nemail = \"new@example.com\"\n").await;
    assert_eq!(server.browser().get(&newer).await.status, 410, "the address was changed");
    server.apply("[[user]]\nusername = \"bob\"\nemail = \"bob@example.com\"\n").await;

    server.clock.advance(Duration::hours(2));
    let link = server.reset_link().await;
    server.apply(&format!("[[user]]\nusername = \"bob\"\npassword = \"{NEW}\"\n")).await;
    assert_eq!(server.browser().get(&link).await.status, 410, "the password was changed");

    let link = server.reset_link().await;
    server.manage(async |cx| portcullis::manage::users::disable(&cx, bob).await.unwrap()).await;
    let token = token_of(&link).to_owned();
    assert_eq!(server.browser().get(&link).await.status, 410, "the account is disabled");
    let mut browser = server.browser();
    let form = browser.get("/login/forgot").await;
    let csrf = form.hidden("csrf").unwrap();
    let fields = [("csrf", csrf.as_str()), ("token", &token), ("password", PASSWORD)];
    let posted = browser.post("/login/reset", &fields).await;
    assert_eq!(posted.status, 403, "another form's token");
    assert_eq!(server.number("select count(*) from mail_links where used_at is not null").await, 0);
}

#[tokio::test]
async fn a_link_opens_the_door_of_its_own_purpose_only() {
    let server = Server::start().await;
    let link = server.reset_link().await;
    let token = token_of(&link);
    for path in [
        "/login/verify",
        "/login/new-address",
        "/login/not-me",
        "/login/unlock/open",
        "/signup/join",
        "/signup/invited",
    ] {
        let page = server.browser().get(&format!("{path}?token={token}")).await;
        assert_eq!(page.status, 410, "{path}");
    }
    for bad in ["", "x", "pc_ml_x", &token.to_lowercase(), &token[..token.len() - 1]] {
        let page = server.browser().get(&format!("/login/reset?token={bad}")).await;
        assert_eq!(page.status, 410, "{bad}");
    }
    assert_eq!(server.browser().get(&link).await.status, 200);
}

#[tokio::test]
async fn another_persons_name_in_the_form_changes_nothing() {
    let server = Server::start().await;
    let link = server.reset_link().await;
    let alice = server.user_id("alice").await.to_string();
    let fields = [("password", NEW), ("username", "alice"), ("user_id", alice.as_str())];
    assert_eq!(press(&mut server.browser(), &link, &fields).await.status, 200);
    let changed = "select count(*) from users where password_changed_at = updated_at \
        and username = 'bob' and password_hash is not null";
    assert_eq!(server.number(changed).await, 1);
    let mut browser = server.browser();
    let page = browser.get("/login").await;
    assert_eq!(browser.submit(&page, &credentials("alice")).await.status, 303);
}

#[tokio::test]
async fn links_begin_with_the_issuer_whatever_the_request_calls_its_host() {
    let server = Server::start().await;
    let mut browser = server.browser();
    let page = browser.get("/login/forgot").await;
    let csrf = page.hidden("csrf").unwrap();
    let forged = [
        ("origin", server.issuer.as_str()),
        ("x-forwarded-host", "evil.example"),
        ("x-forwarded-proto", "http"),
        ("forwarded", "host=evil.example;proto=http"),
        ("x-original-host", "evil.example"),
    ];
    let fields = [("csrf", csrf.as_str()), ("username", "bob")];
    let asked = browser.send(reqwest::Method::POST, "/login/forgot", Some(&fields), &forged).await;
    assert_eq!(asked.status, 303);
    let letter = &server.letters("bob@example.com", 1).await[0];
    let whole = format!("{}{}", letter.text_body, letter.html_body);
    assert!(!whole.contains("evil"), "{whole}");
    assert!(letter.text_body.contains(&format!("{}/login/reset?token=", server.issuer)));
}

#[tokio::test]
async fn a_mail_goes_to_the_accounts_own_address_whatever_was_typed() {
    let server = Server::start().await;
    for typed in [
        "bob@example.com,eve@example.com",
        "bob@example.com eve@example.com",
        "bob@example.com\r\nCc: eve@example.com",
        "BOB@EXAMPLE.COM",
    ] {
        server.ask_mail("/login/forgot", typed).await;
    }
    server.letters("bob@example.com", 1).await;
    server.until_answered().await;
    let all = server.number("select count(*) from mails").await;
    assert_eq!(all, 1, "the last one only");
}

#[tokio::test]
async fn three_mails_an_hour_go_to_an_account_and_twenty_are_asked_for_from_an_address() {
    let server = Server::start().await;
    for n in 0..20 {
        assert_eq!(server.ask_mail("/login/forgot", "bob").await.status, 303, "{n}");
    }
    let refused = server.ask_mail("/login/forgot", "nobody").await;
    assert_eq!(refused.status, 429);
    assert!(!refused.header("retry-after").is_empty());
    server.until_answered().await;
    assert_eq!(server.letters_now("bob@example.com").await.len(), 3);
}
