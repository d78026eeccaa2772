//! Refresh tokens of bound grants (RFC 9449 §5, SECURITY.md TK-11).

use serde_json::Value;
use time::Duration;

use crate::bound::{Party, TOKEN, read, text};
use crate::support::calls::assert_refused;
use crate::support::dpop::DpopKey;
use crate::support::server::Server;

const MISMATCHES: &str =
    "select count(*) from audit_events where action = 'token.key_mismatch' and outcome = 'refused'";

/// A server and the first tokens of bob, bound to the key of `party`.
async fn begun(party: &Party) -> (Server, Value) {
    let server = Server::start().await;
    let mut browser = server.signed_in("bob").await;
    let tokens = party.tokens(&server, &mut browser).await;
    (server, tokens)
}

fn proof_by(key: &DpopKey, server: &Server) -> String {
    key.proof(&server.proof_claims("POST", TOKEN))
}

#[tokio::test]
async fn a_public_client_refreshes_with_its_key() {
    let spa = Party::spa();
    let (server, tokens) = begun(&spa).await;
    let mut refresh = text(&tokens, "refresh_token");
    for _ in 0..3 {
        let answer = spa.refresh(&server, &refresh).await;
        assert_eq!(answer.json()["token_type"], "DPoP", "{}", answer.body);
        let token = text(&answer.json(), "access_token");
        assert_eq!(read(&token).1["cnf"]["jkt"], spa.key.thumbprint());
        refresh = text(&answer.json(), "refresh_token");
    }
}

#[tokio::test]
async fn a_public_clients_token_with_another_key_is_stolen_and_the_grant_dies() {
    let spa = Party::spa();
    let (server, tokens) = begun(&spa).await;
    let (refresh, access) = (text(&tokens, "refresh_token"), text(&tokens, "access_token"));
    assert!(server.is_active(&access).await);
    let thief = proof_by(&DpopKey::new(), &server);
    let answer = spa.refresh_with(&server, &refresh, &[&thief]).await;
    assert_refused(&answer, 400, "invalid_grant", "another key");
    assert_refused(&spa.refresh(&server, &refresh).await, 400, "invalid_grant", "the owner");
    assert!(!server.is_active(&access).await);
    server.flush_journal().await;
    assert_eq!(server.number(MISMATCHES).await, 1);
}

#[tokio::test]
async fn a_public_clients_token_without_a_proof_is_refused_and_the_grant_lives() {
    let spa = Party::spa();
    let (server, tokens) = begun(&spa).await;
    let refresh = text(&tokens, "refresh_token");
    let answer = spa.refresh_with(&server, &refresh, &[]).await;
    assert_refused(&answer, 400, "invalid_grant", "no proof");
    let twice = [spa.proof(&server, TOKEN), spa.proof(&server, TOKEN)];
    let answer = spa.refresh_with(&server, &refresh, &[&twice[0], &twice[1]]).await;
    assert_refused(&answer, 400, "invalid_dpop_proof", "two proofs");
    assert_eq!(spa.refresh(&server, &refresh).await.status, 200);
    server.flush_journal().await;
    assert_eq!(server.number(MISMATCHES).await, 0);
}

#[tokio::test]
async fn a_confidential_client_may_change_its_key_but_not_drop_it() {
    let shop = Party::shop();
    let (server, tokens) = begun(&shop).await;
    let refresh = text(&tokens, "refresh_token");
    let answer = shop.refresh_with(&server, &refresh, &[]).await;
    assert_refused(&answer, 400, "invalid_grant", "no proof");
    let other = DpopKey::new();
    let answer = shop.refresh_with(&server, &refresh, &[&proof_by(&other, &server)]).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    let token = text(&answer.json(), "access_token");
    assert_eq!(read(&token).1["cnf"]["jkt"], other.thumbprint());
    let next = text(&answer.json(), "refresh_token");
    let bare = shop.refresh_with(&server, &next, &[]).await;
    assert_refused(&bare, 400, "invalid_grant", "still bound");
    assert_eq!(shop.refresh(&server, &next).await.status, 200);
}

