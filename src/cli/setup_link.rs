//! `portcullis setup-link`: the one-time door to the first administrator.

use anyhow::Context as _;
use serde_json::json;
use time::format_description::well_known::Rfc3339;

use super::output::{Output, instant};
use super::place::Place;
use crate::app::dev::setup_url;
use crate::config::Need;
use crate::manage::setup;

pub(super) const EXAMPLE: &str = "\
Example:
  portcullis setup-link
  portcullis setup-link --data .portcullis

The link is good once and for 15 minutes; those before it are dead. Once there is an administrator
there are no more links.";

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    place: Place,
    #[command(flatten)]
    output: Output,
}

pub(super) async fn run(args: &Args) -> anyhow::Result<()> {
    let desk = args.place.open(Need::Issuer).await?;
    let issuer = desk.issuer().context("the issuer is not configured")?;
    let link = setup::issue(&desk.cx()).await?;
    let url = setup_url(issuer, &link.token);
    let json = json!({ "url": url.expose(), "expires_at": link.expires_at.format(&Rfc3339)? });
    args.output
        .show(&json, || format!("{}\n(once, until {})", url.expose(), instant(link.expires_at)))?;
    Ok(())
}
