//! Which new passwords are refused for being known to everybody.

use std::path::PathBuf;

use super::reader::Reader;

/// Where passwords from data breaches are looked for.
#[derive(Debug, Clone)]
pub struct Published {
    /// A file of them.
    pub file: Option<PathBuf>,
    /// A service that knows them.
    pub url: Option<url::Url>,
    /// Whether a password is taken while the service does not answer.
    pub otherwise: Otherwise,
}

/// What holds while a service does not answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Otherwise {
    /// The password is taken.
    Allow,
    /// No password is taken.
    Refuse,
}

/// Reads them.
pub(super) fn read(from: &mut Reader) -> Published {
    let text = from.text("passwords.published_url").filter(|text| !text.is_empty());
    let url = text.as_deref().and_then(|text| url::Url::parse(text).ok());
    let url = url.filter(|url| matches!(url.scheme(), "https" | "http") && url.has_host());
    if text.is_some() && url.is_none() {
        let mend = "write https://api.pwnedpasswords.com/range";
        from.refuse("passwords.published_url", "is no address of a service", mend);
    }
    let otherwise = match from.choice("passwords.published_otherwise").as_str() {
        "refuse" => Otherwise::Refuse,
        _ => Otherwise::Allow,
    };
    Published { file: from.path("passwords.published_file"), url, otherwise }
}
