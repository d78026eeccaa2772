//! Where and how clients show certificates (RFC 8705).

use std::net::SocketAddr;
use std::path::PathBuf;

use url::{Position, Url};

use super::reader::Reader;

/// Where and how clients show certificates.
#[derive(Debug, Clone)]
pub struct Mtls {
    /// Where the server asks for them itself; empty for nowhere.
    pub listen: Vec<SocketAddr>,
    /// The address under which clients reach that, or the proxy that asks for them; without a slash at
    /// its end.
    pub url: Option<String>,
    /// The authorities that vouch for clients.
    pub ca_file: Option<PathBuf>,
    /// The header in which listed proxies hand certificates over, in lower case.
    pub proxy_header: Option<String>,
}

impl Mtls {
    /// Whether a client can show a certificate at all.
    pub const fn is_on(&self) -> bool {
        !self.listen.is_empty() || self.proxy_header.is_some()
    }
}

/// `others` are the addresses of `listen`.
pub(super) fn read(from: &mut Reader, others: &[SocketAddr]) -> Mtls {
    let listen = from.addresses("mtls.listen");
    let ca_file = from.path("mtls.ca_file");
    let url = url(from);
    let proxy_header = header(from);
    if !listen.is_empty() {
        if !from.is_given("tls.cert_file") && !from.is_given("acme.directory") {
            let mend = "give tls.cert_file and tls.key_file, or acme.directory, or let a proxy ask for \
                        certificates";
            from.refuse("mtls.listen", "needs a certificate of the server's own", mend);
        }
        if !from.is_given("mtls.url") {
            let mend = "write the address by which clients reach mtls.listen, such as \
                        https://id.example.com:8443";
            from.refuse("mtls.url", "is missing", mend);
        }
    }
    if listen.iter().any(|one| others.iter().any(|other| is_taken(*one, *other))) {
        let mend =
            "give it a port of its own: there certificates are asked for, at listen they are not";
        from.refuse("mtls.listen", "is an address of listen", mend);
    }
    if proxy_header.is_some() && !from.is_given("trusted_proxies") {
        let mend = "list the proxies in trusted_proxies; nobody else is believed";
        from.refuse("mtls.proxy_header", "is of no use without proxies", mend);
    }
    Mtls { listen, url, ca_file, proxy_header }
}

/// Whether nobody can listen on both: the same port, of the same address or of all. Port 0 is any.
fn is_taken(one: SocketAddr, other: SocketAddr) -> bool {
    let (ip, other_ip) = (one.ip(), other.ip());
    let same = ip == other_ip || ip.is_unspecified() || other_ip.is_unspecified();
    one.port() != 0 && one.port() == other.port() && same
}

/// An origin over https.
fn url(from: &mut Reader) -> Option<String> {
    let text = from.text("mtls.url")?;
    let parsed = Url::parse(&text).ok().filter(|url| {
        let bare = url.path() == "/" && url.query().is_none() && url.fragment().is_none();
        url.scheme() == "https" && bare && url.username().is_empty() && url.password().is_none()
    });
    if parsed.is_none() {
        let mend = "write https://host or https://host:port and nothing after it";
        from.refuse("mtls.url", "is no address of a server", mend);
    }
    parsed.map(|url| url[..Position::BeforePath].to_owned())
}

/// The name of a header, and none that means something else.
fn header(from: &mut Reader) -> Option<String> {
    const TAKEN: [&str; 5] = ["authorization", "cookie", "dpop", "forwarded", "x-forwarded-for"];
    let name = from.text("mtls.proxy_header")?.to_ascii_lowercase();
    let fits = !name.is_empty()
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
        && !TAKEN.contains(&name.as_str());
    if fits {
        return Some(name);
    }
    let mend = "write Client-Cert, or the name that your proxy sets; letters, digits and hyphens";
    from.refuse("mtls.proxy_header", "is no header for certificates", mend);
    None
}
