//! Codes sent by mail: eight digits, so that no code of an authenticator is mistaken for one.

use crate::ambient::{self, Entropy};
use crate::crypto::recovery;
use crate::crypto::secret::Secret;

/// How many digits.
pub const DIGITS: usize = 8;
const BELOW: u64 = 100_000_000;

/// A new code. Sixty-four bits are folded into it, so that no code is likelier than another by more
/// than one part in 10^11.
pub fn mint(entropy: &dyn Entropy) -> Secret {
    let number = u64::from_be_bytes(ambient::bytes(entropy)) % BELOW;
    Secret::new(format!("{number:08}"))
}

/// The code in what a person typed: full-width digits count, spaces and dashes do not.
pub fn normalise(typed: &str) -> Option<Secret> {
    let code = recovery::without_separators(typed)?;
    let fits = code.len() == DIGITS && code.bytes().all(|b| b.is_ascii_digit());
    fits.then(|| Secret::new(code.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ambient::SystemEntropy;

    #[test]
    fn a_minted_code_is_eight_digits_and_read_back() {
        for _ in 0..100 {
            let code = mint(&SystemEntropy);
            assert_eq!(normalise(code.expose()).expect("a code").expose(), code.expose());
        }
    }

    #[test]
    fn spaces_and_width_do_not_matter_and_anything_else_does() {
        for typed in ["12345678", " 1234 5678 ", "1234-5678", "１２３４５６７８"] {
            assert_eq!(normalise(typed).expect("a code").expose(), "12345678", "{typed}");
        }
        for typed in ["", "1234567", "123456789", "123456", "1234567a", "+1234567", "١٢٣٤٥٦٧٨"]
        {
            assert!(normalise(typed).is_none(), "{typed}");
        }
    }
}
