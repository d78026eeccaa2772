//! "My account": who gets in, what they see, what they may change.

use crate::support::browser::{Browser, Page};
use crate::support::server::Server;

mod entry;

/// A browser in which `username` looks at their account.
pub async fn visit(server: &Server, username: &str) -> (Browser, Page) {
    let mut browser = server.browser();
    let page = browser.get("/account").await;
    let page = browser.follow(page).await;
    let page = browser.go_through(server, page, username).await;
    assert!(page.body.contains("<title>My account"), "{}", page.body);
    (browser, page)
}
