//! Pushed authorization requests (RFC 9126, SECURITY.md PR-01, PR-02, PR-04, PR-05, SC-10).

use serde_json::Value;
use time::Duration;

use crate::bound::{PAR, Party, SCOPE, TOKEN, text};
use crate::support::browser::{Authorize, Page};
use crate::support::calls::{assert_refused, assert_shown};
use crate::support::dpop::DpopKey;
use crate::support::server::{STOCK, Server};

const PUSHED: &str = "select count(*) from pushed_requests";

/// Checks that the browser was told that the `request_uri` is not good.
pub fn assert_uri_refused(page: &Page, why: &str) {
    assert_shown(page, why);
    assert!(page.body.contains("invalid_request_uri"), "{why}: {}", page.body);
}

#[tokio::test]
async fn a_request_that_is_pushed_gets_a_name_that_nobody_guesses() {
    let server = Server::start().await;
    let mut names = std::collections::BTreeSet::new();
    for party in [Party::shop(), Party::asker(), Party::spa()] {
        for _ in 0..4 {
            let request = Authorize::of(party.id, "openid");
            let answer = party.push_with(&server, &request, &[]).await;
            assert_eq!(answer.status, 201, "{}: {}", party.id, answer.body);
            assert_eq!(answer.header("content-type"), "application/json");
            assert_eq!(answer.header("cache-control"), "no-store");
            assert_eq!(answer.json()["expires_in"], 90);
            names.insert(text(&answer.json(), "request_uri"));
        }
    }
    let random =
        |name: &str| name.strip_prefix("urn:ietf:params:oauth:request_uri:pc_ru_").map(str::len);
    assert!(names.iter().all(|name| random(name).is_some_and(|chars| chars >= 43)), "{names:?}");
    assert_eq!(names.len(), 12);
}

#[tokio::test]
async fn the_name_alone_is_the_whole_request() {
    let server = Server::start().await;
    let (shop, mut browser) = (Party::shop(), server.signed_in("bob").await);
    let request = Authorize::of("shop", SCOPE).with("nonce", "n-0S6_WzA2Mj");
    let page = browser.get(&shop.pushed(&server, &request, &[]).await).await;
    assert_eq!(page.param("state").as_deref(), Some("af0ifjsldkj"));
    assert_eq!(page.param("iss"), Some(server.issuer.clone()));
    let answer = server.redeem(&request, &page.param("code").unwrap()).await;
    assert_eq!(answer.json()["scope"], "offline_access openid orders.read", "{}", answer.body);
    let id_token = text(&answer.json(), "id_token");
    assert_eq!(super::read(&id_token).1["nonce"], "n-0S6_WzA2Mj");
}

#[tokio::test]
async fn a_whole_sign_in_with_consent_goes_by_the_name() {
    let server = Server::start().await;
    let asker = Party::asker();
    for (decision, answer) in [("deny", "error"), ("allow", "code")] {
        let request = Authorize::of("asker", "openid email");
        let mut browser = server.browser();
        let page = browser.get(&asker.pushed(&server, &request, &[]).await).await;
        let page = browser.follow(page).await;
        let page = browser.submit(&page, &crate::support::calls::credentials("bob")).await;
        let page = browser.follow(page).await;
        assert!(page.body.contains("consent-allow"), "{page:?}");
        let page = browser.submit(&page, &[("decision", decision)]).await;
        let page = browser.follow(page).await;
        assert!(page.param(answer).is_some(), "{decision}: {page:?}");
        assert_eq!(page.param("iss"), Some(server.issuer.clone()));
    }
}

