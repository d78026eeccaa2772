//! `client_secret_basic`: identifier and secret in the `Authorization` header (RFC 6749 §2.3.1).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use zeroize::Zeroizing;

use super::{Claim, Evidence, Method, Request, Unit, body_client_id, client, request};
use crate::crypto::secret::Secret;
use crate::protocol::client::ClientId;
use crate::protocol::error::OAuthError;

/// The `WWW-Authenticate` of a 401 `invalid_client` (RFC 7617 §2).
pub const CHALLENGE: &str = r#"Basic realm="portcullis", charset="UTF-8""#;

pub(super) const UNIT: Unit =
    Unit { method: Method::SecretBasic, name: "client_secret_basic", find };

/// The longest header value.
const MAX_BYTES: usize = 4096;

fn find(asked: &Request<'_>) -> Result<Option<Claim>, OAuthError> {
    let Some(header) = asked.authorization else { return Ok(None) };
    let (scheme, credentials) = header.split_once(' ').unwrap_or((header, ""));
    if !scheme.eq_ignore_ascii_case("basic") {
        return Err(client("the Authorization header must use the scheme Basic"));
    }
    let Some((id, secret)) = decode(credentials.trim_matches(' ')) else {
        return Err(client("the Authorization header is not well-formed (RFC 6749 section 2.3.1)"));
    };
    let client_id = ClientId::parse(&id).ok_or_else(super::failed)?;
    if secret.expose().is_empty() {
        return Err(super::failed());
    }
    match body_client_id(asked.params)? {
        Some(other) if other != client_id => {
            Err(request("client_id is not the one in the Authorization header").at("client_id"))
        }
        _ => Ok(Some(Claim { client_id, evidence: Evidence::Basic(secret) })),
    }
}

/// Both halves of the credentials: base64 of two form-encoded texts around the first colon.
fn decode(credentials: &str) -> Option<(String, Secret)> {
    if credentials.len() > MAX_BYTES {
        return None;
    }
    let bytes = Zeroizing::new(STANDARD.decode(credentials).ok()?);
    let colon = bytes.iter().position(|byte| *byte == b':')?;
    let (id, secret) = bytes.split_at_checked(colon)?;
    Some((form_decode(id)?, Secret::new(form_decode(secret.get(1..)?)?)))
}

/// `application/x-www-form-urlencoded` undone (RFC 6749 appendix B); nothing where it is not that.
fn form_decode(text: &[u8]) -> Option<String> {
    let mut decoded = Vec::with_capacity(text.len());
    let mut rest = text.iter().copied();
    while let Some(byte) = rest.next() {
        decoded.push(match byte {
            b'+' => b' ',
            b'%' => {
                let high = char::from(rest.next()?).to_digit(16)?;
                let low = char::from(rest.next()?).to_digit(16)?;
                u8::try_from(high << 4 | low).ok()?
            }
            byte => byte,
        });
    }
    String::from_utf8(decoded).ok()
}
