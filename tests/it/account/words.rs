//! The language of the account: every page is in one, whatever it is asked to say.

use portcullis::identity::language::Language;
use time::Duration;

use crate::account::{change, connect, links};
use crate::catalogue::pieces;
use crate::languages::{assert_at_home, lang};
use crate::passkey::{Visit, form};
use crate::support::authenticator::Soft;
use crate::support::browser::{Browser, Page};
use crate::support::server::Server;

/// Somebody who has nothing but a password, and whose account says nothing about a language.
const DORA: &str = "[[user]]\nusername = \"dora\"\npassword = \"correct horse battery staple\"\n";
const NEW_KEY: &str = "/account/passkeys/new";
/// English texts that are longer, and of more than one word, are looked for inside of others too.
const TELLING: usize = 12;

/// Pages that their address alone leads to.
const PAGES: [&str; 17] = [
    "/account",
    "/account/profile",
    "/account/profile/edit",
    "/account/email",
    "/account/security",
    "/account/password",
    "/account/authenticators/new",
    "/account/passkeys",
    NEW_KEY,
    "/account/passkeys/new?wanted=security_key",
    "/account/sessions",
    "/account/apps",
    "/account/activity",
    "/account/activity?after=ffffffff-ffff-ffff-ffff-ffffffffffff",
    "/account/privacy",
    "/account/privacy/download",
    "/account/privacy/delete",
];

/// The names of what is said after a change.
const DONE: [&str; 17] = [
    "profile",
    "added",
    "key-added",
    "renamed",
    "removed",
    "codes",
    "session",
    "sessions",
    "disowned",
    "device-removed",
    "app",
    "kept",
    "email-sent",
    "email-proof",
    "email-same",
    "password-only",
    "password",
];

/// What is asked before it is done: the page with the link, and how the link begins and ends.
const QUESTIONS: [(&str, &str, &str); 10] = [
    ("/account/security", "/account/authenticators/", "/rename"),
    ("/account/security", "/account/authenticators/", "/remove"),
    ("/account/security", "/account/recovery-codes", ""),
    ("/account/passkeys", "/account/passkeys/", "/rename"),
    ("/account/passkeys", "/account/passkeys/", "/remove"),
    ("/account/sessions", "/account/sessions/", "/end"),
    ("/account/sessions", "/account/sessions/", "/not-me"),
    ("/account/sessions", "/account/sessions/end-others", ""),
    ("/account/sessions", "/account/devices/", "/remove"),
    ("/account/apps", "/account/apps/", "/remove"),
];

/// What is refused: the page, the field, what is typed in it.
const REFUSED: [(&str, &str, &str); 10] = [
    ("/account/profile/edit", "name", "a\u{202e}b"),
    ("/account/profile/edit", "nickname", LONG),
    ("/account/profile/edit", "phone_number", "030 1234567"),
    ("/account/profile/edit", "locale", "tlh"),
    ("/account/profile/edit", "zoneinfo", "Berlin"),
    ("/account/email", "email", "carol"),
    ("/account/password", "password", "short"),
    ("/account/authenticators/new", "code", "000000"),
    ("/account/passkeys/new", "credential", "{}"),
    ("/account/privacy/delete", "confirm", "somebody"),
];
const LONG: &str = "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\
    xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx";

/// A browser in `language`, and the first page of its person's account.
async fn visit(server: &Server, username: &str, language: Language) -> (Browser, Page) {
    let mut browser = server.browser().speaking(language);
    let page = browser.get("/account").await;
    let page = browser.follow(page).await;
    let page = browser.go_through(server, page, username).await;
    assert!(page.status == 200 && page.body.contains("class=\"account\""), "{}", page.body);
    (browser, page)
}

/// Carol, with all that an account can hold, in `language`.
async fn furnished(server: &Server, language: Language) -> Browser {
    let mut guess = server.browser();
    let login = guess.get("/login").await;
    guess.submit(&login, &[("username", "carol"), ("password", "a wrong guess")]).await;
    visit(server, "carol", language).await;
    server.clock.advance(Duration::minutes(2));
    let (mut browser, _) = visit(server, "carol", language).await;
    connect(server, &mut browser, "asker").await;
    connect(server, &mut browser, "shop").await;
    let page = browser.get(NEW_KEY).await;
    let mut adding = Visit { browser, page };
    let challenge = adding.challenge(NEW_KEY, &[]).await;
    let credential = Soft::at(&server.issuer).create(&challenge["publicKey"]);
    adding.answer(NEW_KEY, &challenge, &credential).await;
    server.flush_journal().await;
    adding.browser
}

/// The form at `path`, sent with this in one field.
async fn send(browser: &mut Browser, path: &str, field: (&str, &str)) -> Page {
    let page = browser.get(path).await;
    browser.submit(&form(&page, path), &[field]).await
}

/// Every page of carol's account, and what it says when it is asked for the impossible.
async fn pages(server: &Server, language: Language) -> Vec<(&'static str, Page)> {
    let mut browser = furnished(server, language).await;
    let mut seen = Vec::new();
    for path in PAGES {
        seen.push((path, browser.get(path).await));
    }
    for done in DONE {
        seen.push((done, browser.get(&format!("/account/security?done={done}")).await));
    }
    for (path, start, end) in QUESTIONS {
        let link = links(&browser.get(path).await, start, end).first().expect(start).clone();
        let page = browser.get(&link).await;
        assert_eq!(page.status, 200, "{link}");
        if end == "/rename" {
            // Long names of keys are cut; an authenticator needs none.
            let label = if start == "/account/passkeys/" { " " } else { LONG };
            seen.push(("a bad name", send(&mut browser, &link, ("label", label)).await));
        }
        seen.push((start, page));
    }
    for (path, field, typed) in REFUSED {
        let page = send(&mut browser, path, (field, typed)).await;
        assert_eq!(page.status, 422, "{path} {field}");
        seen.push((field, page));
    }
    seen.extend(ends(server, &mut browser).await);
    seen
}

