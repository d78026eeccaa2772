//! Nonces that no node has to remember (RFC 9449 §8): a MAC over the minute.

use time::OffsetDateTime;

use super::MacKey;
use crate::crypto::secret::Fingerprint;

/// The label of the MAC key (`MacKey::derive`).
pub const MAC_LABEL: &str = "dpop-nonce";

/// How long one is given out, in seconds.
const EPOCH_S: i64 = 60;
/// How many epochs back it is still good.
const BACK: i64 = 2;
/// How many epochs ahead: another node's clock may be the faster one.
const AHEAD: i64 = 1;

/// Makes and recognises nonces; every node with the same master key makes the same.
#[derive(Debug, Clone)]
pub struct Nonces(MacKey);

impl Nonces {
    /// Under a key derived with [`MAC_LABEL`].
    pub const fn new(key: MacKey) -> Self {
        Self(key)
    }

    /// The nonce to give out at `now`.
    pub fn present(&self, now: OffsetDateTime) -> String {
        self.of(epoch(now))
    }

    /// Whether `nonce` was given out in the last two to three minutes.
    pub fn is_fresh(&self, nonce: &str, now: OffsetDateTime) -> bool {
        let Some(nonce) = Fingerprint::from_base64url(nonce) else { return false };
        let here = epoch(now);
        let epochs = here.saturating_sub(BACK)..=here.saturating_add(AHEAD);
        epochs.fold(false, |good, epoch| {
            good | self.0.verify(&[&epoch.to_be_bytes()], nonce.as_bytes())
        })
    }

    fn of(&self, epoch: i64) -> String {
        let tag = self.0.tag(&[&epoch.to_be_bytes()]);
        Fingerprint::from_slice(&tag).map(|tag| tag.to_base64url()).unwrap_or_default()
    }
}

const fn epoch(now: OffsetDateTime) -> i64 {
    now.unix_timestamp().div_euclid(EPOCH_S)
}

#[cfg(test)]
mod tests {
    use time::Duration;

    use super::*;
    use crate::ambient::SystemEntropy;
    use crate::crypto::seal::MasterKey;

    #[test]
    fn a_nonce_is_good_for_two_minutes_more_on_every_node_and_then_no_more() {
        let master = MasterKey::mint(&SystemEntropy);
        let node = || Nonces::new(MacKey::derive(&master, MAC_LABEL));
        let now = OffsetDateTime::UNIX_EPOCH + Duration::seconds(60_000);
        let nonce = node().present(now);
        for (seconds, good) in
            [(-61, false), (-60, true), (0, true), (59, true), (179, true), (180, false)]
        {
            assert_eq!(
                node().is_fresh(&nonce, now + Duration::seconds(seconds)),
                good,
                "{seconds}"
            );
        }
        assert_ne!(nonce, node().present(now + Duration::MINUTE));
        let foreign = Nonces::new(MacKey::derive(&MasterKey::mint(&SystemEntropy), MAC_LABEL));
        for wrong in [
            "",
            "x",
            nonce.trim_end_matches(char::is_alphanumeric),
            &foreign.present(now),
            &format!("{nonce}="),
        ] {
            assert!(!node().is_fresh(wrong, now), "{wrong}");
        }
    }
}
