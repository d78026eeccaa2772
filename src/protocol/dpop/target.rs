//! The address that a proof names (`htu`, RFC 9449 §4.3): compared as written, but for what RFC 3986
//! §6.2.2 and §6.2.3 call the same. Nothing is decoded and no dots are resolved: an address that needs
//! that is not ours.

/// Whether `htu` is `ours`, whatever query and fragment it has.
pub(super) fn is_same(htu: &str, ours: &str) -> bool {
    match (Target::parse(htu), Target::parse(ours)) {
        (Some(theirs), Some(ours)) => theirs == ours,
        _ => false,
    }
}

#[derive(PartialEq, Eq)]
struct Target<'a> {
    scheme: String,
    authority: String,
    path: &'a str,
}

impl<'a> Target<'a> {
    fn parse(text: &'a str) -> Option<Self> {
        if !text.bytes().all(|b| b.is_ascii_graphic()) {
            return None;
        }
        let whole = text.split(['?', '#']).next()?;
        let (scheme, rest) = whole.split_once("://")?;
        let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
        let scheme = scheme.to_ascii_lowercase();
        let default = match scheme.as_str() {
            "https" => ":443",
            "http" => ":80",
            _ => return None,
        };
        let authority = authority.to_ascii_lowercase();
        if authority.is_empty() || authority.contains('@') {
            return None;
        }
        let authority = authority.strip_suffix(default).unwrap_or(&authority).to_owned();
        Some(Self { scheme, authority, path: if path.is_empty() { "/" } else { path } })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_names_the_same_address_is_the_same_and_nothing_else_is() {
        let ours = "https://id.example/oauth2/token";
        for same in [
            ours,
            "https://id.example/oauth2/token?x=1",
            "https://id.example/oauth2/token#f",
            "HTTPS://ID.Example/oauth2/token",
            "https://id.example:443/oauth2/token",
        ] {
            assert!(is_same(same, ours), "{same}");
        }
        for other in [
            "",
            "http://id.example/oauth2/token",
            "https://id.example:8443/oauth2/token",
            "https://id.example/oauth2/token/",
            "https://id.example/oauth2/Token",
            "https://id.example//oauth2/token",
            "https://id.example/a/../oauth2/token",
            "https://id.example/oauth2/%74oken",
            "https://id.example/oauth2%2ftoken",
            "https://id.example.evil/oauth2/token",
            "https://a@id.example/oauth2/token",
            "https://id.example@evil.example/oauth2/token",
            "https://evil.example/oauth2/token",
            "//id.example/oauth2/token",
            "/oauth2/token",
            "https:///oauth2/token",
            "https://id.example/oauth2/token\n",
            "https://id.exämple/oauth2/token",
            "ftp://id.example/oauth2/token",
            "https://id.example",
        ] {
            assert!(!is_same(other, ours), "{other}");
        }
        assert!(is_same("http://localhost:8080/x", "http://LOCALHOST:8080/x"));
        assert!(is_same("http://[::1]:80/x", "http://[::1]/x"));
    }
}
