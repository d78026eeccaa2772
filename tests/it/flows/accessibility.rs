//! Every page, in both themes, narrow and wide: axe finds nothing, and a picture is kept in
//! `target/screenshots` to be looked at.

use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use portcullis::crypto::totp::Seed;
use portcullis::identity::language::Language;
use serde_json::{Value, json};

use crate::flows::browser::CLIENTS;
use crate::flows::chromium::{Chromium, Scripts};
use crate::flows::relying_party::RelyingParty;
use crate::playground;
use crate::support::browser::Authorize;
use crate::support::calls::credentials;
use crate::support::server::Server;

/// The rules of WCAG 2.2 AA, and what axe calls good practice.
const RULES: [&str; 6] = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
/// Each is photographed; axe, which takes longest, sees each width and each theme once.
const LOOKS: [(u32, &str, bool); 4] =
    [(360, "light", true), (360, "dark", false), (1280, "light", false), (1280, "dark", true)];

/// Pages that their address alone leads to, for an administrator who is signed in: what the picture
/// is called, and the path.
const PAGES: [(&str, &str); 19] = [
    ("home", "/"),
    ("mail-empty", "/dev/mail"),
    ("admin-overview", "/admin"),
    ("admin-clients", "/admin/clients"),
    ("admin-clients-new", "/admin/clients/new"),
    ("admin-clients-new-web", "/admin/clients/new/web"),
    ("admin-client", "/admin/clients/shop"),
    ("admin-client-edit", "/admin/clients/shop/edit"),
    ("admin-client-disable", "/admin/clients/shop/disable"),
    ("admin-apis", "/admin/apis"),
    ("admin-apis-new", "/admin/apis/new"),
    ("admin-users", "/admin/users"),
    ("admin-users-new", "/admin/users/new"),
    ("admin-invite", "/admin/users/invite"),
    ("admin-invitations", "/admin/users/invitations"),
    ("admin-keys", "/admin/keys"),
    ("admin-audit", "/admin/audit"),
    ("admin-settings", "/admin/settings"),
    ("admin-branding", "/admin/settings/branding"),
];

/// Where the pictures are kept.
pub fn screenshots() -> PathBuf {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap();
    let directory = target.join("screenshots");
    std::fs::create_dir_all(&directory).unwrap();
    directory
}

/// A browser that looks closely at what it is shown.
pub struct Inspector {
    /// The browser.
    pub screen: Chromium,
    /// What it looks at.
    pub server: Server,
    /// The language of the pages, and what it adds to the names of pictures.
    language: Language,
    found: Vec<String>,
}

impl Inspector {
    /// One at `server`.
    pub async fn at(server: Server) -> Self {
        Self::speaking(server, Language::English).await
    }

    /// A browser in which the person picked `language` before.
    pub async fn speaking(server: Server, language: Language) -> Self {
        let screen = Chromium::start(Scripts::On).await;
        let inspector = Self { screen, server, language, found: Vec::new() };
        inspector.open(&format!("/login?lang={}", language.tag())).await;
        inspector
    }

    /// Opens a page of the server.
    pub async fn open(&self, path: &str) {
        self.screen.open(&format!("{}{path}", self.server.issuer)).await;
    }

    /// Looks at the page that shows `css`, as a phone and as a desk would show it.
    pub async fn look(&mut self, name: &str, css: &str) {
        self.screen.find(css).await;
        let axe = include_str!("../../vendor/axe.min.js");
        self.screen.client.execute(axe, Vec::new()).await.unwrap();
        let name = match self.language {
            Language::English => name.to_owned(),
            other @ (Language::German
            | Language::French
            | Language::Spanish
            | Language::Japanese) => format!("{name}-{}", other.tag()),
        };
        for (width, theme, examined) in LOOKS {
            self.screen.look_like(width, theme).await;
            let picture = self.screen.picture().await;
            let file = format!("{name}-{width}-{theme}.png");
            std::fs::write(screenshots().join(file), picture).unwrap();
            if examined {
                for problem in self.problems().await {
                    self.found.push(format!("{name} at {width} px, {theme}: {problem}"));
                }
            }
            if self.is_too_wide().await {
                self.found.push(format!("{name} at {width} px, {theme}: {SIDEWAYS}"));
            }
        }
        // The smallest phone, and a large one at 200 %.
        self.screen.look_like(320, "light").await;
        if self.is_too_wide().await {
            self.found.push(format!("{name} at 320 px: {SIDEWAYS}"));
        }
    }

    async fn problems(&self) -> Vec<String> {
        let script = "const [options, done] = arguments; \
            axe.run(document, options).then((result) => done(result.violations), \
            (error) => done([{ id: 'axe', help: String(error), nodes: [] }]));";
        let options = json!({ "runOnly": RULES, "resultTypes": ["violations"] });
        let found = self.screen.client.execute_async(script, vec![options]).await.unwrap();
        let say = |violation: &Value| {
            let places = violation["nodes"].as_array().unwrap().iter();
            let places: Vec<_> = places.map(|node| node["html"].to_string()).collect();
            format!("{}: {} {}", violation["id"], violation["help"], places.join(" "))
        };
        found.as_array().unwrap().iter().map(say).collect()
    }

