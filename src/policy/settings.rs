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
    /// Who may make an account for themselves.
    pub sign_up: SignUp,
    /// The version of the terms that new people accept; none where there are none.
    pub terms_version: Option<String>,
    /// Where the terms are to be read.
    pub terms_uri: Option<String>,
    /// On which conditions, and of whom else.
    pub second_factor: MfaTerms,
    /// Whose sessions are bound to a key of their device.
    pub bound_sessions: BoundSessionPolicy,
}

/// Whose browser sessions are bound to a key of their device (DBSC).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum BoundSessionPolicy {
    /// Nobody's.
    Off,
    /// Everybody's whose browser can.
    Offered,
    /// The same, and an administrator's whose browser cannot opens no console.
    Administrators,
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

    /// What it says of second factors at `door`.
    pub const fn rules<'a>(&'a self, door: Door<'a>) -> MfaRules<'a> {
        MfaRules { policy: self.mfa, terms: &self.second_factor, door }
    }

    /// Whether administrators' sessions must be bound to a key of their device.
    pub fn binds_administrators(&self) -> bool {
        self.bound_sessions == BoundSessionPolicy::Administrators
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
        Self {
            mfa: MfaPolicy::Administrators,
            sign_up: SignUp::Off,
            terms_version: None,
            terms_uri: None,
            second_factor: MfaTerms::default(),
            bound_sessions: BoundSessionPolicy::Offered,
        }
    }
}
