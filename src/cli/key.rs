//! `portcullis key`: the signing keys.

use super::output::{self, Output, instant};
use super::place::Place;
use crate::config::Need;
use crate::manage::keys::{self, KeyView};

const LIST_EXAMPLE: &str = "\
Example:
  portcullis key list --json";
const ROTATE_EXAMPLE: &str = "\
Example:
  portcullis key rotate

New keys sign from now; the old ones stay published until the last token they signed is over. Keys
rotate by themselves too: this is for a key that may have leaked.";

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// List the keys with where they stand: next, active, retiring, gone
    #[command(after_help = LIST_EXAMPLE)]
    List(KeyArgs),
    /// Rotate the keys of every algorithm at once; the old ones stay published
    #[command(after_help = ROTATE_EXAMPLE)]
    Rotate(KeyArgs),
}

#[derive(Debug, clap::Args)]
struct KeyArgs {
    #[command(flatten)]
    place: Place,
    #[command(flatten)]
    output: Output,
}

pub(super) async fn run(args: &Args) -> anyhow::Result<()> {
    match &args.command {
        Command::List(args) => {
            let desk = args.place.open(Need::Database).await?;
            show(args, &keys::list(&desk.cx()).await?)
        }
        Command::Rotate(args) => {
            let desk = args.place.open(Need::MasterKey).await?;
            show(args, &keys::rotate(&desk.cx()).await?.value)
        }
    }
}

fn show(args: &KeyArgs, keys: &[KeyView]) -> anyhow::Result<()> {
    args.output.show(&keys, || {
        if keys.is_empty() {
            return "no key: the server makes them when it starts".to_owned();
        }
        let row = |key: &KeyView| {
            [
                key.kid.clone(),
                key.alg.to_owned(),
                key.state.to_owned(),
                instant(key.activates_at),
                key.retires_at.map(instant).unwrap_or_default(),
            ]
        };
        let rows: Vec<_> = keys.iter().map(row).collect();
        output::table(["KID", "ALG", "STATE", "SIGNS FROM", "UNTIL"], &rows)
    })?;
    Ok(())
}
