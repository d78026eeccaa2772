//! The listener that asks for certificates.

use std::process::Command;
use std::time::{Duration, Instant};

use reqwest::Client;
use serde_json::{Value, json};

use super::{CLIENTS, confirmation, json_of, machine, own};
use crate::support::calls::FORM;
use crate::support::files::TempFile;
use crate::support::port::Port;
use crate::support::server::Server;
use crate::support::tls::{Authority, Credential, ServerFiles};

/// A server with a listener for certificates, and the authorities of both sides.
struct Scene {
    server: Server,
    /// Vouches for the server.
    hosts: Authority,
    /// Vouches for clients.
    clients: Authority,
    files: ServerFiles,
    ca_file: TempFile,
    /// Where certificates are asked for.
    mtls: String,
    _port: Port,
}

impl Scene {
    async fn set() -> Self {
        let (hosts, clients) = (Authority::new("Hosts"), Authority::new("Clients"));
        let (files, ca_file) = (hosts.server(), TempFile::of(&clients.pem));
        let port = Port::free();
        let listen = format!("127.0.0.1:{}", port.number);
        let mtls = format!("https://localhost:{}", port.number);
        let settings = [
            ("MTLS_LISTEN", listen.as_str()),
            ("MTLS_URL", &mtls),
            ("MTLS_CA_FILE", ca_file.path()),
        ];
        let server = Server::secure(&files, &settings).await;
        server.apply(CLIENTS).await;
        Self { server, hosts, clients, files, ca_file, mtls, _port: port }
    }

    /// Asks for a token at `address` as the client called `id`.
    async fn token(&self, client: &Client, address: &str, id: &str) -> (u16, Value) {
        let request = client.post(format!("{address}/oauth2/token"));
        let answer = request.header(FORM.0, FORM.1).body(machine(id)).send().await.unwrap();
        (answer.status().as_u16(), json_of(answer).await)
    }
}

#[tokio::test]
async fn a_certificate_proves_its_client_and_its_tokens_are_bound_to_it() {
    let scene = Scene::set().await;
    let credential = scene.clients.client("bound.example");
    let client = scene.hosts.http(Some(&credential));
    let (status, answer) = scene.token(&client, &scene.mtls, "bound").await;
    assert_eq!((status, &answer["token_type"]), (200, &json!("Bearer")), "{answer}");
    let token = answer["access_token"].as_str().unwrap();
    let bound = json!({ "x5t#S256": credential.thumbprint() });
    assert_eq!(confirmation(token), bound);
    // Introspection tells the API what to compare (RFC 8705 §3.2).
    let fields = portcullis::protocol::params::encode([("token", token), ("client_id", "bound")]);
    let asked = client.post(format!("{}/oauth2/introspect", scene.mtls));
    let told = asked.header(FORM.0, FORM.1).body(fields).send().await.unwrap();
    let told = json_of(told).await;
    assert_eq!((&told["active"], &told["cnf"]), (&json!(true), &bound), "{told}");
    // Another of its names proves it too, and without the demand the token is not bound.
    let (status, answer) = scene.token(&client, &scene.mtls, "loose").await;
    assert_eq!(status, 200, "{answer}");
    assert_eq!(confirmation(answer["access_token"].as_str().unwrap()), Value::Null);
}

#[tokio::test]
async fn no_other_certificate_and_no_other_door_does() {
    let scene = Scene::set().await;
    let good = scene.clients.client("bound.example");
    let stranger = Authority::new("Clients").client("bound.example");
    for (credential, address, why) in [
        (None, &scene.mtls, "no certificate"),
        (Some(&good), &scene.server.issuer, "the plain listener does not ask"),
        (Some(&stranger), &scene.mtls, "an authority of the same name"),
        (Some(&scene.hosts.client("bound.example")), &scene.mtls, "another authority"),
        (Some(&scene.clients.client("bound.example.org")), &scene.mtls, "a longer name"),
        (Some(&Credential::of_its_own("bound.example")), &scene.mtls, "nobody's"),
    ] {
        let client = scene.hosts.http(credential);
        let (status, answer) = scene.token(&client, address, "bound").await;
        assert_eq!((status, &answer["error"]), (401, &json!("invalid_client")), "{why}: {answer}");
        assert!(answer["error_description"].is_string(), "{why}");
    }
    let told = scene.token(&scene.hosts.http(None), &scene.mtls, "bound").await.1;
    assert!(told["error_description"].to_string().contains("mtls_endpoint_aliases"), "{told}");
}

