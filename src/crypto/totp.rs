//! Time-based one-time codes (RFC 6238): SHA-1, six digits, 30 seconds.
//!
//! A code counts in its own step and the one after, never in an older one than was last used:
//! the caller stores the step that [`Seed::matching_step`] returns by compare-and-set.

use std::fmt;

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use subtle::{Choice, ConditionallySelectable, ConstantTimeEq};
use time::OffsetDateTime;
use totp_rs::{Builder, Totp};
use zeroize::Zeroizing;

use crate::ambient::{self, Entropy};
use crate::crypto::secret::Secret;
use crate::crypto::{mail_code, recovery};

/// Seconds of a step.
pub const STEP_SECONDS: i64 = 30;

const DIGITS: usize = 6;
/// RFC 4226 §4 demands 128 bits; more than 512 are of no use to HMAC-SHA-1.
const SEED_BYTES: std::ops::RangeInclusive<usize> = 16..=64;

/// The secret that an authenticator app shares with us.
#[derive(Clone)]
pub struct Seed(Zeroizing<Vec<u8>>);

impl Seed {
    /// A new one of 160 bits.
    pub fn mint(entropy: &dyn Entropy) -> Self {
        Self(Zeroizing::new(ambient::bytes::<20>(entropy).to_vec()))
    }

    /// The seed of these bytes, as unsealed; nothing where they are not 16 to 64.
    pub fn from_slice(bytes: &[u8]) -> Option<Self> {
        SEED_BYTES.contains(&bytes.len()).then(|| Self(Zeroizing::new(bytes.to_vec())))
    }

    /// The seed written in base32 (RFC 4648 §6), in either case, with or without spaces and padding.
    pub fn from_base32(text: &str) -> Option<Self> {
        let mut plain = recovery::without_separators(text)?;
        plain.make_ascii_uppercase();
        let decoded = totp_rs::Secret::try_from_base32(plain.trim_end_matches('=')).ok()?;
        Self::from_slice(decoded.as_bytes())
    }

    /// As people type it into an app.
    pub fn to_base32(&self) -> Secret {
        Secret::new(totp_rs::Secret::from(self.0.to_vec()).to_base32())
    }

    /// The bytes, to be sealed.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// The Key URI that apps read from a QR code. A colon would end a name, so it becomes a space.
    pub fn otpauth_url(&self, issuer: &str, account: &str) -> Secret {
        let issuer = utf8_percent_encode(&issuer.replace(':', " "), NON_ALPHANUMERIC).to_string();
        let account = account.replace(':', " ");
        let account = utf8_percent_encode(&account, NON_ALPHANUMERIC);
        let seed = self.to_base32();
        Secret::new(format!(
            "otpauth://totp/{issuer}:{account}?secret={}&issuer={issuer}&algorithm=SHA1&digits=6&period=30",
            seed.expose()
        ))
    }

    /// The code that an app shows at `now`; for tests and the command line.
    pub fn code_at(&self, now: OffsetDateTime) -> String {
        self.code_of(step_at(now))
    }

    /// The step that `code` belongs to: the one of `now` or the one before (D7), if it is newer
    /// than `last_step`. Both are compared in constant time, whatever the first one gave.
    pub fn matching_step(&self, code: &str, now: OffsetDateTime, last_step: i64) -> Option<i64> {
        let code = TotpCode::parse(code)?;
        let current = step_at(now);
        let mut found = i64::MIN;
        for step in [current.saturating_sub(1), current] {
            let equal: Choice = self.code_of(step).as_bytes().ct_eq(code.as_str().as_bytes());
            found.conditional_assign(&step, equal & Choice::from(u8::from(step > last_step)));
        }
        (found != i64::MIN).then_some(found)
    }

    fn code_of(&self, step: i64) -> String {
        let seconds = u64::try_from(step.saturating_mul(STEP_SECONDS)).unwrap_or(0);
        self.generator().generate(seconds).to_string()
    }

    /// SHA-1, six digits and 30 seconds are the builder's defaults.
    fn generator(&self) -> Totp {
        Builder::new().with_secret(self.0.to_vec()).build_noncompliant()
    }
}

impl fmt::Debug for Seed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Seed(..)")
    }
}

/// The number of the step that `now` is in (`T` of RFC 6238 §4.2).
pub fn step_at(now: OffsetDateTime) -> i64 {
    now.unix_timestamp().div_euclid(STEP_SECONDS)
}

/// Six ASCII digits.
#[derive(Clone)]
pub struct TotpCode(Zeroizing<String>);

impl TotpCode {
    /// The code in what a person typed: full-width digits count, spaces and dashes do not.
    pub fn parse(typed: &str) -> Option<Self> {
        let code = recovery::without_separators(typed)?;
        let fits = code.len() == DIGITS && code.bytes().all(|b| b.is_ascii_digit());
        fits.then_some(Self(code))
    }

    /// The digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for TotpCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TotpCode(..)")
    }
}

