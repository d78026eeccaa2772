//! "My account" in a real browser: what people press and type, and how every page looks.

use portcullis::crypto::totp::Seed;
use portcullis::identity::language::Language;
use time::Duration;

use crate::account::{connect, visit};
use crate::flows::accessibility::Inspector;
use crate::flows::chromium::{Chromium, Scripts};
use crate::support::server::{PASSWORD, Server};

/// Pages that their address alone leads to, right after a sign-in: the picture's name, the path.
const PAGES: [(&str, &str); 14] = [
    ("account-overview", "/account"),
    ("account-profile", "/account/profile"),
    ("account-profile-edit", "/account/profile/edit"),
    ("account-email", "/account/email"),
    ("account-security", "/account/security"),
    ("account-password", "/account/password"),
    ("account-authenticator", "/account/authenticators/new"),
    ("account-codes-ask", "/account/recovery-codes"),
    ("account-sessions", "/account/sessions"),
    ("account-end-others", "/account/sessions/end-others"),
    ("account-apps", "/account/apps"),
    ("account-activity", "/account/activity"),
    ("account-privacy", "/account/privacy"),
    ("account-delete", "/account/privacy/delete"),
];

#[tokio::test]
async fn the_pages_of_an_account_are_for_everybody() {
    let server = Server::start().await;
    // Somewhere else, so that there is something to see.
    let (mut elsewhere, _) = visit(&server, "carol").await;
    connect(&server, &mut elsewhere, "asker").await;
    connect(&server, &mut elsewhere, "shop").await;
    server.clock.advance(Duration::seconds(60));
    let mut inspector = Inspector::at(server).await;
    inspector.open("/account").await;
    inspector.screen.sign_in("carol").await;
    inspector.screen.give_code(&inspector.server, Scripts::On).await;
    inspector.screen.says("My account").await;
    for (name, path) in PAGES {
        inspector.open(path).await;
        inspector.look(name, "#main h1").await;
    }
    inspector.open("/account/security").await;
    inspector.screen.press("a[href$='/rename']").await;
    inspector.look("account-rename", "#rename-submit").await;
    inspector.open("/account/sessions").await;
    inspector.screen.press("a[href$='/not-me']").await;
    inspector.look("account-not-me", "#action-submit").await;
    inspector.open("/account/sessions").await;
    inspector.screen.press("li:nth-child(2) a[href^='/account/devices']").await;
    inspector.look("account-device-remove", "#action-submit").await;
    inspector.open("/account/apps").await;
    inspector.screen.press("a[href$='/remove']").await;
    inspector.look("account-app-remove", "#action-submit").await;
    inspector.open("/account/profile/edit").await;
    inspector.screen.fill("phone_number", "030 1234").await;
    inspector.screen.press("#profile-submit").await;
    inspector.look("account-profile-error", "#error-summary").await;
    inspector.open("/account/recovery-codes").await;
    inspector.screen.press("#action-submit").await;
    inspector.look("account-codes", ".codes").await;
    inspector.open("/account/privacy/delete").await;
    inspector.screen.fill("confirm", "carol").await;
    inspector.screen.press("#delete-submit").await;
    inspector.look("account-closed", ".big-icon").await;
    inspector.finish().await;
}

/// The pages with the most words to the line, where a language that needs more room shows it first.
async fn crowded(language: Language) {
    let server = Server::start().await;
    let (mut elsewhere, _) = visit(&server, "carol").await;
    connect(&server, &mut elsewhere, "asker").await;
    server.clock.advance(Duration::seconds(60));
    let mut inspector = Inspector::speaking(server, language).await;
    inspector.open("/account").await;
    inspector.screen.sign_in("carol").await;
    inspector.screen.give_code(&inspector.server, Scripts::On).await;
    inspector.look("account-overview", "#safety").await;
    for name in ["security", "passkeys", "sessions", "apps", "activity"] {
        inspector.open(&format!("/account/{name}")).await;
        inspector.look(&format!("account-{name}"), "#main h1").await;
    }
    inspector.open("/account/passkeys/new").await;
    inspector.look("account-passkey-new", "[data-key-start]").await;
    inspector.open("/account/sessions").await;
    inspector.screen.press("a[href$='/not-me']").await;
    inspector.look("account-not-me", "#action-submit").await;
    inspector.finish().await;
}

#[tokio::test]
async fn the_pages_of_an_account_are_for_everybody_who_reads_german() {
    crowded(Language::German).await;
}

#[tokio::test]
async fn the_pages_of_an_account_are_for_everybody_who_reads_japanese() {
    crowded(Language::Japanese).await;
}

#[tokio::test]
async fn the_pages_of_a_bare_account_are_for_everybody() {
    let mut inspector = Inspector::at(Server::start().await).await;
    inspector.open("/account").await;
    inspector.screen.sign_in("bob").await;
    inspector.look("account-overview-bare", "#main h1").await;
    for (name, path) in
        [("account-apps-none", "/account/apps"), ("account-security-bare", "/account/security")]
    {
        inspector.open(path).await;
        inspector.look(name, "#main h1").await;
    }
    inspector.server.clock.advance(Duration::minutes(6));
    inspector.open("/account/privacy/delete").await;
    inspector.look("account-confirm", "#login-submit").await;
    inspector.screen.sign_in("bob").await;
    inspector.screen.fill("confirm", "bob").await;
    inspector.screen.press("#delete-submit").await;
    inspector.screen.says("Your account will be deleted").await;
    inspector.open("/account").await;
    inspector.screen.sign_in("bob").await;
    inspector.look("account-closing", "#closing-keep").await;
    inspector.finish().await;
}

/// From no second step to one, its codes stored, and a stranger thrown out.
async fn makes_an_account_safer(scripts: Scripts) {
    let server = Server::start().await;
    let (mut stranger, _) = visit(&server, "bob").await;
    let screen = Chromium::start(scripts).await;
    let open = async |path: &str| screen.open(&format!("{}{path}", server.issuer)).await;
    open("/account").await;
    screen.give_password("bob", PASSWORD).await;
    screen.says("Add a second step").await;
    screen.press("a[href='/account/authenticators/new']").await;
    screen.press("details > summary").await;
    let key = screen.find("details code").await.text().await.unwrap().replace(' ', "");
    screen.fill("label", "My phone").await;
    let code = Seed::from_base32(&key).unwrap().code_at(server.app.now());
    screen.fill("code", &code).await;
    screen.press("#authenticator-submit").await;
    screen.says("Store your recovery codes").await;
    screen.press("#codes-stored").await;
    screen.says("My phone").await;
    open("/account/sessions").await;
    screen.press("a[href$='/not-me']").await;
    screen.press("#action-submit").await;
    screen.says("Choose a new password").await;
    assert_eq!(stranger.get("/account").await.status, 303);
    screen.close().await;
}

#[tokio::test]
async fn a_person_makes_their_account_safer() {
    makes_an_account_safer(Scripts::On).await;
}

#[tokio::test]
async fn a_person_without_scripts_makes_their_account_safer() {
    makes_an_account_safer(Scripts::Off).await;
}
