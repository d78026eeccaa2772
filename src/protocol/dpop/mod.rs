//! Demonstrating proof of possession (RFC 9449): a proof is good for one request, at one address,
//! for a minute, and once.

use serde::Deserialize;
use time::{Duration, OffsetDateTime};

use crate::crypto::jwt::{Alg, Embedded, JwtError};
use crate::crypto::seal::MacKey;
use crate::crypto::secret::Fingerprint;
use crate::protocol::client_auth::Once;
use crate::protocol::error::{ErrorCode, OAuthError};

mod nonce;
mod target;
#[cfg(test)]
mod tests;

pub use nonce::{MAC_LABEL, Nonces};
use target::is_same;

/// The algorithms of a proof, ours first (FAPI 2.0 §5.4.1).
pub const ALGS: [Alg; 3] = [Alg::Es256, Alg::EdDsa, Alg::Ps256];

/// The header that carries a proof.
pub const HEADER: &str = "dpop";
/// The header that carries the nonce of the next proof (RFC 9449 §8.1).
pub const NONCE_HEADER: &str = "dpop-nonce";

const TYP: &str = "dpop+jwt";
/// The longest proof, before anything of it is read.
const MAX_BYTES: usize = 4096;
const MAX_JTI_BYTES: usize = 128;
/// How old a proof may be, in seconds.
const PAST_S: i64 = 60;
/// How far the sender's clock may be ahead, in seconds.
const FUTURE_S: i64 = 10;
/// How long after its `iat` a proof's `jti` is remembered: longer than any clock takes it for good.
const REMEMBERED: Duration = Duration::seconds(120);

/// What a proof must be for.
#[derive(Debug, Clone, Copy)]
pub struct Occasion<'a> {
    /// The HTTP method.
    pub method: &'a str,
    /// The addresses of the endpoint: under the issuer, and where it is served for mutual TLS.
    pub targets: &'a [String],
    /// The access token that comes with it, at a protected resource (§7).
    pub access_token: Option<&'a str>,
    /// Which nonces are good.
    pub nonces: &'a Nonces,
    /// Whether it must have one.
    pub nonce: NonceRule,
    /// The time.
    pub now: OffsetDateTime,
}

/// Whether a proof must carry a nonce of ours (§8).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NonceRule {
    /// It may.
    Optional,
    /// It must.
    Required,
}

/// A proof that holds. Before anything is given for it, [`Proof::once`] must be spent in the store.
#[derive(Debug, Clone, Copy)]
pub struct Proof {
    /// The thumbprint of the key that its sender holds.
    pub key: Fingerprint,
    /// What must be spent, among the proofs of this key.
    pub once: Once,
}

/// The claims of a proof (§4.2); others are ignored.
#[derive(Debug, Deserialize)]
struct Claims {
    jti: Option<String>,
    htm: Option<String>,
    htu: Option<String>,
    iat: Option<serde_json::Number>,
    ath: Option<String>,
    nonce: Option<String>,
}

impl Proof {
    /// The proof in these headers (all of that name), if there is one.
    ///
    /// # Errors
    /// `invalid_dpop_proof` where there is more than one or it does not hold (§4.3);
    /// `use_dpop_nonce` where its nonce is missing or old (§8).
    pub fn read(headers: &[&str], occasion: &Occasion<'_>) -> Result<Option<Self>, OAuthError> {
        let token = match headers {
            [] => return Ok(None),
            [one] => *one,
            _ => return Err(refused("there is more than one DPoP header")),
        };
        let expect = Embedded { typ: TYP, algs: &ALGS, max_bytes: MAX_BYTES };
        let shown = expect.verify::<Claims>(token).map_err(unproved)?;
        let once = judge(&shown.claims, occasion)?;
        Ok(Some(Self { key: shown.key.fingerprint(), once }))
    }
}

