//! The password step on the wire (SECURITY.md PW, T-8, T-9, H45, H46, H48).

use reqwest::Method;
use time::Duration;

use crate::support::browser::{Authorize, Browser, Page};
use crate::support::calls::{FORM, credentials};
use crate::support::server::{PASSWORD, Server};

const SESSIONS: &str = "select count(*) from sessions";

/// A browser at the sign-in page of `shop`.
pub async fn at_login(server: &Server) -> (Browser, Page) {
    let mut browser = server.browser();
    let page = browser.get(&Authorize::of("shop", "openid").path()).await;
    let page = browser.follow(page).await;
    (browser, page)
}

/// The answer to a try, from a browser that was never here.
pub async fn attempt(server: &Server, username: &str, password: &str) -> Page {
    let (mut browser, page) = at_login(server).await;
    browser.submit(&page, &[("username", username), ("password", password)]).await
}

/// `page` without what is random in it.
pub fn masked(page: &Page, username: &str) -> (u16, Vec<String>, String) {
    let mut body = page.body.replace(username, "NAME");
    for name in ["csrf", "flow"] {
        for value in page.all_hidden(name) {
            body = body.replace(&value, name);
        }
    }
    let mut headers: Vec<_> = page.headers.keys().map(ToString::to_string).collect();
    headers.sort();
    (page.status.as_u16(), headers, body)
}

/// People of whom one has no password and one shall be disabled.
pub const MORE_PEOPLE: &str = r#"
[[user]]
username = "dora"
email = "dora@example.com"

[[user]]
username = "dead"
email = "dead@example.com"
password = "correct horse battery staple"
"#;

#[tokio::test]
async fn nobody_learns_who_has_an_account() {
    let server = Server::start().await;
    server.apply(MORE_PEOPLE).await;
    let dead = server.user_id("dead").await;
    server.manage(async |cx| portcullis::manage::users::disable(&cx, dead).await.unwrap()).await;
    let mut seen = Vec::new();
    for (username, password) in [
        ("nina", "wrong password"),
        ("carl", PASSWORD),
        ("bobb", "wrong password"),
        ("bob", "wrong password"),
        ("alice", "wrong password"),
        ("carol", "wrong password"),
        ("dead", "wrong password"),
        ("dead", PASSWORD),
        ("dora", "wrong password"),
        ("dora", ""),
        ("bob@example.com", "wrong password"),
        ("nina@example.com", "wrong password"),
    ] {
        seen.push(masked(&attempt(&server, username, password).await, username));
    }
    for (n, one) in seen.iter().enumerate() {
        assert_eq!(one.0, 401, "{n}");
        assert_eq!(one, &seen[0], "{n}");
    }
}

#[tokio::test]
async fn unknown_names_are_throttled_like_known_ones() {
    let server = Server::start().await;
    let mut courses = Vec::new();
    for username in ["bob", "nina"] {
        let mut course = Vec::new();
        for _ in 0..9 {
            let page = attempt(&server, username, "wrong password").await;
            course.push((page.status.as_u16(), page.header("retry-after").to_owned()));
            server.clock.advance(Duration::seconds(1));
        }
        courses.push(course);
    }
    assert_eq!(courses[0], courses[1]);
    assert!(courses[0].iter().any(|(status, _)| *status == 429), "{courses:?}");
}

#[tokio::test]
async fn after_five_failures_even_the_right_password_waits() {
    let server = Server::start().await;
    for _ in 0..5 {
        assert_eq!(attempt(&server, "bob", "wrong password").await.status, 401);
    }
    let page = attempt(&server, "bob", PASSWORD).await;
    assert_eq!(page.status, 429);
    let wait: i64 = page.header("retry-after").parse().unwrap();
    server.clock.advance(Duration::seconds(wait));
    assert_eq!(attempt(&server, "bob", PASSWORD).await.status, 303);
    // The count starts again.
    assert_eq!(attempt(&server, "bob", "wrong password").await.status, 401);
}

