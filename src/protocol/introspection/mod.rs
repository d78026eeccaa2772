//! Introspection (RFC 7662) and revocation (RFC 7009): what is asked, and what may be told.

use serde::Serialize;

use crate::crypto::secret::Secret;
use crate::protocol::claims;
use crate::protocol::client::{Client, ClientId};
use crate::protocol::error::OAuthError;
use crate::protocol::grant::Grant;
use crate::protocol::params::Params;
use crate::protocol::token::{AccessClaims, AudienceClaim, Confirmation};

#[cfg(test)]
mod tests;

/// A request about one token, to introspect or to revoke it (RFC 7662 §2.1, RFC 7009 §2.1).
#[derive(Debug, Clone)]
pub struct TokenQuery {
    /// The token.
    pub token: Secret,
    /// What the client thinks it is; where to look first, no more.
    pub hint: Option<TokenHint>,
}

/// A kind of token (RFC 7009 §4.1.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenHint {
    /// `access_token`.
    AccessToken,
    /// `refresh_token`.
    RefreshToken,
}

impl TokenQuery {
    /// The request in `params`; a hint that we do not know is none (RFC 7009 §2.1).
    pub fn parse(params: &Params) -> Result<Self, OAuthError> {
        let hint = match params.get("token_type_hint") {
            Some("access_token") => Some(TokenHint::AccessToken),
            Some("refresh_token") => Some(TokenHint::RefreshToken),
            _ => None,
        };
        Ok(Self { token: Secret::new(params.require("token")?.to_owned()), hint })
    }
}

/// Whether `caller` may see an access token: its own, or one for an API that it is the resource
/// server of (RFC 7662 §4).
pub fn may_see_access(caller: &Client, claims: &AccessClaims) -> bool {
    claims.client_id == caller.id.as_str()
        || caller.introspect.iter().any(|resource| claims.aud.contains(resource.as_str()))
}

/// Whether `caller` may see, or revoke, a token of `owner`: only its own.
pub fn is_own(caller: &Client, owner: &ClientId) -> bool {
    caller.id == *owner
}

/// The answer about a token (RFC 7662 §2.2).
#[derive(Debug, Clone, PartialEq)]
pub enum Answer {
    /// It is not good, or not the caller's to know; nothing else is said.
    Inactive,
    /// It is good.
    Active(Box<Active>),
}

impl Answer {
    /// The JSON body.
    pub fn body(&self) -> serde_json::Value {
        match self {
            Self::Inactive => serde_json::json!({ "active": false }),
            Self::Active(active) => serde_json::json!(active),
        }
    }
}

/// What is told about a good token (RFC 7662 §2.2); times are seconds since 1970.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[expect(clippy::struct_field_names, reason = "the RFC names the members")]
pub struct Active {
    active: bool,
    iss: String,
    sub: String,
    client_id: String,
    exp: i64,
    iat: i64,
    #[serde(skip_serializing_if = "String::is_empty")]
    scope: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    token_type: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    aud: Option<AudienceClaim>,
    #[serde(skip_serializing_if = "Option::is_none")]
    jti: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    username: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    auth_time: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    acr: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    amr: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    roles: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cnf: Option<Confirmation>,
}

impl Active {
    /// About an access token.
    pub fn of_access(claims: AccessClaims) -> Self {
        Self {
            active: true,
            token_type: Some("Bearer"),
            iss: claims.iss,
            sub: claims.sub,
            client_id: claims.client_id,
            exp: claims.exp,
            iat: claims.iat,
            scope: claims.scope,
            aud: Some(claims.aud),
            jti: Some(claims.jti),
            username: None,
            auth_time: claims.auth_time,
            acr: claims.acr,
            amr: claims.amr,
            roles: claims.roles,
            cnf: claims.cnf,
        }
    }

    /// About the refresh token of a live grant.
    pub fn of_refresh(grant: &Grant, issuer: &str) -> Self {
        let allowed = &grant.authorization;
        let issued_at = grant.rotated_at.unwrap_or(grant.created_at);
        let amr = claims::amr(&allowed.authentication);
        Self {
            active: true,
            token_type: None,
            iss: issuer.to_owned(),
            sub: allowed.user_id.to_string(),
            client_id: allowed.client_id.as_str().to_owned(),
            exp: grant.idle_ends_at.min(grant.ends_at).unix_timestamp(),
            iat: issued_at.unix_timestamp(),
            scope: allowed.scope.to_string(),
            aud: None,
            jti: None,
            username: None,
            auth_time: Some(allowed.authentication.auth_at.unix_timestamp()),
            acr: Some(claims::Acr::of(&allowed.authentication).as_str().to_owned()),
            amr: Some(amr.into_iter().map(str::to_owned).collect()),
            roles: None,
            cnf: None,
        }
    }

    /// The same with the person's name in it.
    #[must_use]
    pub fn named(mut self, username: &str) -> Self {
        self.username = Some(username.to_owned());
        self
    }
}
