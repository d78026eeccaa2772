//! Revocation on the wire (RFC 7009; SECURITY.md IR-03 to IR-05, T-30).

use std::time::{Duration, Instant};

use crate::support::calls::assert_refused;
use crate::support::server::Server;

const PATH: &str = "/oauth2/revoke";

/// The access and refresh tokens of `client`.
async fn tokens(server: &Server, client: &str) -> (String, String) {
    let tokens = server.tokens(client, "openid offline_access orders.read", "bob").await;
    let text = |name: &str| tokens[name].as_str().unwrap().to_owned();
    (text("access_token"), text("refresh_token"))
}

#[tokio::test]
async fn unknown_and_foreign_tokens_get_the_same_answer_and_live_on() {
    let server = Server::start().await;
    let (access, refresh) = tokens(&server, "shop").await;
    let mut answers = Vec::new();
    for token in ["unknown", "a.b.c", &access, &refresh] {
        let answer = server.form(PATH, &[("token", token), ("client_id", "spa")]).await;
        answers.push((answer.status.as_u16(), answer.body));
    }
    assert!(answers.iter().all(|answer| *answer == answers[0] && answer.0 == 200), "{answers:?}");
    assert!(server.is_active(&access).await && server.is_active(&refresh).await);
}

#[tokio::test]
async fn a_wrong_hint_still_revokes() {
    let server = Server::start().await;
    for hint in ["refresh_token", "access_token", "x", ""] {
        let (access, refresh) = tokens(&server, "shop").await;
        let fields = [("token", access.as_str()), ("token_type_hint", hint)];
        assert_eq!(server.call(PATH, "shop", &fields).await.status, 200);
        assert!(!server.is_active(&access).await && server.is_active(&refresh).await, "{hint}");
        let fields = [("token", refresh.as_str()), ("token_type_hint", hint)];
        assert_eq!(server.call(PATH, "shop", &fields).await.status, 200);
        assert!(!server.is_active(&refresh).await, "{hint}");
        assert_refused(&server.refresh("shop", &refresh).await, 400, "invalid_grant", hint);
    }
}

#[tokio::test]
async fn a_refresh_token_takes_its_access_tokens_along() {
    let server = Server::start().await;
    let (access, refresh) = tokens(&server, "spa").await;
    let next = server.refresh("spa", &refresh).await.json();
    // Even the replaced one stands for the whole grant.
    server.form(PATH, &[("token", &refresh), ("client_id", "spa")]).await;
    assert!(!server.is_active(&access).await);
    assert!(!server.is_active(next["access_token"].as_str().unwrap()).await);
    let refresh = next["refresh_token"].as_str().unwrap();
    assert_refused(&server.refresh("spa", refresh).await, 400, "invalid_grant", "the successor");
}

#[tokio::test]
async fn every_node_knows_within_a_second() {
    let server = Server::start().await;
    let second = server.second_node().await;
    for _ in 0..3 {
        let (access, refresh) = tokens(&server, "shop").await;
        assert!(second.is_active(&access).await);
        let revoked = Instant::now();
        server.call(PATH, "shop", &[("token", &refresh)]).await;
        assert!(!server.is_active(&access).await, "the node that took it knows at once");
        while second.is_active(&access).await {
            assert!(revoked.elapsed() < Duration::from_millis(1_500), "the other node lags");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
}

#[tokio::test]
async fn without_a_database_nothing_is_said_to_be_revoked() {
    let server = Server::start().await;
    let (access, refresh) = tokens(&server, "shop").await;
    server.app.store.close().await;
    for token in [&access, &refresh] {
        let answer = server.call(PATH, "shop", &[("token", token)]).await;
        assert!(answer.status.is_server_error(), "{}", answer.status);
        assert!(!answer.body.contains("sqlx") && !answer.body.contains("pool"), "{}", answer.body);
    }
}

#[tokio::test]
async fn malformed_requests_are_refused() {
    let server = Server::start().await;
    let twice = [("token", "a"), ("token", "b")];
    assert_refused(&server.call(PATH, "shop", &twice).await, 400, "invalid_request", "twice");
    assert_refused(&server.call(PATH, "shop", &[]).await, 400, "invalid_request", "none");
    assert_refused(&server.form(PATH, &[("token", "a")]).await, 401, "invalid_client", "nobody");
    assert_eq!(server.raw("GET", &format!("{PATH}?token=a"), &[], "").await.status, 405);
}
