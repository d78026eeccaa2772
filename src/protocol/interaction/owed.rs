//! What a visitor owes before any door opens: used for clients and for our own pages alike.

use time::{Duration, OffsetDateTime};

use super::policy::MfaRules;
use super::{LoginReason, Step};
use crate::identity::factor::{FactorKind, Strength};
use crate::identity::session::{Leave, STEP_UP, Session, Stage};
use crate::identity::user::{PasswordState, User};
use crate::protocol::claims::Acr;

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

    /// Whether this is a sign-in under way of an account whose password others may know: then nothing is
    /// set up before it is replaced.
    pub fn renews_password(&self) -> bool {
        self.session.stage == Stage::Pending && self.user.password == PasswordState::Due
    }

    /// How a password that others may know is replaced. Whoever gave nothing else may be one of them,
    /// and is sent where only the owner reads.
    fn renewal(&self) -> Renewal {
        let given = &self.session.authentication.factors;
        let more = given.iter().any(|proof| proof.kind != FactorKind::Password);
        if more || self.user.email.is_none() { Renewal::Here } else { Renewal::ByMail }
    }
}

/// How a password that others may know is replaced.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Renewal {
    /// On the next page.
    Here,
    /// By a link in a mail.
    ByMail,
}

/// The second factors of an account.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Enrolled {
    /// Whether a code by mail is a second factor of this account: allowed by the policy, to a
    /// verified address, and not where the password came by mail too. It is none by itself, for
    /// nobody chose it.
    pub mail: MailCodes,
    /// Since when the account puts off an enrolment that it owes.
    pub owing_since: Option<OffsetDateTime>,
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
        Self { kinds, recovery_codes, ..Self::default() }
    }

    /// Every kind that can be asked for and is a factor by itself, best first.
    pub(super) fn alone(&self) -> impl Iterator<Item = FactorKind> {
        let mail = (self.mail == MailCodes::Count).then_some(FactorKind::EmailCode);
        self.kinds.iter().copied().chain(mail)
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
        let kinds = self.alone().filter(|kind| kind.strength() >= least);
        kinds.chain(recovery.filter(|_| self.has_any())).collect()
    }

    /// Whether a factor of these reaches `acr`.
    pub fn can_reach(&self, acr: Acr) -> bool {
        self.alone().any(|kind| Acr::with(kind) >= acr)
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

/// Whether codes by mail count for an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum MailCodes {
    /// They do not.
    #[default]
    No,
    /// They do.
    Count,
}

/// What `visitor` owes before a complete session; nothing, if every door that needs no more than
/// being signed in may open.
pub fn owed(
    visitor: Option<&Visitor<'_>>,
    rules: MfaRules<'_>,
    now: OffsetDateTime,
) -> Option<Step> {
    let Some(visitor) = visitor.filter(|visitor| visitor.is_present(now)) else {
        return Some(Step::Login(LoginReason::NotSignedIn));
    };
    let renews = visitor.renews_password();
    let owed = match second_factor_owed(visitor, rules, now) {
        // Whoever only knows such a password must not make a factor of theirs out of it.
        None | Some(Step::Enrol(_)) if renews => Some(Step::NewPassword(visitor.renewal())),
        None if visitor.session.stage == Stage::Pending => {
            Some(Step::Login(LoginReason::NotSignedIn))
        }
        owed => owed,
    };
    owed.map(|step| fresh_enough(step, visitor, now))
}

/// An enrolment only right after the password, or the strongest factor where there is one: an old
/// session, wherever it is by now, must not be able to make itself the account's second factor
/// (ASVS 7.5.1).
pub(super) fn fresh_enough(step: Step, visitor: &Visitor<'_>, now: OffsetDateTime) -> Step {
    match step {
        Step::Enrol(acr) => step_up(visitor, STEP_UP, now).unwrap_or(Step::Enrol(acr)),
        Step::Login(_)
        | Step::SecondFactor(_)
        | Step::NewPassword(_)
        | Step::Consent(_)
        | Step::Issue(_) => step,
    }
}

/// Whether a second factor is still owed, whatever the session's stage: the sign-in is complete
/// when it is not. First comes what the person has, if nothing of it counts here; then what counts.
pub fn second_factor_owed(
    visitor: &Visitor<'_>,
    rules: MfaRules<'_>,
    now: OffsetDateTime,
) -> Option<Step> {
    let Visitor { session, user, enrolled } = *visitor;
    let given = &session.authentication;
    // A browser that was forgotten is trusted no more.
    let forgotten = given.leave() == Some(Leave::TrustedDevice) && session.device_id.is_none();
    if !forgotten && rules.is_met(user, enrolled, (given, now)) {
        return None;
    }
    let demand = rules.demand_or_own(user, enrolled)?;
    let mut offered = enrolled.offered();
    let any_counts = enrolled.alone().any(|kind| demand.accepts(kind));
    if !any_counts && !given.is_mfa() && !offered.is_empty() {
        return Some(Step::SecondFactor(offered));
    }
    // A recovery code is the way to another factor for whoever lost the one that counts.
    if !any_counts || given.is_mfa() && given.proved(FactorKind::RecoveryCode) {
        return Some(Step::Enrol(demand.least_acr()));
    }
    offered.retain(|kind| demand.accepts(*kind) || *kind == FactorKind::RecoveryCode);
    Some(Step::SecondFactor(offered))
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
        // A code by mail that the sign-in still owes is a factor that somebody else may not have.
        if visitor.session.stage == Stage::Pending && !authentication.is_mfa() {
            let mailed = visitor.enrolled.offered();
            if !mailed.is_empty() {
                return Some(Step::SecondFactor(mailed));
            }
        }
        return (!is_fresh(password) && !is_fresh(passkey)).then_some(again);
    };
    let offered = || Step::SecondFactor(visitor.enrolled.offered_from(strongest));
    (!is_fresh(authentication.given_at(strongest))).then(offered)
}
