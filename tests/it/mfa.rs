//! No way around the second factor (SECURITY.md T-7): every endpoint from every state.

use portcullis::crypto::totp::Seed;

use crate::support::browser::{Authorize, Browser, Page};
use crate::support::calls::credentials;
use crate::support::server::{REDIRECT, Server};

const CODES: &str = "select count(*) from authorization_codes";

/// Every page of the sign-in that takes a form.
const PAGES: [&str; 6] = [
    "/login",
    "/login/code",
    "/login/enrol",
    "/login/recovery-codes",
    "/consent",
    "/oauth2/logout",
];

/// A browser of `username` that has given the password and no more, and the page it is at.
async fn half_way(server: &Server, username: &str) -> (Browser, Page) {
    let mut browser = server.browser();
    let page = browser.get(&Authorize::of("shop", "openid").path()).await;
    let page = browser.follow(page).await;
    let page = browser.submit(&page, &credentials(username)).await;
    let page = browser.follow(page).await;
    (browser, page)
}

/// Calls everything there is with what the browser and `page` have.
async fn crawl(server: &Server, browser: &Browser, page: &Page) -> Vec<Page> {
    let (csrf, flow) =
        (page.hidden("csrf").unwrap_or_default(), page.hidden("flow").unwrap_or_default());
    let minimal = [("csrf", csrf.as_str()), ("flow", flow.as_str())];
    let full = [
        minimal[0],
        minimal[1],
        ("decision", "allow"),
        ("code", ""),
        ("username", "carol"),
        ("way", "recovery"),
    ];
    let silent = Authorize::of("shop", "openid").with("prompt", "none").path();
    let mut paths = vec![Authorize::of("shop", "openid").path(), silent];
    for page in PAGES {
        paths.extend([page.to_owned(), format!("{page}?flow={flow}")]);
    }
    let mut answers = Vec::new();
    for path in &paths {
        answers.push(browser.clone().get(path).await);
        for fields in [&[][..], &minimal, &full] {
            // Signing out is allowed to anybody; it must not help.
            answers.push(browser.clone().post(path, fields).await);
        }
    }
    assert_eq!(server.number("select count(*) from sessions where stage = 'established'").await, 0);
    answers
}

fn assert_no_code(answers: &[Page]) {
    for page in answers {
        assert!(!page.location().contains("code="), "{page:?}");
        assert!(!page.body.contains("name=\"code\" value=\"pc_"), "{page:?}");
        assert!(!page.status.is_server_error(), "{page:?}");
    }
}

#[tokio::test]
async fn a_password_alone_opens_nothing_for_whoever_has_a_second_factor() {
    let server = Server::start().await;
    for username in ["carol", "alice"] {
        let (browser, page) = half_way(&server, username).await;
        assert!(page.body.contains("name=\"code\""), "{page:?}");
        assert_no_code(&crawl(&server, &browser, &page).await);
    }
    assert_eq!(server.number(CODES).await, 0);
}

#[tokio::test]
async fn before_any_factor_nothing_opens() {
    let server = Server::start().await;
    let mut browser = server.browser();
    let page = browser.get(&Authorize::of("shop", "openid").path()).await;
    let page = browser.follow(page).await;
    assert_no_code(&crawl(&server, &browser, &page).await);
    assert_eq!(server.number(CODES).await, 0);
}

#[tokio::test]
async fn where_everyone_owes_one_the_password_leads_to_enrolment_only() {
    let server = Server::start().await;
    server.apply("[policy]\nmfa = \"everyone\"\n").await;
    let (mut browser, page) = half_way(&server, "bob").await;
    assert_no_code(&crawl(&server, &browser, &page).await);
    let form = page.at_form("/login/enrol");
    assert_no_code(&crawl(&server, &browser, &form).await);
    assert_eq!(server.number("select count(*) from factors f join users u on u.id = f.user_id where u.username = 'bob'").await, 0);
    // The seed on the page, proved by a code, is the way out.
    let key = shown_key(&page);
    let code = Seed::from_base32(&key).unwrap().code_at(server.app.now());
    let codes = browser.submit(&form, &[("code", &code)]).await;
    assert_eq!(codes.status, 200, "{}", codes.body);
    let done = browser.submit(&codes, &[]).await;
    assert!(done.param("code").is_some(), "{done:?}");
}

