//! A bearer token in a request, and the challenge that asks for one (RFC 6750).

use time::OffsetDateTime;

use crate::crypto::jwt::Alg;
use crate::crypto::secret::Secret;
use crate::protocol::claims::Acr;
use crate::protocol::dpop;
use crate::protocol::error::{ErrorCode, OAuthError};
use crate::protocol::params::Params;
use crate::protocol::scope::Scope;
use crate::protocol::token::AccessClaims;

/// The longest token that is looked at.
const MAX_BYTES: usize = 8192;

/// Why a protected resource does not answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// There is no token: nothing is said but that one is needed (RFC 6750 §3.1).
    Missing,
    /// What is wrong with the request or the token.
    Because(OAuthError),
    /// The token does not reach this far; this scope would.
    Scope(Scope),
    /// The person behind the token must prove themselves like this first (RFC 9470 §3).
    Authentication(Wanted),
}

/// How a person must have proved themselves for a resource to answer (RFC 9470 §3).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wanted {
    /// At least so strongly.
    pub acr: Option<Acr>,
    /// Not longer ago than so many seconds.
    pub max_age_s: Option<i64>,
}

impl Wanted {
    /// What of this a token with these claims lacks; nothing, where it lacks nothing.
    pub fn of(self, claims: &AccessClaims, now: OffsetDateTime) -> Option<Self> {
        let reached = claims.acr.as_deref().and_then(Acr::parse);
        let acr = self.acr.filter(|wanted| reached.is_none_or(|reached| reached < *wanted));
        let age = claims.auth_time.map(|at| now.unix_timestamp() - at);
        let max_age_s = self.max_age_s.filter(|most| age.is_none_or(|age| age > *most));
        (acr.is_some() || max_age_s.is_some()).then_some(Self { acr, max_age_s })
    }
}

/// How a token is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scheme {
    /// By whoever bears it (RFC 6750 §2.1).
    Bearer,
    /// With a proof that its sender holds a key (RFC 9449 §7.1).
    Dpop,
}

impl Scheme {
    /// The refusal, for `error`, of a token sent like this.
    pub const fn denies(self, error: OAuthError) -> Denied {
        Denied { refusal: Refusal::Because(error), scheme: self, client_id: None }
    }
}

/// A token as it was sent.
#[derive(Debug)]
pub struct Presented {
    /// The token.
    pub token: Secret,
    /// How.
    pub scheme: Scheme,
}

/// The token in a request with these `Authorization` headers (all of them) and, of a POST, this
/// form: in exactly one place, and never in the query (RFC 6750 §2.1, §2.2; OAuth 2.1 §5.1).
pub fn find(authorization: &[&str], form: Option<&Params>) -> Result<Presented, Refusal> {
    let in_form = form.and_then(|form| form.get("access_token"));
    let (scheme, token) = match (authorization, in_form) {
        ([], None) => return Err(Refusal::Missing),
        ([], Some(token)) => (Scheme::Bearer, token),
        ([header], None) => in_header(header)?,
        _ => return Err(malformed("there is more than one token in the request")),
    };
    if token.len() > MAX_BYTES || !is_b64token(token) {
        return Err(Refusal::Because(invalid_token()));
    }
    Ok(Presented { token: Secret::new(token.to_owned()), scheme })
}

/// The one refusal of every token that is not good.
pub fn invalid_token() -> OAuthError {
    ErrorCode::InvalidToken
        .because("the access token is malformed, expired, revoked, or not for this")
}

fn in_header(header: &str) -> Result<(Scheme, &str), Refusal> {
    let (name, token) = header.split_once(' ').unwrap_or((header, ""));
    let scheme = match name.to_ascii_lowercase().as_str() {
        "bearer" => Scheme::Bearer,
        "dpop" => Scheme::Dpop,
        _ => return Err(Refusal::Missing),
    };
    match token.trim_matches(' ') {
        "" => Err(malformed("the Authorization header has no token")),
        token => Ok((scheme, token)),
    }
}

/// `b64token` of RFC 6750 §2.1.
fn is_b64token(text: &str) -> bool {
    let body = text.trim_end_matches('=');
    let allowed = |b: u8| b.is_ascii_alphanumeric() || b"-._~+/".contains(&b);
    !body.is_empty() && body.bytes().all(allowed)
}

