//! `portcullis certificate`: the certificate that the server gets by itself.

use serde_json::json;

use super::fail::Usage;
use super::output::{self, Output, instant};
use super::place::Place;
use crate::app;
use crate::config::Need;
use crate::manage::certificates::{self, CertificateView};

const STATUS_EXAMPLE: &str = "\
Example:
  portcullis certificate status --json

Those of before are listed too, where acme.directory or the names have changed since.";
const RENEW_EXAMPLE: &str = "\
Example:
  portcullis certificate renew

A running server orders within seconds, whatever the last try came to. Authorities count what they
are asked for: look at `portcullis doctor` first.";

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// Tell until when it is good, and when the next is tried for
    #[command(after_help = STATUS_EXAMPLE)]
    Status(CertificateArgs),
    /// Have another got now
    #[command(after_help = RENEW_EXAMPLE)]
    Renew(CertificateArgs),
}

#[derive(Debug, clap::Args)]
struct CertificateArgs {
    #[command(flatten)]
    place: Place,
    #[command(flatten)]
    output: Output,
}

pub(super) async fn run(args: &Args) -> anyhow::Result<()> {
    match &args.command {
        Command::Status(args) => status(args).await,
        Command::Renew(args) => renew(args).await,
    }
}

async fn status(args: &CertificateArgs) -> anyhow::Result<()> {
    let desk = args.place.open(Need::Database).await?;
    let all = certificates::list(&desk.cx()).await?;
    args.output.show(&all, || text(&all))?;
    Ok(())
}

async fn renew(args: &CertificateArgs) -> anyhow::Result<()> {
    if args.place.is_dev() {
        return Err(Usage("`portcullis dev` gets no certificate".to_owned()).into());
    }
    let Some(wanted) = app::wanted(&args.place.config()?) else {
        let what = "this server gets no certificate by itself: acme.directory is not set";
        return Err(Usage(what.to_owned()).into());
    };
    let desk = args.place.open(Need::Database).await?;
    certificates::renew(&desk.cx(), &wanted).await?;
    let names = wanted.names.join(" and ");
    let json = json!({ "names": wanted.names, "directory": wanted.directory });
    let told = "a running server gets another certificate for";
    args.output.show(&json, || format!("{told} {names}; `portcullis certificate status` tells"))?;
    Ok(())
}

fn text(all: &[CertificateView]) -> String {
    if all.is_empty() {
        return "no certificate: a server with acme.directory orders one when it starts".to_owned();
    }
    let row = |one: &CertificateView| {
        let next = match (one.asked_at, one.not_before) {
            (Some(_), None) => "now".to_owned(),
            // Before that time nobody tries; the certificate may be good for longer.
            (_, Some(not_before)) if one.failures > 0 || one.asked_at.is_some() => {
                instant(not_before)
            }
            _ => one.renews_at.map_or_else(|| "now".to_owned(), instant),
        };
        [
            one.names.join(" "),
            one.expires_at.map(instant).unwrap_or_default(),
            one.failures.to_string(),
            next,
            one.directory.clone(),
        ]
    };
    let rows: Vec<_> = all.iter().map(row).collect();
    output::table(["NAMES", "UNTIL", "FAILED", "NEXT TRY", "DIRECTORY"], &rows)
}
