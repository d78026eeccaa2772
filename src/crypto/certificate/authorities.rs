//! The certificate authorities that vouch for clients.

use std::sync::Arc;

use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, UnixTime};
use rustls::server::WebPkiClientVerifier;
use rustls::server::danger::ClientCertVerifier;
use rustls::{CertificateError, Error, RootCertStore};
use time::OffsetDateTime;

use super::ClientCertificate;
use crate::crypto::CryptoError;

/// Certificate authorities. Without any, nobody is vouched for.
#[derive(Debug, Clone, Default)]
pub struct Authorities(Option<Arc<dyn ClientCertVerifier>>);

/// Why no authority vouches for a certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Distrust {
    /// No authority is configured.
    #[error("no certificate authority is configured")]
    NoAuthority,
    /// Its time is over.
    #[error("the certificate, or one that it leads to, has expired")]
    Expired,
    /// Its time has not come.
    #[error("the certificate, or one that it leads to, is not valid yet")]
    NotYetValid,
    /// It leads to none of the authorities.
    #[error("the certificate leads to no configured authority")]
    UnknownIssuer,
    /// It is for something else: a server, say (RFC 5280 §4.2.1.12).
    #[error("the certificate is not for clients")]
    Purpose,
    /// Anything else.
    #[error("the certificate chain does not hold")]
    Broken,
}

impl Authorities {
    /// The authorities in `pem`.
    ///
    /// # Errors
    /// Where there is none in it, or one that cannot be used.
    pub fn from_pem(pem: &[u8]) -> Result<Self, CryptoError> {
        let bad = CryptoError::Certificate("holds no PEM of certificate authorities");
        let mut roots = RootCertStore::empty();
        for certificate in CertificateDer::pem_slice_iter(pem) {
            let certificate = certificate.map_err(|_| bad)?;
            let unfit = CryptoError::Certificate("has a certificate that cannot be an authority");
            roots.add(certificate).map_err(|_| unfit)?;
        }
        if roots.is_empty() {
            return Err(bad);
        }
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider);
        verifier.build().map(|verifier| Self(Some(verifier))).map_err(|_| bad)
    }

    /// Whether there is none.
    pub const fn is_empty(&self) -> bool {
        self.0.is_none()
    }

    /// Whether one of them vouches for `certificate` as a client's at `now` (RFC 5280 §6).
    ///
    /// # Errors
    /// Why not.
    pub fn vouch_for(
        &self,
        certificate: &ClientCertificate,
        now: OffsetDateTime,
    ) -> Result<(), Distrust> {
        let Some(verifier) = &self.0 else { return Err(Distrust::NoAuthority) };
        let seconds = u64::try_from(now.unix_timestamp()).map_err(|_| Distrust::Broken)?;
        let now = UnixTime::since_unix_epoch(std::time::Duration::from_secs(seconds));
        let checked =
            verifier.verify_client_cert(&certificate.leaf, &certificate.intermediates, now);
        checked.map(drop).map_err(|error| distrust(&error))
    }
}

#[expect(clippy::wildcard_enum_match_arm, reason = "the library's own list, and it grows")]
fn distrust(error: &Error) -> Distrust {
    let Error::InvalidCertificate(error) = error else { return Distrust::Broken };
    match error {
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => Distrust::Expired,
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
            Distrust::NotYetValid
        }
        // An issuer of the same name that did not sign it is another one.
        CertificateError::UnknownIssuer | CertificateError::BadSignature => Distrust::UnknownIssuer,
        CertificateError::InvalidPurpose | CertificateError::InvalidPurposeContext { .. } => {
            Distrust::Purpose
        }
        _ => Distrust::Broken,
    }
}
