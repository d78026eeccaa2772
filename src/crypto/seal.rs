//! The master key and what it protects: sealed columns and keyed hashes.
//!
//! Every use has a key of its own, derived by HKDF-SHA-256 (RFC 5869), so that no two purposes
//! share one. A sealed value is `key id (1) | nonce (12) | AES-256-GCM ciphertext and tag`, with
//! purpose and row as associated data: moved to another row or column it does not open.

use std::fmt;

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use aws_lc_rs::hmac;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use crate::ambient::{self, Entropy};
use crate::crypto::CryptoError;
use crate::crypto::secret::{Fingerprint, Secret};

/// Keeps derived keys apart from those of any other software given the same master key.
const SALT: &[u8] = b"portcullis/1";

/// The 256-bit key that everything else is derived from.
#[derive(Clone)]
pub struct MasterKey(Zeroizing<[u8; 32]>);

impl MasterKey {
    /// A new one.
    pub fn mint(entropy: &dyn Entropy) -> Self {
        Self(Zeroizing::new(ambient::bytes(entropy)))
    }

    /// The key written as `text`: 32 bytes in base64 or base64url, padded or not.
    pub fn parse(text: &str) -> Result<Self, CryptoError> {
        let text: Zeroizing<String> = Zeroizing::new(
            text.trim()
                .trim_end_matches('=')
                .chars()
                .map(|c| match c {
                    '+' => '-',
                    '/' => '_',
                    other => other,
                })
                .collect(),
        );
        let decoded =
            URL_SAFE_NO_PAD.decode(text.as_bytes()).map_err(|_| CryptoError::MasterKey)?;
        let bytes = Zeroizing::new(decoded);
        let key: [u8; 32] = bytes.as_slice().try_into().map_err(|_| CryptoError::MasterKey)?;
        Ok(Self(Zeroizing::new(key)))
    }

    /// As [`MasterKey::parse`] reads it.
    pub fn to_text(&self) -> Secret {
        Secret::new(URL_SAFE_NO_PAD.encode(self.0.as_slice()))
    }

    /// HKDF-SHA-256 for one block of output: extract with [`SALT`], expand with `labels`.
    fn derive(&self, labels: &[&str]) -> Zeroizing<[u8; 32]> {
        let salt = hmac::Key::new(hmac::HMAC_SHA256, SALT);
        let prk = hmac::Key::new(hmac::HMAC_SHA256, hmac::sign(&salt, self.0.as_slice()).as_ref());
        let mut context = hmac::Context::with_key(&prk);
        for label in labels {
            context.update(label.as_bytes());
        }
        context.update(&[1]);
        Zeroizing::new(thirty_two(context.sign().as_ref()))
    }
}

impl fmt::Debug for MasterKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MasterKey(..)")
    }
}

/// Seals under the current master key; opens what the current or an older one sealed.
#[derive(Debug, Clone)]
pub struct Seal {
    current: Keyed,
    older: Vec<Keyed>,
}

/// A master key with the byte that sealed values carry for it.
#[derive(Debug, Clone)]
struct Keyed {
    id: u8,
    master: MasterKey,
}

impl Keyed {
    fn new(master: &MasterKey) -> Self {
        let [id, ..] = *Fingerprint::of(master.derive(&["key id"]).as_slice()).as_bytes();
        Self { id, master: master.clone() }
    }

    fn key(&self, purpose: &str) -> Result<LessSafeKey, CryptoError> {
        UnboundKey::new(&AES_256_GCM, self.master.derive(&["seal/", purpose]).as_slice())
            .map(LessSafeKey::new)
            .map_err(|_| CryptoError::Library("AES key"))
    }
}

impl Seal {
    /// Seals under `current`; `older` are the master keys it replaced.
    pub fn new(current: &MasterKey, older: &[MasterKey]) -> Self {
        Self { current: Keyed::new(current), older: older.iter().map(Keyed::new).collect() }
    }

