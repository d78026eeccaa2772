//! `portcullis audit verify`: whether the log is as it was written.

use std::fmt::Write as _;
use std::process::ExitCode;

use serde_json::json;
use time::format_description::well_known::Rfc3339;

use crate::cli::output::{Output, instant};
use crate::cli::place::Place;
use crate::config::Need;
use crate::crypto::secret::Fingerprint;
use crate::manage::audit::chain::{self, Anchor, Report};

pub(super) const EXAMPLE: &str = "\
Example:
  portcullis audit verify
  portcullis audit verify --anchor 4711:5f0c…     the seal that was noted last time is still there

The chain shows each change to a part of the log. Who may write to the whole database could lay all of
it anew: keep the newest seal, which this prints, in another place, and give it back as --anchor.
Exit code 1 where something does not fit.";

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// A seal that must still be there, as this command printed it
    #[arg(long, value_name = "NUMBER:HASH", value_parser = anchor)]
    anchor: Option<Anchor>,
    #[command(flatten)]
    place: Place,
    #[command(flatten)]
    output: Output,
}

pub(super) async fn run(args: &Args) -> anyhow::Result<ExitCode> {
    let desk = args.place.open(Need::Database).await?;
    let report = chain::verify(&desk.cx(), args.anchor).await?;
    let view = json!({
        "intact": report.fault.is_none(),
        "seals": report.seals,
        "rows": report.rows,
        "oldest_seal": report.oldest,
        "newest_seal": report.newest.map(text),
        "pending": report.pending,
        "pending_since": report.pending_since.and_then(|at| at.format(&Rfc3339).ok()),
        "fault": report.fault.map(|fault| fault.to_string()),
    });
    args.output.show(&view, || describe(&report))?;
    Ok(if report.fault.is_some() { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

fn describe(report: &Report) -> String {
    let checked = format!("{} rows under {} seals", report.rows, report.seals);
    if let Some(fault) = report.fault {
        return format!("The log was rewritten: {fault}.\nBefore that, {checked} fit.");
    }
    let mut lines = vec![format!("The log is as it was written: {checked} fit.")];
    if let Some(newest) = report.newest {
        lines.push(format!("The newest seal, to be kept elsewhere: {}", text(newest)));
    }
    if let Some(since) = report.pending_since {
        let pending = report.pending;
        lines.push(format!("{pending} rows are not sealed yet, the oldest of {}.", instant(since)));
    }
    lines.join("\n")
}

/// `number:hash`, in hexadecimal.
fn text(anchor: Anchor) -> String {
    let mut text = format!("{}:", anchor.number);
    for byte in anchor.hash.as_bytes() {
        let _ = write!(text, "{byte:02x}");
    }
    text
}

fn anchor(given: &str) -> Result<Anchor, String> {
    let read = || {
        let (number, hash) = given.split_once(':')?;
        let digits = hash.as_bytes().chunks(2).map(|pair| {
            let pair = std::str::from_utf8(pair).ok().filter(|pair| pair.len() == 2)?;
            u8::from_str_radix(pair, 16).ok()
        });
        let hash = Fingerprint::from_slice(&digits.collect::<Option<Vec<u8>>>()?)?;
        Some(Anchor { number: number.parse().ok()?, hash })
    };
    read().ok_or_else(|| "write it as it was printed: a number, a colon, 64 digits".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_anchor_is_read_as_it_is_printed() {
        let given = Anchor { number: 7, hash: Fingerprint::of(b"x") };
        assert_eq!(anchor(&text(given)), Ok(given));
        let long = format!("{}0", text(given));
        let mut short = text(given);
        short.pop();
        for bad in ["", "7", "7:", "x:00", &short, &long] {
            assert!(anchor(bad).is_err(), "{bad}");
        }
    }
}
