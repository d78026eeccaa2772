//! TLS with a certificate from two PEM files, or from an authority, that may be renewed while we run.

use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::SystemTime;

use rustls::client::danger::HandshakeSignatureValid;
use rustls::crypto::{CryptoProvider, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, UnixTime};
use rustls::server::danger::{ClientCertVerified, ClientCertVerifier};
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;
use rustls::{DigitallySignedStruct, ServerConfig, SignatureScheme};
use tokio_rustls::TlsAcceptor;

use crate::crypto::certificate::ClientCertificate;
use crate::crypto::{CryptoError, acme};
use crate::live::issued::Issued;

/// Why the certificate or its key is not usable. No part of the key is in it.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// The file cannot be read.
    #[error("cannot read {path}: {cause}")]
    Read {
        /// Which file.
        path: String,
        /// Why.
        cause: std::io::Error,
    },
    /// The file is not PEM of the right kind.
    #[error("{0} holds no PEM of the kind that is needed")]
    Pem(String),
    /// The file holds no certificate authorities that we can use.
    #[error("{path}: {cause}")]
    Authorities {
        /// Which file.
        path: String,
        /// What is wrong.
        cause: CryptoError,
    },
    /// The key does not fit the certificate, or is of a kind we do not take.
    #[error("the certificate and its key are not usable: {0}")]
    Unusable(#[from] rustls::Error),
}

/// A TLS acceptor whose certificate follows its files. Cheap to clone.
#[derive(Clone)]
pub struct Tls {
    acceptor: TlsAcceptor,
    /// Nothing, where the certificate comes from an authority.
    files: Option<Arc<Files>>,
}

struct Files {
    certificate: PathBuf,
    key: PathBuf,
    /// What is in use; replaced whole when the files change.
    current: RwLock<Current>,
}

struct Current {
    key: Arc<CertifiedKey>,
    modified: [Option<SystemTime>; 2],
}

impl Tls {
    /// TLS 1.2 and 1.3 with the chain in `certificate` and the private `key`, both PEM.
    pub fn load(certificate: &Path, key: &Path, asking: Asking) -> Result<Self, TlsError> {
        let (certificate, key) = (certificate.to_owned(), key.to_owned());
        let current = RwLock::new(Current::read(&certificate, &key)?);
        let files = Arc::new(Files { certificate, key, current });
        let config = config(Arc::clone(&files) as Arc<dyn ResolvesServerCert>, asking)?;
        Ok(Self { acceptor: TlsAcceptor::from(Arc::new(config)), files: Some(files) })
    }

    /// The same with the certificate that the server gets by itself, answering the challenges for it.
    pub fn issued(issued: Arc<Issued>, asking: Asking) -> Result<Self, TlsError> {
        let mut config = config(issued, asking)?;
        config.alpn_protocols.push(acme::ALPN.to_vec());
        Ok(Self { acceptor: TlsAcceptor::from(Arc::new(config)), files: None })
    }

    /// Takes up renewed files, if there are any. To be called from time to time; what does not load
    /// is reported and the old certificate stays in use.
    pub fn refresh(&self) -> Result<Refreshed, TlsError> {
        let Some(files) = &self.files else { return Ok(Refreshed::Unchanged) };
        let times = [&files.certificate, &files.key].map(|path| modified(path));
        if files.current.read().unwrap_or_else(PoisonError::into_inner).modified == times {
            return Ok(Refreshed::Unchanged);
        }
        let renewed = Current::read(&files.certificate, &files.key)?;
        *files.current.write().unwrap_or_else(PoisonError::into_inner) = renewed;
        Ok(Refreshed::Renewed)
    }

    pub(crate) const fn acceptor(&self) -> &TlsAcceptor {
        &self.acceptor
    }
}

/// What [`Tls::refresh`] found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refreshed {
    /// The files are those in use.
    Unchanged,
    /// A new certificate is in use.
    Renewed,
}

fn config(
    certificates: Arc<dyn ResolvesServerCert>,
    asking: Asking,
) -> Result<ServerConfig, TlsError> {
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = ServerConfig::builder_with_provider(Arc::clone(&provider))
        .with_safe_default_protocol_versions()?;
    let config = match asking {
        Asking::Nothing => config.with_no_client_auth(),
        Asking::ForCertificates => {
            config.with_client_cert_verifier(Arc::new(AnyCertificate(provider)))
        }
    };
    let mut config = config.with_cert_resolver(certificates);
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(config)
}

