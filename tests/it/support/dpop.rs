//! A key that proves possession (RFC 9449), and proofs of every kind of badness by it.

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, RSA_PKCS1_SHA256,
    RSA_PSS_SHA256, RsaKeyPair,
};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use portcullis::crypto::jwt::{Alg, PublicJwk, SigningKey};
use portcullis::crypto::secret::Fingerprint;
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::browser::Page;
use crate::support::forge::{fresh, part, with};
use crate::support::server::Server;

/// A key that its holder proves to hold.
pub struct Held {
    alg: Alg,
    pair: Pair,
    /// The public key.
    pub jwk: Value,
}

enum Pair {
    Ec(EcdsaKeyPair),
    Ed(Ed25519KeyPair),
    Rsa(RsaKeyPair),
}

impl Held {
    /// A new ES256 key.
    pub fn new() -> Self {
        Self::of(Alg::Es256)
    }

    /// A new key for `alg`.
    pub fn of(alg: Alg) -> Self {
        let (key, pkcs8) = SigningKey::generate(alg).unwrap();
        let pair = match alg {
            Alg::Es256 => Pair::Ec(
                EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &pkcs8).unwrap(),
            ),
            Alg::EdDsa => Pair::Ed(Ed25519KeyPair::from_pkcs8(&pkcs8).unwrap()),
            Alg::Ps256 | Alg::Rs256 => Pair::Rsa(RsaKeyPair::from_pkcs8(&pkcs8).unwrap()),
        };
        let mut jwk = key.public_jwk();
        jwk.as_object_mut()
            .unwrap()
            .retain(|name, _| ["kty", "crv", "x", "y", "n", "e"].contains(&name.as_str()));
        Self { alg, pair, jwk }
    }

    /// The thumbprint (RFC 7638).
    pub fn thumbprint(&self) -> String {
        PublicJwk::parse(&self.jwk).unwrap().thumbprint()
    }

    /// The header of a good proof.
    pub fn header(&self) -> Value {
        json!({ "typ": "dpop+jwt", "alg": self.alg.as_str(), "jwk": self.jwk })
    }

    /// A proof with this header and payload, signed with the key whatever the header says.
    pub fn jws(&self, header: &Value, payload: &Value) -> String {
        let signed = format!("{}.{}", part(header), part(payload));
        let (bytes, random) = (signed.as_bytes(), SystemRandom::new());
        let signature = match &self.pair {
            Pair::Ec(pair) => pair.sign(&random, bytes).unwrap().as_ref().to_vec(),
            Pair::Ed(pair) => pair.sign(bytes).as_ref().to_vec(),
            Pair::Rsa(pair) => {
                let mut signature = vec![0; pair.public_modulus_len()];
                let padding =
                    if self.alg == Alg::Ps256 { &RSA_PSS_SHA256 } else { &RSA_PKCS1_SHA256 };
                pair.sign(padding, &random, bytes, &mut signature).unwrap();
                signature
            }
        };
        format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature))
    }

    /// A good proof for a `POST` to `path` of `server`.
    pub fn proof(&self, server: &Server, path: &str) -> String {
        self.jws(&self.header(), &server.proof_claims("POST", path))
    }

    /// The same with `name` set to `value`.
    pub fn proof_with(&self, server: &Server, path: &str, name: &str, value: Value) -> String {
        let claims = with(&server.proof_claims("POST", path), name, value);
        self.jws(&self.header(), &claims)
    }

    /// A good proof for `method` at `path`, together with `token`.
    pub fn proof_of(&self, server: &Server, (method, path): (&str, &str), token: &str) -> String {
        let hash = Fingerprint::of(token.as_bytes()).to_base64url();
        let claims = with(&server.proof_claims(method, path), "ath", json!(hash));
        self.jws(&self.header(), &claims)
    }
}

impl Server {
    /// The claims of a good proof for `method` at `path`, with a fresh nonce.
    pub fn proof_claims(&self, method: &str, path: &str) -> Value {
        let now = self.app.now();
        json!({
            "jti": fresh(), "htm": method, "htu": format!("{}{path}", self.issuer),
            "iat": now.unix_timestamp(), "nonce": self.app.secrets.nonces.present(now),
        })
    }

    /// Posts a form with these headers beside it.
    pub async fn sends(
        &self,
        path: &str,
        fields: &[(&str, &str)],
        headers: &[(&str, &str)],
    ) -> Page {
        self.browser().send(Method::POST, path, Some(fields), headers).await
    }

    /// Posts a form as a public client, with this proof.
    pub async fn proves(&self, path: &str, proof: &str, fields: &[(&str, &str)]) -> Page {
        self.sends(path, fields, &[("dpop", proof)]).await
    }

    /// Gets `path` with this token, sent by `scheme`, and this proof.
    pub async fn opens(&self, path: &str, scheme: &str, token: &str, proof: &str) -> Page {
        let authorization = format!("{scheme} {token}");
        let mut headers = vec![("authorization", authorization.as_str())];
        if !proof.is_empty() {
            headers.push(("dpop", proof));
        }
        self.browser().send(Method::GET, path, None, &headers).await
    }
}
