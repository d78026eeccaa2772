//! An authorization code: what it stands for, and what its redemption must match (RFC 6749 §4.1.3).

use time::{Duration, OffsetDateTime};
use uuid::Uuid;

use crate::crypto::secret::{Fingerprint, Secret};
use crate::identity::session::Authentication;
use crate::protocol::binding::{Binding, Holder};
use crate::protocol::client::ClientId;
use crate::protocol::error::{ErrorCode, OAuthError};
use crate::protocol::params::Params;
use crate::protocol::pkce::{Challenge, Verifier};
use crate::protocol::resource::Resource;
use crate::protocol::scope::Scope;

#[cfg(test)]
mod tests;

/// How long a code is good (FAPI 2.0 §5.3.2.1).
pub const LIFETIME: Duration = Duration::seconds(60);
/// What a code begins with, so that scanners find it.
pub const PREFIX: &str = "pc_ac_";

/// The longest code that is looked up.
const MAX_CODE_BYTES: usize = 128;

/// A request to redeem a code (RFC 6749 §4.1.3, RFC 7636 §4.5).
#[derive(Debug, Clone)]
pub struct CodeRequest {
    /// The code; its fingerprint finds the row.
    pub code: Secret,
    /// Must be that of the authorization request.
    pub redirect_uri: String,
    /// Must be what the challenge was made from.
    pub verifier: Verifier,
    /// For which APIs this access token is to be (RFC 8707 §2.2).
    pub resources: Vec<Resource>,
}

impl CodeRequest {
    /// The request in `params`. What is missing of the proof is an `invalid_grant`, like a wrong one.
    pub fn parse(params: &Params) -> Result<Self, OAuthError> {
        let code = params.require("code")?;
        if code.len() > MAX_CODE_BYTES {
            return Err(unknown());
        }
        let proof = |name: &'static str, missing: &'static str| {
            params.get(name).ok_or_else(|| ErrorCode::InvalidGrant.because(missing).at(name))
        };
        let redirect_uri = proof("redirect_uri", "redirect_uri is missing")?.to_owned();
        let verifier = Verifier::parse(proof("code_verifier", "code_verifier is missing")?)?;
        let resources = Resource::all(params)?;
        Ok(Self { code: Secret::new(code.to_owned()), redirect_uri, verifier, resources })
    }
}

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
    /// The thumbprint of the `DPoP` key that its redeemer must hold, where it is bound to one (RFC 9449
    /// §10).
    pub key: Option<Fingerprint>,
    /// When it stops to be good: 60 s after its issue.
    pub expires_at: OffsetDateTime,
}

impl Code {
    /// What to do with a code that the one statement of the fast path did not spend.
    pub fn judge(
        &self,
        request: &CodeRequest,
        holder: &Holder<'_>,
        now: OffsetDateTime,
    ) -> Verdict<'_> {
        match self {
            Self::Unknown => Verdict::Refuse(unknown()),
            Self::Live(grant) => match grant.check(request, holder, now) {
                Ok(()) => Verdict::Issue(&grant.authorization),
                Err(error) => Verdict::Refuse(error),
            },
            // Whoever lacks the verifier or is another client must not be able to end a grant, but
            // the replay need not come within the code's 60 seconds (SECURITY.md D4, TK-02, TK-03).
            Self::Redeemed(grant) => match grant.match_proof(request, holder) {
                Ok(()) => Verdict::RevokeAndRefuse {
                    grant_id: grant.authorization.grant_id,
                    error: unknown(),
                },
                Err(error) => Verdict::Refuse(error),
            },
        }
    }
}

/// What to do about a code.
#[derive(Debug)]
pub enum Verdict<'a> {
    /// It is good and was not used.
    Issue(&'a Authorization),
    /// Nothing but to refuse.
    Refuse(OAuthError),
    /// It was used before by this client with all the proof: what it gave is revoked, then refuse.
    RevokeAndRefuse {
        /// The grant that dies.
        grant_id: Uuid,
        /// What the client is told.
        error: OAuthError,
    },
}

impl CodeGrant {
    /// Whether `holder` may redeem the code with `request` now (RFC 6749 §4.1.3).
    pub fn check(
        &self,
        request: &CodeRequest,
        holder: &Holder<'_>,
        now: OffsetDateTime,
    ) -> Result<(), OAuthError> {
        if now >= self.expires_at {
            return Err(unknown());
        }
        self.match_proof(request, holder)
    }

    fn match_proof(&self, request: &CodeRequest, holder: &Holder<'_>) -> Result<(), OAuthError> {
        if self.authorization.client_id != *holder.client_id {
            return Err(unknown());
        }
        if self.redirect_uri != request.redirect_uri {
            return Err(ErrorCode::InvalidGrant
                .because("redirect_uri is not the one of the authorization request")
                .at("redirect_uri"));
        }
        if !self.challenge.matches(&request.verifier) {
            return Err(ErrorCode::InvalidGrant
                .because("code_verifier does not match the code_challenge")
                .at("code_verifier"));
        }
        if self.key.is_some_and(|key| holder.shown != Some(Binding::Key(key))) {
            return Err(ErrorCode::InvalidGrant
                .because("the code is bound to a DPoP key; send a proof by that key"));
        }
        Ok(())
    }
}

/// The one refusal of a code that is not good.
pub fn unknown() -> OAuthError {
    ErrorCode::InvalidGrant.because("the code is unknown, expired, used, or not yours").at("code")
}