fn malformed(detail: &'static str) -> Refusal {
    Refusal::Because(ErrorCode::InvalidRequest.because(detail))
}

impl Refusal {
    /// The HTTP status.
    pub const fn status(&self) -> u16 {
        match self {
            Self::Missing | Self::Authentication(_) => 401,
            Self::Because(error) => error.code.status(),
            Self::Scope(_) => 403,
        }
    }

    /// What the client is told, where there is anything to tell.
    pub fn error(&self) -> Option<OAuthError> {
        match self {
            Self::Missing => None,
            Self::Because(error) => Some(error.clone()),
            Self::Scope(_) => Some(
                ErrorCode::InsufficientScope.because("the access token does not have the scope"),
            ),
            Self::Authentication(_) => Some(
                ErrorCode::InsufficientUserAuthentication
                    .because("a stronger or more recent sign-in is needed for this"),
            ),
        }
    }

    /// The `WWW-Authenticate` (RFC 6750 §3, RFC 9449 §7.1) to a token sent by `scheme`.
    pub fn challenge(&self, scheme: Scheme) -> String {
        let challenge = match scheme {
            Scheme::Bearer => CHALLENGE.to_owned(),
            Scheme::Dpop => dpop_challenge(),
        };
        let Some(error) = self.error() else { return challenge };
        // A description has neither quotes nor backslashes, a scope name neither.
        let challenge = format!(
            r#"{challenge}, error="{}", error_description="{}""#,
            error.code.as_str(),
            error.error_description()
        );
        match self {
            Self::Scope(scope) => format!(r#"{challenge}, scope="{scope}""#),
            Self::Authentication(wanted) => {
                let acr = wanted.acr.map(|acr| format!(r#", acr_values="{}""#, acr.as_str()));
                let age = wanted.max_age_s.map(|most| format!(r#", max_age="{most}""#));
                [Some(challenge), acr, age].into_iter().flatten().collect()
            }
            Self::Missing | Self::Because(_) => challenge,
        }
    }
}

/// A protected resource does not answer, and this is how it says so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Denied {
    /// Why.
    pub refusal: Refusal,
    /// How the token was sent, where there was one.
    pub scheme: Scheme,
    /// Whose token it was, where that is known.
    pub client_id: Option<String>,
}

impl From<Refusal> for Denied {
    fn from(refusal: Refusal) -> Self {
        Self { refusal, scheme: Scheme::Bearer, client_id: None }
    }
}

impl Denied {
    /// The HTTP status: of a token whose proof does not hold that of the token (RFC 9449 §7.1).
    pub fn status(&self) -> u16 {
        match self.refusal.error().map(|error| error.code) {
            Some(ErrorCode::InvalidDpopProof | ErrorCode::UseDpopNonce) => 401,
            _ => self.refusal.status(),
        }
    }

    /// The values of `WWW-Authenticate`: where there was no token, every way to send one.
    pub fn challenges(&self) -> Vec<String> {
        let mut challenges = vec![self.refusal.challenge(self.scheme)];
        if self.refusal == Refusal::Missing {
            challenges.push(dpop_challenge());
        }
        challenges
    }
}

fn dpop_challenge() -> String {
    format!(r#"DPoP realm="portcullis", algs="{}""#, dpop::ALGS.map(Alg::as_str).join(" "))
}

/// The challenge that says no more than that a token is needed.
const CHALLENGE: &str = r#"Bearer realm="portcullis""#;

#[cfg(test)]
mod tests {
    use super::*;

    fn form(text: &str) -> Params {
        Params::parse(text).expect("well-formed")
    }

    fn found(authorization: &[&str], body: Option<&Params>) -> Result<String, u16> {
        find(authorization, body)
            .map(|presented| presented.token.expose().to_owned())
            .map_err(|no| no.status())
    }

    #[test]
    fn a_token_is_in_the_header_or_in_the_form() {
        assert_eq!(found(&["Bearer abc.d-e_f~+/=="], None).as_deref(), Ok("abc.d-e_f~+/=="));
        assert_eq!(found(&["bEARER abc"], None).as_deref(), Ok("abc"));
        assert_eq!(found(&[], Some(&form("access_token=abc"))).as_deref(), Ok("abc"));
    }

    #[test]
    fn the_scheme_is_told_and_a_proof_that_does_not_hold_is_no_authentication() {
        for (header, scheme) in [("dPoP abc", Scheme::Dpop), ("Bearer abc", Scheme::Bearer)] {
            assert_eq!(find(&[header], None).expect("a token").scheme, scheme);
        }
        let denied = Scheme::Dpop.denies(ErrorCode::UseDpopNonce.because("again"));
        assert_eq!(denied.status(), 401);
        assert_eq!(
            denied.challenges(),
            [
                r#"DPoP realm="portcullis", algs="ES256 EdDSA PS256", error="use_dpop_nonce", error_description="again""#
            ]
        );
    }

    #[test]
    fn two_tokens_are_none() {
        assert_eq!(found(&["Bearer a", "Bearer a"], None), Err(400));
        assert_eq!(found(&["Bearer a"], Some(&form("access_token=a"))), Err(400));
        assert_eq!(found(&["Basic a"], Some(&form("access_token=a"))), Err(400));
    }

    #[test]
    fn what_is_no_token_is_refused() {
        let long = format!("Bearer {}", "a".repeat(8193));
        let table = [
            ("Bearer", 400),
            ("Bearer ", 400),
            ("Bearer a b", 401),
            ("Bearer =", 401),
            ("Bearer a=b", 401),
            ("Bearer é", 401),
            (&long, 401),
        ];
        for (header, status) in table {
            assert_eq!(found(&[header], None), Err(status), "{header}");
        }
    }

    #[test]
    fn without_a_token_the_challenge_names_no_error() {
        for headers in [&[][..], &["Basic abc"]] {
            let denied = Denied::from(find(headers, None).expect_err("none"));
            let both = [CHALLENGE, r#"DPoP realm="portcullis", algs="ES256 EdDSA PS256""#];
            assert_eq!(
                (denied.status(), denied.challenges().as_slice()),
                (401, &both.map(str::to_owned)[..])
            );
        }
    }

    #[test]
    fn a_resource_asks_for_what_the_sign_in_lacks_and_no_more() {
        let now = OffsetDateTime::UNIX_EPOCH + time::Duration::days(1);
        let wanted = Wanted { acr: Some(Acr::Mfa), max_age_s: Some(300) };
        let claims = |acr: Option<Acr>, age: Option<i64>| AccessClaims {
            acr: acr.map(|acr| acr.as_str().to_owned()),
            auth_time: age.map(|age| now.unix_timestamp() - age),
            ..sample()
        };
        for (acr, age, lacks) in [
            (Some(Acr::Mfa), Some(300), None),
            (Some(Acr::Phr), Some(0), None),
            (Some(Acr::Password), Some(0), Some((true, false))),
            (Some(Acr::Mfa), Some(301), Some((false, true))),
            (None, None, Some((true, true))),
        ] {
            let found = wanted.of(&claims(acr, age), now);
            let found = found.map(|lack| (lack.acr.is_some(), lack.max_age_s.is_some()));
            assert_eq!(found, lacks, "{acr:?} {age:?}");
        }
        let refusal = Refusal::Authentication(wanted);
        assert_eq!(refusal.status(), 401);
        assert_eq!(
            refusal.challenge(Scheme::Bearer),
            r#"Bearer realm="portcullis", error="insufficient_user_authentication", error_description="a stronger or more recent sign-in is needed for this", acr_values="urn:portcullis:acr:mfa", max_age="300""#
        );
    }

    fn sample() -> AccessClaims {
        serde_json::from_value(serde_json::json!({
            "iss": "i", "sub": "s", "aud": "a", "exp": 1, "iat": 0, "jti": "j", "client_id": "c",
        }))
        .expect("claims")
    }

    #[test]
    fn the_challenge_says_why() {
        let refusal = Refusal::Because(ErrorCode::InvalidToken.because("it \"is\" over"));
        assert_eq!(
            refusal.challenge(Scheme::Bearer),
            r#"Bearer realm="portcullis", error="invalid_token", error_description="it 'is' over""#
        );
        let scope = Refusal::Scope(Scope::parse("openid").expect("well-formed"));
        assert_eq!(scope.status(), 403);
        assert!(scope.challenge(Scheme::Bearer).ends_with(r#", scope="openid""#));
    }
}
