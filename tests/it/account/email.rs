//! Another address of mail.

use super::{change, grow_stale, visit};
use crate::recover::{path_in, press};
use crate::support::server::Server;

const PATH: &str = "/account/email";

#[tokio::test]
async fn a_new_address_is_theirs_once_its_link_is_opened_and_the_old_one_is_told() {
    let server = Server::start().await;
    let (mut browser, _) = visit(&server, "bob").await;
    let page = change(&mut browser, PATH, &[("email", " bob@elsewhere.example ")]).await;
    assert!(page.body.contains("A link is on its way to the new address"), "{}", page.body);
    assert!(page.body.contains("bob@example.com") && !page.body.contains("elsewhere"));
    let letters = server.letters("bob@elsewhere.example", 1).await;
    let link = path_in(&letters[0].text_body, "/login/new-address");
    assert_eq!(press(&mut server.browser(), &link, &[]).await.status, 200);
    let page = browser.get("/account/profile").await;
    assert!(page.body.contains("bob@elsewhere.example") && page.body.contains("Confirmed"));
    let old = server.letters("bob@example.com", 1).await;
    assert!(old.iter().any(|mail| mail.subject.starts_with("Your e-mail address was changed")));
    let page = browser.get("/account/activity").await;
    assert!(page.body.contains("Your e-mail address was changed"), "{}", page.body);
}

#[tokio::test]
async fn an_address_that_is_not_confirmed_is_confirmed_by_the_same_form() {
    let server = Server::start().await;
    let (mut browser, _) = visit(&server, "carol").await;
    let page = change(&mut browser, PATH, &[("email", "Carol@example.com")]).await;
    assert!(page.body.contains("Open it to confirm"), "{}", page.body);
    let letters = server.letters("carol@example.com", 1).await;
    let link = path_in(&letters[0].text_body, "/login/verify");
    assert_eq!(press(&mut server.browser(), &link, &[]).await.status, 200);
    let page = change(&mut browser, PATH, &[("email", "carol@example.com")]).await;
    assert!(page.body.contains("That is your address already"), "{}", page.body);
}

#[tokio::test]
async fn nobody_learns_whether_an_address_is_another_accounts() {
    let server = Server::start().await;
    let (mut browser, _) = visit(&server, "bob").await;
    let page = change(&mut browser, PATH, &[("email", "carol@example.com")]).await;
    assert!(page.body.contains("A link is on its way to the new address"), "{}", page.body);
    let letters = server.letters("carol@example.com", 1).await;
    let link = path_in(&letters[0].text_body, "/login/new-address");
    assert_eq!(press(&mut server.browser(), &link, &[]).await.status, 410);
    let bobs = "select count(*) from users where username = 'bob' and email = 'bob@example.com'";
    assert_eq!(server.number(bobs).await, 1);
}

#[tokio::test]
async fn what_is_no_address_comes_back_and_three_links_an_hour_are_sent() {
    let server = Server::start().await;
    let (mut browser, _) = visit(&server, "bob").await;
    for unfit in ["", "bob", "a@b@c", "eve@example.com\r\nBcc: x@example.com"] {
        let page = change(&mut browser, PATH, &[("email", unfit)]).await;
        assert!(page.status == 422 && page.body.contains("email-error"), "{unfit}: {}", page.body);
    }
    for n in 0..3 {
        let page = change(&mut browser, PATH, &[("email", "new@example.com")]).await;
        assert_eq!(page.status, 200, "{n}: {}", page.body);
    }
    let page = change(&mut browser, PATH, &[("email", "new@example.com")]).await;
    assert!(page.status == 422 && page.body.contains("Three mails"), "{}", page.body);
    assert_eq!(server.letters_now("new@example.com").await.len(), 3);
}

#[tokio::test]
async fn whoever_finds_an_open_browser_must_prove_who_they_are_first() {
    let server = Server::start().await;
    let (mut browser, _) = visit(&server, "bob").await;
    let form = browser.get(PATH).await;
    grow_stale(&server, &mut browser).await;
    assert_eq!(browser.get(PATH).await.status, 303);
    assert_eq!(browser.submit(&form, &[("email", "eve@example.com")]).await.status, 303);
    assert!(server.letters_now("eve@example.com").await.is_empty());
}
