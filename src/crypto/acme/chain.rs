//! The chain that an authority gave: whether it can be shown, for which names, and for how long.

use std::fmt::Write as _;
use std::sync::Arc;

use rustls::client::verify_server_name;
use rustls::crypto::aws_lc_rs::default_provider;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer, ServerName};
use rustls::server::ParsedCertificate;
use rustls::sign::CertifiedKey;
use time::{Duration, OffsetDateTime};
use x509_cert::Certificate;
use x509_cert::der::Decode as _;

use crate::crypto::secret::Fingerprint;

/// Why a certificate is not usable. No part of its key is in it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the certificate is not usable: {0}")]
pub struct Unusable(String);

/// A chain with the key of its leaf, as a server shows it.
#[derive(Debug, Clone)]
pub struct Chain {
    certified: Arc<CertifiedKey>,
    /// When it is good.
    pub validity: Validity,
    /// The number that its authority gave it, in hexadecimal.
    pub serial: String,
    /// The SHA-256 of its leaf, in hexadecimal.
    pub fingerprint: String,
}

impl Chain {
    /// That in `pem`, leaf first, whose private key is `key` (PKCS#8).
    ///
    /// # Errors
    /// Where one of them does not parse, or they do not belong together.
    pub fn read(pem: &str, key: &[u8]) -> Result<Self, Unusable> {
        let chain = certificates(pem)?;
        let mut read = Vec::with_capacity(chain.len());
        for one in &chain {
            let parsed = Certificate::from_der(one);
            read.push(parsed.map_err(|_| Unusable("it does not parse".to_owned()))?);
        }
        let (Some(leaf), Some(der)) = (read.first(), chain.first()) else {
            return Err(Unusable("there is none in it".to_owned()));
        };
        let validity = Validity::of(leaf);
        let validity = validity.ok_or_else(|| Unusable("it has no end".to_owned()))?;
        let serial = hexadecimal(leaf.tbs_certificate().serial_number().as_bytes());
        let fingerprint = hexadecimal(Fingerprint::of(der).as_bytes());
        let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(key.to_vec()));
        let certified = CertifiedKey::from_der(chain, key, &default_provider());
        let certified = certified.map_err(|error| Unusable(error.to_string()))?;
        Ok(Self { certified: Arc::new(certified), validity, serial, fingerprint })
    }

    /// Whether a client takes it for `name`.
    pub fn covers(&self, name: &str) -> bool {
        let leaf = self.certified.cert.first().map(ParsedCertificate::try_from);
        match (leaf, ServerName::try_from(name)) {
            (Some(Ok(leaf)), Ok(name)) => verify_server_name(&leaf, &name).is_ok(),
            _ => false,
        }
    }

    /// Whether it serves for all of `names`, and for a while.
    ///
    /// # Errors
    /// Why not.
    pub fn check(&self, names: &[String], now: OffsetDateTime) -> Result<(), Unusable> {
        if let Some(name) = names.iter().find(|name| !self.covers(name)) {
            return Err(Unusable(format!("it is not for {name}")));
        }
        if self.validity.renew_at() <= now {
            let until = self.validity.until;
            return Err(Unusable(format!("it ends {until}, and another would be due at once")));
        }
        Ok(())
    }

    /// What a handshake shows.
    pub fn certified(&self) -> Arc<CertifiedKey> {
        Arc::clone(&self.certified)
    }
}

fn certificates(pem: &str) -> Result<Vec<CertificateDer<'static>>, Unusable> {
    let all: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(pem.as_bytes()).collect();
    all.map_err(|_| Unusable("it is no PEM".to_owned()))
}

fn hexadecimal(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        let _ = write!(text, "{byte:02x}");
    }
    text
}

/// From when until when a certificate is good.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Validity {
    /// From when.
    pub from: OffsetDateTime,
    /// Until when.
    pub until: OffsetDateTime,
}

impl Validity {
    /// That of the first certificate in `chain` (PEM).
    pub fn of_chain(chain: &str) -> Option<Self> {
        let leaf = CertificateDer::from_pem_slice(chain.as_bytes()).ok()?;
        Self::of(&Certificate::from_der(&leaf).ok()?)
    }

    fn of(certificate: &Certificate) -> Option<Self> {
        let validity = certificate.tbs_certificate().validity();
        let at = |time: &x509_cert::time::Time| {
            let seconds = i64::try_from(time.to_unix_duration().as_secs()).ok()?;
            OffsetDateTime::from_unix_timestamp(seconds).ok()
        };
        Some(Self { from: at(&validity.not_before)?, until: at(&validity.not_after)? })
    }

    /// All of its life.
    pub fn life(&self) -> Duration {
        self.until - self.from
    }

    /// What is left of it at `now`; less than nothing where it is over.
    pub fn left(&self, now: OffsetDateTime) -> Duration {
        self.until - now
    }

    /// From when another should be got: two thirds of its life are over.
    pub fn renew_at(&self) -> OffsetDateTime {
        self.from + self.life() * 2 / 3
    }
}

#[cfg(test)]
mod tests {
    use rcgen::{CertificateParams, KeyPair};

    use super::*;

    const FROM: OffsetDateTime = time::macros::datetime!(2026-01-01 0:00 UTC);

    /// A chain for `id.example.com` of 90 days, and the key of its leaf.
    fn made() -> (String, Vec<u8>) {
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::new(vec!["id.example.com".to_owned()]).unwrap();
        (params.not_before, params.not_after) = (FROM, FROM + Duration::days(90));
        (params.self_signed(&key).unwrap().pem(), key.serialize_der())
    }

    #[test]
    fn a_certificate_is_renewed_after_two_thirds_of_its_life() {
        let validity = Validity::of_chain(&made().0).unwrap();
        assert_eq!((validity.from, validity.renew_at() - FROM), (FROM, Duration::days(60)));
        assert_eq!(Validity::of_chain("-----BEGIN"), None);
    }

    #[test]
    fn a_chain_is_usable_with_its_own_key_alone() {
        let (pem, key) = made();
        let chain = Chain::read(&pem, &key).unwrap();
        assert_eq!(chain.fingerprint.len(), 64);
        assert!(chain.covers("id.example.com") && !chain.covers("other.example.com"));
        assert!(Chain::read(&pem, &made().1).is_err());
        assert!(Chain::read("", &key).is_err());
        let half = pem.replace("-----END", "AAAA\n-----END");
        assert!(Chain::read(&format!("{pem}{half}"), &key).is_err());
    }

    #[test]
    fn what_would_be_due_at_once_or_is_for_another_name_does_not_serve() {
        let (pem, key) = made();
        let chain = Chain::read(&pem, &key).unwrap();
        let names = ["id.example.com".to_owned()];
        assert_eq!(chain.check(&names, FROM + Duration::days(59)), Ok(()));
        assert!(chain.check(&names, FROM + Duration::days(60)).is_err());
        let names = [&names[..], &["mtls.example.com".to_owned()]].concat();
        let refused = chain.check(&names, FROM).unwrap_err().to_string();
        assert!(refused.ends_with("it is not for mtls.example.com"), "{refused}");
    }
}
