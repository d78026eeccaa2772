//! One code for a pushed request, and its content in no place that others see (SECURITY.md PR-03,
//! PR-07).

use std::io::{self, Write};
use std::sync::{Arc, Mutex};

use tracing::Dispatch;
use tracing::subscriber::NoSubscriber;
use tracing_subscriber::EnvFilter;

use crate::bound::Party;
use crate::bound::par::assert_uri_refused;
use crate::support::api::{Api, FIFTY, fifty};
use crate::support::browser::{Authorize, Page};
use crate::support::calls::{FORM, assert_shown, credentials};
use crate::support::server::{SECRET, Server};

const CODES: &str = "select count(*) from authorization_codes";

#[tokio::test]
async fn two_visits_before_the_login_are_fine_and_give_one_code() {
    let server = Server::start().await;
    let shop = Party::shop();
    let address = shop.pushed(&server, &Authorize::of("shop", "openid"), &[]).await;
    let mut browser = server.browser();
    let mut pages = Vec::new();
    for _ in 0..2 {
        let page = browser.get(&address).await;
        pages.push(browser.follow(page).await);
    }
    let first = browser.submit(&pages[0], &credentials("bob")).await;
    assert!(browser.follow(first).await.param("code").is_some());
    let second = browser.submit(&pages[1], &credentials("bob")).await;
    assert_uri_refused(&browser.follow(second).await, "the other page");
    assert_uri_refused(&browser.get(&address).await, "another visit");
    assert_uri_refused(&server.browser().get(&address).await, "another browser");
    assert_eq!(server.number(CODES).await, 1);
    assert_eq!(server.number("select count(*) from pushed_requests").await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_fifty_completions_on_two_nodes_one_gets_a_code() {
    let server = Server::start().await;
    let second = server.second_node().await;
    let nodes = [Api::at(&server), Api::at(&second)];
    let shop = Party::shop();
    let address = shop.pushed(&server, &Authorize::of("shop", "openid"), &[]).await;
    let browser = server.signed_in("bob").await;
    let before = server.number(CODES).await;
    let at = [browser.on(&server), browser.on(&second)];
    let answers = fifty(&nodes, |_, number| {
        let (mut browser, address) = (at[number % 2].clone(), address.clone());
        async move { browser.get(&address).await }
    });
    let (good, refused): (Vec<Page>, Vec<Page>) =
        answers.await.into_iter().partition(|page| page.param("code").is_some());
    assert_eq!((good.len(), refused.len()), (1, FIFTY - 1));
    for page in &refused {
        assert_uri_refused(page, "used");
    }
    assert_eq!(server.number(CODES).await - before, 1);
}

#[tokio::test]
async fn a_visit_that_comes_to_no_code_uses_nothing_up() {
    let server = Server::start().await;
    let asker = Party::asker();
    let address = asker.pushed(&server, &Authorize::of("asker", "openid"), &[]).await;
    let mut browser = server.signed_in("bob").await;
    let page = browser.get(&address).await;
    let page = browser.follow(page).await;
    let denied = browser.submit(&page, &[("decision", "deny")]).await;
    assert_eq!(denied.param("error").as_deref(), Some("access_denied"), "{denied:?}");
    let page = browser.get(&address).await;
    let page = browser.follow(page).await;
    let allowed = browser.submit(&page, &[("decision", "allow")]).await;
    assert!(allowed.param("code").is_some(), "{allowed:?}");
}

/// What was logged.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// What the headers of `page` tell a proxy, a history or a log.
fn told(page: &Page) -> String {
    let names = ["location", "set-cookie", "referer", "link", "refresh"];
    let values = names.iter().flat_map(|name| page.headers.get_all(*name));
    values.map(|value| value.to_str().unwrap()).collect::<Vec<_>>().join("\n")
}

#[tokio::test]
async fn what_was_pushed_is_in_no_address_cookie_log_or_record() {
    let written = Log::default();
    let copy = written.clone();
    let writer = tracing_subscriber::fmt()
        .with_env_filter(EnvFilter::new("portcullis=trace,sqlx=trace,axum=trace,tower=trace"))
        .with_writer(move || copy.clone());
    // Beside another one it is asked about every event: alone, whatever a thread of another test comes to
    // first would be silent here too.
    let beside = Dispatch::new(NoSubscriber::default());
    let guard = tracing::subscriber::set_default(writer.finish());
    let server = Server::start().await;
    let asker = Party::asker();
    let request = Authorize::of("asker", "openid email")
        .with("nonce", "canary-nonce")
        .with("login_hint", "canary-hint")
        .with("claims", r#"{"id_token":{"canary-claim":null}}"#)
        .with("ui_locales", "canary-locale")
        .with("acr_values", "canary-acr")
        .with("canary-name", "canary-value");
    let mut browser = server.browser();
    let mut seen = String::new();
    let mut page = browser.get(&asker.pushed(&server, &request, &[]).await).await;
    for fields in [&credentials("bob")[..], &[("decision", "allow")]] {
        seen += &told(&page);
        while page.location().starts_with('/') || page.location().starts_with(&server.issuer) {
            let location = page.location().to_owned();
            page = browser.get(&location).await;
            seen += &told(&page);
        }
        page = browser.submit(&page, fields).await;
    }
    seen += &told(&page);
    let code = page.param("code").unwrap_or_else(|| panic!("{page:?}"));
    assert_eq!(server.redeem(&request, &code).await.status, 200);
    for (name, value) in [("redirect_uri", "https://canary.example"), ("scope", "canary-scope")] {
        let refused = asker.push_with(&server, &request.clone().with(name, value), &[]).await;
        assert_eq!(refused.status, 400, "{}", refused.body);
    }
    server.flush_journal().await;
    drop((guard, beside));
    let log = String::from_utf8(written.0.lock().unwrap().clone()).unwrap();
    assert!(log.contains("TRACE"), "there is a log");
    for secret in ["canary-nonce", "canary-hint", "canary-claim", "canary-value", SECRET] {
        assert!(!seen.contains(secret), "{secret} in a header: {seen}");
        assert!(!log.contains(secret), "{secret} in the log");
    }
    let recorded = "select count(*) from audit_events a where a::text like '%canary-nonce%' \
        or a::text like '%canary-hint%' or a::text like '%canary-claim%' \
        or a::text like '%canary-value%' or a::text like '%pc_ru_%'";
    assert_eq!(server.number(recorded).await, 0);
}

#[tokio::test]
async fn a_name_is_stored_by_its_hash_and_swept_in_the_end() {
    let server = Server::start().await;
    let shop = Party::shop();
    shop.pushed(&server, &Authorize::of("shop", "openid"), &[]).await;
    let kept = "select count(*) from pushed_requests p where p::text not like '%pc_ru_%'";
    assert_eq!(server.number(kept).await, 1);
    // One that its browser brought, for the sign-in goes on, and one that nobody brought.
    let brought = shop.pushed(&server, &Authorize::of("shop", "openid"), &[]).await;
    server.browser().get(&brought).await;
    assert_eq!(server.number(kept).await, 2);
    let retention = portcullis::store::sweep::Retention::default();
    for (minutes, left) in [(1, 2), (2, 1), (60, 1), (62, 0)] {
        let later = server.app.now() + time::Duration::minutes(minutes);
        portcullis::store::sweep::all(&server.app.store, &retention, later).await.unwrap();
        assert_eq!(server.number(kept).await, left, "{minutes}");
    }
}

#[tokio::test]
async fn a_long_request_may_be_pushed_that_no_address_could_carry() {
    let server = Server::start().await;
    let (shop, mut browser) = (Party::shop(), server.signed_in("bob").await);
    let claims = format!(r#"{{"id_token":{{"{}":null}}}}"#, "x".repeat(7_000));
    let request = Authorize::of("shop", "openid").with("claims", &claims);
    assert_shown(&browser.get(&request.path()).await, "in the address");
    let page = browser.get(&shop.pushed(&server, &request, &[]).await).await;
    assert!(page.param("code").is_some(), "{page:?}");
    let endless = request.with("extra", &"x".repeat(20_000));
    let answer = shop.push_with(&server, &endless, &[]).await;
    assert!(matches!(answer.status.as_u16(), 400 | 413), "{}", answer.body);
    let junk = server.raw("POST", super::PAR, &[FORM], "x".repeat(2_000_000)).await;
    assert!(junk.status.is_client_error(), "{}", junk.status);
}

#[tokio::test]
async fn what_strangers_push_in_a_public_clients_name_is_held_to_a_rate() {
    let server = Server::with(&[("LIMITS_AUTHORIZE_PER_MINUTE", "5")]).await;
    server.apply(crate::support::server::STOCK).await;
    let request = Authorize::of("spa", "openid");
    let fields: Vec<_> =
        request.params.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let mut statuses = Vec::new();
    for _ in 0..6 {
        statuses.push(server.form("/oauth2/par", &fields).await.status.as_u16());
    }
    assert_eq!(statuses, [201, 201, 201, 201, 201, 429]);
    assert_eq!(server.number("select count(*) from pushed_requests").await, 5);
}
