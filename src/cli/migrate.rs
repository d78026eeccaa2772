//! `portcullis migrate`: the schema, brought up to date.

use anyhow::Context as _;
use serde_json::json;

use super::output::Output;
use super::place::Place;
use crate::config::Need;
use crate::store::migrate::{self, Schema};

pub(super) const EXAMPLE: &str = "\
Example:
  DATABASE_URL=postgres://portcullis@localhost/portcullis portcullis migrate

Any number of nodes may do it at once, and servers of the version before go on running beside it.";

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    place: Place,
    #[command(flatten)]
    output: Output,
}

pub(super) async fn run(args: &Args) -> anyhow::Result<()> {
    let access = args.place.access(Need::Database)?;
    let store = args.place.store(&access).await?;
    let before = migrate::schema(&store).await?;
    migrate::migrate(&store).await.context("the schema was not brought up to date")?;
    let (word, text) = match before {
        Schema::Empty => ("created", "the schema is made"),
        Schema::Behind(_) => ("updated", "the schema is up to date now"),
        Schema::Current => ("unchanged", "the schema was up to date already"),
        Schema::Ahead(_) => ("unchanged", "the schema is newer than this program; that is fine"),
    };
    args.output.show(&json!({ "schema": word }), || text.to_owned())?;
    Ok(())
}
