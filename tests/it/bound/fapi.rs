//! Clients under the FAPI 2.0 Security Profile, with `private_key_jwt` and `DPoP` (CONFORMANCE.md §2).

use portcullis::crypto::jwt::{Alg, SigningKey};
use portcullis::protocol::client_auth::ASSERTION_TYPE;
use serde_json::{Value, json};
use time::Duration;

use super::par::{PAR, address, bring};
use super::{TOKEN, payload};
use crate::support::browser::{Authorize, Page};
use crate::support::calls::assert_refused;
use crate::support::dpop::Held;
use crate::support::forge::{Signer, fresh, with};
use crate::support::server::{REDIRECT, STOCK, Server};

/// A bank's client with its keys.
struct Bank {
    server: Server,
    id: &'static str,
    signer: Signer,
    key: Held,
}

/// The apply file of a client under the profile, with this key.
fn client(id: &str, signer: &Signer) -> String {
    let jwk = signer.key.public_jwk();
    let text = |name: &str| jwk[name].as_str().unwrap().to_owned();
    format!(
        r#"
        [[client]]
        client_id = "{id}"
        profile = "fapi2"
        redirect_uris = ["{REDIRECT}"]
        grant_types = ["authorization_code", "refresh_token", "client_credentials"]
        token_endpoint_auth_method = "private_key_jwt"
        scope = "openid offline_access orders.read"
        consent = "trusted"
        jwks = {{ keys = [{{ kty = "EC", crv = "P-256", use = "sig", alg = "ES256", kid = "{}",
            x = "{}", y = "{}" }}] }}
        "#,
        signer.key.kid(),
        text("x"),
        text("y"),
    )
}

impl Bank {
    async fn open() -> Self {
        Self::at(Server::start().await, "bank").await
    }

    async fn at(server: Server, id: &'static str) -> Self {
        let signer = Signer::new();
        server.apply(&client(id, &signer)).await;
        Self { server, id, signer, key: Held::new() }
    }

    fn claims(&self) -> Value {
        let now = self.server.app.now().unix_timestamp();
        json!({
            "iss": self.id, "sub": self.id, "aud": self.server.issuer, "iat": now,
            "exp": now + 60, "jti": fresh(),
        })
    }

    /// Posts with this assertion, and this proof where there is one.
    async fn send_by(
        &self,
        path: &str,
        fields: &[(&str, &str)],
        (assertion, proof): (&str, &str),
    ) -> Page {
        let mut all = fields.to_vec();
        all.push(("client_assertion_type", ASSERTION_TYPE));
        all.push(("client_assertion", assertion));
        let headers: Vec<_> = (!proof.is_empty()).then_some(("dpop", proof)).into_iter().collect();
        self.server.sends(path, &all, &headers).await
    }

    /// Posts with a good assertion, and a proof by `key`.
    async fn send(&self, path: &str, fields: &[(&str, &str)], key: &Held) -> Page {
        let assertion = self.signer.jws(&self.signer.header(), &self.claims());
        let proof = key.proof(&self.server, path);
        self.send_by(path, fields, (&assertion, &proof)).await
    }

    fn request(&self) -> Authorize {
        Authorize::of(self.id, "openid offline_access orders.read")
    }

    async fn push(&self, request: &Authorize) -> Page {
        let fields: Vec<_> =
            request.params.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        self.send(PAR, &fields, &self.key).await
    }

    async fn code(&self, request: &Authorize) -> String {
        let pushed = self.push(request).await;
        assert_eq!(pushed.status, 201, "{}", pushed.body);
        let name = pushed.json()["request_uri"].as_str().unwrap().to_owned();
        let page = bring(&self.server, &address(self.id, &name)).await;
        assert_eq!(page.param("iss").as_deref(), Some(self.server.issuer.as_str()));
        page.param("code").unwrap_or_else(|| panic!("{page:?}"))
    }

    async fn redeem(&self, request: &Authorize, code: &str, key: &Held) -> Page {
        let fields = [
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", REDIRECT),
            ("code_verifier", &request.verifier),
        ];
        self.send(TOKEN, &fields, key).await
    }
}

