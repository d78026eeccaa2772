//! Browsers that spare their owner the second factor, where the policy lets them.

use portcullis::manage::users::{self, UserChanges};
use time::Duration;

use crate::support::browser::{Authorize, Browser, Page};
use crate::support::calls::credentials;
use crate::support::server::{STOCK, Server};

const TRUST: &str = "__Host-trust";
const DEVICES: &str = "select count(*) from devices where trusted_until is not null";

/// A server where a browser may be trusted for 30 days.
async fn start() -> Server {
    let server = Server::with(&[("LIMITS_SIGN_IN_PER_MINUTE", "1000000")]).await;
    server.apply(STOCK).await;
    server.apply("[policy]\ntrusted_device = \"30d\"\n").await;
    server
}

/// `browser` after the password of `username`, at whatever comes.
async fn after_password(browser: &mut Browser, username: &str) -> Page {
    let request = Authorize::of("shop", "openid").with("prompt", "login");
    let page = browser.get(&request.path()).await;
    let page = browser.follow(page).await;
    let page = browser.submit(&page, &credentials(username)).await;
    browser.follow(page).await
}

/// A browser that carol trusts, at a later step of her authenticator.
async fn trusted(server: &Server) -> Browser {
    let mut browser = server.browser();
    let page = after_password(&mut browser, "carol").await;
    assert!(page.body.contains("ask again on this device for 30 days"), "{}", page.body);
    let done = browser.submit(&page, &[("code", &server.totp()), ("trust", "on")]).await;
    assert!(done.param("code").is_some(), "{done:?}");
    assert!(browser.cookies.contains_key(TRUST));
    server.clock.advance(Duration::minutes(1));
    browser
}

/// Whether the password alone is enough in this browser.
async fn is_spared(browser: &Browser) -> bool {
    after_password(&mut browser.clone(), "carol").await.param("code").is_some()
}

#[tokio::test]
async fn it_spares_its_owner_the_second_factor_for_as_long_as_the_policy_says() {
    let server = start().await;
    let browser = trusted(&server).await;
    assert!(is_spared(&browser).await);
    assert!(!is_spared(&server.browser()).await, "another browser");
    server.clock.advance(Duration::days(29));
    assert!(is_spared(&browser).await);
    server.clock.advance(Duration::days(2));
    assert!(!is_spared(&browser).await, "over");
}

#[tokio::test]
async fn without_the_tick_or_the_policy_nothing_is_trusted() {
    let server = start().await;
    let mut browser = server.browser();
    let page = after_password(&mut browser, "carol").await;
    browser.submit(&page, &[("code", &server.totp())]).await;
    server.clock.advance(Duration::minutes(1));
    assert!(!browser.cookies.contains_key(TRUST) && !is_spared(&browser).await);
    let browser = trusted(&server).await;
    server.apply("[policy]\ntrusted_device = \"0\"\n").await;
    assert!(!is_spared(&browser).await);
    let mut other = server.browser();
    let page = after_password(&mut other, "carol").await;
    assert!(!page.body.contains("id=\"trust\""));
    other.submit(&page, &[("code", &server.totp()), ("trust", "on")]).await;
    assert!(!other.cookies.contains_key(TRUST));
}

#[tokio::test]
async fn a_shorter_policy_holds_for_trust_from_before() {
    let server = start().await;
    let browser = trusted(&server).await;
    server.clock.advance(Duration::days(8));
    server.apply("[policy]\ntrusted_device = \"7d\"\n").await;
    assert!(!is_spared(&browser).await);
}

