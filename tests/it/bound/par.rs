//! Pushed authorization requests (SECURITY.md PR-01 to PR-05, PR-07; RFC 9126).

use reqwest::Method;
use serde_json::json;
use time::Duration;

use super::{TOKEN, basic, redeem};
use crate::support::browser::{Authorize, Page};
use crate::support::calls::{assert_refused, assert_shown};
use crate::support::dpop::Held;
use crate::support::server::{REDIRECT, STOCK, Server};

pub const PAR: &str = "/oauth2/par";
const SCOPE: &str = "openid offline_access orders.read";

/// The parameters of `request` but its client.
fn fields(request: &Authorize) -> Vec<(&str, &str)> {
    let all = request.params.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    all.filter(|(name, _)| *name != "client_id").collect()
}

/// Pushes `request` as `shop`, with this proof where there is one.
async fn push(server: &Server, request: &Authorize, proof: &str) -> Page {
    let authorization = basic("shop");
    let mut headers = vec![("authorization", authorization.as_str())];
    headers.extend((!proof.is_empty()).then_some(("dpop", proof)));
    server.sends(PAR, &fields(request), &headers).await
}

fn name(pushed: &Page) -> String {
    assert_eq!(pushed.status, 201, "{}", pushed.body);
    pushed.json()["request_uri"].as_str().unwrap().to_owned()
}

/// The address that a browser of `client` brings the name to.
pub fn address(client: &str, name: &str) -> String {
    let pairs = [("client_id", client), ("request_uri", name)];
    format!("/oauth2/authorize?{}", portcullis::protocol::params::encode(pairs))
}

/// A new browser of bob, brought to `address`.
pub async fn bring(server: &Server, address: &str) -> Page {
    let mut browser = server.browser();
    let page = browser.get(address).await;
    let page = browser.follow(page).await;
    browser.go_through(server, page, "bob").await
}

#[tokio::test]
async fn a_pushed_request_leads_to_a_code_like_any_other() {
    let server = Server::start().await;
    let state = "s".repeat(128);
    let request = Authorize::of("shop", SCOPE).with("state", &state);
    let pushed = push(&server, &request, "").await;
    assert_eq!(pushed.json()["expires_in"], 90);
    assert_eq!(pushed.header("cache-control"), "no-store");
    let name = name(&pushed);
    assert!(name.starts_with("urn:ietf:params:oauth:request_uri:") && name.len() > 80, "{name}");
    let page = bring(&server, &address("shop", &name)).await;
    assert_eq!(page.param("state").as_deref(), Some(state.as_str()));
    assert_eq!(page.param("iss").as_deref(), Some(server.issuer.as_str()));
    let answer = server.redeem(&request, &page.param("code").unwrap()).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
}

#[tokio::test]
async fn a_name_gives_one_code_however_often_it_was_visited_before() {
    let server = Server::start().await;
    let request = Authorize::of("shop", SCOPE);
    let name = name(&push(&server, &request, "").await);
    let address = address("shop", &name);
    let mut first = server.browser();
    let page = first.get(&address).await;
    let early = first.follow(page).await;
    for _ in 0..2 {
        assert_eq!(server.browser().get(&address).await.status, 303, "looking uses nothing up");
    }
    assert!(bring(&server, &address).await.param("code").is_some());
    let late = first.submit(&early, &crate::support::calls::credentials("bob")).await;
    let late = first.follow(late).await;
    assert_shown(&late, "whoever had begun before finds it used");
    assert!(late.body.contains("invalid_request_uri"), "{}", late.body);
    assert_shown(&server.browser().get(&address).await, "and so does everybody after");
    assert_eq!(server.number("select count(*) from authorization_codes").await, 1);
}

