//! Ids in addresses: a path of ours has one spelling, without `%`, whatever an id is made of.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// Marks what is written in base64url.
const ENCODED: &str = "~";
/// What is a page itself.
const TAKEN: &str = "new";

/// `id` as one segment of a path.
pub fn of(id: &str) -> String {
    let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.');
    let fits = id.bytes().all(plain) && !id.is_empty() && !id.starts_with('.') && id != TAKEN;
    if fits { id.to_owned() } else { format!("{ENCODED}{}", URL_SAFE_NO_PAD.encode(id)) }
}

/// The id that `segment` was made of; nothing where it is not exactly what [`of`] makes.
pub fn read(segment: &str) -> Option<String> {
    let id = match segment.strip_prefix(ENCODED) {
        Some(encoded) => String::from_utf8(URL_SAFE_NO_PAD.decode(encoded).ok()?).ok()?,
        None => segment.to_owned(),
    };
    (!id.is_empty() && of(&id) == segment).then_some(id)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::web::path::is_canonical;

    #[test]
    fn an_id_has_one_address_and_is_read_back() {
        for id in
            ["shop", "pc_0a1b", "a b", "a/b", "../x", "new", "~", "https://api.example/", "%2e"]
        {
            let segment = of(id);
            assert!(is_canonical(&format!("/admin/clients/{segment}")), "{segment}");
            assert_eq!(read(&segment).as_deref(), Some(id));
        }
        for other in ["~c2hvcA", "~!", "~", ""] {
            assert_eq!(read(other), None, "{other}");
        }
    }
}
