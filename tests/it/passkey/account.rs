//! Keys in the account: added, renamed, removed, each with a fresh proof of the strongest kind.

use super::{Visit, form, keys, passkey_of};
use crate::support::authenticator::Soft;
use crate::support::server::Server;

const LIST: &str = "/account/passkeys";
const NEW: &str = "/account/passkeys/new";

/// A visit of `username`, just signed in, at the page that adds a key.
async fn adding(server: &Server, username: &str) -> Visit {
    let mut browser = server.signed_in(username).await;
    let page = browser.get(NEW).await;
    Visit { browser, page }
}

async fn add(visit: &mut Visit, soft: &mut Soft, label: &str) -> crate::support::browser::Page {
    let challenge = visit.challenge(NEW, &[]).await;
    let credential = soft.create(&challenge["publicKey"]);
    let ceremony = challenge["ceremony"].as_str().unwrap();
    let fields = [("ceremony", ceremony), ("credential", &credential), ("label", label)];
    visit.browser.submit(&form(&visit.page, NEW), &fields).await
}

#[tokio::test]
async fn a_key_is_added_under_its_name_and_signs_in() {
    let server = Server::start().await;
    let mut visit = adding(&server, "bob").await;
    let mut soft = Soft::at(&server.issuer);
    let codes = add(&mut visit, &mut soft, "Blue key").await;
    assert_eq!(codes.status, 200, "{}", codes.body);
    assert!(codes.body.contains("ecovery codes"));
    let list = visit.browser.get(LIST).await;
    assert!(list.body.contains("Blue key") && list.body.contains("on this one device"));
    let mut visit = Visit::at_login(&server).await;
    assert!(visit.sign_in(&mut soft).await.param("code").is_some());
}

#[tokio::test]
async fn a_second_key_brings_no_new_codes_and_cannot_be_the_first_again() {
    let server = Server::start().await;
    let mut visit = adding(&server, "carol").await;
    let mut soft = Soft::at(&server.issuer);
    let before = server.number("select count(*) from recovery_codes").await;
    assert_eq!(before, 0);
    assert_eq!(add(&mut visit, &mut soft, "One").await.status, 200);
    visit.page = visit.browser.get(NEW).await;
    let mut other = Soft::at(&server.issuer);
    assert_eq!(add(&mut visit, &mut other, "Two").await.status, 303);
    visit.page = visit.browser.get(NEW).await;
    let again = add(&mut visit, &mut soft.copy(), "Again").await;
    assert_eq!(again.status, 422, "{}", again.body);
    assert_eq!(keys(&server, "carol").await, 2);
}

#[tokio::test]
async fn every_change_asks_for_a_fresh_proof() {
    let server = Server::start().await;
    let mut visit = adding(&server, "bob").await;
    let mut soft = Soft::at(&server.issuer);
    add(&mut visit, &mut soft, "Blue key").await;
    let list = visit.browser.get(LIST).await;
    let rename = href(&list.body, "/rename");
    let remove = href(&list.body, "/remove");
    server.clock.advance(time::Duration::minutes(6));
    for path in [NEW, &rename, &remove] {
        let asked = visit.browser.get(path).await;
        assert!(asked.location().starts_with("/login/key"), "{path}: {asked:?}");
    }
    let refused = visit.browser.submit(&form(&visit.page, NEW), &[]).await;
    assert!(refused.location().starts_with("/login/key"), "{refused:?}");
    // The key opens it again.
    let asked = visit.browser.get(&rename).await;
    visit.page = visit.browser.follow(asked).await;
    let challenge = visit.challenge("/login/key", &[]).await;
    let credential = soft.get(&challenge["publicKey"]);
    let done = visit.answer("/login/key", &challenge, &credential).await;
    let page = visit.browser.follow(done).await;
    assert!(page.body.contains("Rename a key"), "{}", page.body);
}

fn href(body: &str, end: &str) -> String {
    let hrefs = body.split("href=\"").map(|part| part.split('"').next().unwrap());
    let found = hrefs.into_iter().find(|href| href.starts_with(LIST) && href.ends_with(end));
    found.unwrap_or_else(|| panic!("no {end}: {body}")).to_owned()
}

#[tokio::test]
async fn a_key_is_renamed_and_removed_by_its_owner_only() {
    let server = Server::start().await;
    let mut visit = adding(&server, "bob").await;
    let mut soft = Soft::at(&server.issuer);
    add(&mut visit, &mut soft, "Blue key").await;
    let list = visit.browser.get(LIST).await;
    let (rename, remove) = (href(&list.body, "/rename"), href(&list.body, "/remove"));
    let mut carol = server.signed_in("carol").await;
    assert_eq!(carol.get(&rename).await.status, 404);
    assert_eq!(carol.get(&remove).await.status, 404);

    let page = visit.browser.get(&rename).await;
    let done = visit.browser.submit(&form(&page, &rename), &[("label", "Red <key>")]).await;
    let list = visit.browser.follow(done).await;
    assert!(list.body.contains("Red &#60;key&#62;"), "{}", list.body);

    let mut elsewhere = Visit::at_login(&server).await;
    assert!(elsewhere.sign_in(&mut soft).await.param("code").is_some());
    let page = visit.browser.get(&remove).await;
    let done = visit.browser.submit(&form(&page, &remove), &[]).await;
    assert_eq!(done.status, 303, "{}", done.body);
    assert_eq!(keys(&server, "bob").await, 0);
    assert!(elsewhere.browser.get("/account").await.location().starts_with("/login"));
    assert_eq!(visit.browser.get(LIST).await.status, 200);
    let told = "select count(*) from mails where subject like 'A key was removed%'";
    assert_eq!(server.number(told).await, 1);
    let noted = "select count(*) from audit_events where action = 'key.remove'";
    assert_eq!(server.number(noted).await, 1);
}

#[tokio::test]
async fn the_last_factor_stays_where_one_is_demanded() {
    let server = Server::start().await;
    let mut soft = passkey_of(&server, "bob").await;
    server.apply("[policy]\nmfa = \"everyone\"\n").await;
    let mut visit = Visit::at_login(&server).await;
    visit.sign_in(&mut soft).await;
    let list = visit.browser.get(LIST).await;
    let remove = href(&list.body, "/remove");
    let page = visit.browser.get(&remove).await;
    let refused = visit.browser.submit(&form(&page, &remove), &[]).await;
    assert_eq!(refused.status, 422, "{}", refused.body);
    assert!(refused.body.contains("must have a second step"), "{}", refused.body);
    assert_eq!(keys(&server, "bob").await, 1);
}

#[tokio::test]
async fn an_account_that_is_to_be_deleted_opens_no_door_to_a_passkey() {
    let server = Server::start().await;
    let mut soft = passkey_of(&server, "bob").await;
    let delete = "insert into account_deletions (user_id, requested_at, erases_at)
        select id, now(), now() + interval '14 days' from users where username = 'bob'";
    server.execute(delete).await;
    let mut visit = Visit::at_login(&server).await;
    let page = visit.sign_in(&mut soft).await;
    assert_eq!(page.param("code"), None, "{page:?}");
    assert!(page.body.contains("/login/closing"), "{page:?}");
}
