//! What pages and mails say: every sentence a person reads comes from `locales/`, in their language.
//!
//! **Invariant:** a page always has words. What a language lacks is said in English, and what English
//! lacks is said by its id; `tests/it/catalogue.rs` holds that neither happens.

mod brand;
mod browser;
mod catalogue;
mod moment;
mod tongue;
mod weakness;

use std::sync::Arc;

use fluent_bundle::{FluentArgs, FluentValue};

use crate::identity::language::Language;
use crate::policy::branding::Branding;
use crate::protocol::accent::Accent;

pub use brand::LogoView;
pub use tongue::{Tongue, speak};

/// The voice of a page, and the dress that goes with it: a field called `text` in the page's struct, so that its template says
/// `{{ text.say("sign-in") }}` or `{{ text.with("client", client.name).say("sign-in-to") }}`.
#[derive(Debug, Clone, Default)]
pub struct Text {
    language: Language,
    brand: Arc<Branding>,
    accent: Option<Accent>,
}

impl Text {
    /// What is said in `language`, undressed.
    pub fn of(language: Language) -> Self {
        Self { language, ..Self::default() }
    }

    /// What is said in `language` under the operator's name.
    pub const fn branded(language: Language, brand: Arc<Branding>) -> Self {
        Self { language, brand, accent: None }
    }

    /// The same in the colours of an application, where it has any.
    #[must_use]
    pub const fn coloured(mut self, accent: Option<Accent>) -> Self {
        self.accent = accent;
        self
    }

    /// The language.
    pub const fn language(&self) -> Language {
        self.language
    }

    /// The value of `<html lang>`.
    pub const fn lang(&self) -> &'static str {
        self.language.tag()
    }

    /// The message `id`, which has no variables.
    pub fn say(&self, id: &str) -> String {
        self.sentence().say(id)
    }

    /// Begins a message that has variables, with the first of them.
    pub fn with(&self, name: &'static str, word: impl Word) -> Sentence {
        self.sentence().with(name, word)
    }

    fn sentence(&self) -> Sentence {
        Sentence { language: self.language, words: FluentArgs::new() }
    }

    /// The languages to choose from, in the order of the menu.
    pub fn languages(&self) -> [Choice; 5] {
        Language::ALL.map(|language| Choice {
            tag: language.tag(),
            name: language.own_name(),
            is_current: language == self.language,
        })
    }
}

/// An entry of the language menu.
#[derive(Debug, Clone, Copy)]
pub struct Choice {
    /// The tag.
    pub tag: &'static str,
    /// What its speakers call it.
    pub name: &'static str,
    /// Whether the page is in it.
    pub is_current: bool,
}

/// A message and the variables it will be said with.
pub struct Sentence {
    language: Language,
    words: FluentArgs<'static>,
}

impl Sentence {
    /// Adds the variable `name`.
    #[must_use]
    pub fn with(mut self, name: &'static str, word: impl Word) -> Self {
        self.words.set(name, word.value());
        self
    }

    /// The message `id` with these variables.
    pub fn say(self, id: &str) -> String {
        let catalogues = [self.language, Language::English].map(catalogue::of);
        let said = catalogues.into_iter().find_map(|bundle| bundle.say(id, &self.words));
        said.unwrap_or_else(|| {
            tracing::error!(id, "a message is missing from the catalogue");
            id.to_owned()
        })
    }
}

/// What a variable may be. A number chooses the plural form.
pub trait Word {
    /// As Fluent sees it.
    fn value(&self) -> FluentValue<'static>;
}

impl<T: Word + ?Sized> Word for &T {
    fn value(&self) -> FluentValue<'static> {
        (**self).value()
    }
}

impl Word for str {
    fn value(&self) -> FluentValue<'static> {
        FluentValue::from(self.to_owned())
    }
}

impl Word for String {
    fn value(&self) -> FluentValue<'static> {
        FluentValue::from(self.clone())
    }
}

macro_rules! numbers {
    ($($number:ty),*) => {$(
        impl Word for $number {
            fn value(&self) -> FluentValue<'static> {
                FluentValue::from(*self)
            }
        }
    )*};
}

numbers!(i32, i64, u32, usize);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_language_has_words_of_its_own() {
        let said: Vec<_> =
            Language::ALL.into_iter().map(|language| Text::of(language).say("sign-in")).collect();
        assert_eq!(said, ["Sign in", "Anmelden", "Se connecter", "Iniciar sesión", "サインイン"]);
    }

    #[test]
    fn a_variable_stands_as_it_is_given() {
        let said = Text::of(Language::English).with("client", "<b>Shop</b>").say("sign-in-to");
        assert_eq!(said, "Sign in to <b>Shop</b>");
        assert!(said.is_ascii(), "no direction marks: {said:?}");
    }

    #[test]
    fn a_number_chooses_its_plural() {
        let said = |count: u32| Text::of(Language::English).with("seconds", count).say("wait");
        assert_eq!(said(1), "Too many tries. Wait a second, then try again.");
        assert_eq!(said(1000), "Too many tries. Wait 1000 seconds, then try again.");
    }

    #[test]
    fn what_is_missing_is_said_by_its_id() {
        assert_eq!(Text::of(Language::Japanese).say("no-such-message"), "no-such-message");
    }
}
