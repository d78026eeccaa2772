//! What is shipped beside the program speaks the program's own words. No Docker engine is needed.

use std::fs;
use std::path::Path;

use portcullis::config::keys::{KEYS, Key};
use portcullis::config::template;
use serde_norway::Value;

fn read(path: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap()
}

fn compose() -> Value {
    let mut compose: Value = serde_norway::from_str(&read("docker-compose.yml")).unwrap();
    compose.apply_merge().unwrap();
    compose
}

/// The services whose image is ours.
fn ours(compose: &Value) -> Vec<&Value> {
    let services = compose["services"].as_mapping().unwrap();
    let ours: Vec<_> = services.values().filter(|s| s.get("build").is_some()).collect();
    assert!(!ours.is_empty());
    ours
}

/// Every variable that the configuration reads.
fn variables() -> Vec<String> {
    let file = KEYS.iter().filter(|key| key.has_file_form());
    let file = file.map(|key| format!("{}_FILE", key.variable()));
    let url = ["DATABASE_URL", "DATABASE_URL_FILE"].map(str::to_owned);
    KEYS.iter().map(Key::variable).chain(file).chain(url).collect()
}

#[test]
fn the_compose_file_sets_only_variables_that_exist() {
    let known = variables();
    let compose = compose();
    for service in ours(&compose) {
        for name in service["environment"].as_mapping().unwrap().keys() {
            let name = name.as_str().unwrap();
            assert!(known.iter().any(|k| k == name), "{name} is no setting");
        }
    }
}

#[test]
fn the_compose_file_gives_secrets_by_file_alone() {
    let compose = compose();
    let secret = KEYS.iter().filter(|key| key.has_file_form()).map(Key::variable);
    let secret: Vec<_> = secret.chain(["DATABASE_URL".to_owned()]).collect();
    for service in ours(&compose) {
        let environment = service["environment"].as_mapping().unwrap();
        assert!(environment.contains_key("PORTCULLIS_MASTER_KEY_FILE"));
        assert!(environment.contains_key("DATABASE_URL_FILE"));
        assert!(secret.iter().all(|name| !environment.contains_key(name.as_str())));
    }
    let database = compose["services"]["database"]["environment"].as_mapping().unwrap();
    assert!(database.contains_key("POSTGRES_PASSWORD_FILE"));
    assert!(!database.contains_key("POSTGRES_PASSWORD"));
}

#[test]
fn the_published_port_is_the_one_listened_on() {
    let compose = compose();
    let server = &compose["services"]["portcullis"];
    let listen = server["environment"]["PORTCULLIS_LISTEN"].as_str().unwrap();
    let port = listen.rsplit(':').next().unwrap();
    let published = server["ports"].as_sequence().unwrap();
    assert!(published.iter().all(|p| p.as_str().unwrap().ends_with(&format!(":{port}"))));
    assert!(read("deploy/Dockerfile").contains(&format!("EXPOSE {port}")));
}

#[test]
fn both_services_say_how_they_are() {
    let compose = compose();
    for name in ["portcullis", "database"] {
        let check = compose["services"][name]["healthcheck"]["test"].as_sequence().unwrap();
        assert!(check.len() > 1, "{name}");
    }
    let after = &compose["services"]["portcullis"]["depends_on"]["migrate"]["condition"];
    assert_eq!(after.as_str(), Some("service_completed_successfully"));
}

#[test]
fn the_image_runs_as_nobody_in_particular() {
    let dockerfile = read("deploy/Dockerfile");
    let last = dockerfile.lines().rfind(|line| line.starts_with("FROM ")).unwrap();
    assert!(last.contains("distroless") && last.contains("nonroot"), "{last}");
    assert!(dockerfile.lines().any(|line| line.starts_with("USER 65532")));
}

#[test]
fn the_page_on_configuration_tells_every_setting() {
    let page = read("docs/configuration.md");
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("configuration.md");
    fs::write(&path, template::reference()).unwrap();
    assert!(page == template::reference(), "copy {} to docs/configuration.md", path.display());
}
