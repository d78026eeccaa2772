//! Secrets in the file: by value, from the environment, or from another file.

use std::fs::File;
use std::io::Read as _;
use std::path::Path;

use serde_json::{Map, Value};

/// The most of a file that a secret is read from, in bytes.
const MAX_BYTES: u64 = 65_536;

/// Where secrets are looked up.
pub struct Sources<'a> {
    /// A variable of the environment.
    pub env: &'a dyn Fn(&str) -> Option<String>,
    /// What the names of files are relative to.
    pub directory: &'a Path,
}

/// Puts the secret `name` of `item` in its place, wherever the file says that it is.
pub(super) fn resolve(
    item: &mut Map<String, Value>,
    name: &str,
    sources: &Sources<'_>,
) -> Result<(), String> {
    let (by_env, by_file) = (format!("{name}_env"), format!("{name}_file"));
    let (env, file) = (item.remove(&by_env), item.remove(&by_file));
    let given = usize::from(item.contains_key(name))
        + usize::from(env.is_some())
        + usize::from(file.is_some());
    if given > 1 {
        return Err(format!("give only one of {name}, {by_env} and {by_file}"));
    }
    let found = match (env, file) {
        (Some(variable), _) => Some(from_env(&variable, sources)?),
        (None, Some(path)) => Some(from_file(&path, sources)?),
        (None, None) => None,
    };
    if let Some(secret) = found {
        item.insert(name.to_owned(), Value::String(secret));
    }
    Ok(())
}

fn from_env(variable: &Value, sources: &Sources<'_>) -> Result<String, String> {
    let name = variable.as_str().ok_or("the name of a variable is a text")?;
    let found = (sources.env)(name).filter(|value| !value.is_empty());
    found.ok_or_else(|| format!("the environment has no variable {name}, or it is empty"))
}

fn from_file(path: &Value, sources: &Sources<'_>) -> Result<String, String> {
    let name = path.as_str().ok_or("the name of a file is a text")?;
    let mut text = String::new();
    let read = File::open(sources.directory.join(name))
        .and_then(|file| file.take(MAX_BYTES).read_to_string(&mut text));
    read.map_err(|error| format!("the file {name} cannot be read: {error}"))?;
    let secret = text.strip_suffix('\n').unwrap_or(&text);
    let secret = secret.strip_suffix('\r').unwrap_or(secret);
    if secret.is_empty() {
        return Err(format!("the file {name} is empty"));
    }
    Ok(secret.to_owned())
}
