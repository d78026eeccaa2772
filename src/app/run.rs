//! Serves until told to stop, then drains.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use anyhow::Context as _;
use axum::response::Response;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinSet;
use tower::ServiceExt as _;

use crate::app::prepare::{erase_accounts, rotate_keys};
use crate::config::{Config, Limits};
use crate::endpoints;
use crate::live::{feed, journal};
use crate::store::sweep::Retention;
use crate::tasks::desk::{self, Desk};
use crate::tasks::outbox::{self, Outbox};
use crate::tasks::{seal_audit, sweep};
use crate::web::accept;
use crate::web::admission::Caps;
use crate::web::app::App;
use crate::web::edge::{Bounds, Edge};
use crate::web::letters;
use crate::web::path::Exception;
use crate::web::tls::Tls;

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
    let tls = match &config.tls {
        Some(files) => Some(Tls::load(&files.cert_file, &files.key_file)?),
        None => None,
    };
    let edge = Edge::new(
        &app.settings.issuer_url,
        bounds(&config.limits),
        app.settings.trusted_proxies.clone(),
        Arc::clone(&app.entropy),
    );
    let router = endpoints::router(app.clone());
    let mut listeners = JoinSet::new();
    let mut addresses = Vec::new();
    for address in &config.listen {
        let listener = TcpListener::bind(address)
            .await
            .with_context(|| format!("cannot listen on {address}; choose another with `listen`"))?;
        addresses.push(listener.local_addr()?);
        let (edge, router) = (edge.clone(), router.clone());
        let answer = move |request: hyper::Request<hyper::body::Incoming>, peer: SocketAddr| {
            let (edge, router) = (edge.clone(), router.clone());
            async move {
                let handle = |request| async move {
                    match router.oneshot(request).await {
                        Ok(response) => response,
                        Err(never) => match never {},
                    }
                };
                let answered: Response = edge.answer(request, peer, handle).await;
                answered
            }
        };
        let mut stopped = stopped.clone();
        let stop = async move {
            let _ = stopped.wait_for(|stop| *stop).await;
        };
        listeners.spawn(accept::serve(listener, answer, limits(config), tls.clone(), stop));
    }
    Ok(Serving { app, stop, listeners, tasks, addresses })
}

impl Serving {
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
