//! What `.sqlx` holds is what the source asks. Run by `.ci/run`, for it needs `cargo-sqlx`.

use std::process::Command;

use crate::support::db::Db;

#[tokio::test]
#[ignore = "needs cargo-sqlx; `.ci/run` installs it and runs this"]
async fn checked_in_queries_are_current() {
    let db = Db::fresh().await;
    let mut prepare = Command::new(env!("CARGO"));
    prepare.args(["sqlx", "prepare", "--check", "--", "--lib"]);
    prepare.current_dir(env!("CARGO_MANIFEST_DIR"));
    prepare.env("DATABASE_URL", db.url()).env_remove("SQLX_OFFLINE");
    let checked = prepare.output().unwrap();
    assert!(checked.status.success(), "{}", String::from_utf8_lossy(&checked.stderr));
}
