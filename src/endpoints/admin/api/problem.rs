//! Refusals of the admin API: JSON that names the field and an id that the operator can look up.

use std::borrow::Cow;
use std::time::Duration;

use axum::extract::{Request, State};
use axum::http::{StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use crate::endpoints::cx::Cx;
use crate::endpoints::refusal::{self, Refusal};
use crate::live::passwords::PasswordPoolError;
use crate::manage::{Invalid, ManageError};
use crate::policy::permission::Denied;
use crate::protocol::bearer;
use crate::protocol::error::{ErrorCode, OAuthError};
use crate::protocol::scope::Scope;
use crate::store::{StoreError, is_transient};
use crate::web::app::App;
use crate::web::respond;

/// How soon to come back when there is no room.
const SOON: Duration = Duration::from_secs(2);

/// Why a call was not done.
#[derive(Debug)]
pub enum ApiError {
    /// The call is at fault.
    Problem(Box<Problem>),
    /// We are at fault, or have no room.
    Failure(respond::Failure),
}

/// A refusal: what the caller is told.
#[derive(Debug, Clone)]
pub struct Problem {
    status: StatusCode,
    error: &'static str,
    code: ErrorCode,
    detail: Cow<'static, str>,
    field: Option<String>,
    challenges: Vec<String>,
}

/// A refusal as it goes over the wire.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct ProblemBody {
    /// A word for programs: `invalid_request`, `not_found`, `conflict`, `insufficient_scope`, …
    error: &'static str,
    /// What was wrong and what to change.
    error_description: String,
    /// The field that is at fault.
    #[serde(skip_serializing_if = "Option::is_none")]
    field: Option<String>,
    /// What the operator finds it under.
    refusal_id: String,
}

impl Problem {
    fn new(status: StatusCode, error: &'static str, detail: impl Into<Cow<'static, str>>) -> Self {
        let code = ErrorCode::InvalidRequest;
        Self { status, error, code, detail: detail.into(), field: None, challenges: Vec::new() }
    }

    fn bearer(refusal: &bearer::Refusal) -> Self {
        Self::unopened(&refusal.clone().into())
    }

    /// An access token that does not open the API.
    fn unopened(denied: &bearer::Denied) -> Self {
        let refusal = &denied.refusal;
        let (code, detail) = match refusal {
            bearer::Refusal::Missing => {
                (ErrorCode::InvalidToken, Cow::Borrowed("send an access token"))
            }
            bearer::Refusal::Because(error) => (error.code, error.detail.clone()),
            bearer::Refusal::Scope(scope) => {
                let detail = format!("the access token does not have the scope {scope}");
                (ErrorCode::InsufficientScope, Cow::Owned(detail))
            }
            bearer::Refusal::Authentication(_) => (
                ErrorCode::InsufficientUserAuthentication,
                Cow::Borrowed("a stronger or more recent sign-in is needed"),
            ),
        };
        let status = StatusCode::from_u16(denied.status()).unwrap_or(StatusCode::UNAUTHORIZED);
        Self { code, challenges: denied.challenges(), ..Self::new(status, code.as_str(), detail) }
    }

    fn denied(denied: Denied) -> Self {
        match denied {
            Denied::Missing(permission) | Denied::Escalation(permission) => {
                match Scope::parse(permission.as_str()) {
                    Ok(scope) => {
                        let refused = Self::bearer(&bearer::Refusal::Scope(scope));
                        Self { detail: denied.to_string().into(), ..refused }
                    }
                    Err(_) => Self::new(StatusCode::FORBIDDEN, "access_denied", denied.to_string()),
                }
            }
            Denied::NotTheirs => {
                Self::new(StatusCode::FORBIDDEN, "access_denied", denied.to_string())
            }
            Denied::StepUpNeeded => {
                let refused = ErrorCode::InsufficientUserAuthentication.because(denied.to_string());
                Self::forbidden(refused)
            }
        }
    }

    /// A good token whose bearer may not come in.
    fn forbidden(error: OAuthError) -> Self {
        let refused = Self::bearer(&bearer::Refusal::Because(error));
        Self { status: StatusCode::FORBIDDEN, ..refused }
    }

