//! The rules of the house, held by reading the source: layers, keepers of crates, file length.

use std::fs;
use std::path::{Path, PathBuf};

/// The layers, lowest first. A module may name only modules before it. `config` is a plain value
/// that names nothing but secrets, so that the layers above the rules can be told their numbers.
const LAYERS: [&str; 12] = [
    "ambient",
    "crypto",
    "identity",
    "protocol",
    "policy",
    "config",
    "store",
    "live",
    "manage",
    "tasks",
    "web",
    "endpoints",
];

/// Wiring: it may name everything, and nobody below may name it.
const WIRING: [&str; 5] = ["app", "cli", "telemetry", "lib", "main"];

/// What a layer may name although it is above, and why.
const EXCEPTIONS: [(&str, &str, &str); 2] = [
    ("identity", "identity::role", "an account carries its roles; `roles` names nothing but text"),
    ("protocol", "identity::role", "claims carry roles; `roles` names nothing but text"),
];

/// The crates that have a keeper, and the places that may name them.
const KEEPERS: [(&str, &[&str]); 22] = [
    ("sqlx", &["store"]),
    ("axum", &["web", "endpoints", "app"]),
    ("askama", &["web", "endpoints"]),
    ("fluent_bundle", &["web"]),
    ("hyper", &["web", "app"]),
    ("hyper_util", &["web", "app"]),
    ("tower", &["web", "endpoints", "app"]),
    ("argon2", &["crypto"]),
    ("bcrypt", &["crypto"]),
    ("scrypt", &["crypto"]),
    ("jsonwebtoken", &["crypto"]),
    ("totp_rs", &["crypto"]),
    ("aws_lc_rs", &["crypto"]),
    ("subtle", &["crypto"]),
    ("x509_cert", &["crypto"]),
    ("instant_acme", &["live/outbound/acme", "tasks/acme"]),
    ("rand", &["ambient"]),
    ("clap", &["cli", "config", "main"]),
    // The console's samples show it as text.
    ("reqwest", &["live/outbound", "endpoints/admin/clients/snippets"]),
    ("lettre", &["tasks"]),
    ("rustix", &["app", "cli/terminal"]),
    ("anyhow", &["main", "app", "cli", "tasks", "telemetry"]),
];

/// The layers in which nothing awaits.
const PURE: [&str; 6] = ["ambient", "crypto", "identity", "protocol", "policy", "config"];

/// The most lines of a file.
const LONGEST: usize = 400;

/// A source file.
struct Source {
    /// Its path under the crate.
    path: String,
    text: String,
}

impl Source {
    /// Its lines with numbers, without comments.
    fn code(&self) -> impl Iterator<Item = (usize, &str)> {
        let lines = self.text.lines().enumerate().map(|(n, line)| (n + 1, line));
        lines.filter(|(_, line)| !line.trim_start().starts_with("//"))
    }

    /// The top module it is in: `src/store/codes.rs` is in `store`.
    fn module(&self) -> &str {
        let path = self.path.strip_prefix("src/").unwrap_or(&self.path);
        path.split(['/', '.']).next().unwrap_or_default()
    }
}

/// The files under `directory` that end in one of `extensions`.
fn sources(directory: &str, extensions: &[&str]) -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files = Vec::new();
    walk(&root.join(directory), &mut files);
    files.sort();
    files.retain(|path| path.extension().is_some_and(|e| extensions.iter().any(|x| e == *x)));
    let read = |path: &PathBuf| Source {
        path: path.strip_prefix(root).unwrap().to_string_lossy().into_owned(),
        text: fs::read_to_string(path).unwrap(),
    };
    files.iter().map(read).collect()
}

fn walk(directory: &Path, files: &mut Vec<PathBuf>) {
    let Ok(entries) = fs::read_dir(directory) else { return };
    for entry in entries.map(Result::unwrap) {
        let path = entry.path();
        if !path.is_dir() {
            files.push(path);
        } else if !path.ends_with(".venv") {
            walk(&path, files);
        }
    }
}

