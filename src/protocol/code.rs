//! An authorization code: what it stands for, and what its redemption must match (RFC 6749 §4.1.3).

use time::OffsetDateTime;
use uuid::Uuid;

use crate::identity::session::Authentication;
use crate::protocol::client::ClientId;
use crate::protocol::pkce::Challenge;
use crate::protocol::resource::Resource;
use crate::protocol::scope::Scope;

/// What a person allowed a client: the content of a code before it is spent, of a grant after.
#[derive(Debug, Clone)]
pub struct Authorization {
    /// The grant's id, minted with the code so that a replay knows what to revoke.
    pub grant_id: Uuid,
    /// Who may redeem it.
    pub client_id: ClientId,
    /// Who allowed it.
    pub user_id: Uuid,
    /// In which browser session.
    pub session_id: Uuid,
    /// What was allowed.
    pub scope: Scope,
    /// For which APIs (RFC 8707 §2).
    pub resources: Vec<Resource>,
    /// The claims asked for by name (OIDC Core §5.5), as sent.
    pub claims: Option<serde_json::Value>,
    /// How and when the person proved themselves.
    pub authentication: Authentication,
    /// Echoed in the ID token.
    pub nonce: Option<String>,
}

/// A code as stored, and where its life has got to.
#[derive(Debug, Clone)]
pub enum Code {
    /// No such code was ever issued, or it is long gone.
    Unknown,
    /// Not redeemed yet.
    Live(CodeGrant),
    /// Redeemed before.
    Redeemed(CodeGrant),
}

/// A code's conditions and content.
#[derive(Debug, Clone)]
pub struct CodeGrant {
    /// What it gives.
    pub authorization: Authorization,
    /// The `redirect_uri` exactly as the authorization request sent it.
    pub redirect_uri: String,
    /// What the verifier must hash to (RFC 7636 §4.6).
    pub challenge: Challenge,
    /// When it stops to be good: 60 s after its issue.
    pub expires_at: OffsetDateTime,
}
