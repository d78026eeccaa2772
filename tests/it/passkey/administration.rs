//! Keys as administrators see and remove them: in the console, through the API, at the command line.

use super::{KEY, Visit, form, keys, passkey_of};
use crate::support::browser::{Browser, Page};
use crate::support::server::Server;

/// An administrator in the console, signed in with password and code.
async fn console(server: &Server) -> Browser {
    let mut browser = server.browser();
    let page = browser.get("/admin").await;
    let page = browser.follow(page).await;
    let page = browser.go_through(server, page, "alice").await;
    assert_eq!(page.status, 200, "{page:?}");
    browser
}

fn remove_link(page: &Page) -> String {
    let hrefs = page.body.split("href=\"").map(|part| part.split('"').next().unwrap());
    let found = hrefs.into_iter().find(|href| href.contains("/factors/"));
    found.unwrap_or_else(|| panic!("no factor: {}", page.body)).to_owned()
}

#[tokio::test]
async fn an_administrator_sees_a_persons_keys_and_removes_one() {
    let server = Server::start().await;
    let mut soft = passkey_of(&server, "bob").await;
    let mut bob = Visit::at_login(&server).await;
    bob.sign_in(&mut soft).await;
    let mut alice = console(&server).await;
    let id = server.user_id("bob").await;
    let page = alice.get(&format!("/admin/users/{id}")).await;
    assert!(page.body.contains("Passkeys and other second factors"), "{}", page.body);
    let remove = remove_link(&page);
    let asked = alice.get(&remove).await;
    let done = alice.submit(&form(&asked, &remove), &[]).await;
    assert_eq!(done.status, 303, "{}", done.body);
    assert_eq!(keys(&server, "bob").await, 0);
    let live = "select count(*) from sessions s join users u on u.id = s.user_id
        where u.username = 'bob' and s.ended_at is null";
    assert_eq!(server.number(live).await, 0);
    let told = "select count(*) from mails where subject like 'A key was removed%'";
    assert_eq!(server.number(told).await, 1);
}

#[tokio::test]
async fn an_administrator_with_a_passkey_proves_it_afresh_and_nothing_weaker() {
    let server = Server::start().await;
    let mut soft = passkey_of(&server, "alice").await;
    passkey_of(&server, "bob").await;
    let mut browser = server.browser();
    let page = browser.get("/admin").await;
    let page = browser.follow(page).await;
    let mut visit = Visit { browser, page };
    assert_eq!(visit.sign_in(&mut soft).await.status, 200);
    server.clock.advance(time::Duration::minutes(6));
    let id = server.user_id("bob").await;
    let page = visit.browser.get(&format!("/admin/users/{id}")).await;
    let remove = remove_link(&page);
    let asked = visit.browser.get(&remove).await;
    // A code of the authenticator is no proof beside a passkey.
    let code = server.totp();
    let refused = visit.browser.submit(&form(&asked, &remove), &[("code", &code)]).await;
    assert_ne!(refused.status, 303, "{}", refused.body);
    assert!(refused.body.contains("Use your passkey"), "{}", refused.body);
    // The page carries what asks for a challenge.
    let start = asked.body.find("id=\"key-source\"").expect("a source of challenges");
    let end = start + asked.body[start..].find("</form>").unwrap();
    let source = Page { body: asked.body[start - 6..end].to_owned(), ..asked.clone() };
    let fields =
        [("csrf", source.hidden("csrf").unwrap()), ("flow", source.hidden("flow").unwrap())];
    let fields: Vec<_> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let challenge = visit.browser.post(&format!("{KEY}/options"), &fields).await.json();
    let credential = soft.get(&challenge["publicKey"]);
    let ceremony = challenge["ceremony"].as_str().unwrap();
    let fields = [("ceremony", ceremony), ("credential", credential.as_str())];
    let done = visit.browser.submit(&form(&asked, &remove), &fields).await;
    assert_eq!(done.status, 303, "{}", done.body);
    assert_eq!(keys(&server, "bob").await, 0);
}

#[tokio::test]
async fn the_command_line_lists_and_removes_factors() {
    let server = Server::start().await;
    passkey_of(&server, "bob").await;
    let id = server.user_id("bob").await;
    let list = portcullis::manage::users::keys::list;
    let remove = portcullis::manage::users::keys::remove;
    let held = server.manage(async |cx| list(&cx, id).await.unwrap()).await;
    assert_eq!(held.len(), 1);
    let factor = held[0].id;
    server.manage(async |cx| remove(&cx, id, factor, None).await.map(drop).unwrap()).await;
    assert_eq!(keys(&server, "bob").await, 0);
    let again = server.manage(async |cx| remove(&cx, id, factor, None).await.map(drop)).await;
    assert!(again.is_err());
}
