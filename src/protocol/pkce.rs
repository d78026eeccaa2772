//! Proof key for code exchange: only `S256` (RFC 7636, OAuth 2.1 §4.1.1).

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::crypto::secret::{Fingerprint, Secret};
use crate::protocol::error::{ErrorCode, OAuthError};

/// The SHA-256 of the verifier that will come with the code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Challenge(Fingerprint);

impl Challenge {
    /// The challenge of an authorization request, which every client must send.
    pub fn parse(challenge: Option<&str>, method: Option<&str>) -> Result<Self, OAuthError> {
        let Some(challenge) = challenge else {
            return Err(invalid("code_challenge is missing: PKCE is required").at("code_challenge"));
        };
        // Absent means `plain` (RFC 7636 §4.3), which we do not offer.
        if method != Some("S256") {
            let error = invalid("code_challenge_method must be S256");
            return Err(error.at("code_challenge_method"));
        }
        let bytes = URL_SAFE_NO_PAD.decode(challenge).ok();
        bytes.and_then(|bytes| Self::from_slice(&bytes)).ok_or_else(|| {
            invalid("code_challenge must be the base64url of a SHA-256, 43 characters")
                .at("code_challenge")
        })
    }

    /// The challenge with these 32 bytes, as stored.
    pub fn from_slice(bytes: &[u8]) -> Option<Self> {
        Fingerprint::from_slice(bytes).map(Self)
    }

    /// As stored.
    pub fn as_bytes(&self) -> &[u8; 32] {
        self.0.as_bytes()
    }

    /// Whether this challenge was made from `verifier` (RFC 7636 §4.6).
    pub fn matches(&self, verifier: &Verifier) -> bool {
        self.0.same(&Fingerprint::of(verifier.0.expose().as_bytes()))
    }
}

/// The secret that proves that the redeemer of a code is who asked for it.
#[derive(Debug, Clone)]
pub struct Verifier(Secret);

impl Verifier {
    /// The challenge that was made from it (RFC 7636 §4.2).
    pub fn challenge(&self) -> Challenge {
        Challenge(Fingerprint::of(self.0.expose().as_bytes()))
    }

    /// The verifier in `text`: 43 to 128 unreserved characters (RFC 7636 §4.1).
    pub fn parse(text: &str) -> Result<Self, OAuthError> {
        let unreserved =
            |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b'_' | b'~');
        if (43..=128).contains(&text.len()) && text.bytes().all(unreserved) {
            return Ok(Self(Secret::new(text.to_owned())));
        }
        Err(ErrorCode::InvalidGrant
            .because("code_verifier must be 43 to 128 unreserved characters")
            .at("code_verifier"))
    }
}

fn invalid(detail: &'static str) -> OAuthError {
    ErrorCode::InvalidRequest.because(detail)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 7636 appendix B.
    const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

    #[test]
    fn the_example_of_the_rfc_matches() {
        let challenge = Challenge::parse(Some(CHALLENGE), Some("S256")).expect("good");
        assert!(challenge.matches(&Verifier::parse(VERIFIER).expect("good")));
        assert_eq!(Challenge::from_slice(challenge.as_bytes()), Some(challenge));
    }

    #[test]
    fn the_challenge_is_not_its_own_verifier() {
        let challenge = Challenge::parse(Some(CHALLENGE), Some("S256")).expect("good");
        assert!(!challenge.matches(&Verifier::parse(CHALLENGE).expect("well-formed")));
    }

    #[test]
    fn any_other_method_is_refused() {
        for method in [None, Some("plain"), Some("s256"), Some("S256 "), Some("S512")] {
            let error = Challenge::parse(Some(CHALLENGE), method).expect_err("bad");
            assert_eq!(error.code, ErrorCode::InvalidRequest);
            assert_eq!(error.parameter, Some("code_challenge_method"));
        }
    }

    #[test]
    fn a_missing_or_malformed_challenge_is_refused() {
        let padded = format!("{CHALLENGE}=");
        let loose_bits = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cN";
        for challenge in [
            None,
            Some(""),
            Some("abc"),
            Some(padded.as_str()),
            Some(loose_bits),
            Some("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw+cM"),
        ] {
            let error = Challenge::parse(challenge, Some("S256")).expect_err("bad");
            assert_eq!(error.parameter, Some("code_challenge"));
        }
    }

    #[test]
    fn a_verifier_keeps_to_its_grammar() {
        for text in [
            "x".repeat(42),
            "x".repeat(129),
            format!("{VERIFIER}+"),
            format!("{VERIFIER}="),
            "ä".repeat(43),
        ] {
            assert_eq!(Verifier::parse(&text).expect_err("bad").code, ErrorCode::InvalidGrant);
        }
        assert!(Verifier::parse(&"~".repeat(128)).is_ok());
    }

    #[test]
    fn a_verifier_is_not_printed() {
        let printed = format!("{:?}", Verifier::parse(VERIFIER).expect("good"));
        assert!(!printed.contains(VERIFIER));
    }
}
