//! Which server a command works on: configured, or the `dev` of a data directory.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};

use super::fail::Usage;
use crate::app::dev::Found;
use crate::app::{self, Ambient, LONGEST_ACCESS_TOKEN, PEPPER_LABEL};
use crate::config::{self, Access, Config, Need, Problem};
use crate::crypto::seal::{MacKey, MasterKey, Seal};
use crate::crypto::secret::Secret;
use crate::live::passwords::Passwords;
use crate::manage::{self, Cx};
use crate::policy::permission::Actor;
use crate::store::migrate::{self, Schema};
use crate::store::sessions::Origin;
use crate::store::{Store, StoreConfig};

/// The configuration file that is read where none is named.
const CONFIG: &str = "portcullis.toml";
/// The data directory of `dev` where none is named.
pub(super) const DATA: &str = ".portcullis";
/// The environment is asked for these before a data directory is looked for.
const DATABASE: [&str; 4] = [
    "DATABASE_URL",
    "DATABASE_URL_FILE",
    "PORTCULLIS_DATABASE_URL",
    "PORTCULLIS_DATABASE_URL_FILE",
];

/// Which server a command works on.
#[derive(Debug, Clone, clap::Args)]
pub(super) struct Place {
    /// The configuration file; portcullis.toml where there is one
    #[arg(long, value_name = "FILE", env = "PORTCULLIS_CONFIG", hide_env_values = true)]
    config: Option<PathBuf>,
    /// The data directory of a running `portcullis dev`, instead of a configuration
    #[arg(long, value_name = "DIR", env = "PORTCULLIS_DATA", hide_env_values = true)]
    data: Option<PathBuf>,
}

impl Place {
    /// The data directory that is meant: the one named, or the usual one where nothing else says
    /// which database to use.
    fn data(&self) -> Option<PathBuf> {
        if self.data.is_some() {
            return self.data.clone();
        }
        let usual = Path::new(DATA);
        let configured = file(self.config.as_deref()).is_some()
            || config::environment()
                .any(|(name, value)| DATABASE.contains(&name.as_str()) && !value.is_empty());
        (!configured && Found::is_in(usual)).then(|| usual.to_owned())
    }

    /// What is needed to work on the database.
    pub(super) fn access(&self, need: Need) -> anyhow::Result<Access> {
        let Some(data) = self.data() else {
            let loaded =
                Access::load(file(self.config.as_deref()).as_deref(), config::environment(), need);
            return loaded.map_err(|problems| misconfigured(&problems).into());
        };
        let found = Found::read(&data)?;
        let given = [
            ("DATABASE_URL", found.database),
            ("PORTCULLIS_MASTER_KEY_FILE", found.master_key.display().to_string()),
            ("PORTCULLIS_ISSUER", found.issuer),
        ];
        let given = given.into_iter().map(|(name, value)| (name.to_owned(), value));
        Access::load(None, given, need).map_err(|problems| misconfigured(&problems).into())
    }

    /// Everything that `serve` needs.
    pub(super) fn config(&self) -> anyhow::Result<Config> {
        load(self.config.as_deref()).map_err(|problems| misconfigured(&problems).into())
    }

    /// Whether the server is the `dev` of a data directory.
    pub(super) fn is_dev(&self) -> bool {
        self.data().is_some()
    }

    /// The database, connected, whatever its schema.
    pub(super) async fn store(&self, access: &Access) -> anyhow::Result<Store> {
        let config = StoreConfig { url: access.database.url.clone(), connections: 2 };
        let connected = Store::connect(&config).await;
        match self.data() {
            None => connected.context("no way to the database"),
            Some(data) => connected.with_context(|| {
                format!(
                    "`portcullis dev` has to run in {}, and its database does not answer",
                    data.display()
                )
            }),
        }
    }

    /// A server to work on, whose schema is the one that we know.
    pub(super) async fn open(&self, need: Need) -> anyhow::Result<Desk> {
        let access = self.access(need)?;
        let store = self.store(&access).await?;
        require_schema(&store).await?;
        Desk::new(store, &access)
    }
}

/// Everything that `serve` needs, from `path` or the usual file, and the environment.
pub(super) fn load(path: Option<&Path>) -> Result<Config, Vec<Problem>> {
    Config::load(file(path).as_deref(), config::environment())
}

/// The file that is named, or the usual one where there is one.
fn file(named: Option<&Path>) -> Option<PathBuf> {
    let usual = || Path::new(CONFIG).exists().then(|| PathBuf::from(CONFIG));
    named.map(Path::to_owned).or_else(usual)
}

/// Every problem on a line of its own.
pub(super) fn misconfigured(problems: &[Problem]) -> Usage {
    let lines: Vec<String> = problems.iter().map(|problem| format!("  {problem}")).collect();
    let count = match problems.len() {
        1 => "one problem".to_owned(),
        many => format!("{many} problems"),
    };
    Usage(format!("the configuration has {count}:\n{}", lines.join("\n")))
}

/// Refuses a database whose schema is not the one that we know.
pub(super) async fn require_schema(store: &Store) -> anyhow::Result<()> {
    match migrate::schema(store).await.context("no way to the database")? {
        Schema::Current | Schema::Ahead(_) => Ok(()),
        Schema::Empty => bail!("the database is empty: run `portcullis migrate` first"),
        Schema::Behind(_) => {
            bail!(
                "the database's schema is older than this program: run `portcullis migrate` first"
            )
        }
    }
}

/// What a command works with.
pub(super) struct Desk {
    store: Store,
    ambient: Ambient,
    seal: Seal,
    pepper: MacKey,
    origin: Origin,
    issuer: Option<String>,
}

impl Desk {
    pub(super) fn new(store: Store, access: &Access) -> anyhow::Result<Self> {
        let ambient = app::stock();
        let parse = |key: &Secret| MasterKey::parse(key.expose());
        let keys: Vec<MasterKey> =
            access.master_keys.iter().map(parse).collect::<Result<_, _>>().context("master_key")?;
        let (current, older) = match keys.split_first() {
            Some((current, older)) => (current, older),
            // A command that has not asked for the key neither seals nor opens.
            None => (&MasterKey::mint(ambient.entropy.as_ref()), [].as_slice()),
        };
        Ok(Self {
            seal: Seal::new(current, older),
            pepper: MacKey::derive(current, PEPPER_LABEL),
            origin: Origin { address: None, user_agent: String::new() },
            issuer: access.issuer.as_ref().map(ToString::to_string),
            store,
            ambient,
        })
    }

    /// What `manage` wants: the command line, now.
    pub(super) fn cx(&self) -> Cx<'_> {
        let now = self.ambient.clock.now();
        Cx {
            store: &self.store,
            now: now.replace_microsecond(now.microsecond()).unwrap_or(now),
            entropy: self.ambient.entropy.as_ref(),
            actor: &Actor::Cli,
            origin: &self.origin,
            secrets: manage::Secrets { seal: &self.seal, pepper: &self.pepper },
            longest_token: LONGEST_ACCESS_TOKEN,
        }
    }

    /// The seal of this server.
    pub(super) fn seal(&self) -> &Seal {
        &self.seal
    }

    /// The database.
    pub(super) fn store(&self) -> &Store {
        &self.store
    }

    /// The issuer, where it is known.
    pub(super) fn issuer(&self) -> Option<&str> {
        self.issuer.as_deref()
    }

    /// Hashes passwords.
    pub(super) fn passwords(&self) -> Passwords {
        Passwords::new(1, 1_000, self.ambient.entropy.clone())
    }
}
