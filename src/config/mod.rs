//! What `serve` and `dev` are told: typed, checked as a whole, read once.
//!
//! Invariant: a [`Config`] exists only when nothing is wrong; otherwise the caller gets every
//! [`Problem`] at once, each with its mend. Only [`environment`] reads the environment.

mod access;
mod acme;
pub mod duration;
pub mod issuer;
pub mod keys;
mod mtls;
mod published;
mod reader;
mod security;
mod settings;
mod sources;
pub mod template;
#[cfg(test)]
mod tests;
mod webauthn;

use std::fmt;
use std::fs;
use std::path::Path;

pub use self::access::{Access, Need};
pub use self::acme::{Acme, ExternalAccount};
pub use self::mtls::Mtls;
pub use self::published::{Otherwise, Published};
pub use self::security::{DpopNonces, Security};
pub use self::settings::{
    Audit, Config, Database, Limits, Log, LogFormat, Mail, Outbound, Sessions, Tls, Tokens,
};
pub use self::sources::NOT_SETTINGS;
pub use self::template::init;
pub use self::webauthn::{TouchedKeys, Webauthn};

use self::reader::Reader;
use self::sources::Sources;

/// One thing that is wrong with the configuration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The setting, by its dotted name or by the variable that gave it.
    pub key: String,
    /// What is wrong. Never the value of a secret.
    pub what: String,
    /// What to do about it.
    pub mend: String,
}

impl Problem {
    fn new(key: impl Into<String>, what: impl Into<String>, mend: impl Into<String>) -> Self {
        Self { key: key.into(), what: what.into(), mend: mend.into() }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}: {}", self.key, self.what, self.mend)
    }
}

impl Config {
    /// The configuration in the file at `path`, if there is one, and in `env`, which wins.
    pub fn load(
        path: Option<&Path>,
        env: impl Iterator<Item = (String, String)>,
    ) -> Result<Self, Vec<Problem>> {
        settings::read(gather(path, env))
    }
}

/// What is written in the file at `path`, if there is one, and in `env`, which wins.
fn gather(path: Option<&Path>, env: impl Iterator<Item = (String, String)>) -> Reader {
    let mut sources = Sources::default();
    match path.map(|path| (path, fs::read_to_string(path))) {
        None => {}
        Some((_, Ok(text))) => sources.read_file(&text),
        Some((path, Err(error))) => sources.problems.push(Problem::new(
            path.display().to_string(),
            format!("cannot be read: {error}"),
            "correct the path, or make the file with `portcullis init`",
        )),
    }
    sources.read_environment(env);
    Reader::new(sources)
}

/// The environment of this process, without what is no Unicode. The only reader of it.
pub fn environment() -> impl Iterator<Item = (String, String)> {
    std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
}
