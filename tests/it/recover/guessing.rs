//! Strangers who guess do not lock the owner out (SECURITY.md PW-05 to PW-07).

use super::{NEW, path_in, press};
use crate::support::browser::{Browser, Page};
use crate::support::calls::credentials;
use crate::support::server::Server;

/// The answer once a stranger has used up all that the account allows, and their browser.
async fn guess_until_paused(server: &Server, username: &str) -> (Browser, Page) {
    let mut connection = server.db.connect().await;
    let mut browser = server.browser();
    let mut page = browser.get("/login").await;
    for _ in 0..105 {
        // The waits between two tries are another matter.
        let sooner = "update attempts set last_at = last_at - interval '1 hour'";
        sqlx::query(sooner).execute(&mut connection).await.unwrap();
        page = browser.submit(&page, &[("username", username), ("password", "wrong guess")]).await;
        if page.status == 429 {
            return (browser, page);
        }
    }
    panic!("the guessing is never stopped");
}

#[tokio::test]
async fn the_hundredth_wrong_password_sends_the_owner_a_link_that_lets_their_browser_in() {
    let server = Server::start().await;
    let (_, page) = guess_until_paused(&server, "bob").await;
    assert!(page.body.contains("/login/unlock"), "{}", page.body);
    let letters = server.letters("bob@example.com", 1).await;
    let link = path_in(&letters[0].text_body, "/login/unlock/open");
    let mut owner = server.browser();
    let login = owner.get("/login").await;
    assert_eq!(owner.submit(&login, &credentials("bob")).await.status, 429);
    assert_eq!(press(&mut owner, &link, &[]).await.status, 200);
    let login = owner.get("/login").await;
    assert_eq!(owner.submit(&login, &credentials("bob")).await.status, 303);
    // A stranger's browser waits as before, and the link is spent.
    let mut stranger = server.browser();
    let login = stranger.get("/login").await;
    assert_eq!(stranger.submit(&login, &credentials("carol")).await.status, 303);
    assert_eq!(stranger.get(&link).await.status, 410);
}

#[tokio::test]
async fn a_name_that_nobody_has_is_paused_in_the_same_words() {
    let server = Server::start().await;
    let (_, known) = guess_until_paused(&server, "bob").await;
    let (_, unknown) = guess_until_paused(&server, "nina").await;
    let words = |page: &Page| {
        page.body
            .split("error-summary\">")
            .nth(1)
            .map(|rest| rest.split("</form>").next().unwrap_or_default().len())
    };
    assert_eq!(known.status, unknown.status);
    assert_eq!(known.header("retry-after"), unknown.header("retry-after"));
    assert!(known.body.contains("/login/unlock") && unknown.body.contains("/login/unlock"));
    assert!(words(&known).is_some());
}

#[tokio::test]
async fn wrong_codes_are_stopped_and_a_new_password_starts_the_count_again() {
    let server = Server::start().await;
    let mut browser = server.browser();
    let page = browser.get("/login").await;
    let page = browser.submit(&page, &credentials("carol")).await;
    let mut page = browser.follow(page).await;
    let mut connection = server.db.connect().await;
    for _ in 0..50 {
        let sooner = "update attempts set last_at = last_at - interval '1 hour'";
        sqlx::query(sooner).execute(&mut connection).await.unwrap();
        page = browser.submit(&page, &[("code", "000000")]).await;
    }
    let right = browser.submit(&page, &[("code", &server.totp())]).await;
    assert_eq!(right.status, 429, "a right code is not looked at any more");
    let letters = server.letters("carol@example.com", 1).await;
    assert!(letters[0].subject.contains("is paused"), "{}", letters[0].subject);
    let link = path_in(&letters[0].text_body, "/login/reset");
    let mut owner = server.browser();
    assert_eq!(press(&mut owner, &link, &[("password", NEW)]).await.status, 200);
    let login = owner.get("/login").await;
    let page = owner.submit(&login, &[("username", "carol"), ("password", NEW)]).await;
    let page = owner.follow(page).await;
    let done = owner.submit(&page, &[("code", &server.totp())]).await;
    assert_eq!(done.status, 303, "{}", done.body);
}
