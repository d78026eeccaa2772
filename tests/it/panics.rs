//! A bug in one handler costs one answer (SECURITY.md LG-06).

use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use axum::routing::get;
use portcullis::ambient::SystemEntropy;
use portcullis::endpoints;
use portcullis::web::accept::{self, Limits};
use portcullis::web::client_address::TrustedProxies;
use portcullis::web::edge::{Bounds, Edge};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tower::ServiceExt as _;

use crate::support::server::Server;

async fn broken() -> &'static str {
    panic!("a bug with a secret in it")
}

/// The server's own router with one handler more, behind its own edge and accept loop.
async fn with_a_bug(server: &Server) -> SocketAddr {
    let router: Router = endpoints::router(server.app.clone()).route("/oauth2/broken", get(broken));
    let issuer = &server.app.settings.issuer_url;
    let proxies = TrustedProxies::default();
    let edge = Edge::new(issuer, Bounds::default(), proxies, Arc::new(SystemEntropy));
    let answer = move |request: hyper::Request<hyper::body::Incoming>, peer: SocketAddr| {
        let (edge, router) = (edge.clone(), router.clone());
        async move {
            let handle = |request| async move { router.oneshot(request).await.unwrap() };
            edge.answer(request, peer, handle).await
        }
    };
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let never = std::future::pending();
    tokio::spawn(accept::serve(listener, answer, Limits::default(), None, never));
    address
}

/// Asks for `path` on a connection that stays open; the whole answer.
async fn ask(stream: &mut TcpStream, server: &Server, path: &str) -> String {
    let host = server.issuer.trim_start_matches("http://");
    let request = format!("GET {path} HTTP/1.1\r\nhost: {host}\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    let mut bytes = [0; 4096];
    loop {
        let read = stream.read(&mut bytes).await.unwrap();
        assert!(read > 0, "it hung up: {answer}");
        answer.push_str(&String::from_utf8_lossy(&bytes[..read]));
        let length = answer.lines().find_map(|line| line.strip_prefix("content-length: "));
        if let (Some(length), Some((_, body))) = (length, answer.split_once("\r\n\r\n"))
            && body.len() >= length.parse().unwrap()
        {
            return answer;
        }
    }
}

#[tokio::test]
async fn a_handler_that_panics_costs_one_500_and_the_connection_goes_on() {
    let server = Server::start().await;
    let address = with_a_bug(&server).await;
    let mut stream = TcpStream::connect(address).await.unwrap();
    for _ in 0..3 {
        let answer = ask(&mut stream, &server, "/oauth2/broken").await;
        assert!(answer.starts_with("HTTP/1.1 500 "), "{answer}");
        assert!(answer.contains("server_error"), "{answer}");
        assert!(!answer.contains("a bug") && !answer.contains("panicked"), "{answer}");
        let answer = ask(&mut stream, &server, "/oauth2/jwks").await;
        assert!(answer.starts_with("HTTP/1.1 200 ") && answer.contains("\"keys\""), "{answer}");
    }
}
