//! A person who can sign in.

use time::OffsetDateTime;
use uuid::Uuid;

use crate::policy::roles::Role;

/// An account.
#[derive(Debug, Clone)]
pub struct User {
    /// The `sub` of tokens.
    pub id: Uuid,
    /// What they sign in with, in canonical form.
    pub username: Username,
    /// Where mail goes.
    pub email: Option<String>,
    /// Whether they proved that it is theirs.
    pub email_verified: bool,
    /// What they may do here.
    pub roles: Vec<Role>,
    /// The OpenID Connect claims kept for them (OIDC Core §5.1): a JSON object.
    pub claims: serde_json::Map<String, serde_json::Value>,
    /// Whether a password is set.
    pub password: PasswordState,
    /// Since when they may not sign in.
    pub disabled_at: Option<OffsetDateTime>,
    /// When the account was made.
    pub created_at: OffsetDateTime,
    /// When it was last changed (`updated_at`).
    pub updated_at: OffsetDateTime,
}

/// Whether an account has a password.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PasswordState {
    /// It cannot sign in with one.
    Unset,
    /// It can.
    Set,
}

/// A user name in canonical form: NFKC, lower case, 1 to 128 characters, no control characters.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Username(String);

impl Username {
    /// As stored and compared.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}
