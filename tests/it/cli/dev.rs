//! `portcullis dev`, from the three lines to what it survives.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Child, ChildStdout, Command};
use std::time::Duration;

use super::{Place, run};

/// A `dev` that runs.
struct Dev {
    child: Child,
    out: BufReader<ChildStdout>,
    lines: Vec<String>,
    port: u16,
}

impl Dev {
    /// Starts one on a free port and waits for its three lines.
    fn start(place: &Place, arguments: &[&str]) -> Self {
        let mut program = place.program();
        program.args(["dev", "--listen", "localhost:0"]).args(arguments);
        let mut child = program.spawn().unwrap();
        let mut out = BufReader::new(child.stdout.take().unwrap());
        let mut lines = Vec::new();
        for _ in 0..3 {
            let mut line = String::new();
            if out.read_line(&mut line).unwrap() == 0 {
                let mut said = String::new();
                child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
                panic!("{said}");
            }
            lines.push(line);
        }
        let port = lines[1].trim().rsplit(':').next().unwrap().parse().unwrap();
        Self { child, out, lines, port }
    }

    fn signal(&self, signal: &str) {
        Command::new("kill").args([signal, &self.child.id().to_string()]).status().unwrap();
    }

    /// Waits for the end; what was printed since the three lines, and the errors.
    fn end(mut self) -> (Option<i32>, String) {
        let code = self.child.wait().unwrap().code();
        let mut said = String::new();
        self.out.read_to_string(&mut said).unwrap();
        self.child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
        (code, said)
    }

    /// The status line of a GET.
    fn get(&self, path: &str) -> String {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(5))).unwrap();
        let host = format!("Host: localhost:{}\r\nConnection: close\r\n\r\n", self.port);
        stream.write_all(format!("GET {path} HTTP/1.1\r\n{host}").as_bytes()).unwrap();
        let mut answer = String::new();
        let _ = stream.read_to_string(&mut answer);
        answer.lines().next().unwrap_or_default().to_owned()
    }
}

/// Whether a process works in the cluster of `place`.
fn has_postgres(place: &Place) -> bool {
    let elsewhere = std::fs::read_to_string(place.0.join(".portcullis/database-is-in"));
    let home = elsewhere.map_or(place.0.join(".portcullis"), |path| path.trim().into());
    home.join("postgres/postmaster.pid").exists()
}

#[test]
fn dev_prints_three_lines_serves_and_ends_cleanly() {
    let place = Place::new("dev");
    let dev = Dev::start(&place, &[]);
    assert!(dev.lines[0].starts_with("Set up   http://localhost:"), "{:?}", dev.lines);
    assert!(dev.lines[0].contains("/setup?token=pc_setup_"));
    assert!(dev.lines[2].contains("portcullis init"));
    assert!(dev.get("/readyz").contains("200"));
    run(place.program(), &["dev", "--listen", "localhost:0"], "").fails(1, "another portcullis");
    let clients = run(place.program(), &["client", "list", "--json"], "").json();
    assert_eq!(clients[1]["client_id"], "playground");
    let link = run(place.program(), &["setup-link", "--data", ".portcullis"], "");
    assert!(link.out.contains("/setup?token=pc_setup_"), "{}", link.err);
    let doctor = run(place.program(), &["doctor"], "");
    assert_eq!(doctor.code, 0, "{}", doctor.out);
    dev.signal("-INT");
    assert_eq!(dev.end(), (Some(0), String::new()));
    assert!(!has_postgres(&place), "PostgreSQL still runs");
    run(place.program(), &["user", "list"], "").fails(1, "has to run in .portcullis");
}

#[test]
fn dev_survives_a_kill_and_knows_its_administrator() {
    let place = Place::new("dev-kill");
    let first = Dev::start(&place, &[]);
    let create = ["user", "create", "root", "--role", "administrator", "--password-stdin"];
    let made = run(place.program(), &create, "correct horse battery staple");
    assert_eq!(made.code, 0, "{}", made.err);
    first.signal("-KILL");
    assert_eq!(first.end().0, None);
    // On another port, so under another issuer.
    let second = Dev::start(&place, &[]);
    assert!(second.lines[0].starts_with("Admin    http://localhost:"), "{:?}", second.lines);
    let users = run(place.program(), &["user", "list", "--json"], "").json();
    assert_eq!(users[0]["username"], "root");
    second.signal("-TERM");
    assert_eq!(second.end().0, Some(0));
}

#[test]
fn dev_begins_from_a_file() {
    let place = Place::new("dev-apply");
    place.write(
        "state.yaml",
        "client:\n- client_id: mine\n  token_endpoint_auth_method: none\n  \
         redirect_uris: [http://127.0.0.1:1/cb]\n",
    );
    let dev = Dev::start(&place, &["--apply", "state.yaml", "--no-demo"]);
    let clients = run(place.program(), &["client", "list", "--json"], "").json();
    assert_eq!(clients.as_array().unwrap().len(), 1, "{clients}");
    let shown = run(place.program(), &["client", "show", "mine"], "");
    assert_eq!(shown.code, 0, "{}", shown.err);
    dev.signal("-INT");
    assert_eq!(dev.end().0, Some(0));
    place.write("state.yaml", "client: 7\n");
    let refused = run(place.program(), &["dev", "--apply", "state.yaml"], "");
    refused.fails(1, "client");
    assert!(!has_postgres(&place), "PostgreSQL was started for nothing");
}
