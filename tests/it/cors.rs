//! CORS where browsers need it, nowhere else (SECURITY.md AZ-11, RFC 9700 §2.6).

use reqwest::{Method, StatusCode};

use crate::support::browser::Page;
use crate::support::server::Server;

const ALLOW_ORIGIN: &str = "access-control-allow-origin";
const APP: &str = "https://app.example";
const SECRET_LINE: &str = "client_secret = \"pc_cs_a-secret-that-is-long-enough-for-tests\"\n";
const FOR_CLIENTS: [&str; 4] =
    ["/oauth2/token", "/oauth2/par", "/oauth2/revoke", "/oauth2/userinfo"];

async fn preflight(server: &Server, path: &str, origin: &str) -> Page {
    let headers = [
        ("origin", origin),
        ("access-control-request-method", "POST"),
        ("access-control-request-headers", "authorization"),
    ];
    server.browser().send(Method::OPTIONS, path, None, &headers).await
}

#[tokio::test]
async fn an_application_at_its_registered_origin_may_ask_and_read() {
    let server = Server::start().await;
    for path in FOR_CLIENTS {
        let asked = preflight(&server, path, APP).await;
        assert_eq!(asked.status, StatusCode::NO_CONTENT, "{path}");
        assert_eq!(asked.headers[ALLOW_ORIGIN], APP);
        assert!(asked.headers["access-control-allow-methods"].to_str().unwrap().contains("POST"));
        let headers = asked.headers["access-control-allow-headers"].to_str().unwrap();
        assert!(headers.contains("dpop"), "{path}: {headers}");
        assert!(!asked.headers.contains_key("access-control-allow-credentials"));
        assert_eq!(asked.headers["vary"], "Origin");
        let form = [("client_id", "spa")];
        let headers = [("origin", APP)];
        let told = server.browser().send(Method::POST, path, Some(&form), &headers).await;
        assert_eq!(told.headers[ALLOW_ORIGIN], APP, "{path}");
        let exposed = told.headers["access-control-expose-headers"].to_str().unwrap();
        assert!(
            exposed.contains("dpop-nonce") && exposed.contains("www-authenticate"),
            "{exposed}"
        );
        assert_eq!(told.headers["vary"], "Origin");
    }
}

#[tokio::test]
async fn nobody_else_may_ask_or_read() {
    let server = Server::start().await;
    let others = [
        "null",
        "https://evil.example",
        "https://app.example.evil.example",
        "https://app.example:8443",
        "http://app.example",
        "http://127.0.0.1:5173",
        "https://APP.example",
        "",
    ];
    for origin in others {
        let asked = preflight(&server, "/oauth2/token", origin).await;
        assert_eq!(asked.status, StatusCode::FORBIDDEN, "{origin}");
        assert!(!asked.headers.contains_key(ALLOW_ORIGIN), "{origin}");
        let form = [("client_id", "spa")];
        let headers = [("origin", origin)];
        let told =
            server.browser().send(Method::POST, "/oauth2/token", Some(&form), &headers).await;
        assert!(!told.headers.contains_key(ALLOW_ORIGIN), "{origin}");
        assert_eq!(told.headers["vary"], "Origin");
    }
}

#[tokio::test]
async fn the_origin_of_a_confidential_or_disabled_client_is_nobodys() {
    let server = Server::bare().await;
    let client = |id: &str, method: &str| {
        let secret = if method == "none" { "" } else { SECRET_LINE };
        format!(
            "[[client]]\nclient_id = \"{id}\"\nclient_name = \"{id}\"\n\
            redirect_uris = [\"https://{id}.example/cb\"]\n\
            grant_types = [\"authorization_code\"]\ntoken_endpoint_auth_method = \"{method}\"\n{secret}"
        )
    };
    server.apply(&client("page", "none")).await;
    assert_eq!(preflight(&server, FOR_CLIENTS[0], "https://page.example").await.status, 204);
    server.apply(&client("backend", "client_secret_basic")).await;
    assert_eq!(preflight(&server, FOR_CLIENTS[0], "https://backend.example").await.status, 403);
    server.apply(&client("page", "client_secret_basic")).await;
    assert_eq!(preflight(&server, FOR_CLIENTS[0], "https://page.example").await.status, 403);
}

#[tokio::test]
async fn documents_are_open_to_all() {
    let server = Server::start().await;
    let documents = [
        "/.well-known/openid-configuration",
        "/.well-known/oauth-authorization-server",
        "/oauth2/jwks",
    ];
    for path in documents {
        let headers = [("origin", "https://anybody.example")];
        let read = server.browser().send(Method::GET, path, None, &headers).await;
        assert_eq!(read.headers[ALLOW_ORIGIN], "*", "{path}");
        let asked = preflight(&server, path, "https://anybody.example").await;
        assert_eq!(
            (asked.status, &asked.headers[ALLOW_ORIGIN]),
            (StatusCode::NO_CONTENT, &"*".parse().unwrap())
        );
    }
}

#[tokio::test]
async fn pages_and_introspection_are_open_to_no_script() {
    let server = Server::start().await;
    for path in ["/oauth2/authorize", "/login", "/consent", "/oauth2/introspect", "/oauth2/logout"]
    {
        let asked = preflight(&server, path, APP).await;
        assert_eq!(asked.status, StatusCode::METHOD_NOT_ALLOWED, "{path}");
        assert!(!asked.headers.contains_key(ALLOW_ORIGIN), "{path}");
        let read = server.browser().send(Method::GET, path, None, &[("origin", APP)]).await;
        assert!(!read.headers.contains_key(ALLOW_ORIGIN), "{path}");
    }
}
