//! The admin API over HTTP.

use reqwest::Method;
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, WWW_AUTHENTICATE};
use serde_json::{Value, json};

use crate::support::browser::http;
use crate::support::server::Server;

const CLIENTS: &str = r#"
[[client]]
client_id = "ops"
client_secret = "pc_cs_a-secret-that-is-long-enough-for-tests"
grant_types = ["client_credentials"]
scope = "admin.clients.read admin.clients.write admin.users.read admin.users.write admin.audit.read"

[[client]]
client_id = "reader"
client_secret = "pc_cs_a-secret-that-is-long-enough-for-tests"
grant_types = ["client_credentials"]
scope = "admin.clients.read"

[[client]]
client_id = "console"
client_secret = "pc_cs_a-secret-that-is-long-enough-for-tests"
token_endpoint_auth_method = "client_secret_post"
redirect_uris = ["https://app.example/cb"]
scope = "openid admin.users.read"
consent = "trusted"
"#;

/// An answer: its status, its challenge, its body.
struct Answer(u16, String, Value);

async fn server() -> Server {
    let server = Server::start().await;
    server.apply(CLIENTS).await;
    server
}

async fn token(server: &Server, client: &str) -> String {
    let answer =
        server.call("/oauth2/token", client, &[("grant_type", "client_credentials")]).await;
    answer.json()["access_token"].as_str().unwrap_or_else(|| panic!("{}", answer.body)).to_owned()
}

async fn ask(server: &Server, method: Method, path: &str, token: &str, body: &str) -> Answer {
    let url = server.url(&format!("/admin/api/v1{path}"));
    let mut request = http().request(method, url).header(CONTENT_TYPE, "application/json");
    if !token.is_empty() {
        request = request.header(AUTHORIZATION, format!("Bearer {token}"));
    }
    let answer = request.body(body.to_owned()).send().await.unwrap();
    let challenge = answer.headers().get(WWW_AUTHENTICATE).map(|value| value.to_str().unwrap());
    let (status, challenge) = (answer.status().as_u16(), challenge.unwrap_or_default().to_owned());
    let text = answer.text().await.unwrap();
    Answer(status, challenge, serde_json::from_str(&text).unwrap_or(Value::Null))
}

#[tokio::test]
async fn without_a_token_for_it_nobody_gets_in() {
    let server = server().await;
    let other = token(&server, "machine").await;
    for token in ["", "nonsense", &other] {
        let Answer(status, challenge, body) =
            ask(&server, Method::GET, "/clients", token, "").await;
        assert_eq!(status, 401, "{token}: {body}");
        assert!(challenge.starts_with("Bearer "), "{challenge}");
        assert!(body["refusal_id"].as_str().unwrap().starts_with("ref_"), "{body}");
    }
}

#[tokio::test]
async fn a_missing_scope_is_named() {
    let server = server().await;
    let reader = token(&server, "reader").await;
    let body = json!({ "client_id": "x", "grant_types": ["client_credentials"] }).to_string();
    let Answer(status, challenge, told) =
        ask(&server, Method::POST, "/clients", &reader, &body).await;
    assert_eq!((status, told["error"].as_str()), (403, Some("insufficient_scope")), "{told}");
    assert!(challenge.contains("scope=\"admin.clients.write\""), "{challenge}");
}

#[tokio::test]
async fn a_client_is_made_used_rotated_and_disabled_and_no_answer_shows_a_hash() {
    let server = server().await;
    let ops = token(&server, "ops").await;
    let form = json!({ "client_id": "new", "grant_types": ["client_credentials"], "scope": "orders.read" });
    let Answer(status, _, made) =
        ask(&server, Method::POST, "/clients", &ops, &form.to_string()).await;
    assert_eq!(status, 201, "{made}");
    assert!(made["client_secret"].as_str().unwrap().starts_with("pc_cs_"));
    let Answer(_, _, shown) = ask(&server, Method::GET, "/clients/new", &ops, "").await;
    assert!(!shown.to_string().contains("pc_cs_") && !shown.to_string().contains("fingerprint"));
    let Answer(status, _, rotated) =
        ask(&server, Method::POST, "/clients/new/rotate-secret", &ops, "{\"overlap_seconds\":0}")
            .await;
    assert_eq!(status, 200, "{rotated}");
    assert_ne!(rotated["client_secret"], made["client_secret"]);
    let Answer(status, ..) = ask(&server, Method::POST, "/clients/new/disable", &ops, "").await;
    assert_eq!(status, 204);
}

