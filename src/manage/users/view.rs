//! An account as it is shown: never with a hash or a seed (AD-04).

use serde::Serialize;
use serde_json::{Map, Value};
use time::OffsetDateTime;
use uuid::Uuid;

use crate::identity::user::User;

/// An account as it is shown.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub struct UserView {
    /// The `sub` of tokens.
    pub id: Uuid,
    /// What they sign in with.
    pub username: String,
    /// Where mail goes.
    pub email: Option<String>,
    /// Whether the address is known to be theirs.
    pub email_verified: bool,
    /// What they may do here.
    pub roles: Vec<String>,
    /// Their claims.
    #[schema(value_type = Object)]
    pub claims: Map<String, Value>,
    /// Whether a password is set.
    pub has_password: bool,
    /// Since when they may not sign in.
    #[schema(value_type = Option<String>, format = DateTime)]
    #[serde(with = "time::serde::rfc3339::option", skip_serializing_if = "Option::is_none")]
    pub disabled_at: Option<OffsetDateTime>,
    /// When the account was made.
    #[schema(value_type = String, format = DateTime)]
    #[serde(with = "time::serde::rfc3339")]
    pub created_at: OffsetDateTime,
    /// When it was last changed.
    #[schema(value_type = String, format = DateTime)]
    #[serde(with = "time::serde::rfc3339")]
    pub updated_at: OffsetDateTime,
}

impl UserView {
    /// `user` as it is shown.
    pub fn of(user: &User) -> Self {
        Self {
            id: user.id,
            username: user.username.as_str().to_owned(),
            email: user.email.clone(),
            email_verified: user.email_verified,
            roles: user.roles.iter().map(ToString::to_string).collect(),
            claims: user.claims.clone(),
            has_password: user.password.is_set(),
            disabled_at: user.disabled_at,
            created_at: user.created_at,
            updated_at: user.updated_at,
        }
    }
}
