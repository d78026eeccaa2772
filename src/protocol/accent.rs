//! The colour that stands for this server or for a client: one for light pages, one for dark ones.
//!
//! **Invariant:** an [`Accent`] can be read wherever the pages put it: text and links in it, and text
//! on it, have a contrast of 4.5:1 or better (WCAG 2.2, 1.4.3).

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A colour of sRGB.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Colour([u8; 3]);

/// What light pages have behind accent-coloured text, and what stands on the accent.
const LIGHT: Ground =
    Ground { name: "light", behind: [Colour([0xff; 3]), Colour([0xf6, 0xf7, 0xf9])], on: WHITE };
/// The same of dark pages.
const DARK: Ground = Ground {
    name: "dark",
    behind: [Colour([0x0e, 0x11, 0x16]), Colour([0x16, 0x1b, 0x22])],
    on: Colour([0x0b, 0x15, 0x30]),
};
const WHITE: Colour = Colour([0xff; 3]);
const BLACK: Colour = Colour([0; 3]);
/// The least contrast of text.
const ENOUGH: f64 = 4.5;

/// The pages of one theme, as `assets/app.css` paints them.
struct Ground {
    name: &'static str,
    /// The page and the card.
    behind: [Colour; 2],
    /// The text of an accent-coloured button.
    on: Colour,
}

/// Two colours that can be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Accent {
    light: Colour,
    dark: Colour,
}

/// Why a text is no accent.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum AccentError {
    /// It is not written so.
    #[error(
        "it is not one or two colours, write #rrggbb for light pages and another for dark ones"
    )]
    Shape,
    /// It cannot be read.
    #[error(
        "{colour} has a contrast of {contrast:.1}:1 on {theme} pages, 4.5:1 is needed, choose a \
         {mend} one"
    )]
    Faint {
        /// Which of the two.
        colour: Colour,
        /// The worst of its contrasts.
        contrast: f64,
        /// On which pages.
        theme: &'static str,
        /// What to do.
        mend: &'static str,
    },
}

impl Accent {
    /// The accent in `#rrggbb`, or `#rrggbb #rrggbb` for light and dark pages. Where the second is
    /// missing, the first is made lighter until it can be read on dark pages.
    pub fn parse(text: &str) -> Result<Self, AccentError> {
        let mut words = text.split_whitespace();
        let mut next = || words.next().map(Colour::parse).transpose();
        let light = next()?.ok_or(AccentError::Shape)?;
        let dark = next()?;
        if words.next().is_some() {
            return Err(AccentError::Shape);
        }
        LIGHT.check(light)?;
        let dark = dark.unwrap_or_else(|| DARK.reachable(light));
        DARK.check(dark)?;
        Ok(Self { light, dark })
    }

    /// The name of its stylesheet: the colours are in it, so it never means anything else.
    pub fn file_name(&self) -> String {
        format!("accent-{}-{}.css", self.light.digits(), self.dark.digits())
    }

    /// The accent whose stylesheet is called `name`.
    pub fn of_file_name(name: &str) -> Option<Self> {
        let digits = name.strip_prefix("accent-")?.strip_suffix(".css")?;
        let (light, dark) = digits.split_once('-')?;
        let accent = Self::parse(&format!("#{light} #{dark}")).ok()?;
        (accent.file_name() == name).then_some(accent)
    }

    /// The tokens of `assets/app.css` that it stands in for.
    pub fn stylesheet(&self) -> String {
        let Self { light, dark } = *self;
        format!(
            "@layer tokens{{:root{{--accent:light-dark({light},{dark});\
             --accent-hover:light-dark({},{});--accent-soft:light-dark({},{})}}}}\n",
            light.towards(BLACK, 20),
            dark.towards(WHITE, 25),
            WHITE.towards(light, 8),
            Colour([0x16, 0x1b, 0x22]).towards(dark, 12),
        )
    }
}

impl Ground {
    fn check(&self, colour: Colour) -> Result<(), AccentError> {
        let contrast = self.contrast(colour);
        if contrast >= ENOUGH {
            return Ok(());
        }
        let mend = if self.on == WHITE { "darker" } else { "lighter" };
        Err(AccentError::Faint { colour, contrast, theme: self.name, mend })
    }

    /// The worst contrast that `colour` has here.
    fn contrast(&self, colour: Colour) -> f64 {
        let against = self.behind.into_iter().chain([self.on]);
        against.map(|other| colour.contrast(other)).fold(f64::INFINITY, f64::min)
    }

    /// `colour`, made no lighter than it must be to be read here.
    fn reachable(&self, colour: Colour) -> Colour {
        let steps = (0..=100).map(|percent| colour.towards(WHITE, percent));
        steps.into_iter().find(|lighter| self.contrast(*lighter) >= ENOUGH).unwrap_or(WHITE)
    }
}

