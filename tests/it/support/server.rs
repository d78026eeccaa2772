//! A whole server in this process, on a port of its own, over a database of its own.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use portcullis::ambient::{Clock, SystemEntropy};
use portcullis::app::{self, Ambient, Serving};
use portcullis::config::Config;
use portcullis::crypto::seal::MasterKey;
use portcullis::crypto::totp::Seed;
use portcullis::live::passwords::Passwords;
use portcullis::manage::{self, apply};
use portcullis::policy::permission::Actor;
use portcullis::store::sessions::Origin;
use portcullis::web::app::{App, Mode};

use crate::support::browser::Browser;
use crate::support::clock::MovedClock;
use crate::support::db::Db;
use crate::support::port::Port;
use crate::support::tls::ServerFiles;

/// The master key of every test server, so that the template's signing keys open.
pub const MASTER_KEY: &str = "dGVzdHMgdGVzdHMgdGVzdHMgdGVzdHMgdGVzdHMgISE";
/// Everybody's password.
pub const PASSWORD: &str = "correct horse battery staple";
/// The secret of every confidential client of [`STOCK`].
pub const SECRET: &str = "pc_cs_a-secret-that-is-long-enough-for-tests";
/// The seed of everybody's authenticator.
pub const TOTP: &str = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP";
/// The API of [`STOCK`].
/// The redirect URI of the clients of [`STOCK`].
pub const REDIRECT: &str = "https://app.example/cb";

/// What most tests need: an API, clients of each kind, people with and without a second factor.
pub const STOCK: &str = r#"
[[api]]
resource = "https://api.example/"
name = "Orders"
scopes = [{ name = "orders.read", description = "See your orders" }, { name = "orders.write" }]

[[client]]
client_id = "shop"
client_secret = "pc_cs_a-secret-that-is-long-enough-for-tests"
client_name = "Shop"
redirect_uris = ["https://app.example/cb"]
post_logout_redirect_uris = ["https://app.example/bye"]
grant_types = ["authorization_code", "refresh_token", "client_credentials"]
token_endpoint_auth_method = "client_secret_basic"
scope = "openid profile email phone address offline_access orders.read orders.write"
introspect = ["https://api.example/"]
consent = "trusted"

[[client]]
client_id = "asker"
client_secret = "pc_cs_a-secret-that-is-long-enough-for-tests"
client_name = "Asker"
redirect_uris = ["https://app.example/cb"]
grant_types = ["authorization_code", "refresh_token"]
token_endpoint_auth_method = "client_secret_post"
scope = "openid profile email offline_access orders.read"
consent = "remember"

[[client]]
client_id = "spa"
client_name = "Single page"
redirect_uris = ["https://app.example/cb", "http://127.0.0.1/cb"]
grant_types = ["authorization_code", "refresh_token"]
token_endpoint_auth_method = "none"
scope = "openid profile offline_access orders.read"
consent = "trusted"

[[client]]
client_id = "machine"
client_secret = "pc_cs_a-secret-that-is-long-enough-for-tests"
client_name = "Machine"
grant_types = ["client_credentials"]
token_endpoint_auth_method = "client_secret_basic"
scope = "orders.read"

[[user]]
username = "bob"
email = "bob@example.com"
email_verified = true
password = "correct horse battery staple"
claims = { name = "Bob Example", given_name = "Bob", locale = "en" }

[[user]]
username = "carol"
email = "carol@example.com"
password = "correct horse battery staple"
totp_secret = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"

[[user]]
username = "alice"
email = "alice@example.com"
email_verified = true
password = "correct horse battery staple"
totp_secret = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
roles = ["administrator"]
"#;

/// A server under test.
pub struct Server {
    /// Its parts, for what no client can see.
    pub app: App,
    /// Its issuer, which is also its address.
    pub issuer: String,
    /// Its clock.
    pub clock: Arc<MovedClock>,
    /// Where to send requests: the issuer's address, or a second node's.
    pub address: String,
    /// Its database.
    pub db: Arc<Db>,
    serving: Option<Serving>,
    _port: Port,
}

impl Server {
    /// A server with [`STOCK`].
    pub async fn start() -> Self {
        let server = Self::bare().await;
        server.apply(STOCK).await;
        server
    }

    /// A server with nothing in it.
    pub async fn bare() -> Self {
        Self::with(&[]).await
    }

    /// A server with nothing in it but these settings (`PORTCULLIS_*` without the prefix).
    pub async fn with(settings: &[(&str, &str)]) -> Self {
        Self::over(Arc::new(Db::fresh().await), settings).await
    }

    /// A server with these settings over `db`, whatever is in it.
    pub async fn over(db: Arc<Db>, settings: &[(&str, &str)]) -> Self {
        let port = Port::free();
        let issuer = format!("http://localhost:{}", port.number);
        Self::node(db, issuer, port, Arc::default(), settings).await
    }

    /// A server with [`STOCK`] that ends TLS itself, with these files and settings.
    pub async fn secure(files: &ServerFiles, settings: &[(&str, &str)]) -> Self {
        Self::secure_at("localhost", files, settings).await
    }

    /// The same, called `host`.
    pub async fn secure_at(host: &str, files: &ServerFiles, settings: &[(&str, &str)]) -> Self {
        let mut all = settings.to_vec();
        all.push(("TLS_CERT_FILE", files.certificate.path()));
        all.push(("TLS_KEY_FILE", files.key.path()));
        let server = Self::at_port(host, Port::free(), &all).await;
        server.apply(STOCK).await;
        server
    }

