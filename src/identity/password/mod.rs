//! Which passwords are good enough: long, not known to everybody, not about the person
//! (SECURITY.md PW-01 to PW-03, D8; NIST SP 800-63B §3.1.1.2). No rules about composition.

use std::collections::HashSet;
use std::sync::LazyLock;

use unicode_normalization::UnicodeNormalization as _;

use crate::crypto::secret::Secret;
use crate::identity::user::Username;

#[cfg(test)]
mod tests;

/// The shortest password of an account that has no second factor, in characters.
pub const MIN_ALONE: usize = 15;
/// The shortest password of an account that has one, in characters.
pub const MIN_WITH_SECOND_FACTOR: usize = 8;
/// The longest password, in characters.
pub const MAX_CHARACTERS: usize = 128;
/// The longest password, in bytes of UTF-8.
pub const MAX_BYTES: usize = 512;

/// What protects an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Protection {
    /// The password alone.
    Alone,
    /// The password and a second factor.
    WithSecondFactor,
}

impl Protection {
    /// The shortest password, in characters.
    pub const fn min_characters(self) -> usize {
        match self {
            Self::Alone => MIN_ALONE,
            Self::WithSecondFactor => MIN_WITH_SECOND_FACTOR,
        }
    }
}

/// What an attacker would try first for one person.
#[derive(Debug, Clone, Copy)]
pub struct Context<'a> {
    /// The name that this server shows.
    pub product: &'a str,
    /// What the person signs in with.
    pub username: &'a Username,
    /// Their address.
    pub email: Option<&'a str>,
}

/// Why a new password is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Weakness {
    /// It has fewer characters than this.
    #[error("Use at least {0} characters. A few words in a row are easy to remember.")]
    TooShort(usize),
    /// It is longer than is ever hashed.
    #[error("Use at most 128 characters.")]
    TooLong,
    /// It holds a character that no keyboard types.
    #[error("Leave out the control characters, such as line breaks and tabs.")]
    Control,
    /// Everybody's first guess.
    #[error("This password is among the most common ones. Choose words that others do not.")]
    Common,
    /// It is in a list of passwords that somebody stole and published.
    #[error(
        "This password was published in a data breach, so attackers try it. Choose one that you have never used."
    )]
    Published,
    /// It is the one that others may know.
    #[error("This is the password that you have. Choose another one.")]
    Same,
    /// The name of this server, with little else.
    #[error(
        "This password is mostly the name of this service. Choose words that have nothing to do with it."
    )]
    Product,
    /// The person's name or address, with little else.
    #[error(
        "This password is mostly your user name or e-mail address. Choose words that have nothing to do with you."
    )]
    Person,
}

/// `text` as a new password, in the form that is hashed.
pub fn choose(
    text: &str,
    protection: Protection,
    context: &Context<'_>,
) -> Result<Secret, Weakness> {
    let password = normalise(text)?;
    let chosen = password.expose();
    let min = protection.min_characters();
    if chosen.chars().any(char::is_control) {
        return Err(Weakness::Control);
    }
    if chosen.chars().count() < min {
        return Err(Weakness::TooShort(min));
    }
    let folded = chosen.to_lowercase();
    if is_common(&folded) {
        return Err(Weakness::Common);
    }
    if is_mostly(&folded, context.product) {
        return Err(Weakness::Product);
    }
    let email = context.email.unwrap_or_default();
    let local = email.split('@').next().unwrap_or_default();
    let name = context.username.as_str();
    let name_local = name.split('@').next().unwrap_or_default();
    if [name, name_local, email, local].into_iter().any(|word| is_mostly(&folded, word)) {
        return Err(Weakness::Person);
    }
    Ok(password)
}

/// A typed password in the form that is hashed: NFKC, nothing cut. Too long is the only refusal.
pub fn normalise(text: &str) -> Result<Secret, Weakness> {
    // Normalising can make text eighteen times as long, so the bound comes first and again after.
    if text.len() > MAX_BYTES {
        return Err(Weakness::TooLong);
    }
    let normal: String = text.nfkc().collect();
    if normal.len() > MAX_BYTES || normal.chars().count() > MAX_CHARACTERS {
        return Err(Weakness::TooLong);
    }
    Ok(Secret::new(normal))
}

/// Whether `password` is one of `words` with little else.
pub fn is_made_of(password: &Secret, words: &[String]) -> bool {
    let folded = password.expose().to_lowercase();
    words.iter().any(|word| is_mostly(&folded, word))
}

/// What may surround a common or personal word without making it a good password, in characters.
const LITTLE: usize = 8;
/// A word shorter than this says nothing about a password.
const MIN_WORD: usize = 4;

/// The most common passwords, sorted, lower case (origin and licence: `assets/passwords.LICENSE`).
static COMMON: LazyLock<HashSet<&'static str>> =
    LazyLock::new(|| include_str!("../../../assets/passwords.txt").lines().collect());

/// Whether `folded` is a common password, one over and over, or one with little around it.
fn is_common(folded: &str) -> bool {
    let core = folded.trim_matches(|c: char| !c.is_alphabetic());
    let around = folded.chars().count() - core.chars().count();
    COMMON.contains(folded)
        || COMMON.contains(period(folded).as_str())
        || (around < LITTLE && (COMMON.contains(core) || COMMON.contains(period(core).as_str())))
}

/// The shortest beginning of `text` of which `text` is the repetition.
fn period(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let repeats =
        |n: &usize| chars.iter().zip(chars.iter().skip(*n)).all(|(one, later)| one == later);
    let length = (1..chars.len()).find(repeats).unwrap_or(chars.len());
    chars.into_iter().take(length).collect()
}

/// Whether little is left of `folded` without `word`.
fn is_mostly(folded: &str, word: &str) -> bool {
    let word = word.to_lowercase();
    if word.chars().count() < MIN_WORD || !folded.contains(&word) {
        return false;
    }
    folded.replace(&word, "").chars().filter(|c| c.is_alphanumeric()).count() < LITTLE
}
