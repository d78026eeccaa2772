//! The policy that holds for everybody.

use serde::Deserialize;
use serde_json::json;

use super::fields::choice;
use super::{Applied, Change, Cx, Done, Result, Told};
use crate::policy::permission::AdminPermission;
use crate::policy::settings::PolicySettings;
use crate::protocol::interaction::MfaPolicy;
use crate::store::feed::ChangeKind;
use crate::store::{Conn, StoreError, settings};

/// The policy as it is given; what is absent stays as it is.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PolicyForm {
    /// Who owes a second factor: `administrators`, `everyone` or `nobody`.
    pub mfa: Option<String>,
}

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
    if after == before {
        return Ok(Done::new(Applied::Unchanged, []));
    }
    let value = serde_json::to_value(&after).map_err(|_| StoreError::Corrupt("policy".into()))?;
    settings::set(&mut *conn, PolicySettings::KEY, &value, cx.now).await?;
    let details = json!({ "before": before, "after": after });
    cx.tell(conn, Told::new("policy.update", "settings", PolicySettings::KEY, details)).await?;
    Ok(Done::new(Applied::Updated, [Change::of(ChangeKind::Settings, PolicySettings::KEY)]))
}

async fn stored(conn: &mut Conn) -> Result<PolicySettings> {
    let value = settings::find(conn, PolicySettings::KEY).await?;
    let Some(value) = value else { return Ok(PolicySettings::default()) };
    Ok(serde_json::from_value(value).map_err(|_| StoreError::Corrupt("policy".into()))?)
}
