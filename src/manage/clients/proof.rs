//! How a client proves itself, as it is given: the method, and what it is checked against.

use serde_json::{Value, json};

use super::form::ClientForm;
use crate::crypto::certificate::ClientCertificate;
use crate::crypto::jwt::{PublicJwk, PublicKeys};
use crate::manage::Invalid;
use crate::manage::fields::link;
use crate::protocol::certificate_name::CertificateName;
use crate::protocol::client::{ClientAuth, ClientKeys};

/// The most text of a key set, in bytes.
const MAX_JWKS: usize = 32_768;
/// What a certificate in PEM begins with.
const PEM: &str = "-----BEGIN CERTIFICATE-----";

/// How the client that `form` changes proves itself from now on.
pub(super) fn change(form: &ClientForm, before: &ClientAuth) -> Result<ClientAuth, Invalid> {
    const FIELD: &str = "token_endpoint_auth_method";
    let method = form.token_endpoint_auth_method.as_deref().unwrap_or(before.method());
    let auth = match method {
        "none" => ClientAuth::None,
        "client_secret_basic" => ClientAuth::SecretBasic(Vec::new()),
        "client_secret_post" => ClientAuth::SecretPost(Vec::new()),
        "private_key_jwt" => ClientAuth::PrivateKeyJwt(keys(form, before, Use::Signatures)?),
        "self_signed_tls_client_auth" => {
            ClientAuth::SelfSignedTls(keys(form, before, Use::Certificates)?)
        }
        "tls_client_auth" => ClientAuth::TlsClientAuth(certificate_name(form, before)?),
        _ => {
            let mend = format!("use {}", ClientAuth::METHODS.join(", "));
            return Err(Invalid::new(FIELD, "it is none of the known values", mend));
        }
    };
    check_nothing_else(form, &auth)?;
    Ok(auth)
}

/// What belongs to another method is no part of the registration: whoever gave it expects something
/// that would not happen.
fn check_nothing_else(form: &ClientForm, auth: &ClientAuth) -> Result<(), Invalid> {
    if auth.keys().is_none() && (form.jwks.is_some() || form.jwks_uri.is_some()) {
        let reason = "keys are for private_key_jwt and self_signed_tls_client_auth only";
        let mend = "leave them out, or set token_endpoint_auth_method to one of these";
        return Err(Invalid::new("jwks", reason, mend));
    }
    if !matches!(auth, ClientAuth::TlsClientAuth(_))
        && let Some((field, _)) = names(form).next()
    {
        let mend = "leave it out, or set token_endpoint_auth_method to tls_client_auth";
        return Err(Invalid::new(field, "the name of a certificate is for tls_client_auth", mend));
    }
    Ok(())
}

/// The names that the form gives; one that is empty is left out.
fn names(form: &ClientForm) -> impl Iterator<Item = (&'static str, &String)> {
    let given = [
        &form.tls_client_auth_subject_dn,
        &form.tls_client_auth_san_dns,
        &form.tls_client_auth_san_uri,
        &form.tls_client_auth_san_ip,
        &form.tls_client_auth_san_email,
    ];
    let named = CertificateName::FIELDS.into_iter().zip(given);
    named.filter_map(|(field, given)| {
        given.as_ref().filter(|text| !text.is_empty()).map(|text| (field, text))
    })
}

impl ClientForm {
    /// The form with the name of a certificate in one word ([`CertificateName::split`]), and no other.
    #[must_use]
    pub fn with_certificate_name(mut self, word: &str) -> Self {
        let (field, name) = CertificateName::split(word);
        let given = |known: &str| (known == field).then(|| name.to_owned());
        let [subject_dn, san_dns, san_uri, san_ip, san_email] = CertificateName::FIELDS.map(given);
        self.tls_client_auth_subject_dn = subject_dn;
        self.tls_client_auth_san_dns = san_dns;
        self.tls_client_auth_san_uri = san_uri;
        self.tls_client_auth_san_ip = san_ip;
        self.tls_client_auth_san_email = san_email;
        self
    }
}

