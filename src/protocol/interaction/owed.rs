//! What a visitor owes before any door opens: used for clients and for our own pages alike.

use time::{Duration, OffsetDateTime};

use super::{LoginReason, Step};
use crate::identity::factor::{FactorKind, Strength};
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
    /// Those of `kinds`, each once and best first.
    pub fn of(kinds: impl IntoIterator<Item = FactorKind>, recovery_codes: u32) -> Self {
        let mut kinds: Vec<_> = kinds.into_iter().collect();
        kinds.sort_by_key(|kind| std::cmp::Reverse(kind.strength()));
        kinds.dedup();
        Self { kinds, recovery_codes }
    }

    /// Whether there is any second factor.
    pub const fn has_any(&self) -> bool {
        !self.kinds.is_empty()
    }

    /// The strength of the best one.
    pub fn strongest(&self) -> Option<Strength> {
        self.kinds.iter().map(|kind| kind.strength()).max()
    }

    /// What the person may choose from.
    pub fn offered(&self) -> Vec<FactorKind> {
        self.offered_from(Strength::Known)
    }

    /// What the person may choose from where nothing weaker than `least` will do; recovery codes
    /// always do, or whoever lost the strongest factor could never put another in its place.
    fn offered_from(&self, least: Strength) -> Vec<FactorKind> {
        let recovery = (self.recovery_codes > 0).then_some(FactorKind::RecoveryCode);
        let kinds = self.kinds.iter().copied().filter(|kind| kind.strength() >= least);
        kinds.chain(recovery.filter(|_| self.has_any())).collect()
    }

    /// Whether a factor of these reaches `acr`.
    pub fn can_reach(&self, acr: Acr) -> bool {
        self.kinds.iter().any(|kind| Acr::with(*kind) >= acr)
    }

    /// The page that asks for a factor by which `acr` is reached, or for setting one up. What is
    /// told to clients is not softened: a recovery code resists no phishing.
    pub fn demand(&self, acr: Acr) -> Step {
        if !self.can_reach(acr) {
            return Step::Enrol(acr);
        }
        let reaches = |kind: &FactorKind| Acr::with(*kind) >= acr;
        Step::SecondFactor(self.offered().into_iter().filter(reaches).collect())
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

/// An enrolment only right after the password, or the strongest factor where there is one: an old
/// session, wherever it is by now, must not be able to make itself the account's second factor
/// (ASVS 7.5.1).
pub(super) fn fresh_enough(step: Step, visitor: &Visitor<'_>, now: OffsetDateTime) -> Step {
    match step {
        Step::Enrol(acr) => step_up(visitor, STEP_UP, now).unwrap_or(Step::Enrol(acr)),
        Step::Login(_) | Step::SecondFactor(_) | Step::Consent(_) | Step::Issue(_) => step,
    }
}

/// Whether a second factor is still owed, whatever the session's stage: the sign-in is complete
/// when it is not. Whoever has enrolled one owes it, or it would protect nothing.
pub fn second_factor_owed(visitor: &Visitor<'_>, rules: MfaRules) -> Option<Step> {
    let given = visitor.session.authentication.is_mfa();
    let demanded = visitor.enrolled.has_any() || rules.demand(visitor.user);
    (demanded && !given).then(|| visitor.enrolled.demand(Acr::Mfa))
}

/// What is owed before a sensitive change: a proof not older than `within`, at the level of the
/// strongest factor there is, else the password or a passkey (ASVS 7.5.1). A recovery code counts
/// at every level: it is the break-glass.
pub fn step_up(visitor: &Visitor<'_>, within: Duration, now: OffsetDateTime) -> Option<Step> {
    let authentication = &visitor.session.authentication;
    let is_fresh = |at: Option<OffsetDateTime>| at.is_some_and(|at| now - at <= within);
    let Some(strongest) = visitor.enrolled.strongest() else {
        let password = authentication.freshest(FactorKind::Password);
        let passkey = authentication.given_at(Strength::VerifiedKey);
        let again = Step::Login(LoginReason::Reauthenticate);
        return (!is_fresh(password) && !is_fresh(passkey)).then_some(again);
    };
    let offered = || Step::SecondFactor(visitor.enrolled.offered_from(strongest));
    (!is_fresh(authentication.given_at(strongest))).then(offered)
}
