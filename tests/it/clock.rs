//! A node whose clock jumps: nothing used or revoked comes back (SECURITY.md T-29).

use portcullis::ambient::Clock as _;
use portcullis::store::sweep::Retention;
use portcullis::tasks::sweep;
use reqwest::StatusCode;
use time::Duration;

use crate::support::api::{Api, member};
use crate::support::browser::{Authorize, Browser, Page};
use crate::support::server::{PASSWORD, Server};

const JUMPS: [Duration; 3] = [Duration::hours(-1), Duration::hours(1), Duration::days(30)];

/// Everything that was used up before the clock jumped.
struct Used {
    server: Server,
    api: Api,
    request: Authorize,
    code: String,
    old_refresh: String,
    revoked_access: String,
    revoked_refresh: String,
    ended: Browser,
}

impl Used {
    async fn up() -> Self {
        let server = Server::start().await;
        let api = Api::at(&server);
        let request = Authorize::of("shop", "openid offline_access");
        let mut browser = server.browser();
        let page = browser.sign_in(&server, &request, "bob").await;
        let code = page.param("code").unwrap();
        let tokens = api.redeem(&request, &code).await.json();
        let old_refresh = member(&tokens, "refresh_token");
        let rotated = api.refresh(&old_refresh).await;
        assert_eq!(rotated.status, StatusCode::OK, "{}", rotated.body);
        let other = server.tokens("shop", "openid offline_access", "bob").await;
        let revoked_access = member(&other, "access_token");
        let revoked_refresh = member(&other, "refresh_token");
        assert_eq!(api.revoke(&revoked_refresh).await.status, StatusCode::OK);
        let ended = browser.clone();
        let out = browser.get("/oauth2/logout").await;
        browser.submit(&out, &[]).await;
        Self { server, api, request, code, old_refresh, revoked_access, revoked_refresh, ended }
    }

    /// Tries all of it again; nothing may work.
    async fn again(&mut self, when: &str) {
        let redeemed = self.api.redeem(&self.request, &self.code).await;
        assert_refused(&redeemed, when);
        assert_refused(&self.api.refresh(&self.old_refresh).await, when);
        assert_refused(&self.api.refresh(&self.revoked_refresh).await, when);
        for token in [&self.revoked_access, &self.revoked_refresh, &self.old_refresh] {
            assert!(!self.api.is_active(token).await, "{when}");
        }
        let silent = Authorize::of("shop", "openid").with("prompt", "none");
        let page = self.ended.get(&silent.path()).await;
        assert_eq!(page.param("error").as_deref(), Some("login_required"), "{when}");
    }

    /// Sweeps as every node does each minute.
    async fn sweep(&self) {
        let app = &self.server.app;
        sweep::all(&app.store, &app.live, &Retention::default()).await.unwrap();
    }
}

fn assert_refused(answer: &Page, when: &str) {
    assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{when}: {}", answer.body);
    assert_eq!(answer.json()["error"], "invalid_grant", "{when}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_used_or_revoked_stays_so_however_the_clock_jumps() {
    for jump in JUMPS {
        let mut used = Used::up().await;
        used.server.clock.advance(jump);
        used.sweep().await;
        used.again(&format!("after {jump}")).await;
        used.server.clock.advance(-jump);
        used.sweep().await;
        used.again(&format!("after {jump} and back")).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_node_revokes_while_its_clock_is_off_stays_revoked_when_it_is_right_again() {
    for jump in JUMPS {
        let server = Server::start().await;
        let api = Api::at(&server);
        let tokens = server.tokens("shop", "openid offline_access", "bob").await;
        let access = member(&tokens, "access_token");
        server.clock.advance(jump);
        assert_eq!(api.revoke(&member(&tokens, "refresh_token")).await.status, StatusCode::OK);
        server.clock.advance(-jump);
        let app = &server.app;
        sweep::all(&app.store, &app.live, &Retention::default()).await.unwrap();
        let restarted = server.second_node().await;
        assert!(!api.is_active(&access).await, "{jump}");
        assert!(!Api::at(&restarted).is_active(&access).await, "a new node, {jump}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_expired_code_and_an_expired_token_stay_so_when_the_clock_is_put_back() {
    let server = Server::start().await;
    let api = Api::at(&server);
    let request = Authorize::of("shop", "openid");
    let mut browser = server.browser();
    // Made by a node that is two hours behind, so that by the database they are over.
    server.clock.advance(Duration::hours(-2));
    let page = browser.sign_in(&server, &request, "bob").await;
    let code = page.param("code").unwrap();
    let machine = [("grant_type", "client_credentials"), ("scope", "orders.read")];
    let token = member(&api.post("/oauth2/token", &machine).await.json(), "access_token");
    assert_refused(&api.redeem(&request, &code).await, "a code");
    assert!(!api.is_active(&token).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_node_whose_clock_is_off_says_so_and_goes_on_without_a_panic() {
    for jump in [Duration::seconds(3), Duration::hours(-1), Duration::days(-20_000)] {
        let server = Server::start().await;
        let api = Api::at(&server);
        assert_eq!(api.get("/readyz").await.status, StatusCode::OK);
        server.clock.advance(jump);
        let ready = api.get("/readyz").await;
        assert_eq!(ready.status, StatusCode::SERVICE_UNAVAILABLE, "{jump}");
        assert_eq!(ready.json()["clock"], false);
        assert_eq!(api.get("/oauth2/jwks").await.status, StatusCode::OK);
        assert_eq!(api.get("/livez").await.status, StatusCode::OK);
        let mut browser = server.browser();
        let page = browser.get(&Authorize::of("shop", "openid").path()).await;
        let page = browser.follow(page).await;
        let page = browser.submit(&page, &[("username", "bob"), ("password", PASSWORD)]).await;
        assert!(!page.status.is_server_error(), "{jump}: {page:?}");
        server.clock.advance(-jump);
        assert_eq!(api.get("/readyz").await.status, StatusCode::OK, "{jump}");
        assert!(server.clock.now().year() > 2000);
    }
}
