//! Brings the database to where a server can start: the keys and the built-in API are there.

use anyhow::Context as _;

use crate::config::Config;
use crate::crypto::keyset::Schedule;
use crate::manage::account::closing;
use crate::manage::{self, apis, keys};
use crate::policy::permission::Actor;
use crate::store::migrate;
use crate::store::sessions::Origin;
use crate::web::app::App;

/// How long relying parties may keep the JWKS, in seconds: what its answer says.
const JWKS_MAX_AGE: time::Duration = time::Duration::seconds(300);

/// Checks the schema, makes the first signing keys and the admin API where they are not there yet.
/// Any number of nodes may start together.
///
/// # Errors
/// Where the database does not answer, or its schema is not one that this program knows.
pub async fn prepare(app: &App, config: &Config) -> anyhow::Result<()> {
    let schema = migrate::schema(&app.store).await.context("the database does not answer")?;
    migrate::require_current(schema)?;
    rotate_keys(app, config).await?;
    with_manage(app, async |cx| {
        apis::ensure_built_in(&cx, &app.settings.issuer).await?;
        Ok(())
    })
    .await
}

/// Does what the key schedule says is due.
///
/// # Errors
/// Where the database does not answer.
pub async fn rotate_keys(app: &App, config: &Config) -> anyhow::Result<()> {
    let every = time::Duration::try_from(config.tokens.key_rotation)?;
    let longest = app.settings.lifetimes.longest_access_token;
    let schedule = Schedule::new(every, JWKS_MAX_AGE, longest);
    with_manage(app, async |cx| {
        for change in keys::run_schedule(&cx, &schedule).await?.changes {
            app.live.changed(change.kind, &change.subject).await?;
        }
        Ok(())
    })
    .await
}

/// Erases the accounts whose time has come: how many.
///
/// # Errors
/// Where Postgres does not answer.
pub async fn erase_accounts(app: &App) -> anyhow::Result<usize> {
    with_manage(app, async |cx| Ok(closing::erase_due(&cx).await?)).await
}

/// Does `act` as this server itself.
pub(super) async fn with_manage<T>(
    app: &App,
    act: impl AsyncFnOnce(manage::Cx<'_>) -> anyhow::Result<T>,
) -> anyhow::Result<T> {
    let actor = Actor::System;
    let origin = Origin { address: None, user_agent: String::new() };
    act(manage::Cx {
        store: &app.store,
        now: app.now(),
        entropy: app.entropy.as_ref(),
        actor: &actor,
        origin: &origin,
        secrets: manage::Secrets { seal: &app.secrets.seal, pepper: &app.secrets.pepper },
        longest_token: app.settings.lifetimes.longest_access_token,
    })
    .await
}
