//! The FAPI 2.0 plans with certificates (CONFORMANCE.md §2): mTLS + mTLS, and `private_key_jwt` + mTLS.

use portcullis::protocol::client_auth::ASSERTION_TYPE;
use portcullis::protocol::params::encode;
use serde_json::{Value, json};

use super::{behind_proxies, confirmation, toml};
use crate::bound::{PAR, SCOPE, TOKEN, USERINFO};
use crate::support::api::{redemption, refreshing};
use crate::support::browser::{Authorize, Browser, Page};
use crate::support::calls::FORM;
use crate::support::files::TempFile;
use crate::support::forge::{Signer, with};
use crate::support::server::{REDIRECT, STOCK, Server};
use crate::support::tls::{Authority, Credential};

/// A FAPI client with a certificate.
struct Bank {
    id: &'static str,
    credential: Credential,
    /// Signs its assertions, where it does not prove itself by the certificate.
    signer: Option<Signer>,
}

impl Bank {
    fn new(id: &'static str, signer: Option<Signer>) -> Self {
        Self { id, credential: Credential::of_its_own(id), signer }
    }

    fn registration(&self) -> String {
        let proof = match &self.signer {
            Some(signer) => format!(
                "token_endpoint_auth_method = \"private_key_jwt\"\njwks = {}\n\
                tls_client_certificate_bound_access_tokens = true",
                signer.jwks()
            ),
            None => format!(
                "token_endpoint_auth_method = \"self_signed_tls_client_auth\"\n\
                jwks = {{ keys = [{}] }}",
                toml(&self.credential.read().to_jwk().unwrap())
            ),
        };
        format!(
            "[[client]]\nclient_id = \"{}\"\nprofile = \"fapi2\"\nconsent = \"trusted\"\n\
            redirect_uris = [\"{REDIRECT}\"]\n\
            grant_types = [\"authorization_code\", \"refresh_token\"]\n\
            scope = \"openid offline_access orders.read\"\n{proof}\n",
            self.id
        )
    }

    /// Posts a form as this client, with this certificate.
    async fn post(
        &self,
        server: &Server,
        path: &str,
        fields: &[(&str, &str)],
        shown: Option<&Credential>,
    ) -> Page {
        let mut all: Vec<_> =
            fields.iter().filter(|(name, _)| *name != "client_id").copied().collect();
        all.push(("client_id", self.id));
        let assertion;
        if let Some(signer) = &self.signer {
            let claims = with(&server.assertion(), "iss", json!(self.id));
            assertion = signer.jws(&signer.header(), &with(&claims, "sub", json!(self.id)));
            all.push(("client_assertion_type", ASSERTION_TYPE));
            all.push(("client_assertion", &assertion));
        }
        let header = shown.map(Credential::in_header);
        let mut headers = vec![FORM];
        headers.extend(header.as_ref().map(|value| ("client-cert", value.as_str())));
        server.raw("POST", path, &headers, encode(all)).await
    }

    /// A code for this client from a pushed request.
    async fn code(&self, server: &Server, browser: &mut Browser) -> (Authorize, String) {
        let request = Authorize::of(self.id, SCOPE);
        let fields: Vec<_> =
            request.params.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let answer = self.post(server, PAR, &fields, Some(&self.credential)).await;
        assert_eq!(answer.status, 201, "{}", answer.body);
        let uri = answer.json()["request_uri"].as_str().unwrap().to_owned();
        let query = encode([("client_id", self.id), ("request_uri", &uri)]);
        let page = browser.get(&format!("/oauth2/authorize?{query}")).await;
        let code = page.param("code").unwrap_or_else(|| panic!("no code: {page:?}"));
        (request, code)
    }
}

/// A server whose listed proxy is the test, with a client of each plan.
async fn scene() -> (Server, [Bank; 2], Browser) {
    let clients = Authority::new("Clients");
    let ca_file = TempFile::of(&clients.pem);
    let server = Server::with(&[
        ("TRUSTED_PROXIES", "127.0.0.1/32"),
        ("MTLS_PROXY_HEADER", "Client-Cert"),
        ("MTLS_CA_FILE", ca_file.path()),
    ])
    .await;
    server.apply(STOCK).await;
    let banks = [Bank::new("by-tls", None), Bank::new("by-key", Some(Signer::new()))];
    for bank in &banks {
        server.apply(&bank.registration()).await;
    }
    let browser = server.signed_in("bob").await;
    (server, banks, browser)
}

#[tokio::test]
async fn the_happy_way_gives_tokens_that_only_the_certificate_opens() {
    let (server, banks, mut browser) = scene().await;
    for bank in &banks {
        let (request, code) = bank.code(&server, &mut browser).await;
        let own = Some(&bank.credential);
        let answer = bank.post(&server, TOKEN, &redemption(&request, &code), own).await;
        assert_eq!(answer.status, 200, "{}: {}", bank.id, answer.body);
        let tokens = answer.json();
        let bound = json!({ "x5t#S256": bank.credential.thumbprint() });
        let access = tokens["access_token"].as_str().unwrap();
        assert_eq!((confirmation(access), &tokens["token_type"]), (bound, &json!("Bearer")));
        let other = Credential::of_its_own("other");
        for (shown, expected) in [(own, 200), (Some(&other), 401), (None, 401)] {
            let authorization = format!("Bearer {access}");
            let header = shown.map(Credential::in_header);
            let mut headers = vec![("authorization", authorization.as_str())];
            headers.extend(header.as_ref().map(|value| ("client-cert", value.as_str())));
            let opened = server.raw("GET", USERINFO, &headers, "").await;
            assert_eq!(opened.status, expected, "{}: {}", bank.id, opened.body);
        }
        // It does not rotate (FAPI 2.0 §5.3.2.1), and stays bound.
        let refresh = tokens["refresh_token"].as_str().unwrap();
        for _ in 0..2 {
            let answer = bank.post(&server, TOKEN, &refreshing(refresh), own).await;
            assert_eq!(answer.status, 200, "{}: {}", bank.id, answer.body);
            assert_eq!(answer.json()["refresh_token"], json!(refresh));
        }
    }
}

