//! JWTs of every kind of badness, signed well.

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use portcullis::ambient::{self, Clock as _, SystemClock, SystemEntropy};
use portcullis::crypto::jwt::{Alg, SigningKey};
use portcullis::protocol::client_auth::ASSERTION_TYPE;
use serde_json::{Value, json};

use crate::support::browser::Page;
use crate::support::server::Server;

/// A key of a client's own.
pub struct Signer {
    /// The key as the server knows such keys.
    pub key: SigningKey,
    pair: EcdsaKeyPair,
}

/// `value` as a part of a compact JWS.
pub fn part(value: &Value) -> String {
    URL_SAFE_NO_PAD.encode(value.to_string())
}

impl Signer {
    /// A new one.
    pub fn new() -> Self {
        let (key, pkcs8) = SigningKey::generate(Alg::Es256).unwrap();
        let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &pkcs8).unwrap();
        Self { key, pair }
    }

    /// An apply file with the client `signer` that has this key.
    pub fn client(&self) -> String {
        format!(
            r#"
            [[client]]
            client_id = "signer"
            client_name = "Signer"
            grant_types = ["client_credentials"]
            token_endpoint_auth_method = "private_key_jwt"
            scope = "orders.read"
            jwks = {}
            "#,
            self.jwks()
        )
    }

    /// The value of `jwks` in an apply file.
    pub fn jwks(&self) -> String {
        let jwk = self.key.public_jwk();
        let members = jwk.as_object().unwrap().iter();
        let members: Vec<_> = members.map(|(name, value)| format!("{name} = {value}")).collect();
        format!("{{ keys = [{{ {} }}] }}", members.join(", "))
    }

    /// The header of a good token of this key.
    pub fn header(&self) -> Value {
        json!({ "alg": "ES256", "kid": self.key.kid() })
    }

    /// A token with this header and payload, signed with the key whatever the header says.
    pub fn jws(&self, header: &Value, payload: &Value) -> String {
        let signed = format!("{}.{}", part(header), part(payload));
        let signature = self.pair.sign(&SystemRandom::new(), signed.as_bytes()).unwrap();
        format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature.as_ref()))
    }
}

/// A name that nothing had before.
pub fn fresh() -> String {
    ambient::id(SystemClock.now(), &SystemEntropy).to_string()
}

impl Server {
    /// The claims of a good assertion of the client `signer`.
    pub fn assertion(&self) -> Value {
        let now = self.app.now().unix_timestamp();
        json!({
            "iss": "signer", "sub": "signer", "aud": self.issuer, "iat": now, "exp": now + 60,
            "jti": fresh(),
        })
    }

    /// Asks for a token with `assertion`.
    pub async fn assert_with(&self, assertion: &str) -> Page {
        let fields = [
            ("grant_type", "client_credentials"),
            ("client_assertion_type", ASSERTION_TYPE),
            ("client_assertion", assertion),
        ];
        self.form("/oauth2/token", &fields).await
    }
}

/// `object` with `name` set to `value`, or without it where the value is null.
pub fn with(object: &Value, name: &str, value: Value) -> Value {
    let mut object = object.clone();
    let members = object.as_object_mut().unwrap();
    if value.is_null() {
        members.remove(name);
    } else {
        members.insert(name.to_owned(), value);
    }
    object
}
