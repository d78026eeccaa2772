//! The command line: one file per subcommand, each a thin face on [`crate::manage`] or
//! [`crate::app`].
//!
//! Exit codes: 0 done, 1 failed, 2 bad usage (a configuration that is missing or wrong is that too).

mod apply;
mod audit;
mod certificate;
mod client;
mod config;
mod dev;
mod doctor;
mod fail;
mod init;
mod key;
mod migrate;
mod openapi;
mod output;
mod password_filter;
mod place;
mod serve;
mod setup_link;
mod signals;
mod terminal;
mod user;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

const AFTER_HELP: &str = "\
Start here:
  portcullis dev                 a whole server on this machine, nothing to set up
  portcullis init                files for production, then `portcullis serve`

Commands find their server in `portcullis.toml` and the environment (DATABASE_URL, PORTCULLIS_…),
or with `--data DIR` in the data directory of a running `portcullis dev`.
Exit codes: 0 done, 1 failed, 2 bad usage.";

/// An OAuth 2.0 and OpenID Connect authorization server.
#[derive(Debug, Parser)]
#[command(name = "portcullis", version, after_help = AFTER_HELP, max_term_width = 100)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Run a whole server on this machine: its own database, a demo, nothing to configure
    #[command(after_help = dev::EXAMPLE)]
    Dev(dev::Args),
    /// Run a production server
    #[command(after_help = serve::EXAMPLE)]
    Serve(serve::Args),
    /// Write a commented portcullis.toml and a master key
    #[command(after_help = init::EXAMPLE)]
    Init(init::Args),
    /// Check the configuration
    #[command(after_help = "Example:\n  portcullis config check")]
    Config(config::Args),
    /// Bring the database's schema up to date
    #[command(after_help = migrate::EXAMPLE)]
    Migrate(migrate::Args),
    /// Bring a server to the state that a file describes
    #[command(after_help = apply::EXAMPLE)]
    Apply(apply::Args),
    /// People's accounts
    #[command(after_help = "Example:\n  portcullis user list")]
    User(user::Args),
    /// Applications that are registered here
    #[command(after_help = "Example:\n  portcullis client list")]
    Client(client::Args),
    /// Signing keys
    #[command(after_help = "Example:\n  portcullis key list")]
    Key(key::Args),
    /// The certificate that the server gets by itself
    #[command(after_help = "Example:\n  portcullis certificate status")]
    Certificate(certificate::Args),
    /// Issue the one-time link that makes the first administrator
    #[command(after_help = setup_link::EXAMPLE)]
    SetupLink(setup_link::Args),
    /// Examine a set-up and say what to mend
    #[command(after_help = doctor::EXAMPLE)]
    Doctor(doctor::Args),
    /// The file of passwords from data breaches, which nobody may choose
    #[command(after_help = "Example:\n  portcullis password-filter build hashes.txt published.bin")]
    PasswordFilter(password_filter::Args),
    /// Read the audit log, and check that nobody has rewritten it
    #[command(after_help = audit::EXAMPLE)]
    Audit(audit::Args),
    /// Describe the admin API, for generators of clients
    #[command(after_help = openapi::EXAMPLE)]
    Openapi {
        /// The description is JSON with and without it
        #[arg(long)]
        json: bool,
    },
}

/// Does what the arguments of this process say.
pub fn run() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            // Help and version come this way too, to standard output and with 0.
            let _ = error.print();
            return ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2));
        }
    };
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return fail::report(&anyhow::Error::from(error)),
    };
    let done = runtime.block_on(cli.command.run());
    // Whatever still runs on the side has nothing more to say.
    runtime.shutdown_background();
    match done {
        Ok(code) => code,
        Err(error) => fail::report(&error),
    }
}

impl Command {
    async fn run(self) -> anyhow::Result<ExitCode> {
        match self {
            Self::Dev(args) => dev::run(args).await?,
            Self::Serve(args) => serve::run(args).await?,
            Self::Init(args) => init::run(&args)?,
            Self::Config(args) => config::run(&args)?,
            Self::Migrate(args) => migrate::run(&args).await?,
            Self::Apply(args) => apply::run(&args).await?,
            Self::User(args) => Box::pin(user::run(args)).await?,
            Self::Client(args) => Box::pin(client::run(args)).await?,
            Self::Key(args) => key::run(&args).await?,
            Self::Certificate(args) => certificate::run(&args).await?,
            Self::SetupLink(args) => setup_link::run(&args).await?,
            Self::Doctor(args) => return doctor::run(&args).await,
            Self::PasswordFilter(args) => password_filter::run(&args)?,
            Self::Audit(args) => return Box::pin(audit::run(args)).await,
            Self::Openapi { json: _ } => openapi::run()?,
        }
        Ok(ExitCode::SUCCESS)
    }
}
