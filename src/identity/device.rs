//! A browser that an account was used in: a hint for the owner and for throttling, never a factor.

use time::OffsetDateTime;
use uuid::Uuid;

use crate::crypto::secret::Fingerprint;

/// A browser as stored; its cookie holds the secret whose fingerprint this is.
#[derive(Debug, Clone)]
pub struct Device {
    /// The row.
    pub id: Uuid,
    /// Whose.
    pub user_id: Uuid,
    /// SHA-256 of its cookie.
    pub fingerprint: Fingerprint,
    /// What its owner knows it by, made by [`label`].
    pub label: String,
    /// When it was first used to sign in.
    pub created_at: OffsetDateTime,
    /// When it was last used to sign in.
    pub seen_at: OffsetDateTime,
}

/// A short name for the browser of a `User-Agent`, such as "Firefox on Windows".
///
/// It is put together from the words of two tables, so nothing of the header is in it.
pub fn label(user_agent: &str) -> String {
    Seen::of(user_agent).label()
}

/// What a browser says of itself, as far as the tables know it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seen {
    /// The browser.
    pub browser: Option<&'static str>,
    /// What it runs on.
    pub system: Option<&'static str>,
}

impl Seen {
    /// The browser of a `User-Agent`.
    pub fn of(user_agent: &str) -> Self {
        let known = user_agent.get(..user_agent.floor_char_boundary(MAX_BYTES)).unwrap_or_default();
        Self { browser: find(BROWSERS, known), system: find(SYSTEMS, known) }
    }

    /// What a stored [`label`] was made from; nothing where it is a name that somebody gave.
    pub fn read(label: &str) -> Option<Self> {
        let (browser, system) = label.split_once(" on ").unwrap_or((label, ""));
        let seen = Self { browser: named(BROWSERS, browser), system: named(SYSTEMS, system) };
        (seen.label() == label).then_some(seen)
    }

    /// The name that is stored.
    pub fn label(self) -> String {
        match (self.browser, self.system) {
            (Some(browser), Some(system)) => format!("{browser} on {system}"),
            (Some(browser), None) => browser.to_owned(),
            (None, Some(system)) => format!("A browser on {system}"),
            (None, None) => "An unknown browser".to_owned(),
        }
    }

    /// Whether it is carried about.
    pub fn is_mobile(self) -> bool {
        self.system.is_some_and(|system| ["iPhone", "iPad", "Android"].contains(&system))
    }
}

/// No more of the header is read.
const MAX_BYTES: usize = 512;

/// A mark in the header and what it means; the first that is found counts.
type Marks = &'static [(&'static str, &'static str)];

// Nearly all call themselves Safari, many Chrome, so the rarer names come first.
const BROWSERS: Marks = &[
    ("Edg/", "Edge"),
    ("EdgA/", "Edge"),
    ("EdgiOS/", "Edge"),
    ("OPR/", "Opera"),
    ("Vivaldi/", "Vivaldi"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("DuckDuckGo/", "DuckDuckGo"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chromium/", "Chromium"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
    ("curl/", "curl"),
];

const SYSTEMS: Marks = &[
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("CrOS", "ChromeOS"),
    ("Macintosh", "macOS"),
    ("Linux", "Linux"),
];

fn find(marks: Marks, text: &str) -> Option<&'static str> {
    marks.iter().find(|(mark, _)| text.contains(mark)).map(|(_, name)| *name)
}

fn named(marks: Marks, text: &str) -> Option<&'static str> {
    marks.iter().find(|(_, name)| *name == text).map(|(_, name)| *name)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn usual_browsers_are_named() {
        let table = [
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0",
                "Firefox on Windows",
            ),
            (
                "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Safari/605.1.15",
                "Safari on macOS",
            ),
            (
                "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36",
                "Chrome on Linux",
            ),
            (
                "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36 Edg/140.0",
                "Edge on Windows",
            ),
            (
                "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36",
                "Chrome on Android",
            ),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 CriOS/140.0 Mobile Safari/604.1",
                "Chrome on iPhone",
            ),
            ("curl/8.5.0", "curl"),
            ("Mozilla/5.0 (Linux)", "A browser on Linux"),
            ("", "An unknown browser"),
        ];
        for (header, name) in table {
            assert_eq!(label(header), name);
            assert_eq!(Seen::read(name), Some(Seen::of(header)));
        }
    }

    #[test]
    fn a_name_that_somebody_gave_is_theirs() {
        for name in ["Blue key", "Firefox on my desk", "firefox on Windows", "Windows", ""] {
            assert_eq!(Seen::read(name), None, "{name}");
        }
    }

    #[test]
    fn only_the_beginning_of_the_header_is_read() {
        assert_eq!(label(&format!("{}Firefox/1", "é".repeat(300))), "An unknown browser");
    }

    proptest! {
        #[test]
        fn nothing_of_the_header_comes_through(header in any::<String>()) {
            let label = label(&header);
            prop_assert!(label.len() <= 40 && label.bytes().all(|b| b.is_ascii_alphabetic() || b == b' '));
        }
    }
}