#[tokio::test]
async fn what_the_browser_brings_beside_the_name_changes_nothing() {
    let server = Server::start().await;
    let (shop, mut browser) = (Party::shop(), server.signed_in("bob").await);
    for more in [
        "scope=openid+profile+email+phone",
        "redirect_uri=https%3A%2F%2Fevil.example%2Fcb",
        "redirect_uri=https%3A%2F%2Fapp.example%2Fbye",
        "state=evil",
        "nonce=evil",
        "response_type=token",
        "response_mode=form_post",
        "prompt=login",
        "prompt=none+login",
        "max_age=0",
        "code_challenge=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        "code_challenge_method=plain",
        "dpop_jkt=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        "claims=%7B%22id_token%22%3A%7B%22email%22%3Anull%7D%7D",
        "resource=https%3A%2F%2Fother.example%2F",
        "request=a.b.c",
        "scope=a&scope=b",
    ] {
        let request = Authorize::of("shop", "openid orders.read");
        let address = shop.pushed(&server, &request, &[]).await;
        let page = browser.get(&format!("{address}&{more}")).await;
        assert!(page.location().starts_with("https://app.example/cb?"), "{more}: {page:?}");
        assert_eq!(page.param("state").as_deref(), Some("af0ifjsldkj"), "{more}");
        let code = page.param("code").unwrap_or_else(|| panic!("{more}: {page:?}"));
        let tokens = server.redeem(&request, &code).await.json();
        assert_eq!(tokens["scope"], "openid orders.read", "{more}: {tokens}");
        let said = super::read(&text(&tokens, "id_token")).1;
        assert!(said["nonce"].is_null() && said["email"].is_null(), "{more}: {said}");
    }
}

#[tokio::test]
async fn a_name_is_of_the_client_that_pushed() {
    let server = Server::start().await;
    let (shop, asker, mut browser) = (Party::shop(), Party::asker(), server.signed_in("bob").await);
    let address = shop.pushed(&server, &Authorize::of("shop", "openid"), &[]).await;
    for other in ["asker", "spa", "nobody"] {
        let stolen = address.replace("client_id=shop", &format!("client_id={other}"));
        assert_uri_refused(&browser.get(&stolen).await, other);
    }
    let bare = address.replace("client_id=shop&", "");
    assert_shown(&browser.get(&bare).await, "whoever names no client");
    assert_shown(&browser.get(&format!("{address}&client_id=asker")).await, "two clients");
    assert!(browser.get(&address).await.param("code").is_some(), "it is still the owner's");
    let uri = "urn:ietf:params:oauth:request_uri:pc_ru_never-pushed";
    assert_uri_refused(&browser.get(&asker.address(uri)).await, "never pushed");
    for foreign in ["https://evil.example/request", "urn:x", ""] {
        let page = browser.get(&asker.address(foreign)).await;
        assert!(page.param("code").is_none(), "{foreign}: {page:?}");
    }
}

#[tokio::test]
async fn a_name_must_be_brought_in_time_and_then_the_sign_in_has_its_own() {
    let server = Server::start().await;
    let shop = Party::shop();
    let request = Authorize::of("shop", "openid");
    let address = shop.pushed(&server, &request, &[]).await;
    let mut browser = server.browser();
    let page = browser.get(&address).await;
    let page = browser.follow(page).await;
    server.clock.advance(Duration::seconds(91));
    assert_uri_refused(&server.browser().get(&address).await, "late");
    let signed_in = browser.go_through(&server, page, "bob").await;
    assert!(signed_in.param("code").is_some(), "begun in time: {signed_in:?}");
}

