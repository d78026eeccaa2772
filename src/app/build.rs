//! Makes the parts of a server from its configuration.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use anyhow::Context as _;
use axum::http::HeaderName;

use crate::ambient::{Clock, Entropy, SystemClock, SystemEntropy};
use crate::config::{self, Config};
use crate::crypto::CryptoError;
use crate::crypto::jwt::Alg;
use crate::crypto::seal::{MacKey, MasterKey, Seal};
use crate::crypto::webauthn::{AttestationPolicy, RelyingParty};
use crate::identity::session;
use crate::live::Live;
use crate::live::client_keys::ClientKeySets;
use crate::live::journal::Journal;
use crate::live::leaks::{self, LeakFile, Leaks, Range};
use crate::live::outbound::Outbound;
use crate::live::passwords::{Passwords, Size};
use crate::protocol::claims::Acr;
use crate::protocol::dbsc::{self, BoundSessions};
use crate::protocol::discovery::{self, Certificates};
use crate::protocol::dpop::{self, Nonces};
use crate::protocol::refresh_token::MAC_LABEL;
use crate::protocol::target::OIDC_SCOPES;
use crate::store::acme::Wanted;
use crate::store::{Store, StoreConfig};
use crate::web::app::{
    App, Documents, Lifetimes, Mode, Parts, Secrets, SessionLifetimes, Settings,
};
use crate::web::authorities::TrustedAuthorities;
use crate::web::client_address::TrustedProxies;
use crate::web::csrf::Csrf;
use crate::web::limits::{Limiter, Rate, Rates};

/// The longest that any access token may live: how long its revocation is remembered.
pub const LONGEST_ACCESS_TOKEN: time::Duration = time::Duration::days(1);
/// What recovery codes and failure counters are named with.
pub const PEPPER_LABEL: &str = "pepper";
/// How many rate-limited keys a node remembers.
const LIMITED_KEYS: usize = 100_000;

/// The clock and the randomness of a server.
#[derive(Clone)]
pub struct Ambient {
    /// The clock.
    pub clock: Arc<dyn Clock>,
    /// Randomness.
    pub entropy: Arc<dyn Entropy>,
}

/// The machine's own.
pub fn stock() -> Ambient {
    Ambient { clock: Arc::new(SystemClock), entropy: Arc::new(SystemEntropy) }
}

/// A server made, not yet serving.
pub struct Built {
    /// What every handler gets.
    pub app: App,
}

/// The master key in force and those before it, as configured.
///
/// # Errors
/// Where one is not 32 bytes in base64.
pub fn master_keys(config: &Config) -> Result<(MasterKey, Vec<MasterKey>), CryptoError> {
    let current = MasterKey::parse(config.master_key.expose())?;
    let older = config.older_master_keys.iter().map(|key| MasterKey::parse(key.expose()));
    Ok((current, older.collect::<Result<_, _>>()?))
}

