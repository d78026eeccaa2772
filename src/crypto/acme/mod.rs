//! What a server needs to get a certificate: a key with a request (RFC 2986), the certificate that
//! answers a challenge in the handshake (RFC 8737), and what to show before.

mod binding;
mod chain;

use rcgen::{CertificateParams, CustomExtension, DistinguishedName, DnType, KeyPair};
use zeroize::Zeroizing;

use super::CryptoError;

pub use binding::BindingKey;
pub use chain::{Chain, Unusable, Validity};

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

/// A certificate that nobody vouches for, to be shown while there is no other.
///
/// # Errors
/// Where a name is none, or the library fails.
pub fn stand_in(names: &[String]) -> Result<Keyed, CryptoError> {
    let (mut params, key) = new(names.to_vec())?;
    params.distinguished_name.push(DnType::CommonName, "no certificate yet");
    let made = params.self_signed(&key).map_err(|_| CryptoError::Library("certificate"))?;
    Ok(Keyed { der: made.der().to_vec(), key: Zeroizing::new(key.serialize_der()) })
}

fn new(names: Vec<String>) -> Result<(CertificateParams, KeyPair), CryptoError> {
    let mut params = CertificateParams::new(names).map_err(|_| CryptoError::Library("name"))?;
    params.distinguished_name = DistinguishedName::new();
    let key = KeyPair::generate().map_err(|_| CryptoError::Library("key"))?;
    Ok((params, key))
}

#[cfg(test)]
mod tests {
    use x509_cert::Certificate;
    use x509_cert::der::Decode as _;

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
}
