//! Certificates that clients show (RFC 8705): at a listener of our own, and through a proxy.

mod fapi;
mod listener;
mod nginx;
mod proxy;

use portcullis::protocol::params::encode;
use serde_json::Value;

use crate::support::server::{REDIRECT, Server};
use crate::support::tls::Credential;

/// Clients that prove themselves by what their certificate names; `bound` and `loose` by the same
/// subject, the first with tokens that are bound to it.
const CLIENTS: &str = r#"
[[client]]
client_id = "bound"
grant_types = ["client_credentials"]
token_endpoint_auth_method = "tls_client_auth"
tls_client_auth_subject_dn = "CN=bound.example,O=Acme"
tls_client_certificate_bound_access_tokens = true
scope = "orders.read"
introspect = ["https://api.example/"]

[[client]]
client_id = "loose"
grant_types = ["client_credentials"]
token_endpoint_auth_method = "tls_client_auth"
tls_client_auth_san_dns = "bound.example"
scope = "orders.read"
"#;

/// A client with a certificate of its own, registered by value.
fn own(id: &str, credential: &Credential) -> String {
    let jwk = credential.read().to_jwk().unwrap();
    format!(
        "[[client]]\nclient_id = \"{id}\"\nconsent = \"trusted\"\nredirect_uris = [\"{REDIRECT}\"]\n\
        grant_types = [\"authorization_code\", \"refresh_token\", \"client_credentials\"]\n\
        token_endpoint_auth_method = \"self_signed_tls_client_auth\"\n\
        tls_client_certificate_bound_access_tokens = true\n\
        scope = \"openid offline_access orders.read\"\njwks = {{ keys = [{}] }}\n",
        toml(&jwk)
    )
}

/// A JWK as an inline table.
fn toml(jwk: &Value) -> String {
    let members = jwk.as_object().unwrap().iter();
    let members: Vec<_> = members.map(|(name, value)| format!("{name} = {value}")).collect();
    format!("{{ {} }}", members.join(", "))
}

/// A request for a token of its own by the client called `id`.
fn machine(id: &str) -> String {
    encode([("grant_type", "client_credentials"), ("client_id", id)])
}

/// The `cnf` of a token.
fn confirmation(token: &str) -> Value {
    super::read(token).1["cnf"].clone()
}

/// The JSON of an answer.
async fn json_of(answer: reqwest::Response) -> Value {
    serde_json::from_str(&answer.text().await.unwrap()).unwrap()
}

/// A server behind proxies at 127.0.0.2, which hand certificates over in `Client-Cert`.
async fn behind_proxies(ca_file: &str) -> Server {
    let server = Server::with(&[
        ("TRUSTED_PROXIES", "127.0.0.2/32"),
        ("MTLS_PROXY_HEADER", "Client-Cert"),
        ("MTLS_CA_FILE", ca_file),
    ])
    .await;
    server.apply(crate::support::server::STOCK).await;
    server
}
