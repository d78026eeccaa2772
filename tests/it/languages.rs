//! The language of pages: who chooses it, and that nothing of another is on them.

use portcullis::crypto::totp::Seed;
use portcullis::identity::language::Language;
use reqwest::Method;

use crate::catalogue::{ids, plain_messages};
use crate::support::browser::{Authorize, Browser, Page};
use crate::support::calls::credentials;
use crate::support::server::{PASSWORD, Server};

const DORA: &str = r#"
[[user]]
username = "dora"
email = "dora@example.com"
password = "correct horse battery staple"
"#;

/// The language that `page` says it is in.
pub fn lang(page: &Page) -> &str {
    let rest = page.body.split("<html lang=\"").nth(1).unwrap_or_default();
    rest.split('"').next().unwrap_or_default()
}

impl Browser {
    /// The same browser after its person picked `language` some time ago.
    pub fn speaking(mut self, language: Language) -> Self {
        self.cookies.insert("__Host-lang".to_owned(), language.tag().to_owned());
        self
    }

    /// Opens `path` with these `Accept-Language`, and the page that it leads to.
    pub async fn accepting(&mut self, path: &str, languages: &str) -> Page {
        let page = self.send(Method::GET, path, None, &[("accept-language", languages)]).await;
        let location = page.location().to_owned();
        if location.is_empty() {
            return page;
        }
        self.send(Method::GET, &location, None, &[("accept-language", languages)]).await
    }
}

#[tokio::test]
async fn the_application_comes_before_the_cookie_before_the_browser() {
    let server = Server::start().await;
    let request =
        |locales: &str| Authorize::of("shop", "openid").with("ui_locales", locales).path();
    for (locales, cookie, accepted, want) in [
        ("fr-CA en", Some(Language::German), "ja", "fr"),
        ("se fr", Some(Language::German), "ja", "fr"),
        ("se", Some(Language::German), "ja", "de"),
        ("", Some(Language::German), "ja", "de"),
        ("", None, "it, ja;q=0.9, en;q=0.1", "ja"),
        ("", None, "it", "en"),
    ] {
        let mut browser = server.browser();
        if let Some(language) = cookie {
            browser = browser.speaking(language);
        }
        let page = browser.accepting(&request(locales), accepted).await;
        assert_eq!(lang(&page), want, "{locales:?}, {cookie:?}, {accepted:?}");
    }
}

#[tokio::test]
async fn the_account_comes_before_the_cookie() {
    let server = Server::start().await;
    let mut browser = server.signed_in("bob").await.speaking(Language::German);
    let page = browser.get("/oauth2/logout").await;
    assert_eq!(lang(&page), "en");
    let mut stranger = server.browser().speaking(Language::German);
    assert_eq!(lang(&stranger.get("/login").await), "de");
}

#[tokio::test]
async fn the_default_is_what_the_operator_set() {
    let server = Server::start().await;
    server.apply("[branding]\nlanguage = \"es\"\n").await;
    let mut browser = server.browser();
    assert_eq!(lang(&browser.get("/login").await), "es");
    assert_eq!(lang(&browser.accepting("/login", "fr").await), "fr");
}

#[tokio::test]
async fn what_is_picked_from_the_menu_holds_for_the_whole_sign_in_and_the_next() {
    let server = Server::start().await;
    let mut browser = server.browser();
    let request = Authorize::of("asker", "openid").with("ui_locales", "fr");
    let page = browser.get(&request.path()).await;
    let page = browser.follow(page).await;
    assert_eq!(lang(&page), "fr");
    let flow = page.hidden("flow").unwrap();
    let page = browser.get(&format!("/login?flow={flow}&lang=de")).await;
    assert_eq!(lang(&page), "de");
    let wrong = browser.submit(&page, &[("username", "bob"), ("password", "no")]).await;
    assert_eq!(lang(&wrong), "de");
    let consent = browser.submit(&wrong, &credentials("bob")).await;
    let consent = browser.follow(consent).await;
    assert!(consent.body.contains("consent-allow"), "{}", consent.body);
    assert_eq!(lang(&consent), "de");
    let mut later = server.browser();
    later.cookies.clone_from(&browser.cookies);
    later.cookies.remove("__Host-sid");
    assert_eq!(lang(&later.get("/login").await), "de");
}

#[tokio::test]
async fn an_error_on_a_page_is_in_the_language_that_the_application_asked_for() {
    let server = Server::start().await;
    let mut browser = server.browser();
    let page = browser.get(&Authorize::of("shop", "openid").with("ui_locales", "de").path()).await;
    let page = browser.follow(page).await;
    let wrong = browser.submit(&page, &[("username", "bob"), ("password", "no")]).await;
    let words = "Benutzername und Passwort passen nicht zusammen.";
    assert!(wrong.body.contains(words), "{}", wrong.body);
}

