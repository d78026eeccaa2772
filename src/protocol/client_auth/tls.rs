//! `tls_client_auth` and `self_signed_tls_client_auth`: the certificate that the client showed in TLS
//! (RFC 8705 §2). The request itself only names the client.

use super::{Claim, Method, ProofContext, Request, Unit, client, failed};
use crate::crypto::jwt::PublicKeys;
use crate::protocol::certificate_name::CertificateName;
use crate::protocol::error::OAuthError;

pub(super) const BY_AUTHORITY: Unit =
    Unit { method: Method::TlsClientAuth, name: "tls_client_auth", find };
pub(super) const BY_ITSELF: Unit =
    Unit { method: Method::SelfSignedTls, name: "self_signed_tls_client_auth", find };

/// No part of a request tells these methods from a public client's: how the client is registered does.
#[expect(clippy::unnecessary_wraps, reason = "every method looks for itself, some can fail")]
const fn find(_: &Request<'_>) -> Result<Option<Claim>, OAuthError> {
    Ok(None)
}

/// Whether the certificate shown is vouched for and has this very name (RFC 8705 §2.1).
pub(super) fn check_name(
    name: &CertificateName,
    context: &ProofContext<'_>,
) -> Result<(), OAuthError> {
    let certificate = context.certificate.ok_or_else(missing)?;
    // Nobody is told whose certificate would do, nor why one does not: it may be a stranger's.
    let vouched = context.authorities.vouch_for(certificate, context.now).is_ok();
    if vouched && name.is_among(&certificate.names()) { Ok(()) } else { Err(failed()) }
}

/// Whether the certificate shown is one of those registered (RFC 8705 §2.2).
pub(super) fn check_registered(
    keys: Option<&PublicKeys>,
    context: &ProofContext<'_>,
) -> Result<(), OAuthError> {
    let certificate = context.certificate.ok_or_else(missing)?;
    let registered = keys.is_some_and(|keys| keys.has_certificate(&certificate.thumbprint()));
    if registered { Ok(()) } else { Err(failed()) }
}

/// What a client's developer meets first: the request came by the wrong door.
fn missing() -> OAuthError {
    client(
        "no client certificate came with the request; use the addresses in mtls_endpoint_aliases",
    )
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
    use serde_json::json;

    use super::*;
    use crate::crypto::certificate::{Authorities, ClientCertificate};
    use crate::protocol::client::{Client, ClientAuth, ClientKeys};
    use crate::protocol::facts::{NOW, client as registered, params};

    /// An authority; what it makes is good for thousands of years.
    struct Authority {
        authorities: Authorities,
        issuer: Issuer<'static, KeyPair>,
    }

    impl Authority {
        fn new() -> Self {
            let key = KeyPair::generate().expect("a key");
            let mut params = CertificateParams::new(Vec::new()).expect("no names");
            params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
            let pem = params.self_signed(&key).expect("a certificate").pem();
            let authorities = Authorities::from_pem(pem.as_bytes()).expect("an authority");
            Self { authorities, issuer: Issuer::new(params, key) }
        }

        fn certificate(&self, name: &str) -> ClientCertificate {
            let params = CertificateParams::new(vec![name.to_owned()]).expect("a name");
            let key = KeyPair::generate().expect("a key");
            let made = params.signed_by(&key, &self.issuer).expect("a certificate");
            ClientCertificate::of(vec![made.der().clone()]).expect("a certificate")
        }
    }

    fn prove(
        client: &Arc<Client>,
        form: &str,
        certificate: Option<&ClientCertificate>,
        authorities: &Authorities,
    ) -> Result<Method, OAuthError> {
        let context = ProofContext {
            issuer: "https://as.example",
            token_endpoints: &[],
            certificate,
            authorities,
            now: NOW,
        };
        let keys = match client.auth.keys() {
            Some(ClientKeys::Inline(jwks)) => PublicKeys::from_jwks(jwks).ok(),
            Some(ClientKeys::Uri(_)) | None => None,
        };
        let claim = Claim::find(&[], &params(form))?;
        claim.prove(Some(client), keys.as_ref(), &context).map(|proved| proved.method())
    }

    fn by_name(name: &str) -> Arc<Client> {
        let name = CertificateName::parse("tls_client_auth_san_dns", name).expect("a name");
        registered("shop", ClientAuth::TlsClientAuth(name))
    }

    #[test]
    fn an_authority_and_the_very_name_prove_together_and_neither_alone() {
        let (ours, theirs) = (Authority::new(), Authority::new());
        let client = by_name("shop.example");
        let shown = |certificate: Option<&ClientCertificate>, trusted: &Authority| {
            prove(&client, "client_id=shop", certificate, &trusted.authorities)
        };
        let good = ours.certificate("shop.example");
        assert_eq!(shown(Some(&good), &ours), Ok(Method::TlsClientAuth));
        assert_eq!(shown(Some(&good), &theirs), Err(failed()));
        for other in ["other.example", "x.shop.example", "example"] {
            assert_eq!(shown(Some(&ours.certificate(other)), &ours), Err(failed()), "{other}");
        }
        assert_eq!(shown(None, &ours), Err(missing()));
        let nobody = Authorities::default();
        assert_eq!(prove(&client, "client_id=shop", Some(&good), &nobody), Err(failed()));
        let disabled = Client { disabled_at: Some(client.created_at), ..(*client).clone() };
        let disabled = Arc::new(disabled);
        let proved = prove(&disabled, "client_id=shop", Some(&good), &ours.authorities);
        assert_eq!(proved, Err(failed()));
    }

    #[test]
    fn a_registered_certificate_proves_and_one_of_the_same_name_does_not() {
        let authority = Authority::new();
        let (own, other) = (authority.certificate("a.example"), authority.certificate("a.example"));
        let jwks = json!({ "keys": [own.to_jwk()] });
        let client = registered("shop", ClientAuth::SelfSignedTls(ClientKeys::Inline(jwks)));
        let shown = |certificate: Option<&ClientCertificate>| {
            prove(&client, "client_id=shop", certificate, &Authorities::default())
        };
        assert_eq!(shown(Some(&own)), Ok(Method::SelfSignedTls));
        assert_eq!(shown(Some(&other)), Err(failed()));
        assert_eq!(shown(None), Err(missing()));
    }

    #[test]
    fn a_certificate_is_no_other_methods_proof_and_a_secret_is_not_its() {
        let authority = Authority::new();
        let good = authority.certificate("shop.example");
        let secret = "client_id=shop&client_secret=x";
        let client = by_name("shop.example");
        let shown = |client: &Arc<Client>, form: &str| {
            prove(client, form, Some(&good), &authority.authorities)
        };
        assert_eq!(shown(&client, secret), Err(failed()));
        for auth in [ClientAuth::SecretBasic(Vec::new()), ClientAuth::SecretPost(Vec::new())] {
            assert_eq!(shown(&registered("shop", auth), "client_id=shop"), Err(failed()));
        }
        // A public client may show one: its tokens can be bound to it.
        assert_eq!(
            shown(&registered("shop", ClientAuth::None), "client_id=shop"),
            Ok(Method::None)
        );
    }
}
