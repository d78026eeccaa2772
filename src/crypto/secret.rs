//! Secrets that cannot be printed, and the fingerprints that may be stored in their place.

use std::fmt;

use aws_lc_rs::digest;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use crate::ambient::{self, Entropy};

/// A text that must not leak: no `Display`, no `Serialize`, wiped when dropped.
#[derive(Clone)]
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// Takes `text` as a secret from here on.
    pub fn new(text: String) -> Self {
        Self(Zeroizing::new(text))
    }

    /// A new secret: `prefix`, which secret scanners find, and 256 random bits in base64url.
    pub fn mint(prefix: &str, entropy: &dyn Entropy) -> Self {
        let random = Zeroizing::new(ambient::bytes::<32>(entropy));
        let mut text = String::with_capacity(prefix.len() + 43);
        text.push_str(prefix);
        URL_SAFE_NO_PAD.encode_string(random.as_slice(), &mut text);
        Self::new(text)
    }

    /// Lets the text out; every use is a place to review.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// What may be stored of a high-entropy secret: its SHA-256.
    pub fn fingerprint(&self) -> Fingerprint {
        Fingerprint::of(self.0.as_bytes())
    }

    /// Whether both are the same text, in a time that depends on their lengths only.
    pub fn same(&self, other: &Self) -> bool {
        self.0.as_bytes().ct_eq(other.0.as_bytes()).into()
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(..)")
    }
}

impl<'de> serde::Deserialize<'de> for Secret {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(Self::new)
    }
}

/// A SHA-256, safe to store and to look up by.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Fingerprint([u8; 32]);

impl Fingerprint {
    /// The SHA-256 of `bytes`.
    pub fn of(bytes: &[u8]) -> Self {
        let mut out = [0; 32];
        for (to, from) in out.iter_mut().zip(digest::digest(&digest::SHA256, bytes).as_ref()) {
            *to = *from;
        }
        Self(out)
    }

    /// The fingerprint stored as `bytes`, or nothing where they are not 32.
    pub fn from_slice(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self)
    }

    /// As JOSE writes it: 43 characters of base64url (RFC 7638 §3.1).
    pub fn to_base64url(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.0)
    }

    /// The fingerprint in `text`, spelled in the one way that [`Self::to_base64url`] does.
    pub fn from_base64url(text: &str) -> Option<Self> {
        let mut bytes = [0; 33];
        match URL_SAFE_NO_PAD.decode_slice(text, &mut bytes) {
            Ok(32) => Self::from_slice(bytes.first_chunk::<32>()?),
            _ => None,
        }
    }

    /// As stored.
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// Whether both are equal, in constant time.
    pub fn same(&self, other: &Self) -> bool {
        self.0.ct_eq(&other.0).into()
    }
}

impl fmt::Debug for Fingerprint {
    /// The first four bytes: enough to tell two apart in a log.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let start = self.0.first_chunk::<4>().copied().unwrap_or_default();
        write!(f, "Fingerprint({:08x}..)", u32::from_be_bytes(start))
    }
}

#[cfg(test)]
#[expect(clippy::string_slice, reason = "the texts are ASCII")]
mod tests {
    use std::collections::HashSet;

    use super::*;
    use crate::ambient::SystemEntropy;

    #[test]
    fn debug_shows_nothing_of_a_secret() {
        let secret = Secret::mint("pc_rt_", &SystemEntropy);
        assert_eq!(format!("{secret:?} {:?}", Some(&secret)), "Secret(..) Some(Secret(..))");
    }

    #[test]
    fn ten_thousand_minted_secrets_share_nothing_but_their_prefix() {
        let minted: HashSet<String> = (0..10_000)
            .map(|_| Secret::mint("pc_cs_", &SystemEntropy).expose().to_owned())
            .collect();
        let starts: HashSet<&str> = minted.iter().map(|text| &text[6..14]).collect();
        assert_eq!((minted.len(), starts.len()), (10_000, 10_000));
        assert!(minted.iter().all(|text| text.len() == 49 && text.starts_with("pc_cs_")));
    }

    #[test]
    fn minted_bytes_are_evenly_spread() {
        let mut seen = [0_f64; 256];
        for _ in 0..2_000 {
            let secret = Secret::mint("", &SystemEntropy);
            for byte in URL_SAFE_NO_PAD.decode(secret.expose()).unwrap() {
                seen[usize::from(byte)] += 1.0;
            }
        }
        let chi_square: f64 = seen.iter().map(|n| (n - 250.0).powi(2) / 250.0).sum();
        assert!((150.0..400.0).contains(&chi_square), "chi-square {chi_square} of 255 degrees");
    }

    #[test]
    fn a_secret_cut_short_or_extended_is_another_secret() {
        let secret = Secret::mint("pc_rt_", &SystemEntropy);
        let text = secret.expose();
        for end in 0..text.len() {
            assert!(!secret.same(&Secret::new(text[..end].to_owned())));
            assert!(!secret.fingerprint().same(&Fingerprint::of(&text.as_bytes()[..end])));
        }
        assert!(!secret.same(&Secret::new(format!("{text}A"))));
        assert!(secret.same(&secret.clone()));
    }

    #[test]
    fn a_fingerprint_prints_its_start() {
        assert_eq!(format!("{:?}", Fingerprint::of(b"abc")), "Fingerprint(ba7816bf..)");
    }

    #[test]
    fn a_fingerprint_is_the_sha_256() {
        assert_eq!(Fingerprint::of(b"abc").as_bytes()[..4], [0xba, 0x78, 0x16, 0xbf]);
        assert!(Fingerprint::from_slice(&[0; 31]).is_none());
        assert_eq!(Fingerprint::from_slice(&[7; 32]).map(|f| f.0), Some([7; 32]));
    }
}
