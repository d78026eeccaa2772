//! The second factor on the wire (SECURITY.md TO-01 to TO-06, T-6, H64, H65).

use portcullis::crypto::totp::Seed;
use time::Duration;

use crate::support::browser::{Authorize, Browser, Page};
use crate::support::calls::credentials;
use crate::support::server::{Server, TOTP};

/// A browser of `username` at the page that asks for a code.
async fn at_code(server: &Server, username: &str) -> (Browser, Page) {
    let mut browser = server.browser();
    let page = browser.get(&Authorize::of("shop", "openid").path()).await;
    let page = browser.follow(page).await;
    let page = browser.submit(&page, &credentials(username)).await;
    let page = browser.follow(page).await;
    assert!(page.body.contains("name=\"code\""), "{page:?}");
    (browser, page)
}

/// The status of a try with `code` in a new browser.
async fn try_code(server: &Server, code: &str) -> u16 {
    let (mut browser, page) = at_code(server, "carol").await;
    browser.submit(&page, &[("code", code)]).await.status.as_u16()
}

/// The code of the step so many seconds from now.
fn code_in(server: &Server, seconds: i64) -> String {
    Seed::from_base32(TOTP).unwrap().code_at(server.app.now() + Duration::seconds(seconds))
}

#[tokio::test]
async fn only_this_step_and_the_one_before_are_taken() {
    for (seconds, status) in [(-90, 401), (-60, 401), (-30, 303), (0, 303), (30, 401), (60, 401)] {
        let server = Server::start().await;
        // The middle of a step, so that the test's own time does not matter.
        let into = server.app.now().unix_timestamp().rem_euclid(30);
        server.clock.advance(Duration::seconds(10 - into));
        assert_eq!(try_code(&server, &code_in(&server, seconds)).await, status, "{seconds}");
    }
}

#[tokio::test]
async fn a_code_works_once_and_an_older_one_never_after() {
    let server = Server::start().await;
    let into = server.app.now().unix_timestamp().rem_euclid(30);
    server.clock.advance(Duration::seconds(10 - into));
    let (before, now) = (code_in(&server, -30), code_in(&server, 0));
    assert_eq!(try_code(&server, &now).await, 303);
    let spaced = format!("{} {}", &now[..3], &now[3..]);
    let wide: String =
        now.bytes().map(|b| char::from_u32(0xff10 + u32::from(b - b'0')).unwrap()).collect();
    for again in [&now, &before, &format!(" {now} "), &spaced, &wide] {
        assert_eq!(try_code(&server, again).await, 401, "{again}");
    }
}

#[tokio::test]
async fn of_many_at_once_one_gets_in() {
    let server = Server::start().await;
    let second = server.second_node().await;
    let into = server.app.now().unix_timestamp().rem_euclid(30);
    server.clock.advance(Duration::seconds(10 - into));
    let (mut one, first) = at_code(&server, "carol").await;
    let (two, other) = at_code(&server, "carol").await;
    let mut two = two.on(&second);
    let mut three = one.clone();
    let code = server.totp();
    let fields = [("code", code.as_str())];
    let (a, b, c) = tokio::join!(
        one.submit(&first, &fields),
        two.submit(&other, &fields),
        three.submit(&first, &fields),
    );
    let through = [a, b, c].iter().filter(|page| page.status == 303).count();
    assert_eq!(through, 1);
    let complete = "select count(*) from sessions where stage = 'established'";
    assert_eq!(server.number(complete).await, 1);
}

#[tokio::test]
async fn what_is_no_code_is_a_failed_try() {
    let server = Server::start().await;
    let code = server.totp();
    for (n, wrong) in [
        "",
        "null",
        "[]",
        "{}",
        "1e5",
        "-12345",
        "1234567",
        "12345",
        &format!("+{code}"),
        &format!("0{code}"),
        &format!("{code}0"),
        "\u{0661}\u{0662}\u{0663}\u{0664}\u{0665}\u{0666}",
        &"1".repeat(10_000),
        "' or 1=1",
    ]
    .into_iter()
    .enumerate()
    {
        assert_eq!(try_code(&server, wrong).await, 401, "{wrong}");
        let counted = server.number("select max(failures)::bigint from attempts").await;
        assert_eq!(counted, i64::try_from(n).unwrap() + 1, "{wrong}");
        server.clock.advance(Duration::seconds(61));
    }
    let (mut browser, page) = at_code(&server, "carol").await;
    let answer = browser.submit(&page, &[("code", &format!("{code}\0"))]).await;
    assert_eq!(answer.status, 400);
}

#[tokio::test]
async fn guesses_from_everywhere_count_together_and_pause_the_factor() {
    let server = Server::start().await;
    let second = server.second_node().await;
    for n in 0..5 {
        let node = if n % 2 == 0 { &server } else { &second };
        assert_eq!(try_code(node, "000000").await, 401, "{n}");
    }
    // The right one waits too, in whatever session and on whatever node.
    assert_eq!(try_code(&server, &server.totp()).await, 429);
    assert_eq!(try_code(&second, &server.totp()).await, 429);
    let mut tries = 5;
    loop {
        server.clock.advance(Duration::seconds(61));
        match try_code(&server, "000000").await {
            401 => tries += 1,
            status => break assert_eq!(status, 429),
        }
    }
    assert!((45..=50).contains(&tries), "{tries}");
    server.clock.advance(Duration::days(1));
    assert_eq!(try_code(&server, &server.totp()).await, 429, "paused");
    let mails = "select count(*) from mails where recipient = 'carol@example.com'";
    assert_eq!(server.number(mails).await, 1);
}