#[tokio::test]
async fn a_refusal_is_in_the_language_too_and_its_details_stay_english() {
    let server = Server::start().await;
    let mut browser = server.browser();
    let bad = Authorize::of("shop", "openid").with("redirect_uri", "https://evil.example/cb");
    let page = browser.get(&bad.with("ui_locales", "de").path()).await;
    assert_eq!(lang(&page), "de");
    assert!(page.body.contains("Dieser Anmeldelink funktioniert nicht"), "{}", page.body);
    assert!(page.body.contains("invalid_request") && page.body.contains("redirect_uri"));
    let missing = browser.accepting("/nowhere", "ja").await;
    assert_eq!((missing.status.as_u16(), lang(&missing)), (404, "ja"));
    let long = format!("/{}", "x".repeat(10_000));
    assert_eq!(lang(&browser.accepting(&long, "fr").await), "fr");
}

#[tokio::test]
async fn a_hostile_language_changes_nothing() {
    let server = Server::start().await;
    let mut browser = server.browser();
    for value in ["\"><script>alert(1)</script>", "de;x=\"", "../../en", "zz"] {
        let query = portcullis::protocol::params::encode([("lang", value)]);
        let page = browser.get(&format!("/login?{query}")).await;
        assert_eq!(page.status, 200);
        assert!(!page.body.contains("<script>alert"));
        assert!(["en", "de"].contains(&lang(&page)), "{value}");
    }
}

/// What a person may see on `page`: each text between tags, and each attribute they hear or read.
fn seen(page: &Page) -> Vec<String> {
    let mut texts = Vec::new();
    let plain = |text: &str| {
        let text = text.replace("&#38;", "&").replace("&#39;", "'").replace("&#34;", "\"");
        text.replace("&#60;", "<").replace("&#62;", ">").trim().to_owned()
    };
    for part in page.body.split('<').skip(1) {
        let (tag, text) = part.split_once('>').unwrap_or((part, ""));
        texts.push(plain(text));
        for name in
            ["aria-label=\"", "alt=\"", "title=\"", "data-copied=\"", "data-copy-by-hand=\""]
        {
            let value = tag.split(name).nth(1).and_then(|rest| rest.split('"').next());
            texts.extend(value.map(plain));
        }
    }
    texts.retain(|text| !text.is_empty());
    texts
}

/// What of `page` is in another language than `language`, or no language at all.
fn foreign(name: &str, page: &Page, language: Language) -> Vec<String> {
    let mut found = Vec::new();
    if lang(page) != language.tag() {
        found.push(format!("{name} is in {:?}, not in {}", lang(page), language.tag()));
    }
    let (english, own) = (plain_messages(Language::English), plain_messages(language));
    for text in seen(page) {
        let fallback = english.iter().find(|(id, words)| {
            let differs = own.get(*id) != Some(*words);
            let whole = text == **words || (words.len() > 20 && text.contains(words.as_str()));
            differs && whole && !own.values().any(|translated| *translated == text)
        });
        found.extend(fallback.map(|(id, _)| format!("{name}, {}: {id}: {text}", language.tag())));
        if ids().contains(&text) {
            found.push(format!("{name}, {}: a raw id: {text}", language.tag()));
        }
    }
    found
}

/// Every page of signing in, consenting and signing out.
async fn signing_in(server: &Server, language: Language) -> Vec<(&'static str, Page)> {
    let mut browser = server.browser().speaking(language);
    let request = Authorize::of("asker", "openid profile email offline_access orders.read")
        .with("response_mode", "form_post");
    let login = browser.get(&request.path()).await;
    let login = browser.follow(login).await;
    let wrong = browser.submit(&login, &[("username", "carol"), ("password", "no")]).await;
    let code = browser.submit(&login, &credentials("carol")).await;
    let code = browser.follow(code).await;
    let wrong_code = browser.submit(&code, &[("code", "000000")]).await;
    let flow = code.hidden("flow").unwrap();
    let recovery = browser.get(&format!("/login/code?flow={flow}&way=recovery")).await;
    let consent = browser.submit(&code, &[("code", &server.totp())]).await;
    let consent = browser.follow(consent).await;
    let form_post = browser.submit(&consent, &[("decision", "allow")]).await;
    let logout = browser.get("/oauth2/logout?client_id=asker").await;
    let still = browser.submit(&logout, &[("decision", "deny")]).await;
    let signed_out = browser.submit(&logout, &[("decision", "allow")]).await;
    let home = browser.get("/").await;
    let missing = browser.get("/nowhere").await;
    let forged = browser.post("/login", &[("csrf", "x"), ("flow", "y")]).await;
    vec![
        ("login", login),
        ("login, wrong", wrong),
        ("code", code),
        ("code, wrong", wrong_code),
        ("recovery", recovery),
        ("consent", consent),
        ("form_post", form_post),
        ("logout", logout),
        ("still signed in", still),
        ("signed out", signed_out),
        ("home", home),
        ("missing", missing),
        ("forged", forged),
    ]
}