    async fn answer(self, cx: &Cx) -> Response {
        let told = self.code.because(self.detail.clone());
        let told = Refusal::from(told).with("error", self.error);
        let told = match &self.field {
            Some(field) => told.with("field", field),
            None => told,
        };
        let id = refusal::record(cx, "admin_api", &told).await;
        let body = ProblemBody {
            error: self.error,
            error_description: self.detail.into_owned(),
            field: self.field,
            refusal_id: id.to_string(),
        };
        let mut response = respond::json(self.status, &body);
        for challenge in self.challenges.into_iter().filter_map(|text| text.try_into().ok()) {
            response.headers_mut().append(header::WWW_AUTHENTICATE, challenge);
        }
        response
    }
}

impl ApiError {
    /// A value in the call that cannot be accepted.
    pub fn invalid(field: &str, reason: impl Into<Cow<'static, str>>) -> Self {
        let problem = Problem::new(StatusCode::BAD_REQUEST, "invalid_request", reason);
        Problem { field: (!field.is_empty()).then(|| field.to_owned()), ..problem }.into()
    }

    /// There is no such thing.
    pub fn not_found(kind: &'static str) -> Self {
        ManageError::NotFound(kind).into()
    }

    /// An access token that does not open the API, or none.
    pub fn denied(denied: &bearer::Denied) -> Self {
        Problem::unopened(denied).into()
    }

    /// A good token whose bearer may not come in.
    pub fn forbidden(error: OAuthError) -> Self {
        Problem::forbidden(error).into()
    }
}

impl From<Problem> for ApiError {
    fn from(problem: Problem) -> Self {
        Self::Problem(Box::new(problem))
    }
}

impl From<bearer::Refusal> for ApiError {
    fn from(refusal: bearer::Refusal) -> Self {
        Problem::bearer(&refusal).into()
    }
}

impl From<Invalid> for ApiError {
    fn from(invalid: Invalid) -> Self {
        Self::invalid(&invalid.field, invalid.sentence())
    }
}

impl From<StoreError> for ApiError {
    fn from(error: StoreError) -> Self {
        if is_transient(&error) {
            tracing::warn!(%error, "the admin API is not served for now");
            return Self::Failure(respond::Failure::Busy(SOON));
        }
        Self::Failure(respond::Failure::internal(error))
    }
}

impl From<refusal::Failure> for ApiError {
    fn from(failure: refusal::Failure) -> Self {
        match failure {
            refusal::Failure::Refused(refused) => {
                Problem::bearer(&bearer::Refusal::Because(refused.error)).into()
            }
            refusal::Failure::Limited(wait) => Self::Failure(wait.into()),
            // Programs have no browser session.
            refusal::Failure::Unproved => {
                Problem::new(StatusCode::FORBIDDEN, "access_denied", "not for browsers").into()
            }
            refusal::Failure::Internal(refusal::Internal::Store(error)) => error.into(),
            refusal::Failure::Internal(fault) => Self::Failure(respond::Failure::internal(fault)),
        }
    }
}

impl From<ManageError> for ApiError {
    fn from(error: ManageError) -> Self {
        match error {
            ManageError::Denied(denied) => Problem::denied(denied).into(),
            ManageError::Invalid(invalid) => invalid.into(),
            ManageError::NotHere(why) => {
                Problem::new(StatusCode::FORBIDDEN, "access_denied", why).into()
            }
            ManageError::NotFound(_) => {
                Problem::new(StatusCode::NOT_FOUND, "not_found", error.to_string()).into()
            }
            ManageError::Conflict(what) => {
                Problem::new(StatusCode::CONFLICT, "conflict", what).into()
            }
            ManageError::Store(error) => error.into(),
            ManageError::Passwords(PasswordPoolError::Busy | PasswordPoolError::Unasked) => {
                Self::Failure(respond::Failure::Busy(SOON))
            }
            ManageError::Passwords(_) | ManageError::Crypto(_) => {
                Self::Failure(respond::Failure::internal(error))
            }
        }
    }
}

impl IntoResponse for ApiError {
    /// A bare response that [`tell`] records and dresses.
    fn into_response(self) -> Response {
        match self {
            Self::Failure(failure) => failure.into_response(),
            Self::Problem(problem) => {
                let mut response = problem.status.into_response();
                response.extensions_mut().insert(*problem);
                response
            }
        }
    }
}

/// Records what a handler refused and gives it its form.
pub async fn tell(_: State<App>, cx: Cx, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    match response.extensions_mut().remove::<Problem>() {
        Some(problem) => problem.answer(&cx).await,
        None => response,
    }
}