/// What a person may type into the one field for codes.
#[derive(Debug, Clone)]
pub enum EnteredCode {
    /// Six digits.
    Totp(TotpCode),
    /// Sixteen letters, as [`recovery::normalise`] gives them.
    Recovery(Secret),
    /// Eight digits, as [`mail_code::normalise`] gives them.
    Mailed(Secret),
}

/// Which kind of code `typed` is, or nothing where it is none.
pub fn normalise_code(typed: &str) -> Option<EnteredCode> {
    let totp = || TotpCode::parse(typed).map(EnteredCode::Totp);
    let mailed = || mail_code::normalise(typed).map(EnteredCode::Mailed);
    let recovery = || recovery::normalise(typed).map(EnteredCode::Recovery);
    totp().or_else(mailed).or_else(recovery)
}

#[cfg(test)]
#[expect(clippy::string_slice, reason = "the texts are ASCII")]
mod tests {
    use time::Duration;

    use super::*;
    use crate::ambient::SystemEntropy;

    fn rfc() -> Seed {
        Seed::from_slice(b"12345678901234567890").unwrap()
    }

    fn at(seconds: i64) -> OffsetDateTime {
        OffsetDateTime::from_unix_timestamp(seconds).unwrap()
    }

    #[test]
    fn codes_are_those_of_rfc_6238_appendix_b() {
        for (seconds, code) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
            (20_000_000_000, "353130"),
        ] {
            assert_eq!(rfc().code_at(at(seconds)), code);
        }
    }

    #[test]
    fn only_the_current_step_and_the_one_before_count() {
        let now = at(1_234_567_890);
        for (offset, counts) in
            [(-90, false), (-60, false), (-30, true), (0, true), (30, false), (60, false)]
        {
            let then = now + Duration::seconds(offset);
            let expected = counts.then(|| step_at(then));
            assert_eq!(rfc().matching_step(&rfc().code_at(then), now, 0), expected, "{offset}");
        }
    }

    #[test]
    fn a_code_of_a_used_or_older_step_never_counts() {
        let now = at(1_234_567_890);
        let (seed, step) = (rfc(), step_at(now));
        let (code, before) = (seed.code_at(now), seed.code_at(now - Duration::seconds(30)));
        assert_eq!(seed.matching_step(&code, now, step - 1), Some(step));
        assert_eq!(seed.matching_step(&code, now, step), None);
        assert_eq!(seed.matching_step(&code, now + Duration::seconds(29), step), None);
        assert_eq!(seed.matching_step(&before, now, step - 1), None);
        assert_eq!(seed.matching_step(&before, now, step), None);
    }

    #[test]
    fn typed_codes_are_normalised_or_refused() {
        for typed in [
            " 123456 ",
            "１２３４５６",
            "123 456",
            "123\u{a0}456",
            "123-456",
            "123\u{2011}456",
            "\t123456\r\n",
        ] {
            assert_eq!(TotpCode::parse(typed).unwrap().as_str(), "123456", "{typed}");
        }
        for typed in [
            "",
            " ",
            "12345",
            "0123456",
            "1234567",
            "+123456",
            "123456\0",
            "-1e5",
            "1e5",
            "null",
            "[]",
            "{}",
            "12345a",
            "١٢٣٤٥٦",
            "123.456",
            "0x1234",
            "123456;",
            "123456\u{200b}",
        ] {
            assert!(TotpCode::parse(typed).is_none(), "{typed:?}");
            assert_eq!(rfc().matching_step(typed, at(59), 0), None);
        }
        assert!(TotpCode::parse(&" ".repeat(1_000_000)).is_none());
    }

    #[test]
    fn one_field_takes_both_kinds_of_code() {
        assert!(matches!(normalise_code("123 456"), Some(EnteredCode::Totp(_))));
        assert!(matches!(normalise_code("abcd-efgh-ijkl-mnop"), Some(EnteredCode::Recovery(_))));
        assert!(normalise_code("1234567").is_none());
    }

    #[test]
    fn a_seed_survives_base32_and_is_never_short() {
        let seed = Seed::mint(&SystemEntropy);
        let text = seed.to_base32().expose().to_owned();
        assert_eq!((seed.as_bytes().len(), text.len()), (20, 32));
        let spaced = format!("{} {}==", &text[..8].to_lowercase(), &text[8..]);
        assert_eq!(Seed::from_base32(&spaced).unwrap().as_bytes(), seed.as_bytes());
        assert!(Seed::from_base32("JBSWY3DPEHPK3PXP").is_none(), "80 bits are too few");
        assert!(Seed::from_base32("not base32!").is_none() && Seed::from_base32("").is_none());
        assert!(Seed::from_base32("JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP").is_some());
        assert_eq!(format!("{seed:?}"), "Seed(..)");
    }

    #[test]
    fn the_key_uri_is_read_back_by_the_library() {
        let url = rfc().otpauth_url("Shop: Über", "alice@example.com");
        let read = Totp::from_url(url.expose()).unwrap();
        assert_eq!((read.issuer(), read.account_name()), (Some("Shop  Über"), "alice@example.com"));
        assert_eq!(read.generate(59).to_string(), "287082");
    }
}
