//! The program itself, as somebody at a shell sees it.

mod audit;
mod commands;
mod configure;
mod dev;

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::support::db::Db;
use crate::support::server::MASTER_KEY;

/// A directory of one test's own, removed with it.
struct Place(PathBuf);

impl Place {
    fn new(name: &str) -> Self {
        let name = format!("cli-{name}-{}", std::process::id());
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn write(&self, name: &str, text: &str) {
        fs::write(self.0.join(name), text).unwrap();
    }

    /// The program in this directory, with none of our environment but the path.
    fn program(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_portcullis"));
        let kept = |name: &str| std::env::vars_os().find(|(n, _)| n == name);
        let kept = ["PATH", "HOME", "PORTCULLIS_POSTGRES_BIN"].into_iter().filter_map(kept);
        command.env_clear().envs(kept).current_dir(&self.0);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        if std::thread::panicking() {
            return;
        }
        if let Ok(elsewhere) = fs::read_to_string(self.0.join(".portcullis/database-is-in")) {
            let _ = fs::remove_dir_all(elsewhere.trim());
        }
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// What a run of the program came to.
struct Ran {
    code: i32,
    out: String,
    err: String,
}

impl Ran {
    fn json(&self) -> Value {
        assert_eq!(self.code, 0, "{}", self.err);
        serde_json::from_str(&self.out).unwrap()
    }

    fn fails(&self, code: i32, why: &str) {
        assert_eq!(self.code, code, "{}{}", self.out, self.err);
        assert!(self.err.contains(why), "{}", self.err);
    }
}

/// Runs the program to its end with `input`.
fn run(mut command: Command, arguments: &[&str], input: &str) -> Ran {
    let mut child = command.args(arguments).spawn().unwrap();
    // The program may end without reading.
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    let output = child.wait_with_output().unwrap();
    Ran {
        code: output.status.code().unwrap(),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}

/// A shell beside one database.
struct Shell {
    place: Place,
    database: Db,
}

impl Shell {
    async fn new(name: &str) -> Self {
        Self { place: Place::new(name), database: Db::fresh().await }
    }

    fn run(&self, arguments: &[&str]) -> Ran {
        self.run_with(arguments, "")
    }

    fn run_with(&self, arguments: &[&str], input: &str) -> Ran {
        let mut program = self.place.program();
        program.env("DATABASE_URL", self.database.url());
        program.env("PORTCULLIS_ISSUER", "https://id.example.com");
        program.env("PORTCULLIS_MASTER_KEY", MASTER_KEY);
        run(program, arguments, input)
    }
}
