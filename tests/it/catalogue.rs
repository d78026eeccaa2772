//! The translation catalogue, held by reading it: every language says what English says.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use fluent_bundle::FluentResource;
use portcullis::identity::language::Language;

/// The messages of a language: `area/id` to the variables it holds.
type Messages = BTreeMap<String, BTreeSet<String>>;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The files under `directory` whose names end in one of `extensions`.
fn files(directory: &Path, extensions: &[&str]) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(directory).unwrap().map(Result::unwrap) {
        let path = entry.path();
        if path.is_dir() {
            found.extend(files(&path, extensions));
        } else if path.extension().is_some_and(|e| extensions.iter().any(|known| e == *known)) {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// The identifier that `text` begins with.
fn identifier(text: &str) -> &str {
    let end = text.find(|c: char| !c.is_ascii_alphanumeric() && !matches!(c, '-' | '_'));
    &text[..end.unwrap_or(text.len())]
}

fn messages(language: Language) -> Messages {
    let mut found = Messages::new();
    for file in files(&root().join("locales").join(language.tag()), &["ftl"]) {
        let area = file.file_stem().unwrap().to_string_lossy().into_owned();
        let mut current = None;
        for line in fs::read_to_string(&file).unwrap().lines() {
            if line.starts_with(|c: char| c.is_ascii_alphabetic()) {
                let key = format!("{area}/{}", identifier(line));
                assert!(!found.contains_key(&key), "{} is there twice: {key}", language.tag());
                found.insert(key.clone(), BTreeSet::new());
                current = Some(key);
            }
            if let Some(variables) = current.as_ref().and_then(|key| found.get_mut(key)) {
                let named = line.match_indices('$').map(|(at, _)| identifier(&line[at + 1..]));
                variables.extend(named.map(str::to_owned));
            }
        }
    }
    found
}

/// What the messages of `language` say that have no variables and one line, by their ids.
pub fn plain_messages(language: Language) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    for file in files(&root().join("locales").join(language.tag()), &["ftl"]) {
        for line in fs::read_to_string(&file).unwrap().lines() {
            let Some((id, words)) = line.split_once(" = ") else { continue };
            if line.starts_with(|c: char| c.is_ascii_alphabetic()) && !words.contains('{') {
                found.insert(id.to_owned(), words.to_owned());
            }
        }
    }
    found
}

/// Every text of `area` in `language`, cut at its variables, each variant of a plural for itself.
pub fn pieces(language: Language, area: &str) -> Vec<String> {
    let file = root().join("locales").join(language.tag()).join(area).with_extension("ftl");
    let mut found = Vec::new();
    for line in fs::read_to_string(file).unwrap().lines().filter(|line| !line.starts_with('#')) {
        let text = line.split_once(" = ").or_else(|| line.split_once("] ")).map(|(_, text)| text);
        let parts = text.unwrap_or_default().split(['{', '}']).step_by(2);
        found.extend(parts.map(str::trim).filter(|part| !part.is_empty()).map(str::to_owned));
    }
    found
}

/// The id of every message.
pub fn ids() -> BTreeSet<String> {
    messages(Language::English).keys().map(|key| id(key).to_owned()).collect()
}

/// The id without its area.
fn id(key: &str) -> &str {
    key.split_once('/').unwrap().1
}

/// All source and templates but the catalogue's own tests.
fn sources() -> Vec<(String, String)> {
    let mut all = files(&root().join("src"), &["rs"]);
    all.retain(|path| !path.ends_with("src/web/text/mod.rs"));
    all.extend(files(&root().join("templates"), &["html", "txt"]));
    let name = |path: &PathBuf| path.strip_prefix(root()).unwrap().display().to_string();
    all.iter().map(|path| (name(path), fs::read_to_string(path).unwrap())).collect()
}

fn none(found: &[String]) {
    assert!(found.is_empty(), "\n{}\n", found.join("\n"));
}

#[test]
fn every_catalogue_can_be_read_whole() {
    let mut found = Vec::new();
    for file in files(&root().join("locales"), &["ftl"]) {
        if let Err((_, errors)) = FluentResource::try_new(fs::read_to_string(&file).unwrap()) {
            found.push(format!("{}: {errors:?}", file.display()));
        }
    }
    none(&found);
}

#[test]
fn every_language_says_what_english_says_with_the_same_variables() {
    let english = messages(Language::English);
    let mut found = Vec::new();
    for language in Language::ALL {
        let tag = language.tag();
        let translated = messages(language);
        for (key, variables) in &english {
            match translated.get(key) {
                None => found.push(format!("{tag} lacks {key}")),
                Some(other) if other != variables => {
                    found.push(format!("{tag} has {key} with {other:?}, not {variables:?}"));
                }
                Some(_) => {}
            }
        }
        let extra = translated.keys().filter(|key| !english.contains_key(*key));
        found.extend(extra.map(|key| format!("{tag} has {key}, which English has not")));
    }
    none(&found);
}

#[test]
fn an_id_is_in_one_area_only() {
    let mut seen = BTreeSet::new();
    let all = messages(Language::English);
    let twice: Vec<_> = all.keys().filter(|key| !seen.insert(id(key))).cloned().collect();
    none(&twice);
}

#[test]
fn every_message_is_said_somewhere() {
    let sources = sources();
    let unused = messages(Language::English).into_keys().filter(|key| {
        let quoted = format!("\"{}\"", id(key));
        !sources.iter().any(|(_, text)| text.contains(&quoted))
    });
    none(&unused.map(|key| format!("nobody says {key}")).collect::<Vec<_>>());
}

#[test]
fn what_is_said_is_in_the_catalogue() {
    let all = messages(Language::English);
    let known: BTreeSet<&str> = all.keys().map(|key| id(key)).collect();
    let mut found = Vec::new();
    for (name, text) in sources() {
        for (at, call) in text.match_indices(".say(") {
            let argument = text[at + call.len()..].trim_start();
            let Some(literal) = argument.strip_prefix('"') else { continue };
            let said = literal.split('"').next().unwrap_or_default();
            if !known.contains(said) {
                found.push(format!("{name} says {said}, which no catalogue has"));
            }
        }
    }
    none(&found);
}

#[test]
fn a_message_is_text_and_no_markup() {
    let mut found = Vec::new();
    for file in files(&root().join("locales"), &["ftl"]) {
        for (number, line) in fs::read_to_string(&file).unwrap().lines().enumerate() {
            if line.contains(['<', '>', '\t']) && !line.contains("->") {
                found.push(format!("{}:{}: {line}", file.display(), number + 1));
            }
        }
    }
    none(&found);
}