    /// `plain`, readable again only for the same `purpose` (table and column) and `row`.
    pub fn seal(
        &self,
        purpose: &str,
        row: &[u8],
        plain: &[u8],
        entropy: &dyn Entropy,
    ) -> Result<Vec<u8>, CryptoError> {
        let key = self.current.key(purpose)?;
        let nonce: [u8; NONCE_LEN] = ambient::bytes(entropy);
        let mut body = Zeroizing::new(plain.to_vec());
        let tag = key
            .seal_in_place_separate_tag(
                Nonce::assume_unique_for_key(nonce),
                Aad::from(associated(purpose, row)),
                body.as_mut_slice(),
            )
            .map_err(|_| CryptoError::Library("AES-GCM seal"))?;
        Ok([&[self.current.id], nonce.as_slice(), body.as_slice(), tag.as_ref()].concat())
    }

    /// What was sealed for this `purpose` and `row`.
    pub fn open(
        &self,
        purpose: &str,
        row: &[u8],
        sealed: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>, CryptoError> {
        let (id, rest) = sealed.split_first().ok_or(CryptoError::Unopened)?;
        let (nonce, body) = rest.split_first_chunk::<NONCE_LEN>().ok_or(CryptoError::Unopened)?;
        std::iter::once(&self.current)
            .chain(&self.older)
            .filter(|keyed| keyed.id == *id)
            .find_map(|keyed| {
                open_with(&keyed.key(purpose).ok()?, *nonce, &associated(purpose, row), body)
            })
            .ok_or(CryptoError::Unopened)
    }

    /// Whether `sealed` names the current master key; if not, it wants to be sealed anew.
    pub fn is_current(&self, sealed: &[u8]) -> bool {
        sealed.first() == Some(&self.current.id)
    }
}

fn open_with(
    key: &LessSafeKey,
    nonce: [u8; NONCE_LEN],
    associated: &[u8],
    body: &[u8],
) -> Option<Zeroizing<Vec<u8>>> {
    let mut buffer = Zeroizing::new(body.to_vec());
    let nonce = Nonce::assume_unique_for_key(nonce);
    let length = key.open_in_place(nonce, Aad::from(associated), buffer.as_mut_slice()).ok()?.len();
    buffer.truncate(length);
    Some(buffer)
}

/// Purpose and row, each behind its length, so that no two pairs look alike.
fn associated(purpose: &str, row: &[u8]) -> Vec<u8> {
    [&length(purpose.as_bytes()), purpose.as_bytes(), &length(row), row].concat()
}

fn length(part: &[u8]) -> [u8; 8] {
    u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes()
}

fn thirty_two(bytes: &[u8]) -> [u8; 32] {
    let mut out = [0; 32];
    for (to, from) in out.iter_mut().zip(bytes) {
        *to = *from;
    }
    out
}

/// A keyed hash for one use: HMAC-SHA-256 under a key derived from the master key and a label.
#[derive(Clone)]
pub struct MacKey(hmac::Key);

impl MacKey {
    /// The key for `label`; another label gives another key.
    pub fn derive(master: &MasterKey, label: &str) -> Self {
        Self(hmac::Key::new(hmac::HMAC_SHA256, master.derive(&["mac/", label]).as_slice()))
    }

    /// The HMAC over `parts`, each behind its length, so that no two splits of a text collide.
    pub fn tag(&self, parts: &[&[u8]]) -> [u8; 32] {
        let mut context = hmac::Context::with_key(&self.0);
        for part in parts {
            context.update(&length(part));
            context.update(part);
        }
        thirty_two(context.sign().as_ref())
    }

    /// Whether `tag` is the one of `parts`, in constant time. A shorter one never is.
    pub fn verify(&self, parts: &[&[u8]], tag: &[u8]) -> bool {
        self.tag(parts).ct_eq(tag).into()
    }
}

impl fmt::Debug for MacKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MacKey(..)")
    }
}

#[cfg(test)]
#[expect(clippy::string_slice, reason = "the texts are ASCII")]
mod tests {
    use aws_lc_rs::hkdf;
    use proptest::prelude::*;

    use super::*;
    use crate::ambient::SystemEntropy;

