//! `portcullis init`: the files of a production server.

use std::path::PathBuf;

use anyhow::Context as _;
use serde_json::json;

use super::output::Output;
use crate::app;
use crate::config;

pub(super) const EXAMPLE: &str = "\
Example:
  portcullis init                       ./portcullis.toml and ./master.key
  portcullis init --dir /etc/portcullis

Nothing that exists is overwritten. Keep a copy of master.key: without it the signing keys and the
authenticators in the database cannot be opened.";

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Where to write them
    #[arg(long, value_name = "DIR", default_value = ".")]
    dir: PathBuf,
    #[command(flatten)]
    output: Output,
}

pub(super) fn run(args: &Args) -> anyhow::Result<()> {
    let [config, key] =
        config::init(&args.dir, app::stock().entropy.as_ref()).context("nothing was written")?;
    let made = json!({ "config": config, "master_key": key });
    args.output.show(&made, || {
        format!(
            "wrote {0} and {1}\nnext: set `issuer` and `database.url` in the first, keep a copy of \
             the second, then run\n  portcullis config check --config {0}\n  portcullis migrate \
             --config {0}\n  portcullis serve --config {0}",
            config.display(),
            key.display(),
        )
    })?;
    Ok(())
}
