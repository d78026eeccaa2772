//! Nobody learns from these pages who has an account (SECURITY.md PW-08, T-8).

use sqlx::Connection as _;

use crate::support::browser::Page;
use crate::support::server::Server;

const PEOPLE: &str = r#"
[policy]
sign_up = "open"

[[user]]
username = "dora"
email = "dora@example.com"

[[user]]
username = "dead"
email = "dead@example.com"
password = "correct horse battery staple"

[[user]]
username = "mute"
password = "correct horse battery staple"
"#;

/// An answer without what is random in it.
fn masked(page: &Page) -> (u16, String, Vec<String>, String) {
    let mut headers: Vec<String> = page.headers.keys().map(ToString::to_string).collect();
    headers.sort();
    (page.status.as_u16(), page.location().to_owned(), headers, page.body.clone())
}

async fn server() -> Server {
    let server = Server::start().await;
    server.apply(PEOPLE).await;
    let dead = server.user_id("dead").await;
    server.manage(async |cx| portcullis::manage::users::disable(&cx, dead).await.unwrap()).await;
    server
}

#[tokio::test]
async fn asking_for_a_mail_looks_the_same_for_every_account_and_for_none() {
    let server = server().await;
    for path in ["/login/forgot", "/login/unlock"] {
        let mut seen = Vec::new();
        for login in ["bob", "nina", "dora", "dead", "mute", "carol", "bob@example.com", "n@x.org"]
        {
            seen.push(masked(&server.ask_mail(path, login).await));
        }
        assert!(seen.iter().all(|one| one == &seen[0]), "{path}: {seen:?}");
        assert_eq!((seen[0].0, seen[0].1.as_str()), (303, "/login/sent"));
        // The limit of the address is not what is looked at here.
        server.clock.advance(time::Duration::hours(2));
    }
}

#[tokio::test]
async fn the_page_looks_at_no_account_before_it_answers() {
    let server = server().await;
    let mut connection = server.db.connect().await;
    let mut held = connection.begin().await.unwrap();
    let lock = "lock table users, mail_links, mails in access exclusive mode";
    sqlx::query(lock).execute(&mut *held).await.unwrap();
    for login in ["bob", "nina"] {
        assert_eq!(server.ask_mail("/login/forgot", login).await.status, 303, "{login}");
    }
    held.rollback().await.unwrap();
    server.letters("bob@example.com", 1).await;
}

#[tokio::test]
async fn signing_up_looks_the_same_for_an_address_that_has_an_account() {
    let server = server().await;
    let mut seen = Vec::new();
    for email in ["new@example.com", "bob@example.com", "BOB@example.com", "dead@example.com"] {
        let mut browser = server.browser();
        let page = browser.get("/signup").await;
        seen.push(masked(&browser.submit(&page, &[("email", email)]).await));
    }
    assert!(seen.iter().all(|one| one == &seen[0]), "{seen:?}");
    assert_eq!((seen[0].0, seen[0].1.as_str()), (303, "/signup/sent"));
    let told = server.letters("bob@example.com", 1).await;
    assert!(told[0].subject.starts_with("You have an account"), "{}", told[0].subject);
    assert!(!told[0].text_body.contains("token="));
    server.letters("new@example.com", 1).await;
}
