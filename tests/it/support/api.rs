//! A client of the back channel that keeps its connections, for tests of many calls.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use reqwest::StatusCode;
use serde_json::Value;
use tokio::sync::Barrier;
use tokio::task::JoinSet;

use crate::support::browser::{Authorize, Page, http};
use crate::support::server::{REDIRECT, SECRET, Server};

/// How many tries race.
pub const FIFTY: usize = 50;

/// Calls a server as the client `shop`.
#[derive(Clone)]
pub struct Api {
    http: reqwest::Client,
    address: String,
}

impl Api {
    /// One that calls `server`.
    pub fn at(server: &Server) -> Self {
        Self { http: http(), address: server.address.clone() }
    }

    /// Posts a form, with Basic authentication.
    pub async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Page {
        self.try_post(path, fields).await.unwrap()
    }

    /// The same, where the answer may never come.
    pub async fn try_post(
        &self,
        path: &str,
        fields: &[(&str, &str)],
    ) -> Result<Page, reqwest::Error> {
        let basic = format!("Basic {}", STANDARD.encode(format!("shop:{SECRET}")));
        self.form(path, fields, &[("authorization", &basic)]).await
    }

    /// Posts a form as the client `machine` with a `DPoP` proof.
    pub async fn proved(&self, path: &str, fields: &[(&str, &str)], proof: &str) -> Page {
        let basic = format!("Basic {}", STANDARD.encode(format!("machine:{SECRET}")));
        self.form(path, fields, &[("authorization", &basic), ("dpop", proof)]).await.unwrap()
    }

    /// Posts a form as nobody.
    pub async fn bare(&self, path: &str, fields: &[(&str, &str)]) -> Page {
        self.form(path, fields, &[]).await.unwrap()
    }

    async fn form(
        &self,
        path: &str,
        fields: &[(&str, &str)],
        headers: &[(&str, &str)],
    ) -> Result<Page, reqwest::Error> {
        let body = portcullis::protocol::params::encode(fields.iter().copied());
        let mut request = self.http.post(format!("{}{path}", self.address)).body(body);
        request = request.header("content-type", "application/x-www-form-urlencoded");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        read(request.send().await?).await
    }

    /// Gets `path`.
    pub async fn get(&self, path: &str) -> Page {
        let answer = self.http.get(format!("{}{path}", self.address)).send().await.unwrap();
        read(answer).await.unwrap()
    }

    /// Gets `path`; the status, where an answer comes.
    pub async fn try_get(&self, path: &str) -> Option<StatusCode> {
        let answer = self.http.get(format!("{}{path}", self.address)).send().await;
        answer.ok().map(|answer| answer.status())
    }

    /// Redeems `code` of `request`.
    pub async fn redeem(&self, request: &Authorize, code: &str) -> Page {
        let fields = redemption(request, code);
        self.post("/oauth2/token", &fields).await
    }

    /// Refreshes with `token`.
    pub async fn refresh(&self, token: &str) -> Page {
        self.post("/oauth2/token", &refreshing(token)).await
    }

    /// Revokes `token`.
    pub async fn revoke(&self, token: &str) -> Page {
        self.post("/oauth2/revoke", &[("token", token)]).await
    }

    /// Introspects `token`.
    pub async fn introspect(&self, token: &str) -> Page {
        self.post("/oauth2/introspect", &[("token", token)]).await
    }

    /// Whether introspection calls `token` active.
    pub async fn is_active(&self, token: &str) -> bool {
        let answer = self.introspect(token).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
        answer.json()["active"].as_bool().unwrap()
    }
}

async fn read(answer: reqwest::Response) -> Result<Page, reqwest::Error> {
    let (status, headers) = (answer.status(), answer.headers().clone());
    Ok(Page { status, headers, body: answer.text().await? })
}

/// The fields that redeem `code` of `request`.
pub fn redemption<'a>(request: &'a Authorize, code: &'a str) -> [(&'a str, &'a str); 4] {
    [
        ("grant_type", "authorization_code"),
        ("code", code),
        ("redirect_uri", REDIRECT),
        ("code_verifier", &request.verifier),
    ]
}

/// The fields that refresh with `token`.
pub const fn refreshing(token: &str) -> [(&str, &str); 2] {
    [("grant_type", "refresh_token"), ("refresh_token", token)]
}

/// The member `name` of a token response.
pub fn member(answer: &Value, name: &str) -> String {
    answer[name].as_str().unwrap_or_else(|| panic!("no {name}: {answer}")).to_owned()
}

/// What [`FIFTY`] tries get that start together, by turns at each of `nodes`.
pub async fn fifty<F, T>(nodes: &[Api], try_once: impl Fn(Api, usize) -> F) -> Vec<T>
where
    F: Future<Output = T> + Send + 'static,
    T: Send + 'static,
{
    let start = Arc::new(Barrier::new(FIFTY));
    let mut tries = JoinSet::new();
    for (number, api) in nodes.iter().cycle().take(FIFTY).enumerate() {
        let (start, attempt) = (Arc::clone(&start), try_once(api.clone(), number));
        tries.spawn(async move {
            start.wait().await;
            attempt.await
        });
    }
    tries.join_all().await
}