    #[test]
    fn a_subkey_is_what_rfc_5869_says() {
        let master = MasterKey::mint(&SystemEntropy);
        let prk = hkdf::Salt::new(hkdf::HKDF_SHA256, SALT).extract(master.0.as_slice());
        let mut expected = [0; 32];
        prk.expand(&[b"seal/", b"x"], hkdf::HKDF_SHA256).unwrap().fill(&mut expected).unwrap();
        assert_eq!(*master.derive(&["seal/", "x"]), expected);
    }

    #[test]
    fn a_master_key_is_read_in_either_alphabet_and_nothing_else() {
        let good = MasterKey(Zeroizing::new([0xfb; 32]));
        let url = good.to_text().expose().to_owned();
        let plain = url.replace('-', "+").replace('_', "/");
        for text in [url.clone(), plain.clone(), format!(" {plain}=\n")] {
            assert_eq!(*MasterKey::parse(&text).unwrap().0, [0xfb; 32]);
        }
        for text in ["", "AAAA", "not base64!", &url[1..], &format!("{url}AAAA")] {
            assert_eq!(MasterKey::parse(text).unwrap_err(), CryptoError::MasterKey);
        }
    }

    #[test]
    fn an_older_master_key_opens_and_a_foreign_one_does_not() {
        let (old, new) = (MasterKey::mint(&SystemEntropy), MasterKey::mint(&SystemEntropy));
        let sealed = Seal::new(&old, &[]).seal("factors", b"1", b"seed", &SystemEntropy).unwrap();
        assert_eq!(*Seal::new(&new, &[old]).open("factors", b"1", &sealed).unwrap(), b"seed");
        assert_eq!(Seal::new(&new, &[]).open("factors", b"1", &sealed), Err(CryptoError::Unopened));
    }

    #[test]
    fn the_same_plain_text_is_sealed_differently_each_time() {
        let seal = Seal::new(&MasterKey::mint(&SystemEntropy), &[]);
        let one = seal.seal("p", b"r", b"x", &SystemEntropy).unwrap();
        let two = seal.seal("p", b"r", b"x", &SystemEntropy).unwrap();
        assert_ne!(one, two);
        assert!(seal.is_current(&one) && !seal.is_current(&[]));
    }

    #[test]
    fn keys_print_nothing() {
        let master = MasterKey::mint(&SystemEntropy);
        let text = format!("{master:?} {:?} {:?}", MacKey::derive(&master, "x"), master.to_text());
        assert_eq!(text, "MasterKey(..) MacKey(..) Secret(..)");
    }

    #[test]
    fn a_tag_knows_its_label_its_split_and_its_length() {
        let master = MasterKey::mint(&SystemEntropy);
        let mac = MacKey::derive(&master, "refresh");
        let tag = mac.tag(&[b"ab", b"c"]);
        assert!(mac.verify(&[b"ab", b"c"], &tag));
        assert!(!mac.verify(&[b"a", b"bc"], &tag) && !mac.verify(&[b"ab", b"c"], &tag[..31]));
        assert!(
            !mac.verify(&[b"ab", b"c"], &[])
                && !MacKey::derive(&master, "code").verify(&[b"ab", b"c"], &tag)
        );
    }

    proptest! {
        #[test]
        fn what_is_sealed_opens_only_untouched_and_in_its_place(
            plain in proptest::collection::vec(any::<u8>(), 0..200), at in any::<prop::sample::Index>(), bit in 0..8_u8,
        ) {
            let seal = Seal::new(&MasterKey(Zeroizing::new([9; 32])), &[]);
            let sealed = seal.seal("factors.seed", b"row", &plain, &SystemEntropy).unwrap();
            prop_assert_eq!(&*seal.open("factors.seed", b"row", &sealed).unwrap(), &plain);
            prop_assert!(seal.open("factors.seedr", b"ow", &sealed).is_err());
            prop_assert!(seal.open("factors.seed", b"other", &sealed).is_err());
            prop_assert!(seal.open("keys.private", b"row", &sealed).is_err());
            let mut touched = sealed.clone();
            touched[at.index(sealed.len())] ^= 1 << bit;
            prop_assert!(seal.open("factors.seed", b"row", &touched).is_err());
            prop_assert!(seal.open("factors.seed", b"row", &sealed[..at.index(sealed.len())]).is_err());
        }
    }
}
