//! `authlib` of `PyPI` as an application would use it: a script of its own against this server.

use std::path::PathBuf;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use portcullis::crypto::jwt::{Alg, SigningKey};
use serde_json::{Value, json};
use tokio::process::Command;

use crate::support::server::{PASSWORD, REDIRECT, SECRET, Server, TOTP};

const SCOPE: &str = "openid email offline_access orders.read";

/// The environment that `tests/run` makes.
fn python() -> PathBuf {
    let python = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/.venv/bin/python"));
    assert!(python.exists(), "no Python environment: run tests/run, which makes it");
    python
}

/// A client in the apply file's form.
fn client(id: &str, method: &str, proof: &str) -> String {
    format!(
        r#"
[[client]]
client_id = "{id}"
{proof}
redirect_uris = ["{REDIRECT}"]
grant_types = ["authorization_code", "refresh_token"]
token_endpoint_auth_method = "{method}"
scope = "{SCOPE}"
introspect = ["https://api.example/"]
consent = "remember"
"#
    )
}

/// A key pair: the private part as PEM, the public part as the apply file takes it.
fn key_pair() -> (String, String) {
    let (key, pkcs8) = SigningKey::generate(Alg::Es256).unwrap();
    let jwk = key.public_jwk();
    let members = jwk.as_object().unwrap().iter();
    let members: Vec<_> = members.map(|(name, value)| format!("{name} = {value}")).collect();
    let lines = STANDARD.encode(&*pkcs8);
    let pem = format!("-----BEGIN PRIVATE KEY-----\n{lines}\n-----END PRIVATE KEY-----\n");
    (pem, format!("jwks = {{ keys = [{{ {} }}] }}", members.join(", ")))
}

async fn run(server: &Server, clients: Value) {
    let setting = json!({
        "issuer": server.issuer, "redirect_uri": REDIRECT, "username": "carol",
        "password": PASSWORD, "totp_key": TOTP, "clients": clients,
    });
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/flows/authlib_flow.py");
    let done = Command::new(python()).arg(script).arg(setting.to_string()).output().await.unwrap();
    let said = String::from_utf8_lossy(&done.stderr);
    assert!(done.status.success(), "{}\n{said}", String::from_utf8_lossy(&done.stdout));
}

async fn serves(method: &str, proof: &str, secret: &str) {
    let server = Server::start().await;
    server.apply(&client("authlib", method, proof)).await;
    let scope = SCOPE;
    let client = json!({ "id": "authlib", "secret": secret, "method": method, "scope": scope });
    run(&server, json!([client])).await;
}

#[tokio::test]
async fn authlib_with_a_secret_in_the_header() {
    let proof = format!("client_secret = \"{SECRET}\"");
    serves("client_secret_basic", &proof, SECRET).await;
}

#[tokio::test]
async fn authlib_with_a_secret_in_the_body() {
    let proof = format!("client_secret = \"{SECRET}\"");
    serves("client_secret_post", &proof, SECRET).await;
}

#[tokio::test]
async fn authlib_with_a_private_key() {
    let (private, public) = key_pair();
    serves("private_key_jwt", &public, &private).await;
}
