//! What an administrator does at the shell.

use serde_json::json;

use super::Shell;

const PASSWORD: &str = "correct horse battery staple\n";

#[tokio::test]
async fn a_person_is_made_listed_disabled_and_enabled() {
    let shell = Shell::new("user").await;
    let create = ["user", "create", "Alice", "--email", "a@example.com", "--role", "administrator"];
    let made = shell.run_with(&[&create[..], &["--password-stdin", "--json"]].concat(), PASSWORD);
    assert_eq!(made.json()["username"], "alice");
    let bob = ["user", "create", "bob", "--password-stdin"];
    assert_eq!(shell.run_with(&bob, PASSWORD).code, 0);
    assert_eq!(shell.run(&["user", "disable", "bob"]).code, 0);
    let list = shell.run(&["user", "list", "--json"]).json();
    assert_eq!(list[0]["roles"], json!(["administrator"]));
    assert!(list[1]["disabled_at"].is_string());
    assert!(shell.run(&["user", "list"]).out.contains("disabled"));
    assert!(shell.run(&["user", "enable", "bob", "--json"]).json()["disabled_at"].is_null());
}

#[tokio::test]
async fn the_last_administrator_stays() {
    let shell = Shell::new("last").await;
    let create = ["user", "create", "root", "--role", "administrator", "--password-stdin"];
    assert_eq!(shell.run_with(&create, PASSWORD).code, 0);
    shell.run(&["user", "disable", "root"]).fails(1, "last administrator");
}

#[tokio::test]
async fn a_password_is_never_an_argument_and_never_weak() {
    let shell = Shell::new("password").await;
    let create = ["user", "create", "alice", "--password-stdin"];
    shell.run_with(&create, "short\n").fails(2, "at least 15 characters");
    shell.run(&["user", "create", "alice"]).fails(2, "--password-stdin");
    shell.run(&["user", "create", "alice", "--password", "x"]).fails(2, "unexpected argument");
    shell.place.write("password", PASSWORD);
    let file = ["user", "create", "alice", "--password-file", "password"];
    assert_eq!(shell.run(&file).code, 0);
    shell.run(&file).fails(1, "the user name is taken");
    let other = ["user", "set-password", "alice", "--password-stdin"];
    assert_eq!(shell.run_with(&other, "another horse battery staple").code, 0);
    shell
        .run_with(&["user", "set-password", "nobody", "--password-stdin"], PASSWORD)
        .fails(1, "no such user");
}

#[tokio::test]
async fn a_clients_secret_is_shown_once() {
    let shell = Shell::new("client").await;
    let uri = "https://shop.example/cb";
    let create = ["client", "create", "--id", "shop", "--redirect-uri", uri, "--scope", "openid"];
    let made = shell.run(&[&create[..], &["--json"]].concat()).json();
    let secret = made["client_secret"].as_str().unwrap().to_owned();
    assert!(secret.starts_with("pc_cs_"));
    let shown = shell.run(&["client", "show", "shop"]).out + &shell.run(&["client", "list"]).out;
    assert!(shown.contains(uri) && !shown.contains(&secret));
    let rotated = shell.run(&["client", "rotate-secret", "shop", "--overlap", "1h", "--json"]);
    assert_ne!(rotated.json()["client_secret"], secret.as_str());
    let shown = shell.run(&["client", "show", "shop", "--json"]).json();
    assert_eq!(shown["secrets"].as_array().unwrap().len(), 2);
    assert_eq!(shell.run(&["client", "disable", "shop"]).code, 0);
    assert!(shell.run(&["client", "list", "--json"]).json()[0]["disabled_at"].is_string());
    shell.run(&create).fails(1, "the client_id is taken");
}

#[tokio::test]
async fn bad_usage_is_two_and_says_what_to_change() {
    let shell = Shell::new("usage").await;
    shell
        .run(&["client", "create", "--redirect-uri", "ftp://x"])
        .fails(2, "--redirect-uri (redirect_uris): ");
    shell.run(&["user"]).fails(2, "Usage");
    shell.run(&["nonsense"]).fails(2, "unrecognized");
    shell.run(&["client", "show", "nobody"]).fails(1, "no such client");
    assert_eq!(shell.run(&["client", "rotate-secret", "--help"]).code, 0);
}

