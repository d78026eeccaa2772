//! Passkeys in a real browser, with the virtual authenticator of its developer tools.

use serde_json::{Value, json};

use crate::flows::accessibility::Inspector;
use crate::flows::browser::CLIENTS;
use crate::flows::chromium::{Chromium, Scripts};
use crate::flows::relying_party::{RelyingParty, WELCOME};
use crate::support::browser::Authorize;
use crate::support::server::Server;

/// The words that stand on the page that offers a passkey.
const OFFER: &str = "Sign in faster next time";
/// The button of the form that a key answers.
const KEY: &str = "form[data-key] [data-key-start]";

struct Scene {
    server: Server,
    app: RelyingParty,
    screen: Chromium,
    key: String,
}

impl Scene {
    /// A browser on a device that keeps passkeys and knows its user.
    async fn set() -> Self {
        Self::of(json!({ "protocol": "ctap2", "transport": "internal", "hasResidentKey": true,
            "hasUserVerification": true, "isUserVerified": true,
            "automaticPresenceSimulation": true }))
        .await
    }

    /// A browser with this authenticator.
    async fn of(authenticator: Value) -> Self {
        let server = Server::start().await;
        server.apply(CLIENTS).await;
        let (app, screen) = (RelyingParty::start().await, Chromium::start(Scripts::On).await);
        screen.tools("WebAuthn.enable", json!({ "enableUI": false })).await;
        let added = json!({ "options": authenticator });
        let added = screen.tools("WebAuthn.addVirtualAuthenticator", added).await;
        let key = added["authenticatorId"].as_str().unwrap().to_owned();
        Self { server, app, screen, key }
    }

    async fn open(&self, request: &Authorize) {
        self.screen.open(&format!("{}{}", self.server.issuer, request.path())).await;
    }

    /// Runs `script` before those of every page that is opened from now on.
    async fn before_pages(&self, script: &str) {
        let source = json!({ "source": script });
        self.screen.tools("Page.addScriptToEvaluateOnNewDocument", source).await;
    }

    /// Keeps the autofill away, which a virtual authenticator answers at once.
    async fn without_autofill(&self) {
        self.before_pages(
            "PublicKeyCredential.isConditionalMediationAvailable = async () => false;",
        )
        .await;
    }

    /// Whether the device's user does what the device asks.
    async fn user_is_verified(&self, is_verified: bool) {
        let set = json!({ "authenticatorId": self.key, "isUserVerified": is_verified });
        self.screen.tools("WebAuthn.setUserVerified", set).await;
    }

    async fn arrives(&mut self) {
        let visit = self.app.visit().await;
        assert!(visit.param("code").is_some(), "{visit:?}");
        self.screen.says(WELCOME).await;
    }

    /// Gives bob a passkey when it is offered, and signs him out.
    async fn bob_with_passkey(&mut self) -> Authorize {
        let request = self.app.request("desk", "openid");
        self.open(&request).await;
        self.screen.sign_in("bob").await;
        self.screen.says(OFFER).await;
        self.screen.press(KEY).await;
        self.screen.says("recovery codes").await;
        self.store_codes().await;
        self.arrives().await;
        self.sign_out().await;
        request
    }

    async fn store_codes(&self) {
        self.screen.press("[name=stored]").await;
        self.screen.press("#recovery-submit").await;
    }

    async fn sign_out(&self) {
        self.screen.open(&format!("{}/oauth2/logout", self.server.issuer)).await;
        self.screen.press("#logout-confirm").await;
        self.screen.says("signed out").await;
    }
}

#[tokio::test]
async fn a_passkey_that_was_offered_signs_in_with_one_press() {
    let mut scene = Scene::set().await;
    scene.without_autofill().await;
    let request = scene.bob_with_passkey().await;
    scene.open(&request).await;
    scene.screen.press(KEY).await;
    scene.arrives().await;
    let used = "select count(*) from webauthn_keys where used_at is not null";
    assert_eq!(scene.server.number(used).await, 1);
    scene.screen.close().await;
}

#[tokio::test]
async fn a_passkey_is_in_the_autofill_of_the_user_name() {
    let mut scene = Scene::set().await;
    let request = scene.bob_with_passkey().await;
    scene.open(&request).await;
    // Nothing is pressed: the virtual authenticator chooses what the autofill shows.
    scene.arrives().await;
    scene.screen.close().await;
}