    /// A server with nothing in it but these settings, that ends TLS itself and is called `host`.
    pub async fn at_port(host: &str, port: Port, settings: &[(&str, &str)]) -> Self {
        let db = Arc::new(Db::fresh().await);
        let issuer = format!("https://{host}:{}", port.number);
        Self::node(db, issuer, port, Arc::default(), settings).await
    }

    /// A second node over the same database, with the same issuer and clock.
    pub async fn second_node(&self) -> Self {
        self.second_node_with(&[]).await
    }

    /// The same, with these settings.
    pub async fn second_node_with(&self, settings: &[(&str, &str)]) -> Self {
        self.second_node_at(Port::free(), settings).await
    }

    /// The same, at this port.
    pub async fn second_node_at(&self, port: Port, settings: &[(&str, &str)]) -> Self {
        let (db, clock) = (Arc::clone(&self.db), Arc::clone(&self.clock));
        Self::node(db, self.issuer.clone(), port, clock, settings).await
    }

    async fn node(
        db: Arc<Db>,
        issuer: String,
        port: Port,
        clock: Arc<MovedClock>,
        settings: &[(&str, &str)],
    ) -> Self {
        let config = config(db.url(), &issuer, port.number, settings);
        let now: Arc<dyn Clock> = Arc::<MovedClock>::clone(&clock);
        let ambient = Ambient { clock: now, entropy: Arc::new(SystemEntropy) };
        let app = app::build(&config, Mode::Development, &ambient).unwrap().app;
        app::prepare(&app, &config).await.unwrap();
        let serving = app::serve(app.clone(), &config).await.unwrap();
        let address = if issuer.starts_with("https:") {
            issuer.clone()
        } else {
            format!("http://127.0.0.1:{}", port.number)
        };
        Self { app, issuer, clock, address, db, serving: Some(serving), _port: port }
    }

    /// Brings the server to the state that `document` (TOML) describes.
    pub async fn apply(&self, document: &str) {
        let sources = apply::Sources { env: &|_| None, directory: Path::new(".") };
        let document =
            apply::Document::parse(document, apply::Syntax::Toml, &sources).expect("a good file");
        // A pool of its own: hashing for a test must not stand in the server's queue.
        let passwords = Passwords::new(2, 100, Arc::new(SystemEntropy));
        let report = self
            .manage(async |cx| apply::apply(&cx, &document, &passwords).await.expect("it applies"))
            .await;
        for change in report.changes {
            self.app.live.changed(change.kind, &change.subject).await.unwrap();
        }
    }

    /// Does something as the command line would.
    pub async fn manage<T>(&self, act: impl AsyncFnOnce(manage::Cx<'_>) -> T) -> T {
        let origin = Origin { address: None, user_agent: String::new() };
        let app = &self.app;
        act(manage::Cx {
            store: &app.store,
            now: app.now(),
            entropy: app.entropy.as_ref(),
            actor: &Actor::Cli,
            origin: &origin,
            secrets: manage::Secrets { seal: &app.secrets.seal, pepper: &app.secrets.pepper },
            longest_token: app.settings.lifetimes.longest_access_token,
        })
        .await
    }

    /// A new browser at this server.
    pub fn browser(&self) -> Browser {
        Browser::at(&self.address, &self.issuer)
    }

    /// The address of `path` here.
    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.address)
    }

    /// The code that everybody's authenticator shows now.
    pub fn totp(&self) -> String {
        Seed::from_base32(TOTP).unwrap().code_at(self.app.now())
    }

    /// Writes what waits to be written to the audit log.
    pub async fn flush_journal(&self) {
        self.app.journal.flush(&self.app.store).await.unwrap();
    }

    /// Has it look for renewed files now.
    pub async fn renew(&self) {
        self.serving.as_ref().expect("it serves").renew().await;
    }

    /// What is needed to stop it in one's own way.
    pub fn take_serving(&mut self) -> Serving {
        self.serving.take().expect("it is stopped already")
    }

    /// Stops it as a signal would.
    pub async fn stop(&mut self) {
        if let Some(serving) = self.serving.take() {
            serving.shut_down(Duration::ZERO).await;
        }
    }
}

/// The configuration of a test server.
pub fn config(database: &str, issuer: &str, port: u16, settings: &[(&str, &str)]) -> Config {
    let mut variables = vec![
        ("DATABASE_URL".to_owned(), database.to_owned()),
        ("PORTCULLIS_ISSUER".to_owned(), issuer.to_owned()),
        ("PORTCULLIS_LISTEN".to_owned(), format!("127.0.0.1:{port}")),
        ("PORTCULLIS_MASTER_KEY".to_owned(), master_key()),
    ];
    let more =
        settings.iter().map(|(name, value)| (format!("PORTCULLIS_{name}"), (*value).to_owned()));
    variables.extend(more);
    Config::load(None, variables.into_iter()).unwrap_or_else(|problems| {
        panic!("{}", problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))
    })
}

/// [`MASTER_KEY`] in the form that configurations take.
fn master_key() -> String {
    MasterKey::parse(MASTER_KEY).expect("32 bytes").to_text().expose().to_owned()
}
