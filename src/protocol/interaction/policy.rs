//! The policy on second factors: of whom one is demanded and where, which count, and what may be
//! left: the time to enrol, and the browser that its owner trusts.
//!
//! **Invariant: what is left to somebody is never told as done.** A sign-in that spared the second
//! factor has the `acr` and `amr` of what was given, and a client that asks for more gets more.

use serde::{Deserialize, Serialize};
use time::{Duration, OffsetDateTime};

use super::owed::Enrolled;
use crate::identity::factor::FactorKind;
use crate::identity::session::{Authentication, Leave};
use crate::identity::user::User;
use crate::protocol::claims::Acr;
use crate::protocol::client::{Client, ClientId, ClientMfa};
use crate::protocol::resource::Resource;
use crate::protocol::scope::Scope;

/// Of whom the server demands a second factor. Administrators always owe it, and whoever has enrolled
/// one is always asked for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum MfaPolicy {
    /// Of nobody else: the rules by role, client, API and scope are not in force.
    Nobody,
    /// Of those whom a rule names.
    Administrators,
    /// Of every account.
    Everyone,
}

/// What comes with [`MfaPolicy`]: the conditions of the demand, and rules that demand more.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct MfaTerms {
    /// Which second factors count where [`MfaPolicy`] demands one; any, where empty.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub factors: Vec<FactorKind>,
    /// How many days an account may put off its enrolment.
    #[serde(skip_serializing_if = "is_none")]
    pub grace_days: u16,
    /// How many days a browser may spare its owner the second factor; none, where 0.
    #[serde(skip_serializing_if = "is_none")]
    pub trusted_device_days: u16,
    /// Whether a code sent to the verified address is a second factor.
    #[serde(skip_serializing_if = "is_off")]
    pub email_codes: bool,
    /// More demands.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub rules: Vec<MfaRule>,
}

/// A demand of those, and there, where all that it names holds.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct MfaRule {
    /// Of people with this role.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub role: Option<String>,
    /// At this client.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client: Option<String>,
    /// For access to this API.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub api: Option<String>,
    /// For this scope.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scope: Option<String>,
    /// Which second factors count; any, where empty.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub factors: Vec<FactorKind>,
    /// How many days an account may put off its enrolment.
    #[serde(skip_serializing_if = "is_none")]
    pub grace_days: u16,
    /// Whether a trusted browser is spared this demand too.
    #[serde(skip_serializing_if = "is_off")]
    pub trusted_device: bool,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
const fn is_none(days: &u16) -> bool {
    *days == 0
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
const fn is_off(switch: &bool) -> bool {
    !*switch
}

impl MfaRule {
    /// Whether it speaks of `user` at `door`.
    fn covers(&self, user: &User, door: &Door<'_>) -> bool {
        let role = |name: &String| user.roles.iter().any(|role| role.as_str() == name);
        let client = |id: &String| door.client.is_some_and(|client| client.as_str() == id);
        let api = |name: &String| door.resources.iter().any(|api| api.as_str() == name);
        let scope = |name: &String| door.scope.is_some_and(|scope| scope.contains(name));
        self.role.as_ref().is_none_or(role)
            && self.client.as_ref().is_none_or(client)
            && self.api.as_ref().is_none_or(api)
            && self.scope.as_ref().is_none_or(scope)
    }

    fn demand(&self) -> Demand<'_> {
        Demand {
            lists: vec![&self.factors],
            grace: Duration::days(self.grace_days.into()),
            is_spared_by_trust: self.trusted_device,
        }
    }
}

/// Where somebody wants to go.
#[derive(Debug, Clone, Copy, Default)]
pub struct Door<'a> {
    client: Option<&'a ClientId>,
    required: bool,
    resources: &'a [Resource],
    scope: Option<&'a Scope>,
}

impl<'a> Door<'a> {
    /// A page of our own.
    pub const OWN: Door<'static> =
        Door { client: None, required: false, resources: &[], scope: None };

    /// A client that gets `scope` at these APIs.
    pub fn of(client: &'a Client, scope: &'a Scope, resources: &'a [Resource]) -> Self {
        let required = client.mfa == ClientMfa::Required;
        Self { client: Some(&client.id), required, resources, scope: Some(scope) }
    }
}

/// The policy at one door.
#[derive(Debug, Clone, Copy)]
pub struct MfaRules<'a> {
    /// Of whom.
    pub policy: MfaPolicy,
    /// On which conditions.
    pub terms: &'a MfaTerms,
    /// Where.
    pub door: Door<'a>,
}

