//! JSON Web Tokens: signing with keys kept parsed, and a verification that trusts nothing.
//!
//! The library checks the signature; everything it is lax about (SECURITY.md X5, X6) is checked
//! here: size, shape, `typ`, `crit`, keys in headers, duplicates, and the type of each claim.

mod embedded;
mod error;
mod jwk;
mod members;
mod public;
mod signing;
mod verify;

#[cfg(test)]
#[expect(clippy::string_slice, reason = "the texts are ASCII")]
mod tests;

use aws_lc_rs::digest;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};

pub use embedded::{Embedded, Possessed};
pub use error::JwtError;
pub use jwk::PublicJwk;
pub use public::PublicKeys;
pub use signing::SigningKey;
pub use verify::{Audience, Expect, Expiry, Verified, verify};

/// A signature algorithm that we offer (RFC 7518 §3.1, RFC 8037 §3.1).
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, serde::Serialize, serde::Deserialize)]
pub enum Alg {
    /// ECDSA on P-256 with SHA-256.
    #[serde(rename = "ES256")]
    Es256,
    /// RSASSA-PKCS1-v1_5 with SHA-256, 2048 bits.
    #[serde(rename = "RS256")]
    Rs256,
    /// RSASSA-PSS with SHA-256, 2048 bits.
    #[serde(rename = "PS256")]
    Ps256,
    /// Ed25519.
    #[serde(rename = "EdDSA")]
    EdDsa,
}

impl Alg {
    /// Every one, ours first.
    pub const ALL: [Self; 4] = [Self::Es256, Self::Rs256, Self::Ps256, Self::EdDsa];

    /// The value of `alg`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Es256 => "ES256",
            Self::Rs256 => "RS256",
            Self::Ps256 => "PS256",
            Self::EdDsa => "EdDSA",
        }
    }

    /// The algorithm called `text`; `none` and the symmetric ones are not among them. `EdDSA` is called
    /// `Ed25519` too, where it is that (RFC 9864 §2.2): newer libraries say nothing else.
    pub fn parse(text: &str) -> Option<Self> {
        if text == "Ed25519" {
            return Some(Self::EdDsa);
        }
        Self::ALL.into_iter().find(|alg| alg.as_str() == text)
    }

    /// `at_hash` and `c_hash`: the left half of the hash of `text` (OIDC Core §3.1.3.6). For
    /// `EdDSA` the hash is SHA-512, the one that Ed25519 uses.
    pub fn half_hash(self, text: &str) -> String {
        let hash = match self {
            Self::Es256 | Self::Rs256 | Self::Ps256 => &digest::SHA256,
            Self::EdDsa => &digest::SHA512,
        };
        let digest = digest::digest(hash, text.as_bytes());
        let (left, _) = digest.as_ref().split_at(digest.as_ref().len() / 2);
        URL_SAFE_NO_PAD.encode(left)
    }

    const fn library(self) -> jsonwebtoken::Algorithm {
        match self {
            Self::Es256 => jsonwebtoken::Algorithm::ES256,
            Self::Rs256 => jsonwebtoken::Algorithm::RS256,
            Self::Ps256 => jsonwebtoken::Algorithm::PS256,
            Self::EdDsa => jsonwebtoken::Algorithm::EdDSA,
        }
    }
}
