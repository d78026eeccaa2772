//! The policy on second factors, on the wire: rules, grace, grants from before (SECURITY.md T-6, T-7).

use portcullis::crypto::totp::Seed;
use time::Duration;

use crate::support::browser::{Authorize, Browser, Page};
use crate::support::calls::credentials;
use crate::support::server::{STOCK, Server};

/// A browser of `username` after the password for `request`, at whatever comes.
async fn after_password(server: &Server, request: &Authorize, username: &str) -> (Browser, Page) {
    let mut browser = server.browser();
    let page = browser.get(&request.path()).await;
    let page = browser.follow(page).await;
    let page = browser.submit(&page, &credentials(username)).await;
    let page = browser.follow(page).await;
    (browser, page)
}

fn shop(scope: &str) -> Authorize {
    Authorize::of("shop", scope)
}

/// The code for the seed that an enrolment page shows.
fn shown_code(server: &Server, page: &Page) -> String {
    let words = page.body.split(|c: char| !c.is_ascii_alphanumeric());
    let upper = |b: u8| b.is_ascii_uppercase() || b.is_ascii_digit();
    let key = words.into_iter().find(|word| word.len() == 32 && word.bytes().all(upper)).unwrap();
    Seed::from_base32(key).unwrap().code_at(server.app.now())
}

#[tokio::test]
async fn a_rule_for_a_scope_or_an_api_is_asked_for_there_only() {
    let server = Server::start().await;
    for selects in ["scope = \"orders.write\"", "api = \"https://api.example/\""] {
        server.apply(&format!("[policy]\nmfa_rules = [{{ {selects} }}]\n")).await;
        let (mut browser, done) = after_password(&server, &shop("openid"), "bob").await;
        assert!(done.param("code").is_some(), "{selects}: {done:?}");
        let page = browser.get(&shop("openid orders.write").path()).await;
        assert!(page.location().starts_with("/login/enrol"), "{selects}: {page:?}");
        let silent = shop("openid orders.write").with("prompt", "none");
        let refused = browser.get(&silent.path()).await;
        assert_eq!(refused.param("error").as_deref(), Some("interaction_required"));
    }
}

#[tokio::test]
async fn an_enrolment_is_put_off_until_the_day_that_the_page_names() {
    let server = Server::start().await;
    server.apply("[policy]\nmfa = \"everyone\"\nmfa_grace = \"7d\"\n").await;
    let (mut browser, page) = after_password(&server, &shop("openid"), "bob").await;
    let until = server.app.now() + Duration::days(7);
    let day = format!("until {} {} {}", until.day(), until.month(), until.year());
    assert!(page.body.contains(&day), "{day}: {}", page.body);
    let done = browser.submit(&page, &[("later", "1")]).await;
    assert!(done.param("code").is_some(), "{done:?}");
    // At the next sign-in it is asked for again; the time began with the first.
    server.clock.advance(Duration::days(6));
    let (mut browser, page) = after_password(&server, &shop("openid"), "bob").await;
    assert!(page.body.contains(&day), "{day}: {}", page.body);
    assert!(browser.submit(&page, &[("later", "1")]).await.param("code").is_some());
    server.clock.advance(Duration::days(1) + Duration::minutes(1));
    let (mut browser, page) = after_password(&server, &shop("openid"), "bob").await;
    assert!(!page.body.contains("enrol-later"), "{}", page.body);
    let forged = page.form("/login/enrol").unwrap();
    assert_eq!(browser.submit(&forged, &[("later", "1")]).await.status, 400);
    let code = shown_code(&server, &page);
    let codes = browser.submit(&page, &[("code", &code)]).await;
    assert!(browser.submit(&codes, &[]).await.param("code").is_some());
}

#[tokio::test]
async fn an_administrator_never_puts_it_off() {
    let server = Server::start().await;
    let root = "[[user]]\nusername = \"root\"\npassword = \"correct horse battery staple\"\n\
        roles = [\"administrator\"]\n";
    server.apply(root).await;
    server.apply("[policy]\nmfa = \"everyone\"\nmfa_grace = \"30d\"\n").await;
    let (mut browser, page) = after_password(&server, &shop("openid"), "root").await;
    assert!(page.has_form("/login/enrol"), "{}", page.body);
    assert!(!page.body.contains("enrol-later"), "{}", page.body);
    let forged = page.form("/login/enrol").unwrap();
    assert_eq!(browser.submit(&forged, &[("later", "1")]).await.status, 400);
}

