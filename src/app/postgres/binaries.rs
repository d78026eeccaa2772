//! Finding the machine's own `initdb` and `postgres`.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::PostgresError;
use crate::config;

/// The oldest major version that holds our schema.
const OLDEST: u32 = 15;

/// A directory with `initdb` and `postgres` of one version.
#[derive(Debug, Clone)]
pub(super) struct Binaries {
    directory: PathBuf,
    major: u32,
}

impl Binaries {
    /// The newest on this machine, or the ones of version `major` where a cluster demands it.
    pub(super) fn find(major: Option<u32>) -> Result<Self, PostgresError> {
        let mut found: Vec<Self> = candidates().into_iter().filter_map(Self::at).collect();
        found.sort_by_key(|binaries| std::cmp::Reverse(binaries.major));
        let newest = found.first().map(|binaries| binaries.major).unwrap_or_default();
        let fits = |binaries: &Self| match major {
            Some(major) => binaries.major == major,
            None => binaries.major >= OLDEST,
        };
        match (found.into_iter().find(fits), newest) {
            (Some(binaries), _) => Ok(binaries),
            (None, 0) => Err(PostgresError::Missing),
            (None, newest) => {
                Err(PostgresError::Version { wanted: major.unwrap_or(OLDEST), found: newest })
            }
        }
    }

    /// The program of that name.
    pub(super) fn program(&self, name: &str) -> PathBuf {
        self.directory.join(name)
    }

    /// Those in `directory`, if both are there and run.
    fn at(directory: PathBuf) -> Option<Self> {
        if !directory.join("initdb").is_file() {
            return None;
        }
        let output = Command::new(directory.join("postgres")).arg("--version").output().ok()?;
        let major = major(&String::from_utf8_lossy(&output.stdout))?;
        Some(Self { directory, major })
    }
}

/// The major version in what `postgres --version` says: `postgres (PostgreSQL) 15.18 (Debian …)`.
fn major(version: &str) -> Option<u32> {
    let number = version.split_whitespace().nth(2)?;
    let digits = number.split(|c: char| !c.is_ascii_digit()).next()?;
    digits.parse().ok()
}

/// Where binaries may be: the explicit variable alone if it is set, else the usual places.
fn candidates() -> Vec<PathBuf> {
    let variables: Vec<(String, String)> = config::environment().collect();
    let variable = |wanted: &str| {
        let found = variables.iter().find(|(name, value)| name == wanted && !value.is_empty());
        found.map(|(_, value)| value.clone())
    };
    if let Some(explicit) = variable("PORTCULLIS_POSTGRES_BIN") {
        return vec![PathBuf::from(explicit)];
    }
    let mut candidates = Vec::new();
    for (parent, suffix) in [
        ("/usr/lib/postgresql", "bin"),
        ("/usr/lib64/pgsql", "bin"),
        ("/opt/homebrew/opt", "bin"),
        ("/usr/local/opt", "bin"),
        ("/Applications/Postgres.app/Contents/Versions", "bin"),
    ] {
        candidates.extend(versions(Path::new(parent), suffix));
    }
    let path = variable("PATH").unwrap_or_default();
    candidates.extend(std::env::split_paths(&path));
    candidates
}

/// The `suffix` directories of what looks like PostgreSQL or a version number under `parent`.
fn versions(parent: &Path, suffix: &str) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(parent) else { return Vec::new() };
    let named = entries.filter_map(Result::ok).filter(|entry| {
        let name = entry.file_name().to_string_lossy().into_owned();
        name.starts_with("postgresql") || name.starts_with(|c: char| c.is_ascii_digit())
    });
    named.map(|entry| entry.path().join(suffix)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_major_version_is_read_from_what_postgres_says() {
        for (text, version) in [
            ("postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)", Some(15)),
            ("postgres (PostgreSQL) 18beta1", Some(18)),
            ("nonsense", None),
        ] {
            assert_eq!(major(text), version);
        }
    }
}
