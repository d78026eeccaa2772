//! `portcullis serve`: a production server.

use std::path::PathBuf;
use std::time::Duration;

use super::place::{self, misconfigured};
use super::signals::{HangUps, Order, Signals};
use crate::app;
use crate::telemetry;
use crate::web::app::Mode;

pub(super) const EXAMPLE: &str = "\
Example:
  portcullis init --dir /etc/portcullis     once; then set issuer and database.url in it
  portcullis migrate --config /etc/portcullis/portcullis.toml
  portcullis serve --config /etc/portcullis/portcullis.toml

  DATABASE_URL=postgres://portcullis@localhost/portcullis \\
  PORTCULLIS_ISSUER=https://id.example.com \\
  PORTCULLIS_LISTEN=0.0.0.0:8080 \\
  PORTCULLIS_MASTER_KEY_FILE=/run/secrets/master_key portcullis serve

SIGTERM: not ready at once, 5 s for the load balancer to see it, then the requests in flight end.
SIGHUP: renewed certificates and authorities are taken up at once, not within ten seconds; all other
settings are read at the start only.";

/// How long the load balancer has to see that we are going.
const NOTICE: Duration = Duration::from_secs(5);

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The configuration file; portcullis.toml where there is one
    #[arg(long, value_name = "FILE", env = "PORTCULLIS_CONFIG", hide_env_values = true)]
    config: Option<PathBuf>,
}

pub(super) async fn run(args: Args) -> anyhow::Result<()> {
    let config = place::load(args.config.as_deref()).map_err(|found| misconfigured(&found))?;
    telemetry::start(&config.log)?;
    let (mut signals, mut hang_ups) = (Signals::listen()?, HangUps::listen()?);
    let started = async {
        let app = app::build(&config, Mode::Production, &app::stock())?.app;
        place::require_schema(&app.store).await?;
        app::prepare(&app, &config).await?;
        app::serve(app, &config).await
    };
    let serving = tokio::select! {
        serving = started => serving?,
        _ = signals.next() => return Ok(()),
    };
    tracing::info!(issuer = %config.issuer, addresses = ?serving.addresses, "serving");
    let order = loop {
        tokio::select! {
            order = signals.next() => break order,
            () = hang_ups.next() => {
                tracing::info!("looking for renewed certificates and authorities, as SIGHUP asks");
                serving.renew().await;
            }
        }
    };
    tracing::info!(?order, "stopping");
    let notice = match order {
        Order::Terminate => NOTICE,
        Order::Interrupt => Duration::ZERO,
    };
    tokio::select! {
        () = serving.shut_down(notice) => tracing::info!("stopped"),
        _ = signals.next() => tracing::warn!("stopped at the second signal; requests were cut"),
    }
    Ok(())
}
