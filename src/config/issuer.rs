//! The issuer: the one address of this server (RFC 8414 §2).

use std::fmt;

use url::{Host, Url};

/// An issuer that holds to RFC 8414 §2: https (or http on a loopback host), no query, no fragment,
/// no user, no slash at the end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Issuer {
    text: String,
    url: Url,
}

/// Why a text is no issuer; each carries its mend.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum IssuerError {
    /// It does not parse.
    #[error("write an absolute address such as https://id.example.com")]
    NotAnAddress,
    /// Its scheme is not https.
    #[error("use https; http is for localhost, 127.0.0.1 and [::1] only")]
    NotHttps,
    /// It has a query, a fragment or a user.
    #[error("leave out the query, the fragment and any user name (RFC 8414 §2)")]
    NotBare,
    /// It ends in a slash.
    #[error("leave out the slash at the end: clients compare the issuer byte for byte")]
    TrailingSlash,
    /// It is not written as browsers write it.
    #[error("write it as browsers do: lower-case host, no default port, no `..` in the path")]
    NotCanonical,
}

impl Issuer {
    /// Reads one.
    pub fn parse(text: &str) -> Result<Self, IssuerError> {
        let url = Url::parse(text).map_err(|_| IssuerError::NotAnAddress)?;
        let loopback = match url.host() {
            None => return Err(IssuerError::NotAnAddress),
            Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
            Some(Host::Ipv4(address)) => address.is_loopback(),
            Some(Host::Ipv6(address)) => address.is_loopback(),
        };
        match url.scheme() {
            "https" => {}
            "http" if loopback => {}
            _ => return Err(IssuerError::NotHttps),
        }
        let user = !url.username().is_empty() || url.password().is_some();
        if user || text.contains(['?', '#']) {
            return Err(IssuerError::NotBare);
        }
        if text.ends_with('/') {
            return Err(IssuerError::TrailingSlash);
        }
        if url.as_str().trim_end_matches('/') != text {
            return Err(IssuerError::NotCanonical);
        }
        Ok(Self { text: text.to_owned(), url })
    }

    /// Byte for byte what stands in `iss`.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// As a parsed address.
    pub fn url(&self) -> &Url {
        &self.url
    }

    /// Whether browsers reach it over TLS, so that cookies can be `Secure`.
    pub fn is_https(&self) -> bool {
        self.url.scheme() == "https"
    }

    /// The address of `path` (which starts with a slash) under the issuer.
    pub fn at(&self, path: &str) -> String {
        format!("{}{path}", self.text)
    }
}

impl fmt::Display for Issuer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bare_https_address_is_an_issuer() {
        for text in [
            "https://id.example.com",
            "https://id.example.com:8443",
            "https://example.com/auth",
            "http://localhost:8080",
            "http://127.0.0.1:8080",
            "http://[::1]:8080",
            "http://a.localhost",
        ] {
            assert_eq!(Issuer::parse(text).map(|i| i.to_string()), Ok(text.to_owned()));
        }
    }

    #[test]
    fn everything_else_is_refused_with_its_mend() {
        for (text, error) in [
            ("", IssuerError::NotAnAddress),
            ("id.example.com", IssuerError::NotAnAddress),
            ("http://id.example.com", IssuerError::NotHttps),
            ("http://localhost.evil.example", IssuerError::NotHttps),
            ("ftp://localhost", IssuerError::NotHttps),
            ("https://id.example.com?", IssuerError::NotBare),
            ("https://id.example.com/#a", IssuerError::NotBare),
            ("https://u:p@id.example.com", IssuerError::NotBare),
            ("https://id.example.com/", IssuerError::TrailingSlash),
            ("https://ID.example.com", IssuerError::NotCanonical),
            ("https://id.example.com:443", IssuerError::NotCanonical),
            ("https://id.example.com/a/../b", IssuerError::NotCanonical),
        ] {
            assert_eq!(Issuer::parse(text), Err(error), "{text}");
        }
    }

    #[test]
    fn paths_are_laid_under_the_issuer() {
        let issuer = Issuer::parse("https://example.com/auth").unwrap();
        assert_eq!(issuer.at("/oauth2/token"), "https://example.com/auth/oauth2/token");
    }
}