#[tokio::test]
async fn a_bound_token_opens_nothing_in_other_hands() {
    let scene = Scene::set().await;
    let (own_one, other) = (Credential::of_its_own("a"), scene.clients.client("b"));
    let document =
        own("admin-tool", &own_one).replace("orders.read", "admin.clients.read").replace(
            "[\"authorization_code\", \"refresh_token\", \"client_credentials\"]",
            "[\"client_credentials\"]",
        );
    scene.server.apply(&document).await;
    let client = scene.hosts.http(Some(&own_one));
    let (status, answer) = scene.token(&client, &scene.mtls, "admin-tool").await;
    assert_eq!(status, 200, "{answer}");
    let token = answer["access_token"].as_str().unwrap();
    let holders = [
        (Some(&own_one), scene.mtls.clone(), 200),
        (Some(&other), scene.mtls.clone(), 401),
        (None, scene.mtls.clone(), 401),
        (Some(&own_one), scene.server.issuer.clone(), 401),
    ];
    for (credential, address, expected) in holders {
        let client = scene.hosts.http(credential);
        let asked = client.get(format!("{address}/admin/api/v1/clients")).bearer_auth(token);
        let answer = asked.send().await.unwrap();
        assert_eq!(answer.status(), expected, "{address} {}", credential.is_some());
        if expected == 401 {
            let challenge = answer.headers()["www-authenticate"].to_str().unwrap();
            assert!(challenge.contains("error=\"invalid_token\""), "{challenge}");
            assert!(challenge.contains("is bound to a"), "{challenge}");
        }
    }
}

#[tokio::test]
async fn discovery_tells_where_certificates_are_taken_and_pages_are_not_there() {
    let scene = Scene::set().await;
    let client = scene.hosts.http(None);
    let document = format!("{}/.well-known/openid-configuration", scene.server.issuer);
    let document = json_of(client.get(document).send().await.unwrap()).await;
    let alias = |path: &str| json!(format!("{}{path}", scene.mtls));
    assert_eq!(document["mtls_endpoint_aliases"]["token_endpoint"], alias("/oauth2/token"));
    assert_eq!(document["mtls_endpoint_aliases"]["userinfo_endpoint"], alias("/oauth2/userinfo"));
    assert_eq!(document["tls_client_certificate_bound_access_tokens"], json!(true));
    let methods = document["token_endpoint_auth_methods_supported"].to_string();
    assert!(
        methods.contains("\"tls_client_auth\"") && methods.contains("self_signed"),
        "{methods}"
    );
    for (path, expected) in
        [("/login", 404), ("/admin", 404), ("/oauth2/authorize", 404), ("/oauth2/jwks", 200)]
    {
        let answer = client.get(format!("{}{path}", scene.mtls)).send().await.unwrap();
        assert_eq!(answer.status(), expected, "{path}");
    }
}

#[tokio::test]
async fn who_asks_for_it_has_renewed_files_taken_up_at_once() {
    let scene = Scene::set().await;
    let renewed = Authority::new("Renewed");
    let client = scene.hosts.http(Some(&renewed.client("bound.example")));
    assert_eq!(scene.token(&client, &scene.mtls, "bound").await.0, 401);
    scene.ca_file.write(&format!("{}{}", scene.clients.pem, renewed.pem));
    scene.server.renew().await;
    assert_eq!(scene.token(&client, &scene.mtls, "bound").await.0, 200);
}

