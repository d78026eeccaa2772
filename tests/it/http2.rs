//! HTTP/2 peers who do not keep to the spirit of it (SECURITY.md §4, H70): what they can make us keep
//! is bounded, and others are served.

use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::support::server::Server;

const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
const HEADERS: u8 = 1;
const RST_STREAM: u8 = 3;
const SETTINGS: u8 = 4;
const GOAWAY: u8 = 7;
const CONTINUATION: u8 = 9;
const END_STREAM: u8 = 1;
const END_HEADERS: u8 = 4;
const CANCEL: u32 = 8;
const ENHANCE_YOUR_CALM: u32 = 11;

/// A frame (RFC 9113 §4.1).
fn frame(kind: u8, flags: u8, stream: u32, payload: &[u8]) -> Vec<u8> {
    let length = u32::try_from(payload.len()).unwrap().to_be_bytes();
    let mut frame = length[1..].to_vec();
    frame.extend([kind, flags]);
    frame.extend(stream.to_be_bytes());
    frame.extend(payload);
    frame
}

/// A field that no table keeps (RFC 7541 §6.2.2).
fn field(name: &str, value: &str) -> Vec<u8> {
    let mut field = vec![0];
    for text in [name, value] {
        field.extend(length(text.len()));
        field.extend(text.as_bytes());
    }
    field
}

/// A length with a prefix of seven bits (RFC 7541 §5.1).
fn length(mut length: usize) -> Vec<u8> {
    if length < 127 {
        return vec![u8::try_from(length).unwrap()];
    }
    let mut bytes = vec![127];
    length -= 127;
    while length >= 128 {
        bytes.push(u8::try_from(length % 128).unwrap() | 128);
        length /= 128;
    }
    bytes.push(u8::try_from(length).unwrap());
    bytes
}

/// The fields of a request for `/livez`.
fn request(server: &Server) -> Vec<u8> {
    let authority = server.issuer.trim_start_matches("http://");
    [(":method", "GET"), (":scheme", "http"), (":path", "/livez"), (":authority", authority)]
        .into_iter()
        .flat_map(|(name, value)| field(name, value))
        .collect()
}

/// What a connection came to.
#[derive(Debug, Default)]
struct End {
    /// Bytes that the server took before it hung up.
    taken: usize,
    goaway: Option<u32>,
    statuses: Vec<u8>,
}

/// Sends `bytes` as fast as they are taken, then reads until the server hangs up.
async fn flood(server: &Server, bytes: &[u8]) -> End {
    let stream = TcpStream::connect(server.address.trim_start_matches("http://")).await.unwrap();
    let (mut from, mut to) = stream.into_split();
    let mut hello = PREFACE.to_vec();
    hello.extend(frame(SETTINGS, 0, 0, &[]));
    let (send, receive) = (
        async {
            let mut taken = 0;
            for part in [&hello, bytes].into_iter().flat_map(|all| all.chunks(16 * 1024)) {
                match to.write_all(part).await {
                    Ok(()) => taken += part.len(),
                    Err(_) => break,
                }
            }
            taken
        },
        async {
            let mut heard = Vec::new();
            let _ = from.read_to_end(&mut heard).await;
            heard
        },
    );
    let both = tokio::time::timeout(Duration::from_secs(60), async { tokio::join!(send, receive) });
    let (taken, heard) = both.await.expect("the server neither takes more nor hangs up");
    End { taken, ..read(&heard) }
}

/// The frames that matter among `heard`.
fn read(mut heard: &[u8]) -> End {
    let mut end = End::default();
    while heard.len() >= 9 {
        let length =
            usize::from(heard[0]) << 16 | usize::from(heard[1]) << 8 | usize::from(heard[2]);
        let payload = heard.get(9..9 + length).unwrap_or_default();
        match heard[3] {
            GOAWAY => {
                end.goaway = payload.get(4..8).map(|c| u32::from_be_bytes(c.try_into().unwrap()));
            }
            HEADERS => end.statuses.extend(payload.first()),
            _ => {}
        }
        heard = heard.get(9 + length..).unwrap_or_default();
    }
    end
}

async fn others_are_served(server: &Server) {
    assert_eq!(server.browser().get("/livez").await.status, 200);
    assert_eq!(server.browser().get("/oauth2/jwks").await.status, 200);
}

#[tokio::test]
async fn streams_that_are_begun_and_cancelled_at_once_end_the_connection() {
    let server = Server::bare().await;
    let fields = request(&server);
    let mut bytes = Vec::new();
    for stream in (1..20_000).step_by(2) {
        bytes.extend(frame(HEADERS, END_STREAM | END_HEADERS, stream, &fields));
        bytes.extend(frame(RST_STREAM, 0, stream, &CANCEL.to_be_bytes()));
    }
    let end = flood(&server, &bytes).await;
    assert_eq!(end.goaway, Some(ENHANCE_YOUR_CALM), "{end:?}");
    others_are_served(&server).await;
}

#[tokio::test]
async fn a_head_that_never_ends_ends_the_connection() {
    let server = Server::bare().await;
    let mut bytes = frame(HEADERS, END_STREAM, 1, &request(&server));
    let part: Vec<u8> = (0..100).flat_map(|_| field("x-flood", &"y".repeat(100))).collect();
    for _ in 0..10_000 {
        bytes.extend(frame(CONTINUATION, 0, 1, &part));
    }
    let end = flood(&server, &bytes).await;
    assert!(end.taken < bytes.len(), "all {} bytes were taken", bytes.len());
    assert!(end.goaway.is_some(), "{end:?}");
    others_are_served(&server).await;
}

#[tokio::test]
async fn a_head_larger_than_the_limit_reaches_no_handler() {
    let server = Server::bare().await;
    let mut fields = request(&server);
    fields.extend((0..20).flat_map(|_| field("x-large", &"y".repeat(1_000))));
    let (first, second) = fields.split_at(16_000);
    let mut bytes = frame(HEADERS, END_STREAM, 1, first);
    bytes.extend(frame(CONTINUATION, END_HEADERS, 1, second));
    bytes.extend(frame(GOAWAY, 0, 0, &[0; 8]));
    let end = flood(&server, &bytes).await;
    // `:status: 200` is the one byte 0x88 (RFC 7541, appendix A).
    assert!(!end.statuses.contains(&0x88), "{end:?}");
    others_are_served(&server).await;
}

#[tokio::test]
async fn a_peer_that_keeps_to_the_rules_is_answered() {
    let server = Server::bare().await;
    let mut bytes = frame(HEADERS, END_STREAM | END_HEADERS, 1, &request(&server));
    bytes.extend(frame(GOAWAY, 0, 0, &[0; 8]));
    assert_eq!(flood(&server, &bytes).await.statuses, [0x88]);
}