#[tokio::test]
async fn unknown_fields_ids_and_forged_cursors_are_refused() {
    let server = server().await;
    let ops = token(&server, "ops").await;
    let body = json!({ "username": "eve", "tenant_id": "x" }).to_string();
    let Answer(status, _, told) = ask(&server, Method::POST, "/users", &ops, &body).await;
    assert_eq!((status, told["field"].as_str()), (400, Some("tenant_id")), "{told}");
    for (path, expected) in [
        ("/users?cursor=AAAA", 400),
        ("/users?limit=0", 400),
        ("/users?tenant=1", 400),
        ("/users/not-an-id", 404),
        ("/clients/nobody", 404),
        ("/keys", 403),
    ] {
        let Answer(status, _, told) = ask(&server, Method::GET, path, &ops, "").await;
        assert_eq!(status, expected, "{path}: {told}");
    }
}

#[tokio::test]
async fn a_refusal_can_be_looked_up_by_its_id() {
    let server = server().await;
    let ops = token(&server, "ops").await;
    let Answer(_, _, told) = ask(&server, Method::GET, "/users?limit=0", &ops, "").await;
    server.flush_journal().await;
    let path = format!("/audit/refusals/{}", told["refusal_id"].as_str().unwrap());
    let Answer(status, _, event) = ask(&server, Method::GET, &path, &ops, "").await;
    assert_eq!((status, event["outcome"].as_str()), (200, Some("refused")), "{event}");
}

#[tokio::test]
async fn the_document_needs_no_token() {
    let server = server().await;
    let Answer(status, _, document) = ask(&server, Method::GET, "/openapi.json", "", "").await;
    assert_eq!(status, 200);
    assert!(document["openapi"].as_str().unwrap().starts_with("3.1."));
}

#[tokio::test]
async fn an_administrator_with_two_factors_reaches_as_far_as_the_scope() {
    let server = server().await;
    let tokens = server.tokens("console", "openid admin.users.read", "alice").await;
    let token = tokens["access_token"].as_str().unwrap();
    let Answer(status, _, users) = ask(&server, Method::GET, "/users?search=ali", token, "").await;
    assert_eq!(status, 200, "{users}");
    assert_eq!(users["items"][0]["username"], "alice");
    let Answer(status, ..) = ask(&server, Method::POST, "/users", token, "{}").await;
    assert_eq!(status, 403);
}

#[tokio::test]
async fn who_cannot_make_an_administrator_takes_no_factor_off_one() {
    let server = server().await;
    let token = token(&server, "ops").await;
    let held = "select f.id::text from factors f join users u on u.id = f.user_id
        where 'administrator' = any(u.roles) and f.confirmed_at is not null";
    let mut connection = server.db.connect().await;
    let row = sqlx::query(held).fetch_one(&mut connection).await.unwrap();
    let factor: String = sqlx::Row::get(&row, 0);
    let owner = "select user_id::text from factors where id = $1::uuid";
    let row = sqlx::query(owner).bind(&factor).fetch_one(&mut connection).await.unwrap();
    let owner: String = sqlx::Row::get(&row, 0);
    let path = format!("/users/{owner}/factors/{factor}");
    let Answer(status, _, body) = ask(&server, Method::DELETE, &path, &token, "").await;
    assert_eq!(status, 403, "{body}");
    let row = sqlx::query(held).fetch_optional(&mut connection).await.unwrap();
    assert!(row.is_some());
    let path = format!("/users/{owner}/demand-new-password");
    let Answer(status, _, body) = ask(&server, Method::POST, &path, &token, "").await;
    assert_eq!(status, 403, "{body}");
}
