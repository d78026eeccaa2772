//! Whether a request came in clear text to a server whose clients are to use https: then nothing secret in
//! it is taken (SECURITY.md SE-10, FAPI 2.0 §5.2).

use std::net::IpAddr;

use axum::http::header::{AUTHORIZATION, FORWARDED};
use axum::http::{HeaderMap, Method};

use crate::web::client_address::TrustedProxies;
use crate::web::headers::Transport;

/// Whether a request may carry what nobody else must see: it changes something, or says who sends it.
pub(super) fn matters(method: &Method, headers: &HeaderMap) -> bool {
    !method.is_safe() || headers.contains_key(AUTHORIZATION)
}

/// Whether the way of a request from `peer` was in clear text: a listed proxy says so, or it came past the
/// proxies that are listed. Where none is listed, nobody knows who ends TLS; what comes from this very
/// machine went over no wire.
pub(super) fn is(
    proxies: &TrustedProxies,
    (peer, ours): (IpAddr, Transport),
    headers: &HeaderMap,
) -> bool {
    let peer = peer.to_canonical();
    if proxies.contain(peer) {
        return proto(headers).is_some_and(|proto| proto.eq_ignore_ascii_case("http"));
    }
    ours == Transport::Http && !proxies.is_empty() && !peer.is_loopback()
}

/// What the client spoke, as the first proxy on the way tells: by `Forwarded` (RFC 7239 §5.4), or else by
/// `X-Forwarded-Proto`.
fn proto(headers: &HeaderMap) -> Option<&str> {
    let first = |name: &str| headers.get(name)?.to_str().ok()?.split(',').next();
    let forwarded = first(FORWARDED.as_str()).and_then(|element| {
        let mut pairs = element.split(';').filter_map(|pair| pair.split_once('='));
        pairs.find(|(name, _)| name.trim().eq_ignore_ascii_case("proto")).map(|(_, value)| value)
    });
    let told = forwarded.or_else(|| first("x-forwarded-proto"));
    told.map(|told| told.trim().trim_matches('"'))
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderName, HeaderValue};

    use super::*;

    const PROXY: &str = "10.0.0.1";
    const STRANGER: &str = "203.0.113.9";

    fn came(listed: &[&str], peer: &str, ours: Transport, said: &[(&'static str, &str)]) -> bool {
        let networks = listed.iter().map(|network| network.parse().unwrap()).collect();
        let pairs = said.iter().map(|(name, value)| {
            (HeaderName::from_static(name), HeaderValue::from_str(value).unwrap())
        });
        let headers: HeaderMap = pairs.collect();
        is(&TrustedProxies::new(networks), (peer.parse().unwrap(), ours), &headers)
    }

    #[test]
    fn a_listed_proxy_says_what_the_client_spoke() {
        let told = |said: &[(&'static str, &str)]| {
            let [clear, ours] = [Transport::Http, Transport::Https]
                .map(|ours| came(&["10.0.0.0/8"], PROXY, ours, said));
            assert_eq!(clear, ours);
            clear
        };
        for proto in ["http", "HTTP", "http, https", " http "] {
            assert!(told(&[("x-forwarded-proto", proto)]), "{proto}");
        }
        for proto in ["https", "https, http", "", "ftp"] {
            assert!(!told(&[("x-forwarded-proto", proto)]), "{proto}");
        }
        assert!(told(&[("forwarded", "for=192.0.2.1;proto=http;by=10.0.0.1")]));
        assert!(told(&[("forwarded", "for=192.0.2.1; Proto=\"http\"")]));
        assert!(!told(&[("forwarded", "proto=https"), ("x-forwarded-proto", "http")]));
        assert!(!told(&[]), "a proxy that says nothing");
    }

    #[test]
    fn who_comes_past_the_listed_proxies_is_in_clear_text_and_nobody_is_believed() {
        let https = [("x-forwarded-proto", "https")];
        assert!(came(&["10.0.0.0/8"], STRANGER, Transport::Http, &https));
        assert!(!came(
            &["10.0.0.0/8"],
            STRANGER,
            Transport::Https,
            &[("x-forwarded-proto", "http")]
        ));
        assert!(!came(&["10.0.0.0/8"], "127.0.0.1", Transport::Http, &[]));
        assert!(!came(&["10.0.0.0/8"], "::1", Transport::Http, &[]));
        assert!(!came(&[], STRANGER, Transport::Http, &[]), "none is listed");
    }

    #[test]
    fn what_reads_and_names_nobody_does_not_matter() {
        let (none, mut basic) = (HeaderMap::new(), HeaderMap::new());
        basic.insert(AUTHORIZATION, HeaderValue::from_static("Basic eDp5"));
        assert!(!matters(&Method::GET, &none) && !matters(&Method::OPTIONS, &none));
        assert!(matters(&Method::GET, &basic) && matters(&Method::POST, &none));
    }
}
