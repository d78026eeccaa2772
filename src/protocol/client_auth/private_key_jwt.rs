//! `private_key_jwt`: a JWT signed with the client's key (RFC 7523 §3, OIDC Core §9).

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use time::{Duration, OffsetDateTime};

use super::{
    Claim, Evidence, Method, Once, ProofContext, Request, Unit, body_client_id, client, failed,
    request,
};
use crate::crypto::jwt::{self, Alg, Audience, Expect, Expiry, JwtError, PublicKeys};
use crate::crypto::secret::{Fingerprint, Secret};
use crate::protocol::client::{Client, ClientId, Profile};
use crate::protocol::error::{ErrorCode, OAuthError};

/// The value of `client_assertion_type` (RFC 7523 §2.2).
pub const ASSERTION_TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

pub(super) const UNIT: Unit = Unit { method: Method::PrivateKeyJwt, name: "private_key_jwt", find };

/// The longest assertion, before anything of it is read.
const MAX_BYTES: usize = 8192;
/// The longest `jti`.
const MAX_JTI_BYTES: usize = 256;
/// How far ahead it may end, so that what must be remembered is bounded.
const MAX_LIFETIME: Duration = Duration::seconds(300);
/// How wrong the client's clock may be.
const LEEWAY: Duration = Duration::seconds(10);
/// How much longer than the assertion its `jti` is remembered.
const REMEMBERED: Duration = Duration::seconds(60);

/// The algorithms that clients of `profile` may sign with (FAPI 2.0 §5.4.1).
pub const fn algs(profile: Profile) -> &'static [Alg] {
    match profile {
        Profile::Oauth21 => &[Alg::Rs256, Alg::Ps256, Alg::Es256, Alg::EdDsa],
        Profile::Fapi2 => &[Alg::Ps256, Alg::Es256, Alg::EdDsa],
    }
}

/// The `kid` in the header of an assertion that nobody has verified yet.
pub(super) fn kid(assertion: &Secret) -> Option<String> {
    in_header(assertion, "kid")
}

/// The text called `name` in the header of an assertion that nobody has verified yet.
fn in_header(assertion: &Secret, name: &str) -> Option<String> {
    let header = assertion.expose().split('.').next()?;
    let header = URL_SAFE_NO_PAD.decode(header).ok()?;
    let header: serde_json::Value = serde_json::from_slice(&header).ok()?;
    header.get(name)?.as_str().filter(|text| text.len() <= 256).map(str::to_owned)
}

fn find(asked: &Request<'_>) -> Result<Option<Claim>, OAuthError> {
    let params = asked.params;
    let assertion = match (params.get("client_assertion"), params.get("client_assertion_type")) {
        (None, None) => return Ok(None),
        (Some(assertion), Some(ASSERTION_TYPE)) => assertion,
        (Some(_), Some(_)) => {
            return Err(client("client_assertion_type is not one that is served")
                .at("client_assertion_type"));
        }
        _ => return Err(request("client_assertion and client_assertion_type go together")),
    };
    let subject = subject(assertion).ok_or_else(failed)?;
    match body_client_id(params)? {
        Some(other) if other != subject => Err(failed()),
        _ => {
            let evidence = Evidence::Assertion(Secret::new(assertion.to_owned()));
            Ok(Some(Claim { client_id: subject, evidence }))
        }
    }
}

/// Whom an assertion that nobody has checked yet names.
fn subject(assertion: &str) -> Option<ClientId> {
    #[derive(serde::Deserialize)]
    struct Named {
        sub: String,
    }
    if assertion.len() > MAX_BYTES {
        return None;
    }
    let payload = URL_SAFE_NO_PAD.decode(assertion.split('.').nth(1)?).ok()?;
    let named: Named = serde_json::from_slice(&payload).ok()?;
    ClientId::parse(&named.sub)
}

/// The claims of an assertion (RFC 7523 §3). An `aud` that is a list is none.
#[derive(Debug, serde::Deserialize)]
struct Assertion {
    iss: String,
    sub: String,
    aud: String,
    exp: i64,
    nbf: Option<i64>,
    iat: Option<i64>,
    jti: String,
}

