//! What the tests of this layer share.

use crate::ambient::SystemEntropy;
use crate::crypto::seal::{MacKey, MasterKey};

/// A key for MACs.
pub fn mac_key() -> MacKey {
    MacKey::derive(&MasterKey::mint(&SystemEntropy), "test")
}
