//! Scopes: what is asked for and what was allowed (RFC 6749 §3.3).

use std::fmt;

use crate::protocol::error::{ErrorCode, OAuthError};

/// Asks for OpenID Connect (OIDC Core §3.1.2.1).
pub const OPENID: &str = "openid";
/// Asks for the profile claims (OIDC Core §5.4).
pub const PROFILE: &str = "profile";
/// Asks for the e-mail claims (OIDC Core §5.4).
pub const EMAIL: &str = "email";
/// Asks for the address claim (OIDC Core §5.4).
pub const ADDRESS: &str = "address";
/// Asks for the phone claims (OIDC Core §5.4).
pub const PHONE: &str = "phone";
/// Asks for access that outlives sign-out (OIDC Core §11).
pub const OFFLINE_ACCESS: &str = "offline_access";

/// The longest scope parameter, in bytes.
const MAX_BYTES: usize = 1024;
/// The most names in one scope.
const MAX_NAMES: usize = 64;

/// A set of scope names, in alphabetical order.
#[derive(Debug, Clone, PartialEq, Eq, Default, Hash)]
pub struct Scope(Vec<String>);

impl Scope {
    /// The scope in a space-separated list; order and repetition mean nothing.
    pub fn parse(text: &str) -> Result<Self, OAuthError> {
        if text.len() > MAX_BYTES {
            return Err(invalid("the scope is longer than 1024 characters"));
        }
        Self::from_names(
            text.split(' ').filter(|name| !name.is_empty()).map(str::to_owned).collect(),
        )
    }

    /// The scope made of `names`.
    pub fn from_names(mut names: Vec<String>) -> Result<Self, OAuthError> {
        if !names.iter().all(|name| is_name(name)) {
            return Err(invalid("a scope name holds a character that is not allowed"));
        }
        names.sort_unstable();
        names.dedup();
        if names.len() > MAX_NAMES {
            return Err(invalid("the scope has more than 64 names"));
        }
        Ok(Self(names))
    }

    /// Whether `name` is in it.
    pub fn contains(&self, name: &str) -> bool {
        self.0.binary_search_by(|own| own.as_str().cmp(name)).is_ok()
    }

    /// Whether all of it is in `other`.
    pub fn is_subset(&self, other: &Self) -> bool {
        self.iter().all(|name| other.contains(name))
    }

    /// Whether there is no name in it.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Its names, in alphabetical order.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }

    /// What is in either.
    #[must_use]
    pub fn union(&self, other: &Self) -> Self {
        let mut names = [self.0.as_slice(), other.0.as_slice()].concat();
        names.sort_unstable();
        names.dedup();
        Self(names)
    }

    /// What is in both.
    #[must_use]
    pub fn intersection(&self, other: &Self) -> Self {
        Self(self.0.iter().filter(|name| other.contains(name)).cloned().collect())
    }

    /// What is in this one only.
    #[must_use]
    pub fn difference(&self, other: &Self) -> Self {
        Self(self.0.iter().filter(|name| !other.contains(name)).cloned().collect())
    }

    /// The same without `name`.
    #[must_use]
    pub fn without(&self, name: &str) -> Self {
        Self(self.0.iter().filter(|own| *own != name).cloned().collect())
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.join(" "))
    }
}

/// `scope-token` of RFC 6749 §3.3.
fn is_name(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| matches!(b, 0x21 | 0x23..=0x5b | 0x5d..=0x7e))
}

fn invalid(detail: &'static str) -> OAuthError {
    ErrorCode::InvalidScope.because(detail).at("scope")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn scope(text: &str) -> Scope {
        Scope::parse(text).expect("well-formed")
    }

    #[test]
    fn order_and_repetition_mean_nothing() {
        assert_eq!(scope("openid email openid"), scope("email  openid "));
        assert_eq!(scope("openid email").to_string(), "email openid");
    }

    #[test]
    fn forbidden_characters_are_refused() {
        for text in ["a\"b", "a\\b", "a\tb", "ä", "a\u{7f}"] {
            assert_eq!(Scope::parse(text).expect_err("bad").code, ErrorCode::InvalidScope);
        }
    }

    #[test]
    fn length_and_count_are_bounded() {
        let many = (0..65).map(|n| format!("s{n}")).collect::<Vec<_>>().join(" ");
        assert!(Scope::parse(&many).is_err());
        assert!(Scope::parse(&"x".repeat(1025)).is_err());
        assert!(Scope::parse(&"x".repeat(1024)).is_ok());
    }

    #[test]
    fn sets_behave_as_sets() {
        let (a, b) = (scope("a b c"), scope("b d"));
        assert_eq!(a.union(&b), scope("a b c d"));
        assert_eq!(a.intersection(&b), scope("b"));
        assert_eq!(a.difference(&b), scope("a c"));
        assert_eq!(a.without("b"), scope("a c"));
        assert!(scope("a c").is_subset(&a) && !b.is_subset(&a));
        assert!(Scope::default().is_empty() && Scope::default().is_subset(&a));
    }

    #[test]
    fn names_are_compared_whole_and_by_case() {
        assert!(scope("openid").contains("openid"));
        assert!(!scope("openid").contains("OpenID") && !scope("openid").contains("open"));
    }

    proptest! {
        #[test]
        fn what_is_printed_is_read_back(names in proptest::collection::vec("[!#-\\[\\]-~]{1,9}", 0..20)) {
            let made = Scope::from_names(names).expect("well-formed");
            prop_assert_eq!(Scope::parse(&made.to_string()).expect("well-formed"), made);
        }
    }
}
