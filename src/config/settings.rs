//! The settings as types, and how they are read.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use ipnet::IpNet;
use url::Url;

use super::Problem;
use super::acme::{self, Acme};
use super::issuer::Issuer;
use super::mtls::{self, Mtls};
use super::published::{self, Published};
use super::reader::Reader;
use super::security::{self, Security};
use super::webauthn::{self, Webauthn};
use crate::crypto::secret::Secret;

/// All that a node is told. The table in [`super::keys`] says what each field means.
#[derive(Debug, Clone)]
pub struct Config {
    /// The address people and clients know this server by.
    pub issuer: Issuer,
    /// Where it listens; never empty.
    pub listen: Vec<SocketAddr>,
    /// Whose forwarded headers count.
    pub trusted_proxies: Vec<IpNet>,
    /// The text of the master key: 32 bytes in base64 or base64url.
    pub master_key: Secret,
    /// Master keys of before, newest first.
    pub older_master_keys: Vec<Secret>,
    /// The database.
    pub database: Database,
    /// The certificate, where no proxy ends TLS.
    pub tls: Option<Tls>,
    /// Where the server gets its certificate by itself, if it does.
    pub acme: Option<Acme>,
    /// Where and how clients show certificates.
    pub mtls: Mtls,
    /// How we call out.
    pub outbound: Outbound,
    /// How mail is sent, if it is.
    pub mail: Option<Mail>,
    /// How long what we issue lives.
    pub tokens: Tokens,
    /// How long browser sessions live.
    pub sessions: Sessions,
    /// Which keys people may sign in with.
    pub webauthn: Webauthn,
    /// What is asked of every client.
    pub security: Security,
    /// What becomes of accounts.
    pub accounts: Accounts,
    /// What we refuse for being too much.
    pub limits: Limits,
    /// Which new passwords are refused for being known.
    pub passwords: Published,
    /// What is logged.
    pub log: Log,
    /// What is remembered.
    pub audit: Audit,
}

/// The database and our patience with it.
#[derive(Debug, Clone)]
pub struct Database {
    /// `postgres://…`, with the password in it.
    pub url: Secret,
    /// The most connections of this node.
    pub max_connections: u32,
}

/// A certificate and its key, both PEM files.
#[derive(Debug, Clone)]
pub struct Tls {
    /// The chain, leaf first.
    pub cert_file: PathBuf,
    /// The private key.
    pub key_file: PathBuf,
}

/// What our outgoing calls may do.
#[derive(Debug, Clone)]
pub struct Outbound {
    /// Authorities trusted besides the public ones.
    pub ca_file: Option<PathBuf>,
    /// Networks the guard against SSRF lets through.
    pub allow: Vec<IpNet>,
}

/// The way mail goes out.
#[derive(Debug, Clone)]
pub struct Mail {
    /// `smtp://…` or `smtps://…`, with the password in it.
    pub smtp_url: Secret,
    /// Whom it comes from.
    pub from: String,
}

/// How long what we issue lives.
#[derive(Debug, Clone)]
pub struct Tokens {
    /// An access token whose API says nothing else.
    pub access_token_lifetime: Duration,
    /// An ID token.
    pub id_token_lifetime: Duration,
    /// A refresh token nobody uses.
    pub refresh_token_idle: Duration,
    /// A grant, however often it is refreshed.
    pub refresh_token_absolute: Duration,
    /// How long a signing key signs.
    pub key_rotation: Duration,
}

/// How long browser sessions live.
#[derive(Debug, Clone)]
pub struct Sessions {
    /// Unused.
    pub idle: Duration,
    /// At all.
    pub absolute: Duration,
    /// An administrator's, unused.
    pub admin_idle: Duration,
    /// An administrator's, at all.
    pub admin_absolute: Duration,
}

/// What becomes of accounts.
#[derive(Debug, Clone)]
pub struct Accounts {
    /// How long their owners can take a deletion back.
    pub deletion_grace: Duration,
}

/// What we refuse for being too much.
#[derive(Debug, Clone)]
pub struct Limits {
    /// Bytes of a request body.
    pub body_bytes: usize,
    /// Connections at once.
    pub connections: usize,
    /// Connections at once from one address.
    pub connections_per_address: usize,
    /// To send headers.
    pub header_timeout: Duration,
    /// To send a body.
    pub body_timeout: Duration,
    /// To keep a connection idle.
    pub idle_timeout: Duration,
    /// To finish a TLS handshake.
    pub handshake_timeout: Duration,
    /// To answer.
    pub request_timeout: Duration,
    /// To finish open requests when told to stop.
    pub drain_timeout: Duration,
    /// Passwords hashed at once; never zero.
    pub password_hashes: usize,
    /// How many may wait for that.
    pub password_queue: usize,
    /// Authorization requests per address and minute.
    pub authorize_per_minute: u32,
    /// Sign-in forms per address and minute.
    pub sign_in_per_minute: u32,
}

