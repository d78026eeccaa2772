//! What every handler gets: one cheap clone per request.

use std::ops::Deref;
use std::sync::Arc;

use time::{Duration, OffsetDateTime};
use url::Url;

use crate::ambient::{Clock, Entropy};
use crate::config::{DpopNonces, TouchedKeys};
use crate::crypto::seal::{MacKey, Seal};
use crate::crypto::webauthn::RelyingParty;
use crate::identity::passkey::CopiedPolicy;
use crate::identity::session;
use crate::identity::user::User;
use crate::live::Live;
use crate::live::client_keys::ClientKeySets;
use crate::live::journal::Journal;
use crate::live::passwords::Passwords;
use crate::protocol::claims::Acr;
use crate::protocol::dbsc::BoundSessions;
use crate::protocol::dpop::Nonces;
use crate::store::Store;
use crate::web::authorities::TrustedAuthorities;
use crate::web::client_address::TrustedProxies;
use crate::web::csrf::Csrf;
use crate::web::limits::Limiter;

/// The server's parts, shared by every request.
#[derive(Clone)]
pub struct App(Arc<Parts>);

impl App {
    /// An app made of `parts`.
    pub fn new(parts: Parts) -> Self {
        Self(Arc::new(parts))
    }

    /// The wall clock, read once per request, to the microsecond as Postgres keeps it.
    pub fn now(&self) -> OffsetDateTime {
        let now = self.clock.now();
        now.replace_microsecond(now.microsecond()).unwrap_or(now)
    }
}

impl Parts {
    /// Whether the node was told to stop.
    pub fn is_draining(&self) -> bool {
        self.draining.load(std::sync::atomic::Ordering::Relaxed)
    }
}

impl Deref for App {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}

/// The parts of a server.
pub struct Parts {
    /// Postgres.
    pub store: Store,
    /// What this node remembers of it.
    pub live: Arc<Live>,
    /// Audit events on their way.
    pub journal: Arc<Journal>,
    /// The argon2 pool.
    pub passwords: Passwords,
    /// This server to passkeys; none where its address is no name.
    pub passkeys: Option<RelyingParty>,
    /// Keys of clients with a `jwks_uri`.
    pub client_keys: ClientKeySets,
    /// Who vouches for clients' certificates.
    pub authorities: TrustedAuthorities,
    /// The clock.
    pub clock: Arc<dyn Clock>,
    /// Randomness.
    pub entropy: Arc<dyn Entropy>,
    /// Keys derived from the master key.
    pub secrets: Secrets,
    /// Rate limits.
    pub limiter: Limiter,
    /// Rung when somebody asked for a mail, so that the desk looks at once.
    pub bell: Arc<tokio::sync::Notify>,
    /// Whether the node was told to stop: it then sends new work elsewhere.
    pub draining: std::sync::atomic::AtomicBool,
    /// How this server is set up.
    pub settings: Settings,
    /// The discovery documents, made once.
    pub documents: Documents,
}

/// The discovery documents of this server, as bytes.
pub struct Documents {
    /// OpenID Connect Discovery §3.
    pub openid_configuration: bytes::Bytes,
    /// RFC 8414 §3.
    pub authorization_server: bytes::Bytes,
}

/// What the master key gives.
pub struct Secrets {
    /// Seals rows and hop tokens.
    pub seal: Arc<Seal>,
    /// Proves refresh tokens.
    pub refresh: MacKey,
    /// Binds forms to browsers.
    pub csrf: Csrf,
    /// Names failure counters and recovery codes.
    pub pepper: MacKey,
    /// Makes the nonces of `DPoP` proofs.
    pub nonces: Nonces,
    /// Makes the challenges and cookies of bound sessions.
    pub bound_sessions: BoundSessions,
}

/// How this server is set up, fixed at start.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The issuer identifier (RFC 8414 §2), exactly as announced.
    pub issuer: String,
    /// The issuer as a URL, for its origin.
    pub issuer_url: Url,
    /// Where clients show certificates, where that is not at the issuer's address: no slash at its end.
    pub certificates_at: Option<String>,
    /// The addresses of the token endpoint, audiences of client assertions.
    pub token_endpoints: Vec<String>,
    /// What is served besides production's pages.
    pub mode: Mode,
    /// How long tokens live.
    pub lifetimes: Lifetimes,
    /// How long browser sessions live.
    pub sessions: SessionLifetimes,
    /// How long somebody who wants their account deleted can change their mind.
    pub deletion_grace: Duration,
    /// Whose forwarded headers count.
    pub trusted_proxies: TrustedProxies,
    /// Whether security keys that verify nobody may follow a password.
    pub touched_keys: TouchedKeys,
    /// What becomes of a key that seems to be copied.
    pub copied_keys: CopiedPolicy,
    /// The strongest authentication context that anybody can reach here.
    pub strongest_acr: Acr,
    /// Whose `DPoP` proofs must carry a nonce.
    pub dpop_nonces: DpopNonces,
}

impl Settings {
    /// The address of `path` at this server.
    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.issuer)
    }

    /// Every address of `path` at this server.
    pub fn addresses(&self, path: &str) -> Vec<String> {
        let alias = self.certificates_at.as_ref().map(|base| format!("{base}{path}"));
        std::iter::once(self.url(path)).chain(alias).collect()
    }

    /// The built-in API that administers this server.
    pub fn admin_resource(&self) -> String {
        self.url("/admin/api/v1")
    }
}

/// Which server this is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// `portcullis dev`: the playground and the mail inbox are there.
    Development,
    /// `portcullis dev --no-demo`: the mail inbox only.
    DevelopmentWithoutDemo,
    /// `portcullis serve`.
    Production,
}

/// How long browser sessions live.
#[derive(Debug, Clone, Copy)]
pub struct SessionLifetimes {
    /// Those of most people.
    pub person: session::Lifetimes,
    /// Those of administrators.
    pub administrator: session::Lifetimes,
}

impl SessionLifetimes {
    /// Those of `user`.
    pub fn of(&self, user: &User) -> session::Lifetimes {
        if user.is_administrator() { self.administrator } else { self.person }
    }
}

/// How long tokens live.
#[derive(Debug, Clone, Copy)]
pub struct Lifetimes {
    /// An access token for no API in particular.
    pub access_token: Duration,
    /// An ID token.
    pub id_token: Duration,
    /// An unused refresh token of a public client.
    pub refresh_idle_public: Duration,
    /// An unused refresh token of a confidential client.
    pub refresh_idle_confidential: Duration,
    /// A grant, however often it is used.
    pub refresh_absolute: Duration,
    /// The longest that any access token may live: how long a revocation is remembered.
    pub longest_access_token: Duration,
}
