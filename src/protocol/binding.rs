//! What a token is bound to: whoever sends it must show that they hold this key (RFC 7800 §3).

use std::fmt;

use crate::crypto::secret::Fingerprint;
use crate::protocol::client::{Client, ClientId, Profile};
use crate::protocol::dpop::{self, Proof};
use crate::protocol::error::{ErrorCode, OAuthError};

/// The member of `cnf` for a `DPoP` key.
const JKT: &str = "jkt";
/// The member of `cnf` for a certificate.
const X5T: &str = "x5t#S256";

/// The key that the sender of a token must hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Binding {
    /// A `DPoP` key, by its thumbprint (`jkt`, RFC 9449 §6.1).
    Key(Fingerprint),
    /// A client certificate, by its thumbprint (`x5t#S256`, RFC 8705 §3.1).
    Certificate(Fingerprint),
}

impl fmt::Display for Binding {
    /// The member of `cnf` and the thumbprint, with a colon between.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Key(key) => write!(f, "{JKT}:{}", key.to_base64url()),
            Self::Certificate(certificate) => write!(f, "{X5T}:{}", certificate.to_base64url()),
        }
    }
}

impl Binding {
    /// The binding in `text`, as it is displayed.
    pub fn parse(text: &str) -> Option<Self> {
        let (member, thumbprint) = text.split_once(':')?;
        let thumbprint = Fingerprint::from_base64url(thumbprint)?;
        match member {
            JKT => Some(Self::Key(thumbprint)),
            X5T => Some(Self::Certificate(thumbprint)),
            _ => None,
        }
    }

    /// The thumbprint, as tokens have it.
    pub fn thumbprint(self) -> String {
        match self {
            Self::Key(thumbprint) | Self::Certificate(thumbprint) => thumbprint.to_base64url(),
        }
    }

    /// Whether a refresh token bound to this may be used in a request that shows `shown`: a public
    /// client must hold the very key; another is known by its authentication, may change its key, and
    /// must only not fall back to a bearer token (RFC 9449 §5).
    pub fn admits(self, shown: Option<Self>, pinned: bool) -> bool {
        shown == Some(self) || (shown.is_some() && !pinned)
    }

    /// The value of `token_type` for a token that is bound so (RFC 9449 §5, RFC 8705 §3).
    pub const fn token_type(bound: Option<Self>) -> &'static str {
        match bound {
            Some(Self::Key(_)) => "DPoP",
            Some(Self::Certificate(_)) | None => "Bearer",
        }
    }

    /// What tokens for `client` are bound to in a request that showed `proof` and `certificate`.
    ///
    /// # Errors
    /// Where the client's tokens must be bound and nothing was shown that they could be bound to: a
    /// bound client never gets a bearer token (RFC 9449 §5.2, RFC 8705 §3, FAPI 2.0 §5.3.2.1).
    pub fn of(
        client: &Client,
        proof: Option<&Proof>,
        certificate: Option<Fingerprint>,
    ) -> Result<Option<Self>, OAuthError> {
        let must = client.profile == Profile::Fapi2;
        match (proof, certificate) {
            (Some(_), _) if client.demands.certificate => Err(not_to_a_key("the DPoP proof")),
            (Some(proof), _) => Ok(Some(Self::Key(proof.key))),
            (None, Some(certificate)) if client.demands.certificate => {
                Ok(Some(Self::Certificate(certificate)))
            }
            (None, None) if client.demands.certificate => Err(ErrorCode::InvalidRequest.because(
                "the client's tokens are bound to its certificate, and none came with the request; \
                 use the addresses in mtls_endpoint_aliases",
            )),
            (None, _) if client.demands.dpop => Err(dpop::missing()),
            (None, Some(certificate)) if must => Ok(Some(Self::Certificate(certificate))),
            (None, None) if must => Err(dpop::missing()),
            (None, _) => Ok(None),
        }
    }
}

