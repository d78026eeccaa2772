//! The members of a JSON object, each at most once, read one by one into strict types.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::{DeserializeOwned, Error, MapAccess, Visitor};
use serde_json::value::RawValue;

/// A JSON object in which no name stands twice, not even written with escapes.
#[derive(Debug)]
pub(super) struct Members<'a>(BTreeMap<String, &'a RawValue>);

/// More members than any token of ours, a client's or a peer's carries.
const MOST: usize = 256;

impl<'a> Members<'a> {
    /// The members of `json`, or nothing where it is not an object or repeats a name.
    pub(super) fn parse(json: &'a [u8]) -> Option<Self> {
        serde_json::from_slice(json).ok()
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether `name` is there, with whatever value.
    pub(super) fn has(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }

    /// The value of `name` as a `T`; present but no `T` (`null` included) is an error.
    pub(super) fn read<T: DeserializeOwned>(&self, name: &str) -> Result<Option<T>, Mistyped> {
        match self.0.get(name) {
            None => Ok(None),
            Some(raw) if raw.get() == "null" => Err(Mistyped),
            Some(raw) => serde_json::from_str(raw.get()).map(Some).map_err(|_| Mistyped),
        }
    }
}

/// A member is there and is not what it must be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Mistyped;

impl<'de: 'a, 'a> serde::Deserialize<'de> for Members<'a> {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Distinct)
    }
}

struct Distinct;

impl<'de> Visitor<'de> for Distinct {
    type Value = Members<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object with distinct members")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut members = BTreeMap::new();
        while let Some((name, value)) = map.next_entry::<String, &'de RawValue>()? {
            if members.len() >= MOST || members.insert(name, value).is_some() {
                return Err(A::Error::custom("a member stands twice, or there are too many"));
            }
        }
        Ok(Members(members))
    }
}
