//! `openid-client` of npm as an application would use it: bound tokens and pushed requests.

use std::process::Stdio;

use serde_json::json;
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::process::Command;

use crate::support::server::{REDIRECT, SECRET, Server};

async fn walks(client: &str, secret: Option<&str>, alg: &str) {
    let server = Server::start().await;
    let setting = json!({
        "issuer": server.issuer, "client_id": client, "secret": secret, "alg": alg,
        "redirect_uri": REDIRECT, "scope": "openid profile offline_access orders.read",
    });
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/flows/openid_client_flow.mjs");
    let mut node = Command::new("node")
        .args([script, &setting.to_string()])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .expect("no node: tests/run gets one");
    let mut said = BufReader::new(node.stdout.take().unwrap()).lines();
    let Some(away) = said.next_line().await.unwrap() else {
        let failed = node.wait_with_output().await.unwrap();
        panic!("{}", String::from_utf8_lossy(&failed.stderr));
    };
    let mut browser = server.signed_in("bob").await;
    let page = browser.get(away.strip_prefix(&server.issuer).unwrap()).await;
    let back = page.location().to_owned();
    assert!(back.starts_with(REDIRECT), "{page:?}");
    node.stdin.take().unwrap().write_all(format!("{back}\n").as_bytes()).await.unwrap();
    let last = said.next_line().await.unwrap();
    let done = node.wait_with_output().await.unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    assert_eq!(last.as_deref(), Some("done"));
}

#[tokio::test]
async fn openid_client_binds_a_public_clients_tokens_and_heeds_the_nonce() {
    walks("spa", None, "ES256").await;
}

#[tokio::test]
async fn openid_client_binds_a_confidential_clients_tokens() {
    walks("shop", Some(SECRET), "PS256").await;
}

#[tokio::test]
async fn openid_client_calls_eddsa_by_its_newer_name() {
    walks("shop", Some(SECRET), "Ed25519").await;
}
