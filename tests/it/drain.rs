//! Stopping: what is in flight is finished, what only waits is cut, nothing that was told is lost.

use std::time::{Duration, Instant};

use portcullis::live::journal::FLUSH_EVERY;
use portcullis::store::audit::{Actor, AuditEvent, Outcome};
use reqwest::StatusCode;
use sqlx::Row as _;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::task::JoinSet;

use crate::support::api::{Api, member};
use crate::support::server::{STOCK, Server};

/// A server with short limits.
async fn impatient() -> Server {
    let server = Server::with(&[
        ("LIMITS_HEADER_TIMEOUT", "1s"),
        ("LIMITS_BODY_TIMEOUT", "1s"),
        ("LIMITS_IDLE_TIMEOUT", "2s"),
        ("LIMITS_DRAIN_TIMEOUT", "3s"),
    ]);
    let server = server.await;
    server.apply(STOCK).await;
    server
}

/// A connection on which `sent` was sent and nothing follows.
async fn silent(server: &Server, sent: &str) -> TcpStream {
    let mut stream = TcpStream::connect(server.address.strip_prefix("http://").unwrap()).await;
    let stream_ref = stream.as_mut().unwrap();
    stream_ref.write_all(sent.as_bytes()).await.unwrap();
    stream.unwrap()
}

/// All that comes until the server closes, and how long that took.
async fn until_closed(mut stream: TcpStream) -> (String, Duration) {
    let begun = Instant::now();
    let mut said = Vec::new();
    let read = stream.read_to_end(&mut said);
    let _ = tokio::time::timeout(Duration::from_secs(20), read).await.expect("it stays open");
    (String::from_utf8_lossy(&said).into_owned(), begun.elapsed())
}

const HALF_A_HEAD: &str = "GET /livez HTTP/1.1\r\nhost: loc";
const HALF_A_BODY: &str = "POST /oauth2/token HTTP/1.1\r\nhost: localhost\r\n\
    content-type: application/x-www-form-urlencoded\r\ncontent-length: 100\r\n\r\ng";

