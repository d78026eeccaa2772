//! What must still happen between a person and the answer to a client: one pure function over facts.
//!
//! [`next_step`] is asked again after every page, with the same request and fresh facts, until it
//! says [`Step::Issue`] or refuses. No page decides by itself that it was enough.

use time::{Duration, OffsetDateTime};
use uuid::Uuid;

use crate::identity::factor::FactorKind;
use crate::identity::session::Authentication;
use crate::protocol::authorize::{AuthorizeRequest, Prompt};
use crate::protocol::claims::{Acr, ClaimRequest};
use crate::protocol::client::Client;
use crate::protocol::error::{ErrorCode, OAuthError};
use crate::protocol::resource::Resource;
use crate::protocol::scope::Scope;

mod consent;
mod owed;
mod policy;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod tests_consent;
#[cfg(test)]
mod tests_policy;

pub use consent::{Consent, Decision};
pub use owed::{Enrolled, MailCodes, Renewal, Visitor, owed, second_factor_owed, step_up};
pub use policy::{Demand, Door, MfaPolicy, MfaRule, MfaRules, MfaTerms};

/// Everything the decision rests on.
#[derive(Debug, Clone, Copy)]
pub struct Facts<'a> {
    /// What the client asked for.
    pub request: &'a AuthorizeRequest,
    /// Who asks.
    pub client: &'a Client,
    /// Who is at the browser, if anybody.
    pub visitor: Option<Visitor<'a>>,
    /// Of whom a second factor is demanded.
    pub mfa: MfaPolicy,
    /// On which conditions, and of whom else.
    pub terms: &'a MfaTerms,
    /// The APIs that the answer is for.
    pub targets: &'a [Resource],
    /// The strongest authentication context that anybody can reach at this server.
    pub strongest: Acr,
    /// What this person allowed this client before.
    pub remembered: Option<&'a Consent>,
    /// What this person just said on the consent page of this very request.
    pub decision: Option<Decision>,
    /// The subject of a verified `id_token_hint`.
    pub hint_subject: Option<Uuid>,
    /// When the request first arrived, to the microsecond.
    pub started_at: OffsetDateTime,
    /// The present.
    pub now: OffsetDateTime,
}

/// What comes next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// Sign in.
    Login(LoginReason),
    /// Give one of these.
    SecondFactor(Vec<FactorKind>),
    /// Set up a factor that reaches this class: one is owed and there is none.
    Enrol(Acr),
    /// Set another password: others may know the one there is. A sign-in owes it last, so that
    /// nobody sets one who has not proved all that the account asks for.
    NewPassword(Renewal),
    /// Allow or deny; of all that is asked for, this is new.
    Consent(Scope),
    /// Nothing: answer the client.
    Issue(Permit),
}

/// Why the sign-in page is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LoginReason {
    /// Nobody is signed in.
    NotSignedIn,
    /// The client asks that the person proves themselves again (`prompt=login`, `max_age`).
    Reauthenticate,
    /// The client asks that the person chooses (`prompt=select_account`).
    SelectAccount,
    /// The client expects somebody else (`id_token_hint`, `sub` in `claims`).
    OtherAccount,
}

/// The leave to answer with a code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Permit {
    /// Who allowed it.
    pub user_id: Uuid,
    /// In which session.
    pub session_id: Uuid,
    /// How they had proved themselves.
    pub authentication: Authentication,
    /// What to remember from now on, where that changed.
    pub remember: Option<Consent>,
}

/// What must happen next, or why nothing can (OIDC Core §3.1.2.3 to §3.1.2.6).
pub fn next_step(facts: &Facts<'_>) -> Result<Step, OAuthError> {
    let step = decide(facts)?;
    if !facts.request.prompt.is_silent() {
        return Ok(step);
    }
    match step {
        Step::Issue(_) => Ok(step),
        Step::Login(_) => Err(ErrorCode::LoginRequired.because("the person must sign in")),
        Step::Consent(_) => Err(ErrorCode::ConsentRequired.because("the person must consent")),
        Step::SecondFactor(_) | Step::Enrol(_) => Err(ErrorCode::InteractionRequired
            .because("the person must give or set up a second factor")),
        Step::NewPassword(_) => {
            Err(ErrorCode::InteractionRequired.because("the person must set a new password"))
        }
    }
}

