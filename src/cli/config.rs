//! `portcullis config`: the configuration, checked and shown.

use std::path::PathBuf;

use serde_json::json;

use super::output::Output;
use super::place::{self, misconfigured};
use crate::config::Config;

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
    match place::load(args.config.as_deref()) {
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

fn good(config: &Config, output: Output) -> anyhow::Result<()> {
    let listen: Vec<String> = config.listen.iter().map(ToString::to_string).collect();
    let good = json!({ "ok": true, "issuer": config.issuer.as_str(), "listen": listen });
    output.show(&good, || {
        format!("the configuration is good: {} on {}", config.issuer, listen.join(", "))
    })?;
    Ok(())
}
