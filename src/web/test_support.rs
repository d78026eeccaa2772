//! What the tests of this layer share.

use crate::crypto::seal::MacKey;

/// A key for MACs.
pub fn mac_key() -> MacKey {
    MacKey::stand_in(&[7; 32])
}
