//! Public keys as JSON (RFC 7517, RFC 7518 §6, RFC 8037 §2), read and written by hand.

use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED, ED25519, ParsedPublicKey, RSA_PKCS1_2048_8192_SHA256,
    RSA_PSS_2048_8192_SHA256, RsaPublicKeyComponents, UnparsedPublicKey,
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use jsonwebtoken::DecodingKey;
use serde_json::{Value, json};

use super::Alg;
use crate::crypto::secret::Fingerprint;

/// The members that only a private or symmetric key has (RFC 7518 §6).
const PRIVATE: [&str; 8] = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"];

/// RSA moduli that we take: 2048 to 8192 bits (RFC 7518 §3.3, FAPI 2.0 §5.4).
const MODULUS_BYTES: std::ops::RangeInclusive<usize> = 256..=1024;

/// A public key of a kind that we can use, its numbers checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicJwk(Kind);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Kind {
    /// A point on P-256.
    Ec { x: [u8; 32], y: [u8; 32] },
    /// Modulus and exponent, big-endian without leading zeros.
    Rsa { n: Vec<u8>, e: Vec<u8> },
    /// An Ed25519 key.
    Okp { x: [u8; 32] },
}

impl PublicJwk {
    /// Whether `jwk` carries a part that must stay with its owner.
    pub fn has_private_parts(jwk: &Value) -> bool {
        PRIVATE.iter().any(|name| jwk.get(name).is_some())
    }

    /// The key in `jwk`, or nothing where its kind, its size or its numbers are not good.
    pub fn parse(jwk: &Value) -> Option<Self> {
        Self::checked(Self::read(jwk)?.0)
    }

    /// The key in `jwk`, its numbers not checked yet: the library does that at each use, and one that
    /// is used once need not pay for it twice.
    pub(super) fn read(jwk: &Value) -> Option<Self> {
        let text = |name: &str| jwk.get(name)?.as_str();
        let bytes = |name: &str| URL_SAFE_NO_PAD.decode(text(name)?).ok();
        let kind = match (text("kty")?, text("crv")) {
            ("EC", Some("P-256")) => {
                Kind::Ec { x: bytes("x")?.try_into().ok()?, y: bytes("y")?.try_into().ok()? }
            }
            ("OKP", Some("Ed25519")) => Kind::Okp { x: bytes("x")?.try_into().ok()? },
            ("RSA", _) => Kind::Rsa { n: bytes("n")?, e: bytes("e")? },
            _ => return None,
        };
        Some(Self(kind))
    }

    /// Whether its numbers are good.
    pub(super) fn is_usable(&self) -> bool {
        Self::checked(self.0.clone()).is_some()
    }