#[tokio::test]
async fn a_grant_made_with_less_than_is_now_demanded_is_not_refreshed_nor_ended() {
    let server = Server::start().await;
    let weak = server.tokens("shop", "openid orders.read orders.write", "bob").await;
    server.clock.advance(Duration::seconds(31));
    let strong = server.tokens("shop", "openid orders.read", "carol").await;
    let text = |tokens: &serde_json::Value| tokens["refresh_token"].as_str().unwrap().to_owned();
    server.apply("[policy]\nmfa = \"everyone\"\n").await;
    let refused = server.refresh("shop", &text(&weak)).await;
    assert_eq!((refused.status.as_u16(), refused.error().as_str()), (400, "invalid_grant"));
    assert!(refused.body.contains("stronger sign-in"), "{}", refused.body);
    assert_eq!(server.refresh("shop", &text(&strong)).await.status, 200);
    // Refused again, and nothing was used up: the policy may be changed back.
    assert_eq!(server.refresh("shop", &text(&weak)).await.status, 400);
    server.apply("[policy]\nmfa = \"administrators\"\n").await;
    let back = server.refresh("shop", &text(&weak)).await;
    assert_eq!(back.status, 200, "{}", back.body);
    // A rule for one scope holds back that scope only.
    server.apply("[policy]\nmfa_rules = [{ scope = \"orders.write\" }]\n").await;
    let token = text(&back.json());
    assert_eq!(server.refresh("shop", &token).await.status, 400);
    let fields = [
        ("grant_type", "refresh_token"),
        ("refresh_token", token.as_str()),
        ("scope", "openid orders.read"),
    ];
    assert_eq!(server.call("/oauth2/token", "shop", &fields).await.status, 200);
}

#[tokio::test]
async fn a_grant_of_somebody_who_puts_off_is_refreshed_until_the_grace_ends() {
    let server = Server::start().await;
    server.apply("[policy]\nmfa = \"everyone\"\nmfa_grace = \"7d\"\n").await;
    let request = shop("openid offline_access");
    let (mut browser, page) = after_password(&server, &request, "bob").await;
    let done = browser.submit(&page, &[("later", "1")]).await;
    let tokens = server.redeem(&request, &done.param("code").unwrap()).await.json();
    server.clock.advance(Duration::days(6));
    let first = server.refresh("shop", tokens["refresh_token"].as_str().unwrap()).await;
    assert_eq!(first.status, 200, "{}", first.body);
    server.clock.advance(Duration::days(2));
    let refresh = first.json()["refresh_token"].as_str().unwrap().to_owned();
    assert_eq!(server.refresh("shop", &refresh).await.status, 400);
}

#[tokio::test]
async fn whoever_becomes_an_administrator_signs_in_anew() {
    use portcullis::manage::users::{self, UserChanges};
    let server = Server::start().await;
    let tokens = server.tokens("shop", "openid", "bob").await;
    let bob = server.user_id("bob").await;
    let changes =
        UserChanges { roles: Some(vec!["administrator".into()]), ..UserChanges::default() };
    server.manage(async |cx| users::update(&cx, bob, &changes, None).await.unwrap()).await;
    let refused = server.refresh("shop", tokens["refresh_token"].as_str().unwrap()).await;
    assert_eq!((refused.status.as_u16(), refused.error().as_str()), (400, "invalid_grant"));
}

#[tokio::test]
async fn wrong_codes_at_an_enrolment_count_with_all_others() {
    let server = Server::start().await;
    server.apply("[policy]\nmfa = \"everyone\"\n").await;
    let second = server.second_node().await;
    for n in 0..5 {
        let node = if n % 2 == 0 { &server } else { &second };
        let (mut browser, page) = after_password(node, &shop("openid"), "bob").await;
        assert_eq!(browser.submit(&page, &[("code", "000000")]).await.status, 422, "{n}");
    }
    assert_eq!(server.number("select count(*) from attempts where failures = 5").await, 1);
    let (mut browser, page) = after_password(&server, &shop("openid"), "bob").await;
    let code = shown_code(&server, &page);
    assert_eq!(browser.submit(&page, &[("code", &code)]).await.status, 429);
    server.clock.advance(Duration::seconds(61));
    let codes = browser.submit(&page, &[("code", &shown_code(&server, &page))]).await;
    assert_eq!(codes.status, 200, "{}", codes.body);
    assert_eq!(server.number("select count(*) from attempts where failures > 0").await, 0);
}

