//! The short id that whoever was refused can quote (DESIGN.md §4).

use std::fmt;

use crate::ambient::{self, Entropy};

/// `ref_` and ten base-32 characters: 50 bits, enough to be unique among the events we keep.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct RefusalId(String);

/// Crockford's alphabet: nothing in it can be misread over the phone.
const ALPHABET: [char; 32] = [
    '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'j',
    'k', 'm', 'n', 'p', 'q', 'r', 's', 't', 'v', 'w', 'x', 'y', 'z',
];

impl RefusalId {
    /// A new one.
    pub fn mint(entropy: &dyn Entropy) -> Self {
        let mut bits = u64::from_be_bytes(ambient::bytes(entropy));
        let mut text = String::with_capacity(14);
        text.push_str("ref_");
        for _ in 0..10 {
            let digit = usize::try_from(bits & 31).unwrap_or(0);
            text.push(ALPHABET.get(digit).copied().unwrap_or('0'));
            bits >>= 5;
        }
        Self(text)
    }

    /// The id in `text`, where it has the shape of one.
    pub fn parse(text: &str) -> Option<Self> {
        let digits = text.trim().strip_prefix("ref_")?;
        let fits = digits.len() == 10 && digits.chars().all(|c| ALPHABET.contains(&c));
        fits.then(|| Self(format!("ref_{digits}")))
    }

    /// As shown, logged and looked up.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for RefusalId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for RefusalId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ambient::SystemEntropy;

    #[test]
    fn an_id_is_short_and_reads_back() {
        let id = RefusalId::mint(&SystemEntropy);
        assert_eq!(id.as_str().len(), 14);
        assert_eq!(RefusalId::parse(id.as_str()), Some(id));
        assert_eq!(RefusalId::parse("ref_' or 1=1"), None);
    }
}
