//! A browser without a screen: a cookie jar, forms, redirects followed by hand.

use std::collections::BTreeMap;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use portcullis::crypto::secret::Fingerprint;
use reqwest::header::{HeaderMap, LOCATION, ORIGIN, SET_COOKIE};
use reqwest::{Client, Method, StatusCode, redirect};
use serde_json::Value;
use url::Url;

use crate::support::server::{PASSWORD, REDIRECT, SECRET, Server};

/// A browser with its cookies.
#[derive(Clone)]
pub struct Browser {
    http: Client,
    address: String,
    origin: String,
    /// What it would send.
    pub cookies: BTreeMap<String, String>,
}

/// What came back.
#[derive(Debug, Clone)]
pub struct Page {
    /// Its status.
    pub status: StatusCode,
    /// Its headers.
    pub headers: HeaderMap,
    /// Its body as text.
    pub body: String,
}

impl Page {
    /// Where it redirects to.
    pub fn location(&self) -> &str {
        self.headers.get(LOCATION).map(|value| value.to_str().unwrap()).unwrap_or_default()
    }

    /// The parameter `name` of where it redirects to.
    pub fn param(&self, name: &str) -> Option<String> {
        let url = Url::parse(self.location()).ok()?;
        url.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
    }

    /// The body as JSON.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|_| panic!("not JSON: {}", self.body))
    }

    /// The value of the first hidden field `name`.
    pub fn hidden(&self, name: &str) -> Option<String> {
        self.all_hidden(name).into_iter().next()
    }

    /// The values of the hidden fields `name`: each form has its own.
    pub fn all_hidden(&self, name: &str) -> Vec<String> {
        let value_at = |from: usize| {
            let tag_start = self.body[..from].rfind('<')?;
            let tag_end = tag_start + self.body[tag_start..].find('>')?;
            let tag = &self.body[tag_start..tag_end];
            let value = tag.find("value=\"")? + 7;
            let end = value + tag[value..].find('"')?;
            Some(unescape(&tag[value..end]))
        };
        let mark = format!("name=\"{name}\"");
        self.body.match_indices(&mark).filter_map(|(from, _)| value_at(from)).collect()
    }

    /// The page as if its forms before the one that posts to `action` were not there.
    pub fn at_form(&self, action: &str) -> Self {
        let from = self.body.find(&format!("action=\"{action}\"")).expect("such a form");
        let from = self.body[..from].rfind("<form").expect("an open form");
        Self { body: self.body[from..].to_owned(), ..self.clone() }
    }

    /// Where the first form of the page posts to.
    pub fn action(&self) -> String {
        let from = self.body.find("action=\"").expect("a form") + 8;
        unescape(&self.body[from..from + self.body[from..].find('"').unwrap()])
    }
}

fn unescape(text: &str) -> String {
    text.replace("&#38;", "&").replace("&amp;", "&").replace("&#34;", "\"").replace("&quot;", "\"")
}

/// An HTTP client that follows nothing by itself. One for all tests, for it is dear to make; it
/// keeps no connection, because each test has a runtime of its own.
pub fn http() -> Client {
    static CLIENT: OnceLock<Client> = OnceLock::new();
    let make = || {
        let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
        let client = Client::builder().redirect(redirect::Policy::none()).no_proxy();
        client.pool_max_idle_per_host(0).build().unwrap()
    };
    CLIENT.get_or_init(make).clone()
}

impl Browser {
    /// A new one, at the server that listens on `address` and is called `origin`.
    pub fn at(address: &str, origin: &str) -> Self {
        Self {
            http: http(),
            address: address.to_owned(),
            origin: origin.to_owned(),
            cookies: BTreeMap::new(),
        }
    }

    /// The same browser looking at another node.
    pub fn on(&self, server: &Server) -> Self {
        Self { address: server.address.clone(), ..self.clone() }
    }

    /// Gets `path`, which may also be an absolute address of this server.
    pub async fn get(&mut self, path: &str) -> Page {
        self.send(Method::GET, path, None, &[]).await
    }

    /// Posts a form from our own page.
    pub async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Page {
        let origin = self.origin.clone();
        self.send(Method::POST, path, Some(fields), &[(ORIGIN.as_str(), &origin)]).await
    }

