//! Pushed authorization requests (RFC 9126): the client sends the request itself, authenticated, and
//! the browser carries no more than a name for it.

use time::{Duration, OffsetDateTime};

use crate::crypto::secret::{Fingerprint, Secret};
use crate::protocol::authorize::{AuthorizeRequest, Inquiry, Refusal};
use crate::protocol::binding;
use crate::protocol::client::{Client, ClientId};
use crate::protocol::error::{ErrorCode, OAuthError};
use crate::protocol::params::Params;

/// What every `request_uri` of ours begins with (RFC 9126 §2.2), with a prefix that scanners find.
pub const PREFIX: &str = "urn:ietf:params:oauth:request_uri:pc_ru_";

/// How long one can be brought to the authorization endpoint: under 600 s (FAPI 2.0 §5.3.2.2).
pub const LIFETIME: Duration = Duration::seconds(90);

/// The longest request that is kept, encoded, in bytes.
const MAX_BYTES: usize = 16 * 1024;
/// The same of a public client, in whose name anybody can push one.
const MAX_PUBLIC_BYTES: usize = 4 * 1024;
/// The longest `request_uri` of ours, in bytes.
const MAX_URI_BYTES: usize = 128;

/// What authenticates the client is no part of the request that is kept (RFC 9126 §2.1).
const CREDENTIALS: [&str; 3] = ["client_secret", "client_assertion", "client_assertion_type"];

/// A request that was pushed, and waits for its browser.
#[derive(Clone)]
pub struct PushedRequest {
    /// Who pushed it.
    pub client_id: ClientId,
    /// The request, as the query that it would have been.
    pub query: String,
    /// When it stops to be good.
    pub expires_at: OffsetDateTime,
}

// What was pushed is nobody's but the client's: its parameters are not printed.
impl std::fmt::Debug for PushedRequest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PushedRequest").field("client_id", &self.client_id).finish_non_exhaustive()
    }
}

impl PushedRequest {
    /// What `client` pushed in `params`, checked as the authorization endpoint will check it. `key` is
    /// the thumbprint of its `DPoP` proof: the code is bound to that (RFC 9449 §10.1).
    ///
    /// # Errors
    /// Whatever is wrong with the request, told to the client alone (RFC 9126 §2.3).
    pub fn parse(
        params: &Params,
        client: &Client,
        key: Option<Fingerprint>,
        issuer: &str,
        now: OffsetDateTime,
    ) -> Result<Self, OAuthError> {
        if params.get("request_uri").is_some() {
            let refused = "a pushed request must not have a request_uri";
            return Err(ErrorCode::InvalidRequest.because(refused).at("request_uri"));
        }
        if key.is_some() && client.demands.certificate {
            return Err(binding::not_to_a_key("the DPoP proof"));
        }
        let mut kept = params.without(&CREDENTIALS);
        kept.set("client_id", client.id.as_str().to_owned());
        let request = read(&kept, client, issuer)?;
        match (request.key, key) {
            (Some(named), Some(shown)) if named != shown => {
                let refused = "dpop_jkt is not the key of the DPoP proof";
                return Err(ErrorCode::InvalidDpopProof.because(refused).at("dpop_jkt"));
            }
            (None, Some(shown)) => kept.set("dpop_jkt", shown.to_base64url()),
            (Some(_) | None, _) => {}
        }
        let query = kept.encode();
        let (most, refused) = if client.is_public() {
            (MAX_PUBLIC_BYTES, "the authorization request of a public client is longer than 4 KiB")
        } else {
            (MAX_BYTES, "the authorization request is longer than 16 KiB")
        };
        if query.len() > most {
            return Err(ErrorCode::InvalidRequest.because(refused));
        }
        Ok(Self { client_id: client.id.clone(), query, expires_at: now + LIFETIME })
    }

    /// The inquiry that it stands for, where `asking` brings it in a sign-in begun at `started_at`: it
    /// must be good when it is first brought, and may then take as long as a sign-in takes.
    ///
    /// # Errors
    /// `invalid_request_uri` where it is another client's or has expired.
    pub fn inquiry(
        &self,
        asking: &ClientId,
        started_at: OffsetDateTime,
    ) -> Result<Inquiry, OAuthError> {
        if self.client_id != *asking {
            return Err(unknown());
        }
        if started_at >= self.expires_at {
            return Err(refused("the request_uri has expired; begin again"));
        }
        Ok(Inquiry::parse(&self.query)?.pushed())
    }
}

