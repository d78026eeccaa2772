//! Certificates that the server gets by itself (RFC 8555).

use url::{Host, Url};

use super::issuer::Issuer;
use super::mtls::Mtls;
use super::reader::Reader;
use crate::crypto::acme::BindingKey;

/// Where the server gets its certificate.
#[derive(Debug, Clone)]
pub struct Acme {
    /// The authority's directory.
    pub directory: Url,
    /// Whom the authority writes to.
    pub contact: Option<String>,
    /// The account elsewhere that ours is bound to.
    pub external_account: Option<ExternalAccount>,
}

/// An account that the authority knows from elsewhere (RFC 8555 §7.3.4).
#[derive(Debug, Clone)]
pub struct ExternalAccount {
    /// What the authority calls its key.
    pub key_id: String,
    /// The key.
    pub key: BindingKey,
}

impl Acme {
    /// The names that the certificate is for: where the issuer is, and where the server itself asks clients
    /// for certificates; sorted.
    pub fn names(issuer: &Url, mtls: &Mtls) -> Vec<String> {
        // Without a listener of its own it is the address of a proxy, which has its own certificate.
        let other = mtls.url.as_ref().filter(|_| !mtls.listen.is_empty());
        let other = other.and_then(|url| Url::parse(url).ok());
        let hosts = [Some(issuer), other.as_ref()];
        let hosts = hosts.into_iter().flatten().filter_map(Url::host_str);
        let mut names: Vec<String> = hosts.map(str::to_owned).collect();
        names.sort_unstable();
        names.dedup();
        names
    }
}

pub(super) fn read(from: &mut Reader, issuer: Option<&Issuer>) -> Option<Acme> {
    let directory = directory(from);
    let contact = from.text("acme.contact");
    if contact.as_ref().is_some_and(|address| !address.contains('@') || address.contains(':')) {
        from.refuse("acme.contact", "is no mail address", "write ops@example.com");
    }
    let external_account = external_account(from);
    if !from.is_given("acme.directory") {
        for name in ["acme.contact", "acme.eab_key_id", "acme.eab_hmac_key"] {
            if from.is_given(name) {
                from.refuse(name, "is of no use alone", "give acme.directory too");
            }
        }
        return None;
    }
    if from.is_given("tls.cert_file") {
        let mend = "give either tls.cert_file, or acme.directory";
        from.refuse("acme.directory", "is there beside a certificate of your own", mend);
    }
    let mend = "use https and a name that everybody finds, or leave acme.directory out";
    let unfit = "is no address that an authority gives a certificate for";
    if issuer.is_some_and(|issuer| !is_certifiable(issuer.url())) {
        from.refuse("issuer", unfit, mend);
    }
    let other = from.text("mtls.url").filter(|_| from.is_given("mtls.listen"));
    if other.and_then(|url| Url::parse(&url).ok()).is_some_and(|url| !is_certifiable(&url)) {
        from.refuse("mtls.url", unfit, mend);
    }
    Some(Acme { directory: directory?, contact, external_account })
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

fn external_account(from: &mut Reader) -> Option<ExternalAccount> {
    let (key_id, text) = (from.text("acme.eab_key_id"), from.secret("acme.eab_hmac_key"));
    match (key_id, text) {
        (Some(key_id), Some(text)) => {
            let key = BindingKey::parse(text.expose());
            if key.is_none() {
                let mend = "write it in base64url, as the authority hands it out";
                from.refuse("acme.eab_hmac_key", "is no key", mend);
            }
            Some(ExternalAccount { key_id, key: key? })
        }
        (Some(_), None) => {
            from.refuse("acme.eab_key_id", "is without its key", "give acme.eab_hmac_key too");
            None
        }
        (None, Some(_)) => {
            from.refuse("acme.eab_hmac_key", "is without its name", "give acme.eab_key_id too");
            None
        }
        (None, None) => None,
    }
}

/// Whether an authority may find the host there by its name, and look at it in a handshake (RFC 8737 §3).
fn is_certifiable(url: &Url) -> bool {
    let is_named = match url.host() {
        Some(Host::Domain(name)) => name != "localhost" && !name.ends_with(".localhost"),
        Some(Host::Ipv4(_) | Host::Ipv6(_)) | None => false,
    };
    url.scheme() == "https" && is_named
}
