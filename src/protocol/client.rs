//! A registered client: what an application may do and how it proves itself.

use time::OffsetDateTime;
use url::Url;
use uuid::Uuid;

use crate::crypto::jwt::Alg;
use crate::crypto::secret::Fingerprint;
use crate::protocol::accent::Accent;
use crate::protocol::certificate_name::CertificateName;
use crate::protocol::error::{ErrorCode, OAuthError};
use crate::protocol::redirect_uri::{RedirectKind, RedirectUri};
use crate::protocol::resource::Resource;
use crate::protocol::scope::Scope;

/// A client as registered (RFC 7591 §2 names the members).
#[derive(Debug, Clone)]
pub struct Client {
    /// The identifier that requests carry (RFC 6749 §2.2).
    pub id: ClientId,
    /// The name shown to people.
    pub name: String,
    /// How the client proves itself, with what it is checked against.
    pub auth: ClientAuth,
    /// Where codes may be sent.
    pub redirect_uris: Vec<RedirectUri>,
    /// Where a signed-out browser may be sent (OIDC RP-Initiated Logout §3.1).
    pub post_logout_redirect_uris: Vec<Url>,
    /// The grants it may use at the token endpoint.
    pub grant_types: Vec<GrantType>,
    /// The most that it may ask for.
    pub scope: Scope,
    /// When people are asked.
    pub consent: ConsentPolicy,
    /// Which rules it lives under.
    pub profile: Profile,
    /// The APIs whose tokens it may introspect, as their resource server.
    pub introspect: Vec<Resource>,
    /// Signs its ID tokens (`id_token_signed_response_alg`).
    pub id_token_alg: Alg,
    /// Whether refresh tokens rotate.
    pub rotation: Rotation,
    /// What its requests must bring.
    pub demands: Demands,
    /// Whether its users owe a second factor whatever the general policy says.
    pub mfa: ClientMfa,
    /// Links and picture for the sign-in and consent pages.
    pub pages: ClientPages,
    /// Since when it may do nothing.
    pub disabled_at: Option<OffsetDateTime>,
    /// When it was registered.
    pub created_at: OffsetDateTime,
}

impl Client {
    /// Whether it was registered for `grant`.
    pub fn may_use(&self, grant: GrantType) -> bool {
        self.grant_types.contains(&grant)
    }

    /// Whether it has nothing to prove itself with (RFC 6749 §2.1).
    pub const fn is_public(&self) -> bool {
        matches!(self.auth, ClientAuth::None)
    }

    /// Whether it may do nothing.
    pub const fn is_disabled(&self) -> bool {
        self.disabled_at.is_some()
    }
}

/// A client identifier: 1 to 255 printable ASCII characters (RFC 6749 appendix A.1).
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize)]
#[serde(transparent)]
pub struct ClientId(String);

impl ClientId {
    /// The identifier in `text`, or nothing where no client can be called so.
    pub fn parse(text: &str) -> Option<Self> {
        let fits =
            (1..=255).contains(&text.len()) && text.bytes().all(|b| (0x20..=0x7e).contains(&b));
        fits.then(|| Self(text.to_owned()))
    }

    /// As it goes over the wire.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// How a client authenticates (`token_endpoint_auth_method`) and what it is checked against.
#[derive(Debug, Clone)]
pub enum ClientAuth {
    /// A public client: it has nothing to prove itself with.
    None,
    /// `client_secret_basic`.
    SecretBasic(Vec<ClientSecret>),
    /// `client_secret_post`.
    SecretPost(Vec<ClientSecret>),
    /// `private_key_jwt` (OIDC Core §9).
    PrivateKeyJwt(ClientKeys),
    /// `tls_client_auth` (RFC 8705 §2.1).
    TlsClientAuth(CertificateName),
    /// `self_signed_tls_client_auth` (RFC 8705 §2.2): the keys come with certificates.
    SelfSignedTls(ClientKeys),
}

impl ClientAuth {
    /// Every value of `token_endpoint_auth_method`, as discovery and registration offer them.
    pub const METHODS: [&str; 6] = [
        "client_secret_basic",
        "client_secret_post",
        "private_key_jwt",
        "tls_client_auth",
        "self_signed_tls_client_auth",
        "none",
    ];

    /// Its keys, where it has registered some.
    pub const fn keys(&self) -> Option<&ClientKeys> {
        match self {
            Self::PrivateKeyJwt(keys) | Self::SelfSignedTls(keys) => Some(keys),
            Self::None | Self::SecretBasic(_) | Self::SecretPost(_) | Self::TlsClientAuth(_) => {
                None
            }
        }
    }

    /// What its certificate names, where it is known by that.
    pub const fn certificate_name(&self) -> Option<&CertificateName> {
        match self {
            Self::TlsClientAuth(name) => Some(name),
            Self::None
            | Self::SecretBasic(_)
            | Self::SecretPost(_)
            | Self::PrivateKeyJwt(_)
            | Self::SelfSignedTls(_) => None,
        }
    }

    /// Its secrets, where its method has some.
    pub fn secrets(&self) -> Option<&[ClientSecret]> {
        match self {
            Self::SecretBasic(secrets) | Self::SecretPost(secrets) => Some(secrets),
            Self::None
            | Self::PrivateKeyJwt(_)
            | Self::TlsClientAuth(_)
            | Self::SelfSignedTls(_) => None,
        }
    }

    /// Whether it proves that it holds a key, which FAPI 2.0 §5.3.2.1 asks of every client.
    pub const fn is_strong(&self) -> bool {
        matches!(self, Self::PrivateKeyJwt(_) | Self::TlsClientAuth(_) | Self::SelfSignedTls(_))
    }

