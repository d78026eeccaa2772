//! `portcullis dev`: a whole server on this machine, with a database of its own.
//!
//! **Invariant: whatever ends it, nothing acknowledged is lost, and the next start works.** The
//! private PostgreSQL is durable, and what is made once (master key, signing keys, demo) is made
//! where it is not there.

mod folder;

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context as _, bail};

use folder::Folder;
pub use folder::Found;

use crate::app::postgres::{DATABASE, Durability, Postgres};
use crate::app::prepare::with_manage;
use crate::app::{self, Ambient, Serving};
use crate::config::{self, Config, Problem};
use crate::crypto::secret::Secret;
use crate::manage::apply::{self, Document};
use crate::manage::{demo, setup};
use crate::store::migrate;
use crate::web::app::{App, Mode};

/// Variables that name another server than the one in the data directory.
const NOT_OURS: [&str; 7] = [
    "DATABASE_URL",
    "DATABASE_URL_FILE",
    "PORTCULLIS_DATABASE_URL",
    "PORTCULLIS_DATABASE_URL_FILE",
    "PORTCULLIS_MASTER_KEY",
    "PORTCULLIS_MASTER_KEY_FILE",
    "PORTCULLIS_LISTEN",
];

/// What `dev` is told.
#[derive(Debug, Clone)]
pub struct Options {
    /// Where everything is kept.
    pub data: PathBuf,
    /// Where it listens.
    pub listen: Listen,
    /// Whether there is a demo.
    pub demo: Demo,
    /// What the server is brought to before it serves.
    pub apply: Option<Document>,
}

/// Whether the demo API, its clients and the playground are there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Demo {
    /// They are.
    Seeded,
    /// They are not.
    Without,
}

/// Where `dev` listens: this machine's loopback, or an address of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Listen {
    /// The address; nothing for `localhost`, which is both loopback addresses.
    pub address: Option<IpAddr>,
    /// The port; 0 for any that is free.
    pub port: u16,
}

/// A `dev` server that serves.
pub struct Dev {
    postgres: Postgres,
    serving: Serving,
    /// The issuer.
    pub issuer: String,
    /// Where whoever started it begins.
    pub door: Door,
    /// What the operator should know about where the data are.
    pub note: Option<String>,
}

/// Where whoever started it begins.
#[derive(Debug, Clone)]
pub enum Door {
    /// There is no administrator yet: a one-time link makes the first one.
    Setup(Secret),
    /// There is one, who signs in here.
    Admin(String),
}

/// Starts a server in the directory of `options` and gives it once it is ready.
///
/// # Errors
/// Where there is no PostgreSQL, another `dev` runs in the directory, a port is taken, or the
/// environment has settings that are none.
pub async fn start(options: &Options, ambient: &Ambient) -> anyhow::Result<Dev> {
    let folder = Folder::new(&options.data);
    let postgres = Postgres::start(&options.data, Durability::Durable).await?;
    let begun = begin(options, ambient, &folder, &postgres).await;
    match begun {
        Ok((serving, app, door)) => {
            let (issuer, note) = (app.settings.issuer.clone(), postgres.note().map(str::to_owned));
            Ok(Dev { postgres, serving, issuer, door, note })
        }
        Err(error) => {
            postgres.stop().await;
            Err(error)
        }
    }
}

impl Dev {
    /// Finishes the requests in flight, then stops PostgreSQL and waits for it.
    pub async fn stop(self) {
        self.serving.shut_down(Duration::ZERO).await;
        self.postgres.stop().await;
    }
}