impl Current {
    fn read(certificate: &Path, key: &Path) -> Result<Self, TlsError> {
        // The times are read first: a change in between is then seen at the next look.
        let modified = [certificate, key].map(modified);
        let pem = |path: &Path| TlsError::Pem(path.display().to_string());
        let chain: Vec<_> = CertificateDer::pem_slice_iter(&read(certificate)?)
            .collect::<Result<_, _>>()
            .map_err(|_| pem(certificate))?;
        if chain.is_empty() {
            return Err(pem(certificate));
        }
        let private = PrivateKeyDer::from_pem_slice(&read(key)?).map_err(|_| pem(key))?;
        let key =
            CertifiedKey::from_der(chain, private, &rustls::crypto::aws_lc_rs::default_provider())?;
        Ok(Self { key: Arc::new(key), modified })
    }
}

pub(super) fn read(path: &Path) -> Result<Vec<u8>, TlsError> {
    fs::read(path).map_err(|cause| TlsError::Read { path: path.display().to_string(), cause })
}

/// When the file was last changed, as far as that can be told.
pub(super) fn modified(path: &Path) -> Option<SystemTime> {
    fs::metadata(path).and_then(|file| file.modified()).ok()
}

impl fmt::Debug for Files {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Files").field("certificate", &self.certificate).finish_non_exhaustive()
    }
}

impl ResolvesServerCert for Files {
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(Arc::clone(&self.current.read().unwrap_or_else(PoisonError::into_inner).key))
    }
}

/// What is asked of clients in the handshake.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asking {
    /// Nothing.
    Nothing,
    /// A certificate, if they have one.
    ForCertificates,
}

/// Takes any certificate whose key its sender shows to hold, and a client without: what it is worth is
/// judged for each client by itself (RFC 8705 §2).
#[derive(Debug)]
struct AnyCertificate(Arc<CryptoProvider>);

impl ClientCertVerifier for AnyCertificate {
    fn client_auth_mandatory(&self) -> bool {
        false
    }

    fn root_hint_subjects(&self) -> &[rustls::DistinguishedName] {
        &[]
    }

    fn verify_client_cert(
        &self,
        leaf: &CertificateDer<'_>,
        between: &[CertificateDer<'_>],
        _: UnixTime,
    ) -> Result<ClientCertVerified, rustls::Error> {
        if ClientCertificate::fits(std::iter::once(leaf).chain(between)) {
            return Ok(ClientCertVerified::assertion());
        }
        Err(rustls::Error::General("the client's chain is too long".to_owned()))
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let algorithms = &self.0.signature_verification_algorithms;
        verify_tls12_signature(message, certificate, signature, algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let algorithms = &self.0.signature_verification_algorithms;
        verify_tls13_signature(message, certificate, signature, algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.signature_verification_algorithms.supported_schemes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn write(dir: &Path) -> (PathBuf, PathBuf) {
        let made = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
        let (certificate, key) = (dir.join("cert.pem"), dir.join("key.pem"));
        fs::write(&certificate, made.cert.pem()).unwrap();
        fs::write(&key, made.signing_key.serialize_pem()).unwrap();
        (certificate, key)
    }

    #[test]
    fn a_renewed_certificate_is_taken_up_and_a_broken_one_is_not() {
        let dir = std::env::temp_dir().join(format!("portcullis-tls-{}", std::process::id()));
        fs::create_dir_all(&dir).unwrap();
        let (certificate, key) = write(&dir);
        let tls = Tls::load(&certificate, &key, Asking::Nothing).unwrap();
        assert_eq!(tls.refresh().unwrap(), Refreshed::Unchanged);
        std::thread::sleep(std::time::Duration::from_millis(20));
        write(&dir);
        assert_eq!(tls.refresh().unwrap(), Refreshed::Renewed);
        std::thread::sleep(std::time::Duration::from_millis(20));
        fs::write(&certificate, "nonsense").unwrap();
        assert!(matches!(tls.refresh(), Err(TlsError::Pem(_))));
        fs::remove_dir_all(&dir).unwrap();
    }
}
