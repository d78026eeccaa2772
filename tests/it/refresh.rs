//! Refresh tokens on the wire (SECURITY.md T-5, TK-11 to TK-14, TK-20, T-30).

use portcullis::manage::{clients, sessions, users};
use portcullis::protocol::client::ClientId;
use time::Duration;

use crate::support::browser::Page;
use crate::support::calls::assert_refused;
use crate::support::server::{SECRET, Server};

const SCOPE: &str = "openid offline_access orders.read";

fn token(answer: &Page, name: &str) -> String {
    answer.json()[name].as_str().unwrap_or_else(|| panic!("no {name}: {}", answer.body)).to_owned()
}

/// A server, and the first tokens of bob: refresh and access.
async fn begun(client: &str) -> (Server, String, String) {
    let server = Server::start().await;
    let tokens = server.tokens(client, SCOPE, "bob").await;
    let text = |name: &str| tokens[name].as_str().unwrap().to_owned();
    (server, text("refresh_token"), text("access_token"))
}

#[tokio::test]
async fn a_token_used_after_its_successor_kills_the_family() {
    for client in ["spa", "shop"] {
        let (server, first, _) = begun(client).await;
        let second = token(&server.refresh(client, &first).await, "refresh_token");
        let answer = server.refresh(client, &second).await;
        let (third, access) = (token(&answer, "refresh_token"), token(&answer, "access_token"));
        assert_refused(&server.refresh(client, &first).await, 400, "invalid_grant", "reuse");
        for dead in [&first, &second, &third] {
            assert_refused(&server.refresh(client, dead).await, 400, "invalid_grant", client);
        }
        assert!(!server.is_active(&access).await);
        server.flush_journal().await;
        let told = "select count(*) from audit_events where action = 'token.reused'";
        assert_eq!(server.number(told).await, 1);
    }
}

#[tokio::test]
async fn within_the_grace_a_lost_answer_is_given_again() {
    let (server, first, _) = begun("spa").await;
    let second = token(&server.refresh("spa", &first).await, "refresh_token");
    server.clock.advance(Duration::seconds(9));
    assert_eq!(token(&server.refresh("spa", &first).await, "refresh_token"), second);
    assert_eq!(server.refresh("spa", &second).await.status, 200);
}

#[tokio::test]
async fn after_the_grace_it_is_reuse() {
    let (server, first, _) = begun("spa").await;
    let second = token(&server.refresh("spa", &first).await, "refresh_token");
    server.clock.advance(Duration::seconds(11));
    assert_refused(&server.refresh("spa", &first).await, 400, "invalid_grant", "late");
    assert_refused(&server.refresh("spa", &second).await, 400, "invalid_grant", "the family");
}

#[tokio::test]
async fn another_client_neither_gets_nor_kills_anything() {
    let (server, first, access) = begun("shop").await;
    let second = token(&server.refresh("shop", &first).await, "refresh_token");
    for stolen in [&first, &second] {
        assert_refused(&server.refresh("spa", stolen).await, 400, "invalid_grant", "spa");
        let fields = [
            ("grant_type", "refresh_token"),
            ("refresh_token", stolen.as_str()),
            ("client_id", "asker"),
            ("client_secret", SECRET),
        ];
        let answer = server.form("/oauth2/token", &fields).await;
        assert_refused(&answer, 400, "invalid_grant", "asker");
        let bare = [fields[0], fields[1], ("client_id", "shop")];
        let answer = server.form("/oauth2/token", &bare).await;
        assert_refused(&answer, 401, "invalid_client", "the owner without a secret");
    }
    assert!(server.is_active(&access).await);
    assert_eq!(server.refresh("shop", &second).await.status, 200);
}

#[tokio::test]
async fn a_wider_scope_is_refused_and_uses_nothing_up() {
    let (server, first, _) = begun("shop").await;
    for (name, value, error) in [
        ("scope", "openid offline_access orders.read orders.write", "invalid_scope"),
        ("scope", "email", "invalid_scope"),
        ("resource", "https://other.example/", "invalid_target"),
        ("resource", "nowhere", "invalid_target"),
    ] {
        let fields = [("grant_type", "refresh_token"), ("refresh_token", &first), (name, value)];
        let answer = server.call("/oauth2/token", "shop", &fields).await;
        assert_refused(&answer, 400, error, value);
    }
    let narrow = [("grant_type", "refresh_token"), ("refresh_token", &first), ("scope", "openid")];
    let answer = server.call("/oauth2/token", "shop", &narrow).await;
    assert_eq!(answer.json()["scope"], "openid", "{}", answer.body);
    let wide = server.refresh("shop", &token(&answer, "refresh_token")).await;
    assert!(wide.json()["scope"].as_str().unwrap().contains("orders.read"));
}

