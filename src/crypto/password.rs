//! Passwords as Argon2id PHC strings (RFC 9106), with the work memory kept between uses.
//!
//! A [`Hasher`] holds 19 MiB once used; the permit pool around it decides how many there are.
//! Normalisation (NFKC) and the length rules for people are the caller's.

use std::fmt;

use argon2::password_hash::phc::{Ident, Output, ParamsString, PasswordHash, Salt};
use argon2::{Algorithm, Argon2, Block, Params, Version};
use subtle::ConstantTimeEq;

use crate::ambient::{self, Entropy};
use crate::crypto::CryptoError;
use crate::crypto::foreign::Foreign;
use crate::crypto::secret::Secret;

/// Longer passwords are refused before any work.
pub const MAX_BYTES: usize = 1024;

/// A hash that no known password matches, for accounts that do not exist: it costs the same.
pub const DUMMY: &str = "$argon2id$v=19$m=19456,t=2,p=1$q0Vb0n2oT6mJ3xX1l5cDdw$mUO5Vv0r8a8m9JwGm0Yb7m5o2Qh2o3a1r0u7wUqkD3I";

const MEMORY_KIB: u32 = 19_456;
const PASSES: u32 = 2;
const LANES: u32 = 1;
const OUTPUT_BYTES: usize = 32;
/// A stored hash that asks for more is refused: it is not ours, and would stall the server.
const MOST_MEMORY_KIB: u32 = 128 * 1024;
const MOST_PASSES: u32 = 12;
const MOST_LANES: u32 = 8;

/// What comparing a password with a stored hash showed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PasswordMatch {
    /// It is the password.
    Yes,
    /// It is the password, and the stored hash was made with other parameters than today's.
    YesButRehash,
    /// It is not.
    No,
}

/// Whether `phc` was brought from another server: comparing with it costs what that server chose.
pub fn is_imported(phc: &str) -> bool {
    Foreign::parse(phc).is_some()
        || Stored::parse(phc).is_ok_and(|stored| !stored.is_current().unwrap_or(false))
}

/// Hashes and compares passwords, one at a time, in memory of its own.
#[derive(Default)]
pub struct Hasher {
    memory: Vec<Block>,
}

impl Hasher {
    /// One that takes its memory at the first use.
    pub fn new() -> Self {
        Self::default()
    }

    /// The PHC string to store for `password`, with a new 128-bit salt.
    pub fn hash(
        &mut self,
        password: &Secret,
        entropy: &dyn Entropy,
    ) -> Result<String, CryptoError> {
        if password.expose().len() > MAX_BYTES {
            return Err(CryptoError::PasswordTooLong);
        }
        let params = current()?;
        let salt: [u8; 16] = ambient::bytes(entropy);
        let output = self.derive(&argon2id(params.clone()), password, &salt)?;
        Ok(PasswordHash {
            algorithm: Ident::new("argon2id").map_err(broken)?,
            version: Some(Version::V0x13.into()),
            params: ParamsString::try_from(&params).map_err(broken)?,
            salt: Some(Salt::new(&salt).map_err(broken)?),
            hash: Some(output),
        }
        .to_string())
    }

    /// Whether `password` is the one that `phc` was made from; the comparison is constant-time.
    pub fn verify(&mut self, password: &Secret, phc: &str) -> Result<PasswordMatch, CryptoError> {
        if password.expose().len() > MAX_BYTES {
            return Ok(PasswordMatch::No);
        }
        if let Some(foreign) = Foreign::parse(phc) {
            let matched = foreign.matches(password)?;
            return Ok(if matched { PasswordMatch::YesButRehash } else { PasswordMatch::No });
        }
        let stored = Stored::parse(phc)?;
        let output = self.derive(&stored.argon2, password, &stored.salt)?;
        self.keep_only_ours();
        if !bool::from(output.as_bytes().ct_eq(stored.hash.as_bytes())) {
            return Ok(PasswordMatch::No);
        }
        Ok(if stored.is_current()? { PasswordMatch::Yes } else { PasswordMatch::YesButRehash })
    }

    fn derive(
        &mut self,
        argon2: &Argon2<'_>,
        password: &Secret,
        salt: &[u8],
    ) -> Result<Output, CryptoError> {
        let blocks = argon2.params().block_count();
        if self.memory.len() < blocks {
            self.memory.resize_with(blocks, Block::default);
        }
        let length = argon2.params().output_len().unwrap_or(OUTPUT_BYTES);
        let mut failed = false;
        let output = Output::init_with(length, |out| {
            let hashed = argon2.hash_password_into_with_memory(
                password.expose().as_bytes(),
                salt,
                out,
                &mut self.memory,
            );
            failed = hashed.is_err();
            Ok(())
        });
        match (failed, output) {
            (false, Ok(output)) => Ok(output),
            _ => Err(CryptoError::Library("Argon2")),
        }
    }

    /// Gives back what a foreign, larger hash needed.
    fn keep_only_ours(&mut self) {
        let ours = usize::try_from(MEMORY_KIB).unwrap_or(usize::MAX);
        if self.memory.len() > ours {
            self.memory.truncate(ours);
            self.memory.shrink_to_fit();
        }
    }
}

impl fmt::Debug for Hasher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Hasher").finish_non_exhaustive()
    }
}

/// A PHC string taken apart and found within bounds.
pub(super) struct Stored {
    argon2: Argon2<'static>,
    algorithm: Algorithm,
    salt: Vec<u8>,
    hash: Output,
}

