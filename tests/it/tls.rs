//! Where TLS ends here, nothing else is spoken (SECURITY.md SE-10).

use std::net::SocketAddr;
use std::path::Path;
use std::time::Duration;

use axum::response::{IntoResponse as _, Response};
use portcullis::web::accept::{self, Limits};
use portcullis::web::tls::{Asking, Tls};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

async fn fine(_: hyper::Request<hyper::body::Incoming>, _: SocketAddr) -> Response {
    "fine".into_response()
}

/// A listener with a certificate of its own.
async fn listening() -> SocketAddr {
    let made = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
    let place = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let (chain, key) = (place.join("se-10-chain.pem"), place.join("se-10-key.pem"));
    std::fs::write(&chain, made.cert.pem()).unwrap();
    std::fs::write(&key, made.signing_key.serialize_pem()).unwrap();
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    let tls = Tls::load(&chain, &key, Asking::Nothing).unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let never = std::future::pending();
    tokio::spawn(accept::serve(listener, fine, Limits::default(), Some(tls), never));
    address
}

#[tokio::test]
async fn a_request_in_clear_text_is_refused_and_not_redirected() {
    let address = listening().await;
    let mut stream = TcpStream::connect(address).await.unwrap();
    let request = "POST /oauth2/token HTTP/1.1\r\nhost: localhost\r\ncontent-length: 0\r\n\r\n";
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    let read = tokio::time::timeout(Duration::from_secs(30), stream.read_to_end(&mut answer));
    let _ = read.await.expect("it hangs up");
    assert!(!String::from_utf8_lossy(&answer).contains("HTTP/"), "{answer:?}");
}