#[tokio::test]
async fn a_name_is_its_clients_and_of_the_last_ninety_seconds() {
    let server = Server::start().await;
    let request = Authorize::of("shop", SCOPE);
    let name = name(&push(&server, &request, "").await);
    let foreign = server.browser().get(&address("asker", &name)).await;
    assert_shown(&foreign, "another client's");
    assert!(foreign.body.contains("invalid_request_uri"));
    let mut slow = server.browser();
    let page = slow.get(&address("shop", &name)).await;
    let page = slow.follow(page).await;
    server.clock.advance(Duration::seconds(91));
    assert_shown(&server.browser().get(&address("shop", &name)).await, "too late");
    let done = slow.submit(&page, &crate::support::calls::credentials("bob")).await;
    let done = slow.follow(done).await;
    assert!(done.param("code").is_some(), "a sign-in begun in time may take its time: {done:?}");
    let unknown = address("shop", "urn:ietf:params:oauth:request_uri:pc_ru_unknown");
    assert_shown(&server.browser().get(&unknown).await, "never pushed");
    let elsewhere = address("shop", "https://evil.example/request.jwt");
    let page = server.browser().get(&elsewhere).await;
    assert!(page.body.contains("request_uri_not_supported"), "{}", page.body);
}

#[tokio::test]
async fn what_the_browser_brings_beside_the_name_changes_nothing() {
    let server = Server::start().await;
    let request = Authorize::of("shop", "openid").with("state", "pushed");
    let name = name(&push(&server, &request, "").await);
    let more = "&scope=openid%20orders.write&state=other&redirect_uri=https%3A%2F%2Fevil.example%2F\
        &nonce=other&prompt=none&response_mode=form_post&code_challenge=x";
    let page = bring(&server, &format!("{}{more}", address("shop", &name))).await;
    assert!(page.location().starts_with(REDIRECT), "{page:?}");
    assert_eq!(page.param("state").as_deref(), Some("pushed"));
    let answer = server.redeem(&request, &page.param("code").unwrap()).await;
    assert_eq!(answer.json()["scope"], "openid");
}

#[tokio::test]
async fn a_push_is_checked_as_the_request_will_be_and_told_to_its_client_alone() {
    let server = Server::start().await;
    let request = || Authorize::of("shop", SCOPE);
    for (name, value, error) in [
        ("redirect_uri", "https://evil.example/", "invalid_request"),
        ("response_type", "token", "unsupported_response_type"),
        ("code_challenge_method", "plain", "invalid_request"),
        ("code_challenge", "", "invalid_request"),
        ("scope", "openid admin.users.write", "invalid_scope"),
        ("request_uri", "urn:ietf:params:oauth:request_uri:x", "invalid_request"),
        ("request", "e30.e30.x", "request_not_supported"),
        ("dpop_jkt", "short", "invalid_request"),
    ] {
        let answer = push(&server, &request().with(name, value), "").await;
        assert_refused(&answer, 400, error, name);
    }
    let fields = [("client_id", "shop"), ("response_type", "code")];
    let nobody = server.sends(PAR, &fields, &[]).await;
    assert_refused(&nobody, 401, "invalid_client", "without authentication");
    let got = server.browser().send(Method::GET, PAR, None, &[]).await;
    assert_eq!(got.status, 405);
    assert_eq!(server.number("select count(*) from pushed_requests").await, 0);
}

#[tokio::test]
async fn clients_and_servers_may_demand_that_requests_are_pushed() {
    let server = Server::start().await;
    let demand = "[[client]]\nclient_id = \"shop\"\nrequire_pushed_authorization_requests = true\n";
    server.apply(demand).await;
    let strict = Server::with(&[("SECURITY_PUSHED_REQUESTS", "required")]).await;
    strict.apply(STOCK).await;
    for server in [&server, &strict] {
        let request = Authorize::of("shop", SCOPE);
        let page = server.browser().get(&request.path()).await;
        assert_eq!(page.param("error").as_deref(), Some("invalid_request"), "{page:?}");
        let name = name(&push(server, &request, "").await);
        let page = bring(server, &address("shop", &name)).await;
        assert!(page.param("code").is_some(), "{page:?}");
    }
    let metadata = strict.browser().get("/.well-known/openid-configuration").await.json();
    assert_eq!(metadata["require_pushed_authorization_requests"], true);
    let metadata = server.browser().get("/.well-known/openid-configuration").await.json();
    assert_eq!(metadata["require_pushed_authorization_requests"], false);
    assert_eq!(
        metadata["pushed_authorization_request_endpoint"],
        format!("{}{PAR}", server.issuer)
    );
    assert_eq!(metadata["dpop_signing_alg_values_supported"], json!(["ES256", "EdDSA", "PS256"]));
}

