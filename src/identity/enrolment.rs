//! What a person may do with their factors: names, how many, which may go. Pure.

use uuid::Uuid;

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

/// What it comes to that `id` of `standing`, all the factors that count, is removed.
pub fn removal(standing: &[Uuid], id: Uuid, demand: Demand) -> Removal {
    if !standing.contains(&id) {
        return Removal::Unknown;
    }
    let stays = standing.iter().any(|other| *other != id);
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
    use super::*;

    #[test]
    fn the_last_factor_stays_where_one_is_demanded() {
        let (one, two) = (Uuid::from_u128(1), Uuid::from_u128(2));
        for (standing, id, demand, comes_to) in [
            (&[one, two][..], one, Demand::SecondFactor, Removal::OfOne),
            (&[one], one, Demand::SecondFactor, Removal::Refused),
            (&[one], one, Demand::Nothing, Removal::OfTheLast),
            (&[one], two, Demand::SecondFactor, Removal::Unknown),
            (&[one, two], Uuid::from_u128(3), Demand::Nothing, Removal::Unknown),
        ] {
            assert_eq!(removal(standing, id, demand), comes_to);
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