    async fn is_too_wide(&self) -> bool {
        self.screen.client.execute(TOO_WIDE, Vec::new()).await.unwrap().as_bool().unwrap()
    }

    /// Proves the authenticator that the page offers.
    pub async fn enrol(&self) {
        self.screen.press("details > summary").await;
        let key = self.screen.find("details code").await.text().await.unwrap().replace(' ', "");
        let code = Seed::from_base32(&key).unwrap().code_at(self.server.app.now());
        self.screen.fill("code", &code).await;
    }

    /// Waits until the sign-in has led on.
    async fn signed_in(&self) {
        for _ in 0..600 {
            if !self.screen.client.current_url().await.unwrap().path().starts_with("/login") {
                return;
            }
            tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        }
        panic!("still at the sign-in:\n{}", self.screen.text().await);
    }

    /// Tells what was found.
    pub async fn finish(self) {
        assert!(self.found.is_empty(), "\n{}\n", self.found.join("\n"));
        self.screen.close().await;
    }
}

const SIDEWAYS: &str = "the page must be scrolled sideways";
const TOO_WIDE: &str =
    "return document.documentElement.scrollWidth > document.documentElement.clientWidth;";

#[tokio::test]
async fn the_pages_of_a_sign_in_are_for_everybody() {
    signing_in(Language::English).await;
}

#[tokio::test]
async fn the_pages_of_a_sign_in_are_for_everybody_who_reads_german() {
    signing_in(Language::German).await;
}

#[tokio::test]
async fn the_pages_of_a_sign_in_are_for_everybody_who_reads_japanese() {
    signing_in(Language::Japanese).await;
}

async fn signing_in(language: Language) {
    let server = Server::start().await;
    server.apply(CLIENTS).await;
    let mut inspector = Inspector::speaking(server, language).await;
    let app = RelyingParty::start().await;
    let scope = "openid profile email offline_access orders.read";
    inspector.open(&app.request("photos", scope).path()).await;
    inspector.look("login", "#username").await;
    inspector.screen.give_password("carol", "not the password").await;
    inspector.look("login-error", "#error-summary").await;
    inspector.screen.sign_in("carol").await;
    inspector.look("code", "#code").await;
    inspector.screen.give_code(&inspector.server, Scripts::On).await;
    inspector.look("consent", "#consent-allow").await;
    inspector.open("/oauth2/logout?client_id=photos").await;
    inspector.look("logout", "#logout-confirm").await;
    inspector.screen.press("#logout-cancel").await;
    inspector.look("still-signed-in", "h1").await;
    inspector.open("/oauth2/logout?client_id=photos").await;
    inspector.screen.press("#logout-confirm").await;
    inspector.look("signed-out", ".big-icon.ok").await;
    let bad = app.request("photos", scope).with("redirect_uri", "https://elsewhere.example/");
    inspector.open(&bad.path()).await;
    inspector.look("error", ".facts").await;
    inspector.finish().await;
}

/// Somebody whose account says nothing about a language, and a brand.
const DORA: &str = r##"
[policy]
mfa = "everyone"

[branding]
product = "Acme Accounts"
accent = "#7a1f5c"
support = "help@acme.example"
privacy = "https://acme.example/privacy"
terms = "https://acme.example/terms"

[[user]]
username = "dora"
password = "correct horse battery staple"
"##;

#[tokio::test]
async fn the_pages_of_an_enrolment_are_for_everybody() {
    enrolling(Language::English).await;
}

#[tokio::test]
async fn the_pages_of_an_enrolment_are_for_everybody_who_reads_german() {
    enrolling(Language::German).await;
}

#[tokio::test]
async fn the_pages_of_an_enrolment_are_for_everybody_who_reads_japanese() {
    enrolling(Language::Japanese).await;
}

async fn enrolling(language: Language) {
    let server = Server::start().await;
    server.apply(DORA).await;
    let mut inspector = Inspector::speaking(server, language).await;
    inspector.open("/login").await;
    inspector.look("login-branded", "#username").await;
    inspector.screen.sign_in("dora").await;
    inspector.look("enrol", ".qr").await;
    inspector.enrol().await;
    inspector.look("recovery-codes", ".codes").await;
    inspector.open("/oauth2/logout").await;
    inspector.screen.press("#logout-confirm").await;
    inspector.screen.find(".big-icon.ok").await;
    inspector.open("/login").await;
    inspector.screen.sign_in("dora").await;
    inspector.screen.press("a[href*='way=recovery']").await;
    inspector.look("recovery", "#code.long").await;
    inspector.screen.fill("code", "aaaa-aaaa-aaaa-aaaa").await;
    inspector.screen.press("#code-submit").await;
    inspector.look("recovery-error", "#error-summary").await;
    inspector.finish().await;
}