    /// Sends anything, with the jar's cookies.
    pub async fn send(
        &mut self,
        method: Method,
        path: &str,
        form: Option<&[(&str, &str)]>,
        headers: &[(&str, &str)],
    ) -> Page {
        let path = path.strip_prefix(&self.origin).unwrap_or(path);
        let mut request = self.http.request(method, format!("{}{path}", self.address));
        if !self.cookies.is_empty() {
            let cookies: Vec<_> =
                self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
            request = request.header("cookie", cookies.join("; "));
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if let Some(fields) = form {
            let body = portcullis::protocol::params::encode(fields.iter().copied());
            request =
                request.header("content-type", "application/x-www-form-urlencoded").body(body);
        }
        let response = request.send().await.unwrap();
        let (status, headers) = (response.status(), response.headers().clone());
        self.learn(&headers);
        Page { status, headers, body: response.text().await.unwrap() }
    }

    fn learn(&mut self, headers: &HeaderMap) {
        for cookie in headers.get_all(SET_COOKIE) {
            let cookie = cookie.to_str().unwrap();
            let (name, rest) = cookie.split_once('=').unwrap();
            let value = rest.split(';').next().unwrap();
            if cookie.contains("Max-Age=0") {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
    }

    /// Posts the form of `page` with its hidden fields and these.
    pub async fn submit(&mut self, page: &Page, fields: &[(&str, &str)]) -> Page {
        let (csrf, flow) = (page.hidden("csrf"), page.hidden("flow"));
        let mut all = fields.to_vec();
        all.extend(csrf.as_deref().map(|csrf| ("csrf", csrf)));
        all.extend(flow.as_deref().map(|flow| ("flow", flow)));
        self.post(&page.action(), &all).await
    }

    /// Follows redirects while they stay at this server.
    pub async fn follow(&mut self, mut page: Page) -> Page {
        while page.status == StatusCode::SEE_OTHER && self.is_here(page.location()) {
            let location = page.location().to_owned();
            page = self.get(&location).await;
        }
        page
    }

    fn is_here(&self, location: &str) -> bool {
        location.starts_with('/') || location.starts_with(&self.origin)
    }

    /// Goes through whatever `request` asks for: password, code, consent. Ends with the redirect
    /// to the client or with a page that asks for nothing known.
    pub async fn sign_in(&mut self, server: &Server, request: &Authorize, username: &str) -> Page {
        let page = self.get(&request.path()).await;
        let page = self.follow(page).await;
        self.go_through(server, page, username).await
    }

    /// Answers pages until one leads away.
    pub async fn go_through(&mut self, server: &Server, mut page: Page, username: &str) -> Page {
        for _ in 0..6 {
            let answer: Vec<(&str, &str)> = if page.body.contains("name=\"password\"") {
                vec![("username", username), ("password", PASSWORD)]
            } else if page.body.contains("name=\"code\"") {
                let code = server.totp();
                let done = self.submit(&page, &[("code", &code)]).await;
                page = self.follow(done).await;
                continue;
            } else if page.body.contains("consent-allow") {
                vec![("decision", "allow")]
            } else {
                return page;
            };
            let done = self.submit(&page, &answer).await;
            page = self.follow(done).await;
        }
        page
    }
}

/// An authorization request with its PKCE secret.
#[derive(Debug, Clone)]
pub struct Authorize {
    /// Its parameters.
    pub params: Vec<(String, String)>,
    /// The verifier behind its challenge.
    pub verifier: String,
}

impl Authorize {
    /// A good request of `client` for `scope`.
    pub fn of(client: &str, scope: &str) -> Self {
        static COUNT: AtomicU64 = AtomicU64::new(0);
        let verifier = format!(
            "verifier-verifier-verifier-verifier-{:012}",
            COUNT.fetch_add(1, Ordering::Relaxed)
        );
        let challenge = URL_SAFE_NO_PAD.encode(Fingerprint::of(verifier.as_bytes()).as_bytes());
        let params = [
            ("client_id", client),
            ("response_type", "code"),
            ("redirect_uri", REDIRECT),
            ("scope", scope),
            ("state", "af0ifjsldkj"),
            ("code_challenge", &challenge),
            ("code_challenge_method", "S256"),
        ];
        let params = params.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec();
        Self { params, verifier }
    }

    /// The same with `name` set to `value`; empty takes it away.
    #[must_use]
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.params.retain(|(known, _)| known != name);
        if !value.is_empty() {
            self.params.push((name.to_owned(), value.to_owned()));
        }
        self
    }

    /// As a path with query.
    pub fn path(&self) -> String {
        let pairs = self.params.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        format!("/oauth2/authorize?{}", portcullis::protocol::params::encode(pairs))
    }
}

impl Server {
    /// Posts to an endpoint as the client `id` of [`STOCK`](super::server::STOCK) with Basic.
    pub async fn call(&self, path: &str, id: &str, fields: &[(&str, &str)]) -> Page {
        let basic = base64::engine::general_purpose::STANDARD.encode(format!("{id}:{SECRET}"));
        let basic = format!("Basic {basic}");
        let mut nobody = self.browser();
        nobody.send(Method::POST, path, Some(fields), &[("authorization", &basic)]).await
    }

    /// Redeems `code` of `request` as its client.
    pub async fn redeem(&self, request: &Authorize, code: &str) -> Page {
        let param = |name| &request.params.iter().find(|(known, _)| known == name).unwrap().1;
        let client = param("client_id");
        let mut fields = vec![
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", param("redirect_uri").as_str()),
            ("code_verifier", &request.verifier),
        ];
        match client.as_str() {
            "shop" => return self.call("/oauth2/token", client, &fields).await,
            "spa" => fields.push(("client_id", client)),
            _ => fields.extend([("client_id", client.as_str()), ("client_secret", SECRET)]),
        }
        self.browser().send(Method::POST, "/oauth2/token", Some(&fields), &[]).await
    }

    /// The tokens that `username` gets for `client` with `scope`.
    pub async fn tokens(&self, client: &str, scope: &str, username: &str) -> Value {
        let request = Authorize::of(client, scope);
        let page = self.browser().sign_in(self, &request, username).await;
        let code = page.param("code").unwrap_or_else(|| panic!("no code: {page:?}"));
        let answer = self.redeem(&request, &code).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
        answer.json()
    }

    /// Whether introspection by `shop` calls the token active.
    pub async fn is_active(&self, token: &str) -> bool {
        let answer = self.call("/oauth2/introspect", "shop", &[("token", token)]).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
        answer.json()["active"].as_bool().unwrap()
    }
}
