//! Keys that a client publishes at its `jwks_uri`: fetched for real (SECURITY.md RG-02, T-12).

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use rustls::pki_types::PrivateKeyDer;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

use crate::support::calls::assert_refused;
use crate::support::files::TempFile;
use crate::support::forge::Signer;
use crate::support::server::{STOCK, Server};

/// A client's own server: https under an authority that nobody knows, on loopback.
struct Publisher {
    uri: String,
    /// The authority, as `PORTCULLIS_OUTBOUND_CA_FILE` takes it.
    authority: TempFile,
    said: Arc<Mutex<String>>,
    asked: Arc<AtomicUsize>,
}

impl Publisher {
    async fn start() -> Self {
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let key = KeyPair::generate().unwrap();
        let authority = TempFile::of(&params.self_signed(&key).unwrap().pem());
        let issuer = Issuer::new(params, key);
        let key = KeyPair::generate().unwrap();
        let leaf = CertificateParams::new(vec!["127.0.0.1".to_owned()]).unwrap();
        let leaf = leaf.signed_by(&key, &issuer).unwrap();
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let config = rustls::ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(
                vec![leaf.der().clone()],
                PrivateKeyDer::try_from(key.serialize_der()).unwrap(),
            )
            .unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let uri = format!("https://{}/jwks", listener.local_addr().unwrap());
        let (said, asked): (Arc<Mutex<String>>, Arc<AtomicUsize>) = Default::default();
        let (answer, count) = (Arc::clone(&said), Arc::clone(&asked));
        tokio::spawn(publish(listener, TlsAcceptor::from(Arc::new(config)), answer, count));
        Self { uri, authority, said, asked }
    }

    /// From here on the answer is the public keys of `signers`.
    fn publish(&self, signers: &[&Signer]) {
        let keys: Vec<Value> = signers.iter().map(|signer| signer.key.public_jwk()).collect();
        *self.said.lock().unwrap() = json!({ "keys": keys }).to_string();
    }

    fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }

    /// A server that knows the client `signer`, which publishes its keys here.
    async fn server(&self, settings: &[(&str, &str)]) -> Server {
        let server = Server::with(settings).await;
        server.apply(STOCK).await;
        let client = format!(
            "[[client]]\nclient_id = \"signer\"\nscope = \"orders.read\"\njwks_uri = \"{}\"\n\
             grant_types = [\"client_credentials\"]\n\
             token_endpoint_auth_method = \"private_key_jwt\"\n",
            self.uri
        );
        server.apply(&client).await;
        server
    }

    /// The settings of a server that may call here and trusts what it meets.
    fn trusted(&self) -> [(&'static str, &str); 2] {
        [("OUTBOUND_CA_FILE", self.authority.path()), ("OUTBOUND_ALLOW", "127.0.0.0/8")]
    }
}

async fn publish(
    listener: TcpListener,
    tls: TlsAcceptor,
    said: Arc<Mutex<String>>,
    asked: Arc<AtomicUsize>,
) {
    while let Ok((stream, _)) = listener.accept().await {
        let Ok(mut stream) = tls.accept(stream).await else { continue };
        let (mut head, mut byte) = (Vec::new(), [0]);
        while !head.ends_with(b"\r\n\r\n") && stream.read(&mut byte).await.is_ok_and(|n| n == 1) {
            head.push(byte[0]);
        }
        assert!(head.starts_with(b"GET /jwks HTTP/1.1\r\n"), "{}", String::from_utf8_lossy(&head));
        asked.fetch_add(1, Ordering::SeqCst);
        let body = said.lock().unwrap().clone();
        let answer = format!(
            "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\
             connection: close\r\n\r\n{body}",
            body.len()
        );
        let _ = stream.write_all(answer.as_bytes()).await;
        let _ = stream.shutdown().await;
    }
}

/// What comes of a good assertion by `signer`.
async fn status(server: &Server, signer: &Signer) -> u16 {
    let assertion = signer.jws(&signer.header(), &server.assertion());
    server.assert_with(&assertion).await.status.as_u16()
}

