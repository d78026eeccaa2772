//! Fields of forms and files on their way to domain types, with refusals that name them.

use std::fmt;

use serde::{Deserialize, Deserializer};
use time::Duration;
use url::Url;

use super::Invalid;
use crate::crypto::secret::Secret;
use crate::protocol::accent::Accent;

/// The longest text of any field that people read, in characters.
const MAX_TEXT: usize = 200;
/// The longest link, in bytes.
const MAX_URL: usize = 2048;

/// A secret in a form or a file: it is read, never written or shown.
#[derive(Clone)]
pub struct SecretText(Secret);

impl SecretText {
    /// The secret.
    pub const fn secret(&self) -> &Secret {
        &self.0
    }
}

impl From<Secret> for SecretText {
    fn from(secret: Secret) -> Self {
        Self(secret)
    }
}

impl fmt::Debug for SecretText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(..)")
    }
}

impl<'de> Deserialize<'de> for SecretText {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(|text| Self(Secret::new(text)))
    }
}

/// `text` trimmed, where people can read it: 1 to 200 characters, none of them a control character.
pub fn text(field: &'static str, text: &str) -> Result<String, Invalid> {
    let text = text.trim();
    if text.is_empty() {
        return Err(Invalid::new(field, "it is empty", "give it 1 to 200 characters"));
    }
    if text.chars().count() > MAX_TEXT || text.chars().any(char::is_control) {
        let reason = "it is too long or holds a control character";
        return Err(Invalid::new(field, reason, "give it 1 to 200 characters"));
    }
    Ok(text.to_owned())
}

/// The one of `choices` called `text`.
pub fn choice<T: Copy>(
    field: &'static str,
    text: &str,
    choices: &[(&'static str, T)],
) -> Result<T, Invalid> {
    let found = choices.iter().find(|(name, _)| *name == text).map(|(_, value)| *value);
    found.ok_or_else(|| {
        let names: Vec<&str> = choices.iter().map(|(name, _)| *name).collect();
        Invalid::new(field, "it is none of the known values", format!("use {}", names.join(" or ")))
    })
}

/// A colour that can be read on light and on dark pages; an empty text is none.
pub fn accent(text: &str) -> Result<Option<Accent>, Invalid> {
    if text.trim().is_empty() {
        return Ok(None);
    }
    Accent::parse(text).map(Some).map_err(|error| Invalid::new("accent", error.to_string(), ""))
}

/// A link for people's browsers: `https`, or `http` on the loopback for development; an empty text
/// is no link.
pub fn link(field: &'static str, text: &str) -> Result<Option<Url>, Invalid> {
    if text.is_empty() {
        return Ok(None);
    }
    let bad = |reason: &'static str| Invalid::new(field, reason, "give an absolute https URL");
    if text.len() > MAX_URL {
        return Err(bad("it is longer than 2048 bytes"));
    }
    let url = Url::parse(text).map_err(|_| bad("it is not a URL"))?;
    let on_loopback = matches!(url.host_str(), Some("127.0.0.1" | "[::1]" | "localhost"));
    match url.scheme() {
        "https" => {}
        "http" if on_loopback => {}
        _ => return Err(bad("it is not an https URL")),
    }
    if !url.username().is_empty() || url.password().is_some() || url.fragment().is_some() {
        return Err(bad("it has a user name, a password or a fragment"));
    }
    Ok(Some(url))
}

/// How long: `90s`, `5m`, `2h`, `1d`, or a number of seconds.
pub fn duration(field: &'static str, text: &str) -> Result<Duration, Invalid> {
    let bad = || Invalid::new(field, "it is not a duration", "write 90s, 5m, 2h or 1d");
    let split = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (digits, unit) = text.split_at_checked(split).ok_or_else(bad)?;
    let number: i64 = digits.parse().map_err(|_| bad())?;
    let seconds = match unit.trim() {
        "" | "s" => 1,
        "m" => 60,
        "h" => 3600,
        "d" => 86400,
        _ => return Err(bad()),
    };
    number.checked_mul(seconds).map(Duration::seconds).ok_or_else(bad)
}

/// [`duration`] the other way: the largest unit that divides it.
pub fn duration_text(duration: Duration) -> String {
    let seconds = duration.whole_seconds();
    let unit = [(86400, "d"), (3600, "h"), (60, "m")];
    match unit.into_iter().find(|(length, _)| seconds > 0 && seconds % length == 0) {
        Some((length, name)) => format!("{}{name}", seconds / length),
        None => format!("{seconds}s"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_duration_is_read_with_its_unit() {
        for (text, seconds) in [("90", 90), ("90s", 90), ("5m", 300), ("2h", 7200), ("1d", 86400)] {
            assert_eq!(duration("d", text).unwrap(), Duration::seconds(seconds), "{text}");
        }
        for text in ["", "m", "-5m", "5 weeks", "99999999999999999999s", "9223372036854775807d"] {
            assert!(duration("d", text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_duration_is_written_as_it_is_read() {
        for text in ["45s", "5m", "90m", "1h", "2d"] {
            assert_eq!(duration_text(duration("d", text).unwrap()), text);
        }
    }

    #[test]
    fn a_link_is_https_or_on_the_loopback() {
        assert!(link("client_uri", "https://a.example/x?y").unwrap().is_some());
        assert!(link("client_uri", "http://localhost:3000/").unwrap().is_some());
        assert!(link("client_uri", "").unwrap().is_none());
        for text in [
            "http://a.example/",
            "javascript:alert(1)",
            "data:text/html,x",
            "/x",
            "https://u:p@a.example/",
        ] {
            assert!(link("client_uri", text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_choice_names_what_there_is() {
        let refused = choice("consent", "never", &[("remember", 1), ("always", 2)]).unwrap_err();
        assert_eq!(
            refused.to_string(),
            "consent: it is none of the known values; use remember or always"
        );
    }
}