    /// Whether this key made `signature` over `signed`.
    pub(super) fn has_signed(&self, alg: Alg, signed: &[u8], signature: &[u8]) -> bool {
        let good = match (&self.0, alg) {
            (Kind::Ec { x, y }, Alg::Es256) => {
                UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point(x, y))
                    .verify(signed, signature)
            }
            (Kind::Okp { x }, Alg::EdDsa) => {
                UnparsedPublicKey::new(&ED25519, x).verify(signed, signature)
            }
            (Kind::Rsa { n, e }, Alg::Ps256) if good_rsa(n, e) => {
                RsaPublicKeyComponents { n, e }.verify(&RSA_PSS_2048_8192_SHA256, signed, signature)
            }
            (Kind::Rsa { n, e }, Alg::Rs256) if good_rsa(n, e) => RsaPublicKeyComponents { n, e }
                .verify(&RSA_PKCS1_2048_8192_SHA256, signed, signature),
            _ => return false,
        };
        good.is_ok()
    }

    /// A P-256 point as SEC 1 writes it: `04`, x, y.
    pub(in crate::crypto) fn from_point(point: &[u8]) -> Option<Self> {
        let (four, rest) = point.split_first()?;
        let (x, y) = rest.split_first_chunk::<32>()?;
        (*four == 4).then_some(())?;
        Self::checked(Kind::Ec { x: *x, y: y.try_into().ok()? })
    }

    /// An Ed25519 public key as its 32 bytes.
    pub(in crate::crypto) fn from_ed25519(bytes: &[u8]) -> Option<Self> {
        Self::checked(Kind::Okp { x: bytes.try_into().ok()? })
    }

    /// An `RSAPublicKey` in DER (RFC 8017 appendix A.1.1).
    pub(in crate::crypto) fn from_rsa_der(der: &[u8]) -> Option<Self> {
        let (sequence, _) = der_value(der, 0x30)?;
        let (n, rest) = der_value(sequence, 0x02)?;
        let (e, _) = der_value(rest, 0x02)?;
        Self::checked(Kind::Rsa { n: without_zeros(n).to_vec(), e: without_zeros(e).to_vec() })
    }

    fn checked(kind: Kind) -> Option<Self> {
        let good = match &kind {
            Kind::Ec { x, y } => {
                ParsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point(x, y)).is_ok()
            }
            Kind::Okp { x } => ParsedPublicKey::new(&ED25519, x).is_ok(),
            Kind::Rsa { n, e } => good_rsa(n, e),
        };
        good.then_some(Self(kind))
    }

    /// The algorithms that a key of this kind can be used with.
    pub fn algs(&self) -> &'static [Alg] {
        match self.0 {
            Kind::Ec { .. } => &[Alg::Es256],
            Kind::Rsa { .. } => &[Alg::Rs256, Alg::Ps256],
            Kind::Okp { .. } => &[Alg::EdDsa],
        }
    }

    /// The SHA-256 thumbprint in base64url (RFC 7638 §3): `kid` of our keys, `jkt` of DPoP.
    pub fn thumbprint(&self) -> String {
        encode(self.fingerprint().as_bytes())
    }

    /// The SHA-256 thumbprint (RFC 7638 §3).
    pub fn fingerprint(&self) -> Fingerprint {
        let text = match &self.0 {
            Kind::Ec { x, y } => {
                format!(r#"{{"crv":"P-256","kty":"EC","x":"{}","y":"{}"}}"#, encode(x), encode(y))
            }
            Kind::Rsa { n, e } => {
                format!(r#"{{"e":"{}","kty":"RSA","n":"{}"}}"#, encode(e), encode(n))
            }
            Kind::Okp { x } => format!(r#"{{"crv":"Ed25519","kty":"OKP","x":"{}"}}"#, encode(x)),
        };
        Fingerprint::of(text.as_bytes())
    }

    /// As published: the public numbers, `use`, `alg` and `kid`, and nothing else.
    pub fn to_value(&self, alg: Alg, kid: &str) -> Value {
        let (alg, sig) = (alg.as_str(), "sig");
        match &self.0 {
            Kind::Ec { x, y } => {
                json!({"kty": "EC", "use": sig, "alg": alg, "kid": kid, "crv": "P-256", "x": encode(x), "y": encode(y)})
            }
            Kind::Rsa { n, e } => {
                json!({"kty": "RSA", "use": sig, "alg": alg, "kid": kid, "n": encode(n), "e": encode(e)})
            }
            Kind::Okp { x } => {
                json!({"kty": "OKP", "use": sig, "alg": alg, "kid": kid, "crv": "Ed25519", "x": encode(x)})
            }
        }
    }

    pub(super) fn decoding_key(&self) -> DecodingKey {
        match &self.0 {
            Kind::Ec { x, y } => DecodingKey::from_ec_der(&point(x, y)),
            Kind::Rsa { n, e } => DecodingKey::from_rsa_raw_components(n, e),
            Kind::Okp { x } => DecodingKey::from_ed_der(x),
        }
    }
}

fn point(x: &[u8; 32], y: &[u8; 32]) -> Vec<u8> {
    [[4].as_slice(), x, y].concat()
}

/// The size is checked by the library at each use; here so that a bad key is never kept.
fn good_rsa(n: &[u8], e: &[u8]) -> bool {
    let odd = |number: &[u8]| number.last().is_some_and(|byte| byte % 2 == 1);
    let full = n.first().is_some_and(|byte| n.len() > *MODULUS_BYTES.start() || *byte >= 0x80);
    let exponent = odd(e) && e.len() <= 4 && e != [1];
    MODULUS_BYTES.contains(&n.len())
        && odd(n)
        && full
        && exponent
        && RsaPublicKeyComponents { n, e }.to_parsed_public_key(&RSA_PKCS1_2048_8192_SHA256).is_ok()
}

fn encode(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

fn without_zeros(number: &[u8]) -> &[u8] {
    let zeros = number.iter().take_while(|byte| **byte == 0).count();
    number.get(zeros..).unwrap_or_default()
}

/// The content of the DER value tagged `tag` that `der` begins with, and what follows it.
fn der_value(der: &[u8], tag: u8) -> Option<(&[u8], &[u8])> {
    let (found, rest) = der.split_first()?;
    let (first, rest) = rest.split_first()?;
    let (length, rest) = match usize::from(*first) {
        short @ 0..0x80 => (short, rest),
        long => {
            let (digits, rest) =
                rest.split_at_checked(long - 0x80).filter(|(d, _)| d.len() <= 4)?;
            (digits.iter().fold(0, |sum, digit| (sum << 8) | usize::from(*digit)), rest)
        }
    };
    (*found == tag).then(|| rest.split_at_checked(length))?
}
