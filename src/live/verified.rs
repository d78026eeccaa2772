//! Access tokens whose signature was checked before, by their SHA-256.
//!
//! Only the signature and the shape are remembered. Expiry and revocation are asked every time.

use std::sync::Arc;

use quick_cache::sync::Cache;
use time::OffsetDateTime;

use crate::crypto::secret::Fingerprint;
use crate::protocol::token::AccessClaims;

/// How many tokens are remembered: some 10 MiB.
const CAPACITY: usize = 10_000;

/// Tokens seen before.
pub struct VerifiedTokens(Cache<Fingerprint, Arc<AccessClaims>>);

impl Default for VerifiedTokens {
    fn default() -> Self {
        Self(Cache::new(CAPACITY))
    }
}

impl VerifiedTokens {
    /// The claims of the token, where it was verified before and has not expired.
    pub fn find(&self, token: &Fingerprint, now: OffsetDateTime) -> Option<Arc<AccessClaims>> {
        let claims = self.0.get(token)?;
        if claims.exp <= now.unix_timestamp() {
            self.0.remove(token);
            return None;
        }
        Some(claims)
    }

    /// Remembers a token that was verified.
    pub fn keep(&self, token: Fingerprint, claims: Arc<AccessClaims>) {
        self.0.insert(token, claims);
    }

    /// Forgets all: a signing key was withdrawn.
    pub fn clear(&self) {
        self.0.clear();
    }
}
