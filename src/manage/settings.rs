//! The policy that holds for everybody.

use serde::Deserialize;
use serde_json::json;

use super::fields::{choice, duration, link};
use super::{Applied, Change, Cx, Done, Invalid, Result, Told};
use crate::identity::factor::FactorKind;
use crate::identity::role::Role;
use crate::policy::permission::AdminPermission;
use crate::policy::settings::{BoundSessionPolicy, PolicySettings, SignUp};
use crate::protocol::client::ClientId;
use crate::protocol::interaction::{MfaPolicy, MfaRule};
use crate::protocol::resource::Resource;
use crate::protocol::scope::Scope;
use crate::store::feed::ChangeKind;
use crate::store::{Conn, StoreError, settings};

/// The policy as it is given; what is absent stays as it is.
#[derive(Debug, Clone, Default, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PolicyForm {
    /// Of whom a second factor is demanded: `administrators`, `everyone` or `nobody` else.
    pub mfa: Option<String>,
    /// Who may make an account for themselves: `off`, `invitation` or `open`.
    pub sign_up: Option<String>,
    /// The version of the terms that new people accept; an empty text for none.
    pub terms_version: Option<String>,
    /// Where the terms are to be read; an empty text for nowhere.
    pub terms_uri: Option<String>,
    /// Which second factors count for that demand; all, where the list is empty.
    pub mfa_factors: Option<Vec<String>>,
    /// How long an account may put off its enrolment: `7d`, or `0` for not at all.
    pub mfa_grace: Option<String>,
    /// All further demands.
    pub mfa_rules: Option<Vec<RuleForm>>,
    /// Whether a code sent to a verified address is a second factor.
    pub email_codes: Option<bool>,
    /// How long a browser may spare its owner the second factor: `30d`, or `0` for not at all.
    pub trusted_device: Option<String>,
    /// Whose sessions are bound to a key of their device: nobody's (`off`), everybody's whose browser
    /// can (`offered`), and administrators' in any case (`administrators`).
    pub bound_sessions: Option<String>,
}

/// A further demand: of those, and there, where all that it names holds.
#[derive(Debug, Clone, Default, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RuleForm {
    /// Of people with this role.
    pub role: Option<String>,
    /// At the client of this id.
    pub client: Option<String>,
    /// For access to the API with this identifier.
    pub api: Option<String>,
    /// For this scope.
    pub scope: Option<String>,
    /// Which second factors count; all, where absent or empty.
    pub factors: Option<Vec<String>>,
    /// How long an account may put off its enrolment; not at all, where absent.
    pub grace: Option<String>,
    /// Whether a trusted browser is spared this demand; it is not, where absent.
    pub trusted_device: Option<bool>,
}

const SIGN_UP: [(&str, SignUp); 3] =
    [("off", SignUp::Off), ("invitation", SignUp::Invitation), ("open", SignUp::Open)];
/// The longest name of a version of the terms, in characters.
const MAX_VERSION: usize = 64;

const BOUND_SESSIONS: [(&str, BoundSessionPolicy); 3] = [
    ("off", BoundSessionPolicy::Off),
    ("offered", BoundSessionPolicy::Offered),
    ("administrators", BoundSessionPolicy::Administrators),
];
const MFA: [(&str, MfaPolicy); 3] = [
    ("administrators", MfaPolicy::Administrators),
    ("everyone", MfaPolicy::Everyone),
    ("nobody", MfaPolicy::Nobody),
];
/// The factors that a list may name.
pub const FACTORS: [(&str, FactorKind); 6] = [
    ("hardware_key", FactorKind::HardwareKey),
    ("passkey", FactorKind::Passkey),
    ("security_key", FactorKind::SecurityKey),
    ("totp", FactorKind::Totp),
    ("email_code", FactorKind::EmailCode),
    ("recovery_code", FactorKind::RecoveryCode),
];
/// The most rules.
const MAX_RULES: usize = 50;
/// The longest grace, in days.
const MAX_GRACE: i64 = 90;
/// The longest trust, in days.
const MAX_TRUST: i64 = 365;

