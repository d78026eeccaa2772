//! What the server asks of every client.

use super::reader::Reader;
use crate::protocol::client::{Profile, ServerRules};

/// What the server asks of every client.
#[derive(Debug, Clone, Copy)]
pub struct Security {
    /// However a client is registered.
    pub rules: ServerRules,
    /// Whose `DPoP` proofs must carry a nonce.
    pub dpop_nonces: DpopNonces,
}

/// Whose `DPoP` proofs must carry a nonce of ours (RFC 9449 §8): it shows that the proof was made now,
/// whatever the sender's clock says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DpopNonces {
    /// Everybody's.
    Always,
    /// Public clients', whose keys live among other people's scripts.
    Public,
    /// Nobody's; one that is sent is checked.
    Never,
}

pub(super) fn read(from: &mut Reader) -> Security {
    let profile = match from.choice("security.profile").as_str() {
        "fapi2" => Profile::Fapi2,
        _ => Profile::Oauth21,
    };
    let pushed = from.choice("security.pushed_requests") == "required";
    let dpop_nonces = match from.choice("security.dpop_nonce").as_str() {
        "always" => DpopNonces::Always,
        "never" => DpopNonces::Never,
        _ => DpopNonces::Public,
    };
    Security { rules: ServerRules { profile, pushed }, dpop_nonces }
}
