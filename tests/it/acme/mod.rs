//! The certificate that the server gets by itself (RFC 8555), from a real authority for tests: Pebble.

mod changes;
mod claims;
mod pebble;

use std::time::Duration;

use portcullis::manage::certificates;
use portcullis::store::acme::{CERTIFICATE_PURPOSE, Wanted};
use rcgen::CertificateParams;
use reqwest::Client;
use rustls::pki_types::PrivatePkcs8KeyDer;
use rustls::pki_types::pem::PemObject as _;
use serde_json::json;

use crate::acme::pebble::Pebble;
use crate::support::port::Port;
use crate::support::server::Server;
use crate::support::tls::Authority;

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

/// The certificate that servers with [`settings`] want.
fn wanted(pebble: &Pebble) -> Wanted {
    Wanted { directory: pebble.directory.clone(), names: vec![HOST.to_owned()] }
}

/// A client that trusts these authorities and finds the name at the node on `port`.
fn client(roots: &[&str], port: u16) -> Client {
    let root = |pem: &&str| reqwest::Certificate::from_pem(pem.as_bytes()).unwrap();
    Client::builder()
        .tls_certs_only(roots.iter().map(root))
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
    panic!("not {count}: {sql}: {}", told(server).await);
}

/// What the audit log says about certificates.
async fn told(server: &Server) -> String {
    let mut connection = server.db.connect().await;
    let told = "select coalesce(string_agg(action || ' ' || details::text, '; '), '')
        from audit_events where action like 'certificate.%'";
    sqlx::query_scalar(told).fetch_one(&mut connection).await.unwrap()
}

/// The certificate that is stored: all of it.
async fn certificate(server: &Server) -> Vec<u8> {
    let mut connection = server.db.connect().await;
    let chain = "select convert_to(chain, 'UTF8') from acme_certificates";
    sqlx::query_scalar(chain).fetch_one(&mut connection).await.unwrap()
}

async fn execute(server: &Server, sql: &'static str) {
    sqlx::query(sql).execute(&mut server.db.connect().await).await.unwrap();
}