/// The refusal of `what` from a client whose tokens are bound to its certificate.
pub fn not_to_a_key(what: &str) -> OAuthError {
    let refused = format!("the client's tokens are bound to its certificate: leave {what} out");
    ErrorCode::InvalidRequest.because(refused)
}

/// Who presents a code or a refresh token, and what they hold.
#[derive(Debug, Clone, Copy)]
pub struct Holder<'a> {
    /// The client.
    pub client_id: &'a ClientId,
    /// What it shows.
    pub shown: Option<Binding>,
    /// Whether that must be the very thing that a refresh token is bound to ([`Binding::admits`]).
    pub pinned: bool,
}

impl<'a> Holder<'a> {
    /// `client`, whose request is bound to `shown`.
    pub const fn of(client: &'a Client, shown: Option<Binding>) -> Self {
        Self { client_id: &client.id, shown, pinned: client.is_public() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::client::Demands;
    use crate::protocol::client_auth::Once;
    use crate::protocol::facts::NOW;
    use crate::protocol::sample;

    fn key(of: &[u8]) -> Fingerprint {
        Fingerprint::of(of)
    }

    fn proof() -> Proof {
        Proof { key: key(b"k"), once: Once { jti_hash: key(b"jti"), expires_at: NOW } }
    }

    #[test]
    fn a_client_whose_tokens_must_be_bound_never_gets_a_bearer_token() {
        use ErrorCode::{InvalidDpopProof, InvalidRequest};
        let none = Demands::default();
        let dpop = Demands { dpop: true, ..none };
        let certificate = Demands { certificate: true, ..none };
        let (to_key, to_certificate) = (Binding::Key(key(b"k")), Binding::Certificate(key(b"c")));
        // With nothing, with a proof, with a certificate, with both.
        for (demands, profile, expected) in [
            (none, Profile::Oauth21, [Ok(None), Ok(Some(to_key)), Ok(None), Ok(Some(to_key))]),
            (
                dpop,
                Profile::Oauth21,
                [Err(InvalidDpopProof), Ok(Some(to_key)), Err(InvalidDpopProof), Ok(Some(to_key))],
            ),
            (
                certificate,
                Profile::Oauth21,
                [
                    Err(InvalidRequest),
                    Err(InvalidRequest),
                    Ok(Some(to_certificate)),
                    Err(InvalidRequest),
                ],
            ),
            (
                none,
                Profile::Fapi2,
                [
                    Err(InvalidDpopProof),
                    Ok(Some(to_key)),
                    Ok(Some(to_certificate)),
                    Ok(Some(to_key)),
                ],
            ),
        ] {
            let mut client = sample::client();
            (client.demands, client.profile) = (demands, profile);
            let (proof, shown) = (proof(), key(b"c"));
            let found = [
                (None, None),
                (Some(&proof), None),
                (None, Some(shown)),
                (Some(&proof), Some(shown)),
            ]
            .map(|(proof, shown)| Binding::of(&client, proof, shown).map_err(|error| error.code));
            assert_eq!(found, expected, "{demands:?} {profile:?}");
        }
    }

    #[test]
    fn a_public_client_keeps_its_key_and_another_may_change_it_but_not_drop_it() {
        let (one, other) = (Binding::Key(key(b"1")), Binding::Certificate(key(b"2")));
        for (pinned, same, changed) in [(true, true, false), (false, true, true)] {
            assert_eq!(one.admits(Some(one), pinned), same);
            assert_eq!(one.admits(Some(other), pinned), changed);
            assert!(!one.admits(None, pinned));
        }
    }

    #[test]
    fn a_binding_is_read_as_it_was_written() {
        for binding in [Binding::Key(key(b"1")), Binding::Certificate(key(b"1"))] {
            assert_eq!(Binding::parse(&binding.to_string()), Some(binding));
        }
        for wrong in ["", "jkt", "jkt:", "kid:ungWv48Bz-pBQUDeXa4iI7ADYaOWF3qctBD_YfIAFa0"] {
            assert_eq!(Binding::parse(wrong), None);
        }
    }
}
