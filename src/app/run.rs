//! Serves until told to stop, then drains.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use anyhow::Context as _;
use axum::Router;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinSet;
use tower::ServiceExt as _;

use crate::app::build::{outbound, wanted};
use crate::app::prepare::{erase_accounts, rotate_keys};
use crate::config::{self, Config, Limits};
use crate::crypto::acme::stand_in;
use crate::endpoints;
use crate::live::issued::Issued;
use crate::live::{feed, journal};
use crate::store::sweep::Retention;
use crate::tasks::acme::Acme;
use crate::tasks::desk::{self, Desk};
use crate::tasks::outbox::{self, Outbox};
use crate::tasks::{seal_audit, sweep};
use crate::web::accept;
use crate::web::admission::Caps;
use crate::web::app::App;
use crate::web::edge::{Bounds, Edge};
use crate::web::letters;
use crate::web::path::{Audience, Exception};
use crate::web::tls::{Asking, Refreshed, Tls};

/// How often the key schedule is looked at.
const KEYS_EVERY: Duration = Duration::from_secs(30);
/// How often it looks for accounts to erase.
const ERASURES_EVERY: Duration = Duration::from_mins(1);
/// How long a node may take to read its first snapshot.
const FIRST_SNAPSHOT: Duration = Duration::from_secs(10);

/// A server that serves.
pub struct Serving {
    app: App,
    stop: watch::Sender<bool>,
    listeners: JoinSet<()>,
    tasks: JoinSet<()>,
    /// What its listeners show, as far as they end TLS.
    certificates: Vec<Tls>,
    /// The addresses it listens on.
    pub addresses: Vec<SocketAddr>,
}

/// Starts to serve `app` on the configured addresses; returns once it is ready.
///
/// # Errors
/// Where an address is taken, a certificate cannot be read, or the snapshot cannot be loaded.
pub async fn serve(app: App, config: &Config) -> anyhow::Result<Serving> {
    let (stop, stopped) = watch::channel(false);
    let mut tasks = JoinSet::new();
    start_tasks(&app, config, &stopped, &mut tasks)?;
    until_loaded(&app).await?;
    let edge = Edge::new(
        &app.settings.issuer_url,
        bounds(&config.limits),
        app.settings.trusted_proxies.clone(),
        Arc::clone(&app.entropy),
    );
    let door = Door { edge, router: endpoints::router(app.clone()), limits: limits(config) };
    let mut serving = Serving {
        app,
        stop,
        listeners: JoinSet::new(),
        tasks,
        certificates: Vec::new(),
        addresses: Vec::new(),
    };
    let acme = certificate(&serving.app, config)?;
    // What was got before is shown from the first handshake on.
    let acme = match acme {
        Some(acme) => Some((acme.first_look().await, acme)),
        None => None,
    };
    let issued = acme.as_ref().map(|(_, acme)| Arc::clone(&acme.issued));
    let tls = |asking| tls(config, issued.as_ref(), asking);
    let usual = tls(Asking::Nothing)?;
    serving.certificates.extend(usual.clone());
    let door = if usual.is_some() { Door { edge: door.edge.over_tls(), ..door } } else { door };
    for address in &config.listen {
        let listener = bind(*address, "listen").await?;
        serving.addresses.push(listener.local_addr()?);
        let served = door.clone().serve(listener, usual.clone(), Guests::All, stopped.clone());
        serving.listeners.spawn(served);
    }
    for address in &config.mtls.listen {
        let tls = tls(Asking::ForCertificates)?;
        serving.certificates.extend(tls.clone());
        let listener = bind(*address, "mtls.listen").await?;
        serving.addresses.push(listener.local_addr()?);
        let asking = Door { edge: door.edge.clone().asking(), ..door.clone() };
        let served = asking.serve(listener, tls, Guests::Programs, stopped.clone());
        serving.listeners.spawn(served);
    }
    if let Some((showing, acme)) = acme {
        serving.tasks.spawn(acme.run(showing, stopped.clone()));
    }
    Ok(serving)
}