/// What is logged and how.
#[derive(Debug, Clone)]
pub struct Log {
    /// Directives of `tracing_subscriber::EnvFilter`.
    pub level: String,
    /// One JSON object per line, or text for people.
    pub format: LogFormat,
}

/// The form of log lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogFormat {
    /// For machines.
    Json,
    /// For people.
    Text,
}

/// What is remembered.
#[derive(Debug, Clone)]
pub struct Audit {
    /// How long events are kept.
    pub retention: Duration,
}

/// Reads every setting and gives the whole or every problem.
pub(super) fn read(mut from: Reader) -> Result<Config, Vec<Problem>> {
    let issuer = issuer(&mut from);
    let listen = from.addresses("listen");
    if listen.is_empty() && from.text("listen").is_none_or(|text| text.trim().is_empty()) {
        from.refuse("listen", "is empty", "name at least one address, such as 0.0.0.0:8080");
    }
    let trusted_proxies = from.networks("trusted_proxies");
    let (master_key, older_master_keys) = master_keys(&mut from);
    let database = database(&mut from);
    let tls = tls(&mut from);
    let outbound =
        Outbound { ca_file: from.path("outbound.ca_file"), allow: from.networks("outbound.allow") };
    let acme = acme::read(&mut from, issuer.as_ref());
    let mtls = mtls::read(&mut from, &listen);
    let mail = mail(&mut from);
    let tokens = tokens(&mut from);
    let sessions = sessions(&mut from);
    let webauthn = webauthn::read(&mut from);
    let security = security::read(&mut from);
    let accounts = Accounts { deletion_grace: from.length("accounts.deletion_grace") };
    let limits = limits(&mut from);
    let passwords = published::read(&mut from);
    let log = log(&mut from);
    let audit = Audit { retention: from.length("audit.retention") };
    let problems = from.problems();
    match (issuer, master_key, database) {
        (Some(issuer), Some(master_key), Some(database)) if problems.is_empty() => Ok(Config {
            issuer,
            listen,
            trusted_proxies,
            master_key,
            older_master_keys,
            database,
            tls,
            acme,
            mtls,
            outbound,
            mail,
            tokens,
            sessions,
            webauthn,
            security,
            accounts,
            limits,
            passwords,
            log,
            audit,
        }),
        _ => Err(problems),
    }
}

pub(super) fn issuer(from: &mut Reader) -> Option<Issuer> {
    let text = from.text("issuer")?;
    match Issuer::parse(&text) {
        Ok(issuer) => Some(issuer),
        Err(error) => {
            from.refuse("issuer", "is no issuer", error.to_string());
            None
        }
    }
}

pub(super) fn master_keys(from: &mut Reader) -> (Option<Secret>, Vec<Secret>) {
    let mend = "give 32 random bytes in base64, as `openssl rand -base64 32` prints them";
    let current = from.secret("master_key");
    if current.as_ref().is_some_and(|key| !is_master_key(key)) {
        from.refuse("master_key", "is no master key", mend);
    }
    let older = from.secrets("older_master_keys");
    if !older.iter().all(is_master_key) {
        from.refuse("older_master_keys", "has one that is no master key", mend);
    }
    (current, older)
}

/// Whether the text is 32 bytes in base64 or base64url.
fn is_master_key(text: &Secret) -> bool {
    let text = text.expose();
    let bytes = STANDARD.decode(text).or_else(|_| URL_SAFE_NO_PAD.decode(text));
    bytes.map(zeroize::Zeroizing::new).is_ok_and(|bytes| bytes.len() == 32)
}

pub(super) fn database(from: &mut Reader) -> Option<Database> {
    let url = from.secret("database.url");
    let postgres = |url: &Secret| {
        let scheme = url.expose().split_once("://").map(|(scheme, _)| scheme);
        matches!(scheme, Some("postgres" | "postgresql")) && Url::parse(url.expose()).is_ok()
    };
    if url.as_ref().is_some_and(|url| !postgres(url)) {
        let mend = "write postgres://user:password@host/name";
        from.refuse("database.url", "is no PostgreSQL address", mend);
    }
    let max_connections = from.number("database.max_connections");
    Some(Database { url: url?, max_connections })
}