/// Makes a server from `config`. Nothing is asked of the database yet.
///
/// # Errors
/// Where a key, a certificate or the database's address cannot be used.
pub fn build(config: &Config, mode: Mode, ambient: &Ambient) -> anyhow::Result<Built> {
    // The first caller's provider is the process's; later ones are the same.
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    let (master, older) = master_keys(config).context("the master key")?;
    let seal = Arc::new(Seal::new(&master, &older));
    let store = Store::connect_lazy(&StoreConfig {
        url: config.database.url.clone(),
        connections: config.database.max_connections,
    })
    .context("the database's address")?;
    let passkeys = passkeys(config).context("the keys that people may sign in with")?;
    let settings = settings(config, mode, strongest_acr(passkeys.as_ref()));
    let secrets = Secrets {
        seal: Arc::clone(&seal),
        refresh: MacKey::derive(&master, MAC_LABEL),
        csrf: Csrf::new(
            MacKey::derive(&master, "csrf"),
            settings.issuer_url.origin().ascii_serialization(),
        ),
        pepper: MacKey::derive(&master, PEPPER_LABEL),
        nonces: Nonces::new(MacKey::derive(&master, dpop::MAC_LABEL)),
        bound_sessions: BoundSessions::new(MacKey::derive(&master, dbsc::MAC_LABEL)),
    };
    let outbound = outbound(config)?;
    let leaks = leaks(config, &outbound)?;
    let clock = Arc::clone(&ambient.clock);
    let authorities = TrustedAuthorities::load(config.mtls.ca_file.as_deref())
        .context("the authorities that vouch for clients, mtls.ca_file")?;
    let app = App::new(Parts {
        live: Arc::new(
            Live::new(store.clone(), Arc::clone(&clock), seal).under(config.security.rules),
        ),
        journal: Arc::new(Journal::default()),
        passwords: Passwords::of(password_pool(config), Arc::clone(&ambient.entropy))
            .screened_by(leaks)
            .of_service(names(&settings.issuer_url)),
        passkeys,
        client_keys: ClientKeySets::new(outbound),
        limiter: Limiter::new(rates(config), LIMITED_KEYS, clock.instant()),
        documents: documents(&settings, config),
        authorities,
        bell: Arc::default(),
        draining: AtomicBool::new(false),
        entropy: Arc::clone(&ambient.entropy),
        clock,
        secrets,
        settings,
        store,
    });
    Ok(Built { app })
}

fn password_pool(config: &Config) -> Size {
    let limits = &config.limits;
    Size { threads: limits.password_hashes, queue: limits.password_queue, settle: give_way }
}

/// Lets every other thread go first: a storm of sign-ins must not slow down token requests. Best
/// effort; elsewhere than on Linux a thread has no priority of its own.
fn give_way() {
    #[cfg(target_os = "linux")]
    let _ = rustix::process::setpriority_process(None, 19);
}

fn settings(config: &Config, mode: Mode, strongest_acr: Acr) -> Settings {
    let tokens = &config.tokens;
    Settings {
        issuer: config.issuer.as_str().to_owned(),
        issuer_url: config.issuer.url().clone(),
        token_endpoints: token_endpoints(config),
        mode,
        lifetimes: Lifetimes {
            access_token: span(tokens.access_token_lifetime),
            id_token: span(tokens.id_token_lifetime),
            refresh_idle_public: span(tokens.refresh_token_idle),
            refresh_idle_confidential: span(tokens.refresh_token_idle),
            refresh_absolute: span(tokens.refresh_token_absolute),
            longest_access_token: LONGEST_ACCESS_TOKEN,
        },
        sessions: SessionLifetimes {
            person: lifetimes(config.sessions.idle, config.sessions.absolute),
            administrator: lifetimes(config.sessions.admin_idle, config.sessions.admin_absolute),
        },
        deletion_grace: span(config.accounts.deletion_grace),
        trusted_proxies: TrustedProxies::new(config.trusted_proxies.clone())
            .handing_over(certificate_header(config)),
        certificates_at: config.mtls.url.clone(),
        touched_keys: config.webauthn.touched_keys,
        copied_keys: config.webauthn.copied_keys,
        strongest_acr,
        dpop_nonces: config.security.dpop_nonces,
    }
}

/// The addresses of the token endpoint, the issuer's first.
fn token_endpoints(config: &Config) -> Vec<String> {
    let alias = config.mtls.url.as_ref().map(|base| format!("{base}{}", discovery::path::TOKEN));
    std::iter::once(config.issuer.at(discovery::path::TOKEN)).chain(alias).collect()
}

/// A configured length as the rules want it.
fn span(length: Duration) -> time::Duration {
    time::Duration::try_from(length).unwrap_or(time::Duration::MAX)
}

fn lifetimes(idle: Duration, absolute: Duration) -> session::Lifetimes {
    session::Lifetimes { idle: span(idle), absolute: span(absolute) }
}