#[tokio::test]
async fn a_push_that_could_come_to_nothing_is_refused_at_once() {
    let server = Server::start().await;
    let shop = Party::shop();
    for (name, value, error) in [
        ("request_uri", "urn:ietf:params:oauth:request_uri:x", "invalid_request"),
        ("request", "a.b.c", "request_not_supported"),
        ("redirect_uri", "https://evil.example/cb", "invalid_request"),
        ("redirect_uri", "https://app.example/cb#f", "invalid_request"),
        ("response_type", "token", "unsupported_response_type"),
        ("response_type", "code id_token", "unsupported_response_type"),
        ("response_type", "", "invalid_request"),
        ("response_mode", "fragment", "invalid_request"),
        ("code_challenge", "", "invalid_request"),
        ("code_challenge_method", "plain", "invalid_request"),
        ("code_challenge_method", "", "invalid_request"),
        ("scope", "openid admin.users.read", "invalid_scope"),
        ("scope", "", "invalid_scope"),
        ("prompt", "none login", "invalid_request"),
        ("max_age", "-1", "invalid_request"),
        ("state", "\u{e9}", "invalid_request"),
        ("dpop_jkt", "short", "invalid_request"),
        ("claims", "{", "invalid_request"),
        ("resource", "relative", "invalid_target"),
        ("login_hint", &"x".repeat(600), "invalid_request"),
    ] {
        let request = Authorize::of("shop", "openid").with(name, value);
        let answer = shop.push_with(&server, &request, &[]).await;
        assert_refused(&answer, 400, error, &format!("{name}={value}"));
    }
    let mut twice = Authorize::of("shop", "openid");
    twice.params.push(("scope".to_owned(), "openid".to_owned()));
    let answer = shop.push_with(&server, &twice, &[]).await;
    assert_refused(&answer, 400, "invalid_request", "a parameter twice");
    let machine = Party::machine();
    let answer = machine.push_with(&server, &Authorize::of("machine", "orders.read"), &[]).await;
    assert_eq!(answer.status, 400, "no code grant: {}", answer.body);
    assert_eq!(server.number(PUSHED).await, 0);
}

#[tokio::test]
async fn only_a_client_that_proves_itself_pushes_and_only_for_itself() {
    let server = Server::start().await;
    let fields = |client: &'static str| {
        let request = Authorize::of(client, "openid");
        request.params
    };
    let push = async |params: Vec<(String, String)>, more: &[(&str, &str)]| {
        let mut fields: Vec<_> =
            params.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        fields.extend(more);
        server.form(PAR, &fields).await
    };
    for (client, more) in [
        ("shop", &[][..]),
        ("asker", &[("client_secret", "wrong")]),
        ("nobody", &[]),
        ("shop", &[("client_secret", crate::support::server::SECRET)]),
    ] {
        let answer = push(fields(client), more).await;
        assert_refused(&answer, 401, "invalid_client", client);
    }
    let as_shop = Authorize::of("asker", "openid");
    let answer = Party::shop().push_with(&server, &as_shop, &[]).await;
    assert!(matches!(answer.status.as_u16(), 400 | 401), "another client_id: {}", answer.body);
    for method in ["GET", "PUT", "DELETE", "HEAD"] {
        assert_eq!(server.raw(method, PAR, &[], "").await.status, 405, "{method}");
    }
    assert_eq!(server.number(PUSHED).await, 0);
}

#[tokio::test]
async fn who_must_push_is_up_to_the_client_or_the_server() {
    let required = Server::with(&[("SECURITY_PUSHED_REQUESTS", "required")]).await;
    required.apply(STOCK).await;
    let by_client = Server::start().await;
    let demand = "[[client]]\nclient_id = \"shop\"\nrequire_pushed_authorization_requests = true\n";
    by_client.apply(demand).await;
    for (server, at_large) in [(required, true), (by_client, false)] {
        let discovery = "/.well-known/oauth-authorization-server";
        let document = server.browser().get(discovery).await.json();
        assert_eq!(document["require_pushed_authorization_requests"], at_large);
        let (shop, request) = (Party::shop(), Authorize::of("shop", "openid"));
        let mut browser = server.browser();
        let page = browser.get(&shop.pushed(&server, &request, &[]).await).await;
        let page = browser.follow(page).await;
        assert!(browser.go_through(&server, page, "bob").await.param("code").is_some());
        let refused = browser.get(&request.path()).await;
        assert_eq!(refused.param("error").as_deref(), Some("invalid_request"), "{refused:?}");
        let spa = browser.get(&Authorize::of("spa", "openid").path()).await;
        assert_eq!(spa.param("error").is_some(), at_large, "{spa:?}");
        let form = request.path().split_once('?').unwrap().1.to_owned();
        let posted = server.raw("POST", "/oauth2/authorize", &[crate::support::calls::FORM], form);
        let posted = browser.follow(posted.await).await;
        assert_eq!(posted.param("error").as_deref(), Some("invalid_request"), "{posted:?}");
    }
}

