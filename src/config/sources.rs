//! Where values come from: the file, then the environment, which wins.

use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::path::Path;

use super::Problem;
use super::keys::{KEYS, Key, Kind, find};

/// Variables that are ours and no settings: the program reads them elsewhere.
pub const NOT_SETTINGS: [&str; 3] =
    ["PORTCULLIS_CONFIG", "PORTCULLIS_DATA", "PORTCULLIS_POSTGRES_BIN"];

/// A value as written, with the name of the place, for messages.
#[derive(Clone)]
pub(super) struct Written {
    /// One text per element of a list, exactly one for anything else.
    pub(super) texts: Vec<String>,
    /// What to call it: the key's dotted name or the variable.
    pub(super) place: String,
}

/// All values given, by key, and what is wrong with how they were given.
#[derive(Default)]
pub(super) struct Sources {
    pub(super) values: HashMap<&'static str, Written>,
    pub(super) problems: Vec<Problem>,
}

impl Sources {
    /// Takes in the text of a `portcullis.toml`.
    pub(super) fn read_file(&mut self, text: &str) {
        let table = match text.parse::<toml::Table>() {
            Ok(table) => table,
            Err(error) => {
                let mend = error.to_string().trim_end().to_owned();
                self.problems.push(Problem::new("portcullis.toml", "is no valid TOML", mend));
                return;
            }
        };
        let mut given = BTreeMap::new();
        flatten("", table, &mut given);
        let found = given.into_iter().filter_map(|(name, value)| {
            let texts = self.texts(&name, &value)?;
            Some((name, texts))
        });
        let found: Vec<_> = found.collect();
        self.take(found, |key| vec![key.name.to_owned()]);
    }

    /// Takes in the environment: our variables and `DATABASE_URL`. An empty one counts as absent.
    pub(super) fn read_environment(&mut self, env: impl Iterator<Item = (String, String)>) {
        let mut given: Vec<(String, Vec<String>)> = env
            .filter(|(name, value)| {
                let ours =
                    name.starts_with("PORTCULLIS_") && !NOT_SETTINGS.contains(&name.as_str());
                (ours || name == "DATABASE_URL" || name == "DATABASE_URL_FILE") && !value.is_empty()
            })
            .map(|(name, value)| (name, vec![value]))
            .collect();
        given.sort();
        self.take(given, |key| match key.name {
            "database.url" => vec![key.variable(), "DATABASE_URL".to_owned()],
            _ => vec![key.variable()],
        });
    }

    /// Puts what one source gave under the keys it means; `names` are what a key is called there.
    fn take(&mut self, given: Vec<(String, Vec<String>)>, names: impl Fn(&Key) -> Vec<String>) {
        let mut seen: HashMap<&'static str, String> = HashMap::new();
        for (name, texts) in given {
            let Some((key, form)) = meant(&name, &names) else {
                self.problems.push(unknown(&name, KEYS.iter().flat_map(&names)));
                continue;
            };
            if let Some(other) = seen.insert(key.name, name.clone()) {
                let what = format!("is given twice, also as {other}");
                self.problems.push(Problem::new(&name, what, "keep one of the two"));
                continue;
            }
            let texts = match form {
                Form::Value => texts,
                Form::File => match self.content(&name, texts.first().map_or("", String::as_str)) {
                    Some(content) => vec![content],
                    None => continue,
                },
            };
            self.values.insert(key.name, Written { texts, place: name });
        }
    }

    /// The text of the file that `name` points to, without the line end.
    fn content(&mut self, name: &str, path: &str) -> Option<String> {
        match fs::read_to_string(Path::new(path)) {
            Ok(content) => Some(content.trim_end_matches(['\r', '\n']).to_owned()),
            Err(error) => {
                let what = format!("names {path}, which cannot be read: {error}");
                self.problems.push(Problem::new(name, what, "make the file or correct the path"));
                None
            }
        }
    }

    /// A TOML value as texts, or a problem where its type is not the key's.
    fn texts(&mut self, name: &str, value: &toml::Value) -> Option<Vec<String>> {
        let kind = find(name).map(|key| key.kind);
        let list =
            matches!(kind, Some(Kind::Addresses | Kind::Networks | Kind::Secrets | Kind::Texts));
        let number = matches!(kind, Some(Kind::Number { .. }));
        if let toml::Value::Array(items) = value
            && list
        {
            let texts: Vec<_> =
                items.iter().filter_map(|item| item.as_str().map(str::to_owned)).collect();
            if texts.len() == items.len() {
                return Some(texts);
            }
            self.problems.push(Problem::new(name, "has an element that is no text", "quote it"));
            return None;
        }
        let text = value.as_str().map(str::to_owned).filter(|_| !number);
        let text = text.or_else(|| value.as_integer().filter(|_| number).map(|n| n.to_string()));
        match (text, kind) {
            (Some(text), _) => Some(vec![text]),
            // An unknown key is refused for its name, whatever its value.
            (None, None) => Some(Vec::new()),
            (None, Some(kind)) => {
                let quotes = if number { "without" } else { "in" };
                let mend = format!("write a {}, {quotes} quotes", kind.describe());
                self.problems.push(Problem::new(name, "is of the wrong type", mend));
                None
            }
        }
    }
}

/// Whether a name stands for a value or for the file that holds it.
enum Form {
    Value,
    File,
}

/// The key that `name` stands for.
fn meant(name: &str, names: &impl Fn(&Key) -> Vec<String>) -> Option<(&'static Key, Form)> {
    let stem = name.strip_suffix("_file").or_else(|| name.strip_suffix("_FILE"));
    KEYS.iter().find_map(|key| {
        let names = names(key);
        if names.iter().any(|n| n == name) {
            return Some((key, Form::Value));
        }
        let file = key.has_file_form() && stem.is_some_and(|stem| names.iter().any(|n| n == stem));
        file.then_some((key, Form::File))
    })
}

/// The problem of a name that no key has, with the nearest one that exists.
fn unknown(name: &str, known: impl Iterator<Item = String>) -> Problem {
    let near = known.map(|n| (distance(name, &n), n)).min();
    let mend = match near {
        Some((d, n)) if d <= 1 + name.len() / 4 => format!("did you mean {n}?"),
        _ => "remove it; docs/configuration.md lists every setting".to_owned(),
    };
    Problem::new(name, "is no setting", mend)
}

/// How many edits lead from one name to the other (Levenshtein).
fn distance(from: &str, to: &str) -> usize {
    let to: Vec<char> = to.chars().collect();
    let mut row: Vec<usize> = (0..=to.len()).collect();
    for (i, a) in from.chars().enumerate() {
        let mut next = vec![i + 1];
        for ((b, above), diagonal) in to.iter().zip(row.iter().skip(1)).zip(&row) {
            let left = next.last().copied().unwrap_or(0);
            next.push((above + 1).min(left + 1).min(diagonal + usize::from(a != *b)));
        }
        row = next;
    }
    row.last().copied().unwrap_or(0)
}

/// Every leaf of `table` under its dotted name.
fn flatten(prefix: &str, table: toml::Table, into: &mut BTreeMap<String, toml::Value>) {
    for (name, value) in table {
        let dotted = if prefix.is_empty() { name } else { format!("{prefix}.{name}") };
        if let toml::Value::Table(inner) = value {
            flatten(&dotted, inner, into);
        } else {
            into.insert(dotted, value);
        }
    }
}