impl RuleForm {
    fn make(&self) -> std::result::Result<MfaRule, Invalid> {
        let selects = [&self.role, &self.client, &self.api, &self.scope];
        if selects.iter().all(|one| one.is_none()) {
            let mend = "give role, client, api or scope; mfa = \"everyone\" is for everybody";
            return Err(Invalid::new("mfa_rules", "a rule names nobody and nothing", mend));
        }
        let good = [
            self.role.as_deref().is_none_or(|name| Role::parse(name).is_some()),
            self.client.as_deref().is_none_or(|id| ClientId::parse(id).is_some()),
            self.api.as_deref().is_none_or(|api| Resource::parse(api).is_ok()),
            self.scope.as_deref().is_none_or(is_one_scope),
        ];
        if good.contains(&false) {
            let reason = "a rule names a role, client, API or scope that cannot be";
            return Err(Invalid::new("mfa_rules", reason, "write each as it is registered"));
        }
        Ok(MfaRule {
            role: self.role.clone(),
            client: self.client.clone(),
            api: self.api.clone(),
            scope: self.scope.clone(),
            factors: factors("mfa_rules", self.factors.as_deref().unwrap_or_default())?,
            grace_days: match &self.grace {
                Some(text) => days("mfa_rules", text, MAX_GRACE)?,
                None => 0,
            },
            trusted_device: self.trusted_device.unwrap_or(false),
        })
    }
}

fn is_one_scope(name: &str) -> bool {
    Scope::parse(name).is_ok_and(|scope| scope.iter().count() == 1)
}

fn factors(field: &'static str, names: &[String]) -> std::result::Result<Vec<FactorKind>, Invalid> {
    names.iter().map(|name| choice(field, name, &FACTORS)).collect()
}

/// Whole days, `most` at most.
fn days(field: &'static str, text: &str, most: i64) -> std::result::Result<u16, Invalid> {
    let length = duration(field, text)?;
    let whole = length == time::Duration::days(length.whole_days());
    match u16::try_from(length.whole_days()) {
        Ok(days) if whole && length.whole_days() <= most => Ok(days),
        _ => {
            let mend = format!("write 0, or 1d to {most}d");
            Err(Invalid::new(field, "it is no number of whole days, or too many", mend))
        }
    }
}

/// The policy in force.
pub async fn show(cx: &Cx<'_>) -> Result<PolicySettings> {
    cx.check(AdminPermission::SettingsRead)?;
    let mut tx = cx.begin().await?;
    stored(&mut tx).await
}

/// Makes the policy what `form` says.
pub async fn change(cx: &Cx<'_>, form: &PolicyForm) -> Result<Done<Applied>> {
    let mut tx = cx.begin().await?;
    let done = change_in(&mut tx, cx, form).await?;
    tx.commit().await?;
    Ok(done)
}

/// [`change`] in a transaction of the caller's.
pub async fn change_in(conn: &mut Conn, cx: &Cx<'_>, form: &PolicyForm) -> Result<Done<Applied>> {
    cx.check(AdminPermission::SettingsWrite)?;
    let before = stored(conn).await?;
    let after = form.change(&before)?;
    if after == before {
        return Ok(Done::new(Applied::Unchanged, []));
    }
    let value = serde_json::to_value(&after).map_err(|_| StoreError::Corrupt("policy".into()))?;
    settings::set(&mut *conn, PolicySettings::KEY, &value, cx.now).await?;
    let details = json!({ "before": before, "after": after });
    cx.tell(conn, Told::new("policy.update", "settings", PolicySettings::KEY, details)).await?;
    Ok(Done::new(Applied::Updated, [Change::of(ChangeKind::Settings, PolicySettings::KEY)]))
}

fn terms_version(text: &str) -> std::result::Result<Option<String>, Invalid> {
    let text = text.trim();
    if text.chars().count() > MAX_VERSION || text.chars().any(char::is_control) {
        let mend = "give it at most 64 characters, such as 2026-11-01";
        return Err(Invalid::new("terms_version", "it is too long", mend));
    }
    Ok((!text.is_empty()).then(|| text.to_owned()))
}

