//! One cluster: making it, clearing what a crash left, starting its process.

use std::fs::{self, OpenOptions};
use std::io;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process, test_kill_process};
use tokio::process::Child;

use super::binaries::Binaries;
use super::place::{Place, make};
use super::supervisor::Running;
use super::{DATABASE, Durability, PostgresError, ROLE};

/// How long PostgreSQL may take to come up, crash recovery included.
const START: Duration = Duration::from_mins(1);

/// How long it may take to go before it is made to.
const STOP: Duration = Duration::from_secs(20);

/// The log is begun anew when it is longer, in bytes.
const LONGEST_LOG: u64 = 10_000_000;

/// Settings of every private cluster: a socket alone, and a memory that fits beside other programs.
const SETTINGS: [&str; 7] = [
    "listen_addresses=",
    "port=5432",
    "unix_socket_permissions=0700",
    "max_connections=200",
    "shared_buffers=64MB",
    "jit=off",
    "logging_collector=off",
];

/// What makes writes safe; spelled out, so that no file can say otherwise.
const DURABLE: [&str; 3] = ["fsync=on", "synchronous_commit=on", "full_page_writes=on"];

/// Before recovery everything is synced: at once and not file by file, where the system can.
#[cfg(target_os = "linux")]
const RECOVERY: [&str; 1] = ["recovery_init_sync_method=syncfs"];
#[cfg(not(target_os = "linux"))]
const RECOVERY: [&str; 0] = [];

/// What makes them fast and worthless after a crash of the machine.
const FAST: [&str; 5] = [
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "max_wal_size=4GB",
    "autovacuum=off",
];

/// A cluster that is ours to run.
pub(super) struct Cluster {
    place: Place,
    binaries: Binaries,
    durability: Durability,
}

impl Cluster {
    pub(super) fn new(place: Place, binaries: Binaries, durability: Durability) -> Self {
        Self { place, binaries, durability }
    }

    pub(super) fn sockets(&self) -> &Path {
        &self.place.sockets
    }

    pub(super) fn note(&self) -> Option<String> {
        self.place.note.clone()
    }