impl<'a> MfaRules<'a> {
    /// What is demanded of `user` here, enrolled or not; nothing, where nobody demands anything.
    pub fn demand(&self, user: &User) -> Option<Demand<'a>> {
        let terms = self.terms;
        let base = Demand {
            lists: vec![&terms.factors],
            grace: Duration::days(terms.grace_days.into()),
            is_spared_by_trust: true,
        };
        let for_everyone = (self.policy == MfaPolicy::Everyone).then_some(base.clone());
        let administrator = user.is_administrator().then(|| Demand { ..base.strict() });
        let by_client = self.door.required.then(|| Demand::ANY.strict());
        let in_force = self.policy != MfaPolicy::Nobody;
        let rules = terms.rules.iter().filter(|rule| in_force && rule.covers(user, &self.door));
        let all = [for_everyone, administrator, by_client].into_iter().flatten();
        all.chain(rules.map(MfaRule::demand)).reduce(Demand::and)
    }

    /// Until when `user` may put off an enrolment that is owed here; nothing, where it is owed now.
    pub fn grace_ends_at(
        &self,
        user: &User,
        enrolled: &Enrolled,
        now: OffsetDateTime,
    ) -> Option<OffsetDateTime> {
        let demand = self.demand(user).filter(|demand| demand.grace > Duration::ZERO)?;
        let ends_at = enrolled.owing_since.unwrap_or(now).saturating_add(demand.grace);
        (!enrolled.has_any() && now < ends_at).then_some(ends_at)
    }

    /// Whether `authentication` leaves nothing of the demand open here, by what was given or by what
    /// was left.
    pub fn is_met(
        &self,
        user: &User,
        enrolled: &Enrolled,
        (authentication, now): (&Authentication, OffsetDateTime),
    ) -> bool {
        let Some(demand) = self.demand_or_own(user, enrolled) else { return true };
        if demand.is_met_by(authentication) {
            return true;
        }
        match authentication.leave() {
            None => false,
            Some(Leave::TrustedDevice) => self.is_spared_by_trust(&demand),
            Some(Leave::Grace) => self.grace_ends_at(user, enrolled, now).is_some(),
        }
    }

    /// The demand; where there is none, that of an account on itself: whoever has enrolled a factor
    /// owes it, or it would protect nothing.
    pub(super) fn demand_or_own(&self, user: &User, enrolled: &Enrolled) -> Option<Demand<'a>> {
        self.demand(user).or_else(|| enrolled.has_any().then_some(Demand::ANY))
    }

    /// Whether the browser of this person, should they trust it, would be spared what is owed here.
    pub fn may_trust(&self, user: &User, enrolled: &Enrolled) -> bool {
        let demand = self.demand_or_own(user, enrolled);
        demand.is_some_and(|demand| self.is_spared_by_trust(&demand))
    }

    const fn is_spared_by_trust(&self, demand: &Demand<'_>) -> bool {
        demand.is_spared_by_trust && self.terms.trusted_device_days > 0
    }
}

/// What is demanded: two factors, and of the second perhaps more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Demand<'a> {
    /// Each of these lists must accept the factor; an empty one accepts all.
    lists: Vec<&'a [FactorKind]>,
    grace: Duration,
    is_spared_by_trust: bool,
}

impl Demand<'_> {
    /// Any second factor, spared by a trusted browser.
    const ANY: Self = Self { lists: Vec::new(), grace: Duration::ZERO, is_spared_by_trust: true };

    /// The same, and nothing of it is left to anybody.
    fn strict(self) -> Self {
        Self { grace: Duration::ZERO, is_spared_by_trust: false, ..self }
    }

    /// Both.
    fn and(mut self, other: Self) -> Self {
        self.lists.extend(other.lists);
        Self {
            lists: self.lists,
            grace: self.grace.min(other.grace),
            is_spared_by_trust: self.is_spared_by_trust && other.is_spared_by_trust,
        }
    }

    /// Whether a factor of this kind counts: one that a list names, or a stronger one.
    pub fn accepts(&self, kind: FactorKind) -> bool {
        let by = |list: &&[FactorKind]| {
            let counts = |named: &FactorKind| *named == kind || kind.strength() > named.strength();
            list.is_empty() || list.iter().any(counts)
        };
        kind.is_second() && self.lists.iter().all(by)
    }

    /// Whether what was given is enough.
    pub fn is_met_by(&self, authentication: &Authentication) -> bool {
        let mut given = authentication.factors.iter();
        authentication.is_mfa() && given.any(|proof| self.accepts(proof.kind))
    }

    /// The weakest class that a factor must reach to be worth enrolling for this.
    pub fn least_acr(&self) -> Acr {
        let enrollable = [FactorKind::Totp, FactorKind::SecurityKey, FactorKind::Passkey];
        let least = enrollable.into_iter().filter(|kind| self.accepts(*kind)).map(Acr::with).min();
        least.unwrap_or(Acr::Phrh)
    }
}
