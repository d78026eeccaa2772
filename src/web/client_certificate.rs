//! The certificate that a client showed in TLS: to us, or to a listed proxy that says so in one named
//! header (RFC 9440, SECURITY.md SC-12).

use std::net::SocketAddr;
use std::sync::Arc;

use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use percent_encoding::percent_decode;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;

use crate::crypto::certificate::ClientCertificate;
use crate::web::client_address::TrustedProxies;

/// What may follow the certificate (RFC 9440 §2.3).
const CHAIN: HeaderName = HeaderName::from_static("client-cert-chain");
/// The name by which RFC 9440 calls the header.
const CLIENT_CERT: HeaderName = HeaderName::from_static("client-cert");

/// The certificate of whoever sent the request, in its extensions.
#[derive(Debug, Clone)]
pub struct Shown(pub Arc<ClientCertificate>);

/// Who was asked for a certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AskedBy {
    /// The listener itself, in the handshake: no header says another one, for what passes TLS through
    /// takes none out.
    Us,
    /// Listed proxies, if anybody.
    Proxies,
}

/// What a proxy that speaks HTTP leaves behind.
const FORWARDED: [&str; 3] = ["x-forwarded-for", "forwarded", "via"];

/// Leaves with the request the certificate of whoever sent it, and no other: what a listed proxy says
/// counts for what it passes on, and its own certificate never does.
pub fn settle(proxies: &TrustedProxies, asked_by: AskedBy, peer: SocketAddr, parts: &mut Parts) {
    if !proxies.contain(peer.ip()) {
        return;
    }
    if asked_by == AskedBy::Us {
        if FORWARDED.iter().any(|name| parts.headers.contains_key(*name)) {
            parts.extensions.remove::<Shown>();
        }
        return;
    }
    let Some(name) = proxies.certificate_header() else { return };
    parts.extensions.remove::<Shown>();
    if !parts.headers.contains_key(name) {
        return;
    }
    if let Some(certificate) = told(name, &parts.headers) {
        parts.extensions.insert(Shown(Arc::new(certificate)));
    } else {
        tracing::warn!(header = %name, "a proxy handed over what is no certificate");
    }
}

/// The certificate in the one header called `name`.
fn told(name: &HeaderName, headers: &HeaderMap) -> Option<ClientCertificate> {
    let mut values = headers.get_all(name).iter();
    let (Some(value), None) = (values.next(), values.next()) else { return None };
    let mut chain = read(value.as_bytes())?;
    if *name == CLIENT_CERT {
        for value in headers.get_all(CHAIN) {
            chain.extend(byte_sequences(value)?);
        }
    }
    ClientCertificate::of(chain)
}

/// A certificate as RFC 9440 §2.1 writes it, or as PEM in percent-encoding, as nginx does.
fn read(value: &[u8]) -> Option<Vec<CertificateDer<'static>>> {
    if value.starts_with(b":") {
        return byte_sequence(std::str::from_utf8(value).ok()?).map(|one| vec![one]);
    }
    let pem: Vec<u8> = percent_decode(value).collect();
    CertificateDer::pem_slice_iter(&pem).collect::<Result<_, _>>().ok()
}

/// A list of byte sequences (RFC 8941 §3.1).
fn byte_sequences(value: &HeaderValue) -> Option<Vec<CertificateDer<'static>>> {
    value.to_str().ok()?.split(',').map(|one| byte_sequence(one.trim())).collect()
}

