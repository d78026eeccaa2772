//! Authenticators that their makers vouch for, and a policy that takes no others (WA-04).

use std::path::Path;

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair};
use rcgen::{
    BasicConstraints, CertificateParams, CustomExtension, DnType, IsCa, Issuer, KeyPair,
    KeyUsagePurpose,
};

use super::{LOGIN, NEW, Visit, keys, offered};
use crate::support::authenticator::{AT, Answer, BE, Soft, UP, UV, Vouch, bytes, text};
use crate::support::browser::Authorize;
use crate::support::server::{STOCK, Server};

/// `id-fido-gen-ce-aaguid`: the model that a certificate is for (WebAuthn §8.2.1).
const MODEL: [u64; 10] = [1, 3, 6, 1, 4, 1, 45724, 1, 1, 4];

/// A maker of authenticators.
struct Maker {
    authority: String,
    leaf: Vec<u8>,
    key: Vec<u8>,
}

impl Maker {
    /// One that vouches for the model `aaguid`.
    fn of(aaguid: [u8; 16]) -> Self {
        let mut root = CertificateParams::new(Vec::new()).unwrap();
        root.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        root.key_usages = vec![KeyUsagePurpose::KeyCertSign];
        root.distinguished_name.push(DnType::CommonName, "Maker Root");
        let root_key = KeyPair::generate().unwrap();
        let authority = root.self_signed(&root_key).unwrap().pem();
        let mut leaf = CertificateParams::new(Vec::new()).unwrap();
        leaf.is_ca = IsCa::ExplicitNoCa;
        for (kind, value) in [
            (DnType::CountryName, "DE"),
            (DnType::OrganizationName, "Maker"),
            (DnType::OrganizationalUnitName, "Authenticator Attestation"),
            (DnType::CommonName, "Maker Key"),
        ] {
            leaf.distinguished_name.push(kind, value);
        }
        let model = CustomExtension::from_oid_content(&MODEL, [&[0x04, 16][..], &aaguid].concat());
        leaf.custom_extensions = vec![model];
        let key = KeyPair::generate().unwrap();
        let issuer = Issuer::new(root, root_key);
        let leaf = leaf.signed_by(&key, &issuer).unwrap().der().to_vec();
        Self { authority, leaf, key: key.serialize_der() }
    }

    /// A server that takes only what this maker vouches for.
    async fn server(&self, name: &str, more: &[(&str, &str)]) -> Server {
        let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}.pem"));
        std::fs::write(&file, &self.authority).unwrap();
        let file = file.to_string_lossy().into_owned();
        let mut settings = vec![("WEBAUTHN_ATTESTATION_CA_FILE", file.as_str())];
        settings.extend(more);
        let server = Server::with(&settings).await;
        server.apply(STOCK).await;
        server
    }

    fn vouch(&self) -> Vouch {
        let key = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, &self.key).unwrap();
        let leaf = self.leaf.clone();
        Box::new(move |signed| {
            let signature = key.sign(&SystemRandom::new(), signed).unwrap();
            let (alg, sig, x5c) = (text("alg"), text("sig"), text("x5c"));
            let parts = [
                &[0xa3][..],
                &alg,
                &[0x26],
                &sig,
                &bytes(signature.as_ref()),
                &x5c,
                &[0x81],
                &bytes(&leaf),
            ];
            parts.concat()
        })
    }
}

/// What comes of a key that `lie` changes, made by bob.
async fn make(server: &Server, soft: &mut Soft, lie: impl FnOnce(&mut Answer)) -> u16 {
    let mut visit = offered(server, "bob").await;
    let challenge = visit.challenge(NEW, &[]).await;
    assert_eq!(challenge["publicKey"]["attestation"], "direct");
    let credential = soft.create_lying(&challenge["publicKey"], lie);
    visit.answer(NEW, &challenge, &credential).await.status.as_u16()
}

#[tokio::test]
async fn a_key_that_its_maker_vouches_for_is_hardware() {
    let maker = Maker::of([7; 16]);
    let server = maker.server("hardware", &[]).await;
    let mut soft = Soft::at(&server.issuer);
    assert_eq!(make(&server, &mut soft, |a| a.vouch = Some(maker.vouch())).await, 200);
    let request = Authorize::of("shop", "openid orders.read");
    let mut visit = Visit::of(server.browser(), &request).await;
    let challenge = visit.challenge(LOGIN, &[]).await;
    let credential = soft.get(&challenge["publicKey"]);
    let page = visit.answer(LOGIN, &challenge, &credential).await;
    let page = visit.browser.follow(page).await;
    let code = page.param("code").unwrap_or_else(|| panic!("no code: {page:?}"));
    let tokens = server.redeem(&request, &code).await.json();
    let fields = [("token", tokens["access_token"].as_str().unwrap())];
    let seen = server.call("/oauth2/introspect", "shop", &fields).await.json();
    assert_eq!(seen["acr"], "phrh");
    let document = server.browser().get("/.well-known/openid-configuration").await.json();
    let contexts = document["acr_values_supported"].as_array().unwrap();
    assert!(contexts.contains(&"phrh".into()), "{contexts:?}");
}

#[tokio::test]
async fn a_key_that_nobody_on_the_list_vouches_for_is_refused() {
    let (maker, other) = (Maker::of([7; 16]), Maker::of([7; 16]));
    let server = maker.server("refused", &[]).await;
    let mut soft = Soft::at(&server.issuer);
    assert_eq!(make(&server, &mut soft, |_| {}).await, 422);
    assert_eq!(make(&server, &mut soft, |a| a.vouch = Some(other.vouch())).await, 422);
    let copied = |a: &mut Answer| {
        a.flags = UP | UV | AT | BE;
        a.vouch = Some(maker.vouch());
    };
    assert_eq!(make(&server, &mut soft, copied).await, 422);
    let model = |a: &mut Answer| {
        a.aaguid = [8; 16];
        a.vouch = Some(maker.vouch());
    };
    assert_eq!(make(&server, &mut soft, model).await, 422);
    assert_eq!(keys(&server, "bob").await, 0);
}

#[tokio::test]
async fn of_a_trusted_maker_only_the_listed_models_are_taken() {
    let maker = Maker::of([7; 16]);
    let other = [("WEBAUTHN_MODELS", "08080808-0808-0808-0808-080808080808")];
    let server = maker.server("models", &other).await;
    let mut soft = Soft::at(&server.issuer);
    assert_eq!(make(&server, &mut soft, |a| a.vouch = Some(maker.vouch())).await, 422);
    let listed = [("WEBAUTHN_MODELS", "07070707-0707-0707-0707-070707070707")];
    let server = maker.server("models-listed", &listed).await;
    let mut soft = Soft::at(&server.issuer);
    assert_eq!(make(&server, &mut soft, |a| a.vouch = Some(maker.vouch())).await, 200);
}