/// Puts one of `authority` into the place of the stored certificate, two thirds of whose life are over.
async fn age(server: &Server, pebble: &Pebble, authority: &Authority) {
    let mut params = CertificateParams::new(vec![HOST.to_owned()]).unwrap();
    let now = server.app.live.database_time();
    params.not_before = now - time::Duration::days(61);
    params.not_after = now + time::Duration::days(29);
    let made = authority.sign(&params);
    let key = PrivatePkcs8KeyDer::from_pem_slice(made.key.as_bytes()).unwrap();
    let (seal, entropy) = (&server.app.secrets.seal, server.app.entropy.as_ref());
    let row = wanted(pebble).row();
    let key =
        seal.seal(CERTIFICATE_PURPOSE, row.as_bytes(), key.secret_pkcs8_der(), entropy).unwrap();
    let sql = "update acme_certificates set chain = $1, key = $2, not_before = null,
        issued_at = issued_at - interval '60 days'";
    let update = sqlx::query(sql).bind(&made.pem).bind(key);
    update.execute(&mut server.db.connect().await).await.unwrap();
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
    let (root, authority) = (pebble.root().await, Authority::new("Before"));
    let clients = numbers.map(|port| client(&[&root, &authority.pem], port));
    tokio::time::sleep(Duration::from_secs(3)).await;
    let all_serve = async || {
        is_served(&clients[0], numbers[0]).await && is_served(&clients[1], numbers[1]).await
    };
    assert!(all_serve().await);
    assert_eq!(server.number(ISSUED).await + server.number(FAILED).await, 1);
    assert_eq!(server.number("select count(*) from acme_challenges").await, 0);
    let plain = "select count(*) from acme_certificates c, acme_accounts a
        where get_byte(c.key, 0) = 48 or position('key_pkcs8' in encode(a.credentials, 'escape')) > 0";
    assert_eq!(server.number(plain).await, 0, "keys are sealed");
    let described = "select count(*) from audit_events where action = 'certificate.issued'
        and length(details->>'serial') > 8 and length(details->>'sha256') = 64
        and (details->>'until')::timestamptz > now()";
    assert_eq!(server.number(described).await, 1);
    let first = certificate(&server).await;
    // Two thirds of its life later there is another, and nobody is turned away.
    age(&server, &pebble, &authority).await;
    for renewed in 0..600 {
        assert!(all_serve().await);
        if server.number(ISSUED).await == 2 {
            break;
        }
        assert!(renewed < 599, "it is not renewed: {}", told(&server).await);
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    assert_ne!(certificate(&server).await, first);
    tokio::time::sleep(Duration::from_secs(6)).await;
    assert!(all_serve().await);
    assert_eq!(server.number(ISSUED).await + server.number(FAILED).await, 2, "another is ordered");
    assert_eq!(server.number("select count(*) from acme_accounts").await, 1);
    drop(node);
}

#[tokio::test]
async fn a_node_whose_clock_is_wrong_orders_no_certificate() {
    let port = Port::free();
    let pebble = Pebble::start(port.number).await;
    let server = server(&pebble, port).await;
    until(&server, ISSUED, 1).await;
    server.clock.advance(time::Duration::days(4 * 365));
    tokio::time::sleep(Duration::from_secs(12)).await;
    assert_eq!(server.number(ISSUED).await + server.number(FAILED).await, 1);
}

#[tokio::test]
async fn a_certificate_that_would_be_due_at_once_counts_as_a_failure() {
    let port = Port::free();
    let pebble = Pebble::with(port.number, json!({ "certificateValidityPeriod": 1 })).await;
    let server = server(&pebble, port).await;
    until(&server, FAILED, 1).await;
    assert!(
        told(&server).await.contains("another would be due at once"),
        "{}",
        told(&server).await
    );
    tokio::time::sleep(Duration::from_secs(10)).await;
    assert_eq!((server.number(ISSUED).await, server.number(FAILED).await), (0, 1));
}

#[tokio::test]
async fn an_authority_that_cannot_be_reached_is_told_and_asked_again_later() {
    let port = Port::free();
    let number = port.number;
    let mut pebble = Pebble::start(number).await;
    let root = pebble.root().await;
    pebble.stop();
    let server = server(&pebble, port).await;
    until(&server, FAILED, 1).await;
    let held = "select count(*) from acme_certificates where failures = 1 and chain is null
        and claimed_until is null
        and not_before between now() + interval '30 seconds' and now() + interval '2 minutes'";
    assert_eq!(server.number(held).await, 1);
    // Whoever does not look who vouches for it is answered.
    let careless = Client::builder().tls_danger_accept_invalid_certs(true).no_proxy();
    let careless = careless.resolve(HOST, ([127, 0, 0, 1], number).into()).build().unwrap();
    assert!(
        is_served(&careless, number).await && !is_served(&client(&[&root], number), number).await
    );
    tokio::time::sleep(Duration::from_secs(5)).await;
    assert_eq!(server.number(FAILED).await, 1);
}

#[tokio::test]
async fn a_name_that_is_not_ours_gets_no_certificate_and_what_was_found_there_is_told() {
    // The authority finds nobody there.
    let (port, nobody) = (Port::free(), Port::free());
    let pebble = Pebble::start(nobody.number).await;
    let server = server(&pebble, port).await;
    until(&server, FAILED, 1).await;
    let told = told(&server).await;
    let found = "id.example.com: urn:ietf:params:acme:error:unauthorized: Failed to connect to";
    assert!(told.contains(found), "{told}");
    assert_eq!(server.number(ISSUED).await, 0);
    assert_eq!(server.number("select count(*) from acme_challenges").await, 0);
}

#[tokio::test]
async fn a_server_that_is_stopped_in_the_middle_of_an_order_does_not_order_again_at_once() {
    let port = Port::free();
    let pebble = Pebble::start(port.number).await;
    let mut server = server(&pebble, port).await;
    until(&server, "select count(*) from acme_challenges", 1).await;
    server.stop().await;
    let held = "select count(*) from acme_certificates where failures = 1 and claimed_until is null
        and not_before > now() + interval '30 seconds'";
    assert_eq!(server.number(held).await, 1);
    assert!(told(&server).await.contains("stopped in the middle"));
}

#[tokio::test]
async fn a_certificate_is_not_lost_where_the_database_does_not_take_it_for_a_moment() {
    let port = Port::free();
    let pebble = Pebble::start(port.number).await;
    let server = server(&pebble, port).await;
    until(&server, "select count(*) from acme_challenges", 1).await;
    let mut connection = server.db.connect().await;
    let lock = "begin; lock table acme_certificates in exclusive mode";
    sqlx::raw_sql(lock).execute(&mut connection).await.unwrap();
    tokio::time::sleep(Duration::from_secs(10)).await;
    assert_eq!(server.number(ISSUED).await, 0);
    sqlx::raw_sql("rollback").execute(&mut connection).await.unwrap();
    until(&server, ISSUED, 1).await;
    assert_eq!(server.number(FAILED).await, 0);
}

#[tokio::test]
async fn another_is_got_when_somebody_asks_for_it() {
    let port = Port::free();
    let pebble = Pebble::start(port.number).await;
    let server = server(&pebble, port).await;
    until(&server, ISSUED, 1).await;
    let wanted = wanted(&pebble);
    server.manage(async |cx| certificates::renew(&cx, &wanted).await.unwrap()).await;
    until(&server, ISSUED, 2).await;
    let listed = server.manage(async |cx| certificates::list(&cx).await.unwrap()).await;
    assert_eq!((listed.len(), listed[0].failures, listed[0].asked_at), (1, 0, None));
    let asked = "select count(*) from audit_events where action = 'certificate.renew'";
    assert_eq!(server.number(asked).await, 1);
}

#[tokio::test]
async fn an_account_is_bound_to_one_elsewhere() {
    let port = Port::free();
    let (name, key) = ("kid-1", "zWNDZM6eQGHWpSRTPal5eIUYFTu7EajVIoguysqZ9wG44nMEtx3MUAsUDkMTQ12W");
    let more = json!({
        "externalAccountBindingRequired": true,
        "externalAccountMACKeys": { name: key },
    });
    let pebble = Pebble::with(port.number, more).await;
    let binding = [("ACME_EAB_KEY_ID", name), ("ACME_EAB_HMAC_KEY", key)];
    let settings = [&settings(&pebble)[..], &binding].concat();
    let server = Server::at_port(HOST, port, &settings).await;
    until(&server, ISSUED, 1).await;
}
