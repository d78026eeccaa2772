//! Short ways to ask a server, and to look at what it wrote.

use portcullis::ambient::SystemEntropy;
use portcullis::crypto::jwt::Alg;
use portcullis::protocol::token::TokenId;
use reqwest::{Body, Method, StatusCode};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::browser::{Authorize, Browser, Page, http};
use crate::support::server::{PASSWORD, Server};

/// The media type of forms.
pub const FORM: (&str, &str) = ("content-type", "application/x-www-form-urlencoded");

impl Page {
    /// The `error` of a JSON answer.
    pub fn error(&self) -> String {
        self.json()["error"].as_str().unwrap_or_default().to_owned()
    }

    /// The value of the header `name`, or nothing.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map(|value| value.to_str().unwrap()).unwrap_or_default()
    }

    /// The id by which the operator finds the refusal.
    pub fn refusal_id(&self) -> String {
        let from = self.body.find("ref_").unwrap_or_else(|| panic!("no id: {}", self.body));
        self.body[from..from + 14].to_owned()
    }
}

/// Checks that `page` is an error page of ours that leads nowhere.
pub fn assert_shown(page: &Page, why: &str) {
    assert_eq!(page.status, StatusCode::BAD_REQUEST, "{why}: {page:?}");
    assert_eq!(page.location(), "", "{why}");
    assert!(page.header("content-type").starts_with("text/html"), "{why}");
}

/// Checks that `page` is a JSON refusal with this status and error, which nobody may store.
pub fn assert_refused(page: &Page, status: u16, error: &str, why: &str) {
    assert_eq!(page.status, status, "{why}: {}", page.body);
    assert_eq!(page.error(), error, "{why}: {}", page.body);
    assert_eq!(page.header("cache-control"), "no-store", "{why}");
}

impl Server {
    /// Posts a form without any authentication.
    pub async fn form(&self, path: &str, fields: &[(&str, &str)]) -> Page {
        self.browser().send(Method::POST, path, Some(fields), &[]).await
    }

    /// Sends anything at all.
    pub async fn raw(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: impl Into<Body>,
    ) -> Page {
        let method = Method::from_bytes(method.as_bytes()).unwrap();
        let mut request = http().request(method, self.url(path)).body(body);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let response = request.send().await.unwrap();
        let (status, headers) = (response.status(), response.headers().clone());
        Page { status, headers, body: response.text().await.unwrap() }
    }

    /// A browser in which `username` is signed in.
    pub async fn signed_in(&self, username: &str) -> Browser {
        let mut browser = self.browser();
        let page = browser.sign_in(self, &Authorize::of("shop", "openid"), username).await;
        assert!(page.param("code").is_some(), "{page:?}");
        browser
    }

    /// What a person who is asked for nothing gets.
    pub async fn code(&self, browser: &mut Browser, request: &Authorize) -> String {
        let page = browser.get(&request.path()).await;
        page.param("code").unwrap_or_else(|| panic!("no code: {page:?}"))
    }

    /// Refreshes as a client that authenticates with Basic, or as a public one.
    pub async fn refresh(&self, client: &str, token: &str) -> Page {
        let mut fields = vec![("grant_type", "refresh_token"), ("refresh_token", token)];
        if client == "spa" {
            fields.push(("client_id", client));
            return self.form("/oauth2/token", &fields).await;
        }
        self.call("/oauth2/token", client, &fields).await
    }

    /// What one number of the database is.
    pub async fn number(&self, sql: &'static str) -> i64 {
        let mut connection = self.db.connect().await;
        sqlx::query_scalar(sql).fetch_one(&mut connection).await.unwrap()
    }

    /// Changes what no client can.
    pub async fn execute(&self, sql: &'static str) {
        let mut connection = self.db.connect().await;
        sqlx::raw_sql(sql).execute(&mut connection).await.unwrap();
    }

    /// The id of `username`.
    pub async fn user_id(&self, username: &'static str) -> Uuid {
        let mut connection = self.db.connect().await;
        let find = sqlx::query_scalar("select id from users where username = $1").bind(username);
        find.fetch_one(&mut connection).await.unwrap()
    }

    /// `claims` signed with the server's own key of this algorithm.
    pub async fn sign(&self, alg: Alg, typ: &str, claims: &Value) -> String {
        let keys = self.app.live.keys().await.unwrap();
        let key = keys.active(alg, self.app.live.database_time()).expect("a key");
        key.sign(typ, claims).unwrap()
    }

    /// The claims of a good access token, to be spoilt.
    pub fn access_claims(&self, subject: &str) -> Value {
        let now = self.app.now().unix_timestamp();
        let id = TokenId::mint(None, self.app.now(), &SystemEntropy);
        json!({
            "iss": self.issuer, "sub": subject, "aud": "https://api.example/", "iat": now,
            "exp": now + 300, "jti": id.to_string(),
            "client_id": "shop", "scope": "openid",
        })
    }
}

/// The password form filled in.
pub fn credentials(username: &str) -> [(&str, &str); 2] {
    [("username", username), ("password", PASSWORD)]
}
