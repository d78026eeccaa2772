//! What browsers are called.

use super::{Sentence, Text};
use crate::identity::device::Seen;

impl Text {
    /// The name of a browser, by itself: `An unknown browser`.
    pub fn browser(&self, seen: Seen) -> String {
        match (seen.browser, seen.system) {
            (Some(_), Some(_)) => self.about(seen).say("account-browser"),
            (Some(browser), None) => browser.to_owned(),
            (None, Some(_)) => self.about(seen).say("account-browser-on"),
            (None, None) => self.say("account-browser-unknown"),
        }
    }

    /// The same in the middle of a sentence: `an unknown browser`.
    pub fn browser_within(&self, seen: Seen) -> String {
        match (seen.browser, seen.system) {
            (None, Some(_)) => self.about(seen).say("account-browser-on-within"),
            (None, None) => self.say("account-browser-unknown-within"),
            (Some(_), _) => self.browser(seen),
        }
    }

    fn about(&self, seen: Seen) -> Sentence {
        let word = |name: Option<&'static str>| name.unwrap_or_default();
        self.with("browser", word(seen.browser)).with("system", word(seen.system))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity::language::Language;

    #[test]
    fn what_is_stored_is_what_english_says() {
        let text = Text::of(Language::English);
        for header in ["", "X11; Linux", "curl/8", "Windows NT 10.0 Firefox/140.0"] {
            let seen = Seen::of(header);
            assert_eq!(text.browser(seen), seen.label());
        }
    }

    #[test]
    fn a_browser_has_a_name_in_every_language() {
        let seen = Seen::of("Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0");
        let said = Language::ALL.map(|tag| Text::of(tag).browser(seen));
        let want = [
            "Firefox on Linux",
            "Firefox unter Linux",
            "Firefox sous Linux",
            "Firefox en Linux",
            "Firefox（Linux）",
        ];
        assert_eq!(said, want);
    }

    #[test]
    fn a_name_begins_small_in_a_sentence() {
        let text = Text::of(Language::English);
        assert_eq!(text.browser_within(Seen::of("Linux")), "a browser on Linux");
        assert_eq!(text.browser_within(Seen::of("")), "an unknown browser");
        assert_eq!(text.browser_within(Seen::of("curl/8")), "curl");
    }
}
