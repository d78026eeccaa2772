//! What a file may say.

use std::path::Path;

use super::*;

fn parse(text: &str, syntax: Syntax) -> std::result::Result<Document, Vec<String>> {
    let env = |name: &str| (name == "SHOP_SECRET").then(|| "s".repeat(32));
    let sources = Sources { env: &env, directory: Path::new(env!("CARGO_MANIFEST_DIR")) };
    Document::parse(text, syntax, &sources).map_err(|error| match error {
        ApplyError::Problems(problems) => problems.iter().map(ToString::to_string).collect(),
        ApplyError::Failed(error) => vec![error.to_string()],
    })
}

fn problems(text: &str) -> Vec<String> {
    parse(text, Syntax::Toml).unwrap_err()
}

#[test]
fn toml_and_yaml_have_the_same_shape() {
    let toml =
        parse("[policy]\nmfa = \"everyone\"\n[[user]]\nusername = \"a\"\n", Syntax::Toml).unwrap();
    let yaml = parse("policy: { mfa: everyone }\nuser:\n  - username: a\n", Syntax::Yaml).unwrap();
    for document in [toml, yaml] {
        assert_eq!(document.policy.unwrap().mfa.as_deref(), Some("everyone"));
        assert_eq!(document.users[0].username, "a");
    }
}

#[test]
fn an_unknown_field_is_named_with_its_path() {
    let found = problems(
        "[policy]\nmfaa = \"x\"\n[[client]]\nredirect_uri = \"x\"\n[[api]]\nresource = \"https://a.example/\"\nscopes = [{ name = \"a\" }, { name = \"b\", desc = \"x\" }]\n[typo]\n",
    );
    let paths: Vec<&str> = found.iter().filter_map(|problem| problem.split(':').next()).collect();
    assert_eq!(paths, ["policy.mfaa", "api[0].scopes[1].desc", "client[0].redirect_uri", "typo"]);
}

#[test]
fn a_secret_comes_by_value_from_the_environment_or_from_a_file() {
    let secret = |line: &str| {
        let document = parse(&format!("[[client]]\nclient_id = \"a\"\n{line}\n"), Syntax::Toml);
        document.map(|document| {
            document.clients[0].client_secret.clone().unwrap().secret().expose().len()
        })
    };
    assert_eq!(secret("client_secret = \"abc\""), Ok(3));
    assert_eq!(secret("client_secret_env = \"SHOP_SECRET\""), Ok(32));
    assert!(secret("client_secret_file = \"Cargo.toml\"").unwrap() > 100);
    assert!(
        secret("client_secret_env = \"MISSING\"").unwrap_err()[0]
            .contains("client[0].client_secret")
    );
    assert!(secret("client_secret_file = \"missing\"").is_err());
    assert!(secret("client_secret = \"a\"\nclient_secret_env = \"SHOP_SECRET\"").is_err());
}

#[test]
fn the_same_thing_twice_is_refused() {
    let found = problems("[[user]]\nusername = \"a\"\n[[user]]\nusername = \"A\"\n");
    assert_eq!(found, ["user[1].username: it is in the file twice, leave one out"]);
}

#[test]
fn a_damaged_file_says_where() {
    assert!(problems("[policy\n")[0].starts_with("file: "));
    assert!(problems("client = \"x\"\n")[0].starts_with("client: it is not a list"));
    assert!(problems("policy = 1\n")[0].starts_with("policy: "));
}

#[test]
fn no_problem_shows_a_secret() {
    let found = problems("[[user]]\nusername = \"a\"\npassword = { x = \"hunter2hunter2\" }\n");
    assert!(!found.join(" ").contains("hunter2"), "{found:?}");
}
