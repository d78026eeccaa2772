//! Who is at the other end: the peer, or whom a listed proxy says it speaks for (SECURITY.md DO-04).

use std::net::{IpAddr, Ipv6Addr, SocketAddr};

use axum::http::header::FORWARDED;
use axum::http::{HeaderMap, HeaderName};
use ipnet::IpNet;

/// The proxies whose `Forwarded` and `X-Forwarded-For` we believe, and what they say of client
/// certificates; from all others it is noise.
#[derive(Debug, Clone, Default)]
pub struct TrustedProxies {
    networks: Vec<IpNet>,
    certificate_header: Option<HeaderName>,
}

impl TrustedProxies {
    /// Believes proxies in `networks` only.
    pub const fn new(networks: Vec<IpNet>) -> Self {
        Self { networks, certificate_header: None }
    }

    /// Believes the header called `name` about client certificates too.
    #[must_use]
    pub fn handing_over(mut self, name: Option<HeaderName>) -> Self {
        self.certificate_header = name;
        self
    }

    /// The one header in which they hand over client certificates, if they do.
    pub const fn certificate_header(&self) -> Option<&HeaderName> {
        self.certificate_header.as_ref()
    }

    /// Whether there is none.
    pub const fn is_empty(&self) -> bool {
        self.networks.is_empty()
    }

    /// Whether `address` is one of them.
    pub fn contain(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        self.networks.iter().any(|network| network.contains(&address))
    }

    /// The client's address: the last hop that is not one of our proxies, read from the right, since
    /// what stands further left was written by whoever is there.
    pub fn client_address(&self, peer: SocketAddr, headers: &HeaderMap) -> IpAddr {
        let mut client = peer.ip().to_canonical();
        if self.networks.is_empty() || !self.contain(client) {
            return client;
        }
        for hop in hops(headers).into_iter().rev() {
            let Some(address) = hop else { break };
            client = address;
            if !self.contain(client) {
                break;
            }
        }
        client
    }
}

/// What limits count by: an IPv4 address, or the /64 an IPv6 address is in, for one person has it all.
pub fn prefix(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(v6) => IpAddr::V6(Ipv6Addr::from_bits(v6.to_bits() & !u128::from(u64::MAX))),
        v4 @ IpAddr::V4(_) => v4,
    }
}

/// The addresses a request says it passed, first hop first; what is not an address is `None`.
/// `Forwarded` (RFC 7239) counts before `X-Forwarded-For`.
fn hops(headers: &HeaderMap) -> Vec<Option<IpAddr>> {
    if headers.contains_key(FORWARDED) {
        elements(headers, "forwarded").map(forwarded_for).collect()
    } else {
        elements(headers, "x-forwarded-for").map(address).collect()
    }
}

fn elements<'a>(headers: &'a HeaderMap, name: &'static str) -> impl Iterator<Item = &'a str> {
    headers.get_all(name).iter().flat_map(|value| value.to_str().unwrap_or("?").split(','))
}

/// The `for` of one `Forwarded` element (RFC 7239 §4).
fn forwarded_for(element: &str) -> Option<IpAddr> {
    element.split(';').find_map(|pair| {
        let (name, value) = pair.split_once('=')?;
        name.trim().eq_ignore_ascii_case("for").then(|| address(value))?
    })
}

/// An address with or without port, brackets and quotes (RFC 7239 §6).
fn address(text: &str) -> Option<IpAddr> {
    let text = text.trim().trim_matches('"');
    if let Ok(address) = text.parse::<IpAddr>() {
        return Some(address.to_canonical());
    }
    if let Ok(address) = text.parse::<SocketAddr>() {
        return Some(address.ip().to_canonical());
    }
    let inner = text.strip_prefix('[')?.strip_suffix(']')?;
    inner.parse::<Ipv6Addr>().ok().map(|v6| IpAddr::V6(v6).to_canonical())
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    fn seen(peer: &str, name: &'static str, value: &str) -> String {
        let proxies = TrustedProxies::new(vec!["10.0.0.0/8".parse().unwrap()]);
        let mut headers = HeaderMap::new();
        headers.append(name, HeaderValue::from_str(value).unwrap());
        proxies.client_address(peer.parse().unwrap(), &headers).to_string()
    }

    #[test]
    fn a_stranger_cannot_speak_for_another() {
        assert_eq!(seen("203.0.113.9:5", "x-forwarded-for", "198.51.100.1"), "203.0.113.9");
        assert_eq!(seen("203.0.113.9:5", "forwarded", "for=198.51.100.1"), "203.0.113.9");
    }

    #[test]
    fn a_listed_proxy_speaks_for_its_client() {
        assert_eq!(seen("10.0.0.1:5", "x-forwarded-for", "198.51.100.1"), "198.51.100.1");
        assert_eq!(seen("10.0.0.1:5", "forwarded", "for=198.51.100.1;proto=https"), "198.51.100.1");
        assert_eq!(seen("10.0.0.1:5", "forwarded", "For=\"[2001:db8::1]:443\""), "2001:db8::1");
        assert_eq!(
            seen("[::ffff:10.0.0.1]:5", "x-forwarded-for", "198.51.100.1:80"),
            "198.51.100.1"
        );
    }

    #[test]
    fn what_the_client_wrote_further_left_does_not_count() {
        let chain = "1.2.3.4, 198.51.100.1, 10.0.0.7";
        assert_eq!(seen("10.0.0.1:5", "x-forwarded-for", chain), "198.51.100.1");
    }

    #[test]
    fn nonsense_leaves_the_last_hop_that_was_sure() {
        assert_eq!(seen("10.0.0.1:5", "x-forwarded-for", "unknown"), "10.0.0.1");
        assert_eq!(seen("10.0.0.1:5", "x-forwarded-for", "x, 10.0.0.7"), "10.0.0.7");
    }

    #[test]
    fn an_ipv6_household_is_one() {
        let one = prefix("2001:db8:1:2:3:4:5:6".parse().unwrap());
        assert_eq!(one, prefix("2001:db8:1:2:ffff::".parse().unwrap()));
        assert_eq!(prefix("::ffff:192.0.2.1".parse().unwrap()).to_string(), "192.0.2.1");
    }
}
