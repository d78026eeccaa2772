//! Passwords that were published: how they are looked for, in a file of ours or at a service.
//!
//! Both know a password by its SHA-1, which is how such lists are given out; nothing is protected by
//! it. The file keeps 48 bits of each: with a thousand million entries, one good password of about
//! 280,000 is mistaken for a published one. Its form, all numbers big-endian:
//!
//! | bytes | what |
//! | --- | --- |
//! | 8 | `PCLEAK1\n` |
//! | 65,537 × 8 | where each bucket begins, in entries: the bucket is the first 16 bits of the SHA-1 |
//! | 4 per entry | the next 32 bits, sorted within the bucket |

use std::fmt::Write as _;

use aws_lc_rs::digest;

use crate::crypto::secret::Secret;

/// The first bytes of a file.
pub const MAGIC: [u8; 8] = *b"PCLEAK1\n";
/// How many buckets there are.
pub const BUCKETS: usize = 1 << 16;
/// Bytes before the first entry.
pub const HEAD_BYTES: usize = MAGIC.len() + (BUCKETS + 1) * 8;
/// Bytes of an entry.
pub const ENTRY_BYTES: usize = 4;

/// A password as such lists know it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct LeakKey([u8; 20]);

impl LeakKey {
    /// The key of `password`.
    pub fn of(password: &Secret) -> Self {
        let algorithm = &digest::SHA1_FOR_LEGACY_USE_ONLY;
        let mut key = [0; 20];
        for (to, from) in
            key.iter_mut().zip(digest::digest(algorithm, password.expose().as_bytes()).as_ref())
        {
            *to = *from;
        }
        Self(key)
    }

    /// The key in a line of a list: 40 hexadecimal digits, and perhaps a colon and a count.
    pub fn parse(line: &str) -> Option<Self> {
        let digits = line.split(':').next().unwrap_or_default().trim();
        if digits.len() != 40 {
            return None;
        }
        let mut key = [0; 20];
        for (index, byte) in key.iter_mut().enumerate() {
            let pair = digits.get(index * 2..index * 2 + 2)?;
            *byte = u8::from_str_radix(pair, 16).ok()?;
        }
        Some(Self(key))
    }

    /// The bucket of the file that it is in.
    pub fn bucket(&self) -> usize {
        let [first, second, ..] = self.0;
        usize::from(u16::from_be_bytes([first, second]))
    }

    /// What the file keeps of it there.
    pub fn entry(&self) -> [u8; ENTRY_BYTES] {
        let [_, _, a, b, c, d, ..] = self.0;
        [a, b, c, d]
    }

    /// The five digits that a service is told, and the 35 that it is not.
    pub fn split(&self) -> (String, String) {
        let mut digits = String::with_capacity(2 * self.0.len());
        for byte in self.0 {
            let _ = write!(digits, "{byte:02X}");
        }
        let (told, kept) = digits.split_at_checked(5).unwrap_or_default();
        (told.to_owned(), kept.to_owned())
    }
}

/// Whether `entries`, a bucket of the file, hold `key`.
pub fn holds(entries: &[u8], key: &LeakKey) -> bool {
    let (entries, _) = entries.as_chunks::<ENTRY_BYTES>();
    entries.binary_search(&key.entry()).is_ok()
}

/// Whether a service's answer, lines of the digits it was not told with counts, names `kept`. A line
/// with the count 0 is padding.
pub fn names(answer: &str, kept: &str) -> bool {
    answer.lines().any(|line| {
        let (digits, count) = line.split_once(':').unwrap_or((line, "1"));
        digits.trim().eq_ignore_ascii_case(kept) && count.trim() != "0"
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(text: &str) -> LeakKey {
        LeakKey::of(&Secret::new(text.to_owned()))
    }

    #[test]
    fn the_key_is_the_sha_1() {
        let known = LeakKey::parse("5BAA61E4C9B93F3F0682250B6CF8331B7EE68FD8:10434004");
        assert!(known == Some(key("password")));
        let split = ("5BAA6".to_owned(), "1E4C9B93F3F0682250B6CF8331B7EE68FD8".to_owned());
        assert_eq!(key("password").split(), split);
        assert_eq!(
            (key("password").bucket(), key("password").entry()),
            (0x5baa, [0x61, 0xe4, 0xc9, 0xb9])
        );
    }

    #[test]
    fn what_is_no_sha_1_is_no_key() {
        for line in ["", "5BAA6", "zz", &"g".repeat(40), &"é".repeat(20), &"A".repeat(41)] {
            assert!(LeakKey::parse(line).is_none(), "{line}");
        }
    }

    #[test]
    fn a_bucket_is_searched_whole() {
        let words = ["one", "two", "three", "four"].map(key);
        let mut entries = words.map(|word| word.entry());
        entries.sort_unstable();
        let bucket = entries.concat();
        assert!(words.iter().all(|word| holds(&bucket, word)));
        assert!(!holds(&bucket, &key("five")) && !holds(&[], &key("one")));
    }

    #[test]
    fn padding_is_no_find() {
        let (_, kept) = key("password").split();
        assert!(names(&format!("00A:1\r\n{kept}:10434004\r\n"), &kept));
        assert!(names(&kept.to_lowercase(), &kept));
        assert!(!names(&format!("{kept}:0\n00A:3"), &kept));
        assert!(!names("", &kept));
    }
}
