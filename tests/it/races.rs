//! What happens once happens once: fifty tries at the same time, on two nodes over one database.

use std::collections::BTreeSet;

use portcullis::ambient::SystemEntropy;
use portcullis::crypto::jwt::{Alg, SigningKey};
use portcullis::crypto::recovery;
use portcullis::manage::users::recovery_fingerprint;
use portcullis::store::{recovery_codes, users};
use reqwest::StatusCode;
use serde_json::json;
use sqlx::Row as _;

use crate::support::api::{Api, FIFTY, fifty, member};
use crate::support::browser::{Authorize, Browser, Page};
use crate::support::server::{PASSWORD, Server};

/// Two nodes, and how to call them.
struct Pair {
    a: Server,
    b: Server,
    apis: [Api; 2],
}

async fn pair() -> Pair {
    let a = Server::start().await;
    let b = a.second_node().await;
    let apis = [Api::at(&a), Api::at(&b)];
    Pair { a, b, apis }
}

/// How many answers have this status; a fault of ours is none that any may have.
fn count(answers: &[Page], status: StatusCode) -> usize {
    assert!(answers.iter().all(|answer| !answer.status.is_server_error()), "{answers:?}");
    answers.iter().filter(|answer| answer.status == status).count()
}

async fn number(server: &Server, sql: &'static str) -> i64 {
    let mut connection = server.db.connect().await;
    sqlx::query(sql).fetch_one(&mut connection).await.unwrap().get(0)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_gives_tokens_once() {
    let nodes = pair().await;
    let request = Authorize::of("shop", "openid offline_access");
    let page = nodes.a.browser().sign_in(&nodes.a, &request, "bob").await;
    let code = page.param("code").unwrap();
    let answers = fifty(&nodes.apis, |api, _| {
        let (request, code) = (request.clone(), code.clone());
        async move { api.redeem(&request, &code).await }
    });
    let answers = answers.await;
    assert_eq!(count(&answers, StatusCode::OK), 1);
    assert_eq!(count(&answers, StatusCode::BAD_REQUEST), FIFTY - 1);
    assert_eq!(number(&nodes.a, "select count(*) from grants").await, 1);
    let told = "select count(*) from audit_events where action = 'code.redeemed'";
    assert_eq!(number(&nodes.a, told).await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refresh_token_has_one_successor() {
    let nodes = pair().await;
    let tokens = nodes.a.tokens("shop", "openid offline_access", "bob").await;
    let first = member(&tokens, "refresh_token");
    let answers = fifty(&nodes.apis, |api, _| {
        let first = first.clone();
        async move { api.refresh(&first).await }
    });
    let answers = answers.await;
    assert_eq!(count(&answers, StatusCode::OK), FIFTY, "all within the grace");
    let successors: BTreeSet<String> =
        answers.iter().map(|answer| member(&answer.json(), "refresh_token")).collect();
    assert_eq!(successors.len(), 1);
    assert_eq!(number(&nodes.a, "select generation::int8 from grants").await, 1);
    let [a, b] = &nodes.apis;
    let second = successors.first().unwrap();
    assert!(!a.is_active(&first).await && !b.is_active(&first).await);
    assert!(a.is_active(second).await && b.is_active(second).await);
}

/// Six browsers, three at each node, in which carol has given her password.
async fn half_signed_in(nodes: &Pair) -> Vec<(Browser, Page)> {
    let mut browsers = Vec::new();
    for server in [&nodes.a, &nodes.b].into_iter().cycle().take(6) {
        let mut browser = server.browser();
        let page = browser.get(&Authorize::of("shop", "openid").path()).await;
        let page = browser.follow(page).await;
        let fields = [("username", "carol"), ("password", PASSWORD)];
        let page = browser.submit(&page, &fields).await;
        let page = browser.follow(page).await;
        assert!(page.body.contains("name=\"code\""), "{page:?}");
        browsers.push((browser, page));
    }
    browsers
}

/// How many of fifty tries with `code`, over six sessions on two nodes, get past the second step.
async fn tries_with(nodes: &Pair, code: &str) -> usize {
    let browsers = half_signed_in(nodes).await;
    let answers = fifty(&nodes.apis, |_, number| {
        let (mut browser, page) = browsers[number % browsers.len()].clone();
        let code = code.to_owned();
        async move { browser.submit(&page, &[("code", &code)]).await }
    });
    count(&answers.await, StatusCode::SEE_OTHER)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_time_step_signs_in_once() {
    let nodes = pair().await;
    let code = nodes.a.totp();
    assert_eq!(tries_with(&nodes, &code).await, 1);
    let sql = "select count(*) from sessions where stage = 'established'";
    assert_eq!(number(&nodes.a, sql).await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_recovery_code_signs_in_once() {
    let nodes = pair().await;
    let app = &nodes.a.app;
    let carol = users::find_by_login(app.store.pool(), "carol").await.unwrap().unwrap();
    let codes = recovery::mint(&SystemEntropy);
    let hashes: Vec<_> = codes
        .iter()
        .map(|code| recovery_fingerprint(&app.secrets.pepper, carol.id, code).unwrap())
        .collect();
    let mut tx = app.store.begin().await.unwrap();
    recovery_codes::replace_all(&mut tx, carol.id, &hashes, app.now()).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(tries_with(&nodes, codes[0].expose()).await, 1);
    let sql = "select count(*) from recovery_codes where used_at is not null";
    assert_eq!(number(&nodes.a, sql).await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_assertion_is_accepted_once() {
    let nodes = pair().await;
    let (key, _) = SigningKey::generate(Alg::Es256).unwrap();
    let jwk = key.public_jwk();
    let members = jwk.as_object().unwrap().iter();
    let members: Vec<String> = members.map(|(name, value)| format!("{name} = {value}")).collect();
    let registration = format!(
        "[[client]]\nclient_id = \"signer\"\ngrant_types = [\"client_credentials\"]\n\
         token_endpoint_auth_method = \"private_key_jwt\"\nscope = \"orders.read\"\n\
         jwks = {{ keys = [{{ {} }}] }}\n",
        members.join(", ")
    );
    nodes.a.apply(&registration).await;
    let exp = nodes.a.app.now().unix_timestamp() + 60;
    let claims = json!({
        "iss": "signer", "sub": "signer", "aud": nodes.a.issuer, "exp": exp, "jti": "once",
    });
    let assertion = key.sign("JWT", &claims).unwrap();
    let answers = fifty(&nodes.apis, |api, _| {
        let assertion = assertion.clone();
        async move {
            let kind = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
            let fields = [
                ("grant_type", "client_credentials"),
                ("client_assertion_type", kind),
                ("client_assertion", &assertion),
            ];
            api.bare("/oauth2/token", &fields).await
        }
    });
    let answers = answers.await;
    assert_eq!(count(&answers, StatusCode::OK), 1, "{answers:?}");
    assert_eq!(count(&answers, StatusCode::UNAUTHORIZED), FIFTY - 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn wrong_passwords_are_counted_exactly() {
    let nodes = pair().await;
    let mut pages = Vec::new();
    for server in [&nodes.a, &nodes.b] {
        let mut browser = server.browser();
        let page = browser.get(&Authorize::of("shop", "openid").path()).await;
        pages.push((browser.clone(), browser.follow(page).await, browser));
    }
    let answers = fifty(&nodes.apis, |_, number| {
        let (_, page, mut browser) = pages[number % 2].clone();
        let wrong = [("username", "bob"), ("password", "not the password at all")];
        async move { browser.submit(&page, &wrong).await }
    });
    let answers = answers.await;
    let looked_at = count(&answers, StatusCode::UNAUTHORIZED);
    assert_eq!(count(&answers, StatusCode::TOO_MANY_REQUESTS), FIFTY - looked_at);
    assert!(looked_at >= 5, "five are free: {looked_at}");
    let counted = i64::try_from(looked_at).unwrap();
    assert_eq!(number(&nodes.a, "select min(failures)::int8 from attempts").await, counted);
    assert_eq!(number(&nodes.a, "select max(failures)::int8 from attempts").await, counted);
}