/// A byte sequence (RFC 8941 §3.3.5).
fn byte_sequence(text: &str) -> Option<CertificateDer<'static>> {
    let inner = text.strip_prefix(':')?.strip_suffix(':')?;
    STANDARD.decode(inner).ok().map(CertificateDer::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    const PROXY: &str = "10.0.0.1:5";

    fn certificate() -> rcgen::Certificate {
        rcgen::generate_simple_self_signed(vec!["shop.example".to_owned()]).unwrap().cert
    }

    fn rfc9440(certificate: &rcgen::Certificate) -> String {
        format!(":{}:", STANDARD.encode(certificate.der()))
    }

    fn escaped(certificate: &rcgen::Certificate) -> String {
        let set = percent_encoding::NON_ALPHANUMERIC;
        percent_encoding::utf8_percent_encode(&certificate.pem(), set).to_string()
    }

    /// The thumbprint of what is taken from `headers` sent by `peer`, whose own TLS showed `own`.
    fn taken(
        name: Option<&'static str>,
        peer: &str,
        headers: &[(&'static str, &str)],
        own: Option<&rcgen::Certificate>,
    ) -> Option<String> {
        taken_by(AskedBy::Proxies, name, peer, headers, own)
    }

    fn taken_by(
        asked_by: AskedBy,
        name: Option<&'static str>,
        peer: &str,
        headers: &[(&'static str, &str)],
        own: Option<&rcgen::Certificate>,
    ) -> Option<String> {
        let proxies = TrustedProxies::new(vec!["10.0.0.0/8".parse().unwrap()])
            .handing_over(name.map(HeaderName::from_static));
        let (mut parts, ()) = http::Request::new(()).into_parts();
        for (name, value) in headers {
            parts.headers.append(*name, HeaderValue::from_str(value).unwrap());
        }
        if let Some(own) = own {
            let own = ClientCertificate::of(vec![own.der().clone()]).unwrap();
            parts.extensions.insert(Shown(Arc::new(own)));
        }
        settle(&proxies, asked_by, peer.parse().unwrap(), &mut parts);
        parts.extensions.get::<Shown>().map(|shown| shown.0.thumbprint().to_base64url())
    }

    #[test]
    fn at_a_listener_that_asks_itself_no_header_counts_and_no_proxy_is_its_client() {
        let (one, other) = (certificate(), certificate());
        let us = |headers: &[(&'static str, &str)], own| {
            taken_by(AskedBy::Us, Some("client-cert"), PROXY, headers, own)
        };
        let header = rfc9440(&other);
        // What passes TLS through is listed too, and hands over what the client wrote.
        assert_eq!(us(&[("client-cert", &header)], Some(&one)), Some(print(&one)));
        assert_eq!(us(&[("client-cert", &header)], None), None);
        for left in FORWARDED {
            assert_eq!(us(&[(left, "x"), ("client-cert", &header)], Some(&one)), None, "{left}");
        }
    }

    fn print(certificate: &rcgen::Certificate) -> String {
        let read = ClientCertificate::of(vec![certificate.der().clone()]).unwrap();
        read.thumbprint().to_base64url()
    }

    #[test]
    fn a_listed_proxy_hands_it_over_in_either_form() {
        let one = certificate();
        let name = Some("client-cert");
        assert_eq!(taken(name, PROXY, &[("client-cert", &rfc9440(&one))], None), Some(print(&one)));
        let name = Some("x-ssl-cert");
        assert_eq!(taken(name, PROXY, &[("x-ssl-cert", &escaped(&one))], None), Some(print(&one)));
    }

    #[test]
    fn a_stranger_and_a_header_of_another_name_count_for_nothing() {
        let one = rfc9440(&certificate());
        let name = Some("client-cert");
        assert_eq!(taken(name, "203.0.113.9:5", &[("client-cert", &one)], None), None);
        for other in ["x-client-cert", "client_cert", "x-ssl-cert", "ssl-client-cert"] {
            assert_eq!(taken(name, PROXY, &[(other, &one)], None), None, "{other}");
        }
        assert_eq!(taken(None, PROXY, &[("client-cert", &one)], None), None);
    }

    #[test]
    fn what_is_not_one_certificate_is_none() {
        let (one, two) = (certificate(), certificate());
        let good = rfc9440(&one);
        let name = Some("client-cert");
        let twice = [("client-cert", good.as_str()), ("client-cert", good.as_str())];
        assert_eq!(taken(name, PROXY, &twice, None), None);
        let both = format!("{good}, {}", rfc9440(&two));
        for bad in [
            "",
            "::",
            ":AAAA:",
            "x",
            &both,
            good.trim_start_matches(':'),
            "-----BEGIN%20CERTIFICATE-----",
        ] {
            assert_eq!(taken(name, PROXY, &[("client-cert", bad)], None), None, "{bad}");
        }
        let broken_chain = [("client-cert", good.as_str()), ("client-cert-chain", "x")];
        assert_eq!(taken(name, PROXY, &broken_chain, None), None);
    }

    #[test]
    fn what_a_proxy_shows_for_itself_is_never_its_clients() {
        let (own, clients) = (certificate(), certificate());
        let name = Some("client-cert");
        assert_eq!(taken(name, PROXY, &[], Some(&own)), None);
        let headers = [("client-cert", rfc9440(&clients))];
        let headers = headers.each_ref().map(|(name, value)| (*name, value.as_str()));
        assert_eq!(taken(name, PROXY, &headers, Some(&own)), Some(print(&clients)));
        // Somebody else's own certificate stays, whatever they write.
        assert_eq!(taken(name, "203.0.113.9:5", &headers, Some(&own)), Some(print(&own)));
    }
}
