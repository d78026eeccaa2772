//! Why a page of the console was not made, or a change not done.

use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};

use crate::crypto::CryptoError;
use crate::endpoints::cx::Cx;
use crate::endpoints::refusal::{self, Failure, Internal, Refusal};
use crate::live::passwords::PasswordPoolError;
use crate::manage::{Invalid, ManageError};
use crate::policy::permission::Denied;
use crate::protocol::error::{ErrorCode, OAuthError};
use crate::store::StoreError;
use crate::web::pages::admin::Problem;
use crate::web::respond;

/// Why not.
pub enum Trouble {
    /// The form must be filled in again.
    Again(Problem),
    /// There is no such thing.
    Missing,
    /// It is not allowed: 403.
    Forbidden(Refusal),
    /// As anywhere else.
    Failure(Failure),
}

impl Trouble {
    /// What must change in the form, or the trouble that no form can mend.
    pub fn problem(self) -> Result<Problem, Self> {
        match self {
            Self::Again(problem) => Ok(problem),
            Self::Missing | Self::Forbidden(_) | Self::Failure(_) => Err(self),
        }
    }

    /// The page that says so.
    pub async fn answer(self, cx: &Cx) -> Response {
        match self {
            Self::Again(problem) => {
                let error = ErrorCode::InvalidRequest.because(problem.text);
                refusal::answer(cx, "admin", error.into()).await
            }
            Self::Missing => {
                let status = StatusCode::NOT_FOUND;
                respond::Failure::Shown(status, "there is no such page or thing").into_response()
            }
            Self::Forbidden(refusal) => {
                let mut response = refusal::answer(cx, "admin", refusal.into()).await;
                *response.status_mut() = StatusCode::FORBIDDEN;
                response
            }
            Self::Failure(failure) => refusal::answer(cx, "admin", failure).await,
        }
    }
}

/// The status of a form that comes back with `problem`.
pub fn status_of(problem: Option<&Problem>) -> StatusCode {
    match problem {
        None => StatusCode::OK,
        Some(problem) if problem.field == Problem::CODE => StatusCode::FORBIDDEN,
        Some(_) => StatusCode::UNPROCESSABLE_ENTITY,
    }
}

impl From<ManageError> for Trouble {
    fn from(error: ManageError) -> Self {
        match error {
            ManageError::Invalid(invalid) => invalid.into(),
            ManageError::Conflict(words) | ManageError::NotHere(words) => {
                Self::Again(Problem::new("", words))
            }
            ManageError::Denied(Denied::StepUpNeeded) => {
                let words = "this change needs a fresh code from your authenticator";
                Self::Again(Problem::new(Problem::CODE, words))
            }
            ManageError::Denied(denied) => {
                Self::Forbidden(ErrorCode::AccessDenied.because(denied.to_string()).into())
            }
            ManageError::NotFound(_) => Self::Missing,
            ManageError::Store(error) => error.into(),
            ManageError::Crypto(error) => error.into(),
            ManageError::Passwords(error) => Self::Failure(Internal::from(error).into()),
        }
    }
}

impl From<Invalid> for Trouble {
    fn from(invalid: Invalid) -> Self {
        let sentence = invalid.sentence();
        Self::Again(Problem::new(invalid.field, &sentence))
    }
}

impl From<OAuthError> for Trouble {
    fn from(error: OAuthError) -> Self {
        Self::Failure(error.into())
    }
}

impl From<Failure> for Trouble {
    fn from(failure: Failure) -> Self {
        Self::Failure(failure)
    }
}

impl From<StoreError> for Trouble {
    fn from(error: StoreError) -> Self {
        Self::Failure(error.into())
    }
}

impl From<CryptoError> for Trouble {
    fn from(error: CryptoError) -> Self {
        Self::Failure(error.into())
    }
}

impl From<PasswordPoolError> for Trouble {
    fn from(error: PasswordPoolError) -> Self {
        ManageError::from(error).into()
    }
}
