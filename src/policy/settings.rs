//! The policy that administrators set for everybody.

use serde::{Deserialize, Serialize};

use crate::protocol::client::{Client, ClientMfa};
use crate::protocol::interaction::{Door, MfaPolicy, MfaRules, MfaTerms};

/// What holds for everybody.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct PolicySettings {
    /// Of whom a second factor is demanded.
    pub mfa: MfaPolicy,
    /// On which conditions, and of whom else.
    pub second_factor: MfaTerms,
}

impl PolicySettings {
    /// Where it is kept in the settings.
    pub const KEY: &'static str = "policy";

    /// What it says of second factors at `door`.
    pub const fn rules<'a>(&'a self, door: Door<'a>) -> MfaRules<'a> {
        MfaRules { policy: self.mfa, terms: &self.second_factor, door }
    }

    /// Whether it demands more of anybody at `client` than a password: where it does not, nothing of a
    /// grant must be looked at again. Administrators are another matter: whoever becomes one signs in
    /// anew.
    pub fn may_refuse(&self, client: &Client) -> bool {
        let by_rules = self.mfa != MfaPolicy::Nobody && !self.second_factor.rules.is_empty();
        self.mfa == MfaPolicy::Everyone || by_rules || client.mfa == ClientMfa::Required
    }
}

impl Default for PolicySettings {
    fn default() -> Self {
        Self { mfa: MfaPolicy::Administrators, second_factor: MfaTerms::default() }
    }
}