fn rates(config: &Config) -> Rates {
    let even = |per_minute| Rate { per_minute, burst: per_minute };
    Rates {
        authorize: even(config.limits.authorize_per_minute),
        pushed_requests: even(config.limits.authorize_per_minute.saturating_mul(10)),
        sign_in: even(config.limits.sign_in_per_minute),
        ..Rates::default()
    }
}

fn passkeys(config: &Config) -> anyhow::Result<Option<RelyingParty>> {
    let settings = &config.webauthn;
    let authorities = match &settings.attestation_ca_file {
        Some(file) => {
            let text = std::fs::read_to_string(file);
            Some(text.with_context(|| format!("{}", file.display()))?)
        }
        None => None,
    };
    let policy = AttestationPolicy::new(settings.models.clone(), authorities.as_deref())?;
    Ok(RelyingParty::new(config.issuer.url(), &settings.related_origins, policy)?)
}

/// What the best key that may be registered reaches.
fn strongest_acr(passkeys: Option<&RelyingParty>) -> Acr {
    match passkeys {
        Some(party) if party.knows_hardware() => Acr::Phrh,
        Some(_) => Acr::Phr,
        None => Acr::Mfa,
    }
}

/// Which certificate this server gets by itself, if it does.
pub fn wanted(config: &Config) -> Option<Wanted> {
    let directory = config.acme.as_ref()?.directory.to_string();
    let names = config::Acme::names(config.issuer.url(), &config.mtls);
    Some(Wanted { directory, names })
}

pub(super) fn outbound(config: &Config) -> anyhow::Result<Outbound> {
    let authority = match &config.outbound.ca_file {
        Some(file) => Some(std::fs::read(file).with_context(|| format!("{}", file.display()))?),
        None => None,
    };
    Ok(Outbound::new(config.outbound.allow.clone(), authority.as_deref())?)
}

/// The names of the service at `issuer`: its host, and each label of it but the last.
fn names(issuer: &url::Url) -> Vec<String> {
    let host = issuer.host_str().unwrap_or_default().to_owned();
    let labels: Vec<String> = host.split('.').map(str::to_owned).collect();
    let own = labels.len().saturating_sub(1).max(1);
    std::iter::once(host).chain(labels.into_iter().take(own)).collect()
}

/// Where new passwords are looked for.
///
/// # Errors
/// Where the configured file is not one.
pub fn leaks(config: &Config, outbound: &Outbound) -> anyhow::Result<Leaks> {
    let published = &config.passwords;
    let open = |path: &PathBuf| {
        LeakFile::open(path).with_context(|| format!("passwords.published_file {}", path.display()))
    };
    let range = published.url.clone().map(|url| Range {
        outbound: outbound.clone(),
        url,
        otherwise: match published.otherwise {
            config::Otherwise::Allow => leaks::Otherwise::Allow,
            config::Otherwise::Refuse => leaks::Otherwise::Refuse,
        },
    });
    Ok(Leaks::new(published.file.as_ref().map(open).transpose()?, range))
}

/// The header that the configuration has checked.
fn certificate_header(config: &Config) -> Option<HeaderName> {
    config.mtls.proxy_header.as_ref().and_then(|name| name.parse().ok())
}

fn documents(settings: &Settings, config: &Config) -> Documents {
    let scopes = OIDC_SCOPES.map(str::to_owned);
    let announced = discovery::Settings {
        issuer: &settings.issuer,
        scopes: &scopes,
        id_token_algs: &Alg::ALL,
        strongest_acr: settings.strongest_acr,
        rules: config.security.rules,
        certificates: Certificates {
            are_taken: config.mtls.is_on(),
            are_vouched_for: config.mtls.ca_file.is_some(),
            aliases_at: settings.certificates_at.as_deref().filter(|_| config.mtls.is_on()),
        },
    };
    Documents {
        openid_configuration: discovery::openid_configuration(&announced).into(),
        authorization_server: discovery::authorization_server(&announced).into(),
    }
}
