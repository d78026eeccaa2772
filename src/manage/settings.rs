//! The policy that holds for everybody.

use serde::Deserialize;
use serde_json::json;

use super::fields::{choice, link};
use super::{Applied, Change, Cx, Done, Invalid, Result, Told};
use crate::policy::permission::AdminPermission;
use crate::policy::settings::{PolicySettings, SignUp};
use crate::protocol::interaction::MfaPolicy;
use crate::store::feed::ChangeKind;
use crate::store::{Conn, StoreError, settings};

/// The policy as it is given; what is absent stays as it is.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PolicyForm {
    /// Who owes a second factor: `administrators`, `everyone` or `nobody`.
    pub mfa: Option<String>,
    /// Who may make an account for themselves: `off`, `invitation` or `open`.
    pub sign_up: Option<String>,
    /// The version of the terms that new people accept; an empty text for none.
    pub terms_version: Option<String>,
    /// Where the terms are to be read; an empty text for nowhere.
    pub terms_uri: Option<String>,
}

const SIGN_UP: [(&str, SignUp); 3] =
    [("off", SignUp::Off), ("invitation", SignUp::Invitation), ("open", SignUp::Open)];
/// The longest name of a version of the terms, in characters.
const MAX_VERSION: usize = 64;

const MFA: [(&str, MfaPolicy); 3] = [
    ("administrators", MfaPolicy::Administrators),
    ("everyone", MfaPolicy::Everyone),
    ("nobody", MfaPolicy::Nobody),
];

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
    let mut after = before.clone();
    if let Some(mfa) = &form.mfa {
        after.mfa = choice("mfa", mfa, &MFA)?;
    }
    if let Some(sign_up) = &form.sign_up {
        after.sign_up = choice("sign_up", sign_up, &SIGN_UP)?;
    }
    if let Some(version) = &form.terms_version {
        after.terms_version = terms_version(version)?;
    }
    if let Some(uri) = &form.terms_uri {
        after.terms_uri = link("terms_uri", uri.trim())?.map(String::from);
    }
    if after == before {
        return Ok(Done::new(Applied::Unchanged, []));
    }
    let value = serde_json::to_value(&after).map_err(|_| StoreError::Corrupt("policy".into()))?;
    settings::set(&mut *conn, PolicySettings::KEY, &value, cx.now).await?;
    let details = json!({ "before": before, "after": after });
    cx.tell(conn, Told::new("policy.update", "settings", PolicySettings::KEY, details)).await?;
    Ok(Done::new(Applied::Updated, [Change::of(ChangeKind::Settings, PolicySettings::KEY)]))
}

fn terms_version(text: &str) -> Result<Option<String>> {
    let text = text.trim();
    if text.chars().count() > MAX_VERSION || text.chars().any(char::is_control) {
        let mend = "give it at most 64 characters, such as 2026-11-01";
        return Err(Invalid::new("terms_version", "it is too long", mend).into());
    }
    Ok((!text.is_empty()).then(|| text.to_owned()))
}

async fn stored(conn: &mut Conn) -> Result<PolicySettings> {
    let value = settings::find(conn, PolicySettings::KEY).await?;
    let Some(value) = value else { return Ok(PolicySettings::default()) };
    Ok(serde_json::from_value(value).map_err(|_| StoreError::Corrupt("policy".into()))?)
}
