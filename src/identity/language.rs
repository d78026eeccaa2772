//! The languages we speak, and which of them a page is in.

use serde::{Deserialize, Serialize};

/// A language that the catalogue is written in.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Language {
    /// English: what every message falls back to.
    #[default]
    #[serde(rename = "en")]
    English,
    /// German.
    #[serde(rename = "de")]
    German,
    /// French.
    #[serde(rename = "fr")]
    French,
    /// Spanish.
    #[serde(rename = "es")]
    Spanish,
    /// Japanese.
    #[serde(rename = "ja")]
    Japanese,
}

impl Language {
    /// All of them, English first.
    pub const ALL: [Self; 5] =
        [Self::English, Self::German, Self::French, Self::Spanish, Self::Japanese];

    /// Its tag (BCP 47).
    pub const fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::German => "de",
            Self::French => "fr",
            Self::Spanish => "es",
            Self::Japanese => "ja",
        }
    }

    /// What its speakers call it.
    pub const fn own_name(self) -> &'static str {
        match self {
            Self::English => "English",
            Self::German => "Deutsch",
            Self::French => "Français",
            Self::Spanish => "Español",
            Self::Japanese => "日本語",
        }
    }

    /// The language of `tag`, whatever its region and script: `de-CH` is German. An underscore is
    /// read like a hyphen, as OIDC Core §5.1 advises for `locale`.
    pub fn of_tag(tag: &str) -> Option<Self> {
        let primary = tag.trim().split(['-', '_']).next().unwrap_or_default();
        Self::ALL.into_iter().find(|known| known.tag().eq_ignore_ascii_case(primary))
    }

    /// The first of `tags` that we speak: `ui_locales` is in order of preference (OIDC Core §3.1.2.1).
    pub fn first_of<'a>(tags: impl IntoIterator<Item = &'a str>) -> Option<Self> {
        tags.into_iter().find_map(Self::of_tag)
    }

    /// The language that an `Accept-Language` header likes best (RFC 9110 §12.5.4); of equals the
    /// first. `*` says nothing that we do not know.
    pub fn accepted(header: &str) -> Option<Self> {
        let mut best: Option<(u16, Self)> = None;
        for item in header.split(',').take(MOST_ITEMS) {
            let mut parts = item.split(';');
            let Some(language) = parts.next().and_then(Self::of_tag) else { continue };
            let quality = parts.next().map_or(Some(1000), quality).unwrap_or_default();
            if quality > best.map_or(0, |(known, _)| known) {
                best = Some((quality, language));
            }
        }
        best.map(|(_, language)| language)
    }
}

/// How much of an `Accept-Language` header is looked at.
const MOST_ITEMS: usize = 32;

/// The weight in `q=0.8`, in thousandths.
fn quality(parameter: &str) -> Option<u16> {
    let (name, value) = parameter.trim().split_once('=')?;
    let weight: f32 = value.trim().parse().ok()?;
    let fits = name.trim().eq_ignore_ascii_case("q") && (0.0..=1.0).contains(&weight);
    // Between 0 and 1000: nothing is lost.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "checked above")]
    fits.then_some((weight * 1000.0) as u16)
}

/// What is known of the language that somebody wants, strongest first.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Wishes {
    /// Picked from the menu in this very sign-in.
    pub picked: Option<Language>,
    /// The application's `ui_locales`.
    pub requested: Option<Language>,
    /// What the person at the browser has set in their account.
    pub account: Option<Language>,
    /// What was picked in this browser before.
    pub browser: Option<Language>,
    /// `Accept-Language`.
    pub accepted: Option<Language>,
}

impl Wishes {
    /// The language to speak; `fallback` where nothing is known.
    pub fn choose(&self, fallback: Language) -> Language {
        self.picked
            .or(self.requested)
            .or(self.account)
            .or(self.browser)
            .or(self.accepted)
            .unwrap_or(fallback)
    }
}

#[cfg(test)]
mod tests {
    use super::Language::{English, French, German, Japanese, Spanish};
    use super::*;

    #[test]
    fn a_tag_is_known_by_its_language_alone() {
        for (tag, language) in [
            ("de", Some(German)),
            ("DE-at", Some(German)),
            ("ja_JP", Some(Japanese)),
            (" es-419 ", Some(Spanish)),
            ("den", None),
            ("d", None),
            ("", None),
            ("se", None),
        ] {
            assert_eq!(Language::of_tag(tag), language, "{tag:?}");
        }
    }

    #[test]
    fn ui_locales_are_in_order_of_preference() {
        assert_eq!(Language::first_of(["se", "fr-CA", "en"]), Some(French));
        assert_eq!(Language::first_of(["se"]), None);
    }

    #[test]
    fn the_best_accepted_language_is_taken() {
        for (header, language) in [
            ("de", Some(German)),
            ("fr-CH, fr;q=0.9, en;q=0.8, de;q=0.7, *;q=0.5", Some(French)),
            ("en;q=0.5, ja;q=0.9", Some(Japanese)),
            ("it, es;q=0.3", Some(Spanish)),
            ("de;q=0, en;q=0.1", Some(English)),
            ("de;q=2, en;q=0.1", Some(English)),
            ("de;q=nan, en;q=0.1", Some(English)),
            ("de;x=1, en", Some(English)),
            ("*", None),
            ("", None),
            (",;,;q=1", None),
        ] {
            assert_eq!(Language::accepted(header), language, "{header:?}");
        }
    }

    #[test]
    fn the_request_comes_before_the_account_before_the_browser() {
        let all = Wishes {
            picked: Some(English),
            requested: Some(German),
            account: Some(French),
            browser: Some(Spanish),
            accepted: Some(Japanese),
        };
        let table = [
            (all, English),
            (Wishes { picked: None, ..all }, German),
            (Wishes { picked: None, requested: None, ..all }, French),
            (Wishes { browser: Some(Spanish), accepted: Some(Japanese), ..NOTHING }, Spanish),
            (Wishes { accepted: Some(Japanese), ..NOTHING }, Japanese),
            (NOTHING, French),
        ];
        for (wishes, language) in table {
            assert_eq!(wishes.choose(French), language, "{wishes:?}");
        }
    }

    const NOTHING: Wishes =
        Wishes { picked: None, requested: None, account: None, browser: None, accepted: None };
}
