//! The `crypto` layer (DESIGN.md §2): bytes in, bytes out, nothing awaited, nothing stored.
//!
//! Its types are proofs: a [`secret::Secret`] cannot be printed, [`seal::Seal`] opens only what
//! was sealed for the same purpose and row, and a [`jwt::Verified`] is made by [`jwt::verify`]
//! alone.

pub mod acme;
pub mod certificate;
pub mod chain;
pub mod foreign;
pub mod jwt;
pub mod keyset;
pub mod leak;
pub mod mail_code;
pub mod password;
pub mod recovery;
pub mod seal;
pub mod secret;
pub mod totp;
pub mod webauthn;

/// What went wrong inside, for logs only: it never holds a secret, a token or a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CryptoError {
    /// The text is not 32 bytes in base64.
    #[error("a master key is 32 bytes in base64")]
    MasterKey,
    /// Nothing configured opens it: another purpose, another row, another master key, or damage.
    #[error("the sealed bytes are damaged, or sealed for another row or under another master key")]
    Unopened,
    /// The private key is not one of this algorithm.
    #[error("the private key is not a good {0} key")]
    PrivateKey(&'static str),
    /// The key set is not one (RFC 7517 §5), or carries what it must not.
    #[error("the key set {0}")]
    Jwks(&'static str),
    /// The file is none of certificates that we can use.
    #[error("the file {0}")]
    Certificate(&'static str),
    /// The claims cannot be written as JSON.
    #[error("the claims cannot be written as JSON")]
    Claims,
    /// The password is longer than any that is hashed.
    #[error("the password is longer than {} bytes", password::MAX_BYTES)]
    PasswordTooLong,
    /// The hash is of no kind that we can check, or asks for more work than we allow.
    #[error("the stored password hash is not one that this server can check")]
    PasswordHash,
    /// The cryptographic library refused for a reason of its own.
    #[error("the cryptographic library refused: {0}")]
    Library(&'static str),
}
