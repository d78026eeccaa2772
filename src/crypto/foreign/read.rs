//! The ways in which hashes are written.

use base64::Engine as _;
use base64::alphabet::{BCRYPT, STANDARD};
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use serde::Deserialize;

use super::{Digest, Foreign};

/// The longest text that is looked at.
const MOST_BYTES: usize = 1024;

const LENIENT: GeneralPurposeConfig = GeneralPurposeConfig::new()
    .with_encode_padding(false)
    .with_decode_allow_trailing_bits(true)
    .with_decode_padding_mode(DecodePaddingMode::Indifferent);
const PLAIN: GeneralPurpose = GeneralPurpose::new(&STANDARD, LENIENT);
const OF_BCRYPT: GeneralPurpose = GeneralPurpose::new(&BCRYPT, LENIENT);

/// bcrypt's own base64.
pub(super) fn bcrypt64(bytes: &[u8]) -> String {
    OF_BCRYPT.encode(bytes)
}

/// Base64 with or without padding; passlib writes `.` for `+`.
fn base64(text: &str) -> Option<Vec<u8>> {
    PLAIN.decode(text.replace('.', "+")).ok()
}

/// A hash as any of the servers we know writes it.
pub(super) fn any(text: &str) -> Option<Foreign> {
    if text.len() > MOST_BYTES {
        return None;
    }
    if text.starts_with('{') {
        return keycloak(text);
    }
    if text.starts_with('$') {
        return stored(text).or_else(|| passlib(text));
    }
    django(text)
}

/// The stored form, which is a PHC string or modular crypt.
pub(super) fn stored(text: &str) -> Option<Foreign> {
    let parts: Vec<&str> = text.split('$').collect();
    match parts.as_slice() {
        ["", "2a" | "2b" | "2y", cost, rest] => {
            let (salt, hash) = rest.split_at_checked(22)?;
            let salt = OF_BCRYPT.decode(salt).ok()?.try_into().ok()?;
            Some(Foreign::Bcrypt {
                cost: cost.parse().ok()?,
                salt,
                hash: OF_BCRYPT.decode(hash).ok()?,
            })
        }
        ["", "scrypt", params, salt, hash] => {
            let [log_n, r, p] = numbers(params, ["ln", "r", "p"])?;
            Some(Foreign::Scrypt {
                log_n: log_n.try_into().ok()?,
                r,
                p,
                salt: base64(salt)?,
                hash: base64(hash)?,
            })
        }
        ["", scheme, params, salt, hash] => {
            // `l`, where it is there, says how long the hash is.
            let params = params.split_once(",l=").map_or(*params, |(rounds, _)| rounds);
            let [rounds] = numbers(params, ["i"])?;
            let (salt, hash) = (base64(salt)?, base64(hash)?);
            Some(Foreign::Pbkdf2 { digest: Digest::parse(scheme)?, rounds, salt, hash })
        }
        _ => None,
    }
}

/// `a=1,b=2` in this order.
fn numbers<const N: usize>(params: &str, names: [&str; N]) -> Option<[u32; N]> {
    let mut parts = params.split(',');
    let mut found = [0; N];
    for (number, name) in found.iter_mut().zip(names) {
        *number = parts.next()?.strip_prefix(name)?.strip_prefix('=')?.parse().ok()?;
    }
    parts.next().is_none().then_some(found)
}

/// `$pbkdf2-sha256$29000$salt$hash`, the rounds without a name.
fn passlib(text: &str) -> Option<Foreign> {
    let parts: Vec<&str> = text.split('$').collect();
    let ["", scheme, rounds, salt, hash] = parts.as_slice() else { return None };
    Some(Foreign::Pbkdf2 {
        digest: Digest::parse(scheme)?,
        rounds: rounds.parse().ok()?,
        salt: base64(salt)?,
        hash: base64(hash)?,
    })
}

/// `pbkdf2_sha256$1000000$salt$hash`, `scrypt$16384$salt$8$5$hash`, `bcrypt$$2b$…`: the salt is the
/// text itself.
fn django(text: &str) -> Option<Foreign> {
    if let Some(bcrypt) = text.strip_prefix("bcrypt$") {
        return stored(bcrypt).filter(|read| matches!(read, Foreign::Bcrypt { .. }));
    }
    let parts: Vec<&str> = text.split('$').collect();
    match parts.as_slice() {
        ["scrypt", n, salt, r, p, hash] => {
            let n: u32 = n.parse().ok().filter(|n: &u32| n.is_power_of_two())?;
            Some(Foreign::Scrypt {
                log_n: n.ilog2().try_into().ok()?,
                r: r.parse().ok()?,
                p: p.parse().ok()?,
                salt: salt.as_bytes().to_vec(),
                hash: base64(hash)?,
            })
        }
        [scheme, rounds, salt, hash] => Some(Foreign::Pbkdf2 {
            digest: Digest::parse(&scheme.replace('_', "-"))?,
            rounds: rounds.parse().ok()?,
            salt: salt.as_bytes().to_vec(),
            hash: base64(hash)?,
        }),
        _ => None,
    }
}

/// A PBKDF2 credential of Keycloak: the members of `credentialData` and `secretData` in one object.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Keycloak {
    algorithm: String,
    hash_iterations: u32,
    salt: String,
    value: String,
    #[serde(default, rename = "additionalParameters")]
    _additional: serde_json::Map<String, serde_json::Value>,
}

fn keycloak(text: &str) -> Option<Foreign> {
    let credential: Keycloak = serde_json::from_str(text).ok()?;
    Some(Foreign::Pbkdf2 {
        digest: Digest::parse(&credential.algorithm)?,
        rounds: credential.hash_iterations,
        salt: base64(&credential.salt)?,
        hash: base64(&credential.value)?,
    })
}
