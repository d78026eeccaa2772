//! Verification: the only maker of [`Verified`] (RFC 7519 §7.2, RFC 8725).

use std::ops::Deref;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::de::DeserializeOwned;
use time::OffsetDateTime;

use super::members::{Members, Mistyped};
use super::{Alg, JwtError, PublicKeys};

/// Longest `kid` in bytes.
pub(super) const MAX_KID: usize = 256;

/// Members of a header; ours has three.
const MOST_HEADERS: usize = 16;

/// Headers that bring a key, point to one, or change what is signed (RFC 7515 §4.1, RFC 7797).
const FORBIDDEN: [&str; 6] = ["jku", "x5u", "x5c", "jwk", "zip", "b64"];

/// The last second of the year 9999: later times are refused, not computed with.
const LAST_SECOND: i64 = 253_402_300_799;

/// What a token must be to be taken in one place.
#[derive(Debug, Clone, Copy)]
pub struct Expect<'a> {
    /// The allowed `typ`s without `application/`; `""` means that it may be absent.
    pub typ: &'a [&'a str],
    /// The allowed algorithms.
    pub algs: &'a [Alg],
    /// The one `iss`.
    pub issuer: &'a str,
    /// What `aud` must say.
    pub audience: Audience<'a>,
    /// What to do about `exp`.
    pub expiry: Expiry,
    /// Claims that must be present beside `iss`, `aud` and `exp`, whatever their type.
    pub required: &'a [&'static str],
    /// Seconds by which the clocks may differ.
    pub leeway_s: i64,
    /// Longest token in bytes.
    pub max_bytes: usize,
}

/// What `aud` must say (RFC 7519 §4.1.3).
#[derive(Debug, Clone, Copy)]
pub enum Audience<'a> {
    /// One string, one of these: FAPI 2.0 and RFC 7523bis take no list.
    Exactly(&'a [&'a str]),
    /// A string or a list, with at least one of these in it.
    Contains(&'a [&'a str]),
    /// Anything well-formed, or nothing: the caller looks itself.
    Any,
}

/// What to do about `exp`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expiry {
    /// It must be there and not have passed.
    Required,
    /// It may have passed: for an `id_token_hint` alone (OIDC RP-Initiated Logout §2).
    Ignored,
}

/// Claims whose signature, header, issuer, audience and times were all checked.
#[derive(Debug, Clone)]
pub struct Verified<C> {
    claims: C,
    alg: Alg,
    expires_at: Option<OffsetDateTime>,
    issued_at: Option<OffsetDateTime>,
}

impl<C> Verified<C> {
    /// The claims without their proof.
    pub fn into_claims(self) -> C {
        self.claims
    }

    /// The algorithm of the signature.
    pub const fn alg(&self) -> Alg {
        self.alg
    }

    /// `exp`, there unless [`Expiry::Ignored`] was asked for.
    pub const fn expires_at(&self) -> Option<OffsetDateTime> {
        self.expires_at
    }

    /// `iat`, where the token has one.
    pub const fn issued_at(&self) -> Option<OffsetDateTime> {
        self.issued_at
    }
}

impl<C> Deref for Verified<C> {
    type Target = C;

    fn deref(&self) -> &C {
        &self.claims
    }
}

/// The claims of `token`, if it is what `expect` says at `now` and one of `keys` signed it.
///
/// The work is bounded: nothing is read of a token longer than `max_bytes`, and at most four
/// signatures are checked.
pub fn verify<C: DeserializeOwned>(
    token: &str,
    keys: &PublicKeys,
    expect: &Expect<'_>,
    now: OffsetDateTime,
) -> Result<Verified<C>, JwtError> {
    if token.len() > expect.max_bytes {
        return Err(JwtError::TooLong);
    }
    let parts = Parts::split(token)?;
    let header = Header::parse(parts.header, expect)?;
    if !parts.signed_by(keys, &header)? {
        return Err(JwtError::Signature);
    }
    let payload = URL_SAFE_NO_PAD.decode(parts.payload).map_err(|_| JwtError::Shape)?;
    let members = Members::parse(&payload).ok_or(JwtError::Payload)?;
    check_issuer(&members, expect.issuer)?;
    check_audience(&members, expect.audience)?;
    check_presence(&members, expect)?;
    let times = Times::read(&members)?;
    times.check(expect, now.unix_timestamp())?;
    let claims = serde_json::from_slice(&payload).map_err(|_| JwtError::Claims)?;
    Ok(Verified {
        claims,
        alg: header.alg,
        expires_at: instant(times.exp),
        issued_at: instant(times.iat),
    })
}