fn read(params: &Params, client: &Client, issuer: &str) -> Result<AuthorizeRequest, OAuthError> {
    let inquiry = Inquiry::parse(params.encode())?.pushed();
    AuthorizeRequest::parse(&inquiry, Some(client), issuer).map_err(|refusal| match refusal {
        Refusal::Show(error) | Refusal::Send(_, error) => error,
    })
}

/// The fingerprint of a `request_uri` that has the shape of ours.
pub fn fingerprint(request_uri: &str) -> Option<Fingerprint> {
    let ours = request_uri.starts_with(PREFIX) && request_uri.len() <= MAX_URI_BYTES;
    ours.then(|| Secret::new(request_uri.to_owned()).fingerprint())
}

/// The refusal of a `request_uri` that is not known: never pushed, used, or another client's.
pub fn unknown() -> OAuthError {
    refused("the request_uri is unknown, used, or another client's; begin again")
}

fn refused(detail: &'static str) -> OAuthError {
    ErrorCode::InvalidRequestUri.because(detail).at("request_uri")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::facts::{NOW, client_id, params};
    use crate::protocol::sample;

    const GOOD: &str = "response_type=code&redirect_uri=https://app.example/cb&scope=openid\
        &code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&code_challenge_method=S256";

    fn push(more: &str, key: Option<Fingerprint>) -> Result<PushedRequest, ErrorCode> {
        let params = params(&format!("{GOOD}{more}"));
        PushedRequest::parse(&params, &sample::client(), key, "https://id.example", NOW)
            .map_err(|error| error.code)
    }

    #[test]
    fn what_is_kept_is_the_request_and_nothing_that_proves_the_client() {
        let more = "&client_secret=s3cret&client_assertion=a&client_assertion_type=t&state=x";
        let kept = push(more, None).expect("good").query;
        assert!(kept.contains("state=x") && !kept.contains("s3cret"));
        assert!(!kept.contains("client_assertion"));
        assert_eq!(kept.matches("client_id=").count(), 1);
    }

    #[test]
    fn a_request_that_would_be_refused_later_is_refused_now() {
        for (more, code) in [
            ("&request_uri=urn:x", ErrorCode::InvalidRequest),
            ("&request=x.y.z", ErrorCode::RequestNotSupported),
            ("&prompt=none%20login", ErrorCode::InvalidRequest),
            ("&dpop_jkt=short", ErrorCode::InvalidRequest),
        ] {
            assert_eq!(push(more, None).expect_err("bad"), code, "{more}");
        }
        let bad = params(&GOOD.replace("app.example", "evil.example"));
        let found = PushedRequest::parse(&bad, &sample::client(), None, "https://id.example", NOW);
        assert_eq!(found.expect_err("foreign").code, ErrorCode::InvalidRequest);
    }

    #[test]
    fn the_key_of_a_proof_goes_with_the_request_and_agrees_with_the_one_named() {
        let key = Fingerprint::of(b"key");
        let named = format!("&dpop_jkt={}", key.to_base64url());
        for (more, shown) in [("", Some(key)), (named.as_str(), Some(key)), (named.as_str(), None)]
        {
            let kept = push(more, shown).expect("good").query;
            assert_eq!(kept.matches(named.trim_start_matches('&')).count(), 1);
        }
        let other = Some(Fingerprint::of(b"other"));
        assert_eq!(push(&named, other).expect_err("another"), ErrorCode::InvalidDpopProof);
    }

    #[test]
    fn it_is_its_clients_and_must_be_brought_in_time() {
        let pushed = push("", None).expect("good");
        let own = sample::client().id;
        let by = |asking: &ClientId, at| pushed.inquiry(asking, at).map_err(|error| error.code);
        assert!(by(&own, NOW).is_ok() && by(&own, NOW + LIFETIME - Duration::SECOND).is_ok());
        assert_eq!(by(&own, NOW + LIFETIME).expect_err("late"), ErrorCode::InvalidRequestUri);
        let other = client_id("other");
        assert_eq!(by(&other, NOW).expect_err("foreign"), ErrorCode::InvalidRequestUri);
    }
}
