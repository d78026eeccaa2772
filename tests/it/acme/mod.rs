//! The certificate that the server gets by itself (RFC 8555), from a real authority for tests: Pebble.

mod pebble;

use std::time::Duration;

use reqwest::Client;

use crate::acme::pebble::Pebble;
use crate::support::port::Port;
use crate::support::server::Server;

const HOST: &str = "id.example.com";
const ISSUED: &str = "select count(*) from audit_events where action = 'certificate.issued'";
const FAILED: &str = "select count(*) from audit_events where action = 'certificate.failed'";

/// A server that has yet to get its certificate from `pebble`, which looks for it at `port`.
async fn server(pebble: &Pebble, port: Port) -> Server {
    Server::at_port(HOST, port, &settings(pebble)).await
}

fn settings(pebble: &Pebble) -> [(&'static str, &str); 4] {
    [
        ("ACME_DIRECTORY", &pebble.directory),
        ("ACME_CONTACT", "ops@example.com"),
        ("OUTBOUND_CA_FILE", pebble.ca_file.path()),
        ("OUTBOUND_ALLOW", "127.0.0.0/8,::1/128"),
    ]
}

/// A client that trusts what `pebble` issues and finds the name at the node on `port`.
async fn client(pebble: &Pebble, port: u16) -> Client {
    let root = pebble.root().await;
    Client::builder()
        .tls_certs_only([reqwest::Certificate::from_pem(root.as_bytes()).unwrap()])
        .resolve(HOST, ([127, 0, 0, 1], port).into())
        .pool_max_idle_per_host(0)
        .no_proxy()
        .build()
        .unwrap()
}

/// Whether a client is served at `port` under the name.
async fn is_served(client: &Client, port: u16) -> bool {
    let url = format!("https://{HOST}:{port}/livez");
    client.get(url).send().await.is_ok_and(|answer| answer.status() == 200)
}

async fn until(server: &Server, sql: &'static str, count: i64) {
    for _ in 0..600 {
        if server.number(sql).await >= count {
            return;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    let mut connection = server.db.connect().await;
    let why = "select coalesce(string_agg(action || ' ' || details::text, '; '), '')
        from audit_events where action like 'certificate.%'";
    let why: String = sqlx::query_scalar(why).fetch_one(&mut connection).await.unwrap();
    panic!("not {count}: {sql}: {why}");
}

/// The serial and more of the certificate at `port`: all of it.
async fn certificate(server: &Server) -> Vec<u8> {
    let mut connection = server.db.connect().await;
    let chain = "select convert_to(chain, 'UTF8') from acme_certificates";
    sqlx::query_scalar(chain).fetch_one(&mut connection).await.unwrap()
}

#[tokio::test]
async fn the_server_gets_its_certificate_and_renews_it_and_all_nodes_serve_with_it() {
    let (port, other) = (Port::free(), Port::free());
    let numbers = [port.number, other.number];
    // The authority looks at one of the two nodes, whichever orders.
    let pebble = Pebble::start(numbers[1]).await;
    let server = server(&pebble, port).await;
    let node = server.second_node_at(other, &settings(&pebble)).await;
    until(&server, ISSUED, 1).await;
    let client = client(&pebble, numbers[0]).await;
    let other_client = self::client(&pebble, numbers[1]).await;
    tokio::time::sleep(Duration::from_secs(3)).await;
    assert!(is_served(&client, numbers[0]).await && is_served(&other_client, numbers[1]).await);
    assert_eq!(server.number(ISSUED).await + server.number(FAILED).await, 1);
    assert_eq!(server.number("select count(*) from acme_challenges").await, 0);
    let plain = "select count(*) from acme_certificates c, acme_accounts a
        where get_byte(c.key, 0) = 48 or position('key_pkcs8' in encode(a.credentials, 'escape')) > 0";
    assert_eq!(server.number(plain).await, 0, "keys are sealed");
    let first = certificate(&server).await;
    // Two thirds of its five years later there is another, and nobody was turned away.
    server.clock.advance(time::Duration::days(4 * 365));
    for renewed in 0..600 {
        assert!(is_served(&client, numbers[0]).await && is_served(&other_client, numbers[1]).await);
        if server.number(ISSUED).await == 2 {
            break;
        }
        assert!(renewed < 599, "it is not renewed");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    assert_ne!(certificate(&server).await, first);
    assert_eq!(server.number("select count(*) from acme_accounts").await, 1);
    drop(node);
}

#[tokio::test]
async fn an_authority_that_cannot_be_reached_is_told_and_asked_again_later() {
    let port = Port::free();
    let number = port.number;
    let mut pebble = Pebble::start(number).await;
    pebble.stop();
    let server = server(&pebble, port).await;
    until(&server, FAILED, 1).await;
    let held = "select count(*) from acme_certificates where failures = 1 and chain is null
        and claimed_until between now() + interval '30 seconds' and now() + interval '2 minutes'";
    assert_eq!(server.number(held).await, 1);
    // The listener is there, and has nothing to show.
    let client = Client::builder().tls_danger_accept_invalid_certs(true).no_proxy();
    let client = client.resolve(HOST, ([127, 0, 0, 1], number).into()).build().unwrap();
    assert!(!is_served(&client, number).await);
    tokio::time::sleep(Duration::from_secs(5)).await;
    assert_eq!(server.number(FAILED).await, 1);
}

#[tokio::test]
async fn a_name_that_is_not_ours_gets_no_certificate() {
    // The authority finds somebody else there.
    let (port, nobody) = (Port::free(), Port::free());
    let pebble = Pebble::start(nobody.number).await;
    let server = server(&pebble, port).await;
    until(&server, FAILED, 1).await;
    assert_eq!(server.number(ISSUED).await, 0);
    assert_eq!(server.number("select count(*) from acme_challenges").await, 0);
}
