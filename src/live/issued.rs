//! The certificate that the server got by itself, and what it shows the authority for the next one: the
//! same on every node, kept up by [`tasks::acme`](crate::tasks::acme).

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, PoisonError, RwLock};

use rustls::crypto::aws_lc_rs::default_provider;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;

use crate::crypto::acme;

/// Why a certificate is not usable. No part of its key is in it.
#[derive(Debug, thiserror::Error)]
#[error("the certificate is not usable: {0}")]
pub struct Unusable(String);

/// What is shown in handshakes. Nothing, before there is any: then they fail.
#[derive(Default)]
pub struct Issued {
    current: RwLock<Option<Arc<CertifiedKey>>>,
    challenges: RwLock<HashMap<String, Arc<CertifiedKey>>>,
}

impl Issued {
    /// Shows `chain` (PEM) from now on, whose private key is `key` (PKCS#8).
    ///
    /// # Errors
    /// Where they are not usable, or do not belong together: the one before stays in use.
    pub fn take_up(&self, chain: &str, key: &[u8]) -> Result<(), Unusable> {
        let chain: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(chain.as_bytes()).collect();
        let chain = chain.map_err(|_| Unusable("it is no PEM".to_owned()))?;
        let certified = certified(chain, key)?;
        *self.current.write().unwrap_or_else(PoisonError::into_inner) = Some(certified);
        Ok(())
    }

    /// Shows these to whoever asks for a challenge, by their names, and no others: certificate in DER and
    /// key.
    ///
    /// # Errors
    /// Where one is not usable: those before stay.
    pub fn show<'a>(
        &self,
        challenges: impl IntoIterator<Item = (String, Vec<u8>, &'a [u8])>,
    ) -> Result<(), Unusable> {
        let made = challenges.into_iter().map(|(name, certificate, key)| {
            Ok((name, answering(CertificateDer::from(certificate), key)?))
        });
        let made: HashMap<_, _> = made.collect::<Result<_, Unusable>>()?;
        *self.challenges.write().unwrap_or_else(PoisonError::into_inner) = made;
        Ok(())
    }

    /// Whether there is a certificate.
    pub fn is_there(&self) -> bool {
        self.current.read().unwrap_or_else(PoisonError::into_inner).is_some()
    }
}

fn certified(
    chain: Vec<CertificateDer<'static>>,
    key: &[u8],
) -> Result<Arc<CertifiedKey>, Unusable> {
    if chain.is_empty() {
        return Err(Unusable("there is none in it".to_owned()));
    }
    let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(key.to_vec()));
    let certified = CertifiedKey::from_der(chain, key, &default_provider());
    Ok(Arc::new(certified.map_err(|error| Unusable(error.to_string()))?))
}

/// As it is: what answers a challenge says critically that it is good for nothing else (RFC 8737 §3), and
/// would not pass for a certificate.
fn answering(
    certificate: CertificateDer<'static>,
    key: &[u8],
) -> Result<Arc<CertifiedKey>, Unusable> {
    let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(key.to_vec()));
    let key = default_provider().key_provider.load_private_key(key);
    let key = key.map_err(|error| Unusable(error.to_string()))?;
    Ok(Arc::new(CertifiedKey::new(vec![certificate], key)))
}

impl ResolvesServerCert for Issued {
    /// A handshake that offers the protocol of challenges and no other gets a challenge (RFC 8737 §3).
    fn resolve(&self, hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        let is_challenge = hello.alpn().is_some_and(|offered| offered.eq([acme::ALPN]));
        if !is_challenge {
            return self.current.read().unwrap_or_else(PoisonError::into_inner).clone();
        }
        let challenges = self.challenges.read().unwrap_or_else(PoisonError::into_inner);
        challenges.get(hello.server_name()?).cloned()
    }
}

impl fmt::Debug for Issued {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Issued").field("is_there", &self.is_there()).finish_non_exhaustive()
    }
}
