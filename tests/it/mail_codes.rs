//! Codes by mail as a second factor (SECURITY.md TO-04, PW-05 to PW-07, T-6).

use portcullis::store::users;
use time::Duration;

use crate::support::browser::{Authorize, Browser, Page};
use crate::support::calls::credentials;
use crate::support::server::{STOCK, Server};

/// A server where codes by mail count, and where `policy` holds besides.
async fn start(policy: &str) -> Server {
    let server = Server::with(&[("LIMITS_SIGN_IN_PER_MINUTE", "1000000")]).await;
    server.apply(STOCK).await;
    server.apply(&format!("[policy]\nemail_codes = true\n{policy}\n")).await;
    server
}

const CODES_SENT: &str = "select count(*) from mails where subject like '%code%'";
const EVERYONE: &str = "mfa = \"everyone\"";

/// A browser of `username` after the password, at whatever page comes.
async fn after_password(server: &Server, username: &str) -> (Browser, Page) {
    let mut browser = server.browser();
    let page = browser.get(&Authorize::of("shop", "openid").path()).await;
    let page = browser.follow(page).await;
    let page = browser.submit(&page, &credentials(username)).await;
    let page = browser.follow(page).await;
    (browser, page)
}

/// The same once a code was sent.
async fn sent(server: &Server, username: &str) -> (Browser, Page) {
    let (mut browser, page) = after_password(server, username).await;
    assert_eq!(page.action(), "/login/mail-code", "{}", page.body);
    let page = browser.submit(&page, &[]).await;
    assert_eq!(page.status, 303, "{}", page.body);
    let page = browser.follow(page).await;
    assert_eq!(page.action(), "/login/code", "{}", page.body);
    (browser, page)
}

/// Whether the page asks for a new factor, and offers no code by mail.
fn is_enrolment(page: &Page) -> bool {
    page.has_form("/login/enrol") && !page.has_form("/login/mail-code")
}

/// The code in the newest mail.
async fn newest_code(server: &Server) -> String {
    let mut connection = server.db.connect().await;
    let newest = "select text_body from mails where subject like '%code%' order by id desc limit 1";
    let text: String = sqlx::query_scalar(newest).fetch_one(&mut connection).await.unwrap();
    let digits: Vec<&str> = text.lines().filter(|line| line.len() == 9).collect();
    let code = digits.first().unwrap_or_else(|| panic!("no code: {text}"));
    assert!(code.bytes().all(|b| b.is_ascii_digit() || b == b' '), "{code}");
    (*code).to_owned()
}

#[tokio::test]
async fn a_code_by_mail_completes_the_sign_in_once() {
    let server = start(EVERYONE).await;
    let (mut browser, page) = sent(&server, "bob").await;
    let code = newest_code(&server).await;
    let mut copy = browser.clone();
    let done = browser.submit(&page, &[("code", &code)]).await;
    assert!(done.param("code").is_some(), "{done:?}");
    let again = copy.submit(&page, &[("code", &code)]).await;
    assert_ne!(again.status, 303, "{again:?}");
    let kept = "select count(*) from mail_codes";
    assert_eq!(server.number(kept).await, 0);
}

#[tokio::test]
async fn a_code_is_of_one_sign_in_and_ten_minutes_and_a_new_one_ends_the_old() {
    let server = start(EVERYONE).await;
    let (mut one, first) = sent(&server, "bob").await;
    let of_one = newest_code(&server).await;
    server.clock.advance(Duration::seconds(61));
    let (mut two, second) = sent(&server, "bob").await;
    let of_two = newest_code(&server).await;
    assert_eq!(two.submit(&second, &[("code", &of_one)]).await.status, 401, "another sign-in's");
    assert_eq!(one.submit(&first, &[("code", &of_two)]).await.status, 401, "another sign-in's");
    // A new one in the same sign-in.
    server.clock.advance(Duration::seconds(61));
    let again = one.get(&way(&first, "mail")).await;
    let resend = again.body.split("action=\"/login/mail-code\"").nth(1).expect("a form");
    let hidden = |name: &str| {
        let from = resend.split(&format!("name=\"{name}\" value=\"")).nth(1).unwrap();
        from.split('"').next().unwrap().to_owned()
    };
    let (csrf, flow) = (hidden("csrf"), hidden("flow"));
    let sent = one.post("/login/mail-code", &[("csrf", &csrf), ("flow", &flow)]).await;
    assert_eq!(sent.status, 303, "{}", sent.body);
    let newer = newest_code(&server).await;
    assert_eq!(one.submit(&first, &[("code", &of_one)]).await.status, 401, "replaced");
    assert_eq!(one.submit(&first, &[("code", &newer)]).await.status, 303);
    server.clock.advance(Duration::minutes(9));
    let over = two.submit(&second, &[("code", &of_two)]).await;
    assert!(matches!(over.status.as_u16(), 400 | 401), "{}", over.body);
}

