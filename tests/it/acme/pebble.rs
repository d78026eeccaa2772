//! Pebble, the authority for tests of Let's Encrypt, and its name server, which finds every name here.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use reqwest::Client;
use serde_json::{Value, json};

use crate::support::files::{TempFile, place};
use crate::support::port::Port;
use crate::support::tls::{Authority, ServerFiles};

pub struct Pebble {
    /// Its directory.
    pub directory: String,
    /// The authority that vouches for its own address.
    pub ca_file: TempFile,
    management: String,
    http: Client,
    programs: Vec<Child>,
    home: PathBuf,
    _files: ServerFiles,
    _ports: [Port; 4],
}

/// The program that tests/run leaves there where the machine has none.
fn program(name: &str) -> PathBuf {
    let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/.pebble/usr/bin").join(name);
    let known = [own, Path::new("/usr/bin").join(name)];
    // Elsewhere it is found by its name.
    known.into_iter().find(|path| path.is_file()).unwrap_or_else(|| name.into())
}

fn run(name: &str, arguments: &[&str]) -> Child {
    Command::new(program(name))
        .args(arguments)
        .env("PEBBLE_VA_NOSLEEP", "1")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap_or_else(|error| panic!("no {name}: tests/run gets one: {error}"))
}

impl Pebble {
    /// One that looks for the names it is asked about at `tls_port` of this machine.
    pub async fn start(tls_port: u16) -> Self {
        Self::with(tls_port, json!({})).await
    }

    /// The same, with more in its configuration.
    pub async fn with(tls_port: u16, more: Value) -> Self {
        let hosts = Authority::new("Hosts");
        let files = hosts.server();
        let ports = [(); 4].map(|()| Port::free());
        let at = |index: usize| format!("127.0.0.1:{}", ports[index].number);
        let mut config = json!({
            "listenAddress": at(0), "managementListenAddress": at(1),
            "certificate": files.certificate.path(), "privateKey": files.key.path(),
            "httpPort": 5002, "tlsPort": tls_port, "ocspResponderURL": "",
            "externalAccountBindingRequired": false,
        });
        config.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let config = json!({ "pebble": config });
        let home = place("pebble");
        std::fs::write(&home, config.to_string()).unwrap();
        let (names, manage) = (at(2), at(3));
        let names_program = run(
            "pebble-challtestsrv",
            &[
                "-dns01",
                &names,
                "-management",
                &manage,
                "-defaultIPv4",
                "127.0.0.1",
                "-defaultIPv6",
                "",
                "-http01",
                "",
                "-https01",
                "",
                "-tlsalpn01",
                "",
            ],
        );
        let authority = run("pebble", &["-config", home.to_str().unwrap(), "-dnsserver", &names]);
        let pebble = Self {
            directory: format!("https://localhost:{}/dir", ports[0].number),
            ca_file: TempFile::of(&hosts.pem),
            management: format!("https://localhost:{}", ports[1].number),
            http: hosts.http(None),
            programs: vec![names_program, authority],
            home,
            _files: files,
            _ports: ports,
        };
        for _ in 0..200 {
            if pebble.http.get(&pebble.directory).send().await.is_ok() {
                return pebble;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("Pebble does not start");
    }

    /// The root of what it issues, in PEM.
    pub async fn root(&self) -> String {
        let url = format!("{}/roots/0", self.management);
        self.http.get(url).send().await.unwrap().text().await.unwrap()
    }

    /// Ends it.
    pub fn stop(&mut self) {
        for mut program in self.programs.drain(..) {
            let _ = program.kill();
            let _ = program.wait();
        }
    }
}

impl Drop for Pebble {
    fn drop(&mut self) {
        self.stop();
        let _ = std::fs::remove_file(&self.home);
    }
}
