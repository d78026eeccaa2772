//! The ways in which a token can be wrong.

/// Why a token is not taken: one variant per way to misbehave. It never echoes the token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum JwtError {
    /// Longer than the caller allows; nothing of it was read.
    #[error("the token is too long")]
    TooLong,
    /// Not three parts in base64url (RFC 7515 §3.1).
    #[error("the token is not a compact JWS of three parts")]
    Shape,
    /// The header is not a JSON object of at most 16 different members.
    #[error("the header is not a JSON object with distinct members")]
    Header,
    /// `typ` is not one that this place takes (RFC 8725 §3.11).
    #[error("the typ is not the one expected here")]
    Type,
    /// `crit` is present; we know no extension (RFC 7515 §4.1.11).
    #[error("the header names critical extensions")]
    Critical,
    /// A header that brings a key, points to one, or changes what is signed.
    #[error("the header must not carry {0}")]
    ForbiddenHeader(&'static str),
    /// `alg` is absent, unknown, `none`, or not allowed here or for this key (RFC 8725 §3.1).
    #[error("the alg is not allowed here or not the key's")]
    Algorithm,
    /// The key that the header brings is absent, of another kind, or shows a private part.
    #[error("the jwk is not a public key of a kind that is taken here")]
    Key,
    /// The numbers of the key that the header brings make no good key.
    #[error(
        "the jwk is not usable: RSA must have 2048 to 8192 bits, and a point must be on its curve"
    )]
    Unusable,
    /// `kid` is not a string of at most 256 characters.
    #[error("the kid is not a string of at most 256 characters")]
    KeyId,
    /// `kid` names none of the keys.
    #[error("the kid names no known key")]
    UnknownKey,
    /// Without a `kid`, no key or too many could have signed it.
    #[error("the token has no kid, and not one of few keys")]
    NoKeyId,
    /// No key that may have made the signature did.
    #[error("the signature is not good")]
    Signature,
    /// The payload is not a JSON object with distinct members (RFC 7519 §4).
    #[error("the payload is not a JSON object with distinct members")]
    Payload,
    /// A registered claim has a type or a value that it cannot have (RFC 7519 §4.1).
    #[error("the claim {0} is mistyped or out of range")]
    Mistyped(&'static str),
    /// A claim that is required here is absent.
    #[error("the claim {0} is missing")]
    Missing(&'static str),
    /// `iss` is another.
    #[error("the issuer is another")]
    Issuer,
    /// `aud` does not name us, or names others too where it must not.
    #[error("the audience is another")]
    Audience,
    /// `exp` has passed.
    #[error("the token has expired")]
    Expired,
    /// `nbf` is yet to come.
    #[error("the token is not valid yet")]
    NotYetValid,
    /// `iat` is yet to come.
    #[error("the token was issued in the future")]
    IssuedInFuture,
    /// The other claims are not what the caller needs.
    #[error("the claims are not those expected here")]
    Claims,
}