/// The address of another way on the page.
fn way(page: &Page, name: &str) -> String {
    let flow = page.hidden("flow").unwrap();
    format!("/login/code?flow={flow}&way={name}")
}

#[tokio::test]
async fn codes_are_kept_as_macs_and_told_to_nobody_but_the_mail() {
    let server = start(EVERYONE).await;
    let (_, page) = sent(&server, "bob").await;
    let code = newest_code(&server).await.replace(' ', "");
    assert!(!page.body.contains(&code) && !page.body.contains("bob@example.com"), "{}", page.body);
    let mut connection = server.db.connect().await;
    let plain =
        "select count(*) from mail_codes where encode(code_hash, 'escape') like '%' || $1 || '%'
        or length(code_hash) <> 32";
    let found: i64 =
        sqlx::query_scalar(plain).bind(&code).fetch_one(&mut connection).await.unwrap();
    assert_eq!(found, 0);
    let told = "select count(*) from audit_events where details::text like '%' || $1 || '%'";
    let found: i64 = sqlx::query_scalar(told).bind(&code).fetch_one(&mut connection).await.unwrap();
    assert_eq!(found, 0);
    let html = "select html_body from mails order by id desc limit 1";
    let html: String = sqlx::query_scalar(html).fetch_one(&mut connection).await.unwrap();
    assert!(html.contains(&format!("{} {}", &code[..4], &code[4..])), "{html}");
}

#[tokio::test]
async fn the_next_mail_waits_wherever_it_is_asked_for() {
    let server = start(EVERYONE).await;
    let second = server.second_node().await;
    sent(&server, "bob").await;
    for node in [&server, &second] {
        let (mut browser, page) = after_password(node, "bob").await;
        let held = browser.submit(&page, &[]).await;
        assert_eq!(held.status, 429, "{}", held.body);
        assert!(held.header("retry-after").parse::<i64>().unwrap() <= 60);
    }
    assert_eq!(server.number(CODES_SENT).await, 1);
}

#[tokio::test]
async fn nobody_gets_codes_by_mail_who_is_not_to() {
    let server = start(EVERYONE).await;
    let without = "[[user]]\nusername = \"una\"\nemail = \"una@example.com\"\n\
        password = \"correct horse battery staple\"\n";
    server.apply(without).await;
    // Not verified; an administrator; set by a mail.
    let (_, page) = after_password(&server, "una").await;
    assert!(is_enrolment(&page), "{}", page.body);
    let (mut browser, page) = after_password(&server, "alice").await;
    assert_eq!(page.action(), "/login/code");
    assert!(!page.body.contains("way=mail"), "{}", page.body);
    let forged = browser.get(&way(&page, "mail")).await;
    assert!(forged.status.as_u16() < 500);
    set_by_mail(&server).await;
    let (_, page) = after_password(&server, "bob").await;
    assert!(is_enrolment(&page), "the mailbox is one factor, not two: {}", page.body);
    assert_eq!(server.number(CODES_SENT).await, 0);
}

/// Sets bob's password as a link in a mail does.
async fn set_by_mail(server: &Server) {
    let (bob, now) = (server.user_id("bob").await, server.app.now());
    users::note_password_by_mail(server.app.store.pool(), bob, now).await.unwrap();
}

