//! Private keys, kept parsed, and the compact JWS that they make (RFC 7515 §7.1).

use std::fmt;

use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair, RSA_PKCS1_SHA256,
    RSA_PSS_SHA256, RsaEncoding, RsaKeyPair,
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::Serialize;
use zeroize::Zeroizing;

use super::{Alg, PublicJwk};
use crate::crypto::CryptoError;

/// The `typ`s whose headers are encoded once per key: access tokens and ID tokens.
const FREQUENT: [&str; 2] = ["at+jwt", "JWT"];

/// A private key of one algorithm, with the name and the public half it is published under.
pub struct SigningKey {
    kid: String,
    alg: Alg,
    pair: Pair,
    public: PublicJwk,
    headers: Vec<(&'static str, String)>,
}

enum Pair {
    Ec(EcdsaKeyPair),
    Rsa(Box<RsaKeyPair>, &'static dyn RsaEncoding),
    Ed(Ed25519KeyPair),
}

impl SigningKey {
    /// A new key named by its thumbprint, and its PKCS#8 form to be sealed.
    pub fn generate(alg: Alg) -> Result<(Self, Zeroizing<Vec<u8>>), CryptoError> {
        let pkcs8 = generate_pkcs8(alg).map_err(|_| CryptoError::Library("key generation"))?;
        let pair = Pair::from_pkcs8(alg, &pkcs8)?;
        let public = pair.public().ok_or(CryptoError::PrivateKey(alg.as_str()))?;
        let kid = public.thumbprint();
        Ok((Self::new(kid, alg, pair, public)?, pkcs8))
    }

    /// The key stored as `pkcs8` under the name `kid`.
    pub fn from_pkcs8(kid: &str, alg: Alg, pkcs8: &[u8]) -> Result<Self, CryptoError> {
        let pair = Pair::from_pkcs8(alg, pkcs8)?;
        let public = pair.public().ok_or(CryptoError::PrivateKey(alg.as_str()))?;
        Self::new(kid.to_owned(), alg, pair, public)
    }

    fn new(kid: String, alg: Alg, pair: Pair, public: PublicJwk) -> Result<Self, CryptoError> {
        let headers = FREQUENT
            .into_iter()
            .map(|typ| Ok((typ, encoded_header(alg, typ, &kid)?)))
            .collect::<Result<_, CryptoError>>()?;
        Ok(Self { kid, alg, pair, public, headers })
    }

    /// Its name in headers and in the key set.
    pub fn kid(&self) -> &str {
        &self.kid
    }

    /// The one algorithm it signs with.
    pub const fn alg(&self) -> Alg {
        self.alg
    }

    /// Its public half.
    pub const fn public(&self) -> &PublicJwk {
        &self.public
    }

    /// Its public half as the key set shows it.
    pub fn public_jwk(&self) -> serde_json::Value {
        self.public.to_value(self.alg, &self.kid)
    }

    /// A signed token of the type `typ` (no `typ` at all where it is empty) with `claims`.
    pub fn sign(&self, typ: &str, claims: &impl Serialize) -> Result<String, CryptoError> {
        let payload = serde_json::to_vec(claims).map_err(|_| CryptoError::Claims)?;
        let frequent = self.headers.iter().find(|(known, _)| *known == typ);
        let rare = match frequent {
            Some(_) => None,
            None => Some(encoded_header(self.alg, typ, &self.kid)?),
        };
        let header =
            rare.as_deref().or(frequent.map(|(_, header)| header.as_str())).unwrap_or_default();
        let mut token = String::with_capacity(header.len() + payload.len() * 4 / 3 + 352);
        token.push_str(header);
        token.push('.');
        URL_SAFE_NO_PAD.encode_string(payload, &mut token);
        self.pair.append_signature(&mut token)?;
        Ok(token)
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SigningKey")
            .field("kid", &self.kid)
            .field("alg", &self.alg)
            .finish_non_exhaustive()
    }
}

impl Pair {
    fn from_pkcs8(alg: Alg, pkcs8: &[u8]) -> Result<Self, CryptoError> {
        let rsa = |padding| {
            let pair = RsaKeyPair::from_pkcs8(pkcs8)?;
            Ok(Self::Rsa(Box::new(pair), padding))
        };
        match alg {
            Alg::Es256 => {
                EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, pkcs8).map(Self::Ec)
            }
            Alg::Rs256 => rsa(&RSA_PKCS1_SHA256),
            Alg::Ps256 => rsa(&RSA_PSS_SHA256),
            Alg::EdDsa => Ed25519KeyPair::from_pkcs8(pkcs8).map(Self::Ed),
        }
        .map_err(|_: aws_lc_rs::error::KeyRejected| CryptoError::PrivateKey(alg.as_str()))
    }

    fn public(&self) -> Option<PublicJwk> {
        match self {
            Self::Ec(pair) => PublicJwk::from_point(pair.public_key().as_ref()),
            Self::Rsa(pair, _) => PublicJwk::from_rsa_der(pair.public_key().as_ref()),
            Self::Ed(pair) => PublicJwk::from_ed25519(pair.public_key().as_ref()),
        }
    }

    /// Turns a signing input into a token: `.` and the signature over all that stands there.
    fn append_signature(&self, token: &mut String) -> Result<(), CryptoError> {
        let random = SystemRandom::new();
        let refused = |_| CryptoError::Library("signature");
        match self {
            Self::Ec(pair) => {
                let signature = pair.sign(&random, token.as_bytes()).map_err(refused)?;
                append(token, signature.as_ref());
            }
            Self::Rsa(pair, padding) => {
                let mut signature = vec![0; pair.public_modulus_len()];
                pair.sign(*padding, &random, token.as_bytes(), &mut signature).map_err(refused)?;
                append(token, &signature);
            }
            Self::Ed(pair) => {
                let signature = pair.try_sign(token.as_bytes()).map_err(refused)?;
                append(token, signature.as_ref());
            }
        }
        Ok(())
    }
}

fn append(token: &mut String, signature: &[u8]) {
    token.push('.');
    URL_SAFE_NO_PAD.encode_string(signature, token);
}

fn generate_pkcs8(alg: Alg) -> Result<Zeroizing<Vec<u8>>, aws_lc_rs::error::Unspecified> {
    let bytes = match alg {
        Alg::Es256 => EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING)?
            .to_pkcs8v1()?
            .as_ref()
            .to_vec(),
        Alg::Rs256 | Alg::Ps256 => {
            let der: Pkcs8V1Der<'static> = RsaKeyPair::generate(KeySize::Rsa2048)?.as_der()?;
            der.as_ref().to_vec()
        }
        Alg::EdDsa => Ed25519KeyPair::generate()?.to_pkcs8v1()?.as_ref().to_vec(),
    };
    Ok(Zeroizing::new(bytes))
}

fn encoded_header(alg: Alg, typ: &str, kid: &str) -> Result<String, CryptoError> {
    #[derive(Serialize)]
    struct Header<'a> {
        alg: Alg,
        #[serde(skip_serializing_if = "str::is_empty")]
        typ: &'a str,
        kid: &'a str,
    }
    let json = serde_json::to_vec(&Header { alg, typ, kid }).map_err(|_| CryptoError::Claims)?;
    Ok(URL_SAFE_NO_PAD.encode(json))
}