fn tls(from: &mut Reader) -> Option<Tls> {
    match (from.path("tls.cert_file"), from.path("tls.key_file")) {
        (Some(cert_file), Some(key_file)) => Some(Tls { cert_file, key_file }),
        (Some(_), None) => {
            from.refuse("tls.key_file", "is missing", "a certificate needs its private key");
            None
        }
        (None, Some(_)) => {
            from.refuse("tls.cert_file", "is missing", "a private key needs its certificate");
            None
        }
        (None, None) => None,
    }
}

fn mail(from: &mut Reader) -> Option<Mail> {
    let url = from.secret("mail.smtp_url");
    let sender = from.text("mail.from");
    let smtp = |url: &Secret| ["smtp://", "smtps://"].iter().any(|s| url.expose().starts_with(s));
    if url.as_ref().is_some_and(|url| !smtp(url)) {
        from.refuse("mail.smtp_url", "is no mail server", "write smtps://user:password@host");
    }
    if sender.as_ref().is_some_and(|sender| !sender.contains('@')) {
        from.refuse("mail.from", "is no mail address", "write Portcullis <id@example.com>");
    }
    match (url, sender) {
        (Some(smtp_url), Some(from)) => Some(Mail { smtp_url, from }),
        (Some(_), None) => {
            from.refuse("mail.from", "is missing", "mail needs a sender");
            None
        }
        (None, Some(_)) => {
            from.refuse("mail.smtp_url", "is missing", "mail needs a server to go through");
            None
        }
        (None, None) => None,
    }
}

fn tokens(from: &mut Reader) -> Tokens {
    let tokens = Tokens {
        access_token_lifetime: from.length("tokens.access_token_lifetime"),
        id_token_lifetime: from.length("tokens.id_token_lifetime"),
        refresh_token_idle: from.length("tokens.refresh_token_idle"),
        refresh_token_absolute: from.length("tokens.refresh_token_absolute"),
        key_rotation: from.length("tokens.key_rotation"),
    };
    at_most(from, "tokens.refresh_token_idle", "tokens.refresh_token_absolute");
    tokens
}

fn sessions(from: &mut Reader) -> Sessions {
    let sessions = Sessions {
        idle: from.length("sessions.idle"),
        absolute: from.length("sessions.absolute"),
        admin_idle: from.length("sessions.admin_idle"),
        admin_absolute: from.length("sessions.admin_absolute"),
    };
    at_most(from, "sessions.idle", "sessions.absolute");
    at_most(from, "sessions.admin_idle", "sessions.admin_absolute");
    sessions
}

/// An idle end after the absolute one would never come.
fn at_most(from: &mut Reader, idle: &str, absolute: &str) {
    let length = |text: Option<String>| text.and_then(|text| super::duration::parse(&text));
    if let (Some(short), Some(long)) = (length(from.text(idle)), length(from.text(absolute)))
        && short > long
    {
        from.refuse(idle, "is longer than the absolute end", format!("keep it within {absolute}"));
    }
}

fn limits(from: &mut Reader) -> Limits {
    let cores = || std::thread::available_parallelism().map_or(2, std::num::NonZero::get);
    Limits {
        body_bytes: from.number("limits.body_bytes"),
        connections: from.number("limits.connections"),
        connections_per_address: from.number("limits.connections_per_address"),
        header_timeout: from.length("limits.header_timeout"),
        body_timeout: from.length("limits.body_timeout"),
        idle_timeout: from.length("limits.idle_timeout"),
        handshake_timeout: from.length("limits.handshake_timeout"),
        request_timeout: from.length("limits.request_timeout"),
        drain_timeout: from.length("limits.drain_timeout"),
        password_hashes: match from.number("limits.password_hashes") {
            0 => cores(),
            permits => permits,
        },
        password_queue: from.number("limits.password_queue"),
        authorize_per_minute: from.number("limits.authorize_per_minute"),
        sign_in_per_minute: from.number("limits.sign_in_per_minute"),
    }
}

fn log(from: &mut Reader) -> Log {
    let level = from.text("log.level").unwrap_or_default();
    if level.parse::<tracing_subscriber::filter::Targets>().is_err() {
        from.refuse("log.level", "is no log level", "write error, warn, info, debug or trace");
    }
    let format = match from.choice("log.format").as_str() {
        "text" => LogFormat::Text,
        _ => LogFormat::Json,
    };
    Log { level, format }
}