/// Every page of enrolling an authenticator.
async fn enrolling(server: &Server, language: Language) -> Vec<(&'static str, Page)> {
    let mut browser = server.browser().speaking(language);
    let login = browser.get("/login").await;
    let enrol = browser.submit(&login, &credentials("dora")).await;
    let enrol = browser.follow(enrol).await;
    let wrong = browser.submit(&enrol, &[("code", "000000")]).await;
    vec![("enrol", enrol), ("enrol, wrong", wrong)]
}

/// Every page of the first run but its end.
async fn setting_up(server: &Server, language: Language) -> Vec<(&'static str, Page)> {
    let mut browser = server.browser().speaking(language);
    let used = browser.get("/setup?token=pc_none").await;
    let setup = browser.get(&server.setup_link().await).await;
    let mut pages = vec![("setup used", used)];
    for (username, email, password) in [
        ("a b", "root@example.com", PASSWORD),
        ("root", "nowhere", PASSWORD),
        ("root", "root@example.com", "short"),
        ("root", "root@example.com", "password1234"),
        ("rootroot", "root@example.com", "rootroot1234"),
    ] {
        let fields = [("username", username), ("email", email), ("password", password)];
        pages.push(("setup, wrong", browser.submit(&setup, &fields).await));
    }
    let fields = [("username", "root"), ("email", "root@example.com"), ("password", PASSWORD)];
    let code = browser.submit(&setup, &fields).await;
    let key = code.body.split("<code>").nth(1).and_then(|rest| rest.split('<').next()).unwrap();
    let right = Seed::from_base32(&key.replace(' ', "")).unwrap().code_at(server.app.now());
    let codes = browser.submit(&code, &[("code", &right)]).await;
    pages.extend([("setup", setup), ("setup code", code), ("setup recovery codes", codes)]);
    pages
}

/// Asserts that each page says nothing in another language than `language`, and is no larger than
/// one should be.
pub fn assert_at_home(pages: &[(&'static str, Page)], language: Language) {
    let found: Vec<_> =
        pages.iter().flat_map(|(name, page)| foreign(name, page, language)).collect();
    assert!(found.is_empty(), "\n{}\n", found.join("\n"));
    for (name, page) in pages {
        assert!(page.body.len() < 30_000, "{name}: {} bytes", page.body.len());
    }
}

#[tokio::test]
async fn every_page_of_a_sign_in_is_in_one_language() {
    let server = Server::start().await;
    server.apply("[[client]]\nclient_id = \"asker\"\nconsent = \"always\"\n").await;
    for language in Language::ALL {
        server.clock.advance(time::Duration::minutes(30));
        assert_at_home(&signing_in(&server, language).await, language);
    }
}

#[tokio::test]
async fn every_page_of_an_enrolment_is_in_one_language() {
    let server = Server::start().await;
    server.apply(&format!("[policy]\nmfa = \"everyone\"\n{DORA}")).await;
    for language in Language::ALL {
        assert_at_home(&enrolling(&server, language).await, language);
    }
}

#[tokio::test]
async fn every_page_of_the_first_run_is_in_one_language() {
    for language in Language::ALL {
        let server = Server::bare().await;
        assert_at_home(&setting_up(&server, language).await, language);
    }
}

#[tokio::test]
async fn what_a_page_loads_is_under_sixty_kilobytes() {
    let server = Server::start().await;
    let mut browser = server.browser();
    let page = browser.get(&Authorize::of("asker", "openid").path()).await;
    let page = browser.follow(page).await;
    let mut all = page.body.len();
    let mut loaded: Vec<&str> = page
        .body
        .split("\"/assets/")
        .skip(1)
        .filter_map(|rest| rest.split(['"', '#']).next())
        .collect();
    loaded.sort_unstable();
    loaded.dedup();
    for path in loaded {
        all += browser.get(&format!("/assets/{path}")).await.body.len();
    }
    assert!(all < 60_000, "{all} bytes");
}