async fn machine(api: &Api) -> reqwest::Result<StatusCode> {
    let fields = [("grant_type", "client_credentials"), ("scope", "orders.read")];
    api.try_post("/oauth2/token", &fields).await.map(|answer| answer.status)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stop_under_load_finishes_what_is_in_flight_and_ends_in_time() {
    let mut server = impatient().await;
    let api = Api::at(&server);
    let mut slow = Vec::new();
    for number in 0..40 {
        let sent = ["", HALF_A_HEAD, HALF_A_BODY][number % 3];
        slow.push(silent(&server, sent).await);
    }
    let mut callers = JoinSet::new();
    for _ in 0..8 {
        let api = api.clone();
        callers.spawn(async move {
            let mut answered = 0_i64;
            loop {
                match machine(&api).await {
                    Ok(status) => assert_eq!(status, StatusCode::OK),
                    // Refused or closed before it was taken: another node's now.
                    Err(error) if error.is_connect() || error.is_request() => return answered,
                    Err(error) => panic!("an answer was cut: {error:?}"),
                }
                answered += 1;
            }
        });
    }
    tokio::time::sleep(Duration::from_millis(300)).await;
    let begun = Instant::now();
    server.take_serving().shut_down(Duration::ZERO).await;
    let took = begun.elapsed();
    assert!(took < Duration::from_millis(4_500), "{took:?}");
    let answered: i64 = callers.join_all().await.into_iter().sum();
    let mut connection = server.db.connect().await;
    let sql = "select coalesce(sum(count), 0) from audit_events where action = 'token.issued'";
    let told: i64 = sqlx::query(sql).fetch_one(&mut connection).await.unwrap().get(0);
    assert!(answered > 0 && told >= answered, "{answered} answered, {told} in the audit log");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_node_that_is_told_to_stop_is_not_ready_but_serves_until_it_stops() {
    let mut server = impatient().await;
    let api = Api::at(&server);
    let serving = server.take_serving();
    let stopping = tokio::spawn(serving.shut_down(Duration::from_millis(500)));
    while !server.app.is_draining() {
        tokio::task::yield_now().await;
    }
    assert_eq!(api.get("/readyz").await.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(machine(&api).await.unwrap(), StatusCode::OK);
    stopping.await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn clients_that_send_by_drops_are_cut_and_others_are_served() {
    let server = impatient().await;
    let mut waiting = JoinSet::new();
    for sent in ["", HALF_A_HEAD, HALF_A_BODY] {
        for _ in 0..20 {
            waiting.spawn(until_closed(silent(&server, sent).await));
        }
    }
    assert_eq!(machine(&Api::at(&server)).await.unwrap(), StatusCode::OK);
    let ends = waiting.join_all().await;
    assert!(ends.iter().all(|(_, took)| *took < Duration::from_secs(4)), "{ends:?}");
    let timed_out = ends.iter().filter(|(said, _)| said.starts_with("HTTP/1.1 408"));
    assert_eq!(timed_out.count(), 20, "half a body is told why");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_that_is_too_large_is_refused_before_it_is_read() {
    let server = impatient().await;
    let head = "POST /oauth2/token HTTP/1.1\r\nhost: localhost\r\n\
        content-type: application/x-www-form-urlencoded\r\ncontent-length: 65537\r\n\r\n";
    let (said, _) = until_closed(silent(&server, head).await).await;
    assert!(said.starts_with("HTTP/1.1 413"), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn connections_above_the_cap_are_closed_and_places_come_back() {
    let server = Server::with(&[("LIMITS_CONNECTIONS", "10")]).await;
    let mut held = Vec::new();
    for _ in 0..10 {
        held.push(silent(&server, HALF_A_HEAD).await);
    }
    let (said, took) = until_closed(silent(&server, HALF_A_HEAD).await).await;
    assert!(said.is_empty() && took < Duration::from_secs(5), "{said} {took:?}");
    held.clear();
    let begun = Instant::now();
    while Api::at(&server).try_get("/livez").await.is_none() {
        assert!(begun.elapsed() < Duration::from_secs(5), "no place came back");
    }
}

fn event(server: &Server, action: &'static str) -> AuditEvent {
    let (now, entropy) = (server.app.now(), server.app.entropy.as_ref());
    let id = portcullis::ambient::id(now, entropy);
    AuditEvent::new(id, now, action, Outcome::Success, Actor::System)
}

async fn events(server: &Server, action: &str) -> i64 {
    let mut connection = server.db.connect().await;
    let sql = "select count(*) from audit_events where action = $1";
    sqlx::query(sql).bind(action).fetch_one(&mut connection).await.unwrap().get(0)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_crash_loses_no_event_that_is_older_than_two_flushes() {
    let server = Server::bare().await;
    for _ in 0..1_200 {
        server.app.journal.record(event(&server, "test.recorded")).await;
    }
    // A flush and the time that the database takes; then whatever happens to this node is late.
    let begun = Instant::now();
    while events(&server, "test.recorded").await < 1_200 {
        assert!(begun.elapsed() < FLUSH_EVERY * 10, "they are still not written");
        tokio::time::sleep(FLUSH_EVERY / 10).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_event_that_cannot_be_stored_holds_up_no_other_and_none_is_written_twice() {
    let server = Server::bare().await;
    let mut bad = event(&server, "test.bad");
    bad.details = serde_json::json!({ "a": "\0" });
    let good = event(&server, "test.good");
    server.app.journal.record(good.clone()).await;
    server.flush_journal().await;
    // As if the answer to the first write had been lost.
    server.app.journal.record(good).await;
    server.app.journal.record(bad).await;
    server.app.journal.record(event(&server, "test.good")).await;
    server.flush_journal().await;
    assert_eq!(events(&server, "test.good").await, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refresh_is_in_the_audit_log_after_a_stop() {
    let mut server = impatient().await;
    let tokens = server.tokens("shop", "openid offline_access", "bob").await;
    let answer = Api::at(&server).refresh(&member(&tokens, "refresh_token")).await;
    assert_eq!(answer.status, StatusCode::OK);
    server.stop().await;
    assert_eq!(events(&server, "token.refreshed").await, 1);
}
