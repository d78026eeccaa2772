//! Our own calls to the outside, guarded against server-side request forgery: https only, no
//! redirects, no special-use addresses, 64 KiB, 5 s, or 30 s where nobody waits (SECURITY.md RG-02).

pub mod acme;

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use ipnet::IpNet;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use url::{Host, Url};

/// The longest a call may take.
const TIMEOUT: Duration = Duration::from_secs(5);
/// The same where only a task of ours waits: an authority may think before it answers.
const PATIENT_TIMEOUT: Duration = Duration::from_secs(30);
/// The most that is read of an answer, in bytes.
const MOST: usize = 64 * 1024;

/// Why nothing was fetched.
#[derive(Debug, thiserror::Error)]
pub enum OutboundError {
    /// The address is not one that we call.
    #[error("the address is not allowed: {0}")]
    Forbidden(&'static str),
    /// The call failed.
    #[error("the call failed: {0}")]
    Failed(#[from] reqwest::Error),
    /// The answer was not what was asked for.
    #[error("the answer is not usable: {0}")]
    Unusable(&'static str),
}

/// The client for calls to the outside.
#[derive(Clone)]
pub struct Outbound {
    client: reqwest::Client,
    allowed: Arc<[IpNet]>,
}

impl Outbound {
    /// A guarded client which trusts the usual authorities and those in `extra_ca` (PEM), and
    /// which may call special-use addresses only inside `allowed`.
    ///
    /// # Errors
    /// Where `extra_ca` holds no certificate or TLS cannot be set up.
    pub fn new(allowed: Vec<IpNet>, extra_ca: Option<&[u8]>) -> Result<Self, OutboundError> {
        let allowed: Arc<[IpNet]> = allowed.into();
        let mut builder = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .timeout(TIMEOUT)
            .no_proxy()
            .dns_resolver(Arc::new(Guard { allowed: Arc::clone(&allowed) }));
        if let Some(pem) = extra_ca {
            for certificate in reqwest::Certificate::from_pem_bundle(pem)? {
                builder = builder.add_root_certificate(certificate);
            }
        }
        Ok(Self { client: builder.build()?, allowed })
    }

    /// Fetches a JSON document.
    ///
    /// # Errors
    /// Where the address is not allowed, the call fails, or the answer is not JSON within bounds.
    pub async fn json(&self, url: &Url) -> Result<serde_json::Value, OutboundError> {
        let body = self.fetch(url, &[], MOST).await?;
        serde_json::from_slice(&body).map_err(|_| OutboundError::Unusable("it is not JSON"))
    }

    /// Fetches a text of `most` bytes at most, with these headers in the request.
    ///
    /// # Errors
    /// Where the address is not allowed, the call fails, or the answer is not text within bounds.
    pub async fn text(
        &self,
        url: &Url,
        headers: &[(&'static str, &'static str)],
        most: usize,
    ) -> Result<String, OutboundError> {
        let body = self.fetch(url, headers, most).await?;
        String::from_utf8(body).map_err(|_| OutboundError::Unusable("it is not text"))
    }

    async fn fetch(
        &self,
        url: &Url,
        headers: &[(&'static str, &'static str)],
        most: usize,
    ) -> Result<Vec<u8>, OutboundError> {
        self.check(url)?;
        let request = self.client.get(url.clone());
        let request =
            headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
        let response = request.send().await?;
        if response.status() != reqwest::StatusCode::OK {
            return Err(OutboundError::Unusable("the status is not 200"));
        }
        read(response, most).await
    }

    /// Sends any request, for a task that has time; any answer within bounds is one.
    async fn send(
        &self,
        request: http::Request<Bytes>,
    ) -> Result<http::Response<Bytes>, OutboundError> {
        let mut request = reqwest::Request::try_from(request)?;
        *request.timeout_mut() = Some(PATIENT_TIMEOUT);
        self.check(request.url())?;
        let response = self.client.execute(request).await?;
        let mut answer = http::Response::new(Bytes::new());
        *answer.status_mut() = response.status();
        answer.headers_mut().clone_from(response.headers());
        *answer.body_mut() = read(response, MOST).await?.into();
        Ok(answer)
    }

    /// Whether we may call `url`; names are checked again when they are resolved.
    fn check(&self, url: &Url) -> Result<(), OutboundError> {
        let address = match url.host() {
            Some(Host::Ipv4(address)) => Some(IpAddr::V4(address)),
            Some(Host::Ipv6(address)) => Some(IpAddr::V6(address)),
            Some(Host::Domain(_)) => None,
            None => return Err(OutboundError::Forbidden("it has no host")),
        };
        let listed = address.is_some_and(|address| is_listed(address, &self.allowed));
        // Plain http is for test set-ups whose network the operator has listed.
        if url.scheme() != "https" && !(url.scheme() == "http" && listed) {
            return Err(OutboundError::Forbidden("it is not https"));
        }
        match address {
            Some(address) if !listed && is_special(address) => {
                Err(OutboundError::Forbidden("it is a private or special-use address"))
            }
            _ => Ok(()),
        }
    }
}

/// The body, of `most` bytes at most.
async fn read(mut response: reqwest::Response, most: usize) -> Result<Vec<u8>, OutboundError> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await? {
        if body.len() + chunk.len() > most {
            return Err(OutboundError::Unusable("it is larger than it may be"));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

/// Resolves names, and refuses those that lead anywhere special (several answers included).
struct Guard {
    allowed: Arc<[IpNet]>,
}

impl Resolve for Guard {
    fn resolve(&self, name: Name) -> Resolving {
        let allowed = Arc::clone(&self.allowed);
        Box::pin(async move {
            let found: Vec<SocketAddr> =
                tokio::net::lookup_host((name.as_str(), 0)).await?.collect();
            let bad = |address: &SocketAddr| {
                is_special(address.ip()) && !is_listed(address.ip(), &allowed)
            };
            if found.iter().any(bad) {
                return Err("the name leads to a private or special-use address".into());
            }
            Ok(Box::new(found.into_iter()) as Addrs)
        })
    }
}

fn is_listed(address: IpAddr, allowed: &[IpNet]) -> bool {
    allowed.iter().any(|network| network.contains(&address))
}

/// The blocks that never are a client's public server (RFC 6890 and its registry).
const SPECIAL: [&str; 26] = [
    "0.0.0.0/8",
    "10.0.0.0/8",
    "100.64.0.0/10",
    "127.0.0.0/8",
    "169.254.0.0/16",
    "172.16.0.0/12",
    "192.0.0.0/24",
    "192.0.2.0/24",
    "192.88.99.0/24",
    "192.168.0.0/16",
    "198.18.0.0/15",
    "198.51.100.0/24",
    "203.0.113.0/24",
    "224.0.0.0/4",
    "240.0.0.0/4",
    "::/128",
    "::1/128",
    "64:ff9b::/96",
    "64:ff9b:1::/48",
    "100::/64",
    "2001::/23",
    "2001:db8::/32",
    "2002::/16",
    "fc00::/7",
    "fe80::/10",
    "ff00::/8",
];

fn is_special(address: IpAddr) -> bool {
    let address = match address {
        IpAddr::V6(six) => six.to_ipv4_mapped().map_or(IpAddr::V6(six), IpAddr::V4),
        IpAddr::V4(_) => address,
    };
    SPECIAL
        .iter()
        .filter_map(|block| block.parse::<IpNet>().ok())
        .any(|block| block.contains(&address))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn guard(allowed: &[&str]) -> Outbound {
        _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
        Outbound::new(allowed.iter().map(|net| net.parse().unwrap()).collect(), None).unwrap()
    }

    #[test]
    fn every_special_block_parses() {
        assert!(SPECIAL.iter().all(|block| block.parse::<IpNet>().is_ok()));
    }

    #[test]
    fn special_use_addresses_are_refused_in_every_spelling() {
        let guard = guard(&[]);
        for url in [
            "https://127.0.0.1/",
            "https://[::1]/",
            "https://0.0.0.0/",
            "https://169.254.169.254/",
            "https://10.1.2.3/",
            "https://100.64.0.1/",
            "https://192.0.2.1/",
            "https://[fc00::1]/",
            "https://[::ffff:127.0.0.1]/",
            "https://[64:ff9b::7f00:1]/",
            "https://2130706433/",
            "https://0x7f.1/",
            "https://127.1/",
            "http://8.8.8.8/",
            "ftp://8.8.8.8/",
        ] {
            assert!(guard.check(&Url::parse(url).unwrap()).is_err(), "{url}");
        }
    }

    #[test]
    fn a_listed_network_is_let_through() {
        let guard = guard(&["127.0.0.0/8"]);
        assert!(guard.check(&Url::parse("https://127.0.0.1:9/").unwrap()).is_ok());
        assert!(guard.check(&Url::parse("https://10.0.0.1/").unwrap()).is_err());
    }

    #[tokio::test]
    async fn a_name_that_leads_to_loopback_is_refused() {
        let url = Url::parse("https://localhost:9/").unwrap();
        assert!(matches!(guard(&[]).json(&url).await, Err(OutboundError::Failed(_))));
    }
}