#[tokio::test]
async fn the_playground_is_for_everybody() {
    let mut inspector = Inspector::at(playground::start().await).await;
    inspector.open("/playground").await;
    inspector.look("playground", "#playground-start").await;
    inspector.screen.press("#playground-start").await;
    inspector.screen.sign_in("bob").await;
    inspector.screen.press("#consent-allow").await;
    inspector.screen.press("#playground-exchange").await;
    inspector.look("playground-tokens", "#playground-introspect").await;
    inspector.screen.press("#playground-payments").await;
    inspector.look("playground-refused", "#playground-step_up").await;
    inspector.screen.press("#playground-step_up").await;
    inspector.look("step-up-enrol", ".qr").await;
    inspector.enrol().await;
    inspector.screen.press("[name=stored]").await;
    inspector.screen.press("#recovery-submit").await;
    inspector.screen.press("#consent-allow").await;
    inspector.screen.press("#playground-exchange").await;
    inspector.screen.press("#playground-payments").await;
    inspector.screen.says("ending in 4242").await;
    inspector.finish().await;
}

#[tokio::test]
async fn the_pages_of_an_administrator_are_for_everybody() {
    let mut inspector = Inspector::at(Server::start().await).await;
    inspector.open("/login").await;
    inspector.screen.sign_in("alice").await;
    inspector.screen.give_code(&inspector.server, Scripts::On).await;
    inspector.signed_in().await;
    // First, while nobody asks for the password anew.
    inspector.open("/admin/clients/shop/secret").await;
    inspector.screen.press("main button[type=submit]").await;
    inspector.look("admin-secret", ".secret").await;
    for (name, path) in PAGES {
        inspector.open(path).await;
        inspector.look(name, "h1").await;
    }
    let alice = inspector.server.user_id("alice").await;
    inspector.open(&format!("/admin/users/{alice}")).await;
    inspector.look("admin-user", "#sessions").await;
    inspector.screen.press("a[href*='/devices/']").await;
    inspector.look("admin-device-remove", "#action-submit").await;
    inspector.open(&format!("/admin/users/{alice}/new-password")).await;
    inspector.look("admin-user-new-password", "h1").await;
    inspector.open("/admin/apis").await;
    inspector.screen.press("a[href$='/edit']").await;
    inspector.look("admin-api-edit", "#api-submit").await;
    inspector.finish().await;
}

#[tokio::test]
async fn the_page_of_an_administrator_whose_session_is_not_bound_is_for_everybody() {
    let mut inspector = Inspector::at(Server::start().await).await;
    inspector.server.apply("[policy]\nbound_sessions = \"administrators\"\n").await;
    inspector.open("/login").await;
    inspector.screen.sign_in("alice").await;
    inspector.screen.give_code(&inspector.server, Scripts::On).await;
    inspector.signed_in().await;
    inspector.open("/admin").await;
    // It waits by itself, and says then what to do.
    inspector.screen.says("must be bound").await;
    inspector.look("unbound", ".big-icon").await;
    inspector.finish().await;
}

#[tokio::test]
async fn the_way_back_by_post_is_for_everybody() {
    let server = Server::start().await;
    server.apply(CLIENTS).await;
    let app = RelyingParty::start().await;
    let mut inspector = Inspector::at(server).await;
    // Without this script it waits to be looked at.
    inspector.screen.tools("Network.enable", json!({})).await;
    let script = json!({ "urls": ["*submit.js*"] });
    inspector.screen.tools("Network.setBlockedURLs", script).await;
    let request = app.request("desk", "openid").with("response_mode", "form_post");
    inspector.open(&request.path()).await;
    inspector.screen.sign_in("bob").await;
    inspector.look("form-post", "#continue").await;
    inspector.finish().await;
}

#[tokio::test]
async fn a_letter_is_for_everybody() {
    let server = Server::start().await;
    guess_until_a_letter_is_written(&server).await;
    let mut inspector = Inspector::at(server).await;
    inspector.open("/dev/mail").await;
    inspector.look("mail-inbox", "main a[href^='/dev/mail/']").await;
    inspector.screen.press("main a[href^='/dev/mail/']").await;
    inspector.look("mail", "h1").await;
    let path = inspector.screen.client.current_url().await.unwrap().path().to_owned();
    // Where it is shown here no script may run, axe neither: it is looked at as a mail program would.
    let letter = inspector.server.browser().get(&format!("{path}/html")).await.body;
    let address = format!("data:text/html;base64,{}", STANDARD.encode(letter));
    inspector.screen.open(&address).await;
    inspector.look("mail-html", "h1").await;
    inspector.finish().await;
}

/// Somebody who knows carol's password guesses at her code until she is told by mail.
async fn guess_until_a_letter_is_written(server: &Server) {
    let mut connection = server.db.connect().await;
    for _ in 0..100 {
        let mut browser = server.browser();
        let page = browser.get(&Authorize::of("shop", "openid").path()).await;
        let page = browser.follow(page).await;
        let page = browser.submit(&page, &credentials("carol")).await;
        let page = browser.follow(page).await;
        browser.submit(&page, &[("code", "000000")]).await;
        let past = "update attempts set last_at = last_at - interval '1 hour'";
        sqlx::query(past).execute(&mut connection).await.unwrap();
        if server.number("select count(*) from mails").await > 0 {
            return;
        }
    }
    panic!("no letter was written");
}
