//! From an empty directory to a configuration that is good, and what is said on the way.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use super::{Place, Shell, run};

#[test]
fn init_writes_a_key_for_its_owners_eyes_and_overwrites_nothing() {
    let place = Place::new("init");
    let made = run(place.program(), &["init"], "");
    assert!(made.out.contains("portcullis config check"), "{}", made.err);
    let key = fs::metadata(place.0.join("master.key")).unwrap();
    assert_eq!(key.permissions().mode() & 0o777, 0o600);
    assert_eq!(run(place.program(), &["config", "check"], "").code, 0);
    run(place.program(), &["init"], "").fails(1, "there already");
}

#[test]
fn every_problem_is_reported_at_once() {
    let place = Place::new("problems");
    place.write("portcullis.toml", "issuer = \"http://id.example.com\"\nlisten_on = \"x\"\n");
    let checked = run(place.program(), &["config", "check"], "");
    for part in ["issuer is no issuer", "listen_on is no setting", "master_key", "database.url"] {
        checked.fails(2, part);
    }
    run(place.program(), &["serve"], "").fails(2, "database.url is missing");
}

#[test]
fn a_command_without_a_database_says_how_to_name_one() {
    let place = Place::new("nowhere");
    run(place.program(), &["user", "list"], "").fails(2, "database.url is missing");
    run(place.program(), &["user", "list", "--data", "x"], "").fails(1, "never ran in x");
}

#[tokio::test]
async fn an_empty_database_is_not_served_before_it_is_migrated() {
    let shell = Shell::new("migrate").await;
    let mut connection = shell.database.connect().await;
    sqlx::raw_sql("drop schema public cascade; create schema public")
        .execute(&mut connection)
        .await
        .unwrap();
    shell.run(&["serve"]).fails(1, "run `portcullis migrate` first");
    shell.run(&["user", "list"]).fails(1, "run `portcullis migrate` first");
    assert_eq!(shell.run(&["doctor"]).code, 1);
    assert_eq!(shell.run(&["migrate", "--json"]).json()["schema"], "created");
    assert_eq!(shell.run(&["migrate", "--json"]).json()["schema"], "unchanged");
}

#[test]
fn the_doctor_is_done_within_five_seconds_whatever_the_database_does() {
    let place = Place::new("dead");
    let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let mut program = place.program();
    let port = silent.local_addr().unwrap().port();
    program.env("DATABASE_URL", format!("postgres://x@127.0.0.1:{port}/x?sslmode=disable"));
    program.env("PORTCULLIS_ISSUER", "https://id.example.com");
    program.env("PORTCULLIS_MASTER_KEY", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=");
    let started = Instant::now();
    let found = run(program, &["doctor"], "");
    assert!(started.elapsed() < Duration::from_secs(5), "{:?}", started.elapsed());
    assert_eq!(found.code, 1);
    assert!(found.out.contains("FAIL"), "{}", found.out);
}

#[test]
fn a_certificate_and_the_key_of_another_are_refused_before_the_server_starts() {
    let place = Place::new("mismatch");
    let made = || rcgen::generate_simple_self_signed(vec!["id.example.com".to_owned()]).unwrap();
    let (one, other) = (made(), made());
    place.write("cert.pem", &one.cert.pem());
    let check = |key: &rcgen::KeyPair| {
        place.write("key.pem", &key.serialize_pem());
        let mut program = place.program();
        program.env("DATABASE_URL", "postgres://x@localhost/x");
        program.env("PORTCULLIS_ISSUER", "https://id.example.com");
        program.env("PORTCULLIS_MASTER_KEY", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=");
        program.env("PORTCULLIS_TLS_CERT_FILE", "cert.pem");
        program.env("PORTCULLIS_TLS_KEY_FILE", "key.pem");
        run(program, &["config", "check"], "")
    };
    assert_eq!(check(&one.signing_key).code, 0);
    check(&other.signing_key).fails(2, "tls.cert_file is of no use with tls.key_file");
}

#[tokio::test]
async fn a_hang_up_ends_no_server() {
    let shell = Shell::new("hang-up").await;
    let port = crate::support::port::Port::free();
    let mut program = shell.place.program();
    program.env("DATABASE_URL", shell.database.url());
    program.env("PORTCULLIS_ISSUER", "https://id.example.com");
    program.env("PORTCULLIS_LISTEN", format!("127.0.0.1:{}", port.number));
    program.env("PORTCULLIS_MASTER_KEY", crate::support::server::MASTER_KEY);
    let mut server =
        program.arg("serve").stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let address = ("127.0.0.1", port.number);
    let answers = || async {
        for _ in 0..300 {
            if tokio::net::TcpStream::connect(address).await.is_ok() {
                return true;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        false
    };
    let signal = |name: &str| {
        let id = server.id().to_string();
        assert!(Command::new("kill").args([name, &id]).status().unwrap().success());
    };
    let began = answers().await;
    signal("-HUP");
    tokio::time::sleep(Duration::from_millis(500)).await;
    let goes_on = answers().await;
    signal("-INT");
    let ended = server.wait().unwrap();
    assert!(began && goes_on && ended.success(), "{began} {goes_on} {ended}");
}