#[tokio::test]
async fn certificates_and_authorities_are_renewed_under_load_without_a_failure() {
    let scene = Scene::set().await;
    let first = scene.clients.client("bound.example");
    let renewed = Authority::new("Renewed");
    let second = renewed.client("bound.example");
    let both = format!("{}{}", scene.clients.pem, renewed.pem);
    let new_host = scene.hosts.server();
    let began = Instant::now();
    let mut served = [0, 0];
    let mut changed = false;
    // The files are looked at every ten seconds.
    while served[1] == 0 && began.elapsed() < Duration::from_secs(40) {
        // A new connection each time: a kept one would see neither.
        let (status, answer) =
            scene.token(&scene.hosts.http(Some(&first)), &scene.mtls, "bound").await;
        assert_eq!(status, 200, "{answer}");
        served[0] += 1;
        // Now and then: whoever fails too often has to wait.
        if served[0] % 20 == 0 {
            let client = scene.hosts.http(Some(&second));
            let (status, answer) = scene.token(&client, &scene.mtls, "loose").await;
            assert!(status == 200 || [401, 429].contains(&status), "{answer}");
            served[1] += u32::from(status == 200);
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
        if !changed && served[0] > 5 {
            changed = true;
            let read = |file: &TempFile| std::fs::read_to_string(file.path()).unwrap();
            scene.ca_file.write(&both);
            // The key and the certificate do not fit for a moment: the old pair stays.
            scene.files.key.write(&read(&new_host.key));
            scene.files.certificate.write(&read(&new_host.certificate));
        }
    }
    assert!(served[0] > 5 && served[1] > 0, "the renewed authority is not taken up: {served:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn curl_gets_a_token_with_its_certificate_and_no_old_tls() {
    let scene = Scene::set().await;
    let credential = scene.clients.client("bound.example");
    let (certificate, key) = (TempFile::of(&credential.pem), TempFile::of(&credential.key));
    let root = TempFile::of(&scene.hosts.pem);
    let curl = |more: &[&str], address: &str| {
        let url = format!("{address}/oauth2/token");
        let mut command = Command::new("curl");
        command.args(["--silent", "--show-error", "--noproxy", "*", "--cacert", root.path()]);
        command.args(["--data", &machine("bound"), &url]).args(more);
        let output = command.output().expect("curl is installed by tests/run");
        (output.status.success(), String::from_utf8_lossy(&output.stdout).into_owned())
    };
    let shown = ["--cert", certificate.path(), "--key", key.path()];
    for tls in ["--tlsv1.3", "--tls-max=1.2"] {
        // curl takes no `=`: the two words.
        let words: Vec<&str> = tls.split('=').chain(shown).collect();
        let (done, answer) = tokio::task::block_in_place(|| curl(&words, &scene.mtls));
        let answer: Value = serde_json::from_str(&answer).unwrap_or_default();
        assert!(done && answer["access_token"].is_string(), "{tls}: {answer}");
    }
    for address in [&scene.mtls, &scene.server.issuer] {
        let words: Vec<&str> = ["--tls-max", "1.1"].into_iter().chain(shown).collect();
        let (done, answer) = tokio::task::block_in_place(|| curl(&words, address));
        assert!(!done && answer.is_empty(), "{answer}");
    }
}

#[tokio::test]
async fn authlib_gets_a_token_with_its_certificate() {
    let scene = Scene::set().await;
    let credential = scene.clients.client("bound.example");
    let (certificate, key) = (TempFile::of(&credential.pem), TempFile::of(&credential.key));
    let root = TempFile::of(&scene.hosts.pem);
    let setting = json!({
        "address": scene.mtls, "client_id": "bound", "cert": certificate.path(),
        "key": key.path(), "ca": root.path(),
    });
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/flows/authlib_certificate.py");
    let python = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/.venv/bin/python");
    let mut command = tokio::process::Command::new(python);
    let done = command.args([script, &setting.to_string()]).output().await.unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
}
