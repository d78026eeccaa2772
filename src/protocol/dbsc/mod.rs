//! Device-bound session credentials (W3C draft "Device Bound Session Credentials"): the browser makes a
//! key that does not leave the device, and a session that is bound to it lives on a short-lived cookie
//! that only a signature by that key renews. What a thief copies from the browser is worth nothing
//! elsewhere ten minutes later.

use serde::Deserialize;
use serde_json::{Value, json};
use time::Duration;
use url::Url;

use crate::crypto::jwt::{Alg, Embedded, JwtError, PublicJwk};

mod challenge;
#[cfg(test)]
mod tests;

pub use challenge::{BoundSessions, MAC_LABEL};

/// The header that asks the browser to make a key.
pub const REGISTRATION_HEADER: &str = "secure-session-registration";
/// The header that gives the browser what it must sign.
pub const CHALLENGE_HEADER: &str = "secure-session-challenge";
/// The header in which the browser proves that it holds the key.
pub const RESPONSE_HEADER: &str = "secure-session-response";
/// The header in which the browser names the session that it renews.
pub const SESSION_ID_HEADER: &str = "sec-secure-session-id";

/// The header in which the browser says that it could not renew the cookie of a session, and why.
pub const SKIPPED_HEADER: &str = "secure-session-skipped";
/// The reasons in [`SKIPPED_HEADER`] that pass by themselves.
pub const PASSING: [&str; 2] = ["unreachable", "server_error"];

/// Where a key is registered.
pub const REGISTER_PATH: &str = "/session/bind";
/// Where the cookie is renewed.
pub const RENEW_PATH: &str = "/session/renew";

/// How long the browser keeps the short-lived cookie.
pub const COOKIE: Duration = Duration::minutes(10);

/// The algorithms that browsers know, ours first.
const ALGS: [Alg; 2] = [Alg::Es256, Alg::Rs256];
const TYP: &str = "dbsc+jwt";
/// The longest proof, before anything of it is read.
const MAX_BYTES: usize = 4096;

/// What a proof says; all else is ignored.
#[derive(Debug, Deserialize)]
struct Claims {
    jti: String,
}

/// A key that somebody proved to hold, and for which challenge.
#[derive(Debug, Clone)]
pub struct Registration {
    /// The key.
    pub key: PublicJwk,
    /// The challenge that was signed; not looked at yet.
    pub challenge: String,
}

impl Registration {
    /// The registration in this value of [`RESPONSE_HEADER`].
    ///
    /// # Errors
    /// Where it is no proof, or the key in it did not sign it.
    pub fn read(header: &str) -> Result<Self, JwtError> {
        let shown = EXPECT.verify::<Claims>(unquoted(header))?;
        Ok(Self { key: shown.key, challenge: shown.claims.jti })
    }
}

/// The challenge that `key` signed in this value of [`RESPONSE_HEADER`]; not looked at yet.
///
/// # Errors
/// Where it is no proof, or another key signed it.
pub fn signed_challenge(header: &str, key: &PublicJwk) -> Result<String, JwtError> {
    Ok(EXPECT.verify_held::<Claims>(unquoted(header), key)?.jti)
}

const EXPECT: Embedded<'static> = Embedded { typ: TYP, algs: &ALGS, max_bytes: MAX_BYTES };

/// The text of a structured field's string (RFC 9651 §3.3.3), without parameters; browsers send a bare
/// token too. What we read has neither quotes nor backslashes in it.
pub fn unquoted(header: &str) -> &str {
    let header = header.trim();
    match header.strip_prefix('"').and_then(|rest| rest.split_once('"')) {
        Some((inner, _)) => inner,
        None => header.split_once(';').map_or(header, |(item, _)| item.trim_end()),
    }
}

/// The value of [`REGISTRATION_HEADER`].
pub fn registration(challenge: &str) -> String {
    let algs = ALGS.map(Alg::as_str).join(" ");
    format!("({algs});path=\"{REGISTER_PATH}\";challenge=\"{challenge}\"")
}

/// The value of [`CHALLENGE_HEADER`], for the session of this name.
pub fn challenge(challenge: &str, session: &str) -> String {
    format!("\"{challenge}\";id=\"{session}\"")
}

/// What the browser is told of the session of this name, which is bound: where to renew what, and for which requests.
/// Programs' addresses are left out, for they open nothing by a cookie.
pub fn instructions(session: &str, issuer: &Url, cookie: &str, attributes: &str) -> Value {
    let host = issuer.host_str().unwrap_or_default();
    let leave_out = |path: &str| json!({ "type": "exclude", "domain": host, "path": path });
    json!({
        "session_identifier": session,
        "refresh_url": RENEW_PATH,
        "scope": {
            "origin": issuer.origin().ascii_serialization(),
            "include_site": false,
            "scope_specification": EXCLUDED.map(leave_out),
        },
        "credentials": [{ "type": "cookie", "name": cookie, "attributes": attributes }],
    })
}

/// Addresses that no cookie opens.
const EXCLUDED: [&str; 10] = [
    "/.well-known",
    "/assets",
    "/oauth2/token",
    "/oauth2/par",
    "/oauth2/introspect",
    "/oauth2/revoke",
    "/oauth2/userinfo",
    "/oauth2/jwks",
    "/admin/api",
    "/demo/api",
];

/// What the browser is told of a session that is over.
pub fn over(session: &str) -> Value {
    json!({ "session_identifier": session, "continue": false })
}
