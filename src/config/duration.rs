//! Lengths of time as people write them: `500ms`, `30s`, `5m`, `1h30m`, `14d`.

use std::fmt::Write as _;
use std::time::Duration;

/// The units, longest first, with their length in milliseconds.
const UNITS: [(&str, u64); 5] =
    [("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1_000), ("ms", 1)];

/// The length of time `text` says: whole numbers, each with its unit, longest unit first, no spaces.
pub fn parse(text: &str) -> Option<Duration> {
    let mut rest = text;
    let mut total: u64 = 0;
    let mut shortest = u64::MAX;
    while !rest.is_empty() {
        let (number, after) = split(rest, |c| c.is_ascii_digit());
        let (unit, after) = split(after, |c| c.is_ascii_alphabetic());
        let millis = UNITS.iter().find(|(name, _)| *name == unit).map(|(_, millis)| *millis)?;
        if millis >= shortest {
            return None;
        }
        shortest = millis;
        total = total.checked_add(number.parse::<u64>().ok()?.checked_mul(millis)?)?;
        rest = after;
    }
    (shortest != u64::MAX).then(|| Duration::from_millis(total))
}

/// `length` as `parse` reads it, in the fewest units.
pub fn text(length: Duration) -> String {
    let mut rest = u64::try_from(length.as_millis()).unwrap_or(u64::MAX);
    let mut text = String::new();
    for (unit, millis) in UNITS {
        let count = rest / millis;
        if count > 0 {
            let _ = write!(text, "{count}{unit}");
            rest %= millis;
        }
    }
    if text.is_empty() { "0s".to_owned() } else { text }
}

/// The longest start of `text` whose characters all are `wanted`, and what follows.
fn split(text: &str, wanted: impl Fn(char) -> bool) -> (&str, &str) {
    let end = text.find(|c| !wanted(c)).unwrap_or(text.len());
    text.split_at(end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_write_is_read() {
        for (written, seconds) in
            [("30s", 30), ("5m", 300), ("1h30m", 5_400), ("14d", 1_209_600), ("0s", 0)]
        {
            assert_eq!(parse(written), Some(Duration::from_secs(seconds)), "{written}");
        }
        assert_eq!(parse("500ms"), Some(Duration::from_millis(500)));
    }

    #[test]
    fn anything_else_is_refused() {
        for written in
            ["", "5", "m", "-5m", "5 m", "5m ", "1.5h", "5M", "5m5m", "30s5m", "99999999999999999d"]
        {
            assert_eq!(parse(written), None, "{written}");
        }
    }

    #[test]
    fn text_and_parse_are_inverse() {
        for written in ["500ms", "30s", "5m", "1h30m", "14d", "0s"] {
            assert_eq!(text(parse(written).unwrap()), written);
        }
    }
}
