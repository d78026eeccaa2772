//! Tokens bound to a key (RFC 9449), pushed authorization requests (RFC 9126), and the profile that
//! asks for both (FAPI 2.0).

mod certificates;
mod devices;
mod dpop;
mod dpop_hostile;
mod fapi;
mod fapi_everywhere;
mod matrix;
mod nonces;
mod par;
mod pushed_once;
mod refresh;
mod sessions;
mod words;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use portcullis::protocol::client_auth::ASSERTION_TYPE;
use serde_json::{Value, json};

use crate::support::browser::{Authorize, Browser, Page};
use crate::support::calls::FORM;
use crate::support::dpop::DpopKey;
use crate::support::forge::{Signer, with};
use crate::support::server::{REDIRECT, SECRET, Server};

const TOKEN: &str = "/oauth2/token";
const PAR: &str = "/oauth2/par";
const USERINFO: &str = "/oauth2/userinfo";
const SCOPE: &str = "openid offline_access orders.read";
const MACHINE: [(&str, &str); 1] = [("grant_type", "client_credentials")];

/// A client of a test, and the key that it holds.
struct Party {
    id: &'static str,
    way: Way,
    key: DpopKey,
}

/// How it proves to be itself.
enum Way {
    Basic,
    Post,
    Public,
    Signed(Box<Signer>),
}

impl Party {
    fn new(id: &'static str, way: Way) -> Self {
        Self { id, way, key: DpopKey::new() }
    }

    fn shop() -> Self {
        Self::new("shop", Way::Basic)
    }

    fn machine() -> Self {
        Self::new("machine", Way::Basic)
    }

    fn asker() -> Self {
        Self::new("asker", Way::Post)
    }

    fn spa() -> Self {
        Self::new("spa", Way::Public)
    }

    /// A FAPI 2.0 client called `id`, registered with `more`.
    async fn bank(server: &Server, id: &'static str, more: &str) -> Self {
        let signer = Signer::new();
        let document = format!(
            "[[client]]\nclient_id = \"{id}\"\nclient_name = \"{id}\"\nprofile = \"fapi2\"\n\
            redirect_uris = [\"{REDIRECT}\", \"{REDIRECT}?dummy1=lorem&dummy2=ipsum\"]\n\
            grant_types = [\"authorization_code\", \"refresh_token\", \"client_credentials\"]\n\
            token_endpoint_auth_method = \"private_key_jwt\"\nconsent = \"trusted\"\n\
            scope = \"openid profile email offline_access orders.read\"\njwks = {}\n{more}",
            signer.jwks()
        );
        server.apply(&document).await;
        Self::new(id, Way::Signed(Box::new(signer)))
    }

    /// The same client with another key.
    fn with_key(self, key: DpopKey) -> Self {
        Self { key, ..self }
    }

    /// A good proof for a form posted to `path`.
    fn proof(&self, server: &Server, path: &str) -> String {
        self.key.proof(&server.proof_claims("POST", path))
    }

    /// Posts a form, authenticated, with a good proof.
    async fn post(&self, server: &Server, path: &str, fields: &[(&str, &str)]) -> Page {
        self.post_with(server, path, fields, &[&self.proof(server, path)]).await
    }

    /// Posts a form, authenticated, with these values of the header `DPoP`.
    async fn post_with(
        &self,
        server: &Server,
        path: &str,
        fields: &[(&str, &str)],
        proofs: &[&str],
    ) -> Page {
        let basic = format!("Basic {}", STANDARD.encode(format!("{}:{SECRET}", self.id)));
        let (mut all, mut headers) = (fields.to_vec(), vec![FORM]);
        let assertion;
        match &self.way {
            Way::Basic => headers.push(("authorization", &basic)),
            Way::Post => all.extend([("client_id", self.id), ("client_secret", SECRET)]),
            Way::Public => all.push(("client_id", self.id)),
            Way::Signed(signer) => {
                assertion = signer.jws(&signer.header(), &self.assertion(server));
                let kind = ("client_assertion_type", ASSERTION_TYPE);
                all.extend([kind, ("client_assertion", &assertion)]);
            }
        }
        headers.extend(proofs.iter().map(|proof| ("dpop", *proof)));
        let body = portcullis::protocol::params::encode(all);
        server.raw("POST", path, &headers, body).await
    }

    /// The claims of a good assertion of this client.
    fn assertion(&self, server: &Server) -> Value {
        let claims = with(&server.assertion(), "iss", json!(self.id));
        with(&claims, "sub", json!(self.id))
    }

    /// Pushes `request` with these proofs.
    async fn push_with(&self, server: &Server, request: &Authorize, proofs: &[&str]) -> Page {
        let fields: Vec<_> = request
            .params
            .iter()
            .filter(|(name, _)| name != "client_id" || matches!(self.way, Way::Basic))
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        self.post_with(server, PAR, &fields, proofs).await
    }

