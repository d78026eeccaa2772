//! Authenticators and recovery codes (SECURITY.md TO-05 to TO-07).

use portcullis::crypto::totp::Seed;
use time::Duration;

use crate::account::{change, links, visit};
use crate::support::browser::{Authorize, Browser, Page};
use crate::support::calls::credentials;
use crate::support::server::Server;

const NEW: &str = "/account/authenticators/new";

/// The seed that the page shows.
fn seed(page: &Page) -> Seed {
    let from = page.body.find("data-copy=\"").expect("the key") + 11;
    let key = &page.body[from..from + page.body[from..].find('"').unwrap()];
    Seed::from_base32(key).unwrap()
}

/// Adds an authenticator called `label`: its seed, and the page after.
async fn add(server: &Server, browser: &mut Browser, label: &str) -> (Seed, Page) {
    let form = browser.get(NEW).await;
    let seed = seed(&form);
    let code = seed.code_at(server.app.now());
    let done = browser.submit(&form, &[("label", label), ("code", &code)]).await;
    let page = browser.follow(done).await;
    (seed, page)
}

/// Whether `code` finishes a sign-in of `username`.
async fn signs_in(server: &Server, username: &str, code: &str) -> bool {
    let mut browser = server.browser();
    let page = browser.get(&Authorize::of("shop", "openid").path()).await;
    let page = browser.follow(page).await;
    let done = browser.submit(&page, &credentials(username)).await;
    let page = browser.follow(done).await;
    let done = browser.submit(&page, &[("code", code)]).await;
    browser.follow(done).await.param("code").is_some()
}

