//! The messages of each language, read once from the files under `locales/`.

use std::sync::LazyLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource};

use crate::identity::language::Language;

#[derive(rust_embed::RustEmbed)]
#[folder = "locales/"]
struct Files;

/// The messages of one language, from all its files.
pub(super) struct Catalogue(FluentBundle<FluentResource>);

static CATALOGUES: LazyLock<[Catalogue; 5]> = LazyLock::new(|| Language::ALL.map(read));

/// The messages of `language`.
pub(super) fn of(language: Language) -> &'static Catalogue {
    let [english, german, french, spanish, japanese] = &*CATALOGUES;
    match language {
        Language::English => english,
        Language::German => german,
        Language::French => french,
        Language::Spanish => spanish,
        Language::Japanese => japanese,
    }
}

/// What cannot be read of a file is left out; a test holds that nothing is.
fn read(language: Language) -> Catalogue {
    let tag = language.tag();
    let mut bundle = FluentBundle::new_concurrent(tag.parse().into_iter().collect());
    // Sentences also stand in attributes and mails, where direction marks would be noise.
    bundle.set_use_isolating(false);
    let folder = format!("{tag}/");
    for name in Files::iter().filter(|name| name.starts_with(&folder)) {
        let Some(file) = Files::get(&name) else { continue };
        let text = String::from_utf8_lossy(&file.data).into_owned();
        let resource = FluentResource::try_new(text).unwrap_or_else(|(resource, errors)| {
            tracing::error!(file = &*name, ?errors, "a catalogue cannot be read in full");
            resource
        });
        if let Err(errors) = bundle.add_resource(resource) {
            tracing::error!(file = &*name, ?errors, "a message is there twice");
        }
    }
    Catalogue(bundle)
}

impl Catalogue {
    /// The message `id`, where there is one.
    pub(super) fn say(&self, id: &str, words: &FluentArgs<'_>) -> Option<String> {
        let pattern = self.0.get_message(id)?.value()?;
        let mut errors = Vec::new();
        let said = self.0.format_pattern(pattern, Some(words), &mut errors).into_owned();
        if !errors.is_empty() {
            tracing::error!(id, ?errors, "a message lacks a variable");
        }
        Some(said)
    }
}