#[tokio::test]
async fn a_stranger_gets_a_hundred_tries_and_the_owners_browser_is_not_locked_out() {
    let server = Server::with(&[]).await;
    server.apply(crate::support::server::STOCK).await;
    let mut owner = server.signed_in("bob").await;
    let key = "update attempts set last_at = last_at - interval '1 day'";
    let mut connection = server.db.connect().await;
    let (mut browser, mut page) = at_login(&server).await;
    let mut tried = 0;
    for _ in 0..105 {
        // The address limit is another matter: only what is counted per account is looked at.
        sqlx::query(key).execute(&mut connection).await.unwrap();
        let fields = [("username", "bob"), ("password", "wrong password")];
        let answer = browser.submit(&page, &fields).await;
        if answer.status == 429 {
            break;
        }
        assert_eq!(answer.status, 401, "{tried}: {}", answer.body);
        tried += 1;
        page = answer;
    }
    assert!((50..=100).contains(&tried), "{tried}");
    let right = browser.submit(&page, &credentials("bob")).await;
    assert_eq!(right.status, 429, "a stranger's right guess is not looked at");
    let request = Authorize::of("shop", "openid").with("prompt", "login");
    let page = owner.get(&request.path()).await;
    let page = owner.follow(page).await;
    let page = owner.submit(&page, &credentials("bob")).await;
    assert!(page.param("code").is_some(), "the owner's own browser: {page:?}");
}

#[tokio::test]
async fn name_and_mail_share_one_counter() {
    let server = Server::start().await;
    for username in ["bob", "BOB", " bob ", "bob@example.com", "Bob@Example.com"] {
        assert_eq!(attempt(&server, username, "wrong password").await.status, 401, "{username}");
    }
    for username in ["bob", "bob@example.com", "\u{ff42}ob"] {
        assert_eq!(attempt(&server, username, PASSWORD).await.status, 429, "{username}");
    }
}

#[tokio::test]
async fn a_password_counts_exactly_as_it_was_set() {
    let server = Server::start().await;
    for wrong in [
        "",
        " ",
        "Correct horse battery staple",
        "correct horse battery staple ",
        "correct horse battery stapl",
        "correct horse battery staple\0",
        &format!("{PASSWORD}{}", "x".repeat(500)),
        &"x".repeat(513),
        &"x".repeat(60_000),
        "null",
        "undefined",
    ] {
        server.clock.advance(Duration::minutes(6));
        let page = attempt(&server, "bob", wrong).await;
        assert!(matches!(page.status.as_u16(), 400 | 401), "{wrong}: {}", page.status);
    }
    assert_eq!(server.number(SESSIONS).await, 0);
}

