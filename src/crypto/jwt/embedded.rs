//! A JWT that brings the key it is checked with (RFC 7515 §4.1.3), and one by a key that was brought
//! before: proofs of `DPoP` and of device-bound sessions, the only places where a key in a header is
//! used. What they prove is that their sender holds that key, no more.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::members::Members;
use super::verify::{Header, Parts};
use super::{Alg, JwtError, PublicJwk};

/// What a proof that its sender holds a key must be to be taken.
#[derive(Debug, Clone, Copy)]
pub struct Embedded<'a> {
    /// The one `typ`.
    pub typ: &'a str,
    /// The allowed algorithms.
    pub algs: &'a [Alg],
    /// Longest token in bytes.
    pub max_bytes: usize,
}

/// Claims and the key that signed them. Times and everything else that the claims say are the
/// caller's to judge.
#[derive(Debug, Clone)]
pub struct Possessed<C> {
    /// The claims, each member at most once.
    pub claims: C,
    /// The key.
    pub key: PublicJwk,
}

impl Embedded<'_> {
    /// The claims of `token`, if the key in its header signed it.
    ///
    /// # Errors
    /// Where it is malformed, its `typ` or `alg` is another, its key is none that we can use or
    /// shows a private part, or the signature is not good.
    pub fn verify<C: DeserializeOwned>(&self, token: &str) -> Result<Possessed<C>, JwtError> {
        let (parts, members) = self.open(token)?;
        let members = Members::parse(&members).ok_or(JwtError::Header)?;
        let header = Header::read(&members, &[self.typ], self.algs, &["jwk"])?;
        let jwk: Option<Value> = members.read("jwk").map_err(|_| JwtError::Key)?;
        let jwk = jwk.ok_or(JwtError::Key)?;
        if PublicJwk::has_private_parts(&jwk) {
            return Err(JwtError::Key);
        }
        let key = PublicJwk::read(&jwk).ok_or(JwtError::Key)?;
        let claims = signed(&parts, header.alg, &key)?;
        Ok(Possessed { claims, key })
    }

    /// The claims of `token`, if `key` signed it: it brings none itself.
    ///
    /// # Errors
    /// As [`verify`](Self::verify).
    pub fn verify_held<C: DeserializeOwned>(
        &self,
        token: &str,
        key: &PublicJwk,
    ) -> Result<C, JwtError> {
        let (parts, members) = self.open(token)?;
        let members = Members::parse(&members).ok_or(JwtError::Header)?;
        let header = Header::read(&members, &[self.typ], self.algs, &[])?;
        signed(&parts, header.alg, key)
    }

    /// The parts of `token`, and its header as JSON.
    fn open<'t>(&self, token: &'t str) -> Result<(Parts<'t>, Vec<u8>), JwtError> {
        if token.len() > self.max_bytes {
            return Err(JwtError::TooLong);
        }
        let parts = Parts::split(token)?;
        let json = URL_SAFE_NO_PAD.decode(parts.header).map_err(|_| JwtError::Shape)?;
        Ok((parts, json))
    }
}

fn signed<C: DeserializeOwned>(
    parts: &Parts<'_>,
    alg: Alg,
    key: &PublicJwk,
) -> Result<C, JwtError> {
    let signature = URL_SAFE_NO_PAD.decode(parts.signature).map_err(|_| JwtError::Shape)?;
    if !key.has_signed(alg, parts.signed.as_bytes(), &signature) {
        return Err(if key.is_usable() { JwtError::Signature } else { JwtError::Unusable });
    }
    let payload = URL_SAFE_NO_PAD.decode(parts.payload).map_err(|_| JwtError::Shape)?;
    Members::parse(&payload).ok_or(JwtError::Payload)?;
    serde_json::from_slice(&payload).map_err(|_| JwtError::Claims)
}
