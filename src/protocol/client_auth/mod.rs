//! Client authentication: which method a request uses, and whether the client proves itself by it
//! (RFC 6749 §2.3, OIDC Core §9).
//!
//! **Invariant: only [`Claim::prove`] makes an [`AuthenticatedClient`].** A claim is one method and
//! one identifier; two methods in one request are refused before any is tried.

mod none;
mod private_key_jwt;
mod secret_basic;
mod secret_post;
mod tls;

use std::sync::Arc;

use time::OffsetDateTime;

use crate::crypto::certificate::{Authorities, ClientCertificate};
use crate::crypto::jwt::PublicKeys;
use crate::crypto::secret::Fingerprint;
use crate::crypto::secret::Secret;
use crate::protocol::client::{Client, ClientAuth, ClientId, ClientSecret, Profile};
use crate::protocol::error::{ErrorCode, OAuthError};
use crate::protocol::params::Params;

pub use private_key_jwt::{ASSERTION_TYPE, algs};
pub use secret_basic::CHALLENGE;

#[cfg(test)]
mod tests;

/// How a client authenticates (`token_endpoint_auth_method`, RFC 7591 §2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Method {
    /// Not at all: a public client.
    None,
    /// Its secret in the `Authorization` header.
    SecretBasic,
    /// Its secret in the body.
    SecretPost,
    /// A JWT signed with its key (RFC 7523).
    PrivateKeyJwt,
    /// A certificate that an authority vouches for (RFC 8705 §2.1).
    TlsClientAuth,
    /// A certificate of its own (RFC 8705 §2.2).
    SelfSignedTls,
}

/// A method, and how a request that uses it is recognised.
pub struct Unit {
    /// The method.
    pub method: Method,
    /// Its name in metadata and registrations.
    pub name: &'static str,
    /// The claim in a request that uses the method.
    find: fn(&Request<'_>) -> Result<Option<Claim>, OAuthError>,
}

/// Every method, as the endpoints, discovery and registration offer them. The public client comes
/// last: every other method may name the client in the body too.
pub const METHODS: &[Unit] = &[
    secret_basic::UNIT,
    secret_post::UNIT,
    private_key_jwt::UNIT,
    tls::BY_AUTHORITY,
    tls::BY_ITSELF,
    none::UNIT,
];

impl Method {
    /// Its name in metadata and registrations.
    pub fn as_str(self) -> &'static str {
        METHODS.iter().find(|unit| unit.method == self).map_or("", |unit| unit.name)
    }

    /// The method called `text`.
    pub fn parse(text: &str) -> Option<Self> {
        METHODS.iter().find(|unit| unit.name == text).map(|unit| unit.method)
    }

    /// The method that a client is registered with.
    pub const fn of(auth: &ClientAuth) -> Self {
        match auth {
            ClientAuth::None => Self::None,
            ClientAuth::SecretBasic(_) => Self::SecretBasic,
            ClientAuth::SecretPost(_) => Self::SecretPost,
            ClientAuth::PrivateKeyJwt(_) => Self::PrivateKeyJwt,
            ClientAuth::TlsClientAuth(_) => Self::TlsClientAuth,
            ClientAuth::SelfSignedTls(_) => Self::SelfSignedTls,
        }
    }
}

/// Where a request carries its credentials, and so how a refusal answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Carrier {
    /// The `Authorization` header: a 401 must name the scheme (RFC 6749 §5.2, [`CHALLENGE`]).
    Header,
    /// The body.
    Body,
}

impl Carrier {
    /// The carrier of a request with these `Authorization` headers, well-formed or not.
    pub const fn of(authorization: &[&str]) -> Self {
        if authorization.is_empty() { Self::Body } else { Self::Header }
    }
}

/// What a method looks at.
struct Request<'a> {
    authorization: Option<&'a str>,
    params: &'a Params,
}

/// Who a request says it comes from, and what it shows for it; nothing is proved yet.
#[derive(Debug)]
pub struct Claim {
    client_id: ClientId,
    evidence: Evidence,
}

#[derive(Debug)]
enum Evidence {
    Nothing,
    Basic(Secret),
    Post(Secret),
    Assertion(Secret),
}

impl Claim {
    /// The one claim in a request with these `Authorization` headers (all of them) and parameters.
    pub fn find(authorization: &[&str], params: &Params) -> Result<Self, OAuthError> {
        let authorization = match authorization {
            [] => None,
            [one] => Some(*one),
            _ => return Err(request("there is more than one Authorization header")),
        };
        let request = Request { authorization, params };
        let mut found: Option<Self> = None;
        for unit in METHODS.iter().filter(|unit| unit.method != Method::None) {
            match ((unit.find)(&request)?, &found) {
                (Some(_), Some(_)) => return Err(several()),
                (Some(claim), None) => found = Some(claim),
                (None, _) => {}
            }
        }
        let claim = match found {
            Some(claim) => Some(claim),
            None => none::find(&request)?,
        };
        claim.ok_or_else(|| {
            ErrorCode::InvalidClient.because("the request does not say which client it comes from")
        })
    }

    /// Who the request says it comes from.
    pub const fn client_id(&self) -> &ClientId {
        &self.client_id
    }

    /// The `kid` that an assertion names, where the claim is one; it only says which keys to fetch.
    pub fn assertion_kid(&self) -> Option<Option<String>> {
        match &self.evidence {
            Evidence::Assertion(jwt) => Some(private_key_jwt::kid(jwt)),
            Evidence::Nothing | Evidence::Basic(_) | Evidence::Post(_) => None,
        }
    }

