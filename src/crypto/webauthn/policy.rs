//! Which authenticators are taken (WebAuthn §7.1, steps 23 and 24).

use std::collections::{BTreeMap, BTreeSet};

use uuid::Uuid;
use webauthn_rs::prelude::{AttestationCaList, AttestationCaListBuilder};

use super::KeyRefused;
use crate::crypto::CryptoError;

/// Which models are taken, and who must vouch for them.
#[derive(Debug, Clone, Default)]
pub struct AttestationPolicy {
    models: BTreeSet<Uuid>,
    authorities: Option<AttestationCaList>,
}

impl AttestationPolicy {
    /// Takes `models` only, where any are named, and only those that one of the certificates in
    /// `authorities` (PEM) vouches for, where there are any. Without authorities a model is what the
    /// authenticator says it is.
    ///
    /// # Errors
    /// Where `authorities` holds no certificate, or one that cannot be read.
    pub fn new(models: BTreeSet<Uuid>, authorities: Option<&str>) -> Result<Self, CryptoError> {
        let Some(text) = authorities else { return Ok(Self { models, authorities: None }) };
        let unreadable = CryptoError::Library("an attestation certificate cannot be read");
        let mut list = AttestationCaList::default();
        for pem in certificates(text) {
            let one = if models.is_empty() {
                AttestationCaList::try_from(pem.as_bytes()).map_err(|_| unreadable)?
            } else {
                limited(&pem, &models).ok_or(unreadable)?
            };
            list.union(&one);
        }
        if list.is_empty() {
            return Err(unreadable);
        }
        Ok(Self { models, authorities: Some(list) })
    }

    pub(super) const fn authorities(&self) -> Option<&AttestationCaList> {
        self.authorities.as_ref()
    }

    /// Whether an authenticator that says it is `model` is taken.
    pub(super) fn check_model(&self, model: Uuid) -> Result<(), KeyRefused> {
        if self.models.is_empty() || self.models.contains(&model) {
            return Ok(());
        }
        Err(KeyRefused::new("this model of authenticator is not on the list"))
    }
}

/// A list of one authority that vouches for `models` only.
fn limited(pem: &str, models: &BTreeSet<Uuid>) -> Option<AttestationCaList> {
    let mut builder = AttestationCaListBuilder::new();
    for model in models {
        let name = model.to_string();
        builder.insert_device_pem(pem.as_bytes(), *model, name, BTreeMap::new()).ok()?;
    }
    Some(builder.build())
}

/// Each certificate in `text`.
fn certificates(text: &str) -> impl Iterator<Item = String> {
    const END: &str = "-----END CERTIFICATE-----";
    let parts = text.split_inclusive(END).filter(|part| part.contains(END));
    parts.filter_map(|part| {
        let start = part.find("-----BEGIN CERTIFICATE-----")?;
        part.get(start..).map(|pem| format!("{pem}\n"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn authority() -> String {
        let mut params = rcgen::CertificateParams::new(Vec::new()).unwrap();
        params.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
        params.self_signed(&rcgen::KeyPair::generate().unwrap()).unwrap().pem()
    }

    #[test]
    fn without_a_list_every_model_is_taken() {
        assert!(AttestationPolicy::default().check_model(Uuid::nil()).is_ok());
        assert!(AttestationPolicy::default().authorities().is_none());
    }

    #[test]
    fn a_list_takes_its_own_models_only() {
        let policy = AttestationPolicy::new([Uuid::from_u128(7)].into(), None).unwrap();
        assert!(policy.check_model(Uuid::from_u128(7)).is_ok());
        assert!(policy.check_model(Uuid::nil()).is_err());
    }

    #[test]
    fn every_certificate_of_a_file_is_an_authority() {
        let file = format!("# ours\n{}\n# theirs\n{}", authority(), authority());
        for models in [BTreeSet::new(), [Uuid::from_u128(7)].into()] {
            let policy = AttestationPolicy::new(models, Some(&file)).unwrap();
            assert_eq!(policy.authorities().unwrap().len(), 2);
        }
    }

    #[test]
    fn a_file_without_a_readable_certificate_is_refused() {
        let broken = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
        for file in ["", "nothing", broken] {
            assert!(AttestationPolicy::new(BTreeSet::new(), Some(file)).is_err(), "{file:?}");
        }
    }
}