#[tokio::test]
async fn without_the_certificate_there_is_no_token() {
    let (server, banks, mut browser) = scene().await;
    let [by_tls, by_key] = &banks;
    let other = Credential::of_its_own("by-tls");
    for (bank, shown, status, errors) in [
        (by_tls, None, 401, ["invalid_client"; 2]),
        (by_tls, Some(&other), 401, ["invalid_client"; 2]),
        (by_tls, Some(&by_key.credential), 401, ["invalid_client"; 2]),
        (by_key, None, 400, ["invalid_request", "invalid_grant"]),
    ] {
        let (request, code) = bank.code(&server, &mut browser).await;
        let refused = bank.post(&server, TOKEN, &redemption(&request, &code), shown).await;
        assert_eq!(refused.status, status, "{}: {}", bank.id, refused.body);
        assert!(errors.contains(&refused.error().as_str()), "{}: {}", bank.id, refused.body);
        // The code is not used up by that.
        let own = Some(&bank.credential);
        let answer = bank.post(&server, TOKEN, &redemption(&request, &code), own).await;
        assert_eq!(answer.status, 200, "{}: {}", bank.id, answer.body);
    }
}

#[tokio::test]
async fn a_confidential_clients_new_certificate_may_refresh_and_none_may_not() {
    let (server, banks, mut browser) = scene().await;
    let bank = &banks[1];
    let (request, code) = bank.code(&server, &mut browser).await;
    let own = Some(&bank.credential);
    let tokens = bank.post(&server, TOKEN, &redemption(&request, &code), own).await.json();
    let refresh = tokens["refresh_token"].as_str().unwrap();
    let without = bank.post(&server, TOKEN, &refreshing(refresh), None).await;
    assert_eq!(without.status, 400, "{}", without.body);
    let renewed = Credential::of_its_own("by-key");
    let answer = bank.post(&server, TOKEN, &refreshing(refresh), Some(&renewed)).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    let access = answer.json()["access_token"].as_str().unwrap().to_owned();
    assert_eq!(confirmation(&access), json!({ "x5t#S256": renewed.thumbprint() }));
}

#[tokio::test]
async fn a_public_clients_refresh_token_stays_with_its_certificate() {
    let (server, ..) = scene().await;
    server
        .apply(
            "[[client]]\nclient_id = \"phone\"\nconsent = \"trusted\"\n\
            redirect_uris = [\"https://app.example/cb\"]\n\
            grant_types = [\"authorization_code\", \"refresh_token\"]\n\
            token_endpoint_auth_method = \"none\"\nscope = \"openid offline_access orders.read\"\n\
            tls_client_certificate_bound_access_tokens = true\n",
        )
        .await;
    let phone = Bank::new("phone", None);
    let mut browser = server.signed_in("bob").await;
    let request = Authorize::of("phone", SCOPE);
    let code = browser.get(&request.path()).await.param("code").unwrap();
    let own = Some(&phone.credential);
    let tokens = phone.post(&server, TOKEN, &redemption(&request, &code), own).await.json();
    let refresh = tokens["refresh_token"].as_str().unwrap().to_owned();
    let without = phone.post(&server, TOKEN, &refreshing(&refresh), None).await;
    assert_eq!((without.status.as_u16(), without.error().as_str()), (400, "invalid_request"));
    let answer = phone.post(&server, TOKEN, &refreshing(&refresh), own).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    let next = answer.json()["refresh_token"].as_str().unwrap().to_owned();
    let thief = Credential::of_its_own("phone");
    let stolen = phone.post(&server, TOKEN, &refreshing(&next), Some(&thief)).await;
    assert_eq!((stolen.status.as_u16(), stolen.error().as_str()), (400, "invalid_grant"));
    // Another certificate tells of theft: the grant is dead.
    let dead = phone.post(&server, TOKEN, &refreshing(&next), own).await;
    assert_eq!((dead.status.as_u16(), dead.error().as_str()), (400, "invalid_grant"));
}

#[tokio::test]
async fn an_unlisted_sender_binds_nothing() {
    let clients = Authority::new("Clients");
    let ca_file = TempFile::of(&clients.pem);
    let server = behind_proxies(ca_file.path()).await;
    let bank = Bank::new("by-tls", None);
    server.apply(&bank.registration()).await;
    let refused =
        bank.post(&server, PAR, &[("response_type", "code")], Some(&bank.credential)).await;
    assert_eq!((refused.status.as_u16(), refused.error().as_str()), (401, "invalid_client"));
    let document: Value =
        server.browser().get("/.well-known/oauth-authorization-server").await.json();
    assert_eq!(document["tls_client_certificate_bound_access_tokens"], json!(true));
    assert!(document["mtls_endpoint_aliases"].is_null(), "it is at the issuer's own address");
}
