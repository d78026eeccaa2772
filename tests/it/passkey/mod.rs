//! Passkeys and security keys over HTTP, with an authenticator that is ours.

mod account;
mod administration;
mod attestation;
mod lies;
mod offer;
mod round_trips;
mod second_step;
mod sign_in;
mod store;

use serde_json::Value;

use crate::support::authenticator::Soft;
use crate::support::browser::{Authorize, Browser, Page};
use crate::support::calls::credentials;
use crate::support::server::Server;

/// A browser and the page it is at.
pub struct Visit {
    /// The browser.
    pub browser: Browser,
    /// The page.
    pub page: Page,
}

/// The form of `page` that posts to `action`.
pub fn form(page: &Page, action: &str) -> Page {
    let start = page.body.find(&format!("action=\"{action}\"")).unwrap_or_else(|| {
        panic!("no form for {action}: {} {}", page.status, page.body);
    });
    let start = page.body[..start].rfind("<form").unwrap();
    let end = start + page.body[start..].find("</form>").unwrap();
    Page { body: page.body[start..end].to_owned(), ..page.clone() }
}

impl Visit {
    /// A browser at the sign-in page of a request by `shop`.
    pub async fn at_login(server: &Server) -> Self {
        Self::of(server.browser(), &Authorize::of("shop", "openid")).await
    }

    /// `browser` at the first page of `request`.
    pub async fn of(mut browser: Browser, request: &Authorize) -> Self {
        let page = browser.get(&request.path()).await;
        let page = browser.follow(page).await;
        Self { browser, page }
    }

    /// Asks for the challenge of the form for `action`, with `more`.
    pub async fn challenge(&mut self, action: &str, more: &[(&str, &str)]) -> Value {
        let answer = self.options(action, more).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        answer.json()
    }

    /// What the server answers when it is asked for a challenge.
    pub async fn options(&mut self, action: &str, more: &[(&str, &str)]) -> Page {
        let form = form(&self.page, action);
        let (csrf, flow) = (form.hidden("csrf").unwrap(), form.hidden("flow"));
        let mut fields = vec![("csrf", csrf.as_str())];
        fields.extend(flow.as_deref().map(|flow| ("flow", flow)));
        fields.extend(more);
        self.browser.post(&format!("{action}/options"), &fields).await
    }

    /// Sends `credential` as the answer to `challenge` with the form for `action`.
    pub async fn answer(&mut self, action: &str, challenge: &Value, credential: &str) -> Page {
        let ceremony = challenge["ceremony"].as_str().unwrap_or_default();
        let fields = [("ceremony", ceremony), ("credential", credential)];
        self.browser.submit(&form(&self.page, action), &fields).await
    }

    /// Signs in with `soft` and follows to wherever that leads.
    pub async fn sign_in(&mut self, soft: &mut Soft) -> Page {
        let challenge = self.challenge(LOGIN, &[]).await;
        let credential = soft.get(&challenge["publicKey"]);
        let page = self.answer(LOGIN, &challenge, &credential).await;
        self.browser.follow(page).await
    }

    /// Gives the password, as a browser that can make passkeys, and follows.
    pub async fn password(&mut self, username: &str) {
        let mut fields = credentials(username).to_vec();
        fields.push(("passkeys", "yes"));
        let page = self.browser.submit(&form(&self.page, "/login"), &fields).await;
        self.page = self.browser.follow(page).await;
    }
}

/// The form of the sign-in page for passkeys.
pub const LOGIN: &str = "/login/passkey";
/// The form that makes a key on the way in.
pub const NEW: &str = "/login/passkey/new";
/// The form of the second step.
pub const KEY: &str = "/login/key";

/// A visit of `username` at the page that offers a passkey.
pub async fn offered(server: &Server, username: &str) -> Visit {
    let mut visit = Visit::at_login(server).await;
    visit.password(username).await;
    if visit.page.body.contains("name=\"code\"") {
        let code = server.totp();
        let page = visit.browser.submit(&visit.page, &[("code", &code)]).await;
        visit.page = visit.browser.follow(page).await;
    }
    visit
}

/// A new passkey of `username`, made when it was offered.
pub async fn passkey_of(server: &Server, username: &str) -> Soft {
    let mut soft = Soft::at(&server.issuer);
    let mut visit = offered(server, username).await;
    let challenge = visit.challenge(NEW, &[]).await;
    let credential = soft.create(&challenge["publicKey"]);
    let done = visit.answer(NEW, &challenge, &credential).await;
    assert!(done.status == 200 || done.status == 303, "{} {}", done.status, done.body);
    assert_eq!(keys(server, username).await, 1);
    soft
}

/// How many keys `username` has.
pub async fn keys(server: &Server, username: &str) -> i64 {
    let mut conn = server.db.connect().await;
    let count = sqlx::query_scalar(
        "select count(*) from webauthn_keys k join users u on u.id = k.user_id
        where u.username = $1",
    );
    count.bind(username.to_owned()).fetch_one(&mut conn).await.unwrap()
}
