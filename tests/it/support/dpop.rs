//! Keys and proofs of possession (RFC 9449): good ones, and whatever a test makes of them.

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, RSA_PKCS1_SHA256,
    RSA_PSS_SHA256, RsaKeyPair,
};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use portcullis::crypto::jwt::{Alg, SigningKey};
use portcullis::crypto::secret::Fingerprint;
use serde_json::{Value, json};

use crate::support::browser::Page;
use crate::support::forge::{fresh, part, with};
use crate::support::server::Server;

/// A key that a client holds.
pub struct DpopKey {
    alg: Alg,
    jwk: Value,
    thumbprint: String,
    pair: Pair,
}

enum Pair {
    Ec(EcdsaKeyPair),
    Ed(Ed25519KeyPair),
    Rsa(RsaKeyPair),
}

impl DpopKey {
    /// A new one for ES256.
    pub fn new() -> Self {
        Self::of(Alg::Es256)
    }

    /// A new one for `alg`.
    pub fn of(alg: Alg) -> Self {
        let (key, pkcs8) = SigningKey::generate(alg).unwrap();
        let pair = match alg {
            Alg::Es256 => Pair::Ec(
                EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &pkcs8).unwrap(),
            ),
            Alg::EdDsa => Pair::Ed(Ed25519KeyPair::from_pkcs8(&pkcs8).unwrap()),
            Alg::Rs256 | Alg::Ps256 => Pair::Rsa(RsaKeyPair::from_pkcs8(&pkcs8).unwrap()),
        };
        let bare = |jwk, name| with(&jwk, name, Value::Null);
        let jwk = ["use", "alg", "kid"].into_iter().fold(key.public_jwk(), bare);
        Self { alg, jwk, thumbprint: key.kid().to_owned(), pair }
    }

    /// Its public half: the numbers and nothing else.
    pub const fn jwk(&self) -> &Value {
        &self.jwk
    }

    /// Its `jkt`.
    pub fn thumbprint(&self) -> &str {
        &self.thumbprint
    }

    /// The header of a good proof.
    pub fn header(&self) -> Value {
        json!({ "typ": "dpop+jwt", "alg": self.alg.as_str(), "jwk": self.jwk })
    }

    /// A good proof with these claims.
    pub fn proof(&self, claims: &Value) -> String {
        self.jws(&self.header(), claims)
    }

    /// A token with this header and payload, signed with the key whatever the header says.
    pub fn jws(&self, header: &Value, payload: &Value) -> String {
        self.sign(&format!("{}.{}", part(header), part(payload)))
    }

    /// `signed` with its signature.
    pub fn sign(&self, signed: &str) -> String {
        let (random, bytes) = (SystemRandom::new(), signed.as_bytes());
        let signature = match &self.pair {
            Pair::Ec(pair) => pair.sign(&random, bytes).unwrap().as_ref().to_vec(),
            Pair::Ed(pair) => pair.sign(bytes).as_ref().to_vec(),
            Pair::Rsa(pair) => {
                let mut signature = vec![0; pair.public_modulus_len()];
                let pss = self.alg == Alg::Ps256;
                let padding = if pss { &RSA_PSS_SHA256 } else { &RSA_PKCS1_SHA256 };
                pair.sign(padding, &random, bytes, &mut signature).unwrap();
                signature
            }
        };
        format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature))
    }
}

/// The `ath` of `token` (RFC 9449 §4.2).
pub fn ath(token: &str) -> String {
    Fingerprint::of(token.as_bytes()).to_base64url()
}

impl Server {
    /// The claims of a good proof for a request with `method` to `path`.
    pub fn proof_claims(&self, method: &str, path: &str) -> Value {
        json!({
            "jti": fresh(), "htm": method, "htu": format!("{}{path}", self.issuer),
            "iat": self.app.now().unix_timestamp(), "nonce": self.nonce(),
        })
    }

    /// The same where the access token `token` is sent along.
    pub fn resource_claims(&self, method: &str, path: &str, token: &str) -> Value {
        with(&self.proof_claims(method, path), "ath", json!(ath(token)))
    }

    /// The nonce that it gives out now.
    pub fn nonce(&self) -> String {
        self.app.secrets.nonces.present(self.app.now())
    }

    /// Whether `answer` brings a nonce for the next proof.
    pub fn gave_nonce(&self, answer: &Page) -> bool {
        self.app.secrets.nonces.is_fresh(answer.header("dpop-nonce"), self.app.now())
    }
}