impl Colour {
    fn parse(text: &str) -> Result<Self, AccentError> {
        let digits = text.strip_prefix('#').filter(|digits| {
            digits.len() == 6 && digits.bytes().all(|digit| digit.is_ascii_hexdigit())
        });
        let value = digits.and_then(|digits| u32::from_str_radix(digits, 16).ok());
        let [_, red, green, blue] = value.ok_or(AccentError::Shape)?.to_be_bytes();
        Ok(Self([red, green, blue]))
    }

    fn digits(self) -> String {
        let Self([red, green, blue]) = self;
        format!("{red:02x}{green:02x}{blue:02x}")
    }

    /// `percent` of the way to `other`.
    fn towards(self, other: Self, percent: u32) -> Self {
        let [red, green, blue] = self.0;
        let [to_red, to_green, to_blue] = other.0;
        let mix = |from: u8, to: u8| {
            let sum = u32::from(from) * (100 - percent.min(100)) + u32::from(to) * percent.min(100);
            u8::try_from((sum + 50) / 100).unwrap_or(u8::MAX)
        };
        Self([mix(red, to_red), mix(green, to_green), mix(blue, to_blue)])
    }

    /// The contrast ratio (WCAG 2.2).
    fn contrast(self, other: Self) -> f64 {
        let (one, two) = (self.luminance(), other.luminance());
        (one.max(two) + 0.05) / (one.min(two) + 0.05)
    }

    fn luminance(self) -> f64 {
        let linear = |channel: u8| {
            let part = f64::from(channel) / 255.0;
            if part <= 0.040_45 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
        };
        let [red, green, blue] = self.0.map(linear);
        0.2126 * red + 0.7152 * green + 0.0722 * blue
    }
}

impl fmt::Display for Colour {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{}", self.digits())
    }
}

impl fmt::Display for Accent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.light, self.dark)
    }
}

impl FromStr for Accent {
    type Err = AccentError;

    fn from_str(text: &str) -> Result<Self, AccentError> {
        Self::parse(text)
    }
}

impl From<Accent> for String {
    fn from(accent: Accent) -> Self {
        accent.to_string()
    }
}

impl TryFrom<String> for Accent {
    type Error = AccentError;

    fn try_from(text: String) -> Result<Self, AccentError> {
        Self::parse(&text)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn black_on_white_is_twenty_one_to_one() {
        assert!((BLACK.contrast(WHITE) - 21.0).abs() < 0.001);
        assert!((WHITE.contrast(WHITE) - 1.0).abs() < 0.001);
    }

    #[test]
    fn a_colour_that_cannot_be_read_is_refused_with_the_reason() {
        let refused = |text: &str| Accent::parse(text).unwrap_err().to_string();
        let yellow =
            "#ffd400 has a contrast of 1.3:1 on light pages, 4.5:1 is needed, choose a darker one";
        assert_eq!(refused("#ffd400"), yellow);
        assert!(refused("#2450d6 #2450d6").contains("on dark pages"));
        assert!(refused("#2450d6 #2450d6").contains("choose a lighter one"));
    }

    #[test]
    fn only_colours_are_accents() {
        for text in
            ["", "red", "#12345", "#1234567", "#12345g", "#2450d6 #8fb0ff #8fb0ff", "#+50d6f"]
        {
            assert_eq!(Accent::parse(text), Err(AccentError::Shape), "{text:?}");
        }
        assert!(Accent::parse("#2450d6;} body{display:none").is_err());
    }

    #[test]
    fn a_dark_colour_is_found_where_none_is_given() {
        let accent = Accent::parse("#7a1f5c").unwrap();
        assert_eq!(Accent::parse(&accent.to_string()), Ok(accent));
        assert!(DARK.contrast(accent.dark) >= ENOUGH);
    }

    #[test]
    fn a_stylesheet_is_found_by_its_name_and_by_no_other() {
        let accent = Accent::parse("#2450d6 #8fb0ff").unwrap();
        assert_eq!(accent.file_name(), "accent-2450d6-8fb0ff.css");
        assert_eq!(Accent::of_file_name("accent-2450d6-8fb0ff.css"), Some(accent));
        for other in ["accent-2450D6-8fb0ff.css", "accent-ffd400-ffd400.css", "accent-.css", "x"] {
            assert_eq!(Accent::of_file_name(other), None, "{other}");
        }
    }

    proptest! {
        #[test]
        fn what_is_accepted_can_be_read_in_both_themes(digits in "[0-9a-f]{6}") {
            if let Ok(accent) = Accent::parse(&format!("#{digits}")) {
                prop_assert!(LIGHT.contrast(accent.light) >= ENOUGH);
                prop_assert!(DARK.contrast(accent.dark) >= ENOUGH);
                prop_assert!(accent.stylesheet().bytes().all(|b| b.is_ascii_graphic() || b == b' ' || b == b'\n'));
            }
        }
    }
}