#[tokio::test]
async fn malformed_fields_are_refused() {
    let server = Server::start().await;
    let (mut browser, page) = at_login(&server).await;
    let (csrf, flow) = (page.hidden("csrf").unwrap(), page.hidden("flow").unwrap());
    let base = format!("csrf={csrf}&flow={flow}");
    let cookies: Vec<_> = browser.cookies.iter().map(|(n, v)| format!("{n}={v}")).collect();
    let headers = [FORM, ("cookie", &cookies.join("; ")), ("origin", &server.issuer)];
    for tail in [
        "&username=bob",
        "&username=bob&password[]=a",
        "&username[]=bob&password=a",
        "&username=bob&password=a&password=b",
        "&username=bob&username=alice&password=a",
        "&username=bob&password=%ff%fe",
        "&username=%00&password=a",
        "&username=bob&password=%zz",
        "",
    ] {
        let answer = server.raw("POST", "/login", &headers, format!("{base}{tail}")).await;
        assert!(matches!(answer.status.as_u16(), 400 | 401), "{tail}: {}", answer.status);
    }
    let json = [headers[1], headers[2], ("content-type", "application/json")];
    let body = format!(r#"{{"username":"bob","password":"{PASSWORD}"}}"#);
    assert_eq!(server.raw("POST", "/login", &json, body).await.status, 400);
    assert_eq!(server.number(SESSIONS).await, 0);
    assert!(browser.submit(&page, &credentials("bob")).await.param("code").is_some());
}

#[tokio::test]
async fn a_form_that_our_page_did_not_send_does_nothing() {
    let server = Server::start().await;
    let (mut browser, page) = at_login(&server).await;
    let (_, other) = at_login(&server).await;
    let (csrf, flow) = (page.hidden("csrf").unwrap(), page.hidden("flow").unwrap());
    let foreign = other.hidden("csrf").unwrap();
    let [name, password] = credentials("bob");
    let own = ("origin", server.issuer.clone());
    let own = (own.0, own.1.as_str());
    let logout = browser.get("/oauth2/logout?id_token_hint=x").await.hidden("csrf").unwrap();
    for (why, csrf, header) in [
        ("no token", "", own),
        ("a made-up token", "AAAA", own),
        ("another browser's token", foreign.as_str(), own),
        ("another form's token", logout.as_str(), own),
        ("another origin", csrf.as_str(), ("origin", "https://evil.example")),
        ("the null origin", csrf.as_str(), ("origin", "null")),
        ("another site", csrf.as_str(), ("sec-fetch-site", "cross-site")),
        ("a sibling site", csrf.as_str(), ("sec-fetch-site", "same-site")),
    ] {
        let fields = [name, password, ("csrf", csrf), ("flow", &flow)];
        let answer = browser.send(Method::POST, "/login", Some(&fields), &[header]).await;
        assert!(matches!(answer.status.as_u16(), 400 | 403), "{why}: {}", answer.status);
        assert!(!answer.headers.contains_key("location"), "{why}");
    }
    assert_eq!(server.number(SESSIONS).await, 0);
    let query =
        portcullis::protocol::params::encode([name, password, ("csrf", &csrf), ("flow", &flow)]);
    assert_eq!(browser.get(&format!("/login?{query}")).await.status, 200, "only the form again");
    assert_eq!(server.number(SESSIONS).await, 0);
}

#[tokio::test]
async fn a_flow_is_of_one_browser_one_page_and_half_an_hour() {
    let server = Server::start().await;
    let (mut attacker, page) = at_login(&server).await;
    let flow = page.hidden("flow").unwrap();
    // The victim's browser with the attacker's flow, and with a good token of its own.
    let (mut victim, own) = at_login(&server).await;
    let csrf = own.hidden("csrf").unwrap();
    let [name, password] = credentials("bob");
    let swapped = victim.post("/login", &[name, password, ("csrf", &csrf), ("flow", &flow)]).await;
    assert_eq!(swapped.status, 400);
    assert_eq!(victim.get(&format!("/login?flow={flow}")).await.status, 400);
    for path in ["/login/code", "/login/enrol", "/consent"] {
        assert_eq!(attacker.get(&format!("{path}?flow={flow}")).await.status, 400, "{path}");
    }
    for damaged in ["", "AAAA", &flow[1..], &format!("{flow}A")] {
        let fields = [name, password, ("csrf", &page.hidden("csrf").unwrap()), ("flow", damaged)];
        assert_eq!(attacker.post("/login", &fields).await.status, 400, "{damaged}");
    }
    server.clock.advance(Duration::minutes(11));
    assert_eq!(attacker.submit(&page, &[name, password]).await.status, 400, "too late");
    assert_eq!(server.number(SESSIONS).await, 0);
}

#[tokio::test]
async fn only_argon2id_hashes_are_kept() {
    let server = Server::start().await;
    let weak = "select count(*) from users where password_hash is not null \
        and password_hash not like '$argon2id$v=19$m=19456,t=2,p=1$%'";
    assert_eq!(server.number(weak).await, 0);
    assert_eq!(
        server.number("select count(*) from users where password_hash like '$argon2id$%'").await,
        3
    );
}
