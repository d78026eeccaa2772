//! The certificates in the database, opened: which of them is shown.

use time::OffsetDateTime;

use crate::crypto::acme::Chain;
use crate::crypto::seal::Seal;
use crate::store::acme::{CERTIFICATE_PURPOSE, StoredCertificate, Wanted};

/// A certificate of the database.
#[derive(Debug)]
pub struct Kept {
    /// What it was ordered as.
    pub wanted: Wanted,
    /// As it is stored.
    pub stored: StoredCertificate,
    /// As it can be shown, or why it cannot.
    pub chain: Result<Chain, String>,
}

impl Kept {
    /// What `stored` is under this `seal`.
    pub fn open(wanted: Wanted, stored: StoredCertificate, seal: &Seal) -> Self {
        let key = seal.open(CERTIFICATE_PURPOSE, wanted.row().as_bytes(), &stored.key);
        let chain = match key {
            Ok(key) => Chain::read(&stored.chain, &key).map_err(|error| error.to_string()),
            Err(error) => Err(error.to_string()),
        };
        Self { wanted, stored, chain }
    }

    /// The one to show under `host`: one that lasts before one that is over, the wanted one before those of
    /// other names and authorities, a newer one before an older.
    pub fn best<'a>(
        all: &'a [Self],
        wanted: &Wanted,
        host: &str,
        now: OffsetDateTime,
    ) -> Option<(&'a Self, &'a Chain)> {
        let usable = all.iter().filter_map(|kept| Some((kept, kept.chain.as_ref().ok()?)));
        let fitting = usable.filter(|(_, chain)| chain.covers(host));
        fitting.max_by_key(|(kept, chain)| {
            (now < chain.validity.until, kept.wanted == *wanted, kept.stored.issued_at)
        })
    }
}

#[cfg(test)]
mod tests {
    use rcgen::{CertificateParams, KeyPair};
    use time::Duration;
    use time::macros::datetime;

    use super::*;
    use crate::ambient::SystemEntropy;
    use crate::crypto::seal::MasterKey;

    const NOW: OffsetDateTime = datetime!(2026-06-01 0:00 UTC);

    fn wanted(directory: &str) -> Wanted {
        Wanted { directory: directory.to_owned(), names: vec!["id.example.com".to_owned()] }
    }

    /// One of `directory` for `name` that is over in `days`, and as many days old.
    fn kept(seal: &Seal, directory: &str, name: &str, days: i64) -> Kept {
        let wanted = wanted(directory);
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::new(vec![name.to_owned()]).unwrap();
        (params.not_before, params.not_after) =
            (NOW - Duration::days(90), NOW + Duration::days(days));
        let row = wanted.row();
        let sealed =
            seal.seal(CERTIFICATE_PURPOSE, row.as_bytes(), &key.serialize_der(), &SystemEntropy);
        let stored = StoredCertificate {
            chain: params.self_signed(&key).unwrap().pem(),
            key: sealed.unwrap(),
            issued_at: NOW - Duration::days(days),
        };
        Kept::open(wanted, stored, seal)
    }

    #[test]
    fn the_newest_that_lasts_is_shown_until_the_wanted_one_is_there() {
        let seal = Seal::new(&MasterKey::mint(&SystemEntropy), &[]);
        let best = |all: &[Kept]| {
            let best = Kept::best(all, &wanted("new"), "id.example.com", NOW);
            best.map(|(kept, _)| kept.wanted.directory.clone())
        };
        let (old, older) = ("old".to_owned(), "older".to_owned());
        let mut all = vec![
            kept(&seal, "stranger", "x.example.com", 1),
            kept(&seal, "over", "id.example.com", 0),
        ];
        assert_eq!(best(&all), Some("over".to_owned()));
        all.push(kept(&seal, "older", "id.example.com", 20));
        assert_eq!(best(&all), Some(older));
        all.push(kept(&seal, "old", "id.example.com", 10));
        assert_eq!(best(&all), Some(old));
        all.push(kept(&seal, "new", "id.example.com", 30));
        assert_eq!(best(&all), Some("new".to_owned()));
    }

    #[test]
    fn what_another_master_key_sealed_is_not_shown_and_says_so() {
        let [one, other] = [(); 2].map(|()| Seal::new(&MasterKey::mint(&SystemEntropy), &[]));
        let made = kept(&one, "new", "id.example.com", 10);
        let opened = Kept::open(made.wanted, made.stored, &other);
        assert!(opened.chain.as_ref().unwrap_err().contains("master key"));
        assert!(Kept::best(&[opened], &wanted("new"), "id.example.com", NOW).is_none());
    }
}
