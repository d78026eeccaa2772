//! Certificates that clients show in TLS: which one it is, what it names, and who vouches for it.
//!
//! That the sender holds the key was seen by the TLS handshake, ours or a listed proxy's.

mod authorities;
mod name;

#[cfg(test)]
mod tests;

use std::net::IpAddr;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use serde_json::{Value, json};
use x509_cert::Certificate;
use x509_cert::certificate::Version;
use x509_cert::der::Decode as _;
use x509_cert::ext::pkix::name::GeneralName;
use x509_cert::ext::pkix::{BasicConstraints, SubjectAltName};

use crate::crypto::jwt::PublicJwk;
use crate::crypto::secret::Fingerprint;

pub use authorities::{Authorities, Distrust};
pub use name::DistinguishedName;

/// The most certificates of one chain: a verifier tries every order of those between, and reads each anew
/// each time.
const LONGEST_CHAIN: usize = 4;
/// The most bytes of one chain.
const MOST_BYTES: usize = 16 * 1024;

/// Kinds of keys, by their object identifiers (RFC 3279 §2.3, RFC 8410 §3).
const EC: &str = "1.2.840.10045.2.1";
const RSA: &str = "1.2.840.113549.1.1.1";
const ED25519: &str = "1.3.101.112";

/// A certificate that a client showed, with what it sent along to lead to an authority.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClientCertificate {
    leaf: CertificateDer<'static>,
    intermediates: Vec<CertificateDer<'static>>,
    thumbprint: Fingerprint,
}

impl ClientCertificate {
    /// The certificate that `chain` begins with; nothing where it is empty, too long, or does not begin
    /// with a certificate.
    pub fn of(mut chain: Vec<CertificateDer<'static>>) -> Option<Self> {
        if !Self::fits(&chain) {
            return None;
        }
        let leaf = chain.remove(0);
        Certificate::from_der(&leaf).ok()?;
        Some(Self { thumbprint: Fingerprint::of(&leaf), leaf, intermediates: chain })
    }

    /// Whether `chain` is one that is looked at: four certificates and 16 KiB at most.
    pub fn fits<'a>(
        chain: impl IntoIterator<Item = &'a CertificateDer<'a>, IntoIter: Clone>,
    ) -> bool {
        let chain = chain.into_iter();
        let bytes: usize = chain.clone().map(|one| one.len()).sum();
        (1..=LONGEST_CHAIN).contains(&chain.count()) && bytes <= MOST_BYTES
    }

    /// Each certificate in `pem` by itself; nothing where one of them is none.
    pub fn all_in_pem(pem: &[u8]) -> Option<Vec<Self>> {
        let read = |one: Result<CertificateDer<'static>, _>| Self::of(vec![one.ok()?]);
        CertificateDer::pem_slice_iter(pem).map(read).collect()
    }

    /// Its key as a JWK that comes with it (`x5c`, RFC 7517 §4.7); nothing for a key of a kind that we
    /// do not take.
    pub fn to_jwk(&self) -> Option<Value> {
        let certificate = Certificate::from_der(&self.leaf).ok()?;
        let key = certificate.tbs_certificate().subject_public_key_info();
        let bytes = key.subject_public_key.as_bytes()?;
        let key = match key.algorithm.oid.to_string().as_str() {
            EC => PublicJwk::from_point(bytes),
            RSA => PublicJwk::from_rsa_der(bytes),
            ED25519 => PublicJwk::from_ed25519(bytes),
            _ => None,
        }?;
        let alg = *key.algs().first()?;
        let mut jwk = key.to_value(alg, &key.thumbprint());
        let members = jwk.as_object_mut()?;
        // The key is for TLS: neither a purpose nor an algorithm is said of it.
        members.remove("use");
        members.remove("alg");
        members.insert("x5c".to_owned(), json!([STANDARD.encode(&self.leaf)]));
        Some(jwk)
    }

    /// The SHA-256 of the certificate in DER (`x5t#S256`, RFC 8705 §3.1).
    pub const fn thumbprint(&self) -> Fingerprint {
        self.thumbprint
    }

    /// Whether it is an authority's (RFC 5280 §4.2.1.9); one of a time before there was a way to say so
    /// may be.
    pub fn is_authority(&self) -> bool {
        let Ok(read) = Certificate::from_der(&self.leaf) else { return false };
        let read = read.tbs_certificate();
        match read.get_extension::<BasicConstraints>() {
            Ok(Some((_, constraints))) => constraints.ca,
            Ok(None) => read.version() != Version::V3,
            Err(_) => false,
        }
    }

    /// What it names.
    pub fn names(&self) -> Names {
        Certificate::from_der(&self.leaf).map(|read| Names::of(&read)).unwrap_or_default()
    }
}

/// What a certificate names: its subject and, where there is one, its subject alternative name
/// (RFC 5280 §4.2.1.6).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Names {
    /// Its subject; absent where it is empty.
    pub subject: Option<DistinguishedName>,
    /// DNS names.
    pub dns: Vec<String>,
    /// URIs.
    pub uris: Vec<String>,
    /// IP addresses.
    pub addresses: Vec<IpAddr>,
    /// Mail addresses.
    pub emails: Vec<String>,
}

impl Names {
    fn of(certificate: &Certificate) -> Self {
        let certificate = certificate.tbs_certificate();
        let mut names =
            Self { subject: DistinguishedName::of(certificate.subject()), ..Self::default() };
        // A second or a broken extension names nobody.
        let Ok(Some((_, SubjectAltName(all)))) = certificate.get_extension() else { return names };
        for name in all {
            match name {
                GeneralName::DnsName(dns) => names.dns.push(dns.as_str().to_owned()),
                GeneralName::UniformResourceIdentifier(uri) => {
                    names.uris.push(uri.as_str().to_owned());
                }
                GeneralName::Rfc822Name(email) => names.emails.push(email.as_str().to_owned()),
                GeneralName::IpAddress(bytes) => names.addresses.extend(address(bytes.as_bytes())),
                GeneralName::OtherName(_)
                | GeneralName::DirectoryName(_)
                | GeneralName::EdiPartyName(_)
                | GeneralName::RegisteredId(_) => {}
            }
        }
        names
    }
}

fn address(bytes: &[u8]) -> Option<IpAddr> {
    match bytes.len() {
        4 => <[u8; 4]>::try_from(bytes).ok().map(IpAddr::from),
        16 => <[u8; 16]>::try_from(bytes).ok().map(IpAddr::from),
        _ => None,
    }
}