fn judge(claims: &Claims, occasion: &Occasion<'_>) -> Result<Once, OAuthError> {
    let jti = there("jti", claims.jti.as_ref())?;
    let (htm, htu) = (there("htm", claims.htm.as_ref())?, there("htu", claims.htu.as_ref())?);
    let iat = there("iat", claims.iat.as_ref())?;
    if jti.is_empty() || jti.len() > MAX_JTI_BYTES {
        return Err(refused("jti of the DPoP proof must have 1 to 128 characters"));
    }
    if htm != occasion.method {
        return Err(refused("htm of the DPoP proof is not the method of this request"));
    }
    if !occasion.targets.iter().any(|target| is_same(htu, target)) {
        return Err(elsewhere(htu, occasion.targets));
    }
    let issued_at = issued_at(iat, occasion.now)?;
    if let Some(token) = occasion.access_token {
        let hash = Fingerprint::of(token.as_bytes()).to_base64url();
        if claims.ath.as_deref() != Some(hash.as_str()) {
            return Err(refused("ath of the DPoP proof is not the hash of the access token"));
        }
    }
    match (&claims.nonce, occasion.nonce) {
        (Some(nonce), _) if !occasion.nonces.is_fresh(nonce, occasion.now) => Err(no_nonce()),
        (None, NonceRule::Required) => Err(no_nonce()),
        (Some(_), _) | (None, NonceRule::Optional) => Ok(Once {
            jti_hash: Fingerprint::of(jti.as_bytes()),
            expires_at: issued_at + REMEMBERED,
        }),
    }
}

/// The claim called `name`, which must be there.
fn there<'a, T>(name: &str, claim: Option<&'a T>) -> Result<&'a T, OAuthError> {
    claim
        .ok_or_else(|| ErrorCode::InvalidDpopProof.because(format!("the DPoP proof has no {name}")))
}

/// The refusal of a proof for another address than `targets`; what is in its query is nobody's business.
fn elsewhere(htu: &str, targets: &[String]) -> OAuthError {
    let expected = targets.join(" or ");
    let received: String = htu.split(['?', '#']).take(1).collect();
    let cause = format!("htu is {received}, expected {expected}");
    let refused = format!("htu of the DPoP proof must be the address of this request, {expected}");
    ErrorCode::InvalidDpopProof.because(refused).owing_to(cause)
}

/// `iat`, where it is within the minute before `now` (§11.1).
fn issued_at(iat: &serde_json::Number, now: OffsetDateTime) -> Result<OffsetDateTime, OAuthError> {
    let stale = || refused("iat of the DPoP proof is not of this minute: check the clock");
    let seconds = iat.as_i64().or_else(|| whole_seconds(iat.as_f64()?)).ok_or_else(stale)?;
    let age = now.unix_timestamp().saturating_sub(seconds);
    if !(-FUTURE_S..=PAST_S).contains(&age) {
        return Err(stale());
    }
    OffsetDateTime::from_unix_timestamp(seconds).map_err(|_| stale())
}

#[expect(clippy::cast_possible_truncation, reason = "the range is checked before")]
fn whole_seconds(fractional: f64) -> Option<i64> {
    (0.0..1e12).contains(&fractional).then(|| fractional.floor() as i64)
}

/// The refusal of a proof whose `jti` was spent before (§11.1).
pub fn replayed() -> OAuthError {
    refused("the DPoP proof was used before")
}

/// The refusal of a request that must bring a proof and does not.
pub fn missing() -> OAuthError {
    refused("a DPoP proof is needed here: send it in the DPoP header")
}

fn no_nonce() -> OAuthError {
    ErrorCode::UseDpopNonce
        .because("the DPoP proof must carry the nonce given in the DPoP-Nonce header")
}

fn unproved(error: JwtError) -> OAuthError {
    ErrorCode::InvalidDpopProof.because(format!("the DPoP proof does not hold: {error}"))
}

fn refused(detail: &'static str) -> OAuthError {
    ErrorCode::InvalidDpopProof.because(detail)
}

/// The thumbprint in a `dpop_jkt` (§10).
pub fn thumbprint(text: &str) -> Result<Fingerprint, OAuthError> {
    Fingerprint::from_base64url(text).ok_or_else(|| {
        ErrorCode::InvalidRequest
            .because("dpop_jkt must be a SHA-256 thumbprint in base64url (43 characters)")
            .at("dpop_jkt")
    })
}
