//! The members of a JSON object, each at most once, read one by one into strict types.

use std::borrow::Cow;
use std::fmt;

use serde::de::{DeserializeOwned, Error, MapAccess, Visitor};
use serde_json::value::RawValue;

/// A JSON object in which no name stands twice, not even written with escapes.
///
/// Sorted by name once they are read: a token has a dozen, and lists of those cost less than trees.
#[derive(Debug)]
pub(super) struct Members<'a>(Vec<(Name<'a>, &'a RawValue)>);

/// More members than any token of ours, a client's or a peer's carries.
const MOST: usize = 256;
/// As many as most tokens carry.
const USUAL: usize = 16;

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
        self.find(name).is_some()
    }

    fn find(&self, name: &str) -> Option<&'a RawValue> {
        let at = self.0.binary_search_by(|(held, _)| held.0.as_ref().cmp(name)).ok()?;
        self.0.get(at).map(|(_, value)| *value)
    }

    /// The value of `name` as a `T`; present but no `T` (`null` included) is an error.
    pub(super) fn read<T: DeserializeOwned>(&self, name: &str) -> Result<Option<T>, Mistyped> {
        match self.find(name) {
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
        let mut members = Vec::with_capacity(USUAL);
        while let Some(member) = map.next_entry::<Name<'de>, &'de RawValue>()? {
            if members.len() >= MOST {
                return Err(A::Error::custom("there are too many members"));
            }
            members.push(member);
        }
        members.sort_unstable_by(|(one, _), (other, _)| one.cmp(other));
        let is_distinct = members.array_windows().all(|[(one, _), (next, _)]| one != next);
        is_distinct.then_some(Members(members)).ok_or(A::Error::custom("a member stands twice"))
    }
}

/// A member's name: a part of the text, where no escapes are in it.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Name<'a>(Cow<'a, str>);

impl<'de: 'a, 'a> serde::Deserialize<'de> for Name<'a> {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(Named)
    }
}

struct Named;

impl<'de> Visitor<'de> for Named {
    type Value = Name<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a name")
    }

    fn visit_borrowed_str<E: Error>(self, name: &'de str) -> Result<Name<'de>, E> {
        Ok(Name(Cow::Borrowed(name)))
    }

    fn visit_str<E: Error>(self, name: &str) -> Result<Name<'de>, E> {
        Ok(Name(Cow::Owned(name.to_owned())))
    }
}
