//! Bytes for a hash, from fields: no two different lists of fields give the same bytes.

use crate::crypto::secret::Fingerprint;

/// Fields on their way into one SHA-256. Each is written with its kind and its length.
#[derive(Debug)]
pub struct Fields(Vec<u8>);

impl Fields {
    /// No fields yet, of a record that is called `kind`.
    pub fn of(kind: &str) -> Self {
        Self(Vec::with_capacity(512)).text(Some(kind))
    }

    /// A text, or that there is none.
    #[must_use]
    pub fn text(self, text: Option<&str>) -> Self {
        self.bytes(text.map(str::as_bytes))
    }

    /// Bytes, or that there are none.
    #[must_use]
    pub fn bytes(mut self, bytes: Option<&[u8]>) -> Self {
        match bytes {
            None => self.0.push(0),
            Some(bytes) => {
                self.0.push(1);
                self.0.extend_from_slice(&u64::try_from(bytes.len()).unwrap_or(0).to_be_bytes());
                self.0.extend_from_slice(bytes);
            }
        }
        self
    }

    /// A number.
    #[must_use]
    pub fn number(mut self, number: i128) -> Self {
        self.0.push(2);
        self.0.extend_from_slice(&number.to_be_bytes());
        self
    }

    /// The SHA-256 of them all.
    pub fn fingerprint(&self) -> Fingerprint {
        Fingerprint::of(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn hash(fields: &[Option<String>]) -> Fingerprint {
        let all = fields.iter().fold(Fields::of("t"), |all, field| all.text(field.as_deref()));
        all.fingerprint()
    }

    #[test]
    fn nothing_an_empty_text_and_a_number_are_three_things() {
        let nothing = Fields::of("t").text(None).fingerprint();
        let empty = Fields::of("t").text(Some("")).fingerprint();
        let zero = Fields::of("t").number(0).fingerprint();
        assert!(!nothing.same(&empty) && !empty.same(&zero) && !nothing.same(&zero));
    }

    proptest! {
        #[test]
        fn only_the_same_fields_have_the_same_hash(
            a in prop::collection::vec(prop::option::of("[ab]{0,2}"), 0..4),
            b in prop::collection::vec(prop::option::of("[ab]{0,2}"), 0..4),
        ) {
            prop_assert_eq!(hash(&a).same(&hash(&b)), a == b);
        }
    }
}
