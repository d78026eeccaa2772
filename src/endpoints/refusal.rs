//! Refusals: what the client is told, what the operator can look up, and how both are written.

use std::fmt::Display;
use std::time::Duration;

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value, json};
use uuid::Uuid;

use crate::crypto::CryptoError;
use crate::endpoints::bound_session;
use crate::endpoints::cx::Cx;
use crate::live::passwords::PasswordPoolError;
use crate::protocol::bearer::Denied;
use crate::protocol::client::Client;
use crate::protocol::error::{ErrorCode, OAuthError};
use crate::store::audit::{Actor, Outcome};
use crate::store::{StoreError, is_transient};
use crate::web::limits::RetryAfter;
use crate::web::refusal::RefusalId;
use crate::web::respond;

/// Why a request was not done.
#[derive(Debug)]
pub enum Failure {
    /// The request is at fault.
    Refused(Box<Refusal>),
    /// Too many, for the time being.
    Limited(RetryAfter),
    /// The browser must first renew what shows that it holds the key of its session.
    Unproved,
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
    pub user_id: Option<Uuid>,
    /// What else mattered: the rule, what was sent, what was registered.
    facts: Box<Map<String, Value>>,
    /// The HTTP status, where it is not the error code's.
    status: Option<StatusCode>,
}

impl Refusal {
    /// Adds a fact for the operator. Never a secret.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Display) -> Self {
        let value: String = value.to_string().chars().take(1024).collect();
        self.facts.insert(name.to_owned(), Value::String(value));
        self
    }

    /// Answers with `status` instead of the error code's own.
    #[must_use]
    pub const fn answered(mut self, status: StatusCode) -> Self {
        self.status = Some(status);
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
    pub fn about(mut self, user: Uuid) -> Self {
        self.user_id = Some(user);
        self
    }
}

impl From<OAuthError> for Refusal {
    fn from(mut error: OAuthError) -> Self {
        let cause = error.cause.take();
        let refusal =
            Self { error, client_id: None, user_id: None, facts: Box::default(), status: None };
        match cause {
            Some(cause) => refusal.with("reason", cause),
            None => refusal,
        }
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

impl From<Internal> for Failure {
    fn from(fault: Internal) -> Self {
        Self::Internal(fault)
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
            Self::Store(error) => is_transient(error),
            Self::Passwords(PasswordPoolError::Busy | PasswordPoolError::Unasked) => true,
            Self::Passwords(
                PasswordPoolError::Crypto(_)
                | PasswordPoolError::Published
                | PasswordPoolError::Service,
            )
            | Self::Crypto(_)
            | Self::Missing(_) => false,
        }
    }
}

/// How soon to come back when Postgres or the argon2 pool has no room.
const SOON: Duration = Duration::from_secs(2);

/// Records a failure and answers it: as JSON or as a page, by the path that was asked for.
pub async fn answer(cx: &Cx, endpoint: &'static str, failure: Failure) -> Response {
    match failure {
        Failure::Refused(refusal) => {
            let id = record(cx, endpoint, &refusal).await;
            let mut response = respond::Failure::Recorded(refusal.error, id).into_response();
            if let Some(status) = refusal.status {
                *response.status_mut() = status;
            }
            response
        }
        Failure::Limited(wait) => {
            let error = ErrorCode::SlowDown.because("too many tries");
            record(cx, endpoint, &Refusal::from(error)).await;
            respond::Failure::Limited(wait).into_response()
        }
        Failure::Unproved => bound_session::again(cx),
        Failure::Internal(fault) if fault.is_passing() => {
            tracing::warn!(endpoint, error = %fault, "not served for now");
            respond::Failure::Busy(SOON).into_response()
        }
        Failure::Internal(fault) => respond::Failure::internal(fault).into_response(),
    }
}

/// Records and answers that a protected resource does not open, with the challenge that says what to
/// send (RFC 6750 §3, RFC 9449 §7.1). A request without any token is no refusal worth a record.
pub async fn deny(cx: &Cx, endpoint: &'static str, denied: Denied) -> Response {
    let mut response = match denied.refusal.error() {
        Some(error) => {
            let mut refused = Refusal::from(error);
            refused.client_id.clone_from(&denied.client_id);
            answer(cx, endpoint, refused.into()).await
        }
        None => StatusCode::UNAUTHORIZED.into_response(),
    };
    if let Ok(status) = StatusCode::from_u16(denied.status()) {
        *response.status_mut() = status;
    }
    let headers = response.headers_mut();
    headers.remove(header::WWW_AUTHENTICATE);
    for challenge in denied.challenges() {
        if let Ok(challenge) = HeaderValue::from_str(&challenge) {
            headers.append(header::WWW_AUTHENTICATE, challenge);
        }
    }
    response
}

/// Writes a refusal to the audit log, under an id that whoever was refused can quote.
pub async fn record(cx: &Cx, endpoint: &'static str, refusal: &Refusal) -> RefusalId {
    let id = RefusalId::mint(cx.app.entropy.as_ref());
    let actor = refusal.client_id.clone().map_or(Actor::Anonymous, Actor::Client);
    let mut event = cx.event("refusal", Outcome::Refused, actor);
    event.client_id.clone_from(&refusal.client_id);
    event.user_id = refusal.user_id;
    event.refusal_id = Some(id.as_str().to_owned());
    event.details = json!({
        "endpoint": endpoint,
        "error": refusal.error.code.as_str(),
        "description": refusal.error.error_description(),
        "parameter": refusal.error.parameter,
        "rule": refusal.error.code.section(),
        "server_time": cx.now.unix_timestamp(),
        "facts": refusal.facts,
    });
    cx.app.journal.refused(event).await;
    id
}