fn codes(page: &Page) -> Vec<String> {
    let list = page.body.split("class=\"codes").nth(1).expect("codes");
    let list = list.split("</ol>").next().unwrap();
    list.split("<li>").skip(1).map(|item| item.split('<').next().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn the_first_authenticator_comes_with_codes_and_keeps_its_owner_signed_in() {
    let server = Server::start().await;
    let (mut browser, _) = visit(&server, "bob").await;
    let (seed, page) = add(&server, &mut browser, "Phone").await;
    assert_eq!(codes(&page).len(), 10);
    let list = browser.get("/account/security").await;
    assert!(list.status == 200 && list.body.contains("Phone") && list.body.contains("10 are left"));
    server.clock.advance(Duration::seconds(30));
    assert!(signs_in(&server, "bob", &seed.code_at(server.app.now())).await);
    assert!(signs_in(&server, "bob", &codes(&page)[0]).await);
    let mails = "select count(*) from mails where recipient = 'bob@example.com'
        and subject like 'New authenticator%'";
    assert_eq!(server.number(mails).await, 1);
}

#[tokio::test]
async fn nothing_counts_before_a_code_has_proved_it() {
    let server = Server::start().await;
    let (mut browser, _) = visit(&server, "bob").await;
    let form = browser.get(NEW).await;
    let other = Seed::from_base32(crate::support::server::TOTP).unwrap();
    for code in ["", "000000", "abc", &other.code_at(server.app.now())] {
        let page = browser.submit(&form, &[("code", code)]).await;
        assert_eq!(page.status, 422, "{code}");
        assert!(page.body.contains("That code is not right"));
    }
    let count =
        "select count(*) from factors f join users u on u.id = f.user_id where username = 'bob'";
    assert_eq!(server.number(count).await, 0);
}

#[tokio::test]
async fn the_sealed_seed_of_another_page_or_person_is_not_taken() {
    let server = Server::start().await;
    let (mut bob, _) = visit(&server, "bob").await;
    let form = bob.get(NEW).await;
    let code = seed(&form).code_at(server.app.now());
    let (mut carol, _) = visit(&server, "carol").await;
    let own = carol.get(NEW).await;
    let (csrf, flow) = (own.hidden("csrf").unwrap(), form.hidden("flow").unwrap());
    let fields = [("csrf", csrf.as_str()), ("flow", &flow), ("code", &code)];
    assert_eq!(carol.post(NEW, &fields).await.status, 400);
    let without = [("csrf", csrf.as_str()), ("code", code.as_str())];
    assert_eq!(carol.post(NEW, &without).await.status, 400);
}

#[tokio::test]
async fn several_authenticators_each_sign_in_and_each_may_go() {
    let server = Server::start().await;
    let (mut browser, _) = visit(&server, "carol").await;
    let (second, page) = add(&server, &mut browser, "Tablet").await;
    assert!(page.body.contains("Your authenticator was added"), "{}", page.body);
    let rename = links(&page, "/account/authenticators/", "/rename").pop().unwrap();
    let form = browser.get(&rename).await;
    assert!(form.body.contains("value=\"Tablet\""), "{}", form.body);
    let page = change(&mut browser, &rename, &[("label", "Old tablet <b>")]).await;
    assert!(page.body.contains("Old tablet &#60;b&#62;"), "{}", page.body);
    server.clock.advance(Duration::seconds(60));
    assert!(signs_in(&server, "carol", &server.totp()).await);
    assert!(signs_in(&server, "carol", &second.code_at(server.app.now())).await);

    let (mut elsewhere, _) = {
        server.clock.advance(Duration::seconds(60));
        visit(&server, "carol").await
    };
    let remove = links(&page, "/account/authenticators/", "/remove").pop().unwrap();
    let page = change(&mut browser, &remove, &[]).await;
    assert!(page.body.contains("It was removed"), "{}", page.body);
    assert_eq!(elsewhere.get("/account").await.status, 303);
    server.clock.advance(Duration::seconds(60));
    assert!(!signs_in(&server, "carol", &second.code_at(server.app.now())).await);
    assert!(signs_in(&server, "carol", &server.totp()).await);
}

#[tokio::test]
async fn the_last_factor_stays_where_the_policy_demands_one() {
    let server = Server::start().await;
    let (mut admin, _) = visit(&server, "alice").await;
    let page = admin.get("/account/security").await;
    let remove = links(&page, "/account/authenticators/", "/remove").pop().unwrap();
    let refused = change(&mut admin, &remove, &[]).await;
    assert_eq!(refused.status, 422);
    assert!(refused.body.contains("must have a second step"), "{}", refused.body);

    let (mut carol, _) = visit(&server, "carol").await;
    let page = carol.get("/account/security").await;
    let remove = links(&page, "/account/authenticators/", "/remove").pop().unwrap();
    let page = change(&mut carol, &remove, &[]).await;
    assert!(page.body.contains("None yet"), "{}", page.body);
}

#[tokio::test]
async fn new_recovery_codes_replace_the_old_ones_and_are_shown_once() {
    let server = Server::start().await;
    let (mut browser, _) = visit(&server, "carol").await;
    let first = change(&mut browser, "/account/recovery-codes", &[]).await;
    let second = change(&mut browser, "/account/recovery-codes", &[]).await;
    let (old, new) = (codes(&first), codes(&second));
    assert!(old.len() == 10 && new.len() == 10 && old.iter().all(|code| !new.contains(code)));
    let file = second.body.split("href=\"data:text/plain;charset=utf-8,").nth(1).unwrap();
    assert!(file.starts_with(&format!("{}%0A{}", new[0], new[1])), "{file}");
    assert!(!signs_in(&server, "carol", &old[0]).await);
    assert!(signs_in(&server, "carol", &new[0]).await);
    assert!(!signs_in(&server, "carol", &new[0]).await);
    let list = browser.get("/account/security").await;
    assert!(list.body.contains("9 are left") && !list.body.contains(&new[1]));
}

#[tokio::test]
async fn of_two_removals_at_once_one_factor_remains() {
    let server = Server::start().await;
    let other = server.second_node().await;
    let (mut browser, _) = visit(&server, "alice").await;
    let (_, page) = add(&server, &mut browser, "Second").await;
    let removals = links(&page, "/account/authenticators/", "/remove");
    assert_eq!(removals.len(), 2);
    let (mut one, mut two) = (browser.clone(), browser.on(&other));
    let (a, b) = (one.get(&removals[0]).await, two.get(&removals[1]).await);
    let (a, b) = tokio::join!(one.submit(&a, &[]), two.submit(&b, &[]));
    let mut answers = [a.status.as_u16(), b.status.as_u16()];
    answers.sort_unstable();
    assert_eq!(answers, [303, 422]);
    let count =
        "select count(*) from factors f join users u on u.id = f.user_id where username = 'alice'";
    assert_eq!(server.number(count).await, 1);
}