impl PolicyForm {
    fn change(&self, before: &PolicySettings) -> std::result::Result<PolicySettings, Invalid> {
        let mut after = before.clone();
        if let Some(mfa) = &self.mfa {
            after.mfa = choice("mfa", mfa, &MFA)?;
        }
        if let Some(sign_up) = &self.sign_up {
            after.sign_up = choice("sign_up", sign_up, &SIGN_UP)?;
        }
        if let Some(whose) = &self.bound_sessions {
            after.bound_sessions = choice("bound_sessions", whose, &BOUND_SESSIONS)?;
        }
        if let Some(version) = &self.terms_version {
            after.terms_version = terms_version(version)?;
        }
        if let Some(uri) = &self.terms_uri {
            after.terms_uri = link("terms_uri", uri.trim())?.map(String::from);
        }
        let terms = &mut after.second_factor;
        if let Some(names) = &self.mfa_factors {
            terms.factors = factors("mfa_factors", names)?;
        }
        if let Some(text) = &self.mfa_grace {
            terms.grace_days = days("mfa_grace", text, MAX_GRACE)?;
        }
        if let Some(text) = &self.trusted_device {
            terms.trusted_device_days = days("trusted_device", text, MAX_TRUST)?;
        }
        if let Some(on) = self.email_codes {
            terms.email_codes = on;
        }
        if let Some(rules) = &self.mfa_rules {
            if rules.len() > MAX_RULES {
                return Err(Invalid::new("mfa_rules", "there are too many", "give at most 50"));
            }
            terms.rules =
                rules.iter().map(RuleForm::make).collect::<std::result::Result<_, _>>()?;
        }
        Ok(after)
    }
}

async fn stored(conn: &mut Conn) -> Result<PolicySettings> {
    let value = settings::find(conn, PolicySettings::KEY).await?;
    let Some(value) = value else { return Ok(PolicySettings::default()) };
    Ok(serde_json::from_value(value).map_err(|_| StoreError::Corrupt("policy".into()))?)
}

/// The policy as programs see it; [`PolicyForm`] reads it back.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct PolicyView {
    /// Of whom a second factor is demanded.
    pub mfa: &'static str,
    /// Which second factors count for that; all, where the list is empty.
    pub mfa_factors: Vec<&'static str>,
    /// How long an account may put off its enrolment.
    pub mfa_grace: String,
    /// All further demands.
    pub mfa_rules: Vec<RuleView>,
    /// Whether a code sent to a verified address is a second factor.
    pub email_codes: bool,
    /// How long a browser may spare its owner the second factor.
    pub trusted_device: String,
    /// Who may make an account for themselves.
    pub sign_up: &'static str,
    /// The version of the terms that new people accept; empty for none.
    pub terms_version: String,
    /// Where the terms are to be read; empty for nowhere.
    pub terms_uri: String,
    /// Whose sessions are bound to a key of their device.
    pub bound_sessions: &'static str,
}

/// A further demand, as programs see it.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct RuleView {
    /// Of people with this role.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub role: Option<String>,
    /// At the client of this id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client: Option<String>,
    /// For access to the API with this identifier.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub api: Option<String>,
    /// For this scope.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scope: Option<String>,
    /// Which second factors count; all, where the list is empty.
    pub factors: Vec<&'static str>,
    /// How long an account may put off its enrolment.
    pub grace: String,
    /// Whether a trusted browser is spared this demand.
    pub trusted_device: bool,
}

