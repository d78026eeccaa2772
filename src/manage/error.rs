//! Why an administrator's wish was not done, in words that say what to change.

use std::borrow::Cow;
use std::fmt;

use crate::crypto::CryptoError;
use crate::live::passwords::PasswordPoolError;
use crate::policy::permission::Denied;
use crate::protocol::error::OAuthError;
use crate::store::StoreError;

/// Why a wish was not done.
#[derive(Debug, thiserror::Error)]
pub enum ManageError {
    /// The actor may not do it.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// Nobody may do it through this door; the text says where it is done instead.
    #[error("{0}")]
    NotHere(&'static str),
    /// There is no such thing; the text names the kind.
    #[error("there is no such {0}")]
    NotFound(&'static str),
    /// What is stored stands against it.
    #[error("{0}")]
    Conflict(&'static str),
    /// A value cannot be accepted.
    #[error(transparent)]
    Invalid(#[from] Invalid),
    /// The database.
    #[error(transparent)]
    Store(StoreError),
    /// A fault of cryptography.
    #[error(transparent)]
    Crypto(#[from] CryptoError),
    /// The argon2 pool.
    #[error(transparent)]
    Passwords(PasswordPoolError),
}

impl From<PasswordPoolError> for ManageError {
    fn from(error: PasswordPoolError) -> Self {
        match error.weakness() {
            Some(weakness) => Invalid::new("password", weakness.to_string(), "").into(),
            None => Self::Passwords(error),
        }
    }
}

impl ManageError {
    /// Whether the wish itself is at fault, and not the database or a fault of ours.
    pub const fn is_refusal(&self) -> bool {
        match self {
            Self::Denied(_)
            | Self::NotHere(_)
            | Self::NotFound(_)
            | Self::Conflict(_)
            | Self::Invalid(_) => true,
            Self::Store(_) | Self::Crypto(_) | Self::Passwords(_) => false,
        }
    }
}

impl From<StoreError> for ManageError {
    fn from(error: StoreError) -> Self {
        match &error {
            StoreError::Conflict(constraint) => match conflict(constraint) {
                Some(what) => Self::Conflict(what),
                None => Self::Store(error),
            },
            StoreError::Timeout
            | StoreError::Unavailable(_)
            | StoreError::Corrupt(_)
            | StoreError::Together(_)
            | StoreError::Database(_) => Self::Store(error),
        }
    }
}

/// What the constraint means to an administrator.
fn conflict(constraint: &str) -> Option<&'static str> {
    Some(match constraint {
        "users_username_key" => "the user name is taken",
        "users_email" => "the e-mail address is another account's",
        "clients_pkey" => "the client_id is taken",
        "client_secrets_client_id_fingerprint_key" => "the client has this secret already",
        "api_scopes_pkey" => "a scope belongs to another API; scope names are unique",
        _ => return None,
    })
}

/// A value that cannot be accepted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invalid {
    /// The field, by its name in the API and the apply file.
    pub field: Cow<'static, str>,
    /// What is wrong with it; lower-case, no full stop.
    pub reason: Cow<'static, str>,
    /// What to change; empty where the reason says it.
    pub mend: Cow<'static, str>,
}

impl Invalid {
    /// The refusal of `field`.
    pub fn new(
        field: impl Into<Cow<'static, str>>,
        reason: impl Into<Cow<'static, str>>,
        mend: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self { field: field.into(), reason: reason.into(), mend: mend.into() }
    }

    /// The refusal of `field` in the words of the protocol layer.
    pub fn of(field: impl Into<Cow<'static, str>>, error: &OAuthError) -> Self {
        Self::new(field, error.detail.clone(), "")
    }

    /// Reason and mend in one sentence.
    pub fn sentence(&self) -> String {
        if self.mend.is_empty() {
            self.reason.clone().into_owned()
        } else {
            format!("{}; {}", self.reason, self.mend)
        }
    }
}

impl fmt::Display for Invalid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.field, self.sentence())
    }
}

impl std::error::Error for Invalid {}
