//! What lets clients show certificates: who vouches for them, where they do it, whom we believe about it.

use ipnet::IpNet;
use url::Url;

use super::{Finding, tls};
use crate::config::{Config, Mtls};
use crate::crypto::certificate::ClientCertificate;
use crate::web::authorities::TrustedAuthorities;

const CHECK: &str = "client certs";

/// Looks at the files and the settings.
pub(super) fn look(config: &Config, found: &mut Vec<Finding>) {
    found.extend(authorities(&config.mtls));
    if let (Some(files), false) = (&config.tls, config.mtls.listen.is_empty()) {
        found.extend(address(&config.mtls, |host| tls::is_for(files, host)));
    }
    found.extend(proxies(&config.mtls, &config.trusted_proxies));
}

/// The authorities, and whether all that are given as some are some.
fn authorities(mtls: &Mtls) -> Option<Finding> {
    let file = mtls.ca_file.as_ref()?;
    let mend = "give the certificates of the authorities in PEM, and nobody else's";
    if let Err(error) = TrustedAuthorities::load(Some(file)) {
        return Some(Finding::fail(CHECK, error.to_string(), mend));
    }
    let pem = std::fs::read(file).unwrap_or_default();
    let all = ClientCertificate::all_in_pem(&pem).unwrap_or_default();
    let others = all.iter().filter(|certificate| !certificate.is_authority()).count();
    let file = file.display();
    Some(if others == 0 {
        Finding::ok(CHECK, format!("{file} vouches for clients"))
    } else {
        let text = format!(
            "{file}: {others} of {} certificates are no authority's, and vouch for nobody",
            all.len()
        );
        if others == all.len() {
            Finding::fail(CHECK, text, mend)
        } else {
            Finding::note(CHECK, text, mend)
        }
    })
}

/// Whether clients that reach us at `mtls.url` meet a certificate for it.
fn address(mtls: &Mtls, is_for: impl Fn(&str) -> bool) -> Option<Finding> {
    let url = Url::parse(mtls.url.as_deref()?).ok()?;
    let host = url.host_str()?;
    (!is_for(host)).then(|| {
        let mend = "get a certificate for that name too, or correct mtls.url";
        Finding::fail(
            CHECK,
            format!("the certificate is not for {host}, the host of mtls.url"),
            mend,
        )
    })
}

/// Whether anybody can write the header in which proxies hand certificates over.
fn proxies(mtls: &Mtls, trusted: &[IpNet]) -> Option<Finding> {
    let header = mtls.proxy_header.as_ref()?;
    let all = trusted.iter().find(|network| network.prefix_len() == 0)?;
    let text = format!(
        "{all} in trusted_proxies believes anybody who writes {header}, and so lets them be any client"
    );
    Some(Finding::fail(CHECK, text, "list the addresses of your proxies, and no others"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::doctor::State;

    fn mtls() -> Mtls {
        Mtls { listen: Vec::new(), url: None, ca_file: None, proxy_header: None }
    }

    #[test]
    fn a_header_that_anybody_may_write_is_told() {
        let header = Mtls { proxy_header: Some("client-cert".to_owned()), ..mtls() };
        for (network, is_told) in [("0.0.0.0/0", true), ("::/0", true), ("10.0.0.0/8", false)] {
            let networks = [network.parse().unwrap()];
            assert_eq!(proxies(&header, &networks).is_some(), is_told, "{network}");
            assert!(proxies(&mtls(), &networks).is_none(), "no header");
        }
    }

    #[test]
    fn the_address_of_clients_must_be_in_the_certificate() {
        let mtls = Mtls { url: Some("https://mtls.example:8443".to_owned()), ..mtls() };
        assert!(address(&mtls, |host| host == "mtls.example").is_none());
        let found = address(&mtls, |_| false).unwrap();
        assert_eq!(found.state, State::Fail);
        assert!(found.found.contains("mtls.example, the host of mtls.url"), "{}", found.found);
    }

    #[test]
    fn who_is_no_authority_is_told() {
        let certificate = |is_ca| {
            let key = rcgen::KeyPair::generate().unwrap();
            let mut params = rcgen::CertificateParams::new(Vec::new()).unwrap();
            params.is_ca = is_ca;
            params.self_signed(&key).unwrap().pem()
        };
        let authority = certificate(rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained));
        let leaf = certificate(rcgen::IsCa::NoCa);
        let name = format!("portcullis-doctor-mtls-{}.pem", std::process::id());
        let file = std::env::temp_dir().join(name);
        let mtls = Mtls { ca_file: Some(file.clone()), ..mtls() };
        for (pem, state) in [
            (authority.clone(), State::Ok),
            (leaf.clone(), State::Fail),
            (authority + &leaf, State::Note),
            (String::new(), State::Fail),
        ] {
            std::fs::write(&file, pem).unwrap();
            let found = authorities(&mtls).unwrap();
            assert_eq!(found.state, state, "{}", found.found);
        }
        std::fs::remove_file(file).unwrap();
    }
}