impl PolicyView {
    /// `policy` as it is shown.
    pub fn of(policy: &PolicySettings) -> Self {
        let terms = &policy.second_factor;
        let mfa = MFA.iter().find(|(_, value)| *value == policy.mfa);
        let sign_up = SIGN_UP.iter().find(|(_, value)| *value == policy.sign_up);
        let bound = BOUND_SESSIONS.iter().find(|(_, value)| *value == policy.bound_sessions);
        Self {
            mfa: mfa.map_or("administrators", |(name, _)| name),
            mfa_factors: names(&terms.factors),
            mfa_grace: days_text(terms.grace_days),
            mfa_rules: terms.rules.iter().map(RuleView::of).collect(),
            email_codes: terms.email_codes,
            trusted_device: days_text(terms.trusted_device_days),
            sign_up: sign_up.map_or("off", |(name, _)| name),
            terms_version: policy.terms_version.clone().unwrap_or_default(),
            terms_uri: policy.terms_uri.clone().unwrap_or_default(),
            bound_sessions: bound.map_or("offered", |(name, _)| name),
        }
    }
}

impl RuleView {
    fn of(rule: &MfaRule) -> Self {
        Self {
            role: rule.role.clone(),
            client: rule.client.clone(),
            api: rule.api.clone(),
            scope: rule.scope.clone(),
            factors: names(&rule.factors),
            grace: days_text(rule.grace_days),
            trusted_device: rule.trusted_device,
        }
    }
}

fn names(kinds: &[FactorKind]) -> Vec<&'static str> {
    kinds.iter().map(|kind| kind.as_str()).collect()
}

fn days_text(days: u16) -> String {
    if days == 0 { "0".to_owned() } else { format!("{days}d") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::interaction::MfaTerms;

    fn change(json: serde_json::Value) -> std::result::Result<PolicySettings, Invalid> {
        let form: PolicyForm = serde_json::from_value(json).unwrap();
        form.change(&PolicySettings::default())
    }

    #[test]
    fn what_is_shown_is_read_back_and_stored() {
        let given = json!({
            "mfa": "everyone", "mfa_factors": ["totp"], "mfa_grace": "7d", "email_codes": true,
            "bound_sessions": "administrators", "trusted_device": "30d", "sign_up": "invitation",
            "terms_version": "2026-11-01", "terms_uri": "https://example.com/terms",
            "mfa_rules": [{ "role": "administrator", "scope": "orders.write",
                "factors": ["passkey", "security_key"], "grace": "1d", "trusted_device": true }],
        });
        let policy = change(given.clone()).unwrap();
        assert_eq!(serde_json::to_value(PolicyView::of(&policy)).unwrap(), given);
        let stored = serde_json::to_value(&policy).unwrap();
        assert_eq!(serde_json::from_value::<PolicySettings>(stored).unwrap(), policy);
    }

    #[test]
    fn a_policy_from_before_the_terms_is_read() {
        let old: PolicySettings = serde_json::from_value(json!({ "mfa": "nobody" })).unwrap();
        assert_eq!((old.mfa, old.second_factor), (MfaPolicy::Nobody, MfaTerms::default()));
    }

    #[test]
    fn nonsense_is_refused_by_the_field_that_holds_it() {
        for (given, field) in [
            (json!({ "mfa": "some" }), "mfa"),
            (json!({ "mfa_factors": ["password"] }), "mfa_factors"),
            (json!({ "mfa_grace": "12h" }), "mfa_grace"),
            (json!({ "mfa_grace": "91d" }), "mfa_grace"),
            (json!({ "trusted_device": "366d" }), "trusted_device"),
            (json!({ "mfa_rules": [{}] }), "mfa_rules"),
            (json!({ "mfa_rules": [{ "factors": ["totp"] }] }), "mfa_rules"),
            (json!({ "mfa_rules": [{ "role": "No Role" }] }), "mfa_rules"),
            (json!({ "mfa_rules": [{ "scope": "a b" }] }), "mfa_rules"),
            (json!({ "mfa_rules": [{ "api": "orders" }] }), "mfa_rules"),
            (json!({ "mfa_rules": [{ "role": "sales", "factors": ["sms"] }] }), "mfa_rules"),
        ] {
            assert_eq!(change(given.clone()).unwrap_err().field, field, "{given}");
        }
    }
}
