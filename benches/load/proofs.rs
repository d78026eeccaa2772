//! DPoP proofs (RFC 9449 §4.2) and client assertions (RFC 7523 §3) by the thousand, each good once.

use std::sync::atomic::{AtomicUsize, Ordering};

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair};
use axum::http::HeaderValue;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use portcullis::crypto::jwt::{Alg, SigningKey};
use serde_json::{Value, json};
use time::OffsetDateTime;

/// A key of a client.
pub struct Prover {
    pair: EcdsaKeyPair,
    jwk: Value,
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
        Self { pair, jwk, made: AtomicUsize::new(0) }
    }

    /// The value of `jwks` in an apply file.
    pub fn jwks(&self) -> String {
        let members = self.jwk.as_object().unwrap().iter();
        let members: Vec<_> = members.map(|(name, value)| format!("{name} = {value}")).collect();
        format!("{{ keys = [{{ {} }}] }}", members.join(", "))
    }

    /// As many proofs for a form posted to `url` at `now`.
    pub fn proofs(&self, url: &str, now: OffsetDateTime, count: usize) -> Vec<HeaderValue> {
        let now = now.unix_timestamp();
        let header = json!({ "typ": "dpop+jwt", "alg": "ES256", "jwk": self.jwk });
        let proof = |_| {
            let claims = json!({ "htm": "POST", "htu": url, "iat": now, "jti": self.jti() });
            HeaderValue::from_str(&self.sign(&header, &claims)).unwrap()
        };
        (0..count).map(proof).collect()
    }

    /// As many assertions of `client` for the server called `issuer` at `now`.
    pub fn assertions(
        &self,
        client: &str,
        issuer: &str,
        now: OffsetDateTime,
        count: usize,
    ) -> Vec<String> {
        let now = now.unix_timestamp();
        let header = json!({ "alg": "ES256" });
        let assertion = |_| {
            let claims = json!({ "iss": client, "sub": client, "aud": issuer, "iat": now,
                "exp": now + 290, "jti": self.jti() });
            self.sign(&header, &claims)
        };
        (0..count).map(assertion).collect()
    }

    fn jti(&self) -> String {
        self.made.fetch_add(1, Ordering::Relaxed).to_string()
    }

    fn sign(&self, header: &Value, claims: &Value) -> String {
        let signed = format!("{}.{}", part(header), part(claims));
        let signature = self.pair.sign(&SystemRandom::new(), signed.as_bytes()).unwrap();
        format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature.as_ref()))
    }
}

fn part(value: &Value) -> String {
    URL_SAFE_NO_PAD.encode(value.to_string())
}
