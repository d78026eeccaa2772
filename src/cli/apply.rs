//! `portcullis apply`: a server brought to the state that a file describes.

use std::collections::HashMap;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use anyhow::Context as _;

use super::output::Output;
use super::place::Place;
use crate::config::{self, Need};
use crate::manage::apply::{self, Document, Sources, Syntax};

pub(super) const EXAMPLE: &str = "\
Example:
  portcullis apply -f server.toml
  generate-state | portcullis apply -f -

  [[api]]
  resource = \"https://api.example/\"
  scopes = [{ name = \"orders.read\", description = \"See your orders\" }]

  [[client]]
  client_id = \"shop\"
  client_secret_env = \"SHOP_SECRET\"
  redirect_uris = [\"https://shop.example/cb\"]
  scope = \"openid orders.read\"

All of the file is done or nothing of it; a second run changes nothing. docs/apply.md has every
field.";

/// The name for standard input.
const STDIN: &str = "-";

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// TOML or YAML (by its name: .yaml, .yml); - for standard input
    #[arg(short, long, value_name = "FILE")]
    file: PathBuf,
    #[command(flatten)]
    place: Place,
    #[command(flatten)]
    output: Output,
}

pub(super) async fn run(args: &Args) -> anyhow::Result<()> {
    let document = read(&args.file)?;
    let desk = args.place.open(Need::MasterKey).await?;
    let report = apply::apply(&desk.cx(), &document, &desk.passwords())
        .await
        .context("nothing was applied")?;
    args.output.show(&report, || {
        if report.objects.is_empty() { "the file is empty".to_owned() } else { report.to_string() }
    })?;
    Ok(())
}

/// What the file at `path` describes.
pub(super) fn read(path: &Path) -> anyhow::Result<Document> {
    let mut text = String::new();
    let (syntax, directory) = if path.as_os_str() == STDIN {
        std::io::stdin().read_to_string(&mut text).context("cannot read standard input")?;
        (guess(&text), Path::new("."))
    } else {
        text = std::fs::read_to_string(path)
            .with_context(|| format!("cannot read {}", path.display()))?;
        (Syntax::of(path), path.parent().unwrap_or(Path::new(".")))
    };
    let variables: HashMap<String, String> = config::environment().collect();
    let sources = Sources { env: &|name| variables.get(name).cloned(), directory };
    Document::parse(&text, syntax, &sources).context("nothing was applied")
}

/// YAML has no line that begins with a table's name in brackets.
fn guess(text: &str) -> Syntax {
    let is_table = |line: &str| line.trim_start().starts_with('[');
    if text.lines().any(is_table) { Syntax::Toml } else { Syntax::Yaml }
}
