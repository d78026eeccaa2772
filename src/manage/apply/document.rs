//! The file itself: TOML or YAML, every unknown field refused with its path.

use std::collections::BTreeSet;
use std::path::Path;

use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::secrets::{self, Sources};
use super::{ApplyError, Problem};
use crate::manage::apis::{ApiForm, ScopeForm};
use crate::manage::branding::BrandingForm;
use crate::manage::clients::ClientForm;
use crate::manage::settings::PolicyForm;
use crate::manage::users::UserForm;

/// How a file is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Syntax {
    /// TOML.
    Toml,
    /// YAML.
    Yaml,
}

impl Syntax {
    /// That of the file at `path`, by the end of its name: YAML for `.yaml` and `.yml`, else TOML.
    pub fn of(path: &Path) -> Self {
        match path.extension().and_then(std::ffi::OsStr::to_str) {
            Some("yaml" | "yml") => Self::Yaml,
            _ => Self::Toml,
        }
    }
}

/// What a file describes.
#[derive(Debug, Clone, Default)]
pub struct Document {
    /// `[policy]`.
    pub policy: Option<PolicyForm>,
    /// `[branding]`.
    pub branding: Option<BrandingForm>,
    /// `[[api]]`.
    pub apis: Vec<ApiForm>,
    /// `[[client]]`.
    pub clients: Vec<ClientForm>,
    /// `[[user]]`.
    pub users: Vec<UserForm>,
}

/// Secrets that may be given as `X`, `X_env` or `X_file`.
const CLIENT_SECRETS: [&str; 1] = ["client_secret"];
const USER_SECRETS: [&str; 3] = ["password", "password_hash", "totp_secret"];

impl Document {
    /// The description in `text`, with the secrets it refers to.
    pub fn parse(text: &str, syntax: Syntax, sources: &Sources<'_>) -> Result<Self, ApplyError> {
        let mut reader = Reader { problems: Vec::new(), sources };
        let mut root = reader.root(text, syntax);
        let mut document = Self::default();
        if let Some(policy) = root.remove("policy") {
            document.policy = reader.item("policy", policy);
        }
        if let Some(branding) = root.remove("branding") {
            document.branding = reader.with_secrets("branding", branding, &["logo"]);
        }
        for (place, api) in reader.list(&mut root, "api") {
            document.apis.extend(reader.api(&place, api));
        }
        for (place, client) in reader.list(&mut root, "client") {
            document.clients.extend(reader.with_secrets(&place, client, &CLIENT_SECRETS));
        }
        for (place, user) in reader.list(&mut root, "user") {
            document.users.extend(reader.with_secrets(&place, user, &USER_SECRETS));
        }
        for name in root.keys() {
            reader.problem(
                name.clone(),
                "unknown field, expected policy, branding, api, client or user",
            );
        }
        document.refuse_twins(&mut reader);
        if reader.problems.is_empty() {
            Ok(document)
        } else {
            Err(ApplyError::Problems(reader.problems))
        }
    }

    /// Of two descriptions of one thing the second would undo the first at every run.
    fn refuse_twins(&self, reader: &mut Reader<'_>) {
        let apis = self.apis.iter().map(|api| Some(api.resource.clone())).collect();
        let clients = self.clients.iter().map(|client| client.client_id.clone()).collect();
        let users = self.users.iter().map(|user| Some(user.username.to_lowercase())).collect();
        reader.twins("api", "resource", apis);
        reader.twins("client", "client_id", clients);
        reader.twins("user", "username", users);
    }
}

struct Reader<'a> {
    problems: Vec<Problem>,
    sources: &'a Sources<'a>,
}

impl Reader<'_> {
    fn problem(&mut self, path: String, message: impl Into<String>) {
        self.problems.push(Problem { path, message: message.into() });
    }

    fn root(&mut self, text: &str, syntax: Syntax) -> Map<String, Value> {
        let read = match syntax {
            Syntax::Toml => toml::from_str::<Value>(text).map_err(|error| error.to_string()),
            Syntax::Yaml => {
                serde_norway::from_str::<Value>(text).map_err(|error| error.to_string())
            }
        };
        match read {
            Ok(Value::Object(root)) => return root,
            Ok(Value::Null) => {}
            Ok(_) => self.problem("file".to_owned(), "it is not a table of sections"),
            Err(error) => self.problem("file".to_owned(), error),
        }
        Map::new()
    }

    /// The items of a section, each with its place.
    fn list(&mut self, root: &mut Map<String, Value>, section: &str) -> Vec<(String, Value)> {
        match root.remove(section) {
            None | Some(Value::Null) => Vec::new(),
            Some(Value::Array(items)) => {
                let place = |(index, item)| (format!("{section}[{index}]"), item);
                items.into_iter().enumerate().map(place).collect()
            }
            Some(_) => {
                let message = format!("it is not a list, write [[{section}]]");
                self.problem(section.to_owned(), message);
                Vec::new()
            }
        }
    }

    fn item<T: DeserializeOwned>(&mut self, place: &str, value: Value) -> Option<T> {
        match serde_json::from_value(value) {
            Ok(item) => Some(item),
            Err(error) => {
                let (path, message) = locate(place, &error.to_string());
                self.problem(path, message);
                None
            }
        }
    }

    /// An API; its scopes are read one by one, so that a problem names the right one.
    fn api(&mut self, place: &str, mut value: Value) -> Option<ApiForm> {
        let scopes = value.as_object_mut().and_then(|api| api.remove("scopes"));
        let form = self.item::<ApiForm>(place, value);
        let scopes = match scopes {
            None => None,
            Some(Value::Array(scopes)) => Some(scopes),
            Some(_) => {
                self.problem(format!("{place}.scopes"), "it is not a list");
                return None;
            }
        };
        let read = scopes.map(|scopes| {
            let read =
                |(index, scope)| self.item::<ScopeForm>(&format!("{place}.scopes[{index}]"), scope);
            scopes.into_iter().enumerate().filter_map(read).collect()
        });
        form.map(|form| ApiForm { scopes: read, ..form })
    }

    fn with_secrets<T: DeserializeOwned>(
        &mut self,
        place: &str,
        mut value: Value,
        names: &[&str],
    ) -> Option<T> {
        let found = self.problems.len();
        if let Some(item) = value.as_object_mut() {
            for name in names {
                if let Err(message) = secrets::resolve(item, name, self.sources) {
                    self.problem(format!("{place}.{name}"), message);
                }
            }
        }
        if self.problems.len() > found { None } else { self.item(place, value) }
    }

    fn twins(&mut self, section: &str, field: &str, names: Vec<Option<String>>) {
        let mut seen = BTreeSet::new();
        for (index, name) in names.into_iter().enumerate() {
            if name.is_some_and(|name| !seen.insert(name)) {
                let path = format!("{section}[{index}].{field}");
                self.problem(path, "it is in the file twice, leave one out");
            }
        }
    }
}

/// Where an error of the item at `place` is, and what it is: an unknown field is named in the path.
fn locate(place: &str, error: &str) -> (String, String) {
    let unknown = error.strip_prefix("unknown field `").and_then(|rest| rest.split_once("`, "));
    match unknown {
        Some((field, expected)) => {
            (format!("{place}.{field}"), format!("unknown field, {}", expected.replace('`', "")))
        }
        None => (place.to_owned(), error.replace('`', "")),
    }
}