/// Whoever gets the certificate for the names of this server, if it gets one by itself.
fn certificate(app: &App, config: &Config) -> anyhow::Result<Option<Acme>> {
    let (Some(acme), Some(wanted)) = (&config.acme, wanted(config)) else { return Ok(None) };
    let stand_in = stand_in(&wanted.names).context("a certificate for the time before")?;
    Ok(Some(Acme {
        store: app.store.clone(),
        live: Arc::clone(&app.live),
        seal: Arc::clone(&app.secrets.seal),
        entropy: Arc::clone(&app.entropy),
        clock: Arc::clone(&app.clock),
        outbound: outbound(config)?,
        issued: Arc::new(Issued::new(stand_in)?),
        wanted,
        host: app.settings.issuer_url.host_str().unwrap_or_default().to_owned(),
        contact: acme.contact.clone(),
        external_account: acme.external_account.clone(),
    }))
}

async fn bind(address: SocketAddr, setting: &str) -> anyhow::Result<TcpListener> {
    let bound = TcpListener::bind(address).await;
    bound.with_context(|| format!("cannot listen on {address}; choose another with `{setting}`"))
}

fn tls(
    config: &Config,
    issued: Option<&Arc<Issued>>,
    asking: Asking,
) -> anyhow::Result<Option<Tls>> {
    if let Some(issued) = issued {
        return Ok(Some(Tls::issued(Arc::clone(issued), asking)?));
    }
    let load = |files: &config::Tls| Tls::load(&files.cert_file, &files.key_file, asking);
    Ok(config.tls.as_ref().map(load).transpose()?)
}

/// Who is answered at a listener.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Guests {
    /// Everybody.
    All,
    /// Programs: a browser would ask its user for a certificate, and has no session here.
    Programs,
}

/// What answers, the same at every listener.
#[derive(Clone)]
struct Door {
    edge: Edge,
    router: Router,
    limits: accept::Limits,
}

impl Door {
    async fn serve(
        self,
        listener: TcpListener,
        tls: Option<Tls>,
        guests: Guests,
        mut stopped: watch::Receiver<bool>,
    ) {
        let limits = self.limits.clone();
        let answer = move |request: hyper::Request<hyper::body::Incoming>, peer: SocketAddr| {
            let door = self.clone();
            async move { door.answer(request, peer, guests).await }
        };
        let stop = async move {
            let _ = stopped.wait_for(|stop| *stop).await;
        };
        accept::serve(listener, answer, limits, tls, stop).await;
    }

    async fn answer(
        self,
        request: hyper::Request<hyper::body::Incoming>,
        peer: SocketAddr,
        guests: Guests,
    ) -> Response {
        let is_person = Audience::of(request.uri().path()) == Audience::Person;
        let router = self.router;
        let handle = |request| async move {
            if guests == Guests::Programs && is_person {
                return StatusCode::NOT_FOUND.into_response();
            }
            match router.oneshot(request).await {
                Ok(response) => response,
                Err(never) => match never {},
            }
        };
        self.edge.answer(request, peer, handle).await
    }
}

impl Serving {
    /// Takes up renewed files at once: certificates, and the authorities that vouch for clients. Without
    /// this they are looked at every [`accept::RENEWALS_EVERY`].
    pub async fn renew(&self) {
        for tls in &self.certificates {
            accept::renew(tls).await;
        }
        renew_authorities(&self.app);
    }

    /// Stops: not ready first, then no new connections, then the requests in flight end or are cut,
    /// and the journal is written.
    pub async fn shut_down(mut self, notice: Duration) {
        self.app.draining.store(true, Ordering::Relaxed);
        tokio::time::sleep(notice).await;
        let _ = self.stop.send(true);
        while self.listeners.join_next().await.is_some() {}
        while self.tasks.join_next().await.is_some() {}
        if let Err(error) = self.app.journal.flush(&self.app.store).await {
            tracing::error!(%error, "the last audit events were not written");
        }
        self.app.store.close().await;
    }
}

