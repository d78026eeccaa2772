//! What tokens say: access tokens (RFC 9068) and ID tokens (OIDC Core §2).

use std::fmt;

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use uuid::Uuid;

use crate::ambient::{self, Entropy};
use crate::protocol::binding::Binding;
use crate::protocol::resource::Resource;

#[cfg(test)]
mod tests;

/// The `typ` of an access token (RFC 9068 §2.1).
pub const ACCESS_TYP: &str = "at+jwt";
/// The `typ` of an ID token.
pub const ID_TYP: &str = "JWT";

/// The claims of an access token (RFC 9068 §2.2); times are seconds since 1970.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AccessClaims {
    /// Our issuer.
    pub iss: String,
    /// The person, or the client where there is none.
    pub sub: String,
    /// For which APIs.
    pub aud: AudienceClaim,
    /// When it stops to be good.
    pub exp: i64,
    /// When it was issued.
    pub iat: i64,
    /// Its id, a [`TokenId`].
    pub jti: String,
    /// To which client it was issued.
    pub client_id: String,
    /// What it allows.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub scope: String,
    /// When the person proved themselves.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub auth_time: Option<i64>,
    /// How strongly.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub acr: Option<String>,
    /// By which methods (RFC 8176).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amr: Option<Vec<String>>,
    /// The person's roles (RFC 9068 §2.2.3.1).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub roles: Option<Vec<String>>,
    /// The key that its sender must hold (RFC 7800).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cnf: Option<Confirmation>,
}

/// The `aud` claim: a string where there is one, else a list (RFC 7519 §4.1.3).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum AudienceClaim {
    /// One.
    One(String),
    /// Several.
    Many(Vec<String>),
}

impl AudienceClaim {
    /// The audience of a token for `targets`, or for the issuer itself where there is none.
    pub fn of(targets: &[Resource], issuer: &str) -> Self {
        match targets {
            [] => Self::One(issuer.to_owned()),
            [one] => Self::One(one.as_str().to_owned()),
            many => Self::Many(many.iter().map(|target| target.as_str().to_owned()).collect()),
        }
    }

    /// Its members.
    pub fn members(&self) -> &[String] {
        match self {
            Self::One(one) => std::slice::from_ref(one),
            Self::Many(many) => many,
        }
    }

    /// Whether `text` is one of them.
    pub fn contains(&self, text: &str) -> bool {
        self.members().iter().any(|member| member == text)
    }
}

/// The `cnf` claim (RFC 7800 §3).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Confirmation {
    /// The thumbprint of a DPoP key (RFC 9449 §6.1).
    #[serde(rename = "jkt")]
    Key(String),
    /// The thumbprint of a client certificate (RFC 8705 §3.1).
    #[serde(rename = "x5t#S256")]
    Certificate(String),
}

impl From<Binding> for Confirmation {
    fn from(binding: Binding) -> Self {
        match binding {
            Binding::Key(key) => Self::Key(key.to_base64url()),
            Binding::Certificate(certificate) => Self::Certificate(certificate.to_base64url()),
        }
    }
}

/// The id of an access token: `<grant or m>.<UUIDv7>`, in lower-case hex. It carries the grant, so
/// that a revoked grant ends its tokens without a row for each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct TokenId {
    /// The grant; none for a client's own token.
    pub grant_id: Option<Uuid>,
    /// The token.
    pub id: Uuid,
}

/// Stands for the grant in a client's own ("machine") token.
const NO_GRANT: &str = "m";

impl TokenId {
    /// A new id.
    pub fn mint(grant_id: Option<Uuid>, now: OffsetDateTime, entropy: &dyn Entropy) -> Self {
        Self { grant_id, id: ambient::id(now, entropy) }
    }

    /// The id in `text`, spelled exactly as we spell it.
    pub fn parse(text: &str) -> Option<Self> {
        let (grant, id) = text.split_once('.')?;
        let grant_id = if grant == NO_GRANT { None } else { Some(simple(grant)?) };
        let id = simple(id).filter(|id| id.get_version_num() == 7)?;
        Some(Self { grant_id, id })
    }

    /// When it was minted, in milliseconds since 1970.
    pub const fn issued_at_ms(&self) -> u64 {
        // The first 48 bits of a UUIDv7 (RFC 9562 §5.7).
        self.id.as_u64_pair().0 >> 16
    }
}

fn simple(text: &str) -> Option<Uuid> {
    let id = Uuid::try_parse(text).ok()?;
    (id.simple().to_string() == text).then_some(id)
}

impl fmt::Display for TokenId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.grant_id {
            Some(grant_id) => write!(f, "{}.{}", grant_id.simple(), self.id.simple()),
            None => write!(f, "{NO_GRANT}.{}", self.id.simple()),
        }
    }
}

/// The claims of an ID token (OIDC Core §2); times are seconds since 1970.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct IdClaims {
    /// Our issuer.
    pub iss: String,
    /// The person.
    pub sub: String,
    /// The client.
    pub aud: String,
    /// When it stops to be good.
    pub exp: i64,
    /// When it was issued.
    pub iat: i64,
    /// When the person proved themselves; never moved by a refresh (OIDC Core §12.2).
    pub auth_time: i64,
    /// That of the authorization request.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nonce: Option<String>,
    /// How strongly the person proved themselves.
    pub acr: String,
    /// By which methods (RFC 8176).
    pub amr: Vec<String>,
    /// The browser session (OIDC Front-Channel Logout §3).
    pub sid: String,
    /// Binds the access token that comes with it (OIDC Core §3.1.3.6).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_hash: Option<String>,
    /// What else was asked for about the person.
    #[serde(flatten)]
    pub extra: serde_json::Map<String, serde_json::Value>,
}
