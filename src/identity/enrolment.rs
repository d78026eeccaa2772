//! What a person may do with their factors: names, how many, which may go. Pure.

use uuid::Uuid;

use crate::identity::factor::Factor;

/// The most authenticators of one person.
pub const MOST_AUTHENTICATORS: usize = 10;
/// The longest name of a factor, in characters.
const LONGEST_LABEL: usize = 64;

/// Whether an account may be without a second factor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Demand {
    /// The policy demands one.
    SecondFactor,
    /// It does not.
    Nothing,
}

/// What the removal of a factor comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Removal {
    /// It goes, others stay.
    OfOne,
    /// It goes, and recovery codes with it: they stand in for a factor, and none is left.
    OfTheLast,
    /// It stays: it is the last one of an account that must have one.
    Refused,
    /// It is none of theirs.
    Unknown,
}

/// What it comes to that `id` of `factors` is removed.
pub fn removal(factors: &[Factor], id: Uuid, demand: Demand) -> Removal {
    if !factors.iter().any(|factor| factor.id == id) {
        return Removal::Unknown;
    }
    let stays = factors.iter().any(|factor| factor.id != id && factor.is_confirmed());
    match (stays, demand) {
        (true, _) => Removal::OfOne,
        (false, Demand::SecondFactor) => Removal::Refused,
        (false, Demand::Nothing) => Removal::OfTheLast,
    }
}

/// The name of a factor in what was typed; `unnamed` where that was nothing, and nothing where it is
/// too long or holds control characters.
pub fn label(typed: &str, unnamed: &str) -> Option<String> {
    let text = typed.trim();
    let fits = text.chars().count() <= LONGEST_LABEL && !text.chars().any(char::is_control);
    fits.then(|| if text.is_empty() { unnamed.to_owned() } else { text.to_owned() })
}

#[cfg(test)]
mod tests {
    use time::OffsetDateTime;

    use super::*;
    use crate::identity::factor::FactorKind;

    fn factor(id: u128, confirmed: bool) -> Factor {
        let now = OffsetDateTime::UNIX_EPOCH;
        Factor {
            id: Uuid::from_u128(id),
            user_id: Uuid::nil(),
            kind: FactorKind::Totp,
            label: String::new(),
            sealed: Vec::new(),
            last_step: 0,
            confirmed_at: confirmed.then_some(now),
            created_at: now,
            used_at: None,
        }
    }

    #[test]
    fn the_last_factor_stays_where_one_is_demanded() {
        let (one, two) = (Uuid::from_u128(1), Uuid::from_u128(2));
        let both = [factor(1, true), factor(2, true)];
        let alone = [factor(1, true), factor(2, false)];
        for (factors, id, demand, comes_to) in [
            (&both, one, Demand::SecondFactor, Removal::OfOne),
            (&alone, one, Demand::SecondFactor, Removal::Refused),
            (&alone, one, Demand::Nothing, Removal::OfTheLast),
            (&alone, two, Demand::SecondFactor, Removal::OfOne),
            (&both, Uuid::from_u128(3), Demand::Nothing, Removal::Unknown),
        ] {
            assert_eq!(removal(factors, id, demand), comes_to);
        }
    }

    #[test]
    fn a_name_is_short_and_visible() {
        assert_eq!(label("  Phone ", "App").as_deref(), Some("Phone"));
        assert_eq!(label(" ", "App").as_deref(), Some("App"));
        assert_eq!(label("a\nb", "App"), None);
        assert_eq!(label(&"é".repeat(64), "App"), Some("é".repeat(64)));
        assert_eq!(label(&"é".repeat(65), "App"), None);
    }
}
