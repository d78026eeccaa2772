//! Measures the release binary over loopback: `cargo bench` (see `benches/README.md`).
//!
//! The server runs on core 0, PostgreSQL and this program on core 1. The limits are servers that do
//! the work of a request and nothing else; they are measured in the same run, for absolute figures
//! drift with the machine.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::print_stderr,
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a measurement stops at the first surprise, and prints"
)]

mod args;
mod bare;
mod drive;
mod flow;
mod form;
mod growth;
mod plan;
mod proofs;
mod seed;
mod stage;
mod table;
mod usage;

use std::os::unix::process::CommandExt as _;
use std::process::Command;

use args::Args;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Set in the process that was moved to its core.
const PINNED: &str = "BENCH_PINNED";

fn main() {
    let args = Args::parse(std::env::args().skip(1));
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    if let Some(address) = &args.bare {
        return runtime
            .block_on(bare::serve(address, args.database.as_deref().unwrap_or_default()));
    }
    if std::env::vars().all(|(name, _)| name != PINNED) {
        pin();
    }
    drop(runtime);
    // One thread: the generator must not fight itself for its core.
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(plan::run(&args));
}

/// Starts this program again on core 1; without `taskset` everything shares all cores.
fn pin() {
    let program = std::env::current_exe().unwrap();
    let mut again = Command::new("taskset");
    again.args(["-c", "1"]).arg(program).args(std::env::args().skip(1)).env(PINNED, "1");
    let error = again.exec();
    eprintln!("not pinned to a core: {error}");
}