/// T-6 (5): guesses over 200 sessions, 50 addresses and two nodes are counted as one.
#[tokio::test]
async fn two_hundred_sessions_at_fifty_addresses_and_two_nodes_have_one_counter() {
    let much = [
        ("LIMITS_SIGN_IN_PER_MINUTE", "1000000"),
        ("LIMITS_AUTHORIZE_PER_MINUTE", "1000000"),
        ("TRUSTED_PROXIES", "127.0.0.1/32"),
    ];
    let server = Server::with(&much).await;
    server.apply(STOCK).await;
    let second = server.second_node().await;
    let mut key = crate::passkey::passkey_of(&server, "carol").await;
    server.clock.advance(Duration::minutes(1));
    // One password, and then as many sessions as there are: they are made by hand, for two hundred
    // passwords would be hashed for nothing.
    let (mut browser, page) = after_password(&server, &shop("openid"), "carol").await;
    let link = page.body.split("href=\"").find(|part| part.starts_with("/login/code"));
    let page = browser.get(&link.unwrap().split('"').next().unwrap().replace("&#38;", "&")).await;
    let mut connection = server.db.connect().await;
    let (csrf, flow) = (page.hidden("csrf").unwrap(), page.hidden("flow").unwrap());
    let copies = "insert into sessions (id, fingerprint, user_id, auth_at, proofs, stage, device_id,
            address, user_agent, created_at, seen_at, idle_ends_at, ends_at)
        select gen_random_uuid(), sha256(convert_to('pc_ss_copy-' || n, 'utf8')), user_id, auth_at,
            proofs, stage, device_id, address, user_agent, created_at, seen_at, idle_ends_at, ends_at
        from sessions, generate_series(1, 200) n where stage = 'pending'";
    sqlx::query(copies).execute(&mut connection).await.unwrap();
    let pre = &browser.cookies["__Host-pre"];
    let mut answered = std::collections::BTreeMap::new();
    for n in 1..=200 {
        let node = if n % 2 == 0 { &server } else { &second };
        let cookies = format!("__Host-pre={pre}; __Host-sid=pc_ss_copy-{n}");
        let address = format!("198.51.{}.7", n % 50);
        let headers = [
            crate::support::calls::FORM,
            ("cookie", cookies.as_str()),
            ("origin", server.issuer.as_str()),
            ("x-forwarded-for", address.as_str()),
        ];
        let fields = [("csrf", csrf.as_str()), ("flow", flow.as_str()), ("code", "000000")];
        let body = portcullis::protocol::params::encode(fields);
        let answer = node.raw("POST", "/login/code", &headers, body).await;
        *answered.entry(answer.status.as_u16()).or_insert(0) += 1;
    }
    assert_eq!(answered, [(401, 5), (429, 195)].into(), "five are free, whoever asks");
    assert_eq!(server.number("select max(failures)::bigint from attempts").await, 5);
    // To the end: fifty in all, then the right code is not looked at either, and the owner knows.
    let end = "update attempts set failures = 49, last_at = last_at - interval '2 minutes'
        where failures = 5";
    sqlx::query(end).execute(&mut connection).await.unwrap();
    let mut last = browser.clone();
    let answer = last.submit(&page, &[("code", "000000")]).await;
    assert_eq!(answer.status, 401, "{}", answer.body);
    server.clock.advance(Duration::minutes(5));
    let right = last.submit(&page, &[("code", &server.totp())]).await;
    assert_eq!(right.status, 429, "{}", right.body);
    let mut visit = crate::passkey::Visit::at_login(&server).await;
    let done = visit.sign_in(&mut key).await;
    assert!(done.param("code").is_some(), "a passkey still works: {done:?}");
    let told = "select count(*) from mails
        where recipient = 'carol@example.com' and subject like '%paused%'";
    assert_eq!(server.number(told).await, 1);
}

#[tokio::test]
async fn the_policy_is_read_and_changed_by_programs() {
    let server = Server::start().await;
    let document = "[policy]\nmfa = \"everyone\"\nmfa_factors = [\"totp\", \"recovery_code\"]\n\
        mfa_grace = \"3d\"\nemail_codes = true\ntrusted_device = \"14d\"\n\
        [[policy.mfa_rules]]\nrole = \"administrator\"\nfactors = [\"totp\"]\n";
    server.apply(document).await;
    let policy = server.app.live.policy().await.unwrap();
    assert_eq!(policy.second_factor.rules.len(), 1);
    assert_eq!(policy.second_factor.trusted_device_days, 14);
    let page = server.signed_in("alice").await.get("/admin/settings").await;
    for part in ["role=administrator factors=totp", "value=\"14\"", "value=\"3\""] {
        assert!(page.body.contains(part), "{part}: {}", page.body);
    }
}
