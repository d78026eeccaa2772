use std::path::Path;

use portcullis::manage::apply::{self, ApplyError, Document, Report, Sources, Syntax};
use portcullis::policy::permission::Actor;
use portcullis::store::clients;

use super::{House, passwords};

fn example() -> String {
    let page = include_str!("../../../docs/apply.md");
    let begin = page.split("```toml\n").nth(1).unwrap();
    begin.split("```").next().unwrap().to_owned()
}

async fn run(house: &House, text: &str) -> Result<Report, ApplyError> {
    let sources = Sources { env: &|_| None, directory: Path::new(".") };
    let document = Document::parse(text, Syntax::Toml, &sources)?;
    apply::apply(&house.cx(&Actor::Cli), &document, &passwords()).await
}

fn words(report: &Report) -> Vec<String> {
    report.objects.iter().map(|line| format!("{} {}", line.kind, line.outcome.as_str())).collect()
}

#[tokio::test]
async fn the_documented_example_applies_and_a_second_run_changes_nothing() {
    let house = House::new().await;
    let first = run(&house, &example()).await.unwrap();
    let made =
        ["policy unchanged", "branding updated", "api created", "client created", "user created"];
    assert_eq!(words(&first), made);
    let told = house.told("").await;
    let second = run(&house, &example()).await.unwrap();
    assert!(second.is_unchanged(), "{second}");
    assert_eq!(house.told("").await, told, "what changes nothing tells nothing");
}

#[tokio::test]
async fn what_the_file_says_differently_is_changed_and_nothing_else() {
    let house = House::new().await;
    run(&house, &example()).await.unwrap();
    let other = example()
        .replace("at-least-32-characters-of-randomness", "another-32-characters-of-randomness!")
        .replace("correct horse battery staple", "quite another battery staple")
        .replace("mfa = \"administrators\"", "mfa = \"everyone\"");
    let report = run(&house, &other).await.unwrap();
    let changed =
        ["policy updated", "branding unchanged", "api unchanged", "client updated", "user updated"];
    assert_eq!(words(&report), changed);
    assert!(run(&house, &other).await.unwrap().is_unchanged());
}

#[tokio::test]
async fn a_file_with_a_problem_changes_nothing_and_names_every_problem() {
    let house = House::new().await;
    let told = house.told("").await;
    let broken = example()
        .replace("https://shop.example/cb", "http://shop.example/cb")
        .replace("alice@example.com", "nobody");
    let Err(ApplyError::Problems(problems)) = run(&house, &broken).await else { panic!() };
    let paths: Vec<&str> = problems.iter().map(|problem| problem.path.as_str()).collect();
    assert_eq!(paths, ["user[0].email", "client[0].redirect_uris"]);
    assert!(clients::ids(house.store.pool()).await.unwrap().is_empty());
    assert_eq!(house.told("").await, told);
}
