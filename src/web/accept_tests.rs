use std::time::Instant;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use super::*;

const MS: Duration = Duration::from_millis(1);

struct Server {
    address: SocketAddr,
    stop: oneshot::Sender<()>,
    ended: JoinHandle<()>,
}

/// Answers `ok`; below `/slow` after three seconds.
async fn answer(request: hyper::Request<Incoming>) -> Response {
    if request.uri().path() == "/slow" {
        tokio::time::sleep(3000 * MS).await;
    }
    "ok".into_response()
}

async fn start(limits: Limits) -> Server {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopped) = oneshot::channel::<()>();
    let shutdown = async { stopped.await.unwrap_or(()) };
    let ended = tokio::spawn(serve(listener, |request, _| answer(request), limits, None, shutdown));
    Server { address, stop, ended }
}

fn short() -> Limits {
    Limits { head: 200 * MS, idle: 400 * MS, drain: 300 * MS, ..Limits::default() }
}

/// Sends `bytes` and reads until the server hangs up; how long that took, and what it said.
async fn talk(server: &Server, bytes: &[u8]) -> (Duration, String) {
    let begin = Instant::now();
    let mut stream = TcpStream::connect(server.address).await.unwrap();
    stream.write_all(bytes).await.unwrap();
    let mut answer = Vec::new();
    let read = tokio::time::timeout(Duration::from_secs(5), stream.read_to_end(&mut answer));
    let _ = read.await.expect("the server holds the connection");
    (begin.elapsed(), String::from_utf8_lossy(&answer).into_owned())
}

#[tokio::test]
async fn silence_and_half_a_head_lose_their_place() {
    let server = start(short()).await;
    for bytes in ["", "GET / HT", "GET / HTTP/1.1\r\nHost: x\r\n", "PRI * HTTP/2.0\r\n"] {
        let (took, said) = talk(&server, bytes.as_bytes()).await;
        assert!(took < Duration::from_secs(1), "{bytes:?} held {took:?}");
        assert!(!said.contains("200 OK"), "{said}");
    }
}

#[tokio::test]
async fn an_idle_connection_is_closed_after_its_answer() {
    let server = start(short()).await;
    let (took, said) = talk(&server, b"GET / HTTP/1.1\r\nHost: x\r\n\r\n").await;
    assert!(said.starts_with("HTTP/1.1 200 OK"), "{said}");
    assert!(took > 350 * MS && took < Duration::from_secs(1), "{took:?}");
}

#[tokio::test]
async fn two_lengths_are_refused_in_either_order() {
    let server = start(short()).await;
    for fields in [
        "Content-Length: 5\r\nTransfer-Encoding: chunked",
        "transfer-encoding: chunked\r\ncontent-length: 5",
    ] {
        let request = format!("POST / HTTP/1.1\r\nHost: x\r\n{fields}\r\n\r\n0\r\n\r\n");
        let (_, said) = talk(&server, request.as_bytes()).await;
        assert!(said.starts_with("HTTP/1.1 400"), "{said}");
    }
    let chunked = b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n";
    assert!(talk(&server, chunked).await.1.starts_with("HTTP/1.1 200"));
}

#[tokio::test]
async fn heads_are_bounded() {
    let server = start(short()).await;
    let long = format!("GET / HTTP/1.1\r\nHost: x\r\nX: {}\r\n\r\n", "a".repeat(20_000));
    let many = format!("GET / HTTP/1.1\r\nHost: x\r\n{}\r\n", "X: a\r\n".repeat(70));
    for request in [long, many] {
        assert!(talk(&server, request.as_bytes()).await.1.starts_with("HTTP/1.1 431"));
    }
}

#[tokio::test]
async fn the_drain_lets_requests_end_but_not_for_ever() {
    let server = start(Limits { drain: 300 * MS, ..Limits::default() }).await;
    let mut half = TcpStream::connect(server.address).await.unwrap();
    half.write_all(b"GET / HTTP/1.1\r\nHo").await.unwrap();
    let mut slow = TcpStream::connect(server.address).await.unwrap();
    slow.write_all(b"GET /slow HTTP/1.1\r\nHost: x\r\n\r\n").await.unwrap();
    tokio::time::sleep(100 * MS).await;
    let begin = Instant::now();
    server.stop.send(()).unwrap();
    server.ended.await.unwrap();
    assert!(begin.elapsed() < Duration::from_secs(1), "{:?}", begin.elapsed());
}

#[tokio::test]
async fn one_address_has_its_share_of_places() {
    let caps = Caps { per_loopback: 1, ..Caps::default() };
    let server = start(Limits { caps, ..Limits::default() }).await;
    let _first = TcpStream::connect(server.address).await.unwrap();
    tokio::time::sleep(50 * MS).await;
    assert_eq!(talk(&server, b"").await.1, "");
}
