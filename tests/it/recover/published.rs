//! Passwords from data breaches (SECURITY.md PW-03): a file, a service, both.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::Router;
use axum::extract::Path;
use axum::http::HeaderMap;
use axum::routing::get;
use portcullis::crypto::leak::LeakKey;
use portcullis::crypto::secret::Secret;
use portcullis::live::leaks;

use super::{NEW, press};
use crate::support::server::{STOCK, Server};

/// A password that this test's lists know.
const LEAKED: &str = "violet umbrella parade";

fn key(password: &str) -> (String, String) {
    LeakKey::of(&Secret::new(password.to_owned())).split()
}

/// A service that knows [`LEAKED`], its address, and how often it was asked.
async fn service() -> (String, Arc<AtomicUsize>) {
    let asked = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&asked);
    let answer = move |Path(prefix): Path<String>, headers: HeaderMap| {
        count.fetch_add(1, Ordering::SeqCst);
        async move {
            assert_eq!(prefix.len(), 5, "five digits and no more");
            assert!(headers.contains_key("add-padding"));
            let (told, kept) = key(LEAKED);
            let found = if prefix == told { format!("{kept}:12\r\n") } else { String::new() };
            format!("{found}{}:0\r\n", "0".repeat(35))
        }
    };
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let router = Router::new().route("/range/{prefix}", get(answer));
    tokio::spawn(async move { axum::serve(listener, router).await });
    (format!("http://{address}/range"), asked)
}

async fn status(server: &Server, link: &str, password: &str) -> u16 {
    press(&mut server.browser(), link, &[("password", password)]).await.status.as_u16()
}

#[tokio::test]
async fn a_password_in_the_file_is_not_taken_and_the_page_says_why() {
    let path = std::env::temp_dir().join(format!("portcullis-published-{}", std::process::id()));
    let (told, kept) = key(LEAKED);
    leaks::build(format!("{told}{kept}:3\n").as_bytes(), &path).unwrap();
    let server = Server::with(&[("PASSWORDS_PUBLISHED_FILE", path.to_str().unwrap())]).await;
    server.apply(STOCK).await;
    let link = server.reset_link().await;
    let page = press(&mut server.browser(), &link, &[("password", LEAKED)]).await;
    assert_eq!(page.status, 422);
    assert!(page.body.contains("data breach"), "{}", page.body);
    assert_eq!(status(&server, &link, NEW).await, 200);
    std::fs::remove_file(path).unwrap();
}

#[tokio::test]
async fn a_service_is_asked_by_five_digits() {
    let (url, asked) = service().await;
    let settings = [("PASSWORDS_PUBLISHED_URL", url.as_str()), ("OUTBOUND_ALLOW", "127.0.0.0/8")];
    let server = Server::with(&settings).await;
    server.apply(STOCK).await;
    let link = server.reset_link().await;
    assert_eq!(status(&server, &link, LEAKED).await, 422);
    assert_eq!(status(&server, &link, NEW).await, 200);
    assert_eq!(asked.load(Ordering::SeqCst), 2);
}

#[tokio::test]
async fn while_the_service_is_away_the_configuration_decides() {
    let away = ("PASSWORDS_PUBLISHED_URL", "http://127.0.0.1:9/range");
    for (otherwise, expected) in [("allow", 200), ("refuse", 503)] {
        let settings =
            [away, ("OUTBOUND_ALLOW", "127.0.0.0/8"), ("PASSWORDS_PUBLISHED_OTHERWISE", otherwise)];
        let server = Server::with(&settings).await;
        server.apply(STOCK).await;
        let link = server.reset_link().await;
        assert_eq!(status(&server, &link, NEW).await, expected, "{otherwise}");
    }
}

#[tokio::test]
async fn a_service_in_a_private_network_is_not_called() {
    let (url, asked) = service().await;
    let server = Server::with(&[("PASSWORDS_PUBLISHED_URL", url.as_str())]).await;
    server.apply(STOCK).await;
    let link = server.reset_link().await;
    assert_eq!(status(&server, &link, LEAKED).await, 200, "it fails open");
    assert_eq!(asked.load(Ordering::SeqCst), 0);
}