#[tokio::test]
async fn a_right_code_sets_the_count_back() {
    let server = Server::start().await;
    for _ in 0..4 {
        assert_eq!(try_code(&server, "000000").await, 401);
    }
    assert_eq!(try_code(&server, &server.totp()).await, 303);
    for _ in 0..5 {
        assert_eq!(try_code(&server, "000000").await, 401);
    }
}

#[tokio::test]
async fn time_comes_from_the_server_only() {
    let server = Server::start().await;
    let (mut browser, page) = at_code(&server, "carol").await;
    let (csrf, flow) = (page.hidden("csrf").unwrap(), page.hidden("flow").unwrap());
    let code = code_in(&server, 3_600);
    let later = (server.app.now() + Duration::hours(1)).unix_timestamp().to_string();
    let fields = [
        ("csrf", csrf.as_str()),
        ("flow", flow.as_str()),
        ("code", code.as_str()),
        ("time", later.as_str()),
        ("now", later.as_str()),
    ];
    let date = ("date", "Mon, 22 Nov 2099 00:00:00 GMT");
    let origin = ("origin", server.issuer.as_str());
    let answer =
        browser.send(reqwest::Method::POST, "/login/code", Some(&fields), &[date, origin]).await;
    assert_eq!(answer.status, 401);
}

/// Enrols bob, who must, and gives his recovery codes.
async fn enrolled(server: &Server) -> Vec<String> {
    server.apply("[policy]\nmfa = \"everyone\"\n").await;
    let (mut browser, page) = at_code(server, "bob").await;
    let words = page.body.split(|c: char| !c.is_ascii_alphanumeric());
    let upper = |b: u8| b.is_ascii_uppercase() || b.is_ascii_digit();
    let key = words.into_iter().find(|word| word.len() == 32 && word.bytes().all(upper)).unwrap();
    let form = page.at_form("/login/enrol");
    let wrong = browser.submit(&form, &[("code", "000000")]).await;
    assert_eq!(wrong.status, 422);
    let none = "select count(*) from factors where user_id = (select id from users where username = 'bob')";
    assert_eq!(server.number(none).await, 0, "unproved, it is no factor");
    let code = Seed::from_base32(key).unwrap().code_at(server.app.now());
    let shown = browser.submit(&form, &[("code", &code)]).await;
    let items = shown.body.split("<li>").skip(1).filter_map(|rest| rest.split('<').next());
    let codes: Vec<String> = items.map(str::to_owned).collect();
    assert!(codes.iter().all(|code| code.len() == 19), "{codes:?}");
    assert_eq!(codes.len(), 10, "{}", shown.body);
    let sealed = "select count(*) from factors where length(sealed) < 20 + 28";
    assert_eq!(server.number(sealed).await, 0);
    codes
}

#[tokio::test]
async fn a_recovery_code_works_once_however_it_is_typed_and_for_its_owner_only() {
    let server = Server::start().await;
    let codes = enrolled(&server).await;
    let lower = codes[1].to_lowercase().replace('-', " ");
    for (code, first) in [(codes[0].clone(), 303), (lower, 303), (codes[2].replace('-', ""), 303)] {
        for status in [first, 401] {
            let (mut browser, page) = at_code(&server, "bob").await;
            let done = browser.submit(&page, &[("code", &code)]).await;
            assert_eq!(done.status, status, "{code}: {}", done.body);
        }
    }
    assert_eq!(try_code(&server, &codes[3]).await, 401, "carol with bob's");
    let (mut browser, page) = at_code(&server, "bob").await;
    assert_eq!(browser.submit(&page, &[("code", &codes[3])]).await.status, 303);
}

#[tokio::test]
async fn nobody_enrols_a_second_time_on_the_way_in() {
    let server = Server::start().await;
    server.apply("[policy]\nmfa = \"everyone\"\n").await;
    let (mut early, first) = at_code(&server, "bob").await;
    enrolled(&server).await;
    // A page that was open before the real enrolment, proved with its own seed.
    let words = first.body.split(|c: char| !c.is_ascii_alphanumeric());
    let upper = |b: u8| b.is_ascii_uppercase() || b.is_ascii_digit();
    let key = words.into_iter().find(|word| word.len() == 32 && word.bytes().all(upper)).unwrap();
    let code = Seed::from_base32(key).unwrap().code_at(server.app.now());
    let answer = early.submit(&first.at_form("/login/enrol"), &[("code", &code)]).await;
    assert_eq!(answer.status, 400, "{}", answer.body);
    let bobs = "select count(*) from factors where user_id = (select id from users where username = 'bob')";
    assert_eq!(server.number(bobs).await, 1);
}