    /// The address of the authorization endpoint for `request`, pushed with these proofs.
    async fn pushed(&self, server: &Server, request: &Authorize, proofs: &[&str]) -> String {
        let answer = self.push_with(server, request, proofs).await;
        assert_eq!(answer.status, 201, "{}", answer.body);
        self.address(answer.json()["request_uri"].as_str().unwrap())
    }

    /// The address of the authorization endpoint with this `request_uri`.
    fn address(&self, request_uri: &str) -> String {
        let pairs = [("client_id", self.id), ("request_uri", request_uri)];
        format!("/oauth2/authorize?{}", portcullis::protocol::params::encode(pairs))
    }

    /// A request of this client, pushed without a proof, and the code that a signed-in browser gets.
    async fn pushed_code(&self, server: &Server, browser: &mut Browser) -> (Authorize, String) {
        let request = Authorize::of(self.id, SCOPE);
        let address = self.pushed(server, &request, &[]).await;
        let page = browser.get(&address).await;
        let code = page.param("code").unwrap_or_else(|| panic!("no code: {page:?}"));
        (request, code)
    }

    /// Redeems `code` with these proofs.
    async fn redeem_with(
        &self,
        server: &Server,
        (request, code): (&Authorize, &str),
        proofs: &[&str],
    ) -> Page {
        let fields = crate::support::api::redemption(request, code);
        self.post_with(server, TOKEN, &fields, proofs).await
    }

    /// Redeems `code` with a good proof.
    async fn redeem(&self, server: &Server, request: &Authorize, code: &str) -> Page {
        self.redeem_with(server, (request, code), &[&self.proof(server, TOKEN)]).await
    }

    /// Refreshes with these proofs.
    async fn refresh_with(&self, server: &Server, token: &str, proofs: &[&str]) -> Page {
        let fields = crate::support::api::refreshing(token);
        self.post_with(server, TOKEN, &fields, proofs).await
    }

    /// Refreshes with a good proof.
    async fn refresh(&self, server: &Server, token: &str) -> Page {
        self.refresh_with(server, token, &[&self.proof(server, TOKEN)]).await
    }

    /// The tokens, bound to its key, that bob gets for it.
    async fn tokens(&self, server: &Server, browser: &mut Browser) -> Value {
        let (request, code) = match self.way {
            Way::Signed(_) => self.pushed_code(server, browser).await,
            Way::Basic | Way::Post | Way::Public => {
                let request = Authorize::of(self.id, SCOPE);
                let page = browser.get(&request.path()).await;
                let page = browser.follow(page).await;
                let page = browser.go_through(server, page, "bob").await;
                let code = page.param("code").unwrap_or_else(|| panic!("no code: {page:?}"));
                (request, code)
            }
        };
        let answer = self.redeem(server, &request, &code).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        answer.json()
    }

    /// Asks `path` with the access token `token` and a good proof.
    async fn open(&self, server: &Server, path: &str, token: &str) -> Page {
        let proof = self.key.proof(&server.resource_claims("GET", path, token));
        open_with(server, path, &format!("DPoP {token}"), &[&proof]).await
    }
}

/// Asks `path` with this `Authorization` and these proofs.
async fn open_with(server: &Server, path: &str, authorization: &str, proofs: &[&str]) -> Page {
    let proofs = proofs.iter().map(|proof| ("dpop", *proof));
    let headers: Vec<_> = std::iter::once(("authorization", authorization)).chain(proofs).collect();
    server.raw("GET", path, &headers, "").await
}

/// What PAR says to `bank` with this assertion.
async fn push_as(server: &Server, assertion: &str) -> Page {
    let request = Authorize::of("bank", "openid");
    let mut fields: Vec<_> =
        request.params.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    fields.push(("client_assertion_type", ASSERTION_TYPE));
    fields.push(("client_assertion", assertion));
    server.form(PAR, &fields).await
}

/// Checks that a resource was not opened, and that the challenge names `error`.
fn assert_denied(page: &Page, error: &str, why: &str) {
    let challenge = page.header("www-authenticate");
    assert_eq!(page.status, 401, "{why}: {page:?}");
    assert!(challenge.contains(&format!("error=\"{error}\"")), "{why}: {challenge}");
}

/// The member `name` of a token response.
fn text(answer: &Value, name: &str) -> String {
    crate::support::api::member(answer, name)
}

/// The header and the claims of a JWT, unverified.
fn read(token: &str) -> (Value, Value) {
    let mut parts = token.split('.').map(|part| {
        let json = URL_SAFE_NO_PAD.decode(part).unwrap();
        serde_json::from_slice(&json).unwrap_or(Value::Null)
    });
    (parts.next().unwrap(), parts.next().unwrap())
}
