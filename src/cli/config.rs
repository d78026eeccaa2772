//! `portcullis config`: the configuration, checked and shown.

use std::path::PathBuf;

use serde_json::json;

use super::output::Output;
use super::place::{self, misconfigured};
use crate::config::{Config, Problem};
use crate::web::authorities::TrustedAuthorities;
use crate::web::tls::{Asking, Tls};

const CHECK_EXAMPLE: &str = "\
Example:
  portcullis config check --config /etc/portcullis/portcullis.toml

Every problem is reported at once, each with its mend. The database is not asked: `portcullis
doctor` does that.";

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// Report every problem of the configuration at once
    #[command(after_help = CHECK_EXAMPLE)]
    Check(CheckArgs),
}

#[derive(Debug, clap::Args)]
struct CheckArgs {
    /// The configuration file; portcullis.toml where there is one
    #[arg(long, value_name = "FILE", env = "PORTCULLIS_CONFIG", hide_env_values = true)]
    config: Option<PathBuf>,
    #[command(flatten)]
    output: Output,
}

pub(super) fn run(args: &Args) -> anyhow::Result<()> {
    let Command::Check(args) = &args.command;
    let checked = place::load(args.config.as_deref()).and_then(|config| match files(&config) {
        problems if problems.is_empty() => Ok(config),
        problems => Err(problems),
    });
    match checked {
        Ok(config) => good(&config, args.output),
        Err(problems) => {
            if args.output.is_json() {
                let list: Vec<_> = problems
                    .iter()
                    .map(
                        |found| json!({ "key": found.key, "what": found.what, "mend": found.mend }),
                    )
                    .collect();
                args.output.show(&json!({ "ok": false, "problems": list }), String::new)?;
            }
            Err(misconfigured(&problems).into())
        }
    }
}

/// What is wrong with the certificates that the settings name, and that `serve` would refuse.
fn files(config: &Config) -> Vec<Problem> {
    let mut problems = Vec::new();
    if let Some(files) = &config.tls
        && let Err(error) = Tls::load(&files.cert_file, &files.key_file, Asking::Nothing)
    {
        problems.push(Problem {
            key: "tls.cert_file".to_owned(),
            what: format!("is of no use with tls.key_file: {error}"),
            mend: "give a PEM chain, leaf first, and the private key that was made with it"
                .to_owned(),
        });
    }
    if let Err(error) = TrustedAuthorities::load(config.mtls.ca_file.as_deref()) {
        problems.push(Problem {
            key: "mtls.ca_file".to_owned(),
            what: format!("names no authorities: {error}"),
            mend: "give the certificates of the authorities in PEM".to_owned(),
        });
    }
    problems
}

fn good(config: &Config, output: Output) -> anyhow::Result<()> {
    let listen: Vec<String> = config.listen.iter().map(ToString::to_string).collect();
    let good = json!({ "ok": true, "issuer": config.issuer.as_str(), "listen": listen });
    output.show(&good, || {
        format!("the configuration is good: {} on {}", config.issuer, listen.join(", "))
    })?;
    Ok(())
}
