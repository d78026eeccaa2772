//! The certificate authorities that vouch for clients, from a PEM file that may be renewed while we run.

use std::path::{Path, PathBuf};
use std::sync::{PoisonError, RwLock};
use std::time::SystemTime;

use crate::crypto::certificate::Authorities;
use crate::web::tls::{Refreshed, TlsError, modified, read};

/// The authorities in force; they follow their file.
#[derive(Debug, Default)]
pub struct TrustedAuthorities {
    file: Option<PathBuf>,
    current: RwLock<(Authorities, Option<SystemTime>)>,
}

impl TrustedAuthorities {
    /// Those in `file`; none, where there is no file.
    ///
    /// # Errors
    /// Where it cannot be read, or holds none that can be used.
    pub fn load(file: Option<&Path>) -> Result<Self, TlsError> {
        let Some(file) = file else { return Ok(Self::default()) };
        // The time is read first: a change in between is then seen at the next look.
        let at = modified(file);
        let current = RwLock::new((parse(file)?, at));
        Ok(Self { file: Some(file.to_owned()), current })
    }

    /// Those in force.
    pub fn current(&self) -> Authorities {
        self.current.read().unwrap_or_else(PoisonError::into_inner).0.clone()
    }

    /// Takes up a renewed file, if there is one. What does not load is reported, and the authorities
    /// from before stay in force.
    ///
    /// # Errors
    /// Where it cannot be read, or holds none that can be used.
    pub fn refresh(&self) -> Result<Refreshed, TlsError> {
        let Some(file) = &self.file else { return Ok(Refreshed::Unchanged) };
        // The time is read first: a change in between is then seen at the next look.
        let at = modified(file);
        if self.current.read().unwrap_or_else(PoisonError::into_inner).1 == at {
            return Ok(Refreshed::Unchanged);
        }
        let renewed = parse(file)?;
        *self.current.write().unwrap_or_else(PoisonError::into_inner) = (renewed, at);
        Ok(Refreshed::Renewed)
    }
}

fn parse(file: &Path) -> Result<Authorities, TlsError> {
    let wrong = |cause| TlsError::Authorities { path: file.display().to_string(), cause };
    Authorities::from_pem(&read(file)?).map_err(wrong)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn authority() -> String {
        let key = rcgen::KeyPair::generate().unwrap();
        let mut params = rcgen::CertificateParams::new(Vec::new()).unwrap();
        params.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
        params.self_signed(&key).unwrap().pem()
    }

    #[test]
    fn a_renewed_file_is_taken_up_and_a_broken_one_is_not() {
        let name = format!("portcullis-authorities-{}.pem", std::process::id());
        let file = std::env::temp_dir().join(name);
        fs::write(&file, authority()).unwrap();
        let trusted = TrustedAuthorities::load(Some(&file)).unwrap();
        assert_eq!(trusted.refresh().unwrap(), Refreshed::Unchanged);
        std::thread::sleep(std::time::Duration::from_millis(20));
        fs::write(&file, [authority(), authority()].concat()).unwrap();
        assert_eq!(trusted.refresh().unwrap(), Refreshed::Renewed);
        for broken in ["", "nonsense"] {
            std::thread::sleep(std::time::Duration::from_millis(20));
            fs::write(&file, broken).unwrap();
            assert!(matches!(trusted.refresh(), Err(TlsError::Authorities { .. })));
            assert!(!trusted.current().is_empty());
        }
        fs::remove_file(&file).unwrap();
        assert!(matches!(TrustedAuthorities::load(Some(&file)), Err(TlsError::Read { .. })));
    }

    #[test]
    fn without_a_file_there_is_none() {
        let none = TrustedAuthorities::load(None).unwrap();
        assert!(none.current().is_empty());
        assert_eq!(none.refresh().unwrap(), Refreshed::Unchanged);
    }
}
