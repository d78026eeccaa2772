//! The whole of it, as a newcomer does it: the setup link, an application registered in the console,
//! a person signed in with two factors through a stock OpenID Connect client, the token introspected
//! and revoked, and all of it found in the audit log.

use openidconnect::core::{CoreAuthenticationFlow, CoreRevocableToken, CoreTokenResponse};
use openidconnect::{
    AuthorizationCode, CsrfToken, Nonce, OAuth2TokenResponse as _, PkceCodeChallenge,
    TokenIntrospectionResponse as _, TokenResponse as _,
};
use portcullis::crypto::totp::Seed;
use time::Duration;

use crate::flows::chromium::{Chromium, Scripts};
use crate::flows::openidconnect::{Application, application, send};
use crate::flows::relying_party::RelyingParty;
use crate::support::server::{PASSWORD, Server};

/// A newcomer, and what they have written down on the way.
struct Newcomer {
    server: Server,
    screen: Chromium,
    seed: Seed,
}

impl Newcomer {
    /// Opens the setup link and becomes the administrator.
    async fn arrive() -> Self {
        let server = Server::bare().await;
        let screen = Chromium::start(Scripts::On).await;
        let link = server.setup_link().await;
        screen.open(&format!("{}{link}", server.issuer)).await;
        screen.fill("username", "root").await;
        screen.fill("email", "root@example.com").await;
        screen.fill("password", PASSWORD).await;
        screen.press("#setup-submit").await;
        screen.press("details > summary").await;
        let key = screen.find("details code").await.text().await.unwrap();
        let seed = Seed::from_base32(&key.replace(' ', "")).unwrap();
        screen.fill("code", &seed.code_at(server.app.now())).await;
        screen.says("Store your recovery codes").await;
        screen.press("[name=stored]").await;
        screen.press("#recovery-submit").await;
        screen.find("nav").await;
        Self { server, screen, seed }
    }

    /// Registers a web application in the console: its id and its secret, as they are shown.
    async fn register(&self, redirect_uri: &str) -> (String, String) {
        let address = format!("{}/admin/clients/new/web", self.server.issuer);
        self.screen.open(&address).await;
        self.screen.fill("client_name", "First Shop").await;
        self.screen.fill("redirect_uris", redirect_uri).await;
        self.screen.press("#client-submit").await;
        self.screen.says("only time the secret is shown").await;
        let shown = fantoccini::Locator::Css(".secret code");
        let mut texts = Vec::new();
        for code in self.screen.client.find_all(shown).await.unwrap() {
            texts.push(code.text().await.unwrap());
        }
        let [issuer, id, secret] = <[String; 3]>::try_from(texts).unwrap();
        assert_eq!(issuer, self.server.issuer);
        (id, secret)
    }

    /// Signs in to `shop` in a browser that was never here, with password and code.
    async fn sign_in(&self, shop: &Application, app: &mut RelyingParty) -> CoreTokenResponse {
        let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
        let flow = CoreAuthenticationFlow::AuthorizationCode;
        let (address, state, nonce) = shop
            .authorize_url(flow, CsrfToken::new_random, Nonce::new_random)
            .set_pkce_challenge(challenge)
            .url();
        let screen = Chromium::start(Scripts::On).await;
        screen.open(address.as_str()).await;
        screen.says("Sign in to First Shop").await;
        screen.sign_in("root").await;
        // The code of the setup was used: the next one is due.
        self.server.clock.advance(Duration::minutes(1));
        screen.fill("code", &self.seed.code_at(self.server.app.now())).await;
        screen.press("#consent-allow").await;
        let visit = app.visit().await;
        screen.close().await;
        assert_eq!(visit.param("state"), Some(state.secret().as_str()), "{visit:?}");
        let code = AuthorizationCode::new(visit.param("code").unwrap().to_owned());
        let request = shop.exchange_code(code).unwrap().set_pkce_verifier(verifier);
        let tokens: CoreTokenResponse = request.request_async(&send).await.unwrap();
        let verifier = shop.id_token_verifier();
        let claims = tokens.id_token().unwrap().claims(&verifier, &nonce).unwrap();
        let methods = claims.auth_method_refs().unwrap().iter().map(|method| method.as_str());
        assert_eq!(methods.collect::<Vec<_>>(), ["pwd", "otp", "mfa"]);
        tokens
    }

    /// Looks for an event in the audit page that says `about`.
    async fn finds(&self, action: &str, about: &str) {
        let address = format!("{}/admin/audit?action={action}", self.server.issuer);
        self.screen.open(&address).await;
        let table = self.screen.find("table").await.text().await.unwrap();
        assert!(table.contains(action) && table.contains(about), "{action} {about}\n{table}");
    }
}

#[tokio::test]
async fn a_newcomer_sets_up_registers_signs_in_introspects_revokes_and_finds_it_all() {
    let newcomer = Newcomer::arrive().await;
    let server = &newcomer.server;
    let mut app = RelyingParty::start().await;
    let (id, secret) = newcomer.register(&app.callback()).await;
    let shop: Application = application(server, (&id, &secret), &app.callback()).await;
    let tokens = newcomer.sign_in(&shop, &mut app).await;

    let access = tokens.access_token();
    let alive = shop.introspect(access).request_async(&send).await.unwrap();
    assert!(alive.active() && alive.sub().is_some(), "{alive:?}");
    let revoked = CoreRevocableToken::from(access.clone());
    shop.revoke_token(revoked).unwrap().request_async(&send).await.unwrap();
    let dead = shop.introspect(access).request_async(&send).await.unwrap();
    assert!(!dead.active(), "dead at once");
    let refused = shop.user_info(access.clone(), None).unwrap();
    let refused: Result<openidconnect::core::CoreUserInfoClaims, _> =
        refused.request_async(&send).await;
    assert!(refused.is_err());

    server.flush_journal().await;
    newcomer.finds("setup.complete", "Done").await;
    newcomer.finds("client.create", &id).await;
    newcomer.finds("login.succeeded", "root").await;
    newcomer.finds("code.redeemed", &id).await;
    newcomer.finds("token.revoked", &id).await;
    newcomer.screen.close().await;
}
