//! What `init` writes: a commented `portcullis.toml` and a master key, for its owner's eyes only.

use std::fmt::Write as _;
use std::fs::OpenOptions;
use std::io::{self, Write as _};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use zeroize::Zeroizing;

use super::keys::{KEYS, Key, Kind, Presence};
use crate::ambient::{self, Entropy};

/// Every setting with its meaning; what has a default is commented out.
pub fn template(master_key_file: &Path) -> String {
    let mut text = String::from(
        "# The configuration of Portcullis. Every setting may also be given as a variable\n\
         # (PORTCULLIS_ISSUER, PORTCULLIS_DATABASE_URL, …), which then wins.\n",
    );
    let mut section = "";
    for key in KEYS {
        let (table, name) = key.name.split_once('.').unwrap_or(("", key.name));
        if table != section {
            let _ = write!(text, "\n[{table}]");
            section = table;
        }
        let _ = write!(text, "\n# {}\n{}\n", key.about, line(key, name, master_key_file));
    }
    text
}

/// The line that sets `key`, commented out where it need not be set.
fn line(key: &Key, name: &str, master_key_file: &Path) -> String {
    match (key.name, key.presence) {
        ("issuer", _) => "issuer = \"https://id.example.com\"".to_owned(),
        ("master_key", _) => {
            format!("master_key_file = {}", quoted(&master_key_file.display().to_string()))
        }
        ("database.url", _) => "url = \"postgres://portcullis@localhost/portcullis\"".to_owned(),
        (_, Presence::Default(text)) => format!("#{name} = {}", example(key.kind, text)),
        (_, Presence::Optional | Presence::Required) => format!("#{name} = \"\""),
    }
}

/// A default as TOML.
fn example(kind: Kind, text: &str) -> String {
    match kind {
        Kind::Number { .. } => text.to_owned(),
        Kind::Addresses | Kind::Networks | Kind::Secrets | Kind::Texts => {
            if text.is_empty() {
                "[]".to_owned()
            } else {
                format!("[{}]", quoted(text))
            }
        }
        Kind::Text
        | Kind::Secret
        | Kind::Path
        | Kind::Address
        | Kind::Length { .. }
        | Kind::Choice(_) => quoted(text),
    }
}

/// A TOML string.
fn quoted(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}

/// Writes `portcullis.toml` and `master.key` (mode 0600) into `directory` and gives their paths.
/// Neither is ever overwritten: where one exists, the error is `AlreadyExists` and nothing changed.
pub fn init(directory: &Path, entropy: &dyn Entropy) -> io::Result<[PathBuf; 2]> {
    let config = directory.join("portcullis.toml");
    let key = directory.join("master.key");
    if let Some(existing) = [&config, &key].into_iter().find(|path| path.exists()) {
        return Err(exists(existing));
    }
    std::fs::create_dir_all(directory)?;
    let key_path = std::path::absolute(&key)?;
    write_new(&key, &master_key(entropy), 0o600)?;
    write_new(&config, &template(&key_path), 0o640)?;
    Ok([config, key])
}

/// Writes a new master key to `path` (mode 0600); `AlreadyExists` where there is one.
pub fn write_master_key(path: &Path, entropy: &dyn Entropy) -> io::Result<()> {
    write_new(path, &master_key(entropy), 0o600)
}

/// The text of a new master key: 32 random bytes in base64, and a line end.
fn master_key(entropy: &dyn Entropy) -> Zeroizing<String> {
    let bytes = Zeroizing::new(ambient::bytes::<32>(entropy));
    Zeroizing::new(format!("{}\n", STANDARD.encode(*bytes)))
}

/// Makes a file that was not there.
fn write_new(path: &Path, text: &str, mode: u32) -> io::Result<()> {
    let file = OpenOptions::new().write(true).create_new(true).mode(mode).open(path);
    let mut file = file.map_err(|error| {
        if error.kind() == io::ErrorKind::AlreadyExists { exists(path) } else { error }
    })?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}

fn exists(path: &Path) -> io::Error {
    let what = format!("{} is there already; nothing was changed", path.display());
    io::Error::new(io::ErrorKind::AlreadyExists, what)
}

/// `docs/configuration.md`, whole; a test holds the file to it.
pub fn reference() -> String {
    let mut text = String::from(
        "# Configuration\n\n\
         `portcullis serve` reads `portcullis.toml` (`--config`, or `PORTCULLIS_CONFIG`) and then the\n\
         environment, which wins. `portcullis init` writes a commented file and a master key;\n\
         `portcullis config check` reports every problem at once. What is unknown is refused, in the\n\
         file and among variables that start with `PORTCULLIS_`.\n\n\
         A secret may stand in a file of its own: add `_file` to its name in the file, `_FILE` to its\n\
         variable. The database address may also come as `DATABASE_URL` or `DATABASE_URL_FILE`.\n\
         Lists are TOML arrays; in a variable, commas separate the elements. Lengths of time are\n\
         written `500ms`, `30s`, `5m`, `1h30m`, `14d`.\n\n\
         | setting | variable | value | default | meaning |\n| --- | --- | --- | --- | --- |\n",
    );
    for key in KEYS {
        let file = if key.has_file_form() { " (`_FILE`)" } else { "" };
        let default = match key.presence {
            Presence::Required => "required".to_owned(),
            Presence::Optional | Presence::Default("") => String::new(),
            Presence::Default(text) => format!("`{text}`"),
        };
        let (name, variable, kind) = (key.name, key.variable(), key.kind.describe());
        let about = key.about;
        let _ = writeln!(text, "| `{name}` | `{variable}`{file} | {kind} | {default} | {about} |");
    }
    text.push_str(
        "\nThree more variables are read by the program itself: `PORTCULLIS_CONFIG` (the path of the\n\
         file), `PORTCULLIS_DATA` (the data directory of `dev`) and `PORTCULLIS_POSTGRES_BIN` (where\n\
         `dev` finds `initdb` and `postgres`).\n",
    );
    text
}
