//! The activity log: one's own, in plain words, page by page.

use crate::account::{change, links, visit};
use crate::support::calls::credentials;
use crate::support::server::Server;

#[tokio::test]
async fn a_person_reads_what_happened_with_their_account_and_with_no_other() {
    let server = Server::start().await;
    let mut attacker = server.browser();
    let form = attacker.get("/login").await;
    attacker.submit(&form, &[("username", "bob"), ("password", "a wrong guess")]).await;
    let (mut bob, _) = visit(&server, "bob").await;
    change(&mut bob, "/account/profile/edit", &[("name", "Robert")]).await;
    visit(&server, "carol").await;
    server.flush_journal().await;
    let page = bob.get("/account/activity").await;
    for words in ["You signed in", "You changed your profile", "typed a wrong password"] {
        assert!(page.body.contains(words), "{words}: {}", page.body);
    }
    assert!(page.body.contains("127.0.0.1") && !page.body.contains("carol"));
    // Which fields changed is in the log, not to what.
    let named = "select count(*) from audit_events where details::text like '%Robert%'";
    assert_eq!(server.number(named).await, 0);
}

#[tokio::test]
async fn the_log_goes_on_page_by_page_and_ends() {
    let server = Server::start().await;
    let (mut bob, _) = visit(&server, "bob").await;
    for number in 0..35 {
        let name = format!("Bob the {number}th");
        change(&mut bob, "/account/profile/edit", &[("name", &name)]).await;
    }
    let first = bob.get("/account/activity").await;
    assert_eq!(first.body.matches("You changed your profile").count(), 30);
    let next = links(&first, "/account/activity?after=", "").remove(0);
    let second = bob.get(&next).await;
    assert_eq!(second.body.matches("You changed your profile").count(), 5);
    assert!(links(&second, "/account/activity?after=", "").is_empty());
    assert_eq!(bob.get("/account/activity?after=x").await.status, 400);
}

#[tokio::test]
async fn from_where_an_administrator_acted_is_theirs() {
    let server = Server::start().await;
    let bob = server.user_id("bob").await;
    let (mut admin, _) = visit(&server, "alice").await;
    let form = admin.get(&format!("/admin/users/{bob}/sessions/end")).await;
    assert_eq!(admin.submit(&form, &[]).await.status, 303);
    let mut browser = server.browser();
    let page = browser.get("/login").await;
    browser.submit(&page, &credentials("bob")).await;
    let page = browser.get("/account/activity").await;
    let row = page.body.split("An administrator ended all your sessions").nth(1).unwrap();
    assert!(!row.split("</li>").next().unwrap().contains("127.0.0.1"), "{row}");
}
