//! Browser sessions and their cookies on the wire (SECURITY.md SE-01 to SE-04, T-17).

use portcullis::manage::{sessions, users};
use time::Duration;

use crate::support::browser::{Authorize, Browser, Page};
use crate::support::calls::credentials;
use crate::support::server::Server;

const SID: &str = "__Host-sid";

/// Whether the browser is signed in, without waking the session up more than a visit does.
async fn is_in(browser: &mut Browser) -> bool {
    let silent = Authorize::of("shop", "openid").with("prompt", "none");
    browser.get(&silent.path()).await.param("code").is_some()
}

/// Every `Set-Cookie` of `page`.
fn cookies(page: &Page) -> Vec<String> {
    page.headers.get_all("set-cookie").iter().map(|v| v.to_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn the_id_is_new_at_each_proof_and_the_old_one_is_dead() {
    let server = Server::start().await;
    let mut browser = server.browser();
    browser.cookies.insert(SID.into(), "pc_ss_planted-by-an-attacker".into());
    let mut seen = vec![browser.clone()];
    let page = browser.get(&Authorize::of("shop", "openid").path()).await;
    let page = browser.follow(page).await;
    let page = browser.submit(&page, &credentials("carol")).await;
    seen.push(browser.clone());
    let page = browser.follow(page).await;
    let done = browser.submit(&page, &[("code", &server.totp())]).await;
    assert!(done.param("code").is_some(), "{done:?}");
    seen.push(browser.clone());
    let again = browser.get(&Authorize::of("shop", "openid").with("prompt", "login").path()).await;
    let again = browser.follow(again).await;
    let page = browser.submit(&again, &credentials("carol")).await;
    seen.push(browser.clone());
    let page = browser.follow(page).await;
    server.clock.advance(Duration::seconds(30));
    let done = browser.submit(&page, &[("code", &server.totp())]).await;
    assert!(done.param("code").is_some(), "{done:?}");
    let mut ids: Vec<_> = seen.iter().map(|one| one.cookies[SID].clone()).collect();
    ids.push(browser.cookies[SID].clone());
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), 5, "{ids:?}");
    for mut old in seen {
        assert!(!is_in(&mut old).await);
    }
    assert!(is_in(&mut browser).await);
}

#[tokio::test]
async fn every_cookie_is_bound_to_the_host_and_says_nothing() {
    let server = Server::start().await;
    let mut browser = server.browser();
    let mut all = Vec::new();
    let page = browser.get(&Authorize::of("asker", "openid").path()).await;
    all.extend(cookies(&page));
    let page = browser.follow(page).await;
    let page = browser.submit(&page, &credentials("carol")).await;
    all.extend(cookies(&page));
    let page = browser.follow(page).await;
    let page = browser.submit(&page, &[("code", &server.totp())]).await;
    all.extend(cookies(&page));
    let page = browser.get("/oauth2/logout").await;
    all.extend(cookies(&browser.submit(&page, &[]).await));
    assert!(all.len() >= 5, "{all:?}");
    for cookie in all {
        let lower = cookie.to_lowercase();
        assert!(cookie.starts_with("__Host-"), "{cookie}");
        for part in ["; path=/;", "; secure", "; httponly"] {
            assert!(lower.contains(part), "{cookie}");
        }
        assert!(lower.contains("samesite=lax") || lower.contains("samesite=strict"), "{cookie}");
        assert!(!lower.contains("domain") && !lower.contains("carol") && cookie.len() < 4096);
    }
}

#[tokio::test]
async fn a_session_ends_unused_after_an_hour_and_anyhow_after_a_day() {
    let server = Server::start().await;
    let mut idle = server.signed_in("bob").await;
    server.clock.advance(Duration::minutes(59));
    assert!(is_in(&mut idle).await);
    server.clock.advance(Duration::minutes(59));
    assert!(is_in(&mut idle).await, "a visit keeps it");
    server.clock.advance(Duration::minutes(61));
    assert!(!is_in(&mut idle).await);
    let mut busy = server.signed_in("bob").await;
    for _ in 0..28 {
        server.clock.advance(Duration::minutes(50));
        assert!(is_in(&mut busy).await);
    }
    server.clock.advance(Duration::minutes(45));
    assert!(!is_in(&mut busy).await);
}

