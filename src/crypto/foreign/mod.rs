//! Password hashes that other servers made, so that people can move here without a reset: bcrypt,
//! scrypt and PBKDF2. Each is made anew as Argon2id at the first sign-in that proves it.
//!
//! A hash is brought to one form when it is imported ([`import`]), and only that form is stored. What
//! would cost more than we can bear, or is too weak to be kept, is refused there.

mod read;
#[cfg(test)]
mod tests;

use std::fmt;
use std::num::NonZeroU32;

use aws_lc_rs::pbkdf2;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use subtle::ConstantTimeEq as _;

use crate::crypto::CryptoError;
use crate::crypto::password::Stored;
use crate::crypto::secret::Secret;

/// What bcrypt looks at: it cuts longer passwords, we refuse them (SECURITY.md H46).
const BCRYPT_BYTES: usize = 72;
/// A cost above it takes seconds.
const MOST_BCRYPT_COST: u32 = 14;
/// 128 MiB.
const MOST_SCRYPT_BYTES: u64 = 128 * 1024 * 1024;
const MOST_SCRYPT_LANES: u32 = 4;
const ROUNDS: std::ops::RangeInclusive<u32> = 1_000..=2_000_000;
const SALT_BYTES: std::ops::RangeInclusive<usize> = 8..=128;
const HASH_BYTES: std::ops::RangeInclusive<usize> = 16..=128;

/// The stored form of a hash that another server made, whatever it wrote it like: PHC strings,
/// modular crypt, Django's and Keycloak's forms.
///
/// # Errors
/// Where it is none of them, or asks for more work than we allow.
pub fn import(text: &str) -> Result<Secret, CryptoError> {
    let text = text.trim();
    let argon2 = text.strip_prefix("argon2$").map(|rest| format!("${rest}"));
    let argon2 = argon2.as_deref().unwrap_or(text);
    if argon2.starts_with("$argon2") {
        Stored::parse(argon2)?;
        return Ok(Secret::new(argon2.to_owned()));
    }
    let foreign = read::any(text).ok_or(CryptoError::PasswordHash)?;
    foreign.check()?;
    Ok(Secret::new(foreign.to_string()))
}

/// A hash that is not Argon2.
pub(super) enum Foreign {
    /// Provos and Mazières, 1999.
    Bcrypt {
        /// The logarithm of the rounds.
        cost: u32,
        /// The salt.
        salt: [u8; 16],
        /// The first 23 bytes of the output.
        hash: Vec<u8>,
    },
    /// RFC 7914.
    Scrypt {
        /// The logarithm of N.
        log_n: u8,
        /// The block size.
        r: u32,
        /// The lanes.
        p: u32,
        /// The salt.
        salt: Vec<u8>,
        /// The output.
        hash: Vec<u8>,
    },
    /// RFC 8018 §5.2.
    Pbkdf2 {
        /// Which HMAC.
        digest: Digest,
        /// The iterations.
        rounds: u32,
        /// The salt.
        salt: Vec<u8>,
        /// The output.
        hash: Vec<u8>,
    },
}

/// The hash inside PBKDF2's HMAC.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Digest {
    /// SHA-1.
    Sha1,
    /// SHA-256.
    Sha256,
    /// SHA-512.
    Sha512,
}

impl Digest {
    const ALL: [(&'static str, Self); 3] =
        [("pbkdf2", Self::Sha1), ("pbkdf2-sha256", Self::Sha256), ("pbkdf2-sha512", Self::Sha512)];

    /// The digest of the scheme called `name`.
    fn parse(name: &str) -> Option<Self> {
        let name = if name == "pbkdf2-sha1" { "pbkdf2" } else { name };
        Self::ALL.into_iter().find(|(known, _)| *known == name).map(|(_, digest)| digest)
    }

    fn scheme(self) -> &'static str {
        let named = Self::ALL.into_iter().find(|(_, digest)| *digest == self);
        named.map_or("pbkdf2", |(name, _)| name)
    }

    fn algorithm(self) -> pbkdf2::Algorithm {
        match self {
            Self::Sha1 => pbkdf2::PBKDF2_HMAC_SHA1,
            Self::Sha256 => pbkdf2::PBKDF2_HMAC_SHA256,
            Self::Sha512 => pbkdf2::PBKDF2_HMAC_SHA512,
        }
    }
}

impl Foreign {
    /// The hash in its stored form; nothing where it is another kind of text.
    pub(super) fn parse(stored: &str) -> Option<Self> {
        read::stored(stored).filter(|foreign| foreign.check().is_ok())
    }