#[tokio::test]
async fn silence_is_kept_for_a_pushed_request_too() {
    let server = Server::start().await;
    let shop = Party::shop();
    let request = Authorize::of("shop", "openid").with("prompt", "none");
    let address = shop.pushed(&server, &request, &[]).await;
    let nobody = server.browser().get(&address).await;
    assert_eq!(nobody.param("error").as_deref(), Some("login_required"), "{nobody:?}");
    let mut browser = server.signed_in("bob").await;
    let page = browser.get(&address).await;
    assert!(page.param("code").is_some(), "a refusal uses nothing up: {page:?}");
}

#[tokio::test]
async fn a_name_may_be_posted_to_the_authorization_endpoint() {
    let server = Server::start().await;
    let (shop, mut browser) = (Party::shop(), server.signed_in("bob").await);
    let address = shop.pushed(&server, &Authorize::of("shop", "openid"), &[]).await;
    let form = address.split_once('?').unwrap().1.to_owned();
    let headers = [crate::support::calls::FORM];
    let page = server.raw("POST", "/oauth2/authorize", &headers, form).await;
    assert!(browser.follow(page).await.param("code").is_some());
}

/// The `error` of a redemption, by proof of `key`, of the code that `request` gives when it was pushed
/// with `proofs`; null where there is none.
async fn bound_by(
    request: &Authorize,
    pusher: Option<&DpopKey>,
    redeemer: Option<&DpopKey>,
) -> Value {
    let server = Server::start().await;
    let (shop, mut browser) = (Party::shop(), server.signed_in("bob").await);
    let proof = |key: &DpopKey, path| key.proof(&server.proof_claims("POST", path));
    let first = pusher.map(|key| proof(key, PAR));
    let first: Vec<&str> = first.as_deref().into_iter().collect();
    let page = browser.get(&shop.pushed(&server, request, &first).await).await;
    let code = page.param("code").unwrap();
    let second = redeemer.map(|key| proof(key, TOKEN));
    let second: Vec<&str> = second.as_deref().into_iter().collect();
    shop.redeem_with(&server, (request, &code), &second).await.json()["error"].clone()
}

#[tokio::test]
async fn the_key_that_was_named_or_shown_when_pushing_must_redeem() {
    let (one, other) = (DpopKey::new(), DpopKey::new());
    let free = || Authorize::of("shop", SCOPE);
    let named = || free().with("dpop_jkt", one.thumbprint());
    for (request, pusher, redeemer, good) in [
        (free(), None, None, true),
        (free(), None, Some(&one), true),
        (free(), Some(&one), Some(&one), true),
        (free(), Some(&one), Some(&other), false),
        (free(), Some(&one), None, false),
        (named(), None, Some(&one), true),
        (named(), None, Some(&other), false),
        (named(), None, None, false),
        (named(), Some(&one), Some(&one), true),
        (named(), Some(&one), Some(&other), false),
    ] {
        let error = bound_by(&request, pusher, redeemer).await;
        assert!(error.is_null() == good && (good || error == "invalid_grant"), "{error}");
    }
}

#[tokio::test]
async fn a_key_named_must_be_the_key_shown() {
    let server = Server::start().await;
    let shop = Party::shop();
    let request = Authorize::of("shop", "openid").with("dpop_jkt", DpopKey::new().thumbprint());
    let answer = shop.push_with(&server, &request, &[&shop.proof(&server, PAR)]).await;
    assert_refused(&answer, 400, "invalid_dpop_proof", "another key");
    let spa = Party::spa();
    let claims = server.proof_claims("POST", PAR);
    let bare = spa.key.proof(&crate::support::forge::with(&claims, "nonce", Value::Null));
    let answer = spa.push_with(&server, &Authorize::of("spa", "openid"), &[&bare]).await;
    assert_refused(&answer, 400, "use_dpop_nonce", "a public client's proof");
    assert_eq!(server.number(PUSHED).await, 0);
}
