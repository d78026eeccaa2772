//! What the tests of this layer share.

use crate::crypto::seal::{MacKey, MasterKey};

/// The same key for MACs each time.
pub fn mac_key() -> MacKey {
    let master = MasterKey::parse("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8").expect("32 bytes");
    MacKey::derive(&master, "test")
}
