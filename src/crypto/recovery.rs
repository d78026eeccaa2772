//! Recovery codes: ten of 80 bits, written in base32 (RFC 4648 §6) for people to keep.

use unicode_normalization::UnicodeNormalization;
use zeroize::Zeroizing;

use crate::ambient::{self, Entropy};
use crate::crypto::secret::Secret;

/// How many are given out at a time.
pub const COUNT: usize = 10;

/// Characters of a code without its dashes.
const LENGTH: usize = 16;
/// Longer input is no code; it is refused before it is normalised.
const MOST_BYTES: usize = 128;

/// New codes as they are shown: `ABCD-EFGH-IJKL-MNOP`. [`normalise`] gives what to hash and store.
pub fn mint(entropy: &dyn Entropy) -> Vec<Secret> {
    (0..COUNT).map(|_| mint_one(entropy)).collect()
}

fn mint_one(entropy: &dyn Entropy) -> Secret {
    let bits: [u8; 10] = ambient::bytes(entropy);
    let plain = Zeroizing::new(totp_rs::Secret::from(bits.to_vec()).to_base32());
    let mut shown = String::with_capacity(LENGTH + 3);
    for (at, letter) in plain.chars().enumerate() {
        if at > 0 && at % 4 == 0 {
            shown.push('-');
        }
        shown.push(letter);
    }
    Secret::new(shown)
}

/// The code as it is hashed, from what a person typed: upper case, no spaces or dashes, and the
/// digits that the alphabet lacks read as the letters they look like. Nothing where it is no code.
pub fn normalise(typed: &str) -> Option<Secret> {
    let code = without_separators(typed)?;
    let letters: String = code.chars().map(canonical).collect::<Option<_>>()?;
    let letters = Zeroizing::new(letters);
    (letters.len() == LENGTH).then(|| Secret::new(letters.to_string()))
}

fn canonical(typed: char) -> Option<char> {
    match typed.to_ascii_uppercase() {
        '0' => Some('O'),
        '1' => Some('I'),
        '8' => Some('B'),
        letter @ ('A'..='Z' | '2'..='7') => Some(letter),
        _ => None,
    }
}

/// `typed` in NFKC, so that full-width characters count, without spaces and dashes of any script.
pub(super) fn without_separators(typed: &str) -> Option<Zeroizing<String>> {
    if typed.len() > MOST_BYTES {
        return None;
    }
    let kept = typed.nfkc().filter(|c| !c.is_whitespace() && !is_dash(*c)).collect();
    Some(Zeroizing::new(kept))
}

fn is_dash(c: char) -> bool {
    matches!(c, '-' | '\u{ad}' | '\u{2010}'..='\u{2015}' | '\u{2212}')
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;
    use crate::ambient::SystemEntropy;

    #[test]
    fn ten_different_codes_of_four_groups_are_minted() {
        let codes = mint(&SystemEntropy);
        let different: HashSet<&str> = codes.iter().map(Secret::expose).collect();
        assert_eq!(different.len(), COUNT);
        assert!(codes.iter().all(|code| code.expose().split('-').map(str::len).eq([4; 4])));
    }

    #[test]
    fn a_code_is_known_however_it_is_typed() {
        let minted = mint(&SystemEntropy);
        let shown = minted[0].expose();
        let stored = normalise(shown).unwrap();
        assert_eq!(stored.expose(), shown.replace('-', ""));
        for typed in [
            shown.to_lowercase(),
            shown.replace('-', " "),
            format!("\t{}\n", shown.replace('-', "\u{2013}")),
            shown.replace('O', "0").replace('I', "1").replace('B', "8"),
        ] {
            assert!(normalise(&typed).unwrap().same(&stored), "{typed}");
        }
        assert_eq!(
            normalise("ＡＢＣＤ-ＥＦＧＨ-ＩＪＫＬ-ＭＮＯＰ").unwrap().expose(),
            "ABCDEFGHIJKLMNOP"
        );
    }

    #[test]
    fn what_is_no_code_is_refused() {
        for typed in [
            "",
            "123456",
            "ABCD-EFGH-IJKL-MNO",
            "ABCD-EFGH-IJKL-MNOPQ",
            "ABCD-EFGH-IJKL-MNO9",
            "ABCDEFGHIJKLMNÖP",
        ] {
            assert!(normalise(typed).is_none(), "{typed}");
        }
        assert!(normalise(&"-".repeat(1_000_000)).is_none());
    }
}