/// What must be spent for `assertion`, if it proves that `who` made it for us now.
pub(super) fn check(
    assertion: &Secret,
    who: &Client,
    keys: &PublicKeys,
    context: &ProofContext<'_>,
) -> Result<Once, OAuthError> {
    let also = match who.profile {
        Profile::Oauth21 => context.token_endpoints,
        Profile::Fapi2 => &[],
    };
    let also = also.iter().map(String::as_str);
    let audiences: Vec<&str> = std::iter::once(context.issuer).chain(also).collect();
    let expect = Expect {
        typ: &["", "JWT", "client-authentication+jwt"],
        algs: algs(who.profile),
        issuer: who.id.as_str(),
        audience: Audience::Exactly(&audiences),
        expiry: Expiry::Required,
        required: &["sub", "jti"],
        leeway_s: LEEWAY.whole_seconds(),
        max_bytes: MAX_BYTES,
    };
    let claims = jwt::verify::<Assertion>(assertion.expose(), keys, &expect, context.now).map_err(
        |error| {
            if error == JwtError::Algorithm {
                failed().owing_to(algorithm(assertion, who.profile))
            } else if error == JwtError::Audience {
                wrong_audience(&audiences)
            } else {
                refusal(error)
            }
        },
    )?;
    judge(&claims, who, &audiences, context.now)
}

/// Why the algorithm of `assertion` is not taken.
fn algorithm(assertion: &Secret, profile: Profile) -> String {
    let Some(alg) = in_header(assertion, "alg") else { return JwtError::Algorithm.to_string() };
    let why = match Alg::parse(&alg) {
        Some(known) if algs(profile).contains(&known) => "which is not its key's",
        Some(_) => "which the profile fapi2 excludes",
        None => "which is not taken",
    };
    format!("the assertion is signed with {alg}, {why}")
}

// What is found out before the signature holds is told to the operator alone; the rest to the client.
fn refusal(error: JwtError) -> OAuthError {
    match error {
        JwtError::TooLong
        | JwtError::Shape
        | JwtError::Header
        | JwtError::Type
        | JwtError::Critical
        | JwtError::ForbiddenHeader(_)
        | JwtError::Algorithm
        | JwtError::KeyId
        | JwtError::Key
        | JwtError::Unusable
        | JwtError::UnknownKey
        | JwtError::NoKeyId
        | JwtError::Signature => failed().owing_to(error.to_string()),
        JwtError::Payload
        | JwtError::Audience
        | JwtError::Mistyped(_)
        | JwtError::Missing(_)
        | JwtError::Issuer
        | JwtError::Expired
        | JwtError::NotYetValid
        | JwtError::IssuedInFuture
        | JwtError::Claims => {
            ErrorCode::InvalidClient.because(format!("the client assertion does not hold: {error}"))
        }
    }
}

fn wrong_audience(audiences: &[&str]) -> OAuthError {
    let audiences = audiences.join(" or ");
    ErrorCode::InvalidClient
        .because(format!("aud of the client assertion must be one string: {audiences}"))
}

// The signature holds, so the client is told what is wrong with the rest.
fn judge(
    claims: &Assertion,
    who: &Client,
    audiences: &[&str],
    now: OffsetDateTime,
) -> Result<Once, OAuthError> {
    let id = who.id.as_str();
    if claims.iss != id || claims.sub != id {
        return Err(client("iss and sub of the client assertion must both be the client_id"));
    }
    if !audiences.contains(&claims.aud.as_str()) {
        return Err(wrong_audience(audiences));
    }
    let exp = OffsetDateTime::from_unix_timestamp(claims.exp).map_err(|_| failed())?;
    if now - exp >= LEEWAY {
        return Err(client("the client assertion has expired"));
    }
    if exp - now > MAX_LIFETIME {
        return Err(client("the client assertion must expire within 300 seconds"));
    }
    let latest = (now + LEEWAY).unix_timestamp();
    if [claims.nbf, claims.iat].into_iter().flatten().any(|at| at > latest) {
        return Err(client("the client assertion is from the future: check the clock"));
    }
    if claims.jti.is_empty() || claims.jti.len() > MAX_JTI_BYTES {
        return Err(client("jti of the client assertion must have 1 to 256 characters"));
    }
    let jti_hash = Fingerprint::of(claims.jti.as_bytes());
    Ok(Once { jti_hash, expires_at: exp + REMEMBERED })
}