    /// Whether it shows a certificate.
    pub const fn is_by_certificate(&self) -> bool {
        matches!(self, Self::TlsClientAuth(_) | Self::SelfSignedTls(_))
    }

    /// The value of `token_endpoint_auth_method`.
    pub const fn method(&self) -> &'static str {
        match self {
            Self::None => "none",
            Self::SecretBasic(_) => "client_secret_basic",
            Self::SecretPost(_) => "client_secret_post",
            Self::PrivateKeyJwt(_) => "private_key_jwt",
            Self::TlsClientAuth(_) => "tls_client_auth",
            Self::SelfSignedTls(_) => "self_signed_tls_client_auth",
        }
    }

    /// Whether a client that authenticates so may register `uri`: private-use schemes are for
    /// native applications, which are public clients (RFC 8252 §8.4).
    pub fn may_register(&self, uri: &RedirectUri) -> Result<(), OAuthError> {
        match (self, uri.kind()) {
            (Self::None, _) | (_, RedirectKind::Https | RedirectKind::Loopback) => Ok(()),
            (_, RedirectKind::PrivateUse) => Err(ErrorCode::InvalidRedirectUri
                .because("a private-use scheme is for public clients only")
                .at("redirect_uris")),
        }
    }
}

/// One of a client's secrets: two are live while one replaces the other.
#[derive(Debug, Clone)]
pub struct ClientSecret {
    /// The row.
    pub id: Uuid,
    /// SHA-256 of the secret.
    pub fingerprint: Fingerprint,
    /// When it stops to be good; never, where absent.
    pub expires_at: Option<OffsetDateTime>,
    /// When it was made.
    pub created_at: OffsetDateTime,
}

/// The public keys of a client.
#[derive(Debug, Clone)]
pub enum ClientKeys {
    /// Registered by value (`jwks`).
    Inline(serde_json::Value),
    /// Registered by reference (`jwks_uri`).
    Uri(Url),
}

/// A grant that the token endpoint serves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum GrantType {
    /// RFC 6749 §4.1.
    AuthorizationCode,
    /// RFC 6749 §6.
    RefreshToken,
    /// RFC 6749 §4.4.
    ClientCredentials,
}

impl GrantType {
    /// Every grant, as the token endpoint, registration and discovery offer them.
    pub const ALL: [Self; 3] =
        [Self::AuthorizationCode, Self::RefreshToken, Self::ClientCredentials];

    /// The value of `grant_type`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::AuthorizationCode => "authorization_code",
            Self::RefreshToken => "refresh_token",
            Self::ClientCredentials => "client_credentials",
        }
    }

    /// The grant called `text`.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|grant| grant.as_str() == text)
    }
}

/// When a client's users are asked for consent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ConsentPolicy {
    /// Once, and again only for more.
    Remember,
    /// Each time.
    Always,
    /// Never: the operator answers for the client.
    Trusted,
}

/// The rules a client lives under.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Profile {
    /// OAuth 2.1.
    Oauth21,
    /// FAPI 2.0 Security Profile.
    Fapi2,
}

impl Profile {
    /// What signs where `alg` is chosen: FAPI 2.0 §5.4.1 knows no RS256, and whoever checks that with
    /// an RSA key can check PS256 with one.
    pub const fn signing(self, alg: Alg) -> Alg {
        match (self, alg) {
            (Self::Fapi2, Alg::Rs256) => Alg::Ps256,
            (Self::Fapi2 | Self::Oauth21, alg) => alg,
        }
    }
}

/// What the server asks of every client, however it is registered.
#[derive(Debug, Clone, Copy)]
pub struct ServerRules {
    /// The least strict profile that any client lives under.
    pub profile: Profile,
    /// Whether every authorization request must be pushed (RFC 9126 §5).
    pub pushed: bool,
}

impl Default for ServerRules {
    fn default() -> Self {
        Self { profile: Profile::Oauth21, pushed: false }
    }
}

impl ServerRules {
    /// Whether every authorization request must be pushed.
    pub const fn asks_for_pushed(&self) -> bool {
        self.pushed || matches!(self.profile, Profile::Fapi2)
    }

    /// `client` as it is under these rules.
    pub fn upon(&self, mut client: Client) -> Client {
        if self.profile == Profile::Fapi2 {
            client.profile = Profile::Fapi2;
            client.rotation = Rotation::Never;
        }
        client.id_token_alg = client.profile.signing(client.id_token_alg);
        client.demands.pushed |= self.asks_for_pushed() || client.profile == Profile::Fapi2;
        client
    }
}

/// Whether a client's refresh tokens are replaced at each use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Rotation {
    /// At every use.
    Always,
    /// Never, as FAPI 2.0 §5.3.2.1 asks.
    Never,
}

/// What a client's requests must bring, beside what every client's must.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Demands {
    /// A `DPoP` proof for every token (`dpop_bound_access_tokens`, RFC 9449 §5.2).
    pub dpop: bool,
    /// A client certificate with every request for tokens, which are bound to it
    /// (`tls_client_certificate_bound_access_tokens`, RFC 8705 §3.4).
    pub certificate: bool,
    /// Authorization requests by `request_uri` only (`require_pushed_authorization_requests`, RFC
    /// 9126 §6).
    pub pushed: bool,
}

/// Whether a client asks more than the general MFA policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ClientMfa {
    /// What the policy says.
    Policy,
    /// Always a second factor.
    Required,
}

/// What the pages show of a client.
#[derive(Debug, Clone, Default)]
pub struct ClientPages {
    /// Its home page.
    pub client_uri: Option<Url>,
    /// Its picture.
    pub logo_uri: Option<Url>,
    /// Its privacy policy.
    pub policy_uri: Option<Url>,
    /// Its terms of service.
    pub tos_uri: Option<Url>,
    /// Its colour.
    pub accent: Option<Accent>,
}