#[tokio::test]
async fn a_file_applied_twice_changes_nothing_the_second_time() {
    let shell = Shell::new("apply").await;
    shell.place.write("secret", "a-secret-of-thirty-two-characters\n");
    let text = r#"
        [[api]]
        resource = "https://api.example/"
        scopes = [{ name = "orders.read" }]
        [[client]]
        client_id = "shop"
        client_secret_file = "secret"
        redirect_uris = ["https://shop.example/cb"]
        scope = "openid orders.read"
        [[user]]
        username = "alice"
        password = "correct horse battery staple"
        totp_secret = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
    "#;
    shell.place.write("state.toml", text);
    let outcomes = |applied: serde_json::Value| -> Vec<String> {
        let objects = applied["objects"].as_array().unwrap().clone();
        objects.iter().map(|object| object["outcome"].as_str().unwrap().to_owned()).collect()
    };
    let first = shell.run(&["apply", "-f", "state.toml", "--json"]).json();
    assert_eq!(outcomes(first), ["created"; 3]);
    let second = shell.run_with(&["apply", "-f", "-", "--json"], text).json();
    assert_eq!(outcomes(second), ["unchanged"; 3]);
    shell.run_with(&["apply", "-f", "-"], "client: [{client_id: x, typo: 1}]").fails(1, "typo");
    shell.run(&["apply", "-f", "missing.toml"]).fails(1, "cannot read missing.toml");
}

#[tokio::test]
async fn keys_rotate_at_once_and_the_old_ones_stay_published() {
    let shell = Shell::new("key").await;
    let first = shell.run(&["key", "rotate", "--json"]).json();
    let second = shell.run(&["key", "rotate", "--json"]).json();
    let states = |keys: &serde_json::Value, state: &str| {
        keys.as_array().unwrap().iter().filter(|key| key["state"] == state).count()
    };
    let retiring = states(&first, "retiring");
    assert_eq!((states(&first, "active"), states(&second, "active")), (4, 4));
    assert_eq!(states(&second, "retiring"), retiring + 4);
    assert_eq!(shell.run(&["key", "list", "--json"]).json(), second);
}

#[tokio::test]
async fn another_certificate_is_asked_for_where_the_server_gets_one_by_itself() {
    let shell = Shell::new("certificate").await;
    shell.run(&["certificate", "renew"]).fails(2, "acme.directory is not set");
    assert!(shell.run(&["certificate", "status"]).out.contains("no certificate"));
    shell.place.write("portcullis.toml", "acme.directory = 'https://ca.example/directory'");
    let asked = shell.run(&["certificate", "renew", "--json"]).json();
    assert_eq!(asked["names"], json!(["id.example.com"]));
    let status = shell.run(&["certificate", "status", "--json"]).json();
    assert!(status[0]["asked_at"].is_string() && status[0]["issued_at"].is_null());
    assert!(shell.run(&["certificate", "status"]).out.contains(" now "));
    let events = shell.run(&["audit", "--action", "certificate.renew", "--json"]).json();
    assert_eq!(events[0]["actor"], "command line");
}

#[tokio::test]
async fn a_setup_link_is_for_as_long_as_there_is_no_administrator() {
    let shell = Shell::new("link").await;
    let link = shell.run(&["setup-link", "--json"]).json();
    assert!(link["url"].as_str().unwrap().starts_with("https://id.example.com/setup?token=pc_"));
    let create = ["user", "create", "root", "--role", "administrator", "--password-stdin"];
    assert_eq!(shell.run_with(&create, PASSWORD).code, 0);
    shell.run(&["setup-link"]).fails(1, "an administrator already");
}

#[tokio::test]
async fn everything_done_at_the_shell_is_in_the_audit_log() {
    let shell = Shell::new("audit").await;
    shell.run_with(&["user", "create", "alice", "--password-stdin"], PASSWORD);
    let events = shell.run(&["audit", "--action", "user.create", "--json"]).json();
    assert_eq!(events[0]["actor"], "command line");
    assert!(!events.to_string().contains("correct horse"));
    shell.run(&["audit", "--refusal", "nothing"]).fails(1, "no such refusal");
}

