//! Consent: when a person is asked, and what is remembered of their answer.

use super::{Facts, Permit, Step, Visitor};
use crate::protocol::authorize::Prompt;
use crate::protocol::client::ConsentPolicy;
use crate::protocol::error::{ErrorCode, OAuthError};
use crate::protocol::redirect_uri::RedirectKind;
use crate::protocol::resource::Resource;
use crate::protocol::scope::Scope;

/// What a person allowed a client.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Consent {
    /// The scope.
    pub scope: Scope,
    /// The APIs.
    pub resources: Vec<Resource>,
}

impl Consent {
    /// Whether all of `other` is allowed by this.
    pub fn covers(&self, other: &Self) -> bool {
        let resources = other.resources.iter().all(|resource| self.resources.contains(resource));
        resources && other.scope.is_subset(&self.scope)
    }

    /// What is allowed by either.
    fn and(&self, other: &Self) -> Self {
        let new = other.resources.iter().filter(|resource| !self.resources.contains(resource));
        Self {
            scope: self.scope.union(&other.scope),
            resources: self.resources.iter().chain(new).cloned().collect(),
        }
    }
}

/// What a person said on the consent page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// Yes, to all of it.
    Allow,
    /// No.
    Deny,
}

impl Decision {
    /// The value of the form field `decision`.
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "allow" => Some(Self::Allow),
            "deny" => Some(Self::Deny),
            _ => None,
        }
    }
}

/// The last step: ask, refuse, or answer. What asks for access after sign-out is asked for like
/// any other scope, so `offline_access` is never granted unseen but by trusted clients (OIDC Core
/// §11).
pub(super) fn decide(facts: &Facts<'_>, visitor: &Visitor<'_>) -> Result<Step, OAuthError> {
    let asked = Consent {
        scope: facts.request.consent_scope(),
        resources: facts.request.resources.clone(),
    };
    let nothing = Consent::default();
    let before = facts.remembered.unwrap_or(&nothing);
    match facts.decision {
        Some(Decision::Deny) => Err(ErrorCode::AccessDenied.because("the person did not allow it")),
        None if is_asked(facts, before, &asked) => {
            Ok(Step::Consent(asked.scope.difference(&before.scope)))
        }
        None => Ok(Step::Issue(permit(visitor, None))),
        Some(Decision::Allow) => {
            let keep = may_be_remembered(facts) && !before.covers(&asked);
            Ok(Step::Issue(permit(visitor, keep.then(|| before.and(&asked)))))
        }
    }
}

fn permit(visitor: &Visitor<'_>, remember: Option<Consent>) -> Permit {
    Permit {
        user_id: visitor.user.id,
        session_id: visitor.session.id,
        authentication: visitor.session.authentication.clone(),
        remember,
    }
}

/// Whether the person must be asked. `prompt=consent` asks for every client.
fn is_asked(facts: &Facts<'_>, before: &Consent, asked: &Consent) -> bool {
    facts.request.prompt.has(Prompt::Consent)
        || match facts.client.consent {
            ConsentPolicy::Trusted => false,
            ConsentPolicy::Always => true,
            ConsentPolicy::Remember => !may_be_remembered(facts) || !before.covers(asked),
        }
}

/// Whether an answer may stand for later requests: only where the policy says so, and where the
/// next one who asks is surely the same client (ASVS 10.7.1). A public client on a loopback
/// address or a private-use scheme can be any program on the machine.
fn may_be_remembered(facts: &Facts<'_>) -> bool {
    let sure = !facts.client.is_public() || facts.request.reply.kind() == RedirectKind::Https;
    facts.client.consent == ConsentPolicy::Remember && sure
}
