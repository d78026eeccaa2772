//! Tokens and requests that are bound to who sends them (RFC 9449, RFC 9126, FAPI 2.0).

mod fapi;
mod hostile;
mod matrix;
mod par;
mod refresh;
mod resource;
mod token;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;

use crate::support::browser::{Authorize, Page};
use crate::support::dpop::Held;
use crate::support::server::{REDIRECT, SECRET, Server};

const TOKEN: &str = "/oauth2/token";

/// The payload of a token, unverified.
pub fn payload(token: &str) -> Value {
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;
    let part = token.split('.').nth(1).unwrap();
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap()
}

/// The Basic credentials of `client`.
pub fn basic(client: &str) -> String {
    format!("Basic {}", STANDARD.encode(format!("{client}:{SECRET}")))
}

/// A code for the public client `spa`, whose request had these parameters besides.
pub async fn code(server: &Server, more: &[(&str, &str)]) -> (Authorize, String) {
    let scope = "openid offline_access orders.read";
    let request = more
        .iter()
        .fold(Authorize::of("spa", scope), |request, (name, value)| request.with(name, value));
    let page = server.browser().sign_in(server, &request, "bob").await;
    let code = page.param("code").unwrap_or_else(|| panic!("no code: {page:?}"));
    (request, code)
}

/// Redeems a code of `spa` with `proof`.
pub async fn redeem(server: &Server, (request, code): (&Authorize, &str), proof: &str) -> Page {
    let fields = [
        ("grant_type", "authorization_code"),
        ("client_id", "spa"),
        ("code", code),
        ("redirect_uri", REDIRECT),
        ("code_verifier", &request.verifier),
    ];
    match proof {
        "" => server.sends(TOKEN, &fields, &[]).await,
        proof => server.proves(TOKEN, proof, &fields).await,
    }
}

/// Tokens of `spa` that are bound to `key`.
pub async fn tokens(server: &Server, key: &Held) -> Value {
    let (request, code) = code(server, &[]).await;
    let answer = redeem(server, (&request, &code), &key.proof(server, TOKEN)).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    answer.json()
}

/// Refreshes a token of `spa` with `proof`.
pub async fn refresh(server: &Server, token: &str, proof: &str) -> Page {
    let fields = [("grant_type", "refresh_token"), ("client_id", "spa"), ("refresh_token", token)];
    match proof {
        "" => server.sends(TOKEN, &fields, &[]).await,
        proof => server.proves(TOKEN, proof, &fields).await,
    }
}
