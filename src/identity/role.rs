//! Roles: what a person may do here, and what tokens tell others about them.

use std::fmt;

/// A role.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Role {
    /// May administer this server.
    Administrator,
    /// Means something to the APIs, nothing here.
    Custom(RoleName),
}

const ADMINISTRATOR: &str = "administrator";

impl Role {
    /// The role called `text`, or nothing where no role can be called so.
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            ADMINISTRATOR => Some(Self::Administrator),
            _ => RoleName::parse(text).map(Self::Custom),
        }
    }

    /// Its name.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Administrator => ADMINISTRATOR,
            Self::Custom(name) => &name.0,
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A role's name: 1 to 64 of `a-z 0-9 _ . -`, and none that this server gives a meaning to.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RoleName(String);

impl RoleName {
    /// The name in `text`.
    pub fn parse(text: &str) -> Option<Self> {
        let allowed = |b| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'_' | b'.' | b'-');
        let fits = (1..=64).contains(&text.len()) && text.bytes().all(allowed);
        (fits && text != ADMINISTRATOR).then(|| Self(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_role_is_read_back_from_its_name() {
        for name in ["administrator", "a", "sales.eu-west_2", &"x".repeat(64)] {
            assert_eq!(Role::parse(name).expect("a role").as_str(), name);
        }
        assert_eq!(Role::parse("administrator"), Some(Role::Administrator));
    }

    #[test]
    fn names_outside_the_alphabet_are_refused() {
        for name in ["", "Administrator", "a b", "ä", "a/b", "a\0", &"x".repeat(65)] {
            assert_eq!(Role::parse(name), None, "{name:?}");
        }
    }

    #[test]
    fn no_custom_role_poses_as_the_built_in_one() {
        assert_eq!(RoleName::parse("administrator"), None);
    }
}
