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

    /// What tokens for `client` are bound to in a request that showed this.
    ///
    /// # Errors
    /// Where the client's tokens must be bound and nothing was shown that they could be bound to: a
    /// bound client never gets a bearer token (RFC 9449 §5.2, RFC 8705 §3.4, FAPI 2.0 §5.3.2.1).
    pub fn of(client: &Client, shown: &Shown) -> Result<Option<Self>, OAuthError> {
        let certificate = shown.certificate.map(Self::Certificate);
        match shown.proof {
            Some(proof) => Ok(Some(Self::Key(proof.key))),
            None if client.demands.dpop => Err(dpop::missing()),
            None if client.demands.certificate => {
                certificate.map(Some).ok_or_else(|| needed("a client certificate is needed here"))
            }
            None if client.profile == Profile::Fapi2 => certificate.map(Some).ok_or_else(|| {
                needed("under FAPI 2.0 a DPoP proof or a client certificate is needed here")
            }),
            None => Ok(None),
        }
    }
}

/// What the sender of a request showed to hold.
#[derive(Debug, Clone, Copy, Default)]
pub struct Shown {
    /// A `DPoP` proof that holds.
    pub proof: Option<Proof>,
    /// The thumbprint of the certificate that its connection was made with.
    pub certificate: Option<Fingerprint>,
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

fn needed(detail: &'static str) -> OAuthError {
    ErrorCode::InvalidRequest.because(detail)
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
        Proof { key: key(b"k"), once: Once { jti_hash: [0; 32], expires_at: NOW } }
    }

    #[test]
    fn a_client_whose_tokens_must_be_bound_never_gets_a_bearer_token() {
        let (none, by_key, by_certificate) =
            (None, Some(Binding::Key(key(b"k"))), Some(Binding::Certificate(key(b"c"))));
        let (dpop, certificate) = (true, true);
        let free = Demands::default();
        for (demands, profile, without, with_certificate) in [
            (free, Profile::Oauth21, Ok(none), Ok(none)),
            (
                Demands { dpop, ..free },
                Profile::Oauth21,
                Err(ErrorCode::InvalidDpopProof),
                Err(ErrorCode::InvalidDpopProof),
            ),
            (
                Demands { certificate, ..free },
                Profile::Oauth21,
                Err(ErrorCode::InvalidRequest),
                Ok(by_certificate),
            ),
            (free, Profile::Fapi2, Err(ErrorCode::InvalidRequest), Ok(by_certificate)),
        ] {
            let mut client = sample::client();
            (client.demands, client.profile) = (demands, profile);
            let bound = |proof, certificate| {
                let shown = Shown { proof, certificate };
                Binding::of(&client, &shown).map_err(|error| error.code)
            };
            let certificate = Some(key(b"c"));
            assert_eq!(bound(None, None), without);
            assert_eq!(bound(None, certificate), with_certificate);
            assert_eq!(bound(Some(proof()), None), Ok(by_key));
            assert_eq!(bound(Some(proof()), certificate), Ok(by_key));
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
