use rcgen::{
    BasicConstraints, CertificateParams, DistinguishedName as Subject, DnType, DnValue,
    ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair, SanType,
};
use rustls::pki_types::CertificateDer;
use time::{Duration, OffsetDateTime, macros::datetime};

use super::*;

const NOW: OffsetDateTime = datetime!(2026-06-01 12:00 UTC);

fn params(subject: &[(DnType, &str)]) -> CertificateParams {
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.distinguished_name = Subject::new();
    for (kind, value) in subject {
        params.distinguished_name.push(kind.clone(), *value);
    }
    (params.not_before, params.not_after) = (NOW - Duration::days(1), NOW + Duration::days(1));
    params
}

fn authority() -> (rcgen::Certificate, Issuer<'static, KeyPair>) {
    let key = KeyPair::generate().unwrap();
    let mut params = params(&[(DnType::CommonName, "Authority")]);
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let certificate = params.self_signed(&key).unwrap();
    (certificate, Issuer::new(params, key))
}

fn signed(params: &CertificateParams, by: &Issuer<'_, KeyPair>) -> CertificateDer<'static> {
    params.signed_by(&KeyPair::generate().unwrap(), by).unwrap().der().clone()
}

fn shown(params: &CertificateParams, by: &Issuer<'_, KeyPair>) -> ClientCertificate {
    ClientCertificate::of(vec![signed(params, by)]).unwrap()
}

fn shop() -> CertificateParams {
    params(&[
        (DnType::CountryName, "DE"),
        (DnType::OrganizationName, "Acme"),
        (DnType::CommonName, "shop"),
    ])
}

#[test]
fn an_authority_vouches_for_its_own_in_their_time_and_for_clients_only() {
    let (certificate, issuer) = authority();
    let trusted = Authorities::from_pem(certificate.pem().as_bytes()).unwrap();
    assert_eq!(trusted.vouch_for(&shown(&shop(), &issuer), NOW), Ok(()));
    let days = Duration::days(2);
    let cases = [
        (shown(&shop(), &authority().1), NOW, Distrust::UnknownIssuer),
        (shown(&shop(), &issuer), NOW + days, Distrust::Expired),
        (shown(&shop(), &issuer), NOW - days, Distrust::NotYetValid),
    ];
    for (certificate, now, why) in cases {
        assert_eq!(trusted.vouch_for(&certificate, now), Err(why));
    }
    let mut server = shop();
    server.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    assert_eq!(trusted.vouch_for(&shown(&server, &issuer), NOW), Err(Distrust::Purpose));
    let nobody = Authorities::default();
    assert_eq!(nobody.vouch_for(&shown(&shop(), &issuer), NOW), Err(Distrust::NoAuthority));
}

#[test]
fn what_follows_the_leaf_leads_to_an_authority_and_names_nobody() {
    let (root, by_root) = authority();
    let trusted = Authorities::from_pem(root.pem().as_bytes()).unwrap();
    let key = KeyPair::generate().unwrap();
    let mut between = params(&[(DnType::CommonName, "Between")]);
    between.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let middle = between.signed_by(&key, &by_root).unwrap().der().clone();
    let by_middle = Issuer::new(between, key);
    let leaf = signed(&shop(), &by_middle);
    let alone = ClientCertificate::of(vec![leaf.clone()]).unwrap();
    assert_eq!(trusted.vouch_for(&alone, NOW), Err(Distrust::UnknownIssuer));
    let victim = signed(&params(&[(DnType::CommonName, "victim")]), &by_root);
    let whole = ClientCertificate::of(vec![leaf.clone(), victim.clone(), middle]).unwrap();
    assert_eq!(trusted.vouch_for(&whole, NOW), Ok(()));
    assert_eq!(whole.names().subject, DistinguishedName::parse("CN=shop,O=Acme,C=DE"));
    // A stranger's leaf before the victim's certificate stays the stranger's.
    let stranger = ClientCertificate::of(vec![signed(&shop(), &authority().1), victim]).unwrap();
    assert_eq!(trusted.vouch_for(&stranger, NOW), Err(Distrust::UnknownIssuer));
}

#[test]
fn a_chain_must_begin_with_a_certificate_and_be_short() {
    let (certificate, _) = authority();
    assert_eq!(ClientCertificate::of(Vec::new()), None);
    assert_eq!(ClientCertificate::of(vec![CertificateDer::from(vec![0x30, 0])]), None);
    assert!(ClientCertificate::of(vec![certificate.der().clone(); 4]).is_some());
    assert_eq!(ClientCertificate::of(vec![certificate.der().clone(); 5]), None);
}

#[test]
fn every_kind_of_name_is_read() {
    let mut params = shop();
    params.subject_alt_names = vec![
        SanType::DnsName("a.example".try_into().unwrap()),
        SanType::DnsName("b.example".try_into().unwrap()),
        SanType::URI("spiffe://example/shop".try_into().unwrap()),
        SanType::IpAddress("192.0.2.7".parse().unwrap()),
        SanType::Rfc822Name("shop@example.com".try_into().unwrap()),
    ];
    let names = shown(&params, &authority().1).names();
    assert_eq!(names.dns, ["a.example", "b.example"]);
    assert_eq!(names.uris, ["spiffe://example/shop"]);
    assert_eq!(names.addresses, ["192.0.2.7".parse::<IpAddr>().unwrap()]);
    assert_eq!(names.emails, ["shop@example.com"]);
}

fn subject_of(subject: &[(DnType, &str)]) -> DistinguishedName {
    shown(&params(subject), &authority().1).names().subject.unwrap()
}

#[test]
fn a_name_is_compared_part_by_part_and_never_as_text() {
    let victim = DistinguishedName::parse("CN=victim").unwrap();
    let forged = subject_of(&[(DnType::CommonName, "a,CN=victim")]);
    assert_ne!(forged, victim);
    assert_eq!(forged.to_string(), "CN=a\\,CN=victim");
    assert_eq!(DistinguishedName::parse(&forged.to_string()), Some(forged));
    for other in ["CN=Victim", "CN=victim\\00", "O=victim", "CN=victim,O=x", "CN=a+CN=victim"] {
        assert_ne!(DistinguishedName::parse(other).unwrap(), victim, "{other}");
    }
    let reversed = DistinguishedName::parse("C=DE,O=Acme,CN=shop").unwrap();
    assert_ne!(reversed, DistinguishedName::parse("CN=shop,O=Acme,C=DE").unwrap());
    for nothing in ["", "victim", "CN=victim,", "XYZ=victim", &"CN=x,".repeat(1000)] {
        assert_eq!(DistinguishedName::parse(nothing), None, "{nothing}");
    }
}

#[test]
fn the_string_type_does_not_matter_and_the_attributes_of_a_part_have_no_order() {
    let mut printable = params(&[]);
    let value = DnValue::PrintableString("victim".try_into().unwrap());
    printable.distinguished_name.push(DnType::CommonName, value);
    let printable = shown(&printable, &authority().1).names().subject.unwrap();
    assert_eq!(printable, DistinguishedName::parse("cn=victim").unwrap());
    let one = DistinguishedName::parse("OU=Sales+CN=J. Smith,DC=example").unwrap();
    assert_eq!(one, DistinguishedName::parse("CN=J. Smith+OU=Sales,DC=example").unwrap());
}

#[test]
fn a_name_that_would_be_read_back_as_another_is_none() {
    for text in [r"CN=a\5C\2CO=b", r"CN=a\\\,O=b", r"CN=a\5C\2Cb"] {
        assert_eq!(DistinguishedName::parse(text), None, "{text}");
    }
    assert_eq!(DistinguishedName::parse(&format!("CN={}", "<".repeat(1_100))), None);
    for text in ["CN=shop,O=Acme,C=DE", r"CN=a\,b,O=Acme", r"CN=a\\b"] {
        let name = DistinguishedName::parse(text).expect(text);
        assert_eq!(DistinguishedName::parse(&name.to_string()), Some(name), "{text}");
    }
}

#[test]
fn a_chain_is_small() {
    let made = rcgen::generate_simple_self_signed(vec!["shop.example".to_owned()]).expect("one");
    let large = CertificateDer::from(vec![0; 16 * 1024]);
    assert!(ClientCertificate::of(vec![made.cert.der().clone(), large]).is_none());
}
