//! Sets of public keys that tokens are checked against: a client's, a peer's, our own.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jsonwebtoken::DecodingKey;
use serde_json::Value;

use super::verify::MAX_KID;
use super::{Alg, JwtError, PublicJwk, SigningKey};
use crate::crypto::CryptoError;
use crate::crypto::secret::Fingerprint;

/// More keys than this and a set is refused (RFC 7517 §5 sets no bound).
const MOST_KEYS: usize = 64;

/// At most so many signatures are checked for one token.
const MOST_TRIES: usize = 4;

/// Public keys, ready to check signatures with; each knows its algorithms.
#[derive(Debug, Clone, Default)]
pub struct PublicKeys {
    keys: Vec<PublicKey>,
    /// The SHA-256 of the certificates that go with keys (`x5c`, RFC 7517 §4.7), also with those of
    /// kinds that sign nothing here.
    certificates: Vec<Fingerprint>,
}

#[derive(Debug, Clone)]
pub(super) struct PublicKey {
    kid: Option<String>,
    algs: Vec<Alg>,
    pub(super) key: DecodingKey,
}

impl PublicKeys {
    /// The keys of a JWK Set (RFC 7517 §5). Keys of other kinds or uses are skipped; a set that
    /// shows a private or symmetric key is refused whole.
    pub fn from_jwks(jwks: &Value) -> Result<Self, CryptoError> {
        let keys = jwks
            .get("keys")
            .and_then(Value::as_array)
            .ok_or(CryptoError::Jwks("has no array called keys"))?;
        if keys.len() > MOST_KEYS {
            return Err(CryptoError::Jwks("has too many keys"));
        }
        if keys.iter().any(PublicJwk::has_private_parts) {
            return Err(CryptoError::Jwks("shows a private or symmetric key"));
        }
        Ok(Self {
            keys: keys.iter().filter_map(PublicKey::parse).collect(),
            certificates: keys.iter().filter_map(certificate).collect(),
        })
    }

    /// The public halves of `keys`.
    pub fn of<'a>(keys: impl IntoIterator<Item = &'a SigningKey>) -> Self {
        let keys = keys.into_iter().map(PublicKey::of).collect();
        Self { keys, certificates: Vec::new() }
    }

    /// Whether there is a key called `kid`.
    pub fn has(&self, kid: &str) -> bool {
        self.keys.iter().any(|key| key.kid.as_deref() == Some(kid))
    }

    /// Whether a key comes with the certificate of this SHA-256.
    pub fn has_certificate(&self, thumbprint: &Fingerprint) -> bool {
        self.certificates.contains(thumbprint)
    }

    /// How many certificates there are.
    pub fn certificates(&self) -> usize {
        self.certificates.len()
    }

    /// How many keys can be used.
    pub fn len(&self) -> usize {
        self.keys.len()
    }

    /// Whether no key can be used.
    pub fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }

    /// Whether a key can check a signature by one of `algs`.
    pub fn can_check(&self, algs: &[Alg]) -> bool {
        self.keys.iter().any(|key| key.algs.iter().any(|alg| algs.contains(alg)))
    }

    /// The keys that may have signed a token with this `alg` and `kid`: few, never none.
    pub(super) fn candidates(
        &self,
        alg: Alg,
        kid: Option<&str>,
    ) -> Result<Vec<&PublicKey>, JwtError> {
        let named: Vec<&PublicKey> = match kid {
            Some(kid) => self.keys.iter().filter(|key| key.kid.as_deref() == Some(kid)).collect(),
            None => self.keys.iter().collect(),
        };
        let fitting: Vec<&PublicKey> =
            named.iter().copied().filter(|key| key.algs.contains(&alg)).collect();
        match (kid, named.len(), fitting.len()) {
            (Some(_), 0, _) => Err(JwtError::UnknownKey),
            (Some(_), _, 0) => Err(JwtError::Algorithm),
            (None, _, 0) => Err(JwtError::NoKeyId),
            (_, _, 1..=MOST_TRIES) => Ok(fitting),
            (Some(_), ..) => Err(JwtError::UnknownKey),
            (None, ..) => Err(JwtError::NoKeyId),
        }
    }
}

/// The SHA-256 of the certificate that `jwk` comes with: the first of `x5c` (RFC 7517 §4.7).
fn certificate(jwk: &Value) -> Option<Fingerprint> {
    let first = jwk.get("x5c")?.as_array()?.first()?.as_str()?;
    Some(Fingerprint::of(&STANDARD.decode(first).ok()?))
}

impl PublicKey {
    fn of(key: &SigningKey) -> Self {
        let public = key.public();
        Self { kid: Some(key.kid().to_owned()), algs: vec![key.alg()], key: public.decoding_key() }
    }

    /// The key in `jwk` if it is for checking signatures (RFC 7517 §4.2 to §4.5).
    fn parse(jwk: &Value) -> Option<Self> {
        let public = PublicJwk::parse(jwk)?;
        let for_signatures = match jwk.get("use") {
            Some(purpose) => purpose == "sig",
            None => true,
        };
        let may_verify = match jwk.get("key_ops") {
            Some(operations) => operations.as_array()?.iter().any(|name| name == "verify"),
            None => true,
        };
        let algs = match jwk.get("alg") {
            Some(alg) => vec![Alg::parse(alg.as_str()?)?],
            None => public.algs().to_vec(),
        };
        let kid = match jwk.get("kid") {
            Some(kid) => Some(kid.as_str().filter(|kid| kid.len() <= MAX_KID)?.to_owned()),
            None => None,
        };
        let usable =
            for_signatures && may_verify && algs.iter().all(|alg| public.algs().contains(alg));
        usable.then(|| Self { kid, algs, key: public.decoding_key() })
    }
}
