//! A real nginx in front of two nodes (SECURITY.md T-15, T-16).

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use serde_json::{Value, json};

use super::{CLIENTS, confirmation, json_of, machine};
use crate::support::calls::FORM;
use crate::support::files::{TempFile, place};
use crate::support::port::Port;
use crate::support::server::{STOCK, Server};
use crate::support::tls::{Authority, Credential, ServerFiles};

/// An nginx that goes with its test.
struct Nginx {
    child: Child,
    home: PathBuf,
    /// Where it asks for certificates and hands them over.
    good: String,
    /// Where it asks for none, and takes the header out.
    forgetful: String,
    _ports: [Port; 2],
}

/// The program that tests/run leaves there where the machine has none.
fn program() -> PathBuf {
    let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/.nginx/usr/sbin/nginx");
    let known = [own, "/usr/sbin/nginx".into(), "/usr/local/bin/nginx".into()];
    // Elsewhere it is found by its name.
    known.into_iter().find(|path| path.is_file()).unwrap_or_else(|| "nginx".into())
}

/// The nodes as nginx names them.
fn upstream(nodes: &[&Server]) -> String {
    let server = |node: &&Server| format!("server {};", node.address.trim_start_matches("http://"));
    nodes.iter().map(server).collect()
}

impl Nginx {
    /// One in front of `nodes`, called by its certificate in `files`.
    async fn start(files: &ServerFiles, nodes: &[&Server]) -> Self {
        let home = place("nginx");
        std::fs::create_dir_all(&home).unwrap();
        let ports = [Port::free(), Port::free()];
        let [good, forgetful] = ports.each_ref().map(|port| port.number);
        let nodes = upstream(nodes);
        let (home_text, certificate, key) =
            (home.display(), files.certificate.path(), files.key.path());
        let config = format!(
            "daemon off; master_process off; pid {home_text}/pid; error_log {home_text}/error.log;
            events {{ }}
            http {{
                access_log off;
                client_body_temp_path {home_text}/body; proxy_temp_path {home_text}/proxy;
                fastcgi_temp_path {home_text}/f; uwsgi_temp_path {home_text}/u; scgi_temp_path {home_text}/s;
                upstream nodes {{ {nodes} }}
                ssl_certificate {certificate}; ssl_certificate_key {key};
                proxy_bind 127.0.0.2;
                proxy_set_header Host $host;
                proxy_set_header X-Forwarded-For $remote_addr;
                server {{
                    listen 127.0.0.1:{good} ssl;
                    ssl_verify_client optional_no_ca;
                    location / {{
                        proxy_set_header Host $host;
                        proxy_set_header X-Forwarded-For $remote_addr;
                        proxy_set_header X-SSL-Cert $ssl_client_escaped_cert;
                        proxy_pass http://nodes;
                    }}
                }}
                server {{
                    listen 127.0.0.1:{forgetful} ssl;
                    location / {{
                        proxy_set_header X-SSL-Cert '';
                        proxy_pass http://nodes;
                    }}
                }}
            }}"
        );
        std::fs::write(home.join("nginx.conf"), config).unwrap();
        let child = Command::new(program())
            .arg("-p")
            .arg(&home)
            .args(["-c", "nginx.conf", "-e", "error.log"])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("no nginx: tests/run gets one");
        let at = |port: u16| format!("https://localhost:{port}");
        let nginx = Self { child, home, good: at(good), forgetful: at(forgetful), _ports: ports };
        for _ in 0..200 {
            if tokio::net::TcpStream::connect(("127.0.0.1", good)).await.is_ok() {
                return nginx;
            }
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
        let log = std::fs::read_to_string(nginx.home.join("error.log")).unwrap_or_default();
        panic!("nginx does not start: {log}");
    }
}

impl Drop for Nginx {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        let _ = std::fs::remove_dir_all(&self.home);
    }
}

struct Scene {
    /// Both are one server to the world.
    nodes: [Server; 2],
    hosts: Authority,
    clients: Authority,
    nginx: Nginx,
}