#[tokio::test]
async fn the_doctor_finds_a_good_set_up_good_and_a_wrong_key_wrong() {
    let shell = Shell::new("doctor").await;
    let found = shell.run(&["doctor", "--json"]).json();
    let state = |check: &str| {
        let all = found.as_array().unwrap();
        all.iter().find(|finding| finding["check"] == check).unwrap()["state"].clone()
    };
    for check in ["configuration", "database", "schema", "clock", "keys"] {
        assert_eq!(state(check), "ok", "{found}");
    }
    assert_eq!(state("administrator"), "note");
    let mut other = shell.place.program();
    other.env("DATABASE_URL", shell.database.url());
    other.env("PORTCULLIS_ISSUER", "https://id.example.com");
    other.env("PORTCULLIS_MASTER_KEY", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAE=");
    let found = super::run(other, &["doctor"], "");
    assert_eq!(found.code, 1);
    assert!(found.out.contains("cannot be opened with this master key"), "{}", found.out);
}

#[tokio::test]
async fn the_doctor_opens_the_certificate_and_the_account_that_the_server_got_by_itself() {
    let shell = Shell::new("acme").await;
    shell.place.write("portcullis.toml", "acme.directory = 'https://ca.example/directory'");
    let said = || shell.run(&["doctor"]).out;
    assert!(said().contains("no certificate for id.example.com yet"), "{}", said());
    let shut = "insert into acme_accounts values ('https://ca.example/directory', '\\x00', now());
        insert into acme_certificates (directory, names, chain, key, issued_at)
            values ('https://ca.example/directory', '{id.example.com}', '', '\\x00', now())";
    sqlx::raw_sql(shut).execute(&mut shell.database.connect().await).await.unwrap();
    for found in
        ["id.example.com cannot be served: the sealed bytes", "the account at the authority"]
    {
        assert!(said().contains(found), "{}", said());
    }
}

#[tokio::test]
async fn the_doctor_names_who_cannot_live_under_fapi_where_all_must() {
    let shell = Shell::new("fapi").await;
    let create = ["client", "create", "--id", "old", "--grant", "client_credentials"];
    assert_eq!(shell.run(&create).code, 0);
    assert!(!shell.run(&["doctor"]).out.contains("FAPI 2.0"), "nobody asked for it");
    let mut strict = shell.place.program();
    strict.env("DATABASE_URL", shell.database.url());
    strict.env("PORTCULLIS_ISSUER", "https://id.example.com");
    strict.env("PORTCULLIS_MASTER_KEY", crate::support::server::MASTER_KEY);
    strict.env("PORTCULLIS_SECURITY_PROFILE", "fapi2");
    let found = super::run(strict, &["doctor"], "");
    assert!(found.out.contains("old is refused: it proves itself by a secret"), "{}", found.out);
    assert_eq!(found.code, 1);
}

#[tokio::test]
async fn the_admin_api_is_described() {
    let shell = Shell::new("openapi").await;
    let document = shell.run(&["openapi"]).json();
    assert!(document["openapi"].as_str().unwrap().starts_with("3.1"));
}

#[tokio::test]
async fn a_person_is_invited_at_the_shell_and_the_link_is_printed() {
    let shell = Shell::new("invite").await;
    let invite = ["user", "invite", "dora@example.com", "--username", "dora", "--role", "editor"];
    let made = shell.run(&[&invite[..], &["--json"]].concat()).json();
    assert_eq!(made["invitation"]["username"], "dora");
    assert!(made["link"].as_str().unwrap().contains("/signup/invited?token=pc_ml_"));
    shell.run(&["user", "invite", "nonsense"]).fails(2, "name@domain");
}

#[tokio::test]
async fn a_file_of_published_passwords_is_built_from_a_sorted_list_only() {
    let shell = Shell::new("filter").await;
    let sorted = "0000000000000000000000000000000000000000:1\n\
        5BAA61E4C9B93F3F0682250B6CF8331B7EE68FD8:9\n";
    shell.place.write("list", sorted);
    let build = ["password-filter", "build", "list", "published.bin", "--json"];
    assert_eq!(shell.run(&build).json()["passwords"], 2);
    let lines: Vec<&str> = sorted.lines().rev().collect();
    let turned = ["password-filter", "build", "-", "other.bin"];
    shell.run_with(&turned, &lines.join("\n")).fails(1, "out of order");
}
