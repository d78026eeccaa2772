//! The part of the configuration that a command needs to work on the database of a server.

use std::path::Path;

use super::issuer::Issuer;
use super::settings::{self, Database};
use super::{Problem, gather};
use crate::crypto::secret::Secret;

/// What a command needs besides the database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Need {
    /// Nothing more.
    Database,
    /// The master key, because it seals or opens something.
    MasterKey,
    /// The issuer, because it prints an address.
    Issuer,
}

/// How to reach the database of a server, and what else was given.
#[derive(Debug, Clone)]
pub struct Access {
    /// The database.
    pub database: Database,
    /// The master key and those of before, newest first; empty where none was given or needed.
    pub master_keys: Vec<Secret>,
    /// The issuer, where it was given.
    pub issuer: Option<Issuer>,
}

impl Access {
    /// What the file at `path`, if there is one, and `env`, which wins, say. Only the database and
    /// what is in `need` has to be there; whatever is there has to be right.
    pub fn load(
        path: Option<&Path>,
        env: impl Iterator<Item = (String, String)>,
        need: Need,
    ) -> Result<Self, Vec<Problem>> {
        let mut from = gather(path, env);
        let wanted = |given: bool, what: Need| given || need == what;
        let issuer = if wanted(from.is_given("issuer"), Need::Issuer) {
            settings::issuer(&mut from)
        } else {
            None
        };
        let master_keys = if wanted(from.is_given("master_key"), Need::MasterKey) {
            let (current, older) = settings::master_keys(&mut from);
            current.into_iter().chain(older).collect()
        } else {
            Vec::new()
        };
        let database = settings::database(&mut from);
        let problems = from.problems();
        match database {
            Some(database) if problems.is_empty() => Ok(Self { database, master_keys, issuer }),
            _ => Err(problems),
        }
    }
}
