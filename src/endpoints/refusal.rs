//! Refusals: what the client is told, what the operator can look up, and how both are written.

use std::fmt::Display;
use std::net::IpAddr;

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value, json};

use crate::crypto::CryptoError;
use crate::endpoints::cx::Cx;
use crate::live::passwords::PasswordPoolError;
use crate::protocol::client::Client;
use crate::protocol::error::{ErrorCode, OAuthError};
use crate::store::StoreError;
use crate::store::audit::{AuditActor, Outcome};
use crate::web::limits::RetryAfter;
use crate::web::respond::{self, RefusalId};

/// Why a request was not done.
#[derive(Debug)]
pub enum Failure {
    /// The request is at fault.
    Refused(Box<Refusal>),
    /// Too many, for the time being.
    Limited(RetryAfter),
    /// We are at fault, or Postgres is away.
    Internal(Internal),
}

/// A fault of ours: it goes to the log, never to the client.
#[derive(Debug, thiserror::Error)]
pub enum Internal {
    /// Postgres.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Cryptography.
    #[error(transparent)]
    Crypto(#[from] CryptoError),
    /// The argon2 pool.
    #[error(transparent)]
    Passwords(#[from] PasswordPoolError),
    /// A thing that must be there is not.
    #[error("{0}")]
    Missing(&'static str),
}

/// A refusal with what the operator needs to understand it.
#[derive(Debug, Clone)]
pub struct Refusal {
    /// What the client is told.
    pub error: OAuthError,
    /// Whose request it was, where that is known.
    pub client_id: Option<String>,
    /// The account, where that is known.
    pub user_id: Option<uuid::Uuid>,
    /// What else mattered: the rule, what was sent, what was registered.
    facts: Map<String, Value>,
}

impl Refusal {
    /// Adds a fact for the operator. Never a secret.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Display) -> Self {
        let value: String = value.to_string().chars().take(1024).collect();
        self.facts.insert(name.to_owned(), Value::String(value));
        self
    }

    /// Says whose request it was.
    #[must_use]
    pub fn of(mut self, client: &Client) -> Self {
        self.client_id = Some(client.id.as_str().to_owned());
        self
    }

    /// Says whose account it was about.
    #[must_use]
    pub fn about(mut self, user: uuid::Uuid) -> Self {
        self.user_id = Some(user);
        self
    }
}

impl From<OAuthError> for Refusal {
    fn from(error: OAuthError) -> Self {
        Self { error, client_id: None, user_id: None, facts: Map::new() }
    }
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(Box::new(refusal))
    }
}

impl From<OAuthError> for Failure {
    fn from(error: OAuthError) -> Self {
        Refusal::from(error).into()
    }
}

impl From<RetryAfter> for Failure {
    fn from(wait: RetryAfter) -> Self {
        Self::Limited(wait)
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        Self::Internal(error.into())
    }
}

impl From<CryptoError> for Failure {
    fn from(error: CryptoError) -> Self {
        Self::Internal(error.into())
    }
}

impl From<PasswordPoolError> for Failure {
    fn from(error: PasswordPoolError) -> Self {
        Self::Internal(error.into())
    }
}

impl Internal {
    /// Whether the same request may succeed a moment later.
    fn is_passing(&self) -> bool {
        match self {
            Self::Store(error) => error.is_transient(),
            Self::Passwords(PasswordPoolError::Busy) => true,
            Self::Passwords(PasswordPoolError::Crypto(_)) | Self::Crypto(_) | Self::Missing(_) => {
                false
            }
        }
    }
}

/// What became of a failure: what to say, and under which id the operator finds it.
pub struct Told {
    /// What the client is told.
    pub error: OAuthError,
    /// The status it is told with.
    pub status: StatusCode,
    /// Where the operator finds it.
    pub id: RefusalId,
    /// When to come back.
    pub retry_after_s: Option<u64>,
}

/// Records a failure and says what to tell.
pub async fn tell(cx: &Cx, endpoint: &'static str, failure: Failure) -> Told {
    let id = RefusalId::mint(cx.app.entropy.as_ref());
    match failure {
        Failure::Refused(refusal) => {
            let status = refusal.error.code.status();
            record(cx, endpoint, &id, &refusal).await;
            Told { error: refusal.error, status, id, retry_after_s: None }
        }
        Failure::Limited(wait) => {
            let error = ErrorCode::SlowDown.because("too many requests; wait and try again");
            record(cx, endpoint, &id, &Refusal::from(error.clone())).await;
            let status = StatusCode::TOO_MANY_REQUESTS;
            Told { error, status, id, retry_after_s: Some(wait.seconds()) }
        }
        Failure::Internal(fault) if fault.is_passing() => {
            tracing::warn!(refusal_id = %id, endpoint, error = %fault, "not served for now");
            let error = ErrorCode::TemporarilyUnavailable.because("try again in a moment");
            let status = StatusCode::SERVICE_UNAVAILABLE;
            Told { error, status, id, retry_after_s: Some(2) }
        }
        Failure::Internal(fault) => {
            tracing::error!(refusal_id = %id, endpoint, error = %fault, "a fault of ours");
            let error = ErrorCode::ServerError.because("something went wrong on our side");
            Told { error, status: StatusCode::INTERNAL_SERVER_ERROR, id, retry_after_s: None }
        }
    }
}

async fn record(cx: &Cx, endpoint: &'static str, id: &RefusalId, refusal: &Refusal) {
    if !cx.app.limiter.may_record(cx.now) {
        return;
    }
    let actor = refusal.client_id.clone().map_or(AuditActor::Anonymous, AuditActor::Client);
    let mut event = cx.event("refusal", Outcome::Refused, actor);
    event.client_id.clone_from(&refusal.client_id);
    event.user_id = refusal.user_id;
    event.refusal_id = Some(id.to_string());
    event.details = json!({
        "endpoint": endpoint,
        "error": refusal.error.code.as_str(),
        "description": refusal.error.detail,
        "parameter": refusal.error.parameter,
        "rule": refusal.error.code.section(),
        "server_time": cx.now.unix_timestamp(),
        "facts": refusal.facts,
    });
    cx.app.journal.record(event).await;
}

/// Answers a failure as JSON (RFC 6749 §5.2).
pub async fn json(cx: &Cx, endpoint: &'static str, failure: Failure) -> Response {
    let told = tell(cx, endpoint, failure).await;
    let mut body = json!({
        "error": told.error.code.as_str(),
        "error_description": told.error.error_description(),
        "refusal_id": told.id.to_string(),
    });
    if let (Some(parameter), Some(body)) = (told.error.parameter, body.as_object_mut()) {
        body.insert("parameter".to_owned(), parameter.into());
    }
    let mut response = respond::json_no_store(told.status, &body);
    if let Some(seconds) = told.retry_after_s {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    if told.status == StatusCode::UNAUTHORIZED {
        let challenge = HeaderValue::from_static("Basic realm=\"portcullis\"");
        response.headers_mut().insert(header::WWW_AUTHENTICATE, challenge);
    }
    response.into_response()
}

/// The address of whoever asks, for audit rows written inside a transaction.
pub fn address(cx: &Cx) -> Option<IpAddr> {
    Some(cx.address)
}
