//! Where log lines go: to standard error, one JSON object per line or text for people.
//!
//! What is logged holds no secrets, for secrets are of a type that does not print itself.

use std::io::{self, IsTerminal as _};

use anyhow::Context as _;
use tracing_subscriber::EnvFilter;

use crate::config::{Log, LogFormat};

/// Starts to log as `log` says. A second start in one process is an error.
///
/// # Errors
/// Where the level does not parse, or something logs already.
pub fn start(log: &Log) -> anyhow::Result<()> {
    let filter = EnvFilter::try_new(&log.level)
        .context("log.level: write `error`, `warn`, `info`, `debug`, `trace` or directives")?;
    let to_stderr = tracing_subscriber::fmt().with_env_filter(filter).with_writer(io::stderr);
    let started = match log.format {
        LogFormat::Json => to_stderr.json().flatten_event(true).try_init(),
        LogFormat::Text => to_stderr.with_ansi(io::stderr().is_terminal()).try_init(),
    };
    started.map_err(|error| anyhow::anyhow!("logging is not to be had: {error}"))
}
