//! The key by which an authority knows whose account it makes.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use zeroize::Zeroizing;

/// The MAC key of an account that the authority knows from elsewhere (RFC 8555 §7.3.4).
#[derive(Clone)]
pub struct BindingKey(Zeroizing<Vec<u8>>);

impl BindingKey {
    /// The key written as `text`, in base64url as authorities hand it out.
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = URL_SAFE_NO_PAD.decode(text.trim().trim_end_matches('=')).ok()?;
        (!bytes.is_empty()).then(|| Self(Zeroizing::new(bytes)))
    }

    /// Lets the key out.
    pub fn expose(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Debug for BindingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("BindingKey(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_binding_key_is_base64url_and_prints_nothing() {
        let key = BindingKey::parse("_wA=\n").unwrap();
        assert_eq!(
            (key.expose(), format!("{key:?}")),
            (&[0xff, 0][..], "BindingKey(..)".to_owned())
        );
        assert!(BindingKey::parse("").is_none() && BindingKey::parse("+/").is_none());
    }
}
