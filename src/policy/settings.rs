//! The policy that administrators set for everybody.

use serde::{Deserialize, Serialize};

use crate::protocol::interaction::MfaPolicy;

/// What holds for everybody.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct PolicySettings {
    /// Who owes a second factor.
    pub mfa: MfaPolicy,
}

impl PolicySettings {
    /// Where it is kept in the settings.
    pub const KEY: &'static str = "policy";
}

impl Default for PolicySettings {
    fn default() -> Self {
        Self { mfa: MfaPolicy::Administrators }
    }
}