#[tokio::test]
async fn a_clients_keys_are_fetched_once_and_again_for_a_key_not_met() {
    let publisher = Publisher::start().await;
    let (old, new) = (Signer::new(), Signer::new());
    publisher.publish(&[&old]);
    let server = publisher.server(&publisher.trusted()).await;
    assert_eq!(status(&server, &old).await, 200);
    assert_eq!(status(&server, &old).await, 200);
    assert_eq!(publisher.asked(), 1, "what was fetched is kept");

    publisher.publish(&[&new]);
    let mut tries = 0;
    // Guessed names may not make us call all the time: a few seconds lie between two calls.
    while status(&server, &new).await != 200 {
        assert!(publisher.asked() <= 2, "{} calls", publisher.asked());
        tries += 1;
        assert!(tries < 600, "the new key is never fetched");
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    assert_eq!(publisher.asked(), 2);
    assert_eq!(status(&server, &old).await, 401, "what is published no more is no key any more");
}

#[tokio::test]
async fn no_call_is_made_into_a_network_that_is_not_listed() {
    let publisher = Publisher::start().await;
    let signer = Signer::new();
    publisher.publish(&[&signer]);
    for allow in ["", "10.0.0.0/8"] {
        let mut settings = vec![("OUTBOUND_CA_FILE", publisher.authority.path())];
        settings.extend((!allow.is_empty()).then_some(("OUTBOUND_ALLOW", allow)));
        let server = publisher.server(&settings).await;
        let assertion = signer.jws(&signer.header(), &server.assertion());
        let answer = server.assert_with(&assertion).await;
        assert_refused(&answer, 401, "invalid_client", allow);
    }
    assert_eq!(publisher.asked(), 0);
}

#[tokio::test]
async fn keys_from_a_server_that_nobody_vouches_for_are_none() {
    let publisher = Publisher::start().await;
    let signer = Signer::new();
    publisher.publish(&[&signer]);
    let server = publisher.server(&[("OUTBOUND_ALLOW", "127.0.0.0/8")]).await;
    assert_eq!(status(&server, &signer).await, 503);
    assert_eq!(publisher.asked(), 0);
    server.flush_journal().await;
    let told = "select count(*) from audit_events where action = 'refusal'
        and details::text like '%UnknownIssuer%'";
    assert_eq!(server.number(told).await, 1, "the operator is told what went wrong");
}

#[tokio::test]
async fn a_fetch_that_fails_takes_no_key_away_and_counts_as_nobodys_failure() {
    let publisher = Publisher::start().await;
    let (good, other) = (Signer::new(), Signer::new());
    publisher.publish(&[&good]);
    let server = publisher.server(&publisher.trusted()).await;
    assert_eq!(status(&server, &good).await, 200);
    *publisher.said.lock().unwrap() = "down".to_owned();
    tokio::time::sleep(std::time::Duration::from_millis(5_100)).await;
    assert_eq!(status(&server, &other).await, 401, "a stranger makes us look again");
    assert_eq!(publisher.asked(), 2);
    assert_eq!(status(&server, &good).await, 200);
}

#[tokio::test]
async fn a_host_that_hangs_is_waited_for_once() {
    let deaf = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let mut publisher = Publisher::start().await;
    publisher.uri = format!("https://{}/jwks", deaf.local_addr().unwrap());
    let server = publisher.server(&publisher.trusted()).await;
    let signer = Signer::new();
    // Whoever asked first goes away, and the rest wait for the same.
    let begun = std::time::Instant::now();
    let hasty =
        tokio::time::timeout(std::time::Duration::from_millis(200), status(&server, &signer));
    assert!(hasty.await.is_err());
    for _ in 0..3 {
        assert_eq!(status(&server, &signer).await, 503);
    }
    assert!(begun.elapsed() < std::time::Duration::from_secs(5), "{:?}", begun.elapsed());
}

#[tokio::test]
async fn an_answer_that_is_no_key_set_or_too_large_is_refused() {
    let signer = Signer::new();
    let large = format!("{{\"keys\":[],\"pad\":\"{}\"}}", "x".repeat(70 * 1024));
    let private = json!({ "keys": [{ "kty": "oct", "k": "c2VjcmV0" }] }).to_string();
    for bad in ["", "[]", "{\"keys\":7}", "<html>", &large, &private] {
        let publisher = Publisher::start().await;
        *publisher.said.lock().unwrap() = bad.to_owned();
        let server = publisher.server(&publisher.trusted()).await;
        assert_eq!(status(&server, &signer).await, 503, "{bad:.40}");
        assert_eq!(publisher.asked(), 1, "{bad:.40}");
    }
}
