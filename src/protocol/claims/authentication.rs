//! `acr` and `amr`: what is told about how a person proved themselves (OIDC Core §2, RFC 8176).

use crate::identity::factor::FactorKind;
use crate::identity::session::Authentication;
use crate::protocol::claims::ClaimsRequest;

/// An authentication context class, weakest first. The two strongest are those of the OpenID
/// Extended Authentication Profile (EAP ACR Values §2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Acr {
    /// One factor.
    Password,
    /// Two factors.
    Mfa,
    /// Two factors, one of which resists phishing.
    Phr,
    /// The same, with a key that its hardware protects.
    Phrh,
}

impl Acr {
    /// Every class; a server announces those that its settings let anybody reach.
    pub const ALL: [Self; 4] = [Self::Password, Self::Mfa, Self::Phr, Self::Phrh];

    /// The value of `acr`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Password => "urn:portcullis:acr:password",
            Self::Mfa => "urn:portcullis:acr:mfa",
            Self::Phr => "phr",
            Self::Phrh => "phrh",
        }
    }

    /// The class called `text`.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|acr| acr.as_str() == text)
    }

    /// The strongest class that `authentication` reaches.
    pub fn of(authentication: &Authentication) -> Self {
        if !authentication.is_mfa() {
            return Self::Password;
        }
        let given = authentication.factors.iter().map(|proof| Self::with(proof.kind));
        given.max().unwrap_or(Self::Password)
    }

    /// The class that a sign-in with a factor of this kind, and a password where it needs one,
    /// reaches.
    pub const fn with(kind: FactorKind) -> Self {
        match kind {
            FactorKind::Password => Self::Password,
            FactorKind::EmailCode | FactorKind::Totp | FactorKind::RecoveryCode => Self::Mfa,
            FactorKind::SecurityKey | FactorKind::Passkey => Self::Phr,
            FactorKind::HardwareKey => Self::Phrh,
        }
    }

    /// The class to tell a client that asked for some by `claims`: the strongest reached one among
    /// those, so that a client that must see a weaker value sees it (OIDC Core §5.5.1.1).
    pub fn told(authentication: &Authentication, claims: &ClaimsRequest) -> Self {
        let reached = Self::of(authentication);
        let asked = claims.acr().map(|request| request.values()).unwrap_or_default();
        let strongest_asked =
            Self::ALL.into_iter().rfind(|acr| *acr <= reached && asked.contains(&acr.as_str()));
        strongest_asked.unwrap_or(reached)
    }
}

/// The methods used (RFC 8176 §2): `pwd`; `otp` (mailed and recovery codes are one-time passwords
/// too); `hwk` for keys in hardware and `pop` for passkeys, of which we know no more than that the
/// key was there; `user` for the touch that each of them asks for. How a key verified its user it
/// does not say, so neither do we (`pin`, `fpt`): `mfa` says that there was more than one factor.
pub fn amr(authentication: &Authentication) -> Vec<&'static str> {
    let mut methods = Vec::new();
    for proof in &authentication.factors {
        let used: &[_] = match proof.kind {
            FactorKind::Password => &["pwd"],
            FactorKind::EmailCode | FactorKind::Totp | FactorKind::RecoveryCode => &["otp"],
            FactorKind::SecurityKey | FactorKind::HardwareKey => &["hwk", "user"],
            FactorKind::Passkey => &["pop", "user"],
        };
        for method in used {
            if !methods.contains(method) {
                methods.push(*method);
            }
        }
    }
    if authentication.is_mfa() {
        methods.push("mfa");
    }
    methods
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::sample;

    fn gave(kinds: &[FactorKind]) -> Authentication {
        sample::session(kinds, sample::now()).authentication
    }

    #[test]
    fn acr_and_amr_tell_what_was_given() {
        use FactorKind::{
            EmailCode, HardwareKey, Passkey, Password, RecoveryCode, SecurityKey, Totp,
        };
        for (kinds, acr, methods) in [
            (&[Password][..], Acr::Password, &["pwd"][..]),
            (&[Password, Totp], Acr::Mfa, &["pwd", "otp", "mfa"]),
            (&[Password, RecoveryCode], Acr::Mfa, &["pwd", "otp", "mfa"]),
            (&[Password, Totp, RecoveryCode], Acr::Mfa, &["pwd", "otp", "mfa"]),
            (&[Password, Password], Acr::Password, &["pwd"]),
            (&[Password, EmailCode], Acr::Mfa, &["pwd", "otp", "mfa"]),
            (&[Totp, RecoveryCode], Acr::Password, &["otp"]),
            (&[SecurityKey], Acr::Password, &["hwk", "user"]),
            (&[Totp, SecurityKey], Acr::Password, &["otp", "hwk", "user"]),
            (&[Password, SecurityKey], Acr::Phr, &["pwd", "hwk", "user", "mfa"]),
            (&[Passkey], Acr::Phr, &["pop", "user", "mfa"]),
            (&[Password, Totp, Passkey], Acr::Phr, &["pwd", "otp", "pop", "user", "mfa"]),
            (&[HardwareKey], Acr::Phrh, &["hwk", "user", "mfa"]),
            (&[Passkey, HardwareKey], Acr::Phrh, &["pop", "user", "hwk", "mfa"]),
        ] {
            assert_eq!((Acr::of(&gave(kinds)), amr(&gave(kinds))), (acr, methods.to_vec()));
        }
    }

    #[test]
    fn a_client_that_must_see_the_weaker_class_sees_it() {
        let claims = ClaimsRequest::parse(
            r#"{"id_token":{"acr":{"essential":true,"value":"urn:portcullis:acr:password"}}}"#,
        )
        .expect("well-formed");
        let both = gave(&[FactorKind::Password, FactorKind::Totp]);
        assert_eq!(Acr::told(&both, &claims), Acr::Password);
        assert_eq!(Acr::told(&both, &ClaimsRequest::default()), Acr::Mfa);
    }

    #[test]
    fn no_class_is_told_that_was_not_reached() {
        let claims =
            ClaimsRequest::parse(r#"{"id_token":{"acr":{"value":"urn:portcullis:acr:mfa"}}}"#)
                .expect("well-formed");
        assert_eq!(Acr::told(&gave(&[FactorKind::Password]), &claims), Acr::Password);
    }

    #[test]
    fn every_class_finds_itself() {
        assert!(Acr::ALL.into_iter().all(|acr| Acr::parse(acr.as_str()) == Some(acr)));
        assert_eq!(Acr::parse("1"), None);
    }
}
