//! The data directory of `dev`, apart from its PostgreSQL.

use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use serde::{Deserialize, Serialize};

use crate::ambient::Entropy;
use crate::config::template;

/// A data directory.
#[derive(Debug, Clone)]
pub(super) struct Folder(PathBuf);

/// What `dev` left for the other commands.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Found {
    /// The issuer of the server in it.
    pub issuer: String,
    /// Its database, which answers while `dev` runs.
    pub database: String,
    /// Where its master key is.
    #[serde(skip)]
    pub master_key: PathBuf,
}

impl Folder {
    pub(super) fn new(data: &Path) -> Self {
        Self(data.to_owned())
    }

    /// The file of the master key, made once and for its owner's eyes only.
    pub(super) fn master_key(&self, entropy: &dyn Entropy) -> anyhow::Result<PathBuf> {
        let path = self.0.join("master.key");
        match template::write_master_key(&path, entropy) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(path),
            made => made.map(|()| path).context("the master key cannot be written"),
        }
    }

    /// Leaves word for the other commands. It appears under its name only when it is whole.
    pub(super) fn tell(&self, issuer: &str, database: &str) -> anyhow::Result<()> {
        let found = Found {
            issuer: issuer.to_owned(),
            database: database.to_owned(),
            master_key: PathBuf::new(),
        };
        let (draft, path) = (self.0.join("dev.json.new"), self.0.join("dev.json"));
        let write = || {
            let mut options = OpenOptions::new();
            let mut file =
                options.write(true).create(true).truncate(true).mode(0o600).open(&draft)?;
            file.write_all(&serde_json::to_vec(&found)?)?;
            fs::rename(&draft, &path)
        };
        write().with_context(|| format!("cannot write {}", path.display()))
    }
}

impl Found {
    /// What is in the data directory `data`.
    ///
    /// # Errors
    /// Where no `dev` ever ran there.
    pub fn read(data: &Path) -> anyhow::Result<Self> {
        let text = fs::read(data.join("dev.json")).with_context(|| {
            format!(
                "`portcullis dev` never ran in {}: start it there, or correct --data",
                data.display()
            )
        })?;
        let found: Self = serde_json::from_slice(&text)
            .with_context(|| format!("{} is broken", data.join("dev.json").display()))?;
        Ok(Self { master_key: data.join("master.key"), ..found })
    }

    /// Whether a `dev` ever ran in `data`.
    pub fn is_in(data: &Path) -> bool {
        data.join("dev.json").exists()
    }
}
