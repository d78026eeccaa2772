//! Certificates of tests, and clients that show them.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use portcullis::crypto::certificate::ClientCertificate;
use portcullis::crypto::secret::Fingerprint;
use rcgen::{
    BasicConstraints, Certificate, CertificateParams, DnType, IsCa, Issuer, KeyPair,
    PublicKeyData as _,
};

use crate::support::files::TempFile;

/// A certificate authority.
pub struct Authority {
    /// Its certificate, as configurations take it.
    pub pem: String,
    issuer: Issuer<'static, KeyPair>,
}

/// A certificate and its key, both PEM.
pub struct Credential {
    /// The certificate.
    pub pem: String,
    /// The key.
    pub key: String,
    /// The SHA-256 of its public key, as browsers write it.
    pub pin: String,
    der: Vec<u8>,
}

/// A server's certificate in files.
pub struct ServerFiles {
    /// The certificate.
    pub certificate: TempFile,
    /// The key.
    pub key: TempFile,
}

/// What a certificate says for a client called `name`: its subject is `CN=name,O=Acme`, and its DNS name.
pub fn params(name: &str) -> CertificateParams {
    let mut params = CertificateParams::new(vec![name.to_owned()]).unwrap();
    params.distinguished_name = rcgen::DistinguishedName::new();
    params.distinguished_name.push(DnType::OrganizationName, "Acme");
    params.distinguished_name.push(DnType::CommonName, name);
    params
}

impl Authority {
    /// One called `name`.
    pub fn new(name: &str) -> Self {
        // For the clients that trust it.
        let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.distinguished_name.push(DnType::CommonName, name);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let pem = params.self_signed(&key).unwrap().pem();
        Self { pem, issuer: Issuer::new(params, key) }
    }

    /// A certificate for a client called `name`.
    pub fn client(&self, name: &str) -> Credential {
        self.sign(&params(name))
    }

    /// A certificate that says this.
    pub fn sign(&self, params: &CertificateParams) -> Credential {
        let key = KeyPair::generate().unwrap();
        let made = params.signed_by(&key, &self.issuer).unwrap();
        Credential::of(&made, &key)
    }

    /// The files of a server called `localhost`.
    pub fn server(&self) -> ServerFiles {
        self.client("localhost").files()
    }

    /// A client that trusts this authority and shows `credential`.
    pub fn http(&self, credential: Option<&Credential>) -> reqwest::Client {
        let root = reqwest::Certificate::from_pem(self.pem.as_bytes()).unwrap();
        let mut client = reqwest::Client::builder()
            .tls_certs_only([root])
            .timeout(Duration::from_secs(30))
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy();
        if let Some(shown) = credential {
            let pem = format!("{}{}", shown.pem, shown.key);
            client = client.identity(reqwest::Identity::from_pem(pem.as_bytes()).unwrap());
        }
        client.build().unwrap()
    }
}

impl Credential {
    fn of(made: &Certificate, key: &KeyPair) -> Self {
        let pin = Fingerprint::of(&key.subject_public_key_info());
        let (pem, pin) = (made.pem(), STANDARD.encode(pin.as_bytes()));
        Self { pem, key: key.serialize_pem(), pin, der: made.der().to_vec() }
    }

    /// It as a server's.
    pub fn files(&self) -> ServerFiles {
        ServerFiles { certificate: TempFile::of(&self.pem), key: TempFile::of(&self.key) }
    }

    /// One that nobody vouches for.
    pub fn of_its_own(name: &str) -> Self {
        let key = KeyPair::generate().unwrap();
        let made = params(name).self_signed(&key).unwrap();
        Self::of(&made, &key)
    }

    /// It, as the server reads it.
    pub fn read(&self) -> ClientCertificate {
        ClientCertificate::of(vec![self.der.clone().into()]).unwrap()
    }

    /// `x5t#S256`.
    pub fn thumbprint(&self) -> String {
        self.read().thumbprint().to_base64url()
    }

    /// As RFC 9440 writes it.
    pub fn in_header(&self) -> String {
        format!(":{}:", STANDARD.encode(&self.der))
    }
}
