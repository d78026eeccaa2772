//! The policy that administrators set for everybody.

use serde::{Deserialize, Serialize};

use crate::protocol::interaction::MfaPolicy;

/// What holds for everybody.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct PolicySettings {
    /// Who owes a second factor.
    pub mfa: MfaPolicy,
    /// Who may make an account for themselves.
    pub sign_up: SignUp,
    /// The version of the terms that new people accept; none where there are none.
    pub terms_version: Option<String>,
    /// Where the terms are to be read.
    pub terms_uri: Option<String>,
}

/// Who may make an account for themselves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SignUp {
    /// Nobody: administrators make accounts, or invite.
    Off,
    /// Whoever was invited; the page sends an invitation again.
    Invitation,
    /// Whoever has an address.
    Open,
}

impl PolicySettings {
    /// Where it is kept in the settings.
    pub const KEY: &'static str = "policy";
}

impl Default for PolicySettings {
    fn default() -> Self {
        Self {
            mfa: MfaPolicy::Administrators,
            sign_up: SignUp::Off,
            terms_version: None,
            terms_uri: None,
        }
    }
}