    /// Ends a PostgreSQL that outlived its server, and removes what only a dead one left behind.
    /// We hold the lock of the data directory, so nobody else's can be meant.
    pub(super) fn clear(&self) -> Result<(), PostgresError> {
        let file = self.pid_file();
        let Some(pid) =
            first_line(&file).and_then(|line| line.parse().ok()).and_then(Pid::from_raw)
        else {
            return Ok(());
        };
        if self.is_ours(pid) {
            tracing::warn!(pid = pid.as_raw_nonzero().get(), "stopping a PostgreSQL left behind");
            self.end(pid);
        }
        // The number may belong to another program by now; PostgreSQL would wait for that one.
        for stale in [file, self.place.sockets.join(".s.PGSQL.5432.lock")] {
            match fs::remove_file(&stale) {
                Err(e) if e.kind() != io::ErrorKind::NotFound => {
                    return Err(PostgresError::io("cannot remove", &stale, e));
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// Makes the cluster where there is none. It appears under its name only when it is whole.
    pub(super) fn initialise(&self) -> Result<(), PostgresError> {
        if self.place.cluster.exists() {
            return Ok(());
        }
        let draft = self.place.cluster.with_extension("new");
        if draft.exists() {
            fs::remove_dir_all(&draft)
                .map_err(|e| PostgresError::io("cannot remove", &draft, e))?;
        }
        make(&draft, 0o700, self.place.account)?;
        let mut initdb = self.command("initdb");
        initdb.arg("-D").arg(&draft).args(["--data-checksums", "--auth-local=trust"]);
        initdb.args(["--auth-host=reject", "--no-locale", "--encoding=UTF8", "-U", ROLE]);
        if self.durability == Durability::Fast {
            initdb.arg("--no-sync");
        }
        run("initdb", initdb, "")?;
        let mut single = self.command("postgres");
        single.args(["--single", "-D"]).arg(&draft).arg("postgres");
        run("postgres --single", single, &format!("create database {DATABASE}\n"))?;
        fs::rename(&draft, &self.place.cluster)
            .map_err(|error| PostgresError::io("cannot name", &self.place.cluster, error))
    }

    /// Starts the process and waits until it takes connections.
    pub(super) async fn start(&self) -> Result<Child, PostgresError> {
        let mut child = self.spawn()?;
        let deadline = Instant::now() + START;
        loop {
            if self.is_ready(child.id()) {
                return Ok(child);
            }
            match child.try_wait() {
                Ok(None) if Instant::now() < deadline => {}
                _ => {
                    self.signal(&child, Signal::QUIT);
                    let said = self.end_of_log();
                    return Err(PostgresError::Failed { program: "postgres", said });
                }
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    /// Stops the process: first so that it finishes, then so that it goes.
    pub(super) async fn stop(&self, mut child: Child) {
        for signal in [Signal::INT, Signal::QUIT, Signal::KILL] {
            self.signal(&child, signal);
            if tokio::time::timeout(STOP, child.wait()).await.is_ok() {
                return;
            }
            tracing::warn!("PostgreSQL does not stop");
        }
    }

    /// Sends a signal to the process, if it still runs.
    fn signal(&self, child: &Child, signal: Signal) {
        if let Running(Some(pid)) = Running::of(child)
            && let Err(error) = kill_process(pid, signal)
        {
            tracing::warn!(%error, cluster = %self.place.cluster.display(), "cannot signal PostgreSQL");
        }
    }

    fn spawn(&self) -> Result<Child, PostgresError> {
        let overlong = fs::metadata(&self.place.log).is_ok_and(|log| log.len() > LONGEST_LOG);
        let mut options = OpenOptions::new();
        let options = options.create(true).write(true).truncate(overlong).append(!overlong);
        let io = |error| PostgresError::io("cannot write", &self.place.log, error);
        let log = options.open(&self.place.log).map_err(io)?;
        let errors = log.try_clone().map_err(io)?;
        let mut command = self.command("postgres");
        command.arg("-D").arg(&self.place.cluster);
        command.arg("-k").arg(&self.place.sockets);
        let more: &[&str] = match self.durability {
            Durability::Durable => &DURABLE,
            Durability::Fast => &FAST,
        };
        command
            .args(SETTINGS.iter().chain(&RECOVERY).chain(more).flat_map(|setting| ["-c", setting]));
        command.stdin(Stdio::null()).stdout(log).stderr(errors);
        // A group of its own: Ctrl-C is for us, and we stop it when the last request is done.
        command.process_group(0);
        let program = self.binaries.program("postgres");
        let spawned = tokio::process::Command::from(command).spawn();
        spawned.map_err(|error| PostgresError::io("cannot start", &program, error))
    }

    /// A program of PostgreSQL, to be run as whom the cluster belongs to.
    fn command(&self, name: &str) -> Command {
        let mut command = Command::new(self.binaries.program(name));
        command.current_dir("/").env("LC_ALL", "C").env("TZ", "UTC");
        if let Some(account) = self.place.account {
            command.uid(account.uid).gid(account.gid);
        }
        command
    }

    /// Whether `postmaster.pid` says that the process `id` is ready.
    fn is_ready(&self, id: Option<u32>) -> bool {
        let Ok(text) = fs::read_to_string(self.pid_file()) else { return false };
        let mut lines = text.lines();
        let pid = lines.next().and_then(|line| line.trim().parse::<u32>().ok());
        let status = lines.nth(6).map(str::trim);
        pid.is_some() && pid == id && status == Some("ready")
    }

    /// Whether `pid` is a postmaster on this cluster: it works in the directory.
    fn is_ours(&self, pid: Pid) -> bool {
        if test_kill_process(pid).is_err() {
            return false;
        }
        let id = pid.as_raw_nonzero();
        match fs::read_link(format!("/proc/{id}/cwd")) {
            Ok(directory) => directory == self.place.cluster,
            Err(_) if Path::new("/proc/self").exists() => false,
            Err(_) => {
                let id = id.to_string();
                let listed = Command::new("ps").args(["-o", "command=", "-p", &id]).output();
                let cluster = self.place.cluster.to_string_lossy();
                listed.is_ok_and(|o| String::from_utf8_lossy(&o.stdout).contains(&*cluster))
            }
        }
    }

    /// Ends a process that is no child of ours.
    fn end(&self, pid: Pid) {
        for signal in [Signal::INT, Signal::QUIT, Signal::KILL] {
            let deadline = Instant::now() + STOP;
            let _ = kill_process(pid, signal);
            while Instant::now() < deadline {
                if !self.is_ours(pid) {
                    return;
                }
                std::thread::sleep(Duration::from_millis(10));
            }
        }
    }

    fn pid_file(&self) -> PathBuf {
        self.place.cluster.join("postmaster.pid")
    }

    fn end_of_log(&self) -> String {
        let log = fs::read(&self.place.log).unwrap_or_default();
        tail(&String::from_utf8_lossy(&log))
    }
}

/// Runs a program to its end with `input`.
fn run(program: &'static str, mut command: Command, input: &str) -> Result<(), PostgresError> {
    let path = PathBuf::from(command.get_program());
    let io = |error| PostgresError::io("cannot run", &path, error);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().map_err(io)?;
    if let Some(mut stdin) = child.stdin.take() {
        io::Write::write_all(&mut stdin, input.as_bytes()).map_err(io)?;
    }
    let output = child.wait_with_output().map_err(io)?;
    if output.status.success() {
        return Ok(());
    }
    Err(PostgresError::Failed { program, said: tail(&String::from_utf8_lossy(&output.stderr)) })
}

/// The last lines of a text.
fn tail(text: &str) -> String {
    let lines: Vec<_> = text.lines().rev().take(8).collect();
    lines.into_iter().rev().collect::<Vec<_>>().join("\n")
}

fn first_line(path: &Path) -> Option<String> {
    Some(fs::read_to_string(path).ok()?.lines().next()?.trim().to_owned())
}