    /// The method that the request shows; one that only names its client may be proved by TLS.
    pub const fn method(&self) -> Method {
        match self.evidence {
            Evidence::Nothing => Method::None,
            Evidence::Basic(_) => Method::SecretBasic,
            Evidence::Post(_) => Method::SecretPost,
            Evidence::Assertion(_) => Method::PrivateKeyJwt,
        }
    }

    /// Where the credentials were.
    pub const fn carrier(&self) -> Carrier {
        match self.evidence {
            Evidence::Basic(_) => Carrier::Header,
            Evidence::Nothing | Evidence::Post(_) | Evidence::Assertion(_) => Carrier::Body,
        }
    }

    /// The client of that name, if it proves itself by its registered method. `client` is absent
    /// where there is none of that name, which is answered like a wrong proof; `keys` are the
    /// client's, needed for `private_key_jwt` and `self_signed_tls_client_auth` only.
    pub fn prove(
        self,
        client: Option<&Arc<Client>>,
        keys: Option<&PublicKeys>,
        context: &ProofContext<'_>,
    ) -> Result<AuthenticatedClient, OAuthError> {
        let known = client.filter(|client| client.id == self.client_id);
        let auth = known.map(|client| &client.auth);
        let once = match (&self.evidence, auth) {
            (Evidence::Nothing, Some(ClientAuth::None)) => None,
            (Evidence::Nothing, Some(ClientAuth::TlsClientAuth(name))) => {
                tls::check_name(name, context)?;
                None
            }
            (Evidence::Nothing, Some(ClientAuth::SelfSignedTls(_))) => {
                tls::check_registered(keys, context)?;
                None
            }
            (Evidence::Basic(secret), Some(ClientAuth::SecretBasic(live)))
            | (Evidence::Post(secret), Some(ClientAuth::SecretPost(live))) => {
                compare(secret, live, context.now)?;
                None
            }
            (Evidence::Basic(secret) | Evidence::Post(secret), _) => {
                // As much work as for a client that exists.
                compare(secret, &[], context.now)?;
                return Err(failed());
            }
            (Evidence::Assertion(jwt), Some(ClientAuth::PrivateKeyJwt(_))) => {
                let client = known.ok_or_else(failed)?;
                Some(private_key_jwt::check(jwt, client, keys.ok_or_else(failed)?, context)?)
            }
            (Evidence::Nothing | Evidence::Assertion(_), _) => return Err(failed()),
        };
        let client = known.filter(|client| client.disabled_at.is_none()).ok_or_else(failed)?;
        if client.profile == Profile::Fapi2 && !client.auth.is_strong() {
            // It has proved to be itself, so it may be told.
            return Err(self::client(
                "under FAPI 2.0 a client must prove itself by a key or a certificate",
            ));
        }
        let method = Method::of(&client.auth);
        Ok(AuthenticatedClient { client: Arc::clone(client), method, once })
    }
}

/// What a proof is checked against besides the client.
#[derive(Debug, Clone, Copy)]
pub struct ProofContext<'a> {
    /// Our issuer.
    pub issuer: &'a str,
    /// The addresses of the token endpoint, whichever endpoint is asked: under the issuer, and where it
    /// is served for mutual TLS.
    pub token_endpoints: &'a [String],
    /// The certificate that the sender showed in TLS, if any.
    pub certificate: Option<&'a ClientCertificate>,
    /// Who vouches for clients.
    pub authorities: &'a Authorities,
    /// The time.
    pub now: OffsetDateTime,
}

/// A client that proved itself by its registered method.
#[derive(Debug, Clone)]
pub struct AuthenticatedClient {
    client: Arc<Client>,
    method: Method,
    once: Option<Once>,
}

impl AuthenticatedClient {
    /// Which client.
    pub const fn client(&self) -> &Arc<Client> {
        &self.client
    }

    /// By which method.
    pub const fn method(&self) -> Method {
        self.method
    }

    /// What must be spent before anything is given for this proof.
    pub const fn once(&self) -> Option<Once> {
        self.once
    }
}

/// An assertion that may be used once: the caller spends it in the store, where a second row of
/// the same client and hash is a replay (OIDC Core §9, `jti`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Once {
    /// SHA-256 of its `jti`.
    pub jti_hash: Fingerprint,
    /// Until when it must be remembered.
    pub expires_at: OffsetDateTime,
}

/// The refusal of an assertion that was spent before.
pub fn replayed() -> OAuthError {
    client("the client assertion was used before")
}

/// Whether `secret` is one of `live`, compared with each in constant time.
fn compare(secret: &Secret, live: &[ClientSecret], now: OffsetDateTime) -> Result<(), OAuthError> {
    let shown = secret.fingerprint();
    let good = live.iter().fold(false, |good, one| {
        let unexpired = one.expires_at.is_none_or(|end| now < end);
        good | (one.fingerprint.same(&shown) & unexpired)
    });
    if good { Ok(()) } else { Err(failed()) }
}

/// The one answer to an unknown or disabled client, another method than registered, and a wrong
/// proof, so that it tells none from the others.
fn failed() -> OAuthError {
    client("the client is unknown, or did not prove itself by its registered method")
}

fn several() -> OAuthError {
    request("more than one client authentication method is used")
}

fn client(detail: &'static str) -> OAuthError {
    ErrorCode::InvalidClient.because(detail)
}

fn request(detail: &'static str) -> OAuthError {
    ErrorCode::InvalidRequest.because(detail)
}

/// The `client_id` of the body, where one is there.
fn body_client_id(params: &Params) -> Result<Option<ClientId>, OAuthError> {
    params.get("client_id").map(|text| ClientId::parse(text).ok_or_else(failed)).transpose()
}
