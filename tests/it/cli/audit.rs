//! `portcullis audit verify`, and what the doctor says of the log.

use portcullis::tasks::seal_audit;

use super::Shell;
use crate::store::connect;

#[tokio::test]
async fn verify_says_what_fits_and_fails_on_what_does_not() {
    let shell = Shell::new("verify").await;
    let create = ["client", "create", "--id", "shop", "--redirect-uri", "https://shop.example/cb"];
    assert_eq!(shell.run(&create).code, 0);
    let fresh = shell.run(&["audit", "verify", "--json"]).json();
    assert_eq!((&fresh["intact"], &fresh["rows"]), (&true.into(), &0.into()));
    seal_audit::all(&connect(&shell.database).await).await.unwrap();
    let fine = shell.run(&["audit", "verify", "--json"]).json();
    assert_eq!((&fine["rows"], &fine["pending"]), (&fresh["pending"], &0.into()));
    let noted = fine["newest_seal"].as_str().unwrap();
    let said = shell.run(&["audit", "verify", "--anchor", noted]);
    assert!(
        said.code == 0 && said.out.contains(noted) && said.out.contains("under 1 seals"),
        "{}",
        said.out
    );
    assert!(shell.run(&["doctor"]).out.contains("portcullis audit verify"));

    let change = "update audit_events set outcome = 'failure'";
    sqlx::query(change).execute(&mut shell.database.connect().await).await.unwrap();
    let found = shell.run(&["audit", "verify"]);
    assert!(found.code == 1 && found.out.contains("seal 1"), "{}", found.out);
    let found = shell.run(&["audit", "verify", "--json"]);
    assert!(found.code == 1 && found.out.contains("\"intact\": false"), "{}", found.out);
    assert!(shell.run(&["doctor"]).out.contains("does not fit its newest seal"));
}

#[tokio::test]
async fn an_anchor_that_is_none_is_bad_usage() {
    let shell = Shell::new("anchor").await;
    shell.run(&["audit", "verify", "--anchor", "7"]).fails(2, "as it was printed");
}