#[tokio::test]
async fn a_password_that_is_changed_in_the_account_makes_mailed_codes_count_again() {
    let server = start(EVERYONE).await;
    set_by_mail(&server).await;
    let (_, page) = after_password(&server, "bob").await;
    assert!(is_enrolment(&page), "{}", page.body);
    server.clock.advance(Duration::minutes(1));
    let (bob, now) = (server.user_id("bob").await, server.app.now());
    let pool = server.app.store.pool();
    let hash = users::password_hash(pool, bob).await.unwrap().unwrap().0;
    users::set_password_hash(pool, bob, &hash, now).await.unwrap();
    sent(&server, "bob").await;
}

#[tokio::test]
async fn a_code_that_is_on_its_way_is_worth_nothing_once_the_mailbox_set_the_password() {
    let server = start(EVERYONE).await;
    let (mut browser, page) = sent(&server, "bob").await;
    let code = newest_code(&server).await;
    set_by_mail(&server).await;
    let answer = browser.submit(&page, &[("code", &code)]).await;
    assert_ne!(answer.status, 303, "{answer:?}");
    assert!(answer.param("code").is_none());
}

#[tokio::test]
async fn an_account_that_owes_nothing_is_asked_for_no_mail_and_a_policy_without_them_takes_none() {
    let server = start("").await;
    let (_, done) = after_password(&server, "bob").await;
    assert!(done.param("code").is_some(), "{done:?}");
    server.apply("[policy]\nmfa = \"everyone\"\nmfa_factors = [\"totp\"]\n").await;
    // It does not count, but whoever enrols what does proves what they have first.
    let (mut browser, page) = sent(&server, "bob").await;
    let proved = browser.submit(&page, &[("code", &newest_code(&server).await)]).await;
    let enrolment = browser.follow(proved).await;
    assert!(is_enrolment(&enrolment), "{}", enrolment.body);
}

#[tokio::test]
async fn guesses_at_mailed_codes_share_the_counter_of_all_second_factors() {
    let server = start(EVERYONE).await;
    let second = server.second_node().await;
    // carol has an authenticator; her address is verified here, so that both are ways in.
    let verified = "update users set email_verified = true where username = 'carol'";
    let mut connection = server.db.connect().await;
    sqlx::query(verified).execute(&mut connection).await.unwrap();
    for (n, (node, code)) in [
        (&server, "00000000"),
        (&second, "000000"),
        (&server, "AAAA-AAAA-AAAA-AAAA"),
        (&second, "00000000"),
        (&server, "000000"),
    ]
    .into_iter()
    .enumerate()
    {
        let (mut browser, page) = after_password(node, "carol").await;
        let answer = browser.submit(&page, &[("code", code)]).await;
        assert_eq!(answer.status, 401, "{n}: {}", answer.body);
    }
    let counted = "select count(*) from attempts where failures = 5";
    assert_eq!(server.number(counted).await, 1, "one counter, exactly");
    let (mut browser, page) = after_password(&second, "carol").await;
    let held = browser.submit(&page, &[("code", &server.totp())]).await;
    assert_eq!(held.status, 429);
}

#[tokio::test]
async fn other_ways_are_listed_the_strongest_first() {
    let server = start("").await;
    let mut connection = server.db.connect().await;
    let verified = "update users set email_verified = true where username = 'carol'";
    sqlx::query(verified).execute(&mut connection).await.unwrap();
    let codes = "insert into recovery_codes (user_id, code_hash, created_at)
        select id, sha256('x'::bytea), now() from users where username = 'carol'";
    sqlx::query(codes).execute(&mut connection).await.unwrap();
    let (mut browser, page) = after_password(&server, "carol").await;
    let at = |page: &Page, text: &str| {
        page.body.find(text).unwrap_or_else(|| panic!("{text}: {}", page.body))
    };
    assert!(page.body.contains("six digits"), "the authenticator first: {}", page.body);
    assert!(at(&page, "Try another way") < at(&page, "Get a code by e-mail"));
    assert!(at(&page, "Get a code by e-mail") < at(&page, "Use a recovery code"));
    assert!(page.body.contains("You have one left"));
    let mail = browser.get(&way(&page, "mail")).await;
    assert!(at(&mail, "Use your authenticator app") < at(&mail, "Use a recovery code"));
}