#[tokio::test]
async fn an_administrators_session_ends_sooner() {
    let server = Server::start().await;
    let mut browser = server.signed_in("alice").await;
    server.clock.advance(Duration::minutes(14));
    assert!(is_in(&mut browser).await);
    server.clock.advance(Duration::minutes(16));
    assert!(!is_in(&mut browser).await);
}

#[tokio::test]
async fn ending_disabling_and_signing_out_hold_on_every_node() {
    let server = Server::start().await;
    let second = server.second_node().await;
    let bob = server.user_id("bob").await;
    for end in 0..3 {
        let mut browser = server.signed_in("bob").await;
        let mut there = browser.on(&second);
        assert!(is_in(&mut browser).await && is_in(&mut there).await);
        match end {
            0 => {
                let page = browser.clone().get("/oauth2/logout").await;
                browser.clone().submit(&page, &[]).await;
            }
            1 => drop(server.manage(async |cx| sessions::end_all(&cx, bob).await.unwrap()).await),
            _ => drop(server.manage(async |cx| users::disable(&cx, bob).await.unwrap()).await),
        }
        assert!(!is_in(&mut browser).await && !is_in(&mut there).await, "{end}");
    }
}

#[tokio::test]
async fn a_damaged_cookie_is_nobody() {
    let server = Server::start().await;
    let browser = server.signed_in("bob").await;
    let id = browser.cookies[SID].clone();
    let path = Authorize::of("shop", "openid").with("prompt", "none").path();
    let flip = |at: usize| {
        let mut bytes = id.clone().into_bytes();
        bytes[at] = if bytes[at] == b'A' { b'B' } else { b'A' };
        String::from_utf8(bytes).unwrap()
    };
    let good = format!("{SID}={id}");
    for cookie in [
        format!("{SID}={}", flip(6)),
        format!("{SID}={}", flip(id.len() - 1)),
        format!("{SID}={}", &id[..id.len() - 1]),
        format!("{SID}={id}A"),
        format!("{SID}={}", "a".repeat(4_096)),
        format!("{SID}=\u{e9}"),
        format!("{SID}="),
        format!("{good}; {SID}=pc_ss_planted"),
        format!("{SID}=pc_ss_planted; {good}"),
        format!("sid={id}"),
        format!("__Secure-sid={id}"),
        format!("{SID}=\"{id}\""),
    ] {
        let page = server.raw("GET", &path, &[("cookie", &cookie)], "").await;
        assert_eq!(page.param("error").as_deref(), Some("login_required"), "{cookie}: {page:?}");
    }
    assert!(server.raw("GET", &path, &[("cookie", &good)], "").await.param("code").is_some());
}

#[tokio::test]
async fn another_person_at_the_browser_ends_the_first_ones_session() {
    let server = Server::start().await;
    let mut browser = server.signed_in("bob").await;
    let mut bobs = browser.clone();
    let page = browser.get(&Authorize::of("shop", "openid").with("prompt", "login").path()).await;
    let page = browser.follow(page).await;
    let page = browser.go_through(&server, page, "carol").await;
    assert!(page.param("code").is_some(), "{page:?}");
    assert!(!is_in(&mut bobs).await);
}

#[tokio::test]
async fn sessions_are_kept_as_hashes() {
    let server = Server::start().await;
    let browser = server.signed_in("bob").await;
    let mut connection = server.db.connect().await;
    for cookie in browser.cookies.values() {
        let plain = "select count(*) from sessions where encode(fingerprint, 'escape') like '%' || $1 || '%'";
        let found: i64 =
            sqlx::query_scalar(plain).bind(cookie).fetch_one(&mut connection).await.unwrap();
        assert_eq!(found, 0);
    }
}