#[tokio::test]
async fn the_record_is_of_one_browser_and_one_person() {
    let server = start().await;
    let browser = trusted(&server).await;
    let mut stolen = server.browser();
    stolen.cookies.insert(TRUST.into(), browser.cookies[TRUST].clone());
    assert!(!is_spared(&stolen).await, "without the device it belongs to");
    let mut bare = server.browser();
    bare.cookies.insert("__Host-device".into(), browser.cookies["__Host-device"].clone());
    assert!(!is_spared(&bare).await, "the device cookie is no proof");
    let mut damaged = browser.clone();
    let record = damaged.cookies[TRUST].clone();
    let other = if record.ends_with('A') { "B" } else { "A" };
    damaged.cookies.insert(TRUST.into(), format!("{}{other}", &record[..record.len() - 1]));
    assert!(!is_spared(&damaged).await);
    // Another person at the same browser, who has a second factor too.
    let dora = "[[user]]\nusername = \"dora\"\npassword = \"correct horse battery staple\"\n\
        totp_secret = \"JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP\"\n";
    server.apply(dora).await;
    let mut both = browser.clone();
    let page = after_password(&mut both, "dora").await;
    assert_eq!(page.action(), "/login/code");
    both.submit(&page, &[("code", &server.totp()), ("trust", "on")]).await;
    assert!(after_password(&mut both.clone(), "dora").await.param("code").is_some());
    assert!(is_spared(&both).await, "carol's trust is still there");
}

#[tokio::test]
async fn an_administrator_is_always_asked() {
    let server = start().await;
    let mut browser = server.browser();
    let page = after_password(&mut browser, "alice").await;
    assert!(!page.body.contains("id=\"trust\""), "{}", page.body);
    browser.submit(&page, &[("code", &server.totp()), ("trust", "on")]).await;
    assert!(!browser.cookies.contains_key(TRUST));
    // Nor is whoever becomes one later.
    let browser = trusted(&server).await;
    let carol = server.user_id("carol").await;
    let changes =
        UserChanges { roles: Some(vec!["administrator".into()]), ..UserChanges::default() };
    server.manage(async |cx| users::update(&cx, carol, &changes, None).await.unwrap()).await;
    assert!(!is_spared(&browser).await);
}

#[tokio::test]
async fn trust_ends_with_the_password_and_with_all_sessions() {
    for end in 0..3 {
        let server = start().await;
        let browser = trusted(&server).await;
        let carol = server.user_id("carol").await;
        match end {
            0 => {
                let mut connection = server.db.connect().await;
                let change = "update users set password_changed_at = $1 where username = 'carol'";
                let change = sqlx::query(change).bind(server.app.now());
                change.execute(&mut connection).await.unwrap();
            }
            1 => drop(
                server
                    .manage(async |cx| {
                        portcullis::manage::sessions::end_all(&cx, carol).await.unwrap()
                    })
                    .await,
            ),
            _ => {
                server.manage(async |cx| users::disable(&cx, carol).await.unwrap()).await;
                server.manage(async |cx| users::enable(&cx, carol).await.unwrap()).await;
            }
        }
        assert!(!is_spared(&browser).await, "{end}");
        if end > 0 {
            assert_eq!(server.number(DEVICES).await, 0, "{end}");
        }
    }
}

#[tokio::test]
async fn what_was_spared_is_owed_again_when_the_trust_is_taken_back() {
    let server = start().await;
    let mut browser = trusted(&server).await;
    let request = Authorize::of("shop", "openid").with("prompt", "login");
    let page = browser.get(&request.path()).await;
    let page = browser.follow(page).await;
    let done = browser.submit(&page, &credentials("carol")).await;
    let tokens = server.redeem(&request, &done.param("code").unwrap()).await.json();
    server.apply("[policy]\nmfa = \"everyone\"\n").await;
    let refresh = tokens["refresh_token"].as_str().unwrap();
    let first = server.refresh("shop", refresh).await;
    assert_eq!(first.status, 200, "{}", first.body);
    let carol = server.user_id("carol").await;
    let pool = server.app.store.pool();
    let gone = portcullis::store::devices::distrust(pool, carol, None).await.unwrap();
    assert_eq!(gone, 1);
    let refresh = first.json()["refresh_token"].as_str().unwrap().to_owned();
    let refused = server.refresh("shop", &refresh).await;
    assert_eq!((refused.status.as_u16(), refused.error().as_str()), (400, "invalid_grant"));
    // The session that stood on it is asked.
    let page = browser.get(&Authorize::of("shop", "openid").path()).await;
    assert!(page.location().starts_with("/login/code"), "{page:?}");
}
