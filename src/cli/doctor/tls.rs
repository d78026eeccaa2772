//! Whether the certificate is one that browsers take for the issuer's host, and for how long.

use std::time::Duration;

use rustls::client::{verify_server_cert_signed_by_trust_anchor, verify_server_name};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::server::ParsedCertificate;
use rustls::{CertificateError, Error, RootCertStore};
use time::OffsetDateTime;

use super::Finding;
use crate::cli::output::instant;
use crate::config;
use crate::web::tls::{Asking, Tls};

/// A certificate that ends sooner is told.
const SOON: time::Duration = time::Duration::days(14);

/// Looks at the files as the server will.
pub(super) fn look(files: &config::Tls, host: &str, now: OffsetDateTime) -> Finding {
    if let Err(error) = Tls::load(&files.cert_file, &files.key_file, Asking::Nothing) {
        let mend = "give a PEM chain, leaf first, and its private key";
        return Finding::fail("tls", error.to_string(), mend);
    }
    let Ok(Some(leaf)) = CertificateDer::pem_file_iter(&files.cert_file).map(|mut all| all.next())
    else {
        return Finding::fail("tls", "the chain is empty", "give a PEM chain, leaf first");
    };
    let renew = "renew the certificate; a running server takes up the new files by itself";
    let parsed = leaf
        .as_ref()
        .map_err(|_| ())
        .and_then(|leaf| ParsedCertificate::try_from(leaf).map_err(drop));
    let Ok(parsed) = parsed else {
        return Finding::fail("tls", "the certificate does not parse", renew);
    };
    if !names(&parsed, host) {
        let mend = "get a certificate for that name, or correct the issuer";
        return Finding::fail("tls", format!("the certificate is not for {host}"), mend);
    }
    match (validity(&parsed, now), ends(&parsed)) {
        (Validity::Expired, _) => Finding::fail("tls", "the certificate is expired", renew),
        (Validity::NotYet, _) => {
            Finding::fail("tls", "the certificate is not valid yet", "look at this host's clock")
        }
        (Validity::Good, Some(end)) if end - now < SOON => {
            Finding::note("tls", format!("the certificate ends {}", instant(end)), renew)
        }
        (Validity::Good, Some(end)) => {
            Finding::ok("tls", format!("the certificate is for {host}, until {}", instant(end)))
        }
        (Validity::Good, None) => Finding::ok("tls", format!("the certificate is for {host}")),
    }
}

/// Whether the certificate in `files` is for `host`; one that cannot be read is told by [`look`].
pub(super) fn is_for(files: &config::Tls, host: &str) -> bool {
    let Ok(mut all) = CertificateDer::pem_file_iter(&files.cert_file) else { return true };
    let Some(Ok(leaf)) = all.next() else { return true };
    ParsedCertificate::try_from(&leaf).map_or(true, |parsed| names(&parsed, host))
}

fn names(parsed: &ParsedCertificate<'_>, host: &str) -> bool {
    let named = ServerName::try_from(host.trim_matches(['[', ']']));
    named.is_ok_and(|name| verify_server_name(parsed, &name).is_ok())
}

enum Validity {
    Expired,
    NotYet,
    Good,
}

fn validity(parsed: &ParsedCertificate<'_>, now: OffsetDateTime) -> Validity {
    match verdict(parsed, u64::try_from(now.unix_timestamp()).unwrap_or(0)) {
        Some(CertificateError::Expired | CertificateError::ExpiredContext { .. }) => {
            Validity::Expired
        }
        Some(CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. }) => {
            Validity::NotYet
        }
        _ => Validity::Good,
    }
}

/// The end of its life: what the verifier says about it in the far future.
fn ends(parsed: &ParsedCertificate<'_>) -> Option<OffsetDateTime> {
    const FAR: u64 = 250_000_000_000;
    match verdict(parsed, FAR) {
        Some(CertificateError::ExpiredContext { not_after, .. }) => {
            let seconds = i64::try_from(not_after.as_secs()).ok()?;
            OffsetDateTime::from_unix_timestamp(seconds).ok()
        }
        _ => None,
    }
}

/// What is wrong with it at that time. Its dates are looked at before its issuer, of whom nothing
/// is known here: that one is never known is no verdict.
fn verdict(parsed: &ParsedCertificate<'_>, seconds: u64) -> Option<CertificateError> {
    let algorithms =
        rustls::crypto::aws_lc_rs::default_provider().signature_verification_algorithms;
    let at = UnixTime::since_unix_epoch(Duration::from_secs(seconds));
    let nobody = RootCertStore::empty();
    match verify_server_cert_signed_by_trust_anchor(parsed, &nobody, &[], at, algorithms.all) {
        Err(Error::InvalidCertificate(error)) => Some(error),
        Err(_) | Ok(()) => None,
    }
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use time::macros::datetime;

    use super::*;
    use crate::cli::doctor::State;

    /// A certificate for `id.example.com` that ends with the year 2029.
    fn files(name: &str) -> (config::Tls, PathBuf) {
        let dir =
            std::env::temp_dir().join(format!("portcullis-doctor-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&dir).unwrap();
        let mut params = rcgen::CertificateParams::new(vec!["id.example.com".to_owned()]).unwrap();
        params.not_before = rcgen::date_time_ymd(2026, 1, 1);
        params.not_after = rcgen::date_time_ymd(2029, 12, 31);
        let key = rcgen::KeyPair::generate().unwrap();
        let files = config::Tls { cert_file: dir.join("cert.pem"), key_file: dir.join("key.pem") };
        std::fs::write(&files.cert_file, params.self_signed(&key).unwrap().pem()).unwrap();
        std::fs::write(&files.key_file, key.serialize_pem()).unwrap();
        (files, dir)
    }

    #[test]
    fn a_certificate_is_good_for_its_name_and_its_time() {
        let (files, dir) = files("good");
        let state = |host: &str, now| look(&files, host, now).state;
        let now = datetime!(2027-01-01 0:00 UTC);
        assert_eq!(state("id.example.com", now), State::Ok);
        assert!(look(&files, "id.example.com", now).found.contains("until 2029-12-31"));
        assert_eq!(state("other.example.com", now), State::Fail);
        assert!(is_for(&files, "id.example.com") && !is_for(&files, "other.example.com"));
        assert_eq!(state("id.example.com", datetime!(2029-12-25 0:00 UTC)), State::Note);
        assert_eq!(state("id.example.com", datetime!(2030-01-02 0:00 UTC)), State::Fail);
        assert_eq!(state("id.example.com", datetime!(2025-01-01 0:00 UTC)), State::Fail);
        std::fs::remove_dir_all(dir).unwrap();
    }
}