#[tokio::test]
async fn a_token_cut_short_extended_or_of_another_kind_is_none() {
    let (server, first, access) = begun("shop").await;
    let spoilt = [
        first[..first.len() - 1].to_owned(),
        first[..first.len() / 2].to_owned(),
        format!("{first}A"),
        format!("{first}="),
        format!(" {first}"),
        first.to_uppercase(),
        access.clone(),
        "pc_rt_".to_owned(),
        "a".repeat(10_000),
    ];
    for token in spoilt {
        assert_refused(&server.refresh("shop", &token).await, 400, "invalid_grant", &token);
        assert!(!server.is_active(&token).await || token == access, "{token}");
    }
    let as_code = [
        ("grant_type", "authorization_code"),
        ("code", first.as_str()),
        ("redirect_uri", crate::support::server::REDIRECT),
        ("code_verifier", &"v".repeat(43)),
    ];
    let answer = server.call("/oauth2/token", "shop", &as_code).await;
    assert_refused(&answer, 400, "invalid_grant", "a refresh token as a code");
    assert_eq!(server.refresh("shop", &first).await.status, 200);
}

#[tokio::test]
async fn at_once_on_two_nodes_all_get_the_same_successor() {
    let (server, first, _) = begun("spa").await;
    let second = server.second_node().await;
    let mut leaves = std::collections::BTreeSet::new();
    for _ in 0..5 {
        let (one, two, three, four) = tokio::join!(
            server.refresh("spa", &first),
            second.refresh("spa", &first),
            server.refresh("spa", &first),
            second.refresh("spa", &first),
        );
        for answer in [one, two, three, four] {
            assert_eq!(answer.status, 200, "{}", answer.body);
            leaves.insert(token(&answer, "refresh_token"));
        }
    }
    assert_eq!(leaves.len(), 1);
}

#[tokio::test]
async fn an_unused_token_ends_and_a_used_one_lives_on() {
    for (client, idle) in [("spa", 14), ("shop", 14)] {
        let (server, first, _) = begun(client).await;
        server.clock.advance(Duration::days(idle) - Duration::minutes(1));
        let second = token(&server.refresh(client, &first).await, "refresh_token");
        server.clock.advance(Duration::days(idle) + Duration::minutes(1));
        assert_refused(&server.refresh(client, &second).await, 400, "invalid_grant", client);
    }
}

#[tokio::test]
async fn even_a_token_in_use_ends_at_last() {
    let (server, mut token_now, _) = begun("spa").await;
    for _ in 0..8 {
        server.clock.advance(Duration::days(11));
        token_now = token(&server.refresh("spa", &token_now).await, "refresh_token");
    }
    server.clock.advance(Duration::days(3));
    assert_refused(&server.refresh("spa", &token_now).await, 400, "invalid_grant", "after 91 days");
}

#[tokio::test]
async fn a_disabled_person_is_refreshed_no_more() {
    let (server, first, access) = begun("shop").await;
    let bob = server.user_id("bob").await;
    server.manage(async |cx| users::disable(&cx, bob).await.unwrap()).await;
    server.app.live.reload().await.unwrap();
    assert_refused(&server.refresh("shop", &first).await, 400, "invalid_grant", "disabled");
    assert!(!server.is_active(&access).await);
    assert!(!server.is_active(&first).await);
}

#[tokio::test]
async fn ended_sessions_take_their_tokens_along() {
    let (server, first, access) = begun("shop").await;
    let bob = server.user_id("bob").await;
    server.manage(async |cx| sessions::end_all(&cx, bob).await.unwrap()).await;
    server.app.live.reload().await.unwrap();
    assert_refused(&server.refresh("shop", &first).await, 400, "invalid_grant", "ended");
    assert!(!server.is_active(&access).await);
}

#[tokio::test]
async fn a_disabled_client_gets_nothing_and_its_tokens_die() {
    let (server, first, access) = begun("spa").await;
    assert!(server.is_active(&access).await);
    let id = ClientId::parse("spa").unwrap();
    server.manage(async |cx| clients::disable(&cx, &id).await.unwrap()).await;
    server.app.live.reload().await.unwrap();
    assert_refused(&server.refresh("spa", &first).await, 401, "invalid_client", "disabled");
    assert!(!server.is_active(&access).await);
}

#[tokio::test]
async fn a_clock_set_back_brings_nothing_to_life() {
    let (server, first, access) = begun("spa").await;
    server.form("/oauth2/revoke", &[("token", &first), ("client_id", "spa")]).await;
    server.clock.advance(Duration::hours(-1));
    server.app.live.reload().await.unwrap();
    assert_refused(&server.refresh("spa", &first).await, 400, "invalid_grant", "revoked");
    assert!(!server.is_active(&access).await);
    let restarted = server.second_node().await;
    assert_refused(&restarted.refresh("spa", &first).await, 400, "invalid_grant", "restarted");
    assert!(!restarted.is_active(&access).await);
}