    /// Refuses what costs too much or protects too little.
    fn check(&self) -> Result<(), CryptoError> {
        let fits = match self {
            Self::Bcrypt { cost, hash, .. } => {
                (4..=MOST_BCRYPT_COST).contains(cost) && hash.len() == 23
            }
            Self::Scrypt { log_n, r, p, salt, hash } => {
                let bytes = 1_u64
                    .checked_shl((*log_n).into())
                    .and_then(|n| n.checked_mul(128)?.checked_mul(u64::from(*r)));
                (10..32).contains(log_n)
                    && (1..=32).contains(r)
                    && (1..=MOST_SCRYPT_LANES).contains(p)
                    && bytes.is_some_and(|bytes| bytes <= MOST_SCRYPT_BYTES)
                    && SALT_BYTES.contains(&salt.len())
                    && HASH_BYTES.contains(&hash.len())
            }
            Self::Pbkdf2 { rounds, salt, hash, .. } => {
                ROUNDS.contains(rounds)
                    && SALT_BYTES.contains(&salt.len())
                    && HASH_BYTES.contains(&hash.len())
            }
        };
        if fits { Ok(()) } else { Err(CryptoError::PasswordHash) }
    }

    /// Whether it was made from `password`; the comparison is constant-time.
    pub(super) fn matches(&self, password: &Secret) -> Result<bool, CryptoError> {
        let password = password.expose().as_bytes();
        match self {
            Self::Bcrypt { cost, salt, hash } => Ok(bcrypt_matches(password, *cost, *salt, hash)),
            Self::Scrypt { log_n, r, p, salt, hash } => {
                let params = scrypt::Params::new(*log_n, *r, *p).map_err(broken)?;
                let mut output = vec![0; hash.len()];
                scrypt::scrypt(password, salt, &params, &mut output).map_err(broken)?;
                Ok(output.ct_eq(hash).into())
            }
            Self::Pbkdf2 { digest, rounds, salt, hash } => {
                let rounds = NonZeroU32::new(*rounds).ok_or(CryptoError::PasswordHash)?;
                Ok(pbkdf2::verify(digest.algorithm(), rounds, salt, password, hash).is_ok())
            }
        }
    }
}

/// bcrypt reads the password with the zero byte behind it, 72 bytes in all; what it would have to
/// cut is no match.
fn bcrypt_matches(password: &[u8], cost: u32, salt: [u8; 16], hash: &[u8]) -> bool {
    if password.len() > BCRYPT_BYTES || password.contains(&0) {
        return false;
    }
    let mut typed = password.to_vec();
    typed.push(0);
    typed.truncate(BCRYPT_BYTES);
    let output = bcrypt::bcrypt(cost, salt, &typed);
    let compared = output.get(..23).unwrap_or_default();
    compared.ct_eq(hash).into()
}

impl fmt::Display for Foreign {
    /// The form that is stored.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = |bytes: &[u8]| STANDARD_NO_PAD.encode(bytes);
        match self {
            Self::Bcrypt { cost, salt, hash } => {
                write!(f, "$2b${cost:02}${}{}", read::bcrypt64(salt), read::bcrypt64(hash))
            }
            Self::Scrypt { log_n, r, p, salt, hash } => {
                write!(f, "$scrypt$ln={log_n},r={r},p={p}${}${}", text(salt), text(hash))
            }
            Self::Pbkdf2 { digest, rounds, salt, hash } => {
                write!(f, "${}$i={rounds}${}${}", digest.scheme(), text(salt), text(hash))
            }
        }
    }
}

fn broken<E>(_: E) -> CryptoError {
    CryptoError::Library("scrypt")
}