#[tokio::test]
async fn the_profile_sets_what_it_demands() {
    let bank = Bank::open().await;
    let shown = "select demands from (select pushed_only and dpop_bound and rotation = 'never'
        and id_token_alg = 'PS256' as demands from clients where id = 'bank') as c
        where demands";
    let mut connection = bank.server.db.connect().await;
    assert!(sqlx::query(shown).fetch_optional(&mut connection).await.unwrap().is_some());
}

#[tokio::test]
async fn a_flow_from_push_to_refresh_holds() {
    let bank = Bank::open().await;
    let request = bank.request();
    let code = bank.code(&request).await;
    let answer = bank.redeem(&request, &code, &bank.key).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    let tokens = answer.json();
    assert_eq!(tokens["token_type"], "DPoP");
    let (access, id) = (&tokens["access_token"], &tokens["id_token"]);
    assert_eq!(payload(access.as_str().unwrap())["cnf"]["jkt"], bank.key.thumbprint());
    let head = id.as_str().unwrap().split('.').next().unwrap().to_owned();
    let head = base64::Engine::decode(&base64::engine::general_purpose::URL_SAFE_NO_PAD, head);
    assert_eq!(serde_json::from_slice::<Value>(&head.unwrap()).unwrap()["alg"], "PS256");
    let refresh = tokens["refresh_token"].as_str().unwrap();
    let fields = [("grant_type", "refresh_token"), ("refresh_token", refresh)];
    let next = bank.send(TOKEN, &fields, &Held::new()).await;
    assert_eq!(next.status, 200, "with a new key: {}", next.body);
    assert_eq!(next.json()["refresh_token"], refresh, "it does not rotate");
    bank.server.clock.advance(Duration::seconds(35));
    assert_eq!(bank.send(TOKEN, &fields, &bank.key).await.status, 200, "and works later too");
    let assertion = bank.signer.jws(&bank.signer.header(), &bank.claims());
    let bare = bank.send_by(TOKEN, &fields, (&assertion, "")).await;
    assert_refused(&bare, 400, "invalid_dpop_proof", "without possession");
    let proof = bank.key.proof(&bank.server, TOKEN);
    let nobody = bank.server.sends(TOKEN, &fields, &[("dpop", &proof)]).await;
    assert_eq!(nobody.status, 401);
    let query = format!("/oauth2/userinfo?access_token={}", access.as_str().unwrap());
    assert_eq!(bank.server.browser().get(&query).await.status, 401);
}

#[tokio::test]
async fn requests_come_pushed_with_s256_or_not_at_all() {
    let bank = Bank::open().await;
    let request = bank.request();
    let page = bank.server.browser().get(&request.path()).await;
    assert_eq!(page.param("error").as_deref(), Some("invalid_request"), "{page:?}");
    for (name, value, error) in [
        ("code_challenge", "", "invalid_request"),
        ("code_challenge_method", "plain", "invalid_request"),
        ("redirect_uri", "https://evil.example/", "invalid_request"),
        ("redirect_uri", "", "invalid_request"),
        ("response_type", "token", "unsupported_response_type"),
        ("response_type", "code id_token", "unsupported_response_type"),
    ] {
        let answer = bank.push(&bank.request().with(name, value)).await;
        assert_refused(&answer, 400, error, &format!("{name}={value}"));
    }
}

