//! Introspection on the wire (RFC 7662; SECURITY.md IR-01, IR-02, TK-20).

use crate::support::calls::assert_refused;
use crate::support::server::{SECRET, Server};

const PATH: &str = "/oauth2/introspect";

#[tokio::test]
async fn what_is_not_for_the_caller_is_inactive_and_nothing_more_is_said() {
    let server = Server::start().await;
    let shops = server.tokens("shop", "openid offline_access", "bob").await;
    let spas = server.tokens("spa", "openid offline_access", "bob").await;
    let text = |tokens: &serde_json::Value, name: &str| tokens[name].as_str().unwrap().to_owned();
    let access = text(&shops, "access_token");
    let spoilt = [
        "garbage".to_owned(),
        "a.b.c".to_owned(),
        access[..access.len() - 1].to_owned(),
        access[..access.len() - 20].to_owned(),
        format!("{access}A"),
        format!("{access}="),
        format!("{access} "),
        "a".repeat(60_000),
        text(&shops, "id_token"),
        text(&spas, "access_token"),
        text(&spas, "refresh_token"),
    ];
    for token in spoilt {
        let answer = server.call(PATH, "shop", &[("token", &token)]).await;
        assert_eq!(answer.body, r#"{"active":false}"#, "{token}");
        assert_eq!(answer.header("cache-control"), "no-store");
    }
    assert!(server.is_active(&access).await);
}

#[tokio::test]
async fn a_resource_server_sees_what_is_for_its_api() {
    let server = Server::start().await;
    let tokens = server.tokens("spa", "openid orders.read", "bob").await;
    let token = tokens["access_token"].as_str().unwrap();
    let seen = server.call(PATH, "shop", &[("token", token)]).await.json();
    assert_eq!((seen["active"].as_bool(), seen["client_id"].as_str()), (Some(true), Some("spa")));
    let foreign = server.call(PATH, "machine", &[("token", token)]).await;
    assert_eq!(foreign.body, r#"{"active":false}"#);
}

#[tokio::test]
async fn a_wrong_hint_changes_nothing() {
    let server = Server::start().await;
    let tokens = server.tokens("shop", "openid offline_access", "bob").await;
    for name in ["access_token", "refresh_token"] {
        let token = tokens[name].as_str().unwrap();
        for hint in ["access_token", "refresh_token", "x", ""] {
            let fields = [("token", token), ("token_type_hint", hint)];
            let answer = server.call(PATH, "shop", &fields).await;
            assert_eq!(answer.json()["active"], true, "{name} {hint}: {}", answer.body);
        }
    }
}

#[tokio::test]
async fn malformed_requests_are_refused() {
    let server = Server::start().await;
    let twice = [("token", "a"), ("token", "b")];
    assert_refused(&server.call(PATH, "shop", &twice).await, 400, "invalid_request", "twice");
    assert_refused(&server.call(PATH, "shop", &[]).await, 400, "invalid_request", "none");
    let empty = [("token", "")];
    assert_refused(&server.call(PATH, "shop", &empty).await, 400, "invalid_request", "empty");
    assert_refused(&server.form(PATH, &[("token", "a")]).await, 401, "invalid_client", "nobody");
    let post = [("token", "a"), ("client_id", "shop"), ("client_secret", SECRET)];
    assert_refused(&server.form(PATH, &post).await, 401, "invalid_client", "another method");
    assert_eq!(server.raw("GET", &format!("{PATH}?token=a"), &[], "").await.status, 405);
    let long = "a".repeat(70_000);
    assert_eq!(server.call(PATH, "shop", &[("token", &long)]).await.status, 413);
}

#[tokio::test]
async fn an_expired_token_is_inactive_to_the_second() {
    let server = Server::start().await;
    let tokens = server.tokens("shop", "openid orders.read", "bob").await;
    let token = tokens["access_token"].as_str().unwrap();
    let life = time::Duration::seconds(tokens["expires_in"].as_i64().unwrap());
    assert!(server.is_active(token).await);
    server.clock.advance(life - time::Duration::seconds(4));
    assert!(server.is_active(token).await);
    server.clock.advance(time::Duration::seconds(5));
    assert!(!server.is_active(token).await);
}