impl Stored {
    pub(super) fn parse(phc: &str) -> Result<Self, CryptoError> {
        let parsed = PasswordHash::new(phc).map_err(|_| CryptoError::PasswordHash)?;
        let algorithm =
            Algorithm::new(parsed.algorithm.as_str()).map_err(|_| CryptoError::PasswordHash)?;
        let params = Params::try_from(&parsed).map_err(|_| CryptoError::PasswordHash)?;
        let bounded = params.m_cost() <= MOST_MEMORY_KIB
            && params.t_cost() <= MOST_PASSES
            && params.p_cost() <= MOST_LANES;
        let version = parsed.version.unwrap_or(Version::V0x13.into());
        let (Some(salt), Some(hash), true, Ok(version)) =
            (parsed.salt, parsed.hash, bounded, Version::try_from(version))
        else {
            return Err(CryptoError::PasswordHash);
        };
        if hash.len() < 16 {
            return Err(CryptoError::PasswordHash);
        }
        let argon2 = Argon2::new(algorithm, version, params);
        Ok(Self { argon2, algorithm, salt: salt.to_vec(), hash })
    }

    fn is_current(&self) -> Result<bool, CryptoError> {
        let (ours, theirs) = (current()?, self.argon2.params());
        Ok(self.algorithm == Algorithm::Argon2id
            && theirs.m_cost() == ours.m_cost()
            && theirs.t_cost() == ours.t_cost()
            && theirs.p_cost() == ours.p_cost()
            && self.hash.len() == OUTPUT_BYTES)
    }
}

fn current() -> Result<Params, CryptoError> {
    Params::new(MEMORY_KIB, PASSES, LANES, Some(OUTPUT_BYTES))
        .map_err(|_| CryptoError::Library("Argon2"))
}

fn argon2id(params: Params) -> Argon2<'static> {
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
}

fn broken<E>(_: E) -> CryptoError {
    CryptoError::Library("PHC string")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ambient::SystemEntropy;

    fn secret(text: &str) -> Secret {
        Secret::new(text.to_owned())
    }

    #[test]
    fn a_password_matches_its_own_hash_only() {
        let mut hasher = Hasher::new();
        let phc = hasher.hash(&secret("correct horse"), &SystemEntropy).unwrap();
        assert_eq!(hasher.verify(&secret("correct horse"), &phc), Ok(PasswordMatch::Yes));
        assert_eq!(hasher.verify(&secret("correct horsf"), &phc), Ok(PasswordMatch::No));
        assert_eq!(hasher.verify(&secret(""), &phc), Ok(PasswordMatch::No));
    }

    #[test]
    fn a_hash_is_argon2id_with_19_mib_and_2_passes_and_its_own_salt() {
        let mut hasher = Hasher::new();
        let one = hasher.hash(&secret("x"), &SystemEntropy).unwrap();
        let two = hasher.hash(&secret("x"), &SystemEntropy).unwrap();
        assert!(one.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{one}");
        assert_ne!(one, two);
    }

    #[test]
    fn the_library_reads_what_we_write() {
        use argon2::{PasswordVerifier, password_hash::phc::PasswordHash};
        let phc = Hasher::new().hash(&secret("x"), &SystemEntropy).unwrap();
        let parsed = PasswordHash::new(&phc).unwrap();
        assert!(Argon2::default().verify_password(b"x", &parsed).is_ok());
    }

    #[test]
    fn a_hash_with_other_parameters_wants_to_be_made_anew() {
        let mut hasher = Hasher::new();
        let params = Params::new(64, 1, 1, Some(32)).unwrap();
        let output = hasher.derive(&argon2id(params), &secret("x"), b"0123456789abcdef").unwrap();
        let phc = format!("$argon2id$v=19$m=64,t=1,p=1$MDEyMzQ1Njc4OWFiY2RlZg${output}");
        assert_eq!(hasher.verify(&secret("x"), &phc), Ok(PasswordMatch::YesButRehash));
        assert_eq!(hasher.verify(&secret("y"), &phc), Ok(PasswordMatch::No));
    }

    #[test]
    fn the_dummy_costs_what_a_real_one_costs_and_never_matches() {
        let dummy = Stored::parse(DUMMY).unwrap();
        assert!(dummy.is_current().unwrap());
        assert_eq!(Hasher::new().verify(&secret("password"), DUMMY), Ok(PasswordMatch::No));
    }

    #[test]
    fn an_over_long_password_is_refused_before_any_work() {
        let mut hasher = Hasher::new();
        let long = secret(&"x".repeat(MAX_BYTES + 1));
        assert_eq!(hasher.hash(&long, &SystemEntropy), Err(CryptoError::PasswordTooLong));
        assert_eq!(hasher.verify(&long, DUMMY), Ok(PasswordMatch::No));
        assert!(hasher.memory.is_empty());
    }

    #[test]
    fn a_stored_hash_that_is_none_or_asks_too_much_is_an_error() {
        let mut hasher = Hasher::new();
        let long = "MDEyMzQ1Njc4OWFiY2RlZg";
        for phc in [
            String::new(),
            "plain".to_owned(),
            "$2b$12$abcdefghijklmnopqrstuv".to_owned(),
            format!("$argon2id$v=19$m=19456,t=2,p=1${long}"),
            format!("$argon2id$v=19$m=4194304,t=2,p=1${long}${long}"),
            format!("$argon2id$v=19$m=19456,t=4000000,p=1${long}${long}"),
            format!("$argon2id$v=19$m=19456,t=2,p=1${long}$MDEyMw"),
        ] {
            assert_eq!(hasher.verify(&secret("x"), &phc), Err(CryptoError::PasswordHash), "{phc}");
        }
    }
}