/// The step, whether or not it may be shown.
fn decide(facts: &Facts<'_>) -> Result<Step, OAuthError> {
    let Some(visitor) = facts.visitor.filter(|visitor| visitor.is_present(facts.now)) else {
        return Ok(Step::Login(LoginReason::NotSignedIn));
    };
    if let Some(reason) = sign_in_again(facts, &visitor)? {
        return Ok(Step::Login(reason));
    }
    let door = Door::of(facts.client, &facts.request.scope, facts.targets);
    let rules = MfaRules { policy: facts.mfa, terms: facts.terms, door };
    if let Some(step) = owed(Some(&visitor), rules, facts.now) {
        return reachable(step, facts);
    }
    if let Some(step) = context_owed(facts, &visitor)? {
        return Ok(owed::fresh_enough(step, &visitor, facts.now));
    }
    consent::decide(facts, &visitor)
}

/// The step, unless it asks for a factor that nobody can set up at this server.
fn reachable(step: Step, facts: &Facts<'_>) -> Result<Step, OAuthError> {
    if matches!(step, Step::Enrol(acr) if acr > facts.strongest) {
        return Err(ErrorCode::UnmetAuthenticationRequirements
            .because("the policy demands a factor that this server cannot enrol"));
    }
    Ok(step)
}

/// Whether the session, good as it is, is not what this request asks for.
fn sign_in_again(
    facts: &Facts<'_>,
    visitor: &Visitor<'_>,
) -> Result<Option<LoginReason>, OAuthError> {
    let request = facts.request;
    let auth_at = visitor.session.authentication.auth_at;
    // A sign-in for this very request satisfies it, however short `max_age` is.
    let just_now = auth_at >= facts.started_at;
    let too_old =
        request.max_age.is_some_and(|s| facts.now - auth_at > Duration::seconds(s.into()));
    let expected = is_expected(facts, visitor);
    if just_now && !expected {
        return Err(ErrorCode::LoginRequired.because("another person than expected signed in"));
    }
    let reasons = [
        (!expected, LoginReason::OtherAccount),
        (request.prompt.has(Prompt::SelectAccount), LoginReason::SelectAccount),
        (request.prompt.has(Prompt::Login) || too_old, LoginReason::Reauthenticate),
    ];
    let reason = reasons.into_iter().find(|(holds, _)| *holds && !just_now);
    Ok(reason.map(|(_, reason)| reason))
}

/// Whether the visitor is whom the client expects (OIDC Core §3.1.2.1, §5.5.1).
fn is_expected(facts: &Facts<'_>, visitor: &Visitor<'_>) -> bool {
    let id = visitor.user.id;
    let subjects = facts.request.claims.subjects();
    let by_claims = subjects.is_empty() || subjects.contains(&id.to_string().as_str());
    facts.hint_subject.is_none_or(|subject| subject == id) && by_claims
}

/// What the client's wish for an authentication context asks for. An essential value is reached
/// or refused, with enrolment as a way to reach it; a voluntary one is tried only where the person
/// can (OIDC Core §3.1.2.1, §5.5.1.1).
fn context_owed(facts: &Facts<'_>, visitor: &Visitor<'_>) -> Result<Option<Step>, OAuthError> {
    let reached = Acr::of(&visitor.session.authentication);
    let reachable = |acr: &Acr| *acr <= facts.strongest;
    let known = |values: Vec<&str>| {
        values.into_iter().filter_map(Acr::parse).filter(reachable).collect::<Vec<_>>()
    };
    match facts.request.claims.acr() {
        Some(claim @ ClaimRequest::EssentialOf(_)) => {
            let values = known(claim.values());
            let Some(least) = values.into_iter().min() else {
                return Err(ErrorCode::UnmetAuthenticationRequirements
                    .because("none of the essential acr values can be reached")
                    .at("claims"));
            };
            Ok((least > reached).then(|| visitor.enrolled.demand(least)))
        }
        claim => {
            let by_claim = claim.map(ClaimRequest::values).unwrap_or_default();
            let by_parameter = facts.request.acr_values.iter().map(String::as_str);
            let wishes = known(by_claim.into_iter().chain(by_parameter).collect());
            let more = wishes.first().filter(|wish| **wish > reached);
            let can = |wish: &&Acr| {
                visitor.enrolled.can_reach(**wish) && !facts.request.prompt.is_silent()
            };
            Ok(more.filter(can).map(|wish| visitor.enrolled.demand(*wish)))
        }
    }
}