#[tokio::test]
async fn a_passkey_is_the_second_step_and_the_code_stays_in_reach() {
    let mut scene = Scene::set().await;
    scene.without_autofill().await;
    let request = scene.bob_with_passkey().await;
    scene.open(&request).await;
    scene.screen.sign_in("bob").await;
    scene.screen.says("Use your passkey").await;
    scene.screen.press("details > summary").await;
    scene.screen.says("Use a recovery code").await;
    scene.screen.press(KEY).await;
    scene.arrives().await;
    scene.screen.close().await;
}

#[tokio::test]
async fn a_touched_security_key_is_a_second_step_too() {
    let usb = json!({ "protocol": "u2f", "transport": "usb", "hasResidentKey": false,
        "hasUserVerification": false, "isUserVerified": false, "automaticPresenceSimulation": true });
    let mut scene = Scene::of(usb).await;
    scene.without_autofill().await;
    // A device that keeps no passkeys is offered none, so the form is asked for a security key.
    let can =
        "PublicKeyCredential.isUserVerifyingPlatformAuthenticatorAvailable = async () => true;
        addEventListener('DOMContentLoaded', () => {
            const form = document.querySelector('form[data-key=create]');
            if (!form) return;
            const input = document.createElement('input');
            Object.assign(input, { type: 'hidden', name: 'wanted', value: 'security_key' });
            form.append(input);
        });";
    scene.before_pages(can).await;
    let request = scene.bob_with_passkey().await;
    scene.open(&request).await;
    scene.screen.sign_in("bob").await;
    scene.screen.says("Use your security key").await;
    scene.screen.press(KEY).await;
    // A key that is only touched is no passkey: that is offered still.
    scene.screen.says(OFFER).await;
    scene.screen.press("#offer-later").await;
    scene.arrives().await;
    scene.screen.close().await;
}

#[tokio::test]
async fn whoever_cancels_is_told_and_gets_in_another_way() {
    let mut scene = Scene::set().await;
    scene.without_autofill().await;
    let request = scene.app.request("desk", "openid");
    scene.open(&request).await;
    // There is no passkey yet: the browser says no for the person.
    scene.screen.press(KEY).await;
    scene.screen.says("It was cancelled, or took too long.").await;
    scene.screen.sign_in("bob").await;
    // The page before has such a button too.
    scene.screen.says(OFFER).await;
    scene.user_is_verified(false).await;
    scene.screen.press(KEY).await;
    scene.screen.says("It was cancelled, or took too long.").await;
    scene.screen.press("#offer-later").await;
    scene.arrives().await;
    scene.screen.close().await;
}

#[tokio::test]
async fn a_key_at_another_address_is_told_apart() {
    let scene = Scene::set().await;
    scene.without_autofill().await;
    let other = "const real = fetch;
        window.fetch = async (...asked) => {
            const answer = await real(...asked);
            if (!String(asked[0]).endsWith('/options')) return answer;
            const body = await answer.json();
            body.publicKey.rpId = 'elsewhere.example';
            return new Response(JSON.stringify(body), { status: 200 });
        };";
    scene.before_pages(other).await;
    scene.screen.open(&format!("{}/login", scene.server.issuer)).await;
    scene.screen.press(KEY).await;
    scene.screen.says("Keys cannot be used at this address.").await;
    scene.screen.close().await;
}

#[tokio::test]
async fn a_removed_key_is_told_and_the_password_is_there() {
    let mut scene = Scene::set().await;
    scene.without_autofill().await;
    let request = scene.bob_with_passkey().await;
    scene.server.execute("delete from webauthn_keys").await;
    scene.open(&request).await;
    scene.screen.press(KEY).await;
    scene.screen.says("This passkey is not known here, or not any more.").await;
    assert_eq!(scene.screen.focused().await, "error-summary");
    scene.screen.find("#username").await;
    scene.screen.close().await;
}

#[tokio::test]
async fn a_cloned_key_is_refused() {
    let mut scene = Scene::set().await;
    scene.without_autofill().await;
    let request = scene.bob_with_passkey().await;
    // The copy was used a thousand times since.
    scene.server.execute("update webauthn_keys set counter = 1000").await;
    scene.open(&request).await;
    scene.screen.press(KEY).await;
    scene.screen.says("That did not work with this key.").await;
    let told = "select count(*) from mails where subject like '%may have been copied'";
    assert_eq!(scene.server.number(told).await, 1);
    scene.screen.close().await;
}

