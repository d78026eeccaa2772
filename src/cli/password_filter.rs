//! `portcullis password-filter`: the file of passwords from data breaches.

use std::fs::File;
use std::io::{self, BufRead, BufReader};
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use serde_json::json;

use super::output::Output;
use crate::live::leaks;

const BUILD_EXAMPLE: &str = "\
Example:
  portcullis password-filter build pwned-passwords-sha1-ordered-by-hash.txt published.bin
  LC_ALL=C sort hashes.txt | portcullis password-filter build - published.bin

The list has a SHA-1 in hexadecimal at the beginning of each line, sorted; a colon and a count may
follow, as Have I Been Pwned gives it out. Four bytes are kept of each. Name the file in the setting
passwords.published_file of every node.";

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// Make the file from a sorted list of SHA-1 hashes
    #[command(after_help = BUILD_EXAMPLE)]
    Build(BuildArgs),
}

#[derive(Debug, clap::Args)]
struct BuildArgs {
    /// The list; - for standard input
    #[arg(value_name = "IN")]
    list: PathBuf,
    /// The file to make
    #[arg(value_name = "OUT")]
    filter: PathBuf,
    #[command(flatten)]
    output: Output,
}

pub(super) fn run(args: &Args) -> anyhow::Result<()> {
    let Command::Build(args) = &args.command;
    let lines: Box<dyn BufRead> = if args.list == Path::new("-") {
        Box::new(BufReader::with_capacity(1 << 20, io::stdin()))
    } else {
        let list = File::open(&args.list).with_context(|| args.list.display().to_string())?;
        Box::new(BufReader::with_capacity(1 << 20, list))
    };
    // It takes its place whole or not at all: a node may be reading the one before.
    let mut half = args.filter.clone().into_os_string();
    half.push(".part");
    let half = PathBuf::from(half);
    let built = leaks::build(lines, &half).with_context(|| args.list.display().to_string());
    let passwords = built.inspect_err(|_| {
        let _ = std::fs::remove_file(&half);
    })?;
    std::fs::rename(&half, &args.filter)?;
    let value = json!({ "file": args.filter.display().to_string(), "passwords": passwords });
    args.output
        .show(&value, || format!("{} holds {passwords} passwords", args.filter.display()))?;
    Ok(())
}