/// What can be seen once only, up to the end of the account.
async fn ends(server: &Server, browser: &mut Browser) -> Vec<(&'static str, Page)> {
    let codes = change(browser, "/account/recovery-codes", &[]).await;
    let sessions = browser.get("/account/sessions").await;
    let disown = links(&sessions, "/account/sessions/", "/not-me").remove(0);
    let disowned = change(browser, &disown, &[]).await;
    server.flush_journal().await;
    let activity = browser.get("/account/activity").await;
    let closed = send(browser, "/account/privacy/delete", ("confirm", "carol")).await;
    vec![("codes", codes), ("disowned", disowned), ("activity", activity), ("closed", closed)]
}

/// Asserts that nothing of the account's English is on a page in another language.
fn assert_no_english(seen: &[(&'static str, Page)], language: Language) {
    let own = pieces(language, "account").join("\n");
    let mut english = pieces(Language::English, "account");
    english.retain(|piece| {
        piece.len() > TELLING && piece.contains(' ') && !own.contains(piece.as_str())
    });
    assert_eq!(english.is_empty(), language == Language::English);
    let mut found = Vec::new();
    for (name, page) in seen {
        let said = english.iter().filter(|piece| page.body.contains(piece.as_str()));
        found.extend(said.map(|piece| format!("{name}, {}: {piece}", language.tag())));
    }
    assert!(found.is_empty(), "\n{}\n", found.join("\n"));
}

#[tokio::test]
async fn every_page_of_an_account_is_in_one_language() {
    for language in Language::ALL {
        let server = Server::start().await;
        let seen = pages(&server, language).await;
        assert_at_home(&seen, language);
        assert_no_english(&seen, language);
    }
}

#[tokio::test]
async fn every_page_of_a_bare_account_is_in_one_language() {
    let server = Server::start().await;
    server.apply(DORA).await;
    for language in Language::ALL {
        let (mut browser, overview) = visit(&server, "dora", language).await;
        let mut seen = vec![("overview", overview)];
        for path in ["/account/security", "/account/passkeys", "/account/apps", "/account/profile"]
        {
            seen.push((path, browser.get(path).await));
        }
        assert_at_home(&seen, language);
        assert_no_english(&seen, language);
    }
}

#[tokio::test]
async fn what_must_stay_is_said_in_the_persons_language() {
    let server = Server::start().await;
    let (mut admin, page) = visit(&server, "alice", Language::German).await;
    let removal = links(&admin.get("/account/security").await, "/account/", "/remove").remove(0);
    let factor = send(&mut admin, &removal, ("", "")).await;
    let account = send(&mut admin, "/account/privacy/delete", ("confirm", "alice")).await;
    assert_eq!((factor.status.as_u16(), account.status.as_u16()), (422, 422));
    assert!(factor.body.contains("Ihr Konto braucht einen zweiten Schritt"), "{}", factor.body);
    let seen = [("overview", page), ("factor", factor), ("account", account)];
    assert_no_english(&seen, Language::German);
}

#[tokio::test]
async fn the_account_has_its_say_before_the_cookie_and_the_cookie_before_the_browser() {
    let server = Server::start().await;
    let (mut browser, page) = visit(&server, "bob", Language::German).await;
    assert_eq!(lang(&page), "en");
    let saved = change(&mut browser, "/account/profile/edit", &[("locale", "ja")]).await;
    assert_eq!(lang(&saved), "ja");
    assert!(saved.body.contains("プロフィールを保存しました"), "{}", saved.body);
    change(&mut browser, "/account/profile/edit", &[("locale", "")]).await;
    assert_eq!(lang(&browser.accepting("/account", "fr").await), "de");
    browser.cookies.remove("__Host-lang");
    assert_eq!(lang(&browser.accepting("/account/security", "fr").await), "fr");
    assert_eq!(lang(&browser.get("/account?lang=es").await), "es");
}

#[tokio::test]
async fn a_key_without_a_name_is_called_after_its_browser_in_its_owners_language() {
    let server = Server::start().await;
    let mut browser = furnished(&server, Language::French).await;
    let list = browser.get("/account/passkeys").await;
    assert!(list.body.contains("Navigateur inconnu"), "{}", list.body);
}

#[tokio::test]
async fn a_passkey_is_advised_where_there_is_none() {
    let server = Server::start().await;
    let (_, bare) = visit(&server, "bob", Language::English).await;
    assert!(bare.body.contains(NEW_KEY) && bare.body.contains("Add a second step"));
    let (_, with_app) = visit(&server, "carol", Language::English).await;
    assert!(with_app.body.contains("Add a passkey"), "{}", with_app.body);
    server.clock.advance(Duration::minutes(2));
    let mut carol = furnished(&server, Language::English).await;
    assert!(!carol.get("/account").await.body.contains(NEW_KEY));
    let security = carol.get("/account/security").await;
    assert!(security.body.contains("You have one.") && security.body.contains("/account/passkeys"));
}