fn certificate_name(form: &ClientForm, before: &ClientAuth) -> Result<CertificateName, Invalid> {
    let mut given = names(form);
    let Some((field, text)) = given.next() else {
        return before.certificate_name().cloned().ok_or_else(|| {
            let [subject, ..] = CertificateName::FIELDS;
            let mend = format!("give one of {}", CertificateName::FIELDS.join(", "));
            Invalid::new(subject, "tls_client_auth needs the certificate's name", mend)
        });
    };
    if let Some((second, _)) = given.next() {
        let reason = "the certificate is known by one name only (RFC 8705 §2.1.2)";
        return Err(Invalid::new(second, reason, format!("leave it or {field} out")));
    }
    CertificateName::parse(field, text).ok_or_else(|| {
        let mend = match field {
            "tls_client_auth_subject_dn" => {
                "write it as `openssl x509 -noout -subject -nameopt RFC2253` does: CN=shop,O=Acme,C=DE"
            }
            "tls_client_auth_san_dns" => "write the whole name, without * in it",
            "tls_client_auth_san_uri" => "write an absolute URI",
            "tls_client_auth_san_ip" => "write one IP address",
            _ => "write one mail address",
        };
        Invalid::new(field, "no certificate can have this name", mend)
    })
}

/// What the keys of a client are for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Use {
    /// Its assertions are checked with them.
    Signatures,
    /// They come with the certificates that it shows.
    Certificates,
}

fn keys(form: &ClientForm, before: &ClientAuth, purpose: Use) -> Result<ClientKeys, Invalid> {
    let held = match (before, purpose) {
        (ClientAuth::PrivateKeyJwt(keys), Use::Signatures)
        | (ClientAuth::SelfSignedTls(keys), Use::Certificates) => Some(keys),
        _ => None,
    };
    match (&form.jwks, &form.jwks_uri, held) {
        (Some(jwks), None, _) => inline(jwks, purpose),
        (None, Some(uri), _) => by_reference(uri),
        (None, None, Some(held)) => Ok(held.clone()),
        (None, None, None) => {
            let reason = match purpose {
                Use::Signatures => "private_key_jwt needs keys",
                Use::Certificates => "self_signed_tls_client_auth needs certificates",
            };
            Err(Invalid::new("jwks", reason, "give jwks or jwks_uri"))
        }
        (Some(_), Some(_), _) => {
            Err(Invalid::new("jwks_uri", "jwks and jwks_uri exclude each other", "give one"))
        }
    }
}

fn inline(jwks: &Value, purpose: Use) -> Result<ClientKeys, Invalid> {
    let bad = |reason: String| Invalid::new("jwks", reason, "give a JWK Set of public keys");
    if jwks.to_string().len() > MAX_JWKS {
        return Err(bad("it is longer than 32 KiB".to_owned()));
    }
    let keys = PublicKeys::from_jwks(jwks).map_err(|error| bad(error.to_string()))?;
    let listed = jwks.get("keys").and_then(Value::as_array);
    let listed: &[Value] = listed.map_or(&[], |listed| listed);
    match purpose {
        Use::Signatures => {
            let unusable = listed.iter().any(|jwk| PublicJwk::parse(jwk).is_none());
            if keys.is_empty() || unusable {
                let mend = "use RSA of 2048 bits or more, EC P-256 or Ed25519";
                return Err(Invalid::new("jwks", "it holds a key that cannot be used", mend));
            }
        }
        Use::Certificates => {
            if keys.certificates() == 0 || keys.certificates() != listed.len() {
                let reason = "it holds a key without a certificate";
                return Err(Invalid::new("jwks", reason, "give x5c with every key, or a PEM file"));
            }
        }
    }
    Ok(ClientKeys::Inline(jwks.clone()))
}

fn by_reference(text: &str) -> Result<ClientKeys, Invalid> {
    let missing = || Invalid::new("jwks_uri", "it is empty", "give an absolute https URL");
    link("jwks_uri", text)?.map(ClientKeys::Uri).ok_or_else(missing)
}

/// The keys that somebody typed or keeps in a file: a JWK Set, or certificates in PEM, which become one.
///
/// # Errors
/// Where it is neither.
pub fn read_keys(text: &str) -> Result<Value, Invalid> {
    if !text.trim_start().starts_with(PEM) {
        let bad = |_| {
            let mend = "give a JWK Set, {\"keys\": […]}, or certificates in PEM";
            Invalid::new("jwks", "it is not JSON", mend)
        };
        return serde_json::from_str(text).map_err(bad);
    }
    let certificates = ClientCertificate::all_in_pem(text.as_bytes());
    let jwks: Option<Vec<Value>> =
        certificates.iter().flatten().map(ClientCertificate::to_jwk).collect();
    match jwks {
        Some(keys) if !keys.is_empty() => Ok(json!({ "keys": keys })),
        _ => {
            let mend = "use certificates for RSA of 2048 bits or more, EC P-256 or Ed25519";
            Err(Invalid::new("jwks", "it holds a certificate that cannot be used", mend))
        }
    }
}
