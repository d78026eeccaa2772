//! What a person may say of themselves: the claims of OpenID Connect that they edit (OIDC Core §5.1).

use serde_json::{Map, Value};

/// A claim that its owner may change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Field {
    /// The whole name.
    Name,
    /// The first name.
    GivenName,
    /// The last name.
    FamilyName,
    /// What friends say.
    Nickname,
    /// The language.
    Locale,
    /// The time zone.
    Zoneinfo,
    /// The phone number, which nobody has checked.
    PhoneNumber,
}

/// Why a text cannot be the claim.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unfit {
    /// It is longer than a row wants to bear.
    #[error("it is too long; use at most 128 characters")]
    TooLong,
    /// It holds control or invisible characters.
    #[error("it holds characters that nobody can see; type it again")]
    Invisible,
    /// There are no pages in that language.
    #[error("choose one of the languages offered")]
    Language,
    /// It is not a name of the time zone database.
    #[error("write the time zone as Europe/Berlin, Asia/Tokyo or UTC")]
    Zone,
    /// It is not a phone number with its country (E.164).
    #[error("write the phone number with its country, such as +49 30 1234567")]
    Phone,
}

/// The languages that there are pages in, by their tag, each in its own words.
pub const LANGUAGES: [(&str, &str); 5] =
    [("en", "English"), ("de", "Deutsch"), ("fr", "Français"), ("es", "Español"), ("ja", "日本語")];

const LONGEST: usize = 128;

impl Field {
    /// Every field, in the order of the form.
    pub const ALL: [Self; 7] = [
        Self::Name,
        Self::GivenName,
        Self::FamilyName,
        Self::Nickname,
        Self::PhoneNumber,
        Self::Locale,
        Self::Zoneinfo,
    ];

    /// The name of the claim, and of the form field.
    pub const fn claim(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::GivenName => "given_name",
            Self::FamilyName => "family_name",
            Self::Nickname => "nickname",
            Self::Locale => "locale",
            Self::Zoneinfo => "zoneinfo",
            Self::PhoneNumber => "phone_number",
        }
    }

    /// The claim in what was typed; nothing where it was left empty.
    pub fn parse(self, typed: &str) -> Result<Option<String>, Unfit> {
        let text = typed.trim();
        if text.is_empty() {
            return Ok(None);
        }
        if text.chars().count() > LONGEST {
            return Err(Unfit::TooLong);
        }
        if text.chars().any(|c| c.is_control() || is_hidden(c)) {
            return Err(Unfit::Invisible);
        }
        match self {
            Self::Name | Self::GivenName | Self::FamilyName | Self::Nickname => {
                Ok(Some(text.to_owned()))
            }
            Self::Locale => {
                let known = LANGUAGES.iter().any(|(tag, _)| *tag == text);
                known.then(|| Some(text.to_owned())).ok_or(Unfit::Language)
            }
            Self::Zoneinfo => zone(text).map(Some).ok_or(Unfit::Zone),
            Self::PhoneNumber => phone(text).map(Some).ok_or(Unfit::Phone),
        }
    }

    /// Puts the claim into `claims`, or takes it out. A phone number that changed is unverified.
    pub fn put(self, claims: &mut Map<String, Value>, value: Option<String>) {
        let before = claims.get(self.claim()).and_then(Value::as_str);
        if self == Self::PhoneNumber && before != value.as_deref() {
            claims.remove(VERIFIED);
            if value.is_some() {
                claims.insert(VERIFIED.to_owned(), Value::Bool(false));
            }
        }
        match value {
            Some(text) => claims.insert(self.claim().to_owned(), Value::String(text)),
            None => claims.remove(self.claim()),
        };
    }
}

const VERIFIED: &str = "phone_number_verified";

/// Characters that turn or hide text.
fn is_hidden(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff0}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}')
}

/// A name of the time zone database in shape; whether there is such a place, nobody here knows.
fn zone(text: &str) -> Option<String> {
    let part = |part: &str| {
        let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'+');
        part.as_bytes().first().is_some_and(u8::is_ascii_uppercase) && part.bytes().all(plain)
    };
    let parts: Vec<_> = text.split('/').collect();
    let fits = text == "UTC" || ((2..=3).contains(&parts.len()) && parts.iter().all(|p| part(p)));
    fits.then(|| text.to_owned())
}

/// `text` as E.164: a plus and 8 to 15 digits, what people put between them left out.
fn phone(text: &str) -> Option<String> {
    let kept: String = text
        .chars()
        .filter(|c| !matches!(c, ' ' | '-' | '.' | '(' | ')' | '/' | '\u{a0}'))
        .collect();
    let digits = kept.strip_prefix('+')?;
    let fits = (8..=15).contains(&digits.len())
        && digits.bytes().all(|b| b.is_ascii_digit())
        && !digits.starts_with('0');
    fits.then_some(kept)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_people_type_becomes_a_claim_or_is_refused_with_a_mend() {
        let some = |text: &str| Ok(Some(text.to_owned()));
        for (field, typed, claim) in [
            (Field::Name, "  Zoë O’Neil-山田 ", some("Zoë O’Neil-山田")),
            (Field::Name, "", Ok(None)),
            (Field::Name, "a\u{202e}b", Err(Unfit::Invisible)),
            (Field::Name, "a\nb", Err(Unfit::Invisible)),
            (Field::Locale, "ja", some("ja")),
            (Field::Locale, "xx", Err(Unfit::Language)),
            (
                Field::Zoneinfo,
                "America/Argentina/Buenos_Aires",
                some("America/Argentina/Buenos_Aires"),
            ),
            (Field::Zoneinfo, "UTC", some("UTC")),
            (Field::Zoneinfo, "../etc/passwd", Err(Unfit::Zone)),
            (Field::Zoneinfo, "Berlin", Err(Unfit::Zone)),
            (Field::PhoneNumber, "+49 (30) 123-4567", some("+49301234567")),
            (Field::PhoneNumber, "030 1234567", Err(Unfit::Phone)),
            (Field::PhoneNumber, "+123", Err(Unfit::Phone)),
        ] {
            assert_eq!(field.parse(typed), claim, "{typed:?}");
        }
        assert_eq!(Field::Name.parse(&"é".repeat(129)), Err(Unfit::TooLong));
    }

    #[test]
    fn a_phone_number_that_changes_is_not_verified_any_more() {
        let given = json!({ "phone_number": "+4930123456", "phone_number_verified": true });
        let mut claims = given.as_object().unwrap().clone();
        Field::PhoneNumber.put(&mut claims, Some("+4930123456".to_owned()));
        assert_eq!(claims["phone_number_verified"], true);
        Field::PhoneNumber.put(&mut claims, Some("+4930123457".to_owned()));
        assert_eq!(claims["phone_number_verified"], false);
        Field::PhoneNumber.put(&mut claims, None);
        assert!(claims.is_empty());
    }
}
