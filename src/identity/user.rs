//! A person who can sign in.

use time::OffsetDateTime;
use unicode_normalization::UnicodeNormalization as _;
use uuid::Uuid;

use crate::identity::language::Language;
use crate::identity::role::Role;

/// An account.
#[derive(Debug, Clone)]
pub struct User {
    /// The `sub` of tokens.
    pub id: Uuid,
    /// What they sign in with, in canonical form.
    pub username: Username,
    /// Where mail goes.
    pub email: Option<String>,
    /// Whether they proved that it is theirs.
    pub email_verified: bool,
    /// What they may do here.
    pub roles: Vec<Role>,
    /// The OpenID Connect claims kept for them (OIDC Core §5.1): a JSON object.
    pub claims: serde_json::Map<String, serde_json::Value>,
    /// Whether a password is set.
    pub password: PasswordState,
    /// Since when they may not sign in.
    pub disabled_at: Option<OffsetDateTime>,
    /// When the account was made.
    pub created_at: OffsetDateTime,
    /// When it was last changed (`updated_at`).
    pub updated_at: OffsetDateTime,
}

impl User {
    /// Whether they administer this server.
    pub fn is_administrator(&self) -> bool {
        self.roles.contains(&Role::Administrator)
    }

    /// The language they have set: their `locale` (OIDC Core §5.1).
    pub fn language(&self) -> Option<Language> {
        self.claims.get("locale").and_then(serde_json::Value::as_str).and_then(Language::of_tag)
    }
}

/// Whether an account has a password.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PasswordState {
    /// It cannot sign in with one.
    Unset,
    /// It can.
    Set,
    /// It can, but others may know it: another must be set before anything else.
    Due,
}

impl PasswordState {
    /// Whether there is one.
    pub const fn is_set(self) -> bool {
        match self {
            Self::Unset => false,
            Self::Set | Self::Due => true,
        }
    }
}

/// The longest user name.
const MAX_CHARACTERS: usize = 128;

/// A user name in canonical form: NFKC, lower case, 1 to 128 characters, no control characters.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Username(String);

impl Username {
    /// The name in `text`, whatever case and form of Unicode it was typed in; nothing where it
    /// holds white space or an invisible character, or is too long. An e-mail address is a name.
    pub fn parse(text: &str) -> Option<Self> {
        // Normalising can make text eighteen times as long, so the bound comes first.
        if text.len() > 4 * MAX_CHARACTERS {
            return None;
        }
        let name = canonical(text.trim());
        let fits = (1..=MAX_CHARACTERS).contains(&name.chars().count())
            && !name.chars().any(|c| c.is_whitespace() || is_invisible(c))
            && canonical(&name) == name;
        fits.then_some(Self(name))
    }

    /// As stored and compared.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn canonical(text: &str) -> String {
    text.nfkc().flat_map(char::to_lowercase).nfkc().collect()
}

/// Whether two names that differ only in `c` look the same: control and format characters, soft
/// hyphen, variation selectors and tags.
fn is_invisible(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{180b}'..='\u{180f}'
            | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
            | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}'
            | '\u{e0000}'..='\u{e0fff}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn name(text: &str) -> Option<String> {
        Username::parse(text).map(|name| name.0)
    }

    #[test]
    fn case_form_and_space_around_do_not_make_another_name() {
        for text in ["alice", "Alice", " ALICE\t", "ａｌｉｃｅ"] {
            assert_eq!(name(text).as_deref(), Some("alice"));
        }
        assert_eq!(name("Zoe\u{308}"), name("ZOË"));
    }

    #[test]
    fn an_e_mail_address_is_a_name() {
        assert_eq!(name("Alice@Example.COM").as_deref(), Some("alice@example.com"));
    }

    #[test]
    fn empty_spaced_and_invisible_names_are_refused() {
        for text in [
            "",
            " ",
            "a b",
            "a\u{a0}b",
            "a\0",
            "a\nb",
            "a\u{200b}",
            "a\u{202e}b",
            "\u{feff}a",
            "a\u{ad}",
        ] {
            assert_eq!(name(text), None, "{text:?}");
        }
    }

    #[test]
    fn a_name_has_at_most_128_characters() {
        assert!(name(&"é".repeat(128)).is_some());
        assert_eq!(name(&"a".repeat(129)), None);
        // One character that normalises to eighteen.
        assert_eq!(name(&"\u{fdfa}".repeat(100)), None);
        assert_eq!(name(&"a".repeat(1 << 20)), None);
    }

    proptest! {
        #[test]
        fn a_canonical_name_is_its_own_canonical_form(text in "\\PC{1,40}") {
            if let Some(name) = Username::parse(&text) {
                prop_assert_eq!(Username::parse(name.as_str()), Some(name));
            }
        }
    }
}
