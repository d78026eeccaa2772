//! What a visitor owes before any door opens: used for clients and for our own pages alike.

use time::{Duration, OffsetDateTime};

use super::{LoginReason, Step};
use crate::identity::factor::FactorKind;
use crate::identity::role::Role;
use crate::identity::session::{STEP_UP, Session, Stage};
use crate::identity::user::User;
use crate::protocol::claims::Acr;
use crate::protocol::client::ClientMfa;

/// Who is at the browser: a session and its owner.
#[derive(Debug, Clone, Copy)]
pub struct Visitor<'a> {
    /// The session of the cookie.
    pub session: &'a Session,
    /// Whose it is.
    pub user: &'a User,
    /// What they can prove themselves with besides the password.
    pub enrolled: &'a Enrolled,
}

impl Visitor<'_> {
    /// Whether the session holds and its owner may sign in.
    pub fn is_present(&self, now: OffsetDateTime) -> bool {
        let live = now < self.session.idle_ends_at && now < self.session.ends_at;
        live && self.session.user_id == self.user.id && self.user.disabled_at.is_none()
    }
}

/// The second factors of an account.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Enrolled {
    /// The kinds confirmed, best first.
    pub kinds: Vec<FactorKind>,
    /// How many recovery codes are left; they stand in for a factor, and are none by themselves.
    pub recovery_codes: u32,
}

impl Enrolled {
    /// Whether there is any second factor.
    pub const fn has_any(&self) -> bool {
        !self.kinds.is_empty()
    }

    /// What the person may choose from.
    pub fn offered(&self) -> Vec<FactorKind> {
        let recovery = (self.recovery_codes > 0).then_some(FactorKind::RecoveryCode);
        self.kinds.iter().copied().chain(recovery.filter(|_| self.has_any())).collect()
    }

    /// The page that asks for a second factor, or for setting one up.
    pub fn demand(&self) -> Step {
        if self.has_any() { Step::SecondFactor(self.offered()) } else { Step::Enrol }
    }
}

/// Who owes a second factor by the server's policy. Administrators always do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum MfaPolicy {
    /// Only administrators, and whoever has enrolled one.
    Nobody,
    /// The same: the name says what is meant.
    Administrators,
    /// Every account.
    Everyone,
}

/// The policy together with what one client demands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MfaRules {
    /// The server's.
    pub policy: MfaPolicy,
    /// The client's; [`ClientMfa::Policy`] for our own pages.
    pub client: ClientMfa,
}

impl MfaRules {
    /// The rules for our own pages.
    pub const fn own(policy: MfaPolicy) -> Self {
        Self { policy, client: ClientMfa::Policy }
    }

    /// Whether `user` must have a second factor, enrolled or not yet.
    pub fn demand(self, user: &User) -> bool {
        let administrator = user.roles.iter().any(|role| matches!(role, Role::Administrator));
        administrator || self.policy == MfaPolicy::Everyone || self.client == ClientMfa::Required
    }
}

/// What `visitor` owes before a complete session; nothing, if every door that needs no more than
/// being signed in may open.
pub fn owed(visitor: Option<&Visitor<'_>>, rules: MfaRules, now: OffsetDateTime) -> Option<Step> {
    let Some(visitor) = visitor.filter(|visitor| visitor.is_present(now)) else {
        return Some(Step::Login(LoginReason::NotSignedIn));
    };
    let owed = second_factor_owed(visitor, rules).or(match visitor.session.stage {
        Stage::Established => None,
        Stage::Pending => Some(Step::Login(LoginReason::NotSignedIn)),
    });
    owed.map(|step| fresh_enough(step, visitor, now))
}

/// An enrolment only right after the password: an old session, wherever it is by now, must not be
/// able to make itself the account's second factor (ASVS 7.5.1).
pub(super) fn fresh_enough(step: Step, visitor: &Visitor<'_>, now: OffsetDateTime) -> Step {
    let given = visitor.session.authentication.freshest(FactorKind::Password);
    let stale = given.is_none_or(|at| now - at > STEP_UP);
    if step == Step::Enrol && stale { Step::Login(LoginReason::Reauthenticate) } else { step }
}

/// Whether a second factor is still owed, whatever the session's stage: the sign-in is complete
/// when it is not. Whoever has enrolled one owes it, or it would protect nothing.
pub fn second_factor_owed(visitor: &Visitor<'_>, rules: MfaRules) -> Option<Step> {
    let given = Acr::of(&visitor.session.authentication) == Acr::Mfa;
    let demanded = visitor.enrolled.has_any() || rules.demand(visitor.user);
    (demanded && !given).then(|| visitor.enrolled.demand())
}

/// What is owed before a sensitive change: a proof not older than `within`, by a second factor
/// where there is one, else by the password (ASVS 7.5.1).
pub fn step_up(visitor: &Visitor<'_>, within: Duration, now: OffsetDateTime) -> Option<Step> {
    let strong = visitor.enrolled.has_any();
    let proofs = &visitor.session.authentication.factors;
    let fresh = proofs
        .iter()
        .any(|proof| (proof.kind != FactorKind::Password) == strong && now - proof.at <= within);
    match (fresh, strong) {
        (true, _) => None,
        (false, true) => Some(visitor.enrolled.demand()),
        (false, false) => Some(Step::Login(LoginReason::Reauthenticate)),
    }
}
