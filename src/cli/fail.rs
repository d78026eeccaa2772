//! How a command fails: what, why, and with which exit code.

use std::io;
use std::process::ExitCode;

use super::output;
use crate::app::dev::Misconfigured;
use crate::manage::ManageError;

/// The command was not given what it needs, or something that it cannot take.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(super) struct Usage(pub(super) String);

/// Says why on standard error.
pub(super) fn report(error: &anyhow::Error) -> ExitCode {
    if error.chain().any(is_broken_pipe) {
        // Whoever read our output has read enough.
        return ExitCode::SUCCESS;
    }
    let mut said = String::new();
    for (depth, cause) in error.chain().enumerate() {
        let text = cause.to_string();
        // Some errors repeat their cause.
        if depth == 0 {
            said = format!("error: {text}\n");
        } else if !said.contains(&text) {
            said = format!("{said}  because {text}\n");
        }
    }
    output::complain(&said);
    if error.chain().any(is_usage) { ExitCode::from(2) } else { ExitCode::FAILURE }
}

fn is_broken_pipe(cause: &(dyn std::error::Error + 'static)) -> bool {
    cause.downcast_ref::<io::Error>().is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe)
}

fn is_usage(cause: &(dyn std::error::Error + 'static)) -> bool {
    cause.is::<Usage>()
        || cause.is::<Misconfigured>()
        || matches!(cause.downcast_ref(), Some(ManageError::Invalid(_)))
}
