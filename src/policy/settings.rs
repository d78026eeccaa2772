//! The policy that administrators set for everybody.

use serde::{Deserialize, Serialize};

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

/// Who owes a second factor. Administrators always do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum MfaPolicy {
    /// Nobody but administrators, and those who enrolled one.
    Nobody,
    /// Administrators, and those who enrolled one.
    Administrators,
    /// Everybody: who has none enrols one at the next sign-in.
    Everyone,
}