#[tokio::test]
async fn a_second_step_that_the_policy_demands_is_enrolled_as_a_passkey() {
    let mut scene = Scene::set().await;
    scene.without_autofill().await;
    scene.server.apply("[policy]\nmfa = \"everyone\"\n").await;
    let request = scene.app.request("desk", "openid");
    scene.open(&request).await;
    scene.screen.sign_in("bob").await;
    scene.screen.says("Create a passkey").await;
    scene.screen.press(KEY).await;
    scene.screen.says("recovery codes").await;
    scene.store_codes().await;
    scene.arrives().await;
    scene.screen.close().await;
}

/// A browser with a virtual authenticator, in which bob has a passkey that was just used.
async fn inspector() -> (Inspector, Authorize) {
    let server = Server::start().await;
    server.apply(CLIENTS).await;
    let inspector = Inspector::at(server).await;
    let screen = &inspector.screen;
    screen.tools("WebAuthn.enable", json!({ "enableUI": false })).await;
    let options = json!({ "protocol": "ctap2", "transport": "internal", "hasResidentKey": true,
        "hasUserVerification": true, "isUserVerified": true, "automaticPresenceSimulation": true });
    screen.tools("WebAuthn.addVirtualAuthenticator", json!({ "options": options })).await;
    let source = "PublicKeyCredential.isConditionalMediationAvailable = async () => false;";
    screen.tools("Page.addScriptToEvaluateOnNewDocument", json!({ "source": source })).await;
    let app = RelyingParty::start().await;
    (inspector, app.request("desk", "openid"))
}

#[tokio::test]
async fn the_pages_with_keys_are_for_everybody() {
    let (mut inspector, request) = inspector().await;
    inspector.open(&request.path()).await;
    inspector.screen.sign_in("bob").await;
    inspector.look("passkey-offer", "#offer-later").await;
    inspector.screen.press(KEY).await;
    inspector.screen.press("[name=stored]").await;
    inspector.screen.press("#recovery-submit").await;
    inspector.screen.says(WELCOME).await;
    inspector.open("/account/passkeys").await;
    inspector.look("account-passkeys", "#passkey-add").await;
    inspector.screen.press("a[href$='/rename']").await;
    inspector.look("account-passkey-rename", "#rename-submit").await;
    inspector.open("/account/passkeys").await;
    inspector.screen.press("a[href$='/remove']").await;
    inspector.look("account-passkey-remove", "#action-submit").await;
    inspector.open("/account/passkeys/new").await;
    inspector.look("account-passkey-new", KEY).await;
    inspector.open("/account/passkeys/new?wanted=security_key").await;
    inspector.look("account-security-key-new", KEY).await;
    inspector.open("/account/security").await;
    inspector.look("account-security-with-keys", "#passkeys-manage").await;
    inspector.open("/oauth2/logout").await;
    inspector.screen.press("#logout-confirm").await;
    inspector.screen.find(".big-icon.ok").await;
    inspector.open(&request.path()).await;
    inspector.look("login-with-passkeys", KEY).await;
    inspector.screen.sign_in("bob").await;
    inspector.look("key", "details").await;
    inspector.finish().await;
}

#[tokio::test]
async fn the_page_that_demands_a_key_and_an_administrators_are_for_everybody() {
    let (mut inspector, request) = inspector().await;
    let claims = r#"{"id_token":{"acr":{"essential":true,"value":"phr"}}}"#;
    inspector.open(&request.with("claims", claims).path()).await;
    inspector.screen.sign_in("alice").await;
    inspector.screen.give_code(&inspector.server, Scripts::On).await;
    inspector.screen.press("#offer-later").await;
    inspector.look("enrol-key", KEY).await;
    inspector.screen.press(KEY).await;
    inspector.screen.press("[name=stored]").await;
    inspector.screen.press("#recovery-submit").await;
    inspector.screen.says(WELCOME).await;
    let id = inspector.server.user_id("alice").await;
    inspector.open(&format!("/admin/users/{id}")).await;
    inspector.look("admin-user-factors", "#factors").await;
    inspector.server.clock.advance(time::Duration::minutes(6));
    inspector.open(&format!("/admin/users/{id}")).await;
    inspector.screen.press("a[href*='/factors/']").await;
    inspector.look("admin-factor-remove", "[data-key-proof]:not([hidden])").await;
    inspector.screen.press("[data-key-proof]").await;
    inspector.screen.says("Sign in").await;
    inspector.finish().await;
}
