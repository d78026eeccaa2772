//! What becomes of a certificate when the configuration or the master key changes.

use std::sync::Arc;

use portcullis::ambient::SystemEntropy;
use portcullis::crypto::seal::{MasterKey, Seal};
use portcullis::store::acme::ACCOUNT_PURPOSE;
use serde_json::Value;

use super::{HOST, ISSUED, client, execute, is_served, server, settings, told, until, wanted};
use crate::acme::pebble::Pebble;
use crate::support::port::Port;
use crate::support::server::{MASTER_KEY, Server};

const REPLACED: &str =
    "select count(*) from audit_events where action = 'certificate.account_replaced'";
const UNUSABLE: &str = "select count(*) from audit_events where action = 'certificate.unusable'";

/// Seals what is stored of the account at `pebble` anew: under `to`, and as `change` leaves it.
async fn rewrite_account(server: &Server, pebble: &Pebble, to: &Seal, change: fn(&mut Value)) {
    let (mut connection, directory) = (server.db.connect().await, pebble.directory.as_bytes());
    let read = "select credentials from acme_accounts";
    let sealed: Vec<u8> = sqlx::query_scalar(read).fetch_one(&mut connection).await.unwrap();
    let opened = server.app.secrets.seal.open(ACCOUNT_PURPOSE, directory, &sealed).unwrap();
    let mut credentials: Value = serde_json::from_slice(&opened).unwrap();
    change(&mut credentials);
    let plain = credentials.to_string();
    let sealed = to.seal(ACCOUNT_PURPOSE, directory, plain.as_bytes(), &SystemEntropy).unwrap();
    let write = sqlx::query("update acme_accounts set credentials = $1").bind(sealed);
    write.execute(&mut connection).await.unwrap();
}

/// Another certificate is asked for, and comes.
async fn ask_for_another(server: &Server, count: i64) {
    execute(server, "update acme_certificates set asked_at = now(), not_before = null").await;
    until(server, ISSUED, count).await;
}

#[tokio::test]
async fn the_certificate_of_before_is_served_until_that_of_another_authority_is_there() {
    let (port, other) = (Port::free(), Port::free());
    let number = other.number;
    let pebble = Pebble::start(port.number).await;
    let mut server = server(&pebble, port).await;
    until(&server, ISSUED, 1).await;
    server.stop().await;
    // Nobody is there, so that the certificate does not come.
    let nobody = Port::free();
    let directory = format!("https://localhost:{}/dir", nobody.number);
    let changed = [
        &settings(&pebble)[1..],
        &[
            ("ACME_DIRECTORY", directory.as_str()),
            ("MTLS_URL", "https://mtls.example.com"),
            ("MTLS_LISTEN", "127.0.0.1:0"),
        ],
    ]
    .concat();
    let node = server.second_node_at(other, &changed).await;
    // From the first handshake on.
    assert!(is_served(&client(&[&pebble.root().await], number), number).await);
    drop(node);
}

#[tokio::test]
async fn a_certificate_that_cannot_be_opened_is_replaced_and_served_on_meanwhile() {
    let port = Port::free();
    let number = port.number;
    let pebble = Pebble::start(number).await;
    let server = server(&pebble, port).await;
    until(&server, ISSUED, 1).await;
    execute(&server, "update acme_certificates set key = '\\x00', not_before = null").await;
    until(&server, UNUSABLE, 1).await;
    assert!(is_served(&client(&[&pebble.root().await], number), number).await);
    until(&server, ISSUED, 2).await;
    assert_eq!(server.number(UNUSABLE).await, 1, "{}", told(&server).await);
}

#[tokio::test]
async fn an_account_that_cannot_be_opened_or_is_forgotten_is_replaced() {
    let port = Port::free();
    let pebble = Pebble::start(port.number).await;
    let server = server(&pebble, port).await;
    until(&server, ISSUED, 1).await;
    execute(&server, "update acme_accounts set credentials = '\\x00'").await;
    ask_for_another(&server, 2).await;
    assert_eq!(server.number(REPLACED).await, 1);
    let forget: fn(&mut Value) = |account| {
        let id = account["id"].as_str().unwrap().to_owned() + "0";
        account["id"] = id.into();
    };
    rewrite_account(&server, &pebble, &server.app.secrets.seal, forget).await;
    ask_for_another(&server, 3).await;
    assert_eq!(server.number(REPLACED).await, 2);
}

#[tokio::test]
async fn an_account_under_an_older_master_key_is_sealed_anew() {
    let port = Port::free();
    let pebble = Pebble::start(port.number).await;
    let older = MasterKey::mint(&SystemEntropy);
    let text = older.to_text();
    let settings = [&settings(&pebble)[..], &[("OLDER_MASTER_KEYS", text.expose())]].concat();
    let server = Server::at_port(HOST, port, &settings).await;
    until(&server, ISSUED, 1).await;
    rewrite_account(&server, &pebble, &Seal::new(&older, &[]), |_| {}).await;
    ask_for_another(&server, 2).await;
    // The older key may go now.
    let current = Arc::new(Seal::new(&MasterKey::parse(MASTER_KEY).unwrap(), &[]));
    let read = "select credentials from acme_accounts";
    let sealed = sqlx::query_scalar(read).fetch_one(&mut server.db.connect().await).await;
    let (sealed, directory): (Vec<u8>, _) = (sealed.unwrap(), wanted(&pebble).directory);
    assert!(current.open(ACCOUNT_PURPOSE, directory.as_bytes(), &sealed).is_ok());
    assert_eq!(server.number(REPLACED).await, 0);
}
