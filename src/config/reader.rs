//! From written values to typed ones, noting what is wrong and going on.

use std::fs::File;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use ipnet::IpNet;

use super::keys::{Key, Kind, Presence, find};
use super::sources::{Sources, Written};
use super::{Problem, duration};
use crate::crypto::secret::Secret;

/// Reads typed values off the sources. A value that is missing or wrong becomes a problem and an
/// empty value, so that one pass finds every problem.
pub(super) struct Reader {
    sources: Sources,
}

impl Reader {
    pub(super) fn new(sources: Sources) -> Self {
        Self { sources }
    }

    /// What was wrong, in the order of the settings.
    pub(super) fn problems(self) -> Vec<Problem> {
        self.sources.problems
    }

    /// Notes a problem with `name`, called as whoever wrote it calls it.
    pub(super) fn refuse(&mut self, name: &str, what: &str, mend: impl Into<String>) {
        let place = match self.sources.values.get(name) {
            Some(written) => written.place.clone(),
            None => name.to_owned(),
        };
        self.sources.problems.push(Problem::new(place, what, mend));
    }

    /// Whether anybody gave a value.
    pub(super) fn is_given(&self, name: &str) -> bool {
        self.sources.values.contains_key(name)
    }

    /// The text of a setting, if it is given or has a default.
    pub(super) fn text(&mut self, name: &str) -> Option<String> {
        self.texts(name).into_iter().next()
    }

    /// A secret.
    pub(super) fn secret(&mut self, name: &str) -> Option<Secret> {
        self.text(name).map(Secret::new)
    }

    /// A list of texts, each read by `parse`; `mend` says how they are written.
    pub(super) fn parsed<T>(
        &mut self,
        name: &str,
        mend: &str,
        parse: impl Fn(&str) -> Option<T>,
    ) -> Vec<T> {
        let mut list = Vec::new();
        for item in self.items(name) {
            match parse(&item) {
                Some(value) => list.push(value),
                None => self.refuse(name, &format!("has {item:?}, which does not parse"), mend),
            }
        }
        list
    }

    /// A list of secrets.
    pub(super) fn secrets(&mut self, name: &str) -> Vec<Secret> {
        self.items(name).into_iter().map(Secret::new).collect()
    }

    /// A file that can be opened.
    pub(super) fn path(&mut self, name: &str) -> Option<PathBuf> {
        let path = PathBuf::from(self.text(name)?);
        if let Err(error) = File::open(&path) {
            let what = format!("names {}, which cannot be read: {error}", path.display());
            self.refuse(name, &what, "make the file, open it to this user, or correct the path");
        }
        Some(path)
    }

    /// The addresses to listen on.
    pub(super) fn addresses(&mut self, name: &str) -> Vec<SocketAddr> {
        self.list(name, "write an IP address and a port, such as 0.0.0.0:8080 or [::]:8080")
    }

    /// A list of networks; a lone address is a network of one.
    pub(super) fn networks(&mut self, name: &str) -> Vec<IpNet> {
        let mend = "write networks as 10.0.0.0/8 or fd00::/8";
        let networks: Vec<Network> = self.list(name, mend);
        networks.into_iter().map(|network| network.0).collect()
    }

    /// A whole number within its bounds.
    pub(super) fn number<N: TryFrom<u64> + Default>(&mut self, name: &str) -> N {
        let Some(Key { kind: Kind::Number { min, max }, .. }) = find(name) else {
            return N::default();
        };
        let value = self.text(name).and_then(|text| text.parse::<u64>().ok());
        let within = value.filter(|value| (min..=max).contains(&value));
        if let Some(value) = within.and_then(|value| N::try_from(value).ok()) {
            return value;
        }
        let mend = format!("write a whole number from {min} to {max}");
        self.refuse(name, "is out of bounds", mend);
        N::default()
    }

    /// A length of time within its bounds.
    pub(super) fn length(&mut self, name: &str) -> Duration {
        let Some(Key { kind: Kind::Length { min, max }, .. }) = find(name) else {
            return Duration::ZERO;
        };
        let (least, most) = (duration::text(*min), duration::text(*max));
        let value = self.text(name).and_then(|text| duration::parse(&text));
        match value {
            Some(value) if (min..=max).contains(&&value) => return value,
            Some(_) => {
                self.refuse(name, "is out of bounds", format!("write {least} to {most}"));
            }
            None => {
                let mend = format!("write it as 30s, 5m, 1h30m or 14d, from {least} to {most}");
                self.refuse(name, "is no length of time", mend);
            }
        }
        Duration::ZERO
    }

    /// One of the key's words.
    pub(super) fn choice(&mut self, name: &str) -> String {
        let text = self.text(name).unwrap_or_default();
        if let Some(Key { kind: Kind::Choice(words), .. }) = find(name)
            && !words.contains(&text.as_str())
        {
            self.refuse(name, "is none of the choices", format!("write {}", words.join(" or ")));
        }
        text
    }

    /// Each element of a list, read by its own parser.
    fn list<T: FromStr>(&mut self, name: &str, mend: &str) -> Vec<T> {
        let mut list = Vec::new();
        for item in self.items(name) {
            match item.parse() {
                Ok(value) => list.push(value),
                Err(_) => self.refuse(name, &format!("has {item:?}, which does not parse"), mend),
            }
        }
        list
    }

    /// The elements of a list, which one text may hold with commas, blanks or line ends between.
    fn items(&mut self, name: &str) -> Vec<String> {
        let texts = self.texts(name);
        let parts = texts.iter().flat_map(|text| text.split([',', ' ', '\n', '\r', '\t']));
        parts.filter(|part| !part.is_empty()).map(str::to_owned).collect()
    }

    /// What is written for a setting, or its default; a required one that lacks is a problem.
    fn texts(&mut self, name: &str) -> Vec<String> {
        let Some(key) = find(name) else { return Vec::new() };
        if let Some(Written { texts, .. }) = self.sources.values.get(key.name) {
            return texts.clone();
        }
        match key.presence {
            Presence::Default(text) => vec![text.to_owned()],
            Presence::Optional => Vec::new(),
            Presence::Required => {
                let file = if key.has_file_form() { " or its _FILE form" } else { "" };
                let mend = format!("set it in portcullis.toml or as {}{file}", key.variable());
                self.sources.problems.push(Problem::new(key.name, "is missing", mend));
                Vec::new()
            }
        }
    }
}

/// A network, or a lone address as a network of one.
struct Network(IpNet);

impl FromStr for Network {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let address = || text.parse::<std::net::IpAddr>().map(IpNet::from);
        text.parse().or_else(|_| address()).map(Self).map_err(|_| ())
    }
}
