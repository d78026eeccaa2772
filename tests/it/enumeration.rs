//! Whether a name has an account, and what is the matter with it, cannot be told by trying passwords
//! (SECURITY.md T-8, PW-08). How long a try takes is a measurement and stands in the benchmark; what
//! is held here is that every class costs the same work.

use crate::login::{MORE_PEOPLE, attempt, masked};
use crate::support::browser::Page;
use crate::support::server::{PASSWORD, STOCK, Server};

/// What is tried: names of one length, so that lengths can be compared too.
const CLASSES: [(&str, &str, &str); 6] = [
    ("unknown", "nina", "wrong password"),
    ("unknown, with what is somebody's password", "nils", PASSWORD),
    ("wrong", "erik", "wrong password"),
    ("disabled", "dead", "wrong password"),
    ("disabled, with their password", "gone", PASSWORD),
    ("no password", "dora", "wrong password"),
];

const PEOPLE: &str = r#"
[[user]]
username = "erik"
password = "correct horse battery staple"

[[user]]
username = "gone"
password = "correct horse battery staple"
"#;

async fn with_everybody() -> Server {
    let server = Server::with(&[("LIMITS_SIGN_IN_PER_MINUTE", "6000")]).await;
    for people in [STOCK, MORE_PEOPLE, PEOPLE] {
        server.apply(people).await;
    }
    for name in ["dead", "gone"] {
        let id = server.user_id(name).await;
        server.manage(async |cx| portcullis::manage::users::disable(&cx, id).await.unwrap()).await;
    }
    server
}

/// Everything that comes back, without what is random or tells the time.
fn seen(page: &Page, username: &str) -> (u16, Vec<String>, String) {
    let (status, _, body) = masked(page, username);
    let mut headers = Vec::new();
    for (name, value) in &page.headers {
        let value = value.to_str().unwrap();
        headers.push(match name.as_str() {
            "date" | "retry-after" => name.to_string(),
            "set-cookie" => {
                let (pair, attributes) = value.split_once(';').unwrap();
                let (cookie, secret) = pair.split_once('=').unwrap();
                format!("set-cookie: {cookie}={} {attributes}", secret.len())
            }
            _ => format!("{name}: {value}"),
        });
    }
    headers.sort();
    let digits = |c: char| if c.is_ascii_digit() && status == 429 { '0' } else { c };
    (status, headers, body.chars().map(digits).collect())
}

/// Hashes that the server has computed, once none is being computed.
async fn hashes(server: &Server) -> u64 {
    loop {
        let load = server.app.passwords.load();
        if load.waiting == 0 {
            return load.done;
        }
        tokio::time::sleep(std::time::Duration::from_millis(1)).await;
    }
}

/// Whether all classes were answered alike, or nothing where the machine was too busy to look at a
/// password in time.
async fn all_alike(server: &Server) -> Option<()> {
    for round in 0..7 {
        let mut first = None;
        for (class, username, password) in CLASSES {
            let before = hashes(server).await;
            let answer = seen(&attempt(server, username, password).await, username);
            let work = hashes(server).await - before;
            if answer.0 == 503 {
                return None;
            }
            // Five tries are free; then all wait alike, and a password is not even looked at.
            let expected = if round < 5 { (401, 1) } else { (429, 0) };
            assert_eq!((answer.0, work), expected, "{class}, round {round}");
            assert_eq!(first.get_or_insert_with(|| answer.clone()), &answer, "{class}, {round}");
        }
    }
    Some(())
}

#[tokio::test]
async fn every_class_of_account_gets_the_same_answer_for_the_same_work_try_after_try() {
    for _ in 0..5 {
        if all_alike(&with_everybody().await).await.is_some() {
            return;
        }
    }
    panic!("no password is ever looked at");
}