pub(super) struct Parts<'a> {
    pub(super) header: &'a str,
    pub(super) payload: &'a str,
    pub(super) signature: &'a str,
    pub(super) signed: &'a str,
}

impl<'a> Parts<'a> {
    pub(super) fn split(token: &'a str) -> Result<Self, JwtError> {
        let (signed, signature) = token.rsplit_once('.').ok_or(JwtError::Shape)?;
        let (header, payload) = signed.split_once('.').ok_or(JwtError::Shape)?;
        let empty = header.is_empty() || payload.is_empty();
        if empty || payload.contains('.') {
            return Err(JwtError::Shape);
        }
        Ok(Self { header, payload, signature, signed })
    }

    fn signed_by(&self, keys: &PublicKeys, header: &Header) -> Result<bool, JwtError> {
        for candidate in keys.candidates(header.alg, header.kid.as_deref())? {
            let (signed, alg) = (self.signed.as_bytes(), header.alg.library());
            let good = jsonwebtoken::crypto::verify(self.signature, signed, &candidate.key, alg);
            if good.map_err(|_| JwtError::Shape)? {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

/// What counts of a header, after everything that must not be there was found absent.
pub(super) struct Header {
    pub(super) alg: Alg,
    kid: Option<String>,
}

impl Header {
    fn parse(encoded: &str, expect: &Expect<'_>) -> Result<Self, JwtError> {
        let json = URL_SAFE_NO_PAD.decode(encoded).map_err(|_| JwtError::Shape)?;
        let members = Members::parse(&json).ok_or(JwtError::Header)?;
        Self::read(&members, expect.typ, expect.algs, &[])
    }

    /// The header with these `members`: of the forbidden ones those in `taken` are the caller's to
    /// judge.
    pub(super) fn read(
        members: &Members<'_>,
        typ: &[&str],
        algs: &[Alg],
        taken: &[&str],
    ) -> Result<Self, JwtError> {
        if members.len() > MOST_HEADERS {
            return Err(JwtError::Header);
        }
        if members.has("crit") {
            return Err(JwtError::Critical);
        }
        let refused = |name: &&str| !taken.contains(name) && members.has(name);
        if let Some(name) = FORBIDDEN.into_iter().find(refused) {
            return Err(JwtError::ForbiddenHeader(name));
        }
        let found: Option<String> = members.read("typ").map_err(|Mistyped| JwtError::Type)?;
        if !is_expected(found.as_deref(), typ) {
            return Err(JwtError::Type);
        }
        let alg: Option<String> = members.read("alg").map_err(|Mistyped| JwtError::Algorithm)?;
        let alg = alg.as_deref().and_then(Alg::parse).filter(|alg| algs.contains(alg));
        let kid: Option<String> = members.read("kid").map_err(|Mistyped| JwtError::KeyId)?;
        if kid.as_ref().is_some_and(|kid| kid.len() > MAX_KID) {
            return Err(JwtError::KeyId);
        }
        Ok(Self { alg: alg.ok_or(JwtError::Algorithm)?, kid })
    }
}

/// Whether `typ` is one of `allowed`: media types know no case, and `application/` may be left
/// out (RFC 7515 §4.1.9).
fn is_expected(typ: Option<&str>, allowed: &[&str]) -> bool {
    let typ = typ.unwrap_or_default();
    let short = match typ.split_at_checked("application/".len()) {
        Some((prefix, rest)) if prefix.eq_ignore_ascii_case("application/") => rest,
        _ => typ,
    };
    // `application/` alone is not an absent `typ`.
    (typ.is_empty() || !short.is_empty())
        && allowed.iter().any(|name| name.eq_ignore_ascii_case(short))
}

fn check_issuer(members: &Members<'_>, issuer: &str) -> Result<(), JwtError> {
    let iss: Option<String> = members.read("iss").map_err(|Mistyped| JwtError::Mistyped("iss"))?;
    match iss {
        None => Err(JwtError::Missing("iss")),
        Some(iss) if iss == issuer => Ok(()),
        Some(_) => Err(JwtError::Issuer),
    }
}

#[derive(serde::Deserialize)]
#[serde(untagged)]
enum Aud {
    One(String),
    Many(Vec<String>),
}

fn check_audience(members: &Members<'_>, audience: Audience<'_>) -> Result<(), JwtError> {
    let aud: Option<Aud> = members.read("aud").map_err(|Mistyped| JwtError::Mistyped("aud"))?;
    let named = match (aud, audience) {
        (_, Audience::Any) => true,
        (None, _) => return Err(JwtError::Missing("aud")),
        (Some(Aud::One(one)), Audience::Exactly(us) | Audience::Contains(us)) => {
            us.contains(&one.as_str())
        }
        (Some(Aud::Many(_)), Audience::Exactly(_)) => false,
        (Some(Aud::Many(many)), Audience::Contains(us)) => {
            many.iter().any(|one| us.contains(&one.as_str()))
        }
    };
    named.then_some(()).ok_or(JwtError::Audience)
}

/// The required claims are there, and `sub` and `jti`, if there, are strings.
fn check_presence(members: &Members<'_>, expect: &Expect<'_>) -> Result<(), JwtError> {
    for name in ["sub", "jti"] {
        let text: Option<String> =
            members.read(name).map_err(|Mistyped| JwtError::Mistyped(name))?;
        if text.is_some_and(|text| text.is_empty()) {
            return Err(JwtError::Mistyped(name));
        }
    }
    match expect.required.iter().find(|name| !members.has(name)) {
        Some(name) => Err(JwtError::Missing(name)),
        None => Ok(()),
    }
}

/// The registered times in seconds since 1970.
struct Times {
    exp: Option<i64>,
    nbf: Option<i64>,
    iat: Option<i64>,
}

impl Times {
    fn read(members: &Members<'_>) -> Result<Self, JwtError> {
        let read = |name: &'static str| {
            let number: Option<serde_json::Number> =
                members.read(name).map_err(|Mistyped| JwtError::Mistyped(name))?;
            number.map(|number| seconds(&number).ok_or(JwtError::Mistyped(name))).transpose()
        };
        Ok(Self { exp: read("exp")?, nbf: read("nbf")?, iat: read("iat")? })
    }

    fn check(&self, expect: &Expect<'_>, now: i64) -> Result<(), JwtError> {
        let leeway = expect.leeway_s.max(0);
        match (expect.expiry, self.exp) {
            (Expiry::Required, None) => return Err(JwtError::Missing("exp")),
            (Expiry::Required, Some(exp)) if now >= exp.saturating_add(leeway) => {
                return Err(JwtError::Expired);
            }
            (Expiry::Required, Some(_)) | (Expiry::Ignored, _) => {}
        }
        let latest = now.saturating_add(leeway);
        if self.nbf.is_some_and(|nbf| nbf > latest) {
            return Err(JwtError::NotYetValid);
        }
        if self.iat.is_some_and(|iat| iat > latest) {
            return Err(JwtError::IssuedInFuture);
        }
        Ok(())
    }
}

/// A `NumericDate` (RFC 7519 §2): whole or fractional seconds between 1970 and 9999.
fn seconds(number: &serde_json::Number) -> Option<i64> {
    let whole = match number.as_i64() {
        Some(whole) => whole,
        None => whole_seconds(number.as_f64()?)?,
    };
    (0..=LAST_SECOND).contains(&whole).then_some(whole)
}

#[expect(clippy::cast_possible_truncation, reason = "the range is checked before")]
fn whole_seconds(fractional: f64) -> Option<i64> {
    (0.0..1e12).contains(&fractional).then(|| fractional.floor() as i64)
}

fn instant(seconds: Option<i64>) -> Option<OffsetDateTime> {
    OffsetDateTime::from_unix_timestamp(seconds?).ok()
}
