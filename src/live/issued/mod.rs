//! The certificate that the server got by itself, and what it shows the authority for the next one: the
//! same on every node, kept up by [`tasks::acme`](crate::tasks::acme).

mod kept;

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, PoisonError, RwLock};

use rustls::crypto::aws_lc_rs::default_provider;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;

use crate::crypto::acme::{self, Chain, Keyed};

pub use kept::Kept;

/// Why what answers a challenge is not usable. No part of its key is in it.
#[derive(Debug, thiserror::Error)]
#[error("what answers the challenge is not usable: {0}")]
pub struct Unusable(#[from] rustls::Error);

/// What is shown in handshakes.
pub struct Issued {
    /// What nobody vouches for, until there is a certificate: whoever does not look is answered.
    stand_in: Arc<CertifiedKey>,
    current: RwLock<Option<Arc<CertifiedKey>>>,
    challenges: RwLock<HashMap<String, Arc<CertifiedKey>>>,
}

impl Issued {
    /// Shows `stand_in`, a certificate in DER and its key, until there is another.
    ///
    /// # Errors
    /// Where they are not usable.
    pub fn new(stand_in: Keyed) -> Result<Self, Unusable> {
        let stand_in = as_it_is(CertificateDer::from(stand_in.der), &stand_in.key)?;
        Ok(Self { stand_in, current: RwLock::default(), challenges: RwLock::default() })
    }

    /// Shows `chain` from now on.
    pub fn take_up(&self, chain: &Chain) {
        let certified = Some(chain.certified());
        *self.current.write().unwrap_or_else(PoisonError::into_inner) = certified;
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
            Ok((name, as_it_is(CertificateDer::from(certificate), key)?))
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

/// Unread: what answers a challenge says critically that it is good for nothing else (RFC 8737 §3), and
/// would not pass for a certificate.
fn as_it_is(
    certificate: CertificateDer<'static>,
    key: &[u8],
) -> Result<Arc<CertifiedKey>, Unusable> {
    let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(key.to_vec()));
    let key = default_provider().key_provider.load_private_key(key)?;
    Ok(Arc::new(CertifiedKey::new(vec![certificate], key)))
}

impl ResolvesServerCert for Issued {
    /// A handshake that offers the protocol of challenges and no other gets a challenge (RFC 8737 §3).
    fn resolve(&self, hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        let is_challenge = hello.alpn().is_some_and(|offered| offered.eq([acme::ALPN]));
        if !is_challenge {
            let current = self.current.read().unwrap_or_else(PoisonError::into_inner).clone();
            return Some(current.unwrap_or_else(|| Arc::clone(&self.stand_in)));
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
