//! Nonces of DPoP proofs (RFC 9449 §8, SECURITY.md SC-11).

use serde_json::{Value, json};
use time::Duration;

use crate::bound::{MACHINE, Party, SCOPE, TOKEN, USERINFO, assert_denied, open_with, text};
use crate::support::browser::{Authorize, Page};
use crate::support::calls::assert_refused;
use crate::support::dpop::ath;
use crate::support::forge::with;
use crate::support::server::{STOCK, Server};

/// A proof of `party` with this nonce, or with none.
fn proof(server: &Server, party: &Party, nonce: Option<&str>) -> String {
    let claims = server.proof_claims("POST", TOKEN);
    party.key.proof(&with(&claims, "nonce", nonce.map_or(Value::Null, |nonce| json!(nonce))))
}

fn assert_asked_for(answer: &Page, server: &Server, why: &str) {
    assert_refused(answer, 400, "use_dpop_nonce", why);
    assert!(server.gave_nonce(answer), "{why}: {answer:?}");
}

#[tokio::test]
async fn a_public_client_is_given_a_nonce_and_its_retry_passes() {
    let server = Server::start().await;
    let (spa, mut browser) = (Party::spa(), server.signed_in("bob").await);
    let request = Authorize::of("spa", SCOPE);
    let code = server.code(&mut browser, &request).await;
    let redeem = async |nonce: Option<&str>| {
        let proof = proof(&server, &spa, nonce);
        spa.redeem_with(&server, (&request, &code), &[&proof]).await
    };
    let first = redeem(None).await;
    assert_asked_for(&first, &server, "none");
    let answer = redeem(Some(first.header("dpop-nonce"))).await;
    assert_eq!(answer.status, 200, "the code was kept: {}", answer.body);
}

#[tokio::test]
async fn an_old_or_invented_nonce_is_answered_with_a_fresh_one() {
    let server = Server::start().await;
    let (spa, mut browser) = (Party::spa(), server.signed_in("bob").await);
    let tokens = spa.tokens(&server, &mut browser).await;
    let refresh = text(&tokens, "refresh_token");
    let old = server.nonce();
    server.clock.advance(Duration::seconds(181));
    for (why, nonce) in
        [("old", old.as_str()), ("invented", &ath("x")), ("empty", ""), ("short", "x")]
    {
        let proof = proof(&server, &spa, Some(nonce));
        let answer = spa.refresh_with(&server, &refresh, &[&proof]).await;
        assert_asked_for(&answer, &server, why);
    }
    let fresh = proof(&server, &spa, Some(&server.nonce()));
    assert_eq!(spa.refresh_with(&server, &refresh, &[&fresh]).await.status, 200);
}

#[tokio::test]
async fn a_nonce_changes_by_the_minute_and_is_good_for_two_more_on_every_node() {
    let server = Server::start().await;
    let second = server.second_node().await;
    let machine = Party::machine();
    // To the beginning of a minute, so that none ends between two lines here.
    let into_it = server.app.now().unix_timestamp() % 60;
    server.clock.advance(Duration::seconds(61 - into_it));
    let nonce = server.nonce();
    assert_eq!(second.nonce(), nonce);
    for (seconds, good) in [(60, true), (60, true), (61, false)] {
        server.clock.advance(Duration::seconds(seconds));
        let proof = proof(&server, &machine, Some(&nonce));
        let answer = machine.post_with(&second, TOKEN, &MACHINE, &[&proof]).await;
        assert_eq!(answer.status == 200, good, "{}", answer.body);
        assert_ne!(answer.header("dpop-nonce"), nonce);
    }
}

#[tokio::test]
async fn a_resource_asks_for_a_nonce_in_its_challenge() {
    let server = Server::start().await;
    let (spa, mut browser) = (Party::spa(), server.signed_in("bob").await);
    let token = text(&spa.tokens(&server, &mut browser).await, "access_token");
    let good = || server.resource_claims("GET", USERINFO, &token);
    let scheme = format!("DPoP {token}");
    for nonce in [Value::Null, json!(ath("invented"))] {
        let proof = spa.key.proof(&with(&good(), "nonce", nonce));
        let answer = open_with(&server, USERINFO, &scheme, &[&proof]).await;
        assert_denied(&answer, "use_dpop_nonce", "no good nonce");
        assert!(answer.header("www-authenticate").starts_with("DPoP "), "{answer:?}");
        let nonce = answer.header("dpop-nonce");
        let retry = spa.key.proof(&with(&good(), "nonce", json!(nonce)));
        assert_eq!(open_with(&server, USERINFO, &scheme, &[&retry]).await.status, 200);
    }
}

#[tokio::test]
async fn who_must_send_a_nonce_is_a_setting_and_a_sent_one_must_be_good() {
    for (setting, confidential, public) in
        [("always", 400, 400), ("public", 200, 400), ("never", 200, 200)]
    {
        let server = Server::with(&[("SECURITY_DPOP_NONCE", setting)]).await;
        server.apply(STOCK).await;
        let (machine, spa) = (Party::machine(), Party::spa());
        let bare = proof(&server, &machine, None);
        let answer = machine.post_with(&server, TOKEN, &MACHINE, &[&bare]).await;
        assert_eq!(answer.status, confidential, "{setting}: {}", answer.body);
        let invented = proof(&server, &machine, Some(&ath("x")));
        let answer = machine.post_with(&server, TOKEN, &MACHINE, &[&invented]).await;
        assert_asked_for(&answer, &server, setting);
        let mut browser = server.signed_in("bob").await;
        let request = Authorize::of("spa", SCOPE);
        let code = server.code(&mut browser, &request).await;
        let bare = proof(&server, &spa, None);
        let answer = spa.redeem_with(&server, (&request, &code), &[&bare]).await;
        assert_eq!(answer.status, public, "{setting}: {}", answer.body);
    }
}
