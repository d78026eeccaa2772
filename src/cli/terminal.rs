//! Asking for a password without showing it.

use std::io::{self, BufRead as _, IsTerminal as _, Read as _};
use std::path::PathBuf;

use anyhow::Context as _;
use rustix::termios::{LocalModes, OptionalActions, tcgetattr, tcsetattr};
use zeroize::Zeroizing;

use super::fail::Usage;
use super::output;
use crate::crypto::secret::Secret;

/// The most that is read for a password, in bytes.
const MOST: u64 = 4_096;

/// Where a password comes from; never from the arguments, which everybody on the machine can read.
#[derive(Debug, Clone, clap::Args)]
pub(super) struct PasswordArgs {
    /// Read the password from standard input
    #[arg(long, conflicts_with = "password_file")]
    password_stdin: bool,
    /// Read the password from a file
    #[arg(long, value_name = "FILE")]
    password_file: Option<PathBuf>,
}

impl PasswordArgs {
    /// The password, without the line end; asked for twice where somebody sits there.
    pub(super) fn read(&self) -> anyhow::Result<Secret> {
        if let Some(path) = &self.password_file {
            let file = std::fs::File::open(path);
            let file = file.with_context(|| format!("cannot read {}", path.display()))?;
            return one_line(file);
        }
        if self.password_stdin {
            return one_line(io::stdin().lock());
        }
        if !io::stdin().is_terminal() {
            let mend = "give the password with --password-stdin or --password-file FILE";
            return Err(Usage(mend.to_owned()).into());
        }
        let first = ask("Password: ")?;
        let second = ask("Again: ")?;
        if first.same(&second) { Ok(first) } else { Err(Usage("the two differ".to_owned()).into()) }
    }
}

/// Everything in `source`, which is one line.
fn one_line(source: impl io::Read) -> anyhow::Result<Secret> {
    let mut text = Zeroizing::new(String::new());
    source.take(MOST).read_to_string(&mut text).context("the password cannot be read")?;
    let line = text.strip_suffix('\n').unwrap_or(&text);
    let line = line.strip_suffix('\r').unwrap_or(line);
    if line.is_empty() || line.contains('\n') {
        return Err(Usage("the password is empty, or more than one line".to_owned()).into());
    }
    Ok(Secret::new(line.to_owned()))
}

/// One line from the terminal, which does not show it.
fn ask(question: &str) -> anyhow::Result<Secret> {
    output::complain(question);
    let stdin = io::stdin();
    let before = tcgetattr(&stdin).context("the terminal cannot be asked")?;
    let mut silent = before.clone();
    silent.local_modes.remove(LocalModes::ECHO);
    tcsetattr(&stdin, OptionalActions::Flush, &silent).context("the terminal shows everything")?;
    let mut line = Zeroizing::new(String::new());
    let read = stdin.lock().read_line(&mut line);
    let restored = tcsetattr(&stdin, OptionalActions::Now, &before);
    output::complain("\n");
    read.context("the password cannot be read")?;
    restored.context("the terminal cannot be restored")?;
    one_line(line.as_bytes())
}
