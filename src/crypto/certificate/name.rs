//! Distinguished names, read from text and from certificates, and compared part by part.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr as _;

use x509_cert::attr::AttributeTypeAndValue;
use x509_cert::der::asn1::{Ia5StringRef, PrintableStringRef, Utf8StringRef};
use x509_cert::der::{Encode as _, Tag, Tagged as _};
use x509_cert::name::Name;

/// The longest text that is read as a name.
const LONGEST: usize = 2_048;

/// A distinguished name, never empty. Two are the same where they have the same parts in the same order,
/// each with the same attributes, whichever ASN.1 string type their values are in (RFC 4517 §4.2.15);
/// letter by letter, so that no part stands for another.
#[derive(Clone)]
pub struct DistinguishedName {
    name: Name,
    parts: Vec<BTreeSet<Attribute>>,
}

/// The object identifier of an attribute, and its value: text, or DER where it is no text.
type Attribute = (String, Value);

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Value {
    Text(String),
    Der(Vec<u8>),
}

impl DistinguishedName {
    /// The name that `text` spells by RFC 4514 §3: the last part first, `CN=shop,O=Acme,C=DE`.
    pub fn parse(text: &str) -> Option<Self> {
        // The library takes a separator after an escaped backslash for a bare one.
        if text.len() > LONGEST || text.contains(r"\\\") {
            return None;
        }
        let name = Self::of(&Name::from_str(text).ok()?)?;
        // It is kept as text: what is not read back as the same name would be another client's.
        let kept = name.to_string();
        let again = Self::of(&Name::from_str(&kept).ok()?)?;
        (kept.len() <= LONGEST && again == name).then_some(name)
    }

    /// `name`; nothing where it is empty or broken.
    pub(super) fn of(name: &Name) -> Option<Self> {
        let parts: Vec<BTreeSet<Attribute>> = name
            .iter_rdn()
            .map(|part| part.iter().map(attribute).collect::<Option<_>>())
            .collect::<Option<_>>()?;
        (!parts.is_empty()).then(|| Self { name: name.clone(), parts })
    }
}

impl PartialEq for DistinguishedName {
    fn eq(&self, other: &Self) -> bool {
        self.parts == other.parts
    }
}

impl Eq for DistinguishedName {}

impl fmt::Display for DistinguishedName {
    /// As RFC 4514 §2 writes it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.name.fmt(f)
    }
}

impl fmt::Debug for DistinguishedName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DistinguishedName({self})")
    }
}

fn attribute(read: &AttributeTypeAndValue) -> Option<Attribute> {
    let value = &read.value;
    let tag = value.tag();
    let value = if tag == Tag::PrintableString {
        Value::Text(PrintableStringRef::try_from(value).ok()?.as_str().to_owned())
    } else if tag == Tag::Utf8String {
        Value::Text(Utf8StringRef::try_from(value).ok()?.as_str().to_owned())
    } else if tag == Tag::Ia5String {
        Value::Text(Ia5StringRef::try_from(value).ok()?.as_str().to_owned())
    } else {
        Value::Der(value.to_der().ok()?)
    };
    Some((read.oid.to_string(), value))
}