async fn begin(
    options: &Options,
    ambient: &Ambient,
    folder: &Folder,
    postgres: &Postgres,
) -> anyhow::Result<(Serving, App, Door)> {
    let listen = options.listen.addresses()?;
    let key = folder.master_key(ambient.entropy.as_ref())?;
    let config = configuration(&listen, &key, &postgres.url(DATABASE)).map_err(Misconfigured)?;
    let mode = match options.demo {
        Demo::Seeded => Mode::Development,
        Demo::Without => Mode::DevelopmentWithoutDemo,
    };
    let app = app::build(&config, mode, ambient)?.app;
    migrate(&app.store).await.context("the schema cannot be brought up to date")?;
    app::prepare(&app, &config).await?;
    if options.demo == Demo::Seeded {
        seed(&app).await?;
    }
    if let Some(document) = &options.apply {
        with_manage(&app, async |cx| {
            Ok(apply::apply(&cx, document, &app.passwords).await.map(drop)?)
        })
        .await?;
    }
    folder.tell(&app.settings.issuer, &postgres.url(DATABASE))?;
    let serving = app::serve(app.clone(), &config).await?;
    let door = door(&app).await?;
    Ok((serving, app, door))
}

async fn seed(app: &App) -> anyhow::Result<()> {
    with_manage(app, async |cx| {
        let seeded = demo::ensure(&cx, &app.settings.issuer_url, &app.passwords).await;
        seeded.map(drop).context("the demo cannot be made")
    })
    .await
}

async fn door(app: &App) -> anyhow::Result<Door> {
    with_manage(app, async |cx| {
        if !setup::is_open(&cx).await? {
            return Ok(Door::Admin(app.settings.url("/admin")));
        }
        let link = setup::issue(&cx).await?;
        Ok(Door::Setup(setup_url(&app.settings.issuer, &link.token)))
    })
    .await
}

/// The address that makes the first administrator.
pub fn setup_url(issuer: &str, token: &Secret) -> Secret {
    Secret::new(format!("{issuer}/setup?token={}", token.expose()))
}

/// Settings of the environment that are none, all of them.
#[derive(Debug, thiserror::Error)]
#[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))]
pub struct Misconfigured(pub Vec<Problem>);

/// The configuration of the server in the data directory; the environment may tune the rest of it.
fn configuration(
    listen: &[SocketAddr],
    key: &Path,
    database: &str,
) -> Result<Config, Vec<Problem>> {
    let port = listen.first().map_or(0, SocketAddr::port);
    let texts: Vec<String> = listen.iter().map(ToString::to_string).collect();
    let ours = [
        ("DATABASE_URL", database.to_owned()),
        ("PORTCULLIS_MASTER_KEY_FILE", key.display().to_string()),
        ("PORTCULLIS_LISTEN", texts.join(",")),
    ];
    let tuned: Vec<(String, String)> = config::environment()
        .filter(|(name, value)| !NOT_OURS.contains(&name.as_str()) && !value.is_empty())
        .collect();
    let has_issuer = tuned.iter().any(|(name, _)| name == "PORTCULLIS_ISSUER");
    let issuer = (!has_issuer).then(|| ("PORTCULLIS_ISSUER", format!("http://localhost:{port}")));
    let given = ours.into_iter().chain(issuer).map(|(name, value)| (name.to_owned(), value));
    Config::load(None, tuned.into_iter().chain(given))
}

impl Listen {
    /// The addresses, each of which is free now.
    fn addresses(self) -> anyhow::Result<Vec<SocketAddr>> {
        let (first, second) = match self.address {
            Some(address) => (address, None),
            None => (Ipv4Addr::LOCALHOST.into(), Some(IpAddr::from(Ipv6Addr::LOCALHOST))),
        };
        let free = |address: SocketAddr| TcpListener::bind(address)?.local_addr();
        let first = match free(SocketAddr::new(first, self.port)) {
            Ok(address) => address,
            Err(error) => bail!(taken(SocketAddr::new(first, self.port), &error)),
        };
        // A machine without IPv6 listens on the one address that it has.
        let has = |address: &IpAddr| free(SocketAddr::new(*address, 0)).is_ok();
        let Some(second) = second.filter(has) else { return Ok(vec![first]) };
        match free(SocketAddr::new(second, first.port())) {
            Ok(second) => Ok(vec![first, second]),
            Err(error) => bail!(taken(SocketAddr::new(second, first.port()), &error)),
        }
    }
}

fn taken(address: SocketAddr, error: &std::io::Error) -> String {
    format!("cannot listen on {address} ({error}): choose another with --listen localhost:PORT")
}
