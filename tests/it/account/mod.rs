//! "My account": who gets in, what they see, what they may change.

use time::Duration;

use crate::support::browser::{Authorize, Browser, Page};
use crate::support::server::Server;

mod activity;
mod apps;
mod closing;
mod email;
mod entry;
mod factors;
mod forms;
mod password;
mod profile;
mod sessions;
mod words;

/// A browser in which `username` looks at their account.
pub async fn visit(server: &Server, username: &str) -> (Browser, Page) {
    let mut browser = server.browser();
    let page = browser.get("/account").await;
    let page = browser.follow(page).await;
    let page = browser.go_through(server, page, username).await;
    assert!(page.body.contains("<title>My account"), "{}", page.body);
    (browser, page)
}

/// Goes on so far that codes are new ones, and what was proved before is too old for changes.
pub async fn grow_stale(server: &Server, browser: &mut Browser) {
    server.clock.advance(Duration::minutes(6));
    assert_eq!(browser.get("/account").await.status, 200);
}

/// Posts the form that stands at `path`, with these fields, and follows where it leads.
pub async fn change(browser: &mut Browser, path: &str, fields: &[(&str, &str)]) -> Page {
    let form = browser.get(path).await;
    assert_eq!(form.status, 200, "{path}: {}", form.location());
    let done = browser.submit(&form, fields).await;
    browser.follow(done).await
}

/// The addresses on the page that begin with `start` and end in `end`.
pub fn links(page: &Page, start: &str, end: &str) -> Vec<String> {
    let all = page.body.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next());
    all.filter(|link| link.starts_with(start) && link.ends_with(end)).map(str::to_owned).collect()
}

/// Tokens that an application gets in `browser`, where the person is signed in already.
pub async fn connect(server: &Server, browser: &mut Browser, client: &str) -> serde_json::Value {
    let request = Authorize::of(client, "openid email offline_access orders.read");
    let page = browser.get(&request.path()).await;
    let page = browser.follow(page).await;
    let page = browser.go_through(server, page, "nobody").await;
    let code = page.param("code").unwrap_or_else(|| panic!("no code: {page:?}"));
    let answer = server.redeem(&request, &code).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    answer.json()
}
