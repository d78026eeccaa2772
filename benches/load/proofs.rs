//! DPoP proofs by the thousand (RFC 9449 §4.2), each good once.

use std::sync::atomic::{AtomicUsize, Ordering};

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair};
use axum::http::HeaderValue;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use portcullis::crypto::jwt::{Alg, SigningKey};
use serde_json::{Value, json};
use time::OffsetDateTime;

/// The key of a client.
pub struct Prover {
    pair: EcdsaKeyPair,
    header: String,
    made: AtomicUsize,
}

impl Prover {
    pub fn new() -> Self {
        let (key, pkcs8) = SigningKey::generate(Alg::Es256).unwrap();
        let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &pkcs8).unwrap();
        let mut jwk = key.public_jwk();
        for name in ["use", "alg", "kid"] {
            jwk.as_object_mut().unwrap().remove(name);
        }
        let header = part(&json!({ "typ": "dpop+jwt", "alg": "ES256", "jwk": jwk }));
        Self { pair, header, made: AtomicUsize::new(0) }
    }

    /// As many proofs for a form posted to `url` at `now`.
    pub fn proofs(&self, url: &str, now: OffsetDateTime, count: usize) -> Vec<HeaderValue> {
        let now = now.unix_timestamp();
        (0..count).map(|_| self.proof(url, now)).collect()
    }

    fn proof(&self, url: &str, now: i64) -> HeaderValue {
        let claims = json!({ "htm": "POST", "htu": url, "iat": now, "jti": self.made.fetch_add(1, Ordering::Relaxed).to_string() });
        let signed = format!("{}.{}", self.header, part(&claims));
        let signature = self.pair.sign(&SystemRandom::new(), signed.as_bytes()).unwrap();
        let signature = URL_SAFE_NO_PAD.encode(signature.as_ref());
        HeaderValue::from_str(&format!("{signed}.{signature}")).unwrap()
    }
}

fn part(value: &Value) -> String {
    URL_SAFE_NO_PAD.encode(value.to_string())
}
