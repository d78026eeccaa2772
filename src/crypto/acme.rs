//! What a server needs to get a certificate: a key with a request (RFC 2986), and the certificate that
//! answers a challenge in the handshake (RFC 8737).

use rcgen::{CertificateParams, CustomExtension, DistinguishedName, KeyPair};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use time::OffsetDateTime;
use x509_cert::Certificate;
use x509_cert::der::Decode as _;
use zeroize::Zeroizing;

use super::CryptoError;

/// The protocol that a challenge is shown under (RFC 8737 §6.2).
pub const ALPN: &[u8] = b"acme-tls/1";

/// Something in DER with the private key for it.
pub struct Keyed {
    /// A certificate, or a request for one.
    pub der: Vec<u8>,
    /// The key, as PKCS#8.
    pub key: Zeroizing<Vec<u8>>,
}

/// A request for a certificate with these names, with a new key.
///
/// # Errors
/// Where a name is none, or the library fails.
pub fn request(names: &[String]) -> Result<Keyed, CryptoError> {
    let (params, key) = new(names.to_vec())?;
    let request = params.serialize_request(&key).map_err(|_| CryptoError::Library("CSR"))?;
    Ok(Keyed { der: request.der().to_vec(), key: Zeroizing::new(key.serialize_der()) })
}

/// The certificate that shows that this server knows the challenge for `name` (RFC 8737 §3).
///
/// # Errors
/// Where the name is none, the digest has another length, or the library fails.
pub fn answer(name: &str, digest: &[u8]) -> Result<Keyed, CryptoError> {
    if digest.len() != 32 {
        return Err(CryptoError::Library("ACME digest"));
    }
    let (mut params, key) = new(vec![name.to_owned()])?;
    params.custom_extensions = vec![CustomExtension::new_acme_identifier(digest)];
    let made = params.self_signed(&key).map_err(|_| CryptoError::Library("ACME certificate"))?;
    Ok(Keyed { der: made.der().to_vec(), key: Zeroizing::new(key.serialize_der()) })
}

fn new(names: Vec<String>) -> Result<(CertificateParams, KeyPair), CryptoError> {
    let mut params = CertificateParams::new(names).map_err(|_| CryptoError::Library("name"))?;
    params.distinguished_name = DistinguishedName::new();
    let key = KeyPair::generate().map_err(|_| CryptoError::Library("key"))?;
    Ok((params, key))
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
        let read = Certificate::from_der(&leaf).ok()?;
        let validity = read.tbs_certificate().validity();
        let at = |time: &x509_cert::time::Time| {
            let seconds = i64::try_from(time.to_unix_duration().as_secs()).ok()?;
            OffsetDateTime::from_unix_timestamp(seconds).ok()
        };
        Some(Self { from: at(&validity.not_before)?, until: at(&validity.not_after)? })
    }

    /// From when another should be got: two thirds of its life are over.
    pub fn renew_at(&self) -> OffsetDateTime {
        self.from + (self.until - self.from) * 2 / 3
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_for_one_name_and_has_the_digest() {
        let made = answer("id.example.com", &[7; 32]).unwrap();
        assert!(made.der.windows(32).any(|part| part == [7; 32]));
        assert!(Certificate::from_der(&made.der).is_ok());
        assert!(answer("id.example.com", &[7; 31]).is_err());
        assert!(answer("ü", &[7; 32]).is_err());
    }

    #[test]
    fn each_request_has_a_key_of_its_own() {
        let names = ["id.example.com".to_owned()];
        let (one, other) = (request(&names).unwrap(), request(&names).unwrap());
        assert_ne!(one.key, other.key);
    }

    #[test]
    fn a_certificate_is_renewed_after_two_thirds_of_its_life() {
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::new(vec!["id.example.com".to_owned()]).unwrap();
        let from = OffsetDateTime::UNIX_EPOCH + time::Duration::days(20_000);
        (params.not_before, params.not_after) = (from, from + time::Duration::days(90));
        let chain = params.self_signed(&key).unwrap().pem();
        let validity = Validity::of_chain(&chain).unwrap();
        assert_eq!((validity.from, validity.renew_at() - from), (from, time::Duration::days(60)));
        assert_eq!(Validity::of_chain("-----BEGIN"), None);
    }
}