impl Scene {
    async fn set() -> Self {
        let (hosts, clients) = (Authority::new("Hosts"), Authority::new("Clients"));
        let ca_file = TempFile::of(&clients.pem);
        let settings = [
            ("TRUSTED_PROXIES", "127.0.0.2/32"),
            ("MTLS_PROXY_HEADER", "X-SSL-Cert"),
            ("MTLS_CA_FILE", ca_file.path()),
        ];
        let first = Server::with(&settings).await;
        first.apply(STOCK).await;
        first.apply(CLIENTS).await;
        let second = first.second_node_with(&settings).await;
        let files = hosts.server();
        let nginx = Nginx::start(&files, &[&first, &second]).await;
        Self { nodes: [first, second], hosts, clients, nginx }
    }

    async fn token(
        &self,
        credential: Option<&Credential>,
        address: &str,
        headers: &[(&str, &str)],
    ) -> (u16, Value) {
        let url = format!("{address}/oauth2/token");
        let mut request = self.hosts.http(credential).post(url).header(FORM.0, FORM.1);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let answer = request.body(machine("bound")).send().await.unwrap();
        (answer.status().as_u16(), json_of(answer).await)
    }
}

#[tokio::test]
async fn a_certificate_that_nginx_saw_proves_and_binds_at_every_node() {
    let scene = Scene::set().await;
    let (good, other) = (scene.clients.client("bound.example"), scene.clients.client("x.example"));
    for _ in 0..4 {
        let (status, answer) = scene.token(Some(&good), &scene.nginx.good, &[]).await;
        assert_eq!(status, 200, "{answer}");
        let token = answer["access_token"].as_str().unwrap();
        assert_eq!(confirmation(token), json!({ "x5t#S256": good.thumbprint() }));
        let (status, answer) = scene.token(Some(&other), &scene.nginx.good, &[]).await;
        assert_eq!((status, &answer["error"]), (401, &json!("invalid_client")), "{answer}");
    }
}

#[tokio::test]
async fn what_a_client_writes_into_the_header_never_gets_through() {
    let scene = Scene::set().await;
    let good = scene.clients.client("bound.example");
    let (rfc, pem) = (good.in_header(), escaped(&good.pem));
    let own = Credential::of_its_own("bound.example");
    for name in ["X-SSL-Cert", "x-ssl-cert", "X_SSL_Cert", "Client-Cert", "X-Client-Cert"] {
        for value in [&rfc, &pem] {
            let forged = [(name, value.as_str()), ("X-Forwarded-For", "127.0.0.2")];
            for (credential, address) in [
                (None, &scene.nginx.good),
                (Some(&own), &scene.nginx.good),
                (None, &scene.nginx.forgetful),
                (Some(&good), &scene.nginx.forgetful),
                (None, &scene.nodes[0].address),
                (None, &scene.nodes[1].address),
            ] {
                let (status, answer) = scene.token(credential, address, &forged).await;
                assert_eq!(status, 401, "{name} at {address}: {answer}");
                assert_eq!(answer["error"], "invalid_client", "{name} at {address}");
            }
        }
    }
}

#[tokio::test]
async fn what_is_said_of_host_and_proto_changes_no_address() {
    let scene = Scene::set().await;
    let (client, issuer) = (scene.hosts.http(None), &scene.nodes[0].issuer);
    for (name, value) in [
        ("x-forwarded-host", "evil.example"),
        ("x-forwarded-proto", "ftp"),
        ("x-forwarded-port", "1"),
        ("x-forwarded-prefix", "/evil"),
        ("forwarded", "host=evil.example;proto=ftp"),
        ("host", "evil.example"),
    ] {
        let url = format!("{}/.well-known/openid-configuration", scene.nginx.good);
        let answer = client.get(url).header(name, value).send().await.unwrap();
        let text = answer.text().await.unwrap();
        let document: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(document["issuer"], json!(issuer), "{name}");
        assert!(!text.contains("evil"), "{name}: {text}");
    }
}

/// PEM as nginx escapes it.
fn escaped(pem: &str) -> String {
    percent_encoding::utf8_percent_encode(pem, percent_encoding::NON_ALPHANUMERIC).to_string()
}