#[tokio::test]
async fn the_key_of_the_push_is_the_key_of_the_code() {
    let server = Server::start().await;
    let (key, other) = (Held::new(), Held::new());
    let request = Authorize::of("shop", SCOPE);
    let both = request.clone().with("dpop_jkt", &other.thumbprint());
    let answer = push(&server, &both, &key.proof(&server, PAR)).await;
    assert_refused(&answer, 400, "invalid_dpop_proof", "two keys");
    let named = request.clone().with("dpop_jkt", &key.thumbprint());
    for pushed in [
        push(&server, &request, &key.proof(&server, PAR)).await,
        push(&server, &named, "").await,
        push(&server, &named, &key.proof(&server, PAR)).await,
    ] {
        let page = bring(&server, &address("shop", &name(&pushed))).await;
        let code = page.param("code").unwrap();
        let authorization = basic("shop");
        let fields = [
            ("grant_type", "authorization_code"),
            ("code", code.as_str()),
            ("redirect_uri", REDIRECT),
            ("code_verifier", &request.verifier),
        ];
        for proof in [String::new(), other.proof(&server, TOKEN)] {
            let mut headers = vec![("authorization", authorization.as_str())];
            headers.extend((!proof.is_empty()).then_some(("dpop", proof.as_str())));
            let answer = server.sends(TOKEN, &fields, &headers).await;
            assert_refused(&answer, 400, "invalid_grant", "not by that key");
        }
        let proof = key.proof(&server, TOKEN);
        let headers = [("authorization", authorization.as_str()), ("dpop", proof.as_str())];
        let answer = server.sends(TOKEN, &fields, &headers).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
    }
}

#[tokio::test]
async fn what_was_pushed_is_in_no_address_no_cookie_and_no_record() {
    let server = Server::start().await;
    let canary = "canary7f3a";
    let request = Authorize::of("shop", SCOPE)
        .with("state", canary)
        .with("nonce", canary)
        .with("login_hint", canary);
    let name = name(&push(&server, &request, "").await);
    let mut browser = server.browser();
    let mut page = browser.get(&address("shop", &name)).await;
    let mut seen = String::new();
    for _ in 0..4 {
        seen.push_str(page.location());
        for cookie in page.headers.get_all("set-cookie") {
            seen.push_str(cookie.to_str().unwrap());
        }
        if page.status != 303 || page.location().starts_with(REDIRECT) {
            break;
        }
        let next = page.location().to_owned();
        page = browser.get(&next).await;
    }
    assert!(!seen.is_empty() && !seen.contains(canary), "{seen}");
    server.flush_journal().await;
    let told = "select count(*) from audit_events where details::text like '%canary7f3a%'";
    assert_eq!(server.number(told).await, 0);
}

#[tokio::test]
async fn a_public_client_pushes_too_and_is_held_to_a_rate() {
    let server = Server::with(&[("LIMITS_AUTHORIZE_PER_MINUTE", "5")]).await;
    server.apply(STOCK).await;
    let request = Authorize::of("spa", SCOPE);
    let mut all = fields(&request);
    all.push(("client_id", "spa"));
    let first = server.sends(PAR, &all, &[]).await;
    let page = bring(&server, &address("spa", &name(&first))).await;
    let code = page.param("code").unwrap();
    assert_eq!(redeem(&server, (&request, &code), "").await.status, 200);
    let mut last = first;
    for _ in 0..6 {
        last = server.sends(PAR, &all, &[]).await;
    }
    assert_eq!(last.status, 429, "{}", last.body);
}
