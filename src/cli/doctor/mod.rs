//! `portcullis doctor`: a set-up examined, with what to mend.

mod acme;
mod checks;
mod clients;
mod mtls;
mod tls;

use std::fmt::Write as _;
use std::process::ExitCode;
use std::time::Duration;

use serde::Serialize;

use super::output::Output;
use super::place::Place;

pub(super) const EXAMPLE: &str = "\
Example:
  portcullis doctor --config /etc/portcullis/portcullis.toml
  portcullis doctor --data .portcullis --json

Looks at the configuration, the database and its schema, the clock, the issuer and its certificate,
what lets clients show certificates, the signing keys, who can sign in, clients that cannot work with
this configuration, and the audit log's last seal. Exit code 1 where something fails.";

/// How long all of it may take.
const LIMIT: Duration = Duration::from_millis(4_500);

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    place: Place,
    #[command(flatten)]
    output: Output,
}

/// What one look found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct Finding {
    check: &'static str,
    state: State,
    found: String,
    /// What to do; empty where nothing is to be done.
    mend: String,
}

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
enum State {
    /// It is as it should be.
    Ok,
    /// It works, and somebody should know.
    Note,
    /// It does not work.
    Fail,
}

impl Finding {
    fn ok(check: &'static str, found: impl Into<String>) -> Self {
        Self { check, state: State::Ok, found: found.into(), mend: String::new() }
    }

    fn note(check: &'static str, found: impl Into<String>, mend: impl Into<String>) -> Self {
        Self { check, state: State::Note, found: found.into(), mend: mend.into() }
    }

    fn fail(check: &'static str, found: impl Into<String>, mend: impl Into<String>) -> Self {
        Self { check, state: State::Fail, found: found.into(), mend: mend.into() }
    }
}

pub(super) async fn run(args: &Args) -> anyhow::Result<ExitCode> {
    let mut findings = Vec::new();
    let looking = Box::pin(checks::all(&args.place, &mut findings));
    if tokio::time::timeout(LIMIT, looking).await.is_err() {
        let mend = "see whether the database is overloaded or out of reach";
        findings.push(Finding::fail("time", "the rest did not answer in time", mend));
    }
    args.output.show(&findings, || text(&findings))?;
    let failed = findings.iter().any(|finding| finding.state == State::Fail);
    Ok(if failed { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

/// A line for each finding, and under it what to do.
fn text(findings: &[Finding]) -> String {
    let mut text = String::new();
    for Finding { check, state, found, mend } in findings {
        let state = match state {
            State::Ok => "ok",
            State::Note => "note",
            State::Fail => "FAIL",
        };
        let _ = writeln!(text, "{state:<4}  {check:<13}  {found}");
        if !mend.is_empty() {
            let _ = writeln!(text, "{:21}→ {mend}", "");
        }
    }
    text
}