#[tokio::test]
async fn assertions_name_the_issuer_and_are_signed_by_what_the_profile_allows() {
    let bank = Bank::open().await;
    let request = bank.request();
    let fields: Vec<_> =
        request.params.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let issuer = bank.server.issuer.clone();
    let now = bank.server.app.now().unix_timestamp();
    for (name, value, good) in [
        ("aud", json!(issuer), true),
        ("aud", json!([issuer]), false),
        ("aud", json!(format!("{issuer}{TOKEN}")), false),
        ("aud", json!(format!("{issuer}{PAR}")), false),
        ("aud", json!("https://evil.example"), false),
        ("exp", json!(now - 300), false),
        ("iat", json!(now + 8), true),
        ("nbf", json!(now + 8), true),
        ("iat", json!(now + 70), false),
        ("nbf", json!(now + 70), false),
        ("sub", json!(null), false),
        ("iss", json!("other"), false),
    ] {
        let assertion =
            bank.signer.jws(&bank.signer.header(), &with(&bank.claims(), name, value.clone()));
        let answer = bank.send_by(PAR, &fields, (&assertion, "")).await;
        assert_eq!(answer.status == 201, good, "{name} = {value}: {}", answer.body);
        assert!(good || answer.status == 401 || answer.status == 400);
    }
    let (rsa, _) = SigningKey::generate(Alg::Rs256).unwrap();
    let assertion = rsa.sign("JWT", &bank.claims()).unwrap();
    let answer = bank.send_by(PAR, &fields, (&assertion, "")).await;
    assert_refused(&answer, 401, "invalid_client", "RS256");
    let bare = bank.server.sends(PAR, &fields, &[]).await;
    assert_refused(&bare, 401, "invalid_client", "no assertion");
}

#[tokio::test]
async fn codes_live_a_minute_and_are_for_their_client_and_its_key() {
    let bank = Bank::open().await;
    let request = bank.request();
    let code = bank.code(&request).await;
    let answer = bank.redeem(&request, &code, &Held::new()).await;
    assert_refused(&answer, 400, "invalid_grant", "another key than the push's");
    let other = Signer::new();
    bank.server.apply(&client("rival", &other)).await;
    let now = bank.server.app.now().unix_timestamp();
    let claims = json!({ "iss": "rival", "sub": "rival", "aud": bank.server.issuer, "iat": now,
        "exp": now + 60, "jti": fresh() });
    let assertion = other.jws(&other.header(), &claims);
    let fields = [
        ("grant_type", "authorization_code"),
        ("code", code.as_str()),
        ("redirect_uri", REDIRECT),
        ("code_verifier", &request.verifier),
    ];
    let proof = bank.key.proof(&bank.server, TOKEN);
    let answer = bank.send_by(TOKEN, &fields, (&assertion, &proof)).await;
    assert_refused(&answer, 400, "invalid_grant", "another client");
    let borrowed = with(&bank.claims(), "jti", json!(fresh()));
    let assertion = other.jws(&other.header(), &borrowed);
    let answer =
        bank.send_by(TOKEN, &fields, (&assertion, &bank.key.proof(&bank.server, TOKEN))).await;
    assert_refused(&answer, 401, "invalid_client", "another client's key");
    bank.server.clock.advance(Duration::seconds(62));
    let answer = bank.redeem(&request, &code, &bank.key).await;
    assert_refused(&answer, 400, "invalid_grant", "a minute later");
    let code = bank.code(&request).await;
    assert_eq!(bank.redeem(&request, &code, &bank.key).await.status, 200);
    let again = bank.redeem(&request, &code, &bank.key).await;
    assert_refused(&again, 400, "invalid_grant", "twice");
}

#[tokio::test]
async fn a_machine_gets_an_access_token_and_nothing_else() {
    let bank = Bank::open().await;
    let fields = [("grant_type", "client_credentials"), ("scope", "orders.read")];
    let answer = bank.send(TOKEN, &fields, &bank.key).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    let tokens = answer.json();
    assert!(tokens["refresh_token"].is_null() && tokens["id_token"].is_null());
}

#[tokio::test]
async fn a_server_under_the_profile_refuses_clients_that_cannot_live_under_it() {
    let server = Server::with(&[("SECURITY_PROFILE", "fapi2")]).await;
    server.apply(STOCK).await;
    let answer = server.call(TOKEN, "machine", &[("grant_type", "client_credentials")]).await;
    assert_refused(&answer, 401, "invalid_client", "a secret");
    assert!(answer.body.contains("FAPI 2.0"), "{}", answer.body);
    let page = server.browser().get(&Authorize::of("shop", "openid").path()).await;
    assert_eq!(page.param("error").as_deref(), Some("invalid_request"), "{page:?}");
}