#[tokio::test]
async fn within_the_grace_the_same_successor_is_given_for_a_new_proof() {
    let spa = Party::spa();
    let (server, tokens) = begun(&spa).await;
    let first = text(&tokens, "refresh_token");
    let proof = spa.proof(&server, TOKEN);
    let answer = spa.refresh_with(&server, &first, &[&proof]).await;
    let second = text(&answer.json(), "refresh_token");
    server.clock.advance(Duration::seconds(5));
    let replay = spa.refresh_with(&server, &first, &[&proof]).await;
    assert_refused(&replay, 400, "invalid_dpop_proof", "the same proof");
    let bare = spa.refresh_with(&server, &first, &[]).await;
    assert_refused(&bare, 400, "invalid_grant", "no proof");
    let again = spa.refresh(&server, &first).await;
    assert_eq!(text(&again.json(), "refresh_token"), second);
    assert_eq!(spa.refresh(&server, &second).await.status, 200);
}

#[tokio::test]
async fn another_client_with_the_right_key_gets_and_kills_nothing() {
    let (spa, shop) = (Party::spa(), Party::shop());
    let (server, tokens) = begun(&spa).await;
    let refresh = text(&tokens, "refresh_token");
    let stolen = shop.refresh_with(&server, &refresh, &[&spa.proof(&server, TOKEN)]).await;
    assert_refused(&stolen, 400, "invalid_grant", "shop");
    assert_eq!(spa.refresh(&server, &refresh).await.status, 200);
}

#[tokio::test]
async fn a_grant_made_without_a_key_stays_free_and_each_token_is_as_it_was_asked_for() {
    let server = Server::start().await;
    let tokens = server.tokens("shop", super::SCOPE, "bob").await;
    let (shop, refresh) = (Party::shop(), text(&tokens, "refresh_token"));
    let bound = shop.refresh(&server, &refresh).await;
    assert_eq!(bound.json()["token_type"], "DPoP", "{}", bound.body);
    let next = text(&bound.json(), "refresh_token");
    let free = shop.refresh_with(&server, &next, &[]).await;
    assert_eq!(free.json()["token_type"], "Bearer", "{}", free.body);
}

#[tokio::test]
async fn a_replayed_proof_gets_nothing_for_a_code_and_leaves_it_good() {
    let server = Server::start().await;
    let (shop, mut browser) = (Party::shop(), server.signed_in("bob").await);
    let proof = shop.proof(&server, TOKEN);
    let (request, code) = shop.pushed_code(&server, &mut browser).await;
    assert_eq!(shop.redeem_with(&server, (&request, &code), &[&proof]).await.status, 200);
    let (request, code) = shop.pushed_code(&server, &mut browser).await;
    let replay = shop.redeem_with(&server, (&request, &code), &[&proof]).await;
    assert_refused(&replay, 400, "invalid_dpop_proof", "the same proof");
    assert_eq!(shop.redeem(&server, &request, &code).await.status, 200);
}

/// The first refresh token of a public client that showed no key until then.
async fn free(server: &Server, spa: &Party) -> String {
    let tokens = server.tokens("spa", super::SCOPE, "bob").await;
    let refresh = text(&tokens, "refresh_token");
    let answer = spa.refresh_with(server, &refresh, &[]).await;
    assert_eq!(answer.json()["token_type"], "Bearer", "{}", answer.body);
    text(&answer.json(), "refresh_token")
}

#[tokio::test]
async fn a_public_clients_grant_is_bound_to_the_first_key_that_it_shows() {
    let (server, spa) = (Server::start().await, Party::spa());
    let refresh = free(&server, &spa).await;
    let bound = spa.refresh(&server, &refresh).await;
    assert_eq!(bound.json()["token_type"], "DPoP", "{}", bound.body);
    let next = text(&bound.json(), "refresh_token");
    let bare = spa.refresh_with(&server, &next, &[]).await;
    assert_refused(&bare, 400, "invalid_grant", "no proof any more");
    let thief = proof_by(&DpopKey::new(), &server);
    let stolen = spa.refresh_with(&server, &next, &[&thief]).await;
    assert_refused(&stolen, 400, "invalid_grant", "another key");
    assert_refused(&spa.refresh(&server, &next).await, 400, "invalid_grant", "the grant died");
}

#[tokio::test]
async fn within_the_grace_it_is_bound_too() {
    let (server, spa) = (Server::start().await, Party::spa());
    let first = free(&server, &spa).await;
    let second = text(&spa.refresh_with(&server, &first, &[]).await.json(), "refresh_token");
    let again = spa.refresh(&server, &first).await;
    assert_eq!(again.json()["token_type"], "DPoP", "{}", again.body);
    assert_eq!(text(&again.json(), "refresh_token"), second);
    let bare = spa.refresh_with(&server, &second, &[]).await;
    assert_refused(&bare, 400, "invalid_grant", "no proof any more");
    assert_eq!(spa.refresh(&server, &second).await.status, 200);
}