fn start_tasks(
    app: &App,
    config: &Config,
    stopped: &watch::Receiver<bool>,
    tasks: &mut JoinSet<()>,
) -> anyhow::Result<()> {
    let (store, clock) = (&app.store, &app.clock);
    tasks.spawn(feed::follow(Arc::clone(&app.live), stopped.clone()));
    tasks.spawn(journal::write(Arc::clone(&app.journal), store.clone(), stopped.clone()));
    let retention = Retention {
        audit: time::Duration::try_from(config.audit.retention)?,
        ..Retention::default()
    };
    let live = Arc::clone(&app.live);
    tasks.spawn(sweep::run(store.clone(), live, retention, stopped.clone()));
    tasks.spawn(seal_audit::run(store.clone(), stopped.clone()));
    if let Some(mail) = &config.mail {
        let outbox = Outbox::new(&mail.smtp_url, &mail.from).context("mail")?;
        tasks.spawn(outbox::run(store.clone(), outbox, Arc::clone(clock), stopped.clone()));
    }
    tasks.spawn(desk::run(at_desk(app), Arc::clone(&app.bell), stopped.clone()));
    tasks.spawn(keys(app.clone(), config.clone(), stopped.clone()));
    tasks.spawn(erasures(app.clone(), stopped.clone()));
    tasks.spawn(authorities(app.clone(), stopped.clone()));
    Ok(())
}

fn at_desk(app: &App) -> Desk {
    Desk {
        store: app.store.clone(),
        live: Arc::clone(&app.live),
        clock: Arc::clone(&app.clock),
        entropy: Arc::clone(&app.entropy),
        seal: Arc::clone(&app.secrets.seal),
        pepper: app.secrets.pepper.clone(),
        issuer: app.settings.issuer.clone(),
        writer: letters::write,
        longest_token: app.settings.lifetimes.longest_access_token,
    }
}

/// Erases the accounts whose time has come until `stopped`.
async fn erasures(app: App, mut stopped: watch::Receiver<bool>) {
    while !*stopped.borrow() {
        if let Err(error) = erase_accounts(&app).await {
            tracing::warn!(%error, "accounts that are to be erased wait");
        }
        tokio::select! {
            () = tokio::time::sleep(ERASURES_EVERY) => {}
            _ = stopped.changed() => {}
        }
    }
}

/// Follows the file of the authorities that vouch for clients, until `stopped`.
async fn authorities(app: App, mut stopped: watch::Receiver<bool>) {
    while !*stopped.borrow() {
        renew_authorities(&app);
        tokio::select! {
            () = tokio::time::sleep(accept::RENEWALS_EVERY) => {}
            _ = stopped.changed() => {}
        }
    }
}

/// Takes up renewed authorities, if there are any, and tells the log.
fn renew_authorities(app: &App) {
    match app.authorities.refresh() {
        Ok(Refreshed::Unchanged) => {}
        Ok(Refreshed::Renewed) => tracing::info!("took up the renewed mtls.ca_file"),
        Err(error) => tracing::error!(%error, "the renewed mtls.ca_file is not usable"),
    }
}

/// Keeps the key schedule until `stopped`.
async fn keys(app: App, config: Config, mut stopped: watch::Receiver<bool>) {
    while !*stopped.borrow() {
        if let Err(error) = rotate_keys(&app, &config).await {
            tracing::warn!(%error, "the key schedule waits");
        }
        tokio::select! {
            () = tokio::time::sleep(KEYS_EVERY) => {}
            _ = stopped.changed() => {}
        }
    }
}

/// A node is ready only after it has loaded a full snapshot.
async fn until_loaded(app: &App) -> anyhow::Result<()> {
    let loaded = async {
        while !app.live.is_fresh() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(FIRST_SNAPSHOT, loaded)
        .await
        .context("the database did not give the first snapshot in 10 s")
}

fn bounds(limits: &Limits) -> Bounds {
    // Password hashing may queue; everything else is fast or refused.
    let slow = |path: &str| Exception {
        path: path.to_owned(),
        body_bytes: limits.body_bytes,
        handling: limits.request_timeout.max(Duration::from_secs(10)),
    };
    Bounds {
        body_bytes: limits.body_bytes,
        body_arrival: limits.body_timeout,
        handling: limits.request_timeout,
        exceptions: ["/login", "/login/", "/setup", "/signup/", "/admin"].map(slow).into(),
        ..Bounds::default()
    }
}

fn limits(config: &Config) -> accept::Limits {
    let limits = &config.limits;
    accept::Limits {
        caps: Caps {
            total: limits.connections,
            per_address: limits.connections_per_address,
            ..Caps::default()
        },
        head: limits.header_timeout,
        idle: limits.idle_timeout,
        handshake: limits.handshake_timeout,
        drain: limits.drain_timeout,
    }
}