/// The seed in base32 that an enrolment page shows.
fn shown_key(page: &Page) -> String {
    let words = page.body.split(|c: char| !c.is_ascii_alphanumeric());
    let is_key = |word: &&str| {
        word.len() == 32 && word.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit())
    };
    words.into_iter().find(is_key).unwrap_or_else(|| panic!("no key: {}", page.body)).to_owned()
}

#[tokio::test]
async fn one_persons_code_is_no_factor_of_another() {
    let server = Server::start().await;
    let (carol, carols) = half_way(&server, "carol").await;
    let (bob, _) = half_way(&server, "bob").await;
    // Bob's browser with carol's page, and carol's session cookie with bob's binding.
    let mut mixed = bob.clone();
    let code = server.totp();
    let answer = mixed.submit(&carols, &[("code", &code)]).await;
    assert!(matches!(answer.status.as_u16(), 400 | 403), "{answer:?}");
    let mut mixed = bob.clone();
    mixed.cookies.insert("__Host-sid".into(), carol.cookies["__Host-sid"].clone());
    let answer = mixed.submit(&carols, &[("code", &code)]).await;
    assert!(matches!(answer.status.as_u16(), 400 | 403), "{answer:?}");
    let mut mixed = carol.clone();
    mixed.cookies.insert("__Host-sid".into(), "pc_ss_made-up".into());
    let answer = mixed.submit(&carols, &[("code", &code)]).await;
    assert_eq!(answer.status, 400, "{answer:?}");
}

#[tokio::test]
async fn a_client_that_demands_a_second_factor_gets_none_for_a_password() {
    let server = Server::start().await;
    server
        .apply(
            r#"
            [[client]]
            client_id = "bank"
            client_name = "Bank"
            redirect_uris = ["https://app.example/cb"]
            grant_types = ["authorization_code"]
            token_endpoint_auth_method = "none"
            scope = "openid"
            consent = "trusted"
            mfa = "required"
            "#,
        )
        .await;
    let mut browser = server.signed_in("bob").await;
    let request = Authorize::of("bank", "openid");
    let page = browser.get(&request.path()).await;
    assert!(page.location().starts_with("/login/enrol"), "{page:?}");
    let silent = browser.get(&request.with("prompt", "none").path()).await;
    assert_eq!(silent.param("error").as_deref(), Some("interaction_required"));
}

#[tokio::test]
async fn the_token_says_what_really_happened() {
    let server = Server::start().await;
    for (username, acr, amr) in [
        ("bob", "urn:portcullis:acr:password", &["pwd"][..]),
        ("carol", "urn:portcullis:acr:mfa", &["pwd", "otp", "mfa"][..]),
    ] {
        let tokens = server.tokens("shop", "openid orders.read", username).await;
        let fields = [("token", tokens["access_token"].as_str().unwrap())];
        let seen = server.call("/oauth2/introspect", "shop", &fields).await.json();
        assert_eq!(seen["acr"], acr);
        let methods: Vec<_> =
            seen["amr"].as_array().unwrap().iter().filter_map(|m| m.as_str()).collect();
        assert!(amr.iter().all(|method| methods.contains(method)), "{username}: {methods:?}");
        assert_eq!(methods.len(), amr.len(), "{username}: {methods:?}");
    }
}

#[tokio::test]
async fn what_travels_with_a_sign_in_fetches_no_code() {
    let server = Server::start().await;
    let (browser, page) = half_way(&server, "carol").await;
    let (csrf, flow) = (page.hidden("csrf").unwrap(), page.hidden("flow").unwrap());
    let cookie = browser.cookies["__Host-sid"].clone();
    for inside in [csrf.as_str(), flow.as_str(), cookie.as_str(), "af0ifjsldkj"] {
        let fields = [
            ("grant_type", "authorization_code"),
            ("code", inside),
            ("redirect_uri", REDIRECT),
            ("code_verifier", &"v".repeat(43)),
        ];
        assert_eq!(server.call("/oauth2/token", "shop", &fields).await.status, 400);
    }
}
