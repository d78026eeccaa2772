//! Certificates that the server gets by itself (RFC 8555).

use url::Url;

use super::reader::Reader;

/// Where the server gets its certificate.
#[derive(Debug, Clone)]
pub struct Acme {
    /// The authority's directory.
    pub directory: Url,
    /// Whom the authority writes to.
    pub contact: Option<String>,
}

impl Acme {
    /// The names that the certificate is for: where the issuer is, and where clients show certificates;
    /// sorted.
    pub fn names(issuer: &Url, mtls_url: Option<&str>) -> Vec<String> {
        let other = mtls_url.and_then(|url| Url::parse(url).ok());
        let hosts = [Some(issuer), other.as_ref()];
        let hosts = hosts.into_iter().flatten().filter_map(Url::host_str);
        let mut names: Vec<String> = hosts.map(str::to_owned).collect();
        names.sort_unstable();
        names.dedup();
        names
    }
}

pub(super) fn read(from: &mut Reader) -> Option<Acme> {
    let directory = directory(from);
    let contact = from.text("acme.contact");
    if contact.as_ref().is_some_and(|address| !address.contains('@') || address.contains(':')) {
        from.refuse("acme.contact", "is no mail address", "write ops@example.com");
    }
    if contact.is_some() && !from.is_given("acme.directory") {
        from.refuse("acme.contact", "is of no use alone", "give acme.directory too");
    }
    if directory.is_some() && from.is_given("tls.cert_file") {
        let mend = "give either tls.cert_file, or acme.directory";
        from.refuse("acme.directory", "is there beside a certificate of your own", mend);
    }
    Some(Acme { directory: directory?, contact })
}

fn directory(from: &mut Reader) -> Option<Url> {
    let text = from.text("acme.directory")?;
    let url = Url::parse(&text).ok().filter(|url| url.scheme() == "https" && url.has_host());
    if url.is_none() {
        let mend = "write an https address, such as https://acme-v02.api.letsencrypt.org/directory";
        from.refuse("acme.directory", "is no address of a directory", mend);
    }
    url
}
