//! The pages that lead back in, and in for the first time, looked at as the others are.

use portcullis::identity::language::Language;

use crate::flows::accessibility::{Inspector, screenshots};
use crate::flows::chromium::Scripts;
use crate::recover;
use crate::support::server::{PASSWORD, Server};

#[tokio::test]
async fn the_ways_back_in_are_for_everybody() {
    let server = Server::start().await;
    let reset = server.reset_link().await;
    server.signed_in("bob").await;
    server.signed_in("bob").await;
    let notice = server.letters("bob@example.com", 2).await;
    let not_me = recover::path_in(&notice[0].text_body, "/login/not-me");
    let letter = format!("/dev/mail/{}/html", notice[0].id);
    let mut inspector = Inspector::at(server).await;
    inspector.open("/login/forgot").await;
    inspector.look("forgot", "#mail-submit").await;
    inspector.screen.fill("username", "bob").await;
    inspector.screen.press("#mail-submit").await;
    inspector.look("mail-sent", ".big-icon").await;
    inspector.open(&reset).await;
    inspector.look("reset-dead", ".big-icon").await;
    let letters = inspector.server.letters("bob@example.com", 3).await;
    inspector.open(&recover::path_in(&letters[0].text_body, "/login/reset")).await;
    inspector.look("reset", "#reset-submit").await;
    inspector.screen.fill("password", "short").await;
    inspector.screen.press("#reset-submit").await;
    inspector.look("reset-error", "#error-summary").await;
    inspector.open(&not_me).await;
    inspector.look("not-me", "#link-submit").await;
    inspector.screen.press("#link-submit").await;
    inspector.look("not-me-done", ".big-icon").await;
    inspector.open("/login/unlock").await;
    inspector.look("unlock", "#mail-submit").await;
    inspector.open(&letter).await;
    // No script runs in a letter, so it is only photographed.
    let picture = inspector.screen.picture().await;
    std::fs::write(screenshots().join("letter.png"), picture).unwrap();
    inspector.finish().await;
}

#[tokio::test]
async fn the_pages_of_a_password_that_others_may_know_are_for_everybody() {
    let server = recover::renewal::known_to_others("bob").await;
    let mut inspector = Inspector::at(server).await;
    inspector.open("/login").await;
    inspector.screen.sign_in("bob").await;
    inspector.look("new-password-by-mail", "#renew-submit").await;
    inspector.finish().await;
    let server = recover::renewal::known_to_others("carol").await;
    let mut inspector = Inspector::at(server).await;
    inspector.open("/login").await;
    inspector.screen.sign_in("carol").await;
    inspector.screen.give_code(&inspector.server, Scripts::On).await;
    inspector.look("new-password", "#password").await;
    inspector.screen.fill("password", "short").await;
    inspector.screen.press("#renew-submit").await;
    inspector.look("new-password-error", "#error-summary").await;
    inspector.finish().await;
}

#[tokio::test]
async fn the_ways_in_are_for_everybody() {
    let server = Server::start().await;
    server.apply("[policy]\nsign_up = \"open\"\nterms_version = \"1\"\n").await;
    let mut inspector = Inspector::at(server).await;
    inspector.open("/signup").await;
    inspector.look("signup", "#signup-submit").await;
    inspector.screen.fill("email", "dora@example.com").await;
    inspector.screen.press("#signup-submit").await;
    inspector.look("signup-sent", ".big-icon").await;
    let letters = inspector.server.letters("dora@example.com", 1).await;
    inspector.open(&recover::path_in(&letters[0].text_body, "/signup/join")).await;
    inspector.look("join", "#join-submit").await;
    inspector.screen.fill("username", "bob").await;
    inspector.screen.fill("password", PASSWORD).await;
    inspector.screen.press("[name=terms]").await;
    inspector.screen.press("#join-submit").await;
    inspector.look("join-error", "#error-summary").await;
    inspector.screen.fill("username", "dora").await;
    inspector.screen.fill("password", PASSWORD).await;
    inspector.screen.press("#join-submit").await;
    inspector.look("join-done", ".big-icon").await;
    inspector.finish().await;
}

#[tokio::test]
async fn the_pages_of_the_first_run_are_for_everybody() {
    setting_up(Language::English).await;
}

#[tokio::test]
async fn the_pages_of_the_first_run_are_for_everybody_who_reads_german() {
    setting_up(Language::German).await;
}

#[tokio::test]
async fn the_pages_of_the_first_run_are_for_everybody_who_reads_japanese() {
    setting_up(Language::Japanese).await;
}

async fn setting_up(language: Language) {
    let server = Server::bare().await;
    let link = server.setup_link().await;
    let mut inspector = Inspector::speaking(server, language).await;
    inspector.open(&link).await;
    inspector.look("setup", "#setup-submit").await;
    inspector.screen.fill("username", "root").await;
    inspector.screen.fill("email", "root@example.com").await;
    inspector.screen.fill("password", "password").await;
    inspector.screen.press("#setup-submit").await;
    inspector.look("setup-error", "#error-summary").await;
    inspector.screen.fill("password", PASSWORD).await;
    inspector.screen.press("#setup-submit").await;
    inspector.look("setup-code", ".qr").await;
    inspector.enrol().await;
    inspector.look("setup-recovery-codes", ".codes").await;
    inspector.open(&link).await;
    inspector.look("setup-used", "h1").await;
    inspector.finish().await;
}
