//! Introspection (RFC 7662) and revocation (RFC 7009): what is asked, and what may be told.

use std::borrow::Cow;

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

/// What is told about a good token (RFC 7662 §2.2); times are seconds since 1970.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[expect(clippy::struct_field_names, reason = "the RFC names the members")]
pub struct Active<'a> {
    active: bool,
    iss: Cow<'a, str>,
    sub: Cow<'a, str>,
    client_id: Cow<'a, str>,
    exp: i64,
    iat: i64,
    #[serde(skip_serializing_if = "str::is_empty")]
    scope: Cow<'a, str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    token_type: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    aud: Option<&'a AudienceClaim>,
    #[serde(skip_serializing_if = "Option::is_none")]
    jti: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    username: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    auth_time: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    acr: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    amr: Option<Vec<&'a str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    roles: Option<&'a [String]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cnf: Option<Cow<'a, Confirmation>>,
}

impl<'a> Active<'a> {
    /// About an access token.
    pub fn of_access(claims: &'a AccessClaims) -> Self {
        Self {
            active: true,
            token_type: Some(match claims.cnf {
                Some(Confirmation::Key(_)) => "DPoP",
                Some(Confirmation::Certificate(_)) | None => "Bearer",
            }),
            iss: Cow::Borrowed(&claims.iss),
            sub: Cow::Borrowed(&claims.sub),
            client_id: Cow::Borrowed(&claims.client_id),
            exp: claims.exp,
            iat: claims.iat,
            scope: Cow::Borrowed(&claims.scope),
            aud: Some(&claims.aud),
            jti: Some(&claims.jti),
            username: None,
            auth_time: claims.auth_time,
            acr: claims.acr.as_deref(),
            amr: claims.amr.as_ref().map(|amr| amr.iter().map(String::as_str).collect()),
            roles: claims.roles.as_deref(),
            cnf: claims.cnf.as_ref().map(Cow::Borrowed),
        }
    }

    /// About the refresh token of a live grant of `username`.
    pub fn of_refresh(grant: &'a Grant, issuer: &'a str, username: &'a str) -> Self {
        let allowed = &grant.authorization;
        let issued_at = grant.rotated_at.unwrap_or(grant.created_at);
        Self {
            active: true,
            token_type: None,
            iss: Cow::Borrowed(issuer),
            sub: Cow::Owned(allowed.user_id.to_string()),
            client_id: Cow::Borrowed(allowed.client_id.as_str()),
            exp: grant.idle_ends_at.min(grant.ends_at).unix_timestamp(),
            iat: issued_at.unix_timestamp(),
            scope: Cow::Owned(allowed.scope.to_string()),
            aud: None,
            jti: None,
            username: Some(username),
            auth_time: Some(allowed.authentication.auth_at.unix_timestamp()),
            acr: Some(claims::Acr::of(&allowed.authentication).as_str()),
            amr: Some(claims::amr(&allowed.authentication)),
            roles: None,
            cnf: grant.binding.map(|binding| Cow::Owned(binding.into())),
        }
    }
}
