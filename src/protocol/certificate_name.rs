//! The one name by which a client's certificate is known (RFC 8705 §2.1.2).

use std::fmt;
use std::net::IpAddr;

use url::Url;

use crate::crypto::certificate::{DistinguishedName, Names};

/// The longest name that is read.
const LONGEST: usize = 2_048;

/// What the certificate of a `tls_client_auth` client must name, exactly.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CertificateName {
    /// Its subject.
    Subject(DistinguishedName),
    /// One of its DNS names, in any case.
    Dns(String),
    /// One of its URIs.
    Uri(String),
    /// One of its IP addresses.
    Address(IpAddr),
    /// One of its mail addresses.
    Email(String),
}

impl CertificateName {
    /// The members of a registration that can hold one (RFC 8705 §2.1.2).
    pub const FIELDS: [&str; 5] = [
        "tls_client_auth_subject_dn",
        "tls_client_auth_san_dns",
        "tls_client_auth_san_uri",
        "tls_client_auth_san_ip",
        "tls_client_auth_san_email",
    ];

    /// The name that `field` says by `text`; nothing where no certificate could have it, or a part of
    /// it would stand for anything (`*`).
    pub fn parse(field: &str, text: &str) -> Option<Self> {
        let plain = !text.is_empty()
            && text.len() <= LONGEST
            && text.bytes().all(|byte| byte.is_ascii_graphic());
        let own = || text.to_owned();
        match field {
            "tls_client_auth_subject_dn" => DistinguishedName::parse(text).map(Self::Subject),
            "tls_client_auth_san_dns" => {
                let named = plain && !text.contains(['*', '/', ':', '@']);
                named.then(|| Self::Dns(text.to_ascii_lowercase()))
            }
            "tls_client_auth_san_uri" => {
                (plain && Url::parse(text).is_ok()).then(|| Self::Uri(own()))
            }
            "tls_client_auth_san_ip" => text.parse().ok().map(Self::Address),
            "tls_client_auth_san_email" => {
                (plain && text.contains('@')).then(|| Self::Email(own()))
            }
            _ => None,
        }
    }

    /// The member of a registration for the name that `text` says in one word, and its value: `dns:`,
    /// `uri:`, `ip:` or `email:` and the name, or a subject.
    pub fn split(text: &str) -> (&'static str, &str) {
        let [subject, dns, uri, address, email] = Self::FIELDS;
        match text.split_once(':') {
            Some(("dns", name)) => (dns, name),
            Some(("uri", name)) => (uri, name),
            Some(("ip", name)) => (address, name),
            Some(("email", name)) => (email, name),
            _ => (subject, text),
        }
    }

    /// The member of the registration.
    pub const fn field(&self) -> &'static str {
        let [subject, dns, uri, address, email] = Self::FIELDS;
        match self {
            Self::Subject(_) => subject,
            Self::Dns(_) => dns,
            Self::Uri(_) => uri,
            Self::Address(_) => address,
            Self::Email(_) => email,
        }
    }

    /// Its value.
    pub fn text(&self) -> String {
        match self {
            Self::Subject(name) => name.to_string(),
            Self::Dns(text) | Self::Uri(text) | Self::Email(text) => text.clone(),
            Self::Address(address) => address.to_string(),
        }
    }

    /// Whether it is among `names`.
    pub fn is_among(&self, names: &Names) -> bool {
        match self {
            Self::Subject(name) => names.subject.as_ref() == Some(name),
            Self::Dns(name) => names.dns.iter().any(|dns| dns.eq_ignore_ascii_case(name)),
            Self::Uri(uri) => names.uris.contains(uri),
            Self::Address(address) => names.addresses.contains(address),
            Self::Email(email) => names.emails.contains(email),
        }
    }
}

impl fmt::Display for CertificateName {
    /// As [`CertificateName::split`] reads it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Subject(name) => write!(f, "{name}"),
            Self::Dns(name) => write!(f, "dns:{name}"),
            Self::Uri(uri) => write!(f, "uri:{uri}"),
            Self::Address(address) => write!(f, "ip:{address}"),
            Self::Email(email) => write!(f, "email:{email}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SUBJECT: &str = "tls_client_auth_subject_dn";
    const DNS: &str = "tls_client_auth_san_dns";
    const URI: &str = "tls_client_auth_san_uri";
    const IP: &str = "tls_client_auth_san_ip";
    const EMAIL: &str = "tls_client_auth_san_email";

    fn names() -> Names {
        Names {
            subject: DistinguishedName::parse("CN=shop,O=Acme"),
            dns: vec!["a.example".to_owned(), "B.Example".to_owned()],
            uris: vec!["spiffe://example/shop".to_owned()],
            addresses: vec!["2001:db8::7".parse().unwrap()],
            emails: vec!["shop@example.com".to_owned()],
        }
    }

    #[test]
    fn the_whole_name_must_be_there_under_its_own_kind() {
        for (field, good, others) in [
            (SUBJECT, "cn=shop,O=Acme", ["CN=shop", "O=Acme", "CN=shop,O=Acme,C=DE"]),
            (DNS, "b.example", ["example", "x.a.example", "shop@example.com"]),
            (URI, "spiffe://example/shop", ["spiffe://example/", "spiffe://example/shop2", "a:b"]),
            (IP, "2001:db8:0::7", ["2001:db8::", "192.0.2.7", "::7"]),
            (EMAIL, "shop@example.com", ["Shop@example.com", "a@shop@example.com", "@"]),
        ] {
            let name = CertificateName::parse(field, good).unwrap();
            assert!(name.is_among(&names()), "{good}");
            assert_eq!(name.field(), field);
            assert_eq!(CertificateName::parse(field, &name.text()), Some(name.clone()));
            let word = name.to_string();
            let (split, value) = CertificateName::split(&word);
            assert_eq!(CertificateName::parse(split, value), Some(name.clone()), "{word}");
            assert!(!name.is_among(&Names::default()), "{good}");
            for other in others {
                let other = CertificateName::parse(field, other);
                assert!(other.is_none_or(|other| !other.is_among(&names())), "{field} {good}");
            }
        }
    }

    #[test]
    fn what_no_certificate_could_have_is_not_registered() {
        for (field, bad) in [
            (SUBJECT, ""),
            (SUBJECT, "shop"),
            (DNS, ""),
            (DNS, "*.example"),
            (DNS, "a b"),
            (URI, "shop"),
            (IP, "10.0.0.0/8"),
            (EMAIL, "example.com"),
            ("tls_client_auth", "a.example"),
        ] {
            assert_eq!(CertificateName::parse(field, bad), None, "{field} {bad}");
        }
    }
}