/// What stands behind each `name::` of a line, up to the end of the path: `crate::a::b` → `a::b`.
fn paths<'a>(line: &'a str, name: &str) -> Vec<&'a str> {
    let part = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let prefix = format!("{name}::");
    let mut named = Vec::new();
    for (at, _) in line.match_indices(&prefix) {
        let (before, after) = line.split_at(at);
        let longer = before.ends_with(|c| part(c) || c == ':') && !before.ends_with("::<");
        let rest = after.strip_prefix(&prefix).unwrap_or_default();
        let end = rest.find(|c| !part(c) && c != ':').unwrap_or(rest.len());
        if !longer {
            named.push(rest.split_at(end).0);
        }
    }
    named
}

/// Whether `path` is `module` or lies in it.
fn within(path: &str, module: &str) -> bool {
    path.strip_prefix(module).is_some_and(|rest| rest.is_empty() || rest.starts_with("::"))
}

fn none(found: &[String]) {
    assert!(found.is_empty(), "\n{}\n", found.join("\n"));
}

#[test]
fn a_module_names_only_modules_below_it() {
    let mut found = Vec::new();
    for source in sources("src", &["rs"]) {
        let module = source.module();
        let Some(layer) = LAYERS.iter().position(|l| *l == module) else { continue };
        for (line, text) in source.code() {
            for named in paths(text, "crate") {
                let top = named.split("::").next().unwrap_or_default();
                let above = LAYERS.iter().position(|l| *l == top).is_some_and(|at| at > layer)
                    || WIRING.contains(&top);
                let excused = EXCEPTIONS.iter().any(|(who, what, why)| {
                    *who == module && within(named, what) && !why.is_empty()
                });
                if above && !excused {
                    found.push(format!("{}:{line} names {named}, which is above it", source.path));
                }
            }
            if text.contains("crate::{") {
                found.push(format!("{}:{line} names modules in one brace", source.path));
            }
        }
    }
    none(&found);
}

#[test]
fn every_module_has_its_place() {
    let known = |module: &str| LAYERS.contains(&module) || WIRING.contains(&module);
    let strays = sources("src", &["rs"]).into_iter().filter(|source| !known(source.module()));
    none(&strays.map(|source| format!("{} is in no layer", source.path)).collect::<Vec<_>>());
}

#[test]
fn a_crate_is_named_only_by_its_keeper() {
    let mut found = Vec::new();
    for source in sources("src", &["rs"]) {
        for (krate, keepers) in KEEPERS {
            let kept = |keeper: &str| {
                let path = source.path.strip_prefix("src/").unwrap_or_default();
                let rest = path.strip_prefix(keeper);
                rest.is_some_and(|rest| rest.starts_with(['/', '.']))
            };
            if keepers.iter().any(|keeper| kept(keeper)) {
                continue;
            }
            let named = source.code().filter(|(_, line)| !paths(line, krate).is_empty());
            found.extend(named.map(|(line, _)| format!("{}:{line} names {krate}", source.path)));
        }
    }
    none(&found);
}

#[test]
fn nothing_awaits_in_the_pure_layers() {
    let mut found = Vec::new();
    for source in sources("src", &["rs"]) {
        if PURE.contains(&source.module()) {
            let awaits = |line: &str| line.contains("async ") || line.contains(".await");
            let lines = source.code().filter(|(_, line)| awaits(line));
            found.extend(lines.map(|(line, _)| format!("{}:{line} awaits", source.path)));
        }
    }
    none(&found);
}

#[test]
fn files_are_short() {
    let all = ["src", "tests", "migrations", "templates", "benches"];
    let files = all.iter().flat_map(|place| sources(place, &["rs", "sql", "html", "sh", "py"]));
    let long = files.filter(|source| source.text.lines().count() > LONGEST);
    none(&long.map(|s| format!("{} is over {LONGEST} lines", s.path)).collect::<Vec<_>>());
}

#[test]
fn no_lint_is_silenced_without_a_reason() {
    let silenced = concat!("#[", "allow");
    let inner = concat!("#![", "allow");
    let mut found = Vec::new();
    for source in ["src", "tests", "benches"].iter().flat_map(|place| sources(place, &["rs"])) {
        let lines = source.code().filter(|(_, l)| l.contains(silenced) || l.contains(inner));
        found.extend(lines.map(|(line, _)| format!("{}:{line} silences a lint", source.path)));
    }
    none(&found);
}
