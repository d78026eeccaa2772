//! `portcullis dev`: a whole server on this machine.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use super::signals::Signals;
use super::{apply, output, place};
use crate::app;
use crate::app::dev::{Demo, Dev, Door, Listen, Options};
use crate::config::{self, Log, LogFormat};
use crate::telemetry;

pub(super) const EXAMPLE: &str = "\
Example:
  portcullis dev
  portcullis dev --listen localhost:9000 --data /tmp/try --apply clients.toml

Everything is kept in the data directory; remove it to begin anew. While `dev` runs, the other
commands work on it: portcullis user list --data .portcullis";

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Where everything is kept
    #[arg(long, value_name = "DIR", env = "PORTCULLIS_DATA", default_value = place::DATA,
        hide_env_values = true)]
    data: PathBuf,
    /// Where to listen; localhost is both loopback addresses, port 0 any that is free
    #[arg(long, value_name = "HOST:PORT", env = "PORTCULLIS_LISTEN", default_value = "localhost:8080",
        value_parser = listen, hide_env_values = true)]
    listen: Listen,
    /// Bring the server to the state that this file describes (see `portcullis apply`)
    #[arg(long, value_name = "FILE")]
    apply: Option<PathBuf>,
    /// Leave out the demo API, its clients and the playground
    #[arg(long)]
    no_demo: bool,
}

pub(super) async fn run(args: Args) -> anyhow::Result<()> {
    telemetry::start(&log())?;
    let mut signals = Signals::listen()?;
    let options = Options {
        apply: args.apply.as_deref().map(apply::read).transpose()?,
        demo: if args.no_demo { Demo::Without } else { Demo::Seeded },
        listen: args.listen,
        data: args.data,
    };
    let dev = app::dev::start(&options, &app::stock()).await?;
    output::say(&greeting(&dev, &options.data))?;
    signals.next().await;
    tokio::select! {
        () = dev.stop() => {}
        // PostgreSQL is told to stop when its owner is dropped.
        _ = signals.next() => {}
    }
    Ok(())
}

/// Exactly three lines: where to begin, the issuer, what production has that this has not.
fn greeting(dev: &Dev, data: &Path) -> String {
    let begin = match &dev.door {
        Door::Setup(link) => format!(
            "Set up   {}  (once, within 15 minutes; again: portcullis setup-link)",
            link.expose()
        ),
        Door::Admin(address) => format!("Admin    {address}"),
    };
    let note = dev.note.as_ref().map(|note| format!("; {note}")).unwrap_or_default();
    format!(
        "{begin}\nIssuer   {}\nDiffers  from production: http on this machine alone, a private \
         PostgreSQL in {}, mail kept at /dev/mail; for production: portcullis init{note}",
        dev.issuer,
        data.display()
    )
}

/// Quiet and for people, where the environment does not say otherwise.
fn log() -> Log {
    let set = |wanted: &str| {
        config::environment().find(|(name, _)| name == wanted).map(|(_, value)| value)
    };
    let level = set("PORTCULLIS_LOG_LEVEL").filter(|level| !level.is_empty());
    let format = match set("PORTCULLIS_LOG_FORMAT").as_deref() {
        Some("json") => LogFormat::Json,
        _ => LogFormat::Text,
    };
    Log { level: level.unwrap_or_else(|| "warn".to_owned()), format }
}

fn listen(text: &str) -> Result<Listen, String> {
    let mend = "write localhost:8080, or an IP address and a port such as 0.0.0.0:8080";
    if let Some(port) = text.strip_prefix("localhost:") {
        let port = port.parse().map_err(|_| mend.to_owned())?;
        return Ok(Listen { address: None, port });
    }
    let address: SocketAddr = text.parse().map_err(|_| mend.to_owned())?;
    Ok(Listen { address: Some(address.ip()), port: address.port() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_to_listen_on_is_localhost_or_an_ip() {
        let on = |text: &str| listen(text).map(|listen| (listen.address.is_some(), listen.port));
        assert_eq!(on("localhost:9000"), Ok((false, 9000)));
        assert_eq!(on("127.0.0.1:0"), Ok((true, 0)));
        assert_eq!(on("[::]:8080"), Ok((true, 8080)));
        for text in ["8080", "localhost", "localhost:99999", "id.example.com:8080", ""] {
            assert!(listen(text).is_err(), "{text}");
        }
    }
}
